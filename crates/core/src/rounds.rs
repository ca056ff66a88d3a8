//! What a round has covered: groups that lived through it and were skipped, groups that it returned twice.
//!
//! Kept only by lanes that are compared ([`crate::compare`]); the figures are defined in
//! `docs/compare.md`.

use crate::hierarchy::GroupId;
use crate::machine::{Machine, ThreadId};
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
    /// Per group; empty before the round has returned one.
    groups: Vec<Seen>,
    /// The slot's generation, if it has any.
    generation: Option<u32>,
}

/// The rounds of a lane.
#[derive(Clone, Debug)]
pub(crate) struct Rounds {
    /// Per slot, then per thread.
    walks: Vec<Round>,
    /// Groups that lived through a whole round and were not returned in it, a count for every round.
    pub(crate) n_skipped: u32,
    /// Groups that were returned again in a round that had returned them.
    pub(crate) n_doubles: u32,
}

impl Rounds {
    pub(crate) fn new(machine: &Machine) -> Self {
        let n = machine.layout().slots.len() + machine.world().threads.len();
        Self { walks: vec![Round::default(); n], n_skipped: 0, n_doubles: 0 }
    }

    /// The rounds that are open, without what was counted of those that are over.
    pub(crate) fn walks_out(&self, put: &mut dyn FnMut(u32)) {
        for round in &self.walks {
            put(round.generation.map_or(0, |generation| generation + 1));
            put(u32::from(!round.groups.is_empty()));
            round.groups.iter().for_each(|seen| put((*seen).into()));
        }
    }

    /// Takes over what [`Self::walks_out`] gave.
    pub(crate) fn walks_in(&mut self, n_groups: usize, take: &mut dyn FnMut() -> u32) {
        for round in &mut self.walks {
            round.generation = take().checked_sub(1);
            round.groups.clear();
            if take() != 0 {
                let seen = (0..n_groups).map(|_| u8::try_from(take()).unwrap_or(0));
                round.groups.extend(seen);
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
        let generation = slot
            .zip(machine.program().generation)
            .and_then(|(slot, _)| machine.slot_field(slot, "generation"));
        let is_over = match returned {
            // A late walker gets none as well, while the round goes on.
            Returned::Nothing => generation.is_none() || generation != self.walks[at].generation,
            // Some policies end a round and begin the next in one call.
            Returned::Group(_) => generation != self.walks[at].generation,
        };
        if is_over {
            self.close(machine, at);
        }
        let Returned::Group(group) = returned else { return };
        if self.walks[at].groups.is_empty() {
            let root = slot.map(|s| machine.layout().slots[s].root);
            let root = root.or_else(|| machine.walk_root(thread)).unwrap_or(GroupId::ROOT);
            self.walks[at] = Round { groups: alive_below(machine, root), generation };
        }
        if let Some(seen) = self.walks[at].groups.get_mut(group.index()) {
            self.n_doubles += u32::from(*seen & VISITED != 0);
            *seen |= VISITED;
        }
    }

    /// The thread has left its walk: a private one is over, though no round of it was finished.
    pub(crate) fn left(&mut self, machine: &Machine, thread: ThreadId) {
        let at = machine.layout().slots.len() + thread;
        self.walks[at] = Round::default();
    }

    /// A round has ended: what lived through it unseen was skipped.
    fn close(&mut self, machine: &Machine, at: usize) {
        let round = core::mem::take(&mut self.walks[at]);
        for (group, seen) in (0..).map(GroupId).zip(round.groups) {
            let lived = seen & WAS_ALIVE != 0 && machine.life(group) == Life::Alive;
            self.n_skipped += u32::from(lived && seen & VISITED == 0);
        }
    }
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
