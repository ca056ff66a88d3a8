//! What is said about a pasted text, each with its place.

use alloc::{string::String, vec::Vec};
use memcg_scenario::{Diagnostic, N_DIAGNOSTICS_MAX, Place, Severity};

/// The problems of a text, as many as are kept.
#[derive(Debug, Default)]
pub(super) struct Notes {
    list: Vec<Diagnostic>,
    n_more: usize,
}

impl Notes {
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// As many problems as are kept, or more: nothing of the text seems to fit.
    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= N_DIAGNOSTICS_MAX
    }

    /// The part of the text at the place is not used.
    pub(super) fn error(&mut self, at: Option<Place>, message: impl FnOnce() -> String) {
        self.note(Severity::Error, at, message);
    }

    /// It is used, but differs.
    pub(super) fn warning(&mut self, at: Option<Place>, message: impl FnOnce() -> String) {
        self.note(Severity::Warning, at, message);
    }

    fn note(&mut self, severity: Severity, at: Option<Place>, message: impl FnOnce() -> String) {
        if self.is_full() {
            self.n_more += 1;
        } else {
            self.list.push(Diagnostic { severity, at, message: message(), suggestion: None });
        }
    }

    /// What to write instead, for the problem noted last.
    pub(super) fn suggest(&mut self, suggestion: Option<String>) {
        if let Some(last) = self.list.last_mut() {
            last.suggestion = suggestion;
        }
    }

    /// The problems, and how many more there were.
    pub(super) fn done(self) -> (Vec<Diagnostic>, usize) {
        (self.list, self.n_more)
    }
}
