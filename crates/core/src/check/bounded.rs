//! A world whose walks end: without that its space has no end either.

use crate::world::{Role, Until, World};

/// What walks that a scenario leaves without end are cut to.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum WalkBound {
    /// So many whole rounds, never broken off; of walks that break off, one more than this, since what the last
    /// one leaves behind only the next can come upon.
    Rounds(u32),
    /// So many calls, then the walk is left by `break`, also where the scenario's would not be.
    Calls(u32),
}

impl WalkBound {
    /// The world with every walk bounded, and how many had no bound of their own.
    pub fn apply(self, world: &World) -> (World, usize) {
        let mut world = world.clone();
        let mut n_cut = 0;
        for thread in &mut world.threads {
            let Role::Reclaimer { until, .. } = &mut thread.role else { continue };
            let cut = self.until(*until);
            n_cut += usize::from(cut != *until);
            *until = cut;
        }
        (world, n_cut)
    }

    /// When a walk is left that was to be left then.
    pub const fn until(self, until: Until) -> Until {
        match (until, self) {
            (Until::Rounds(None) | Until::Visits { n_walks: None, .. }, Self::Calls(n_calls)) => {
                Until::Calls(n_calls)
            }
            (Until::Rounds(None), Self::Rounds(n)) => Until::Rounds(Some(n)),
            (Until::Visits { n_visits, n_walks: None }, Self::Rounds(n)) => {
                Until::Visits { n_visits, n_walks: Some(n.saturating_add(1)) }
            }
            (bounded, _) => bounded,
        }
    }
}
