//! The model: cgroup trees, listings of iterator policies and cgroup cores, the machine that
//! runs them step by step, and schedules.
//!
//! Knows nothing of text on a page, browsers, files or clocks; the same input gives the same
//! bytes natively and in WebAssembly.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

pub mod check;
pub mod compare;
pub mod condition;
pub mod hierarchy;
pub mod lane;
pub mod listing;
pub mod lower;
pub mod machine;
pub mod order;
pub mod parting;
pub mod picture;
pub mod player;
pub mod program;
pub mod registry;
pub mod replay;
mod rounds;
pub mod run;
pub mod schedule;
pub mod search;
pub mod tally;
pub mod trace;
pub mod words;
pub mod workload;
pub mod world;
