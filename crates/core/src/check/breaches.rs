//! What the search is watched for: the first breach of a property, which is a nearest one.

use super::{Properties, Property, leak, returned, safety};
use crate::machine::{FaultInfo, Machine, ThreadId};
use crate::picture::Returned;
use crate::search::{Choice, Did, Mark, StateId, Watch, Wrong};

/// Where a property is broken.
#[derive(Copy, Clone, Debug)]
pub(super) struct Breach {
    pub(super) property: Property,
    /// The state before the last step, or the one in which nothing can run any more.
    pub(super) from: StateId,
    pub(super) choice: Option<Choice>,
    /// The fault, where it is one.
    pub(super) fault: Option<FaultInfo>,
}

/// Notes the first breach.
#[derive(Clone, Debug)]
pub(super) struct Breaches {
    pub(super) properties: Properties,
    pub(super) first: Option<Breach>,
}

impl Breaches {
    fn note(&mut self, breach: Breach) {
        if self.properties.has(breach.property) {
            self.first.get_or_insert(breach);
        }
    }
}

/// The property that a step breaks.
pub(super) fn broken_by(did: Did) -> Option<Property> {
    match did {
        Did::Fault(fault) => Some(safety::broken_by(&fault)),
        Did::Returned(wrong) => wrong.map(returned::broken_by),
        Did::Stepped => None,
    }
}

/// Whether something has leaked in a state in which nothing can run.
pub(super) fn is_leak(machine: &Machine) -> bool {
    !leak::leaked(machine).is_empty()
}

impl Watch for Breaches {
    fn returned(&mut self, mark: Mark, _: ThreadId, _: Returned) -> Option<Mark> {
        Some(mark)
    }

    fn is_wanted(&mut self, _: Mark) -> bool {
        true
    }

    fn fault(&mut self, from: StateId, choice: Choice, fault: &FaultInfo) {
        let property = safety::broken_by(fault);
        self.note(Breach { property, from, choice: Some(choice), fault: Some(*fault) });
    }

    fn wrong(&mut self, from: StateId, choice: Choice, what: Wrong) {
        let property = returned::broken_by(what);
        self.note(Breach { property, from, choice: Some(choice), fault: None });
    }

    fn looks_for_loops(&self) -> bool {
        self.properties.has(Property::CallReturns)
    }

    fn follows_alone(&self) -> bool {
        self.properties.has(Property::CallReturns)
    }

    fn rest(&mut self, at: StateId, _: Mark, machine: &Machine) {
        if self.properties.has(Property::Leak) && is_leak(machine) {
            self.note(Breach { property: Property::Leak, from: at, choice: None, fault: None });
        }
    }

    fn is_over(&self) -> bool {
        self.first.is_some()
    }
}
