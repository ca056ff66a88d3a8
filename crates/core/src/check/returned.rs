//! What a call may return: memory that is there (safety), a group that is online, one at or below the root.

use super::Property;
use crate::search::Wrong;
use crate::world::World;
use alloc::{format, string::String};

/// The property that a return breaks.
pub(super) const fn broken_by(what: Wrong) -> Property {
    match what {
        Wrong::Freed(_) => Property::Safety,
        Wrong::NotOnline(_) | Wrong::Outside(_) => Property::Returned,
    }
}

/// What was returned, in words.
pub(super) fn words(world: &World, thread: &str, what: Wrong) -> String {
    match what {
        Wrong::Freed(group) => {
            format!("{thread}'s call returns {}, which is freed", world.path(group))
        }
        Wrong::NotOnline(group) => {
            let path = world.path(group);
            format!("{thread}'s call returns {path}, whose online hook has not run yet")
        }
        Wrong::Outside(group) => {
            let path = world.path(group);
            format!("{thread}'s call returns {path}, which is not below the root of its walk")
        }
    }
}
