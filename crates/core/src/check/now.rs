//! What one state says of a property by itself: the rest is a matter of all runs, which a check looks at.

use super::breaches::is_leak;
use super::{Property, returned, safety};
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
    if property == Property::Leak && is_at_rest && !has_fault {
        return if is_leak(machine) { Now::Broken } else { Now::Holds };
    }
    let is_of_states = [Property::Safety, Property::Returned].contains(&property);
    if is_of_states { Now::Holds } else { Now::Open }
}
