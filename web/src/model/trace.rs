//! A kernel's trace that the worker holds.

use crate::sheet::Place;

/// What the page knows of it.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct TraceView {
    /// Name of the file; empty without any.
    pub name: String,
    /// It is being read or replayed, so many percent.
    pub busy: Option<u32>,
    /// Where to go.
    pub place: Place,
    /// Number of the question under way; 0 without any.
    pub asked: u32,
    /// The place has changed since it was asked.
    pub again: bool,
    /// Calls that can be gone to.
    pub n_calls: usize,
    /// Calls up to the first that the policy does not explain; 0 if it explains all.
    pub first: usize,
    /// The sheet.
    pub html: String,
    /// Why it came to nothing.
    pub failed: bool,
}
