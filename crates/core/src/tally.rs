//! Figures of a lane: visits, restarts, rounds, wiped slots. Read off calls and accesses, never off a policy's name.

use crate::hierarchy::GroupId;
use crate::machine::{Access, Call, Machine, ThreadId};
use crate::picture::{Counters, Returned};
use crate::program::{Action, Instr, Place, Touch};
use alloc::{vec, vec::Vec};

/// Something worth a mark on the timeline.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum Mark {
    /// A walk is back at its root although its round is not finished.
    Restart,
    /// A round ended.
    RoundEnd,
    /// A removal set this slot's position to none.
    Wiped {
        /// The slot, in words.
        slot: alloc::string::String,
        /// The group it pointed to.
        group: GroupId,
    },
    /// A group was killed.
    Killed(GroupId),
    /// A group was put on its parent's list.
    Created(GroupId),
    /// A group's memory was given back.
    Freed(GroupId),
    /// A grace period began and waits for these threads (none: it is over at once).
    GraceBegins {
        /// Stage that follows it.
        stage: alloc::string::String,
        /// Group concerned.
        group: GroupId,
        /// Threads inside their read-side sections.
        waits_for: Vec<usize>,
    },
    /// The lane has come to a fault.
    Fault,
}

/// One pass of a walk over the groups, told by its slot or, for a private walk, its thread.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
struct Pass {
    /// Number of the pass among all.
    id: u32,
    /// Groups returned in it.
    n_visits: u32,
    /// The slot's generation when it began.
    generation: u32,
}

/// Counts what happens in a lane.
#[derive(Clone, Eq, PartialEq, Debug)]
pub(crate) struct Tally {
    pub(crate) counters: Counters,
    /// Per slot, then per thread.
    passes: Vec<Pass>,
    n_passes: u32,
    /// Per group: pass and place in it.
    visit: Vec<(u32, u32)>,
    n_visits: Vec<u32>,
    /// The pass that returned the group last.
    owner: Vec<usize>,
}

impl Tally {
    pub(crate) fn new(machine: &Machine) -> Self {
        let n_groups = machine.world().groups.len();
        let n_passes = machine.layout().slots.len() + machine.world().threads.len();
        Self {
            counters: Counters::default(),
            passes: vec![Pass::default(); n_passes],
            n_passes: 0,
            visit: vec![(0, 0); n_groups],
            n_visits: vec![0; n_groups],
            owner: vec![0; n_groups],
        }
    }

    /// Place of the group among the visits of the pass that returned it last, while that pass goes on.
    pub(crate) fn visit(&self, group: GroupId) -> Option<u32> {
        let (pass, place) = self.visit[group.index()];
        let current = self.passes.get(self.owner[group.index()])?;
        (place > 0 && current.id == pass).then_some(place)
    }

    pub(crate) fn n_visits(&self, group: GroupId) -> u32 {
        self.n_visits[group.index()]
    }

    pub(crate) fn n_visits_mut(&mut self) -> &mut [u32] {
        &mut self.n_visits
    }

    /// Where walks are in their rounds, as far as it decides what is counted later.
    pub(crate) fn passes_out(&self, put: &mut dyn FnMut(u32)) {
        for pass in &self.passes {
            put(pass.n_visits.min(1));
            put(pass.generation);
        }
    }

    /// Takes over what [`Self::passes_out`] gave.
    pub(crate) fn passes_in(&mut self, take: &mut dyn FnMut() -> u32) {
        for pass in &mut self.passes {
            (pass.n_visits, pass.generation) = (take(), take());
        }
    }

    /// An access was made: what of it is worth a mark.
    pub(crate) fn access(&mut self, machine: &Machine, access: &Access) -> Option<Mark> {
        let Instr::Touch(touch) = machine.program().code[access.pc as usize] else { return None };
        let group = access.base.checked_sub(1).map(GroupId);
        match touch {
            Touch::Word { place: Place::Slot(field), action, .. } => {
                let position = machine.program().position == Some(field);
                let stored = !matches!(action, Action::Load { .. });
                let by_removal = matches!(machine.call(access.thread), Call::Stage { .. });
                match access.changed {
                    Some((old, 0)) if position && stored && by_removal && old != 0 => {
                        self.counters.n_wiped += 1;
                        let slot = machine.slot_words(group?.index());
                        Some(Mark::Wiped { slot, group: GroupId(old - 1) })
                    }
                    _ => None,
                }
            }
            Touch::Kill { .. } => Some(Mark::Killed(group?)),
            Touch::ListAdd { .. } => Some(Mark::Created(group?)),
            Touch::Free { .. } => Some(Mark::Freed(group?)),
            Touch::CallRcu { stage, .. } => Some(Mark::GraceBegins {
                stage: machine.program().stages[stage as usize].name.clone(),
                group: group?,
                waits_for: crate::machine::bits(access.seen),
            }),
            _ => None,
        }
    }

    /// A step of the walk returned; `slot` is the one that it used.
    pub(crate) fn returned(
        &mut self,
        machine: &Machine,
        thread: ThreadId,
        slot: Option<usize>,
        returned: Returned,
    ) -> Option<Mark> {
        let n_slots = machine.layout().slots.len();
        // Below any other root, a walk without use_hierarchy is that root alone and needs no slot.
        let is_whole = |root| machine.world().use_hierarchy || root == GroupId::ROOT;
        let slot = slot.filter(|_| machine.walk_root(thread).is_none_or(is_whole));
        let at = slot.unwrap_or(n_slots + thread);
        let generation = slot.and_then(|s| machine.slot_field(s, "generation"));
        let pass = self.passes[at];
        match returned {
            Returned::Nothing => {
                // A late walker gets none as well, but its round ended before.
                let ended = generation.is_none_or(|g| g != pass.generation);
                if !ended {
                    return None;
                }
                self.counters.n_rounds += 1;
                self.n_passes += 1;
                let generation = generation.unwrap_or(0);
                self.passes[at] = Pass { id: self.n_passes, n_visits: 0, generation };
                Some(Mark::RoundEnd)
            }
            Returned::Group(group) => {
                self.counters.n_visits += 1;
                self.n_visits[group.index()] += 1;
                let root = slot.map(|s| machine.layout().slots[s].root);
                let at_root = root.or_else(|| machine.walk_root(thread)) == Some(group);
                let same_round = generation.is_none_or(|g| g == pass.generation);
                let restart = at_root && pass.n_visits > 0 && same_round;
                if at_root || pass.n_visits == 0 {
                    self.n_passes += 1;
                    let generation = generation.unwrap_or(0);
                    self.passes[at] = Pass { id: self.n_passes, n_visits: 0, generation };
                }
                self.passes[at].n_visits += 1;
                self.visit[group.index()] = (self.passes[at].id, self.passes[at].n_visits);
                self.owner[group.index()] = at;
                if restart {
                    self.counters.n_restarts += 1;
                    return Some(Mark::Restart);
                }
                None
            }
        }
    }
}
