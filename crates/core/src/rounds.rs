//! What a round has covered: groups that lived through it and were skipped, groups that it returned twice.
//!
//! Kept only by lanes that are compared ([`crate::compare`]); the figures are defined in
//! `docs/compare.md`.

use crate::hierarchy::GroupId;
use crate::machine::{Call, Machine, ThreadId};
use crate::picture::{Life, Returned};
use alloc::{vec, vec::Vec};

/// A group in the round: a set of bits.
type Seen = u8;
/// It was in use, and below the walk's root, when the round began.
const WAS_ALIVE: Seen = 1;
/// The round has returned it.
const VISITED: Seen = 2;

/// One round of a slot, or one private walk of a thread.
#[derive(Clone, Debug, Default)]
struct Round {
    /// Per group; the round has returned one.
    groups: Vec<Seen>,
    /// The generation that its walkers have seen in the slot, if it has any.
    generation: Option<u32>,
}

/// The rounds of a lane.
#[derive(Clone, Debug)]
pub(crate) struct Rounds {
    /// Per slot, then per thread: the rounds that are going on. A round that is over goes on for walkers that are still
    /// inside a call which they have begun in it.
    walks: Vec<Vec<Round>>,
    /// Groups that lived through a whole round and were not returned in it, a count for every round.
    pub(crate) n_skipped: u32,
    /// Groups that were returned again in a round that had returned them.
    pub(crate) n_doubles: u32,
}

impl Rounds {
    pub(crate) fn new(machine: &Machine) -> Self {
        let n = machine.layout().slots.len() + machine.world().threads.len();
        Self { walks: vec![Vec::new(); n], n_skipped: 0, n_doubles: 0 }
    }

    /// The rounds that are going on, without what was counted of those that are over.
    pub(crate) fn walks_out(&self, put: &mut dyn FnMut(u32)) {
        for rounds in &self.walks {
            put(u32::try_from(rounds.len()).unwrap_or(u32::MAX));
            for round in rounds {
                put(round.generation.map_or(0, |generation| generation + 1));
                round.groups.iter().for_each(|seen| put((*seen).into()));
            }
        }
    }

    /// Takes over what [`Self::walks_out`] gave.
    pub(crate) fn walks_in(&mut self, n_groups: usize, take: &mut dyn FnMut() -> u32) {
        for rounds in &mut self.walks {
            rounds.clear();
            for _ in 0..take() {
                let generation = take().checked_sub(1);
                let seen = (0..n_groups).map(|_| u8::try_from(take()).unwrap_or(0));
                rounds.push(Round { groups: seen.collect(), generation });
            }
        }
        (self.n_skipped, self.n_doubles) = (0, 0);
    }

    /// A step of the walk returned; `slot` is the one that it used.
    pub(crate) fn returned(
        &mut self,
        machine: &Machine,
        thread: ThreadId,
        slot: Option<usize>,
        returned: Returned,
    ) {
        let at = slot.unwrap_or(machine.layout().slots.len() + thread);
        let now = slot
            .zip(machine.program().generation)
            .and_then(|(slot, _)| machine.slot_field(slot, "generation"));
        if let Returned::Group(group) = returned {
            let own = machine.generation_of_walk(thread, slot);
            let root = slot.map(|s| machine.layout().slots[s].root);
            let root = root.or_else(|| machine.walk_root(thread)).unwrap_or(GroupId::ROOT);
            let rounds = &mut self.walks[at];
            let known = rounds.iter().position(|round| round.generation == own);
            let known = known.unwrap_or_else(|| {
                rounds.push(Round { groups: alive_below(machine, root), generation: own });
                rounds.len() - 1
            });
            if let Some(seen) = rounds[known].groups.get_mut(group.index()) {
                self.n_doubles += u32::from(*seen & VISITED != 0);
                *seen |= VISITED;
            }
        }
        let rounds = core::mem::take(&mut self.walks[at]);
        for round in rounds {
            let is_over = match round.generation {
                None => returned == Returned::Nothing,
                // Some policies end a round and begin the next in one call.
                Some(own) => now != Some(own) && !is_in_flight(machine, slot, own),
            };
            if is_over {
                self.close(machine, &round);
            } else {
                self.walks[at].push(round);
            }
        }
    }

    /// The thread has left its walk: a private one is over, though no round of it was finished.
    pub(crate) fn left(&mut self, machine: &Machine, thread: ThreadId) {
        let at = machine.layout().slots.len() + thread;
        self.walks[at].clear();
    }

    /// A round has ended: what lived through it unseen was skipped.
    fn close(&mut self, machine: &Machine, round: &Round) {
        for (group, seen) in (0..).map(GroupId).zip(&round.groups) {
            let lived = seen & WAS_ALIVE != 0 && machine.life(group) == Life::Alive;
            self.n_skipped += u32::from(lived && seen & VISITED == 0);
        }
    }
}

/// Whether somebody is inside a call that may still return a group in this generation of the slot.
fn is_in_flight(machine: &Machine, slot: Option<usize>, generation: u32) -> bool {
    (0..machine.world().threads.len()).any(|thread| {
        machine.is_inside(thread)
            && machine.call(thread) == Call::Next
            && machine.slot_number(thread) == slot
            && machine.generation_of_walk(thread, slot) == Some(generation)
    })
}

/// Marks the groups that a walk below `root` should come to.
fn alive_below(machine: &Machine, root: GroupId) -> Vec<Seen> {
    let world = machine.world();
    let only_root = !world.use_hierarchy && root != GroupId::ROOT;
    let mut below = vec![false; world.groups.len()];
    let mut out = Vec::with_capacity(below.len());
    // A parent comes before its children.
    for (group, spec) in (0..).map(GroupId).zip(&world.groups) {
        let in_parent = spec.parent.is_some_and(|p| below[p.index()]);
        below[group.index()] = group == root || (in_parent && !only_root);
        let alive = below[group.index()] && machine.life(group) == Life::Alive;
        out.push(if alive { WAS_ALIVE } else { 0 });
    }
    out
}
