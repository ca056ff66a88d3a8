//! Traces of running kernels: ftrace text read piece by piece, made into scenarios, and replayed under a policy.
//!
//! Knows the kernel's trace format and nothing of files, browsers or clocks: text comes in as bytes, in pieces of any
//! size, and what cannot be used comes back as a [`Trouble`] beside everything that could. Names no policy.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod draft;
mod events;
mod finish;
mod import;
mod line;
mod lines;
mod pointers;
mod probe;
mod reader;
pub mod replay;
mod trace;
mod trouble;

pub use import::{Imported, Limits, scenario};
pub use line::looks_like_a_trace;
pub use reader::{Reader, read};
pub use trace::{Call, Caller, Event, Facts, Group, Level, Pointer, Site, Trace, What};
pub use trouble::{Kind, N_KEPT_PER_KIND_MAX, Trouble, Troubles};
