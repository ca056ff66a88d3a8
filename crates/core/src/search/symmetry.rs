//! Threads that do the same are interchangeable: of the states that differ only in which of them is where, one stands
//! for all.
//!
//! Equal threads stand in the order of their own parts' numbers; the shared part is turned with them: who is inside
//! which section, what waits for whom. Of threads with equal parts the order is left as it came, so that now and then a
//! state is kept twice; none is ever lost. Groups are never interchangeable: a walk meets siblings in their order.

use super::{Choice, Search, StateId};
use crate::machine::{Grace, Machine, ThreadId};
use crate::world::World;
use alloc::{vec, vec::Vec};

/// Which threads are interchangeable.
#[derive(Clone, Debug)]
pub(super) struct Symmetry {
    /// For each thread, the first that does the same.
    class: Vec<ThreadId>,
    /// For each thread, the nearest before it and behind it that do the same.
    before: Vec<Option<ThreadId>>,
    after: Vec<Option<ThreadId>>,
    /// For each thread and shared part, the shared part with this thread and the one behind it exchanged.
    pub(super) exchanged: Vec<Vec<u32>>,
}

/// No shared part has this number.
pub(super) const UNKNOWN: u32 = u32::MAX;

impl Symmetry {
    /// The threads of a world, the worker last; all different if it is not `is_on`.
    pub(super) fn new(world: &World, is_on: bool) -> Self {
        let threads = &world.threads;
        let n = threads.len() + 1;
        let is_like = |a: ThreadId, b: ThreadId| {
            is_on && b < threads.len() && threads[a].role == threads[b].role
        };
        let class: Vec<ThreadId> =
            (0..n).map(|b| (0..b).find(|a| is_like(*a, b)).unwrap_or(b)).collect();
        let is_same = |a: ThreadId, b: ThreadId| class[a] == class[b];
        Self {
            before: (0..n).map(|b| (0..b).rfind(|a| is_same(*a, b))).collect(),
            after: (0..n).map(|a| (a + 1..n).find(|b| is_same(a, *b))).collect(),
            exchanged: vec![Vec::new(); n],
            class,
        }
    }

    /// Whether there are threads that are interchangeable.
    pub(super) fn is_on(&self) -> bool {
        self.after.iter().any(Option::is_some)
    }

    /// The first thread that does the same.
    #[inline]
    pub(super) fn class(&self, thread: ThreadId) -> ThreadId {
        self.class[thread]
    }

    /// The thread's neighbour among those that do the same, if their parts are not in order: the earlier thread first.
    #[inline]
    pub(super) fn disorder(&self, locals: &[u32], at: ThreadId) -> Option<(ThreadId, ThreadId)> {
        if let Some(before) = self.before[at]
            && locals[before] > locals[at]
        {
            return Some((before, at));
        }
        self.after[at].filter(|after| locals[*after] < locals[at]).map(|after| (at, after))
    }

    pub(super) fn n_bytes(&self) -> usize {
        self.exchanged.iter().map(|table| table.len() * size_of::<u32>()).sum()
    }
}

impl Machine {
    /// What is shared, as if one thread were the other and the other the one.
    pub(super) fn exchange(&mut self, a: ThreadId, b: ThreadId) {
        let (low, high) = self.threads.split_at_mut(a.max(b));
        let (one, other) = (&mut low[a.min(b)], &mut high[0]);
        core::mem::swap(&mut one.n_rcu, &mut other.n_rcu);
        core::mem::swap(&mut one.n_sched, &mut other.n_sched);
        core::mem::swap(&mut one.then, &mut other.then);
        let turn = |bits: u32| {
            let differ = (bits >> a ^ bits >> b) & 1;
            bits ^ (differ << a | differ << b)
        };
        let waits = self.threads.iter_mut().filter_map(|thread| thread.then.as_mut());
        for work in waits.chain(&mut self.work) {
            let Grace { rcu, sched } = work.grace;
            work.grace = Grace { rcu: turn(rcu), sched: turn(sched) };
        }
    }
}

impl Search {
    /// The steps of a way from the start, each with the state that it leaves, as steps of the threads that make them:
    /// in the states kept, those that do the same change places.
    pub(crate) fn unfolded(&self, way: &[(StateId, Choice)]) -> Vec<Choice> {
        let symmetry = &self.space.symmetry;
        let n_threads = self.space.n_threads();
        let mut who: Vec<ThreadId> = (0..n_threads).collect();
        let mut out = Vec::with_capacity(way.len());
        for (at, (from, choice)) in way.iter().enumerate() {
            out.push(Choice { thread: who[choice.thread], ..*choice });
            let Some((to, _)) = way.get(at + 1).filter(|_| symmetry.is_on()) else { continue };
            let sum = |locals: &[u32]| locals.iter().fold(0_u32, |sum, l| sum.wrapping_add(*l));
            let mut locals = self.numbers(*from).split_off(2);
            // One part has changed: the difference of the sums.
            let others = sum(&locals).wrapping_sub(locals[choice.thread]);
            locals[choice.thread] = sum(&self.numbers(*to)[2..]).wrapping_sub(others);
            let mut mover = choice.thread;
            while let Some((low, high)) = symmetry.disorder(&locals, mover) {
                locals.swap(low, high);
                who.swap(low, high);
                mover = if mover == low { high } else { low };
            }
        }
        out
    }
}
