//! What a person watches in every lane: a value, or a condition with the values in it.

use super::{Condition, Rename, Subject};
use crate::hierarchy::GroupId;
use crate::machine::ThreadId;
use core::fmt;

/// Most lines that are watched.
pub const N_WATCHES_MAX: usize = 16;

/// A line that is watched.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum Watch<G = GroupId, T = ThreadId> {
    /// What this is.
    Value(Subject<G, T>),
    /// Whether this holds now. Its mode means nothing: it is looked at in the state that is shown.
    Holds(Condition<G, T>),
}

impl<G, T> Watch<G, T> {
    /// The same with other names; `None` if one has no other.
    pub fn renamed<H, U>(&self, by: &mut dyn Rename<G, T, H, U>) -> Option<Watch<H, U>> {
        Some(match self {
            Self::Value(subject) => Watch::Value(subject.renamed(by)?),
            Self::Holds(condition) => Watch::Holds(condition.renamed(by)?),
        })
    }
}

impl<G: fmt::Display, T: fmt::Display> fmt::Display for Watch<G, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(subject) => subject.fmt(f),
            Self::Holds(condition) => condition.write_any(f),
        }
    }
}
