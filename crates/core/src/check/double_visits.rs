//! Double visits: no group is returned twice within one round, by one walker or by two.
//!
//! What a round is, is said by [`crate::rounds`], as in comparisons of lanes.

use super::Property;
use crate::search::Note;

/// The property, if a step breaks it.
pub(super) const fn broken_by(note: Note) -> Option<Property> {
    if note.doubled { Some(Property::DoubleVisits) } else { None }
}

/// What has happened, in words.
pub(super) fn words(thread: &str, group: &str) -> alloc::string::String {
    alloc::format!("{thread}'s call returns {group}, which the round has visited before")
}
