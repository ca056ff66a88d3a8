//! What the search is watched for: the first breach of a property, which is a nearest one, and the first states in
//! which what should hold sometimes does.

use super::{Properties, Property, coverage, double_visits, leak, restarts, returned, safety};
use crate::condition::{Condition, Mode};
use crate::machine::{FaultInfo, Machine, ThreadId};
use crate::picture::Returned;
use crate::search::{Choice, Did, Edge, Mark, Note, StateId, Watch, Wrong};
use alloc::{vec, vec::Vec};

/// Where a property is broken.
#[derive(Copy, Clone, Debug)]
pub(super) struct Breach {
    pub(super) property: Property,
    /// The condition, if it is one: its place.
    pub(super) condition: Option<usize>,
    /// The state before the last step, or the one in which nothing can run any more.
    pub(super) from: StateId,
    pub(super) choice: Option<Choice>,
    /// The fault, where it is one.
    pub(super) fault: Option<FaultInfo>,
}

impl Breach {
    /// Whether it breaks in the first state.
    pub(super) fn is_at_start(&self) -> bool {
        let is_always = self.property == Property::Condition && self.fault.is_none();
        is_always && self.from == 0 && self.choice.is_none()
    }

    /// Whether this step breaks the same.
    pub(super) fn is_again(&self, edge: &Edge) -> bool {
        match (self.property, self.condition) {
            (Property::Condition, Some(at)) => edge.note.holds >> at & 1 == 0,
            (property, _) => {
                broken_by(edge.did) == Some(property) || noted(edge.note).any(|p| p == property)
            }
        }
    }

    /// Whether a state in which nothing can run breaks the same.
    pub(super) fn is_again_at_rest(&self, machine: &Machine, note: Note) -> bool {
        match self.condition {
            Some(at) => note.met >> at & 1 == 0,
            None => is_leak(machine),
        }
    }
}

/// Where a condition holds that should sometimes: the state before the step.
pub(super) type Seen = (StateId, Option<Choice>);

/// Notes the first breach.
#[derive(Clone, Debug)]
pub(super) struct Breaches {
    pub(super) properties: Properties,
    pub(super) first: Option<Breach>,
    /// Conditions by mode, a bit each.
    always: u16,
    sometimes: u16,
    eventually: u16,
    /// Where each condition was seen to hold that should sometimes.
    pub(super) seen: Vec<Option<Seen>>,
    /// The one that was seen just now, if the search is to stop for each.
    pub(super) just_seen: Option<usize>,
    stops_for_seen: bool,
}

impl Breaches {
    pub(super) fn new(properties: Properties, conditions: &[Condition]) -> Self {
        let bits = |mode: Mode| {
            let is_so = |at: &usize| conditions[*at].mode == mode;
            (0..conditions.len()).filter(is_so).fold(0, |all, at| all | 1 << at)
        };
        Self {
            properties,
            first: None,
            always: bits(Mode::Always),
            sometimes: bits(Mode::Sometimes),
            eventually: bits(Mode::Eventually),
            seen: vec![None; conditions.len()],
            just_seen: None,
            stops_for_seen: false,
        }
    }

    /// The search is over whenever a condition is seen to hold for the first time; it can be gone on with.
    pub(super) fn stopping_for_seen(mut self) -> Self {
        self.stops_for_seen = true;
        self
    }

    /// The first condition that should hold sometimes and was not seen to.
    pub(super) fn unseen(&self) -> Option<usize> {
        (0..self.seen.len()).find(|at| self.sometimes >> at & 1 != 0 && self.seen[*at].is_none())
    }

    /// The conditions that are to hold eventually.
    pub(super) fn eventually(&self) -> impl Iterator<Item = usize> + use<> {
        let bits = self.eventually;
        (0..16).filter(move |at| bits >> at & 1 != 0)
    }

    /// Whether nothing is asked but what should hold sometimes, and all of it has.
    fn has_seen_all(&self) -> bool {
        let is_alone = self.properties == Properties::only(Property::Condition);
        is_alone && self.always | self.eventually == 0 && self.unseen().is_none()
    }

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

/// The properties of rounds that a step breaks.
fn noted(note: Note) -> impl Iterator<Item = Property> + use<> {
    [coverage::broken_by(note), double_visits::broken_by(note), restarts::broken_by(note)]
        .into_iter()
        .flatten()
}

/// Whether something has leaked in a state in which nothing can run.
fn is_leak(machine: &Machine) -> bool {
    !leak::leaked(machine).is_empty()
}

/// The lowest bit that is set.
fn first(bits: u16) -> Option<usize> {
    (bits != 0).then(|| bits.trailing_zeros() as usize)
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
        let (choice, fault) = (Some(choice), Some(*fault));
        self.note(Breach { property, condition: None, from, choice, fault });
    }

    fn wrong(&mut self, from: StateId, choice: Choice, what: Wrong) {
        let property = returned::broken_by(what);
        self.note(Breach { property, condition: None, from, choice: Some(choice), fault: None });
    }

    fn noted(&mut self, from: StateId, choice: Option<Choice>, note: Note) {
        for property in noted(note) {
            self.note(Breach { property, condition: None, from, choice, fault: None });
        }
        let property = Property::Condition;
        if let condition @ Some(_) = first(self.always & !note.holds) {
            self.note(Breach { property, condition, from, choice, fault: None });
        }
        let mut held = self.sometimes & note.holds;
        while let Some(at) = first(held) {
            held &= held - 1;
            if self.seen[at].is_none() {
                self.seen[at] = Some((from, choice));
                self.just_seen = Some(at);
            }
        }
    }

    fn rests(&mut self, at: StateId, note: Note) {
        if let condition @ Some(_) = first(self.eventually & !note.met) {
            let property = Property::Condition;
            self.note(Breach { property, condition, from: at, choice: None, fault: None });
        }
    }

    fn looks_for_loops(&self) -> bool {
        self.properties.has(Property::CallReturns)
    }

    fn follows_alone(&self) -> bool {
        self.properties.has(Property::CallReturns)
    }

    fn rest(&mut self, at: StateId, _: Mark, machine: &Machine) {
        if self.properties.has(Property::Leak) && is_leak(machine) {
            let property = Property::Leak;
            self.note(Breach { property, condition: None, from: at, choice: None, fault: None });
        }
    }

    fn is_over(&self) -> bool {
        let stops = self.stops_for_seen && self.just_seen.is_some();
        self.first.is_some() || stops || self.has_seen_all()
    }
}
