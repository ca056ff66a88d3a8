//! The step that led to a state first, in few bits, and the way back over them.

use super::{Choice, Search, StateId};
use crate::machine::ThreadId;
use alloc::{vec, vec::Vec};

/// A step between two states that are kept.
#[derive(Copy, Clone, Debug)]
pub(super) struct Step {
    pub(super) choice: Choice,
    /// The place of its thread in the state that it leads to.
    pub(super) lands: ThreadId,
}

pub(super) const FIRST: Step = Step { choice: Choice { thread: 0, item: 0 }, lands: 0 };

/// The last item of the worker that a step can name.
pub(super) const ITEM_MAX: u8 = 63;

/// Two threads in five bits each, an item in the rest.
pub(super) fn encode(step: Step) -> u16 {
    let bits = |thread| u16::try_from(thread).expect("a world has at most 31 threads");
    bits(step.choice.thread) | bits(step.lands) << 5 | u16::from(step.choice.item) << 10
}

pub(super) fn decode(by: u16) -> Step {
    let thread = |at: u16| usize::from(by >> at & 31);
    let item = u8::try_from(by >> 10).unwrap_or(ITEM_MAX);
    Step { choice: Choice { thread: thread(0), item }, lands: thread(5) }
}

impl Search {
    /// The steps from the start to a state.
    pub fn path(&self, state: StateId) -> Vec<Choice> {
        self.path_with(state, None)
    }

    /// The steps from the start to a state, and one from there.
    pub fn path_with(&self, mut state: StateId, last: Option<Choice>) -> Vec<Choice> {
        let none = Choice { thread: 0, item: 0 };
        let mut way = vec![(state, last.unwrap_or(none))];
        while self.arrivals[state as usize].parent != StateId::MAX {
            let arrival = self.arrivals[state as usize];
            let choice = decode(arrival.by).choice;
            state = arrival.parent;
            way.push((state, choice));
        }
        way.reverse();
        let mut out = self.unfolded(&way);
        out.truncate(way.len() - usize::from(last.is_none()));
        out
    }
}
