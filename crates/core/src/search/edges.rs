//! The graph that a search has kept: what a state leads to, looked up again after the search.

use super::returns::Wrong;
use super::space::Event;
use super::step::ITEM_MAX;
use super::{Choice, MARKS, Note, Order, Search, StateId};
use crate::machine::{FaultInfo, Machine, ThreadId};
use alloc::vec::Vec;

/// What a step of the graph did.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Did {
    /// Accesses alone.
    Stepped,
    /// A call of the iterator returned, and what was wrong with that.
    Returned(Option<Wrong>),
    /// It came to a fault.
    Fault(FaultInfo),
}

/// A step from one state.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Edge {
    pub(crate) choice: Choice,
    /// `None` for a fault, and for a state that was not kept.
    pub(crate) to: Option<StateId>,
    /// The thread that it is in the state it leads to: those that do the same may change places.
    pub(crate) lands: ThreadId,
    pub(crate) did: Did,
    /// What is so behind it, if something is asked of runs.
    pub(crate) note: Note,
}

impl Search {
    /// All that can be done in a state, under a watch that leaves marks as they are.
    pub(crate) fn edges(&mut self, state: StateId, out: &mut Vec<Edge>) {
        out.clear();
        let numbers = self.numbers(state);
        let shared = numbers[1];
        let mark = self.mark(state);
        for thread in 0..self.space.n_threads() {
            let local = numbers[2 + thread];
            for item in 0..=ITEM_MAX {
                let step = self.space.step(thread, local, shared, item);
                let did = match step.event {
                    Event::None => break,
                    Event::Stepped => Did::Stepped,
                    Event::Returned(_) => {
                        Did::Returned(step.wrong.filter(|what| self.is_wrong(state, *what)))
                    }
                    Event::Fault(fault) => Did::Fault(*self.space.fault(fault)),
                };
                let (mut to, mut lands) = (None, thread);
                let mut note = Note::default();
                if let Event::Fault(fault) = step.event {
                    if self.space.has_history() {
                        note = self.note(state, mark, Some(fault));
                    }
                } else {
                    self.scratch.copy_from_slice(&numbers);
                    self.scratch[1] = step.shared;
                    self.scratch[2 + thread] = step.local;
                    let from = (local, shared);
                    let mut behind = mark;
                    if self.space.has_history() {
                        let state = &self.scratch[1..];
                        (behind, note) = self.space.follow(mark, thread, from, step.event, state);
                    }
                    lands = self.space.settle(&mut self.scratch[1..], thread);
                    self.scratch[0] = self.marked(behind, lands, step.local);
                    to = self.known();
                }
                out.push(Edge { choice: Choice { thread, item }, to, lands, did, note });
                if !step.has_more {
                    break;
                }
            }
        }
    }

    /// The part of a state's mark that is no preemption's.
    fn mark(&self, state: StateId) -> u32 {
        let mark = self.states.number(state, 0);
        match self.order {
            Order::Preemptions(_) => mark & MARKS,
            _ => mark,
        }
    }

    /// What is so in a state.
    pub(crate) fn note_of(&mut self, state: StateId) -> Note {
        self.note(state, self.mark(state), None)
    }

    /// The machine in a state.
    pub(crate) fn machine(&mut self, state: StateId) -> &Machine {
        let numbers = self.numbers(state);
        self.space.machine(&numbers[1..])
    }

    /// Whether two threads do the same, and are taken to be interchangeable.
    pub(crate) fn is_like(&self, a: ThreadId, b: ThreadId) -> bool {
        self.space.symmetry.class(a) == self.space.symmetry.class(b)
    }

    /// The state by which this one was found first.
    pub(crate) fn parent(&self, state: StateId) -> Option<StateId> {
        Some(self.arrivals[state as usize].parent).filter(|parent| *parent != StateId::MAX)
    }
}
