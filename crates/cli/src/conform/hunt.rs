//! A hunt for outcomes: which are still wanted, and which paths of a search can still lead to one.
//!
//! The mark of a state is what its calls have returned so far, thread by thread. A state is dead once no wanted
//! outcome begins like that.

use super::variant;
use memcg_core::machine::{FaultInfo, Machine, ThreadId};
use memcg_core::picture::Returned;
use memcg_core::search::{Choice, Mark, StateId, Watch};
use std::collections::{BTreeMap, BTreeSet};

/// What a run came to when everything was at rest.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// For each thread, what its calls returned: a group plus one, 0 for none.
    pub(super) returns: Vec<Vec<u32>>,
    /// Removed groups that were never freed.
    pub(super) never_freed: Vec<u32>,
    pub(super) is_reached: bool,
}

/// What calls have returned so far.
#[derive(Debug)]
struct History {
    returns: Vec<Vec<u32>>,
    /// Wanted outcomes that begin like this, by number.
    targets: Vec<usize>,
    n_left: usize,
    /// What each further return leads to.
    next: BTreeMap<(ThreadId, u32), Option<Mark>>,
}

/// Outcomes that are looked for.
#[derive(Debug)]
pub(super) struct Hunt {
    pub(super) targets: Vec<Target>,
    /// Kinds of fault, and whether one has been come to.
    pub(super) faults: Vec<(String, bool)>,
    /// Kinds of fault that were come to and not asked for.
    pub(super) other_faults: BTreeSet<String>,
    /// Only faults are hunted: what calls return does not matter.
    only_faults: bool,
    names: Machine,
    removed: Vec<u32>,
    histories: Vec<History>,
    by_returns: BTreeMap<Vec<Vec<u32>>, Mark>,
    /// For each target, the histories that it begins like.
    of_target: Vec<Vec<usize>>,
    n_left: usize,
}

impl Hunt {
    pub(super) fn new(
        targets: Vec<Target>,
        faults: Vec<String>,
        removed: Vec<u32>,
        names: Machine,
    ) -> Self {
        let mut hunt = Self {
            targets,
            faults: faults.into_iter().map(|fault| (fault, false)).collect(),
            other_faults: BTreeSet::new(),
            only_faults: false,
            names,
            removed,
            histories: Vec::new(),
            by_returns: BTreeMap::new(),
            of_target: Vec::new(),
            n_left: 0,
        };
        hunt.aim();
        hunt
    }

    /// From now on the targets that are not reached yet are wanted.
    pub(super) fn aim(&mut self) {
        self.aim_at(self.left());
    }

    /// The targets that are not reached yet.
    pub(super) fn left(&self) -> Vec<usize> {
        (0..self.targets.len()).filter(|t| !self.targets[*t].is_reached).collect()
    }

    /// From now on these targets are wanted, which are not reached yet, and no other.
    pub(super) fn aim_at(&mut self, left: Vec<usize>) {
        self.only_faults = false;
        self.histories.clear();
        self.by_returns.clear();
        self.of_target = vec![Vec::new(); self.targets.len()];
        self.n_left = left.len();
        let n_threads = self.names.worker();
        self.history(vec![Vec::new(); n_threads], left);
    }

    /// From now on only faults are wanted.
    pub(super) fn aim_at_faults(&mut self) {
        self.only_faults = true;
    }

    pub(super) fn faults_left(&self) -> bool {
        self.missing_faults().next().is_some()
    }

    /// Targets and faults that are not reached.
    pub(super) fn n_left(&self) -> usize {
        self.missing_targets().count() + self.missing_faults().count()
    }

    /// Those in words.
    pub(super) fn missing(&self) -> Vec<String> {
        let targets = self.missing_targets().map(ToString::to_string);
        targets.chain(self.missing_faults().map(ToString::to_string)).collect()
    }

    fn missing_targets(&self) -> impl Iterator<Item = &Target> {
        self.targets.iter().filter(|t| !t.is_reached)
    }

    fn missing_faults(&self) -> impl Iterator<Item = &str> {
        self.faults.iter().filter(|(_, is_reached)| !is_reached).map(|(name, _)| name.as_str())
    }

    fn history(&mut self, returns: Vec<Vec<u32>>, targets: Vec<usize>) -> Option<Mark> {
        if let Some(mark) = self.by_returns.get(&returns) {
            return Some(*mark);
        }
        if targets.is_empty() {
            return None;
        }
        let number = self.histories.len();
        for target in &targets {
            self.of_target[*target].push(number);
        }
        let n_left = targets.iter().filter(|t| !self.targets[**t].is_reached).count();
        let next = BTreeMap::new();
        self.histories.push(History { returns: returns.clone(), targets, n_left, next });
        let mark = Mark::try_from(number).ok()?;
        self.by_returns.insert(returns, mark);
        Some(mark)
    }

    fn follow(&mut self, mark: Mark, thread: ThreadId, word: u32) -> Option<Mark> {
        let history = &self.histories[mark as usize];
        let mut returns = history.returns.clone();
        let at = returns[thread].len();
        returns[thread].push(word);
        let fits = |t: &usize| self.targets[*t].returns[thread].get(at) == Some(&word);
        let targets = history.targets.iter().copied().filter(fits).collect();
        self.history(returns, targets)
    }

    fn reach(&mut self, target: usize) {
        self.targets[target].is_reached = true;
        self.n_left -= 1;
        for history in &self.of_target[target] {
            self.histories[*history].n_left -= 1;
        }
    }
}

impl Watch for Hunt {
    fn returned(&mut self, mark: Mark, thread: ThreadId, returned: Returned) -> Option<Mark> {
        if self.only_faults {
            return Some(mark);
        }
        let word = match returned {
            Returned::Group(group) => group.0 + 1,
            Returned::Nothing => 0,
        };
        if let Some(known) = self.histories[mark as usize].next.get(&(thread, word)) {
            return *known;
        }
        let next = self.follow(mark, thread, word);
        self.histories[mark as usize].next.insert((thread, word), next);
        next
    }

    fn is_wanted(&mut self, mark: Mark) -> bool {
        self.only_faults || self.histories[mark as usize].n_left > 0
    }

    fn wants_all(&self) -> bool {
        false
    }

    fn fault(&mut self, _: StateId, _: Choice, fault: &FaultInfo) {
        let name = variant::recorded_name(self.names.fault_name(fault));
        match self.faults.iter_mut().find(|(wanted, _)| *wanted == name) {
            Some((_, is_reached)) => *is_reached = true,
            None => drop(self.other_faults.insert(name)),
        }
    }

    fn rest(&mut self, _: StateId, mark: Mark, machine: &Machine) {
        if self.only_faults {
            return;
        }
        let in_memory = |g: &&u32| !machine.is_freed(memcg_core::hierarchy::GroupId(**g));
        let never_freed: Vec<u32> = self.removed.iter().filter(in_memory).copied().collect();
        let history = &self.histories[mark as usize];
        let found = history.targets.iter().copied().find(|t| {
            let target = &self.targets[*t];
            target.returns == history.returns && target.never_freed == never_freed
        });
        if let Some(target) = found.filter(|t| !self.targets[*t].is_reached) {
            self.reach(target);
        }
    }

    fn is_over(&self) -> bool {
        if self.only_faults { !self.faults_left() } else { self.n_left == 0 }
    }
}
