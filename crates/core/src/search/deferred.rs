//! States that were found and are not looked for yet among the known ones. The table of states does not fit a cache: what
//! is asked of it one by one is waited for each time, what is asked of it together is waited for once.

use super::Arrival;
use super::states::{Found, States};
use alloc::vec::Vec;

/// So many are looked for together.
const N_TOGETHER: usize = 24;

/// Found states in the order in which they were found.
#[derive(Clone, Debug, Default)]
pub(super) struct Deferred {
    /// How each was come to, and the hash of its words.
    found: Vec<(Arrival, u32)>,
    words: Vec<u64>,
}

impl Deferred {
    pub(super) fn len(&self) -> usize {
        self.found.len()
    }

    pub(super) fn is_full(&self) -> bool {
        self.len() >= N_TOGETHER
    }

    pub(super) fn clear(&mut self) {
        self.found.clear();
        self.words.clear();
    }

    /// The state that is packed in `states` was come to like this.
    #[inline(always)]
    pub(super) fn push(&mut self, states: &States, hash: u32, arrival: Arrival) {
        self.words.extend_from_slice(states.packed());
        self.found.push((arrival, hash));
    }

    /// Keeps all that are new, each with how it was come to; whether the last was.
    pub(super) fn keep(&mut self, states: &mut States, arrivals: &mut Vec<Arrival>) -> bool {
        for (_, hash) in &self.found {
            states.ask_for(*hash);
        }
        for (_, hash) in &self.found {
            states.ask_for_words(*hash);
        }
        let mut is_new = false;
        let words = self.words.chunks_exact(states.n_words());
        for ((arrival, hash), words) in self.found.iter().zip(words) {
            is_new = matches!(states.add_packed(words, *hash), Found::New(_));
            if is_new {
                arrivals.push(*arrival);
            }
        }
        self.clear();
        is_new
    }
}
