//! Restarts: a walk goes back to its root before its round is over, more often in all than it may.
//!
//! Counted as lanes count them, see [`crate::tally`].

use super::Property;
use crate::search::Note;

/// The property, if a step breaks it.
pub(super) const fn broken_by(note: Note) -> Option<Property> {
    if note.restarted { Some(Property::Restarts) } else { None }
}

/// What has happened, in words.
pub(super) fn words(thread: &str, n_max: u32) -> alloc::string::String {
    match n_max {
        0 => alloc::format!("{thread}'s walk is back at its root, though its round is not over"),
        n => alloc::format!(
            "{thread}'s walk is back at its root, though its round is not over: restart {}",
            n.saturating_add(1)
        ),
    }
}
