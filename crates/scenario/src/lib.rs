//! Scenario text, links, importers of real cgroup trees, and the gallery.
//!
//! Knows how people write worlds and schedules down, and how they share them. Runs nothing, knows
//! no listing and no policy by name, and never panics: whatever is wrong with a text comes back
//! as a [`Diagnostic`] beside everything that could be read.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod check;
mod conditions;
mod diagnostic;
mod edit;
mod gallery;
pub mod import;
pub mod link;
mod parse;
mod print;
mod resolve;
mod scenario;
mod tree;
mod word;

pub use check::{check_missing, check_names};
pub use conditions::{
    Conditions, condition_text, read_condition, read_subject, read_watch, subject_text, watch_text,
};
pub use diagnostic::{Diagnostic, N_DIAGNOSTICS_MAX, Place, Severity};

pub use edit::Edit;
pub use gallery::{GalleryItem, gallery, gallery_item, opening};
pub use parse::{N_LANES_MAX, N_MOVES_MAX, Parsed, TEXT_BYTES_MAX, parse};
pub use print::{print, print_compact};
pub use scenario::{
    Comparison, ConditionText, Expectation, Measure, OpText, RoleText, Scenario, ThreadText, Verb,
    WatchText,
};
pub use tree::PATH_BYTES_MAX;
