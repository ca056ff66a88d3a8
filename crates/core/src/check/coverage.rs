//! Coverage: a round that ends has visited every group that was in use below its root from its first visit to its end.
//!
//! What a round is, and which groups lived through it, is said by [`crate::rounds`], as in comparisons of lanes.

use super::Property;
use crate::search::Note;

/// The property, if a step breaks it.
pub(super) const fn broken_by(note: Note) -> Option<Property> {
    if note.skipped { Some(Property::Coverage) } else { None }
}

/// What has happened, in words.
pub(super) fn words(thread: &str) -> alloc::string::String {
    alloc::format!("with {thread}'s call a round is over that has passed over a group in use")
}
