//! What one state says of a property by itself: the rest is a matter of all runs, which a check looks at.

use super::{Property, leak, returned, safety};
use crate::machine::{Machine, ThreadId};
use crate::search::Space;

/// What one state says of a property.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Now {
    /// It is not broken here.
    Holds,
    /// It is broken here.
    Broken,
    /// This state alone cannot say: a leak is one at rest, and that a walk ends is seen at its end.
    Open,
}

/// What this state says of a property. `returned` is the thread whose call the last move brought to its end, `is_at_rest`
/// that nothing can run any more.
pub fn now(
    property: Property,
    machine: &Machine,
    returned: Option<ThreadId>,
    is_at_rest: bool,
) -> Now {
    let wrong = returned.and_then(|thread| Space::wrong_now(machine, thread));
    let has_fault = machine.fault().is_some();
    let broken = [machine.fault().map(safety::broken_by), wrong.map(returned::broken_by)];
    if broken.contains(&Some(property)) {
        return Now::Broken;
    }
    match property {
        Property::Safety | Property::Returned => Now::Holds,
        Property::Leak if !is_at_rest || has_fault => Now::Open,
        Property::Leak if leak::leaked(machine).is_empty() => Now::Holds,
        Property::Leak => Now::Broken,
        _ => Now::Open,
    }
}
