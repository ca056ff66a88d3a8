//! States that wait, mark by mark: every mark has its turn.

use super::index::mix;
use super::{Mark, StateId};
use alloc::vec::Vec;

/// States of a mark that are looked at in its turn.
const N_TURN: usize = 16;

/// Lots, the same from the same seed: xorshift64.
#[derive(Clone, Debug)]
pub(super) struct Lots(u64);

impl Lots {
    pub(super) fn new(seed: u64) -> Self {
        // Any number but 0 will do.
        Self(mix(seed, 1).max(1))
    }

    /// A number below `n`, which is not 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let n = u64::try_from(n).unwrap_or(u64::MAX);
        usize::try_from((self.0 >> 16) % n).unwrap_or(0)
    }
}

/// A stack for every mark that has states, and whose turn it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Turns {
    stacks: Vec<Vec<StateId>>,
    /// Marks with states.
    active: Vec<Mark>,
    at: usize,
    n_taken: usize,
}

impl Turns {
    pub(super) fn push(&mut self, mark: Mark, state: StateId) {
        let at = mark as usize;
        if self.stacks.len() <= at {
            self.stacks.resize(at + 1, Vec::new());
        }
        if self.stacks[at].is_empty() {
            self.active.push(mark);
        }
        self.stacks[at].push(state);
    }

    /// The next state: of the mark whose turn it is the latest or one by lot. Marks that are not wanted are dropped.
    pub(super) fn pop(
        &mut self,
        lots: &mut Lots,
        mut is_wanted: impl FnMut(Mark) -> bool,
    ) -> Option<StateId> {
        loop {
            if self.active.is_empty() {
                return None;
            }
            if self.n_taken >= N_TURN {
                (self.at, self.n_taken) = (self.at + 1, 0);
            }
            if self.at >= self.active.len() {
                self.at = 0;
            }
            let mark = self.active[self.at];
            let stack = &mut self.stacks[mark as usize];
            if stack.is_empty() || !is_wanted(mark) {
                *stack = Vec::new();
                self.active.swap_remove(self.at);
                self.n_taken = 0;
                continue;
            }
            self.n_taken += 1;
            if lots.below(4) == 0 {
                let other = lots.below(stack.len());
                return Some(stack.swap_remove(other));
            }
            return stack.pop();
        }
    }

    pub(super) fn n_waiting(&self) -> usize {
        self.active.iter().map(|mark| self.stacks[*mark as usize].len()).sum()
    }
}
