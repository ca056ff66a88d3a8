//! Which runs are looked at: all, or some of those of a world that is too large.

use crate::search::{Progress, Space, Wander};

/// Which runs a check looks at.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Manner {
    /// All.
    Every,
    /// Those with at most so many switches away from a thread in the middle of a call.
    Preemptions(u8),
    /// Walks drawn by lot, of so many steps together. What needs the graph of states is not looked at: whether calls
    /// return and walks end.
    Drawn(u64),
}

/// Walks drawn by lot.
pub(super) fn drawn(space: Space, n_bytes: usize) -> Wander {
    Wander::new(space, 1, n_bytes)
}

/// Whether there are more steps to draw.
pub(super) fn is_more(progress: Progress, wander: &Wander, n_steps: u64) -> bool {
    matches!(progress, Progress::More) && wander.n_steps() < n_steps
}
