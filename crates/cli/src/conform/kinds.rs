//! Watches a search for kinds of faults, and for leaks, and notes where each was come to first.

use super::variant;
use memcg_core::check::leaked;
use memcg_core::machine::{FaultInfo, Machine, ThreadId};
use memcg_core::picture::Returned;
use memcg_core::search::{Choice, Mark, StateId, Watch};
use std::collections::{BTreeMap, BTreeSet};

/// The name of a leak among those of faults.
pub(super) const LEAK: &str = "leak";

/// The step before which, or the state at rest in which, a kind was come to.
#[derive(Copy, Clone, Debug)]
pub(super) struct Place {
    pub(super) from: StateId,
    pub(super) choice: Option<Choice>,
}

/// The kinds that a search has come to.
#[derive(Debug)]
pub(super) struct Kinds {
    names: Machine,
    pub(super) recorded: BTreeSet<String>,
    /// In this search.
    pub(super) found: BTreeMap<String, Place>,
    /// In an earlier one.
    pub(super) known: BTreeSet<String>,
    /// Whether the search is over once all that was recorded is found.
    pub(super) only_recorded: bool,
}

impl Kinds {
    pub(super) fn new(names: Machine, recorded: BTreeSet<String>) -> Self {
        let (found, known) = (BTreeMap::new(), BTreeSet::new());
        Self { names, recorded, found, known, only_recorded: false }
    }

    /// Recorded kinds that have not been come to.
    pub(super) fn missing(&self) -> impl Iterator<Item = &String> {
        let is_there =
            |kind: &&String| self.known.contains(*kind) || self.found.contains_key(*kind);
        self.recorded.iter().filter(move |kind| !is_there(kind))
    }

    fn note(&mut self, kind: String, place: Place) {
        if !self.known.contains(&kind) {
            self.found.entry(kind).or_insert(place);
        }
    }
}

impl Watch for Kinds {
    fn returned(&mut self, mark: Mark, _: ThreadId, _: Returned) -> Option<Mark> {
        Some(mark)
    }

    fn is_wanted(&mut self, _: Mark) -> bool {
        true
    }

    fn fault(&mut self, from: StateId, choice: Choice, fault: &FaultInfo) {
        let name = variant::recorded_name(self.names.fault_name(fault));
        self.note(name, Place { from, choice: Some(choice) });
    }

    fn rest(&mut self, from: StateId, _: Mark, machine: &Machine) {
        if !leaked(machine).is_empty() {
            self.note(LEAK.into(), Place { from, choice: None });
        }
    }

    fn is_over(&self) -> bool {
        self.only_recorded && self.missing().next().is_none()
    }
}
