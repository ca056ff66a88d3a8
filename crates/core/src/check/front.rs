//! How far a search that looks at the nearest first has come: what is proven up to here, and how much may be left.

use super::Check;
use super::manner;
use crate::machine::{FaultInfo, Machine, ThreadId};
use crate::picture::Returned;
use crate::search::{Choice, Mark, StateId, Watch};
use alloc::vec::Vec;

/// Steps drawn to see how long runs are.
const N_STEPS_DRAWN: u64 = 20_000;

/// How far a search has come.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Front {
    /// Every schedule of so many steps of the search has been looked at.
    pub n_steps_done: usize,
    /// Steps of the longest run of some that were drawn by lot: about where the search will end.
    pub n_steps_longest: usize,
    /// States that there are in all, about: layers of states are taken to shrink as they grew.
    pub n_states_about: u64,
}

/// Sees how long runs are that come to rest.
struct Longest {
    n_steps: usize,
}

impl Watch for Longest {
    fn returned(&mut self, mark: Mark, _: ThreadId, _: Returned) -> Option<Mark> {
        Some(mark)
    }

    fn is_wanted(&mut self, _: Mark) -> bool {
        true
    }

    fn fault(&mut self, _: StateId, _: Choice, _: &FaultInfo) {}

    fn rest(&mut self, _: StateId, _: Mark, _: &Machine) {}

    fn is_over(&self) -> bool {
        false
    }
}

impl Check {
    /// How far the search has come; `None` where states are not looked at nearest first.
    pub fn front(&self) -> Option<Front> {
        self.front_of(self.n_steps_longest())
    }

    /// Steps of the longest run of some that are drawn by lot, always the same ones.
    pub fn n_steps_longest(&self) -> usize {
        let mut longest = Longest { n_steps: 0 };
        let mut wander = manner::drawn(self.bare_space(), usize::MAX);
        while wander.n_steps() < N_STEPS_DRAWN {
            wander.run(1, &mut longest);
            longest.n_steps = longest.n_steps.max(wander.path().len());
        }
        longest.n_steps
    }

    /// The same as [`Self::front`], for who has drawn runs before.
    pub fn front_of(&self, n_steps_longest: usize) -> Option<Front> {
        let starts = self.search.layers()?;
        let n_done = starts.len().saturating_sub(2);
        let size = |layer: usize| {
            let next = starts.get(layer + 1).map_or(self.search.n_states(), |s| *s as usize);
            (next - starts[layer] as usize) as u64
        };
        let sizes: Vec<u64> = (0..=n_done).map(size).collect();
        Some(Front {
            n_steps_done: n_done,
            n_steps_longest: n_steps_longest.max(n_done),
            n_states_about: about(&sizes, n_steps_longest).max(self.search.n_states() as u64),
        })
    }
}

/// What layers of these sizes come to if there are `n` in all, and they shrink as they grew.
fn about(sizes: &[u64], n: usize) -> u64 {
    let last = sizes.len() - 1;
    let left = (sizes.len()..=n).map(|layer| {
        let mirrored = n - layer;
        sizes[mirrored.min(last)]
    });
    sizes.iter().sum::<u64>() + left.sum::<u64>()
}

#[cfg(test)]
mod tests {
    use super::about;

    #[test]
    fn layers_shrink_as_they_grew() {
        assert_eq!(about(&[1, 2, 4, 4, 2], 5), 14);
        // In the middle they are taken to be as large as the last that is known.
        assert_eq!(about(&[1, 2], 5), 10);
        assert_eq!(about(&[1, 2, 1], 1), 4);
    }
}
