//! Runs drawn by lot that come to rest and break nothing: what a policy does when all goes well, to be looked at.

use super::fewest;
use super::leak;
use super::manner;
use crate::machine::{FaultInfo, Machine, ThreadId};
use crate::picture::Returned;
use crate::program::Program;
use crate::schedule::Move;
use crate::search::{Choice, Mark, Space, StateId, Watch, Wrong};
use crate::world::World;
use alloc::{sync::Arc, vec::Vec};

/// A run that came to rest.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Passed {
    /// Moves from the start to where nothing can run any more.
    pub schedule: Vec<Move>,
    /// What every call of the iterator returned, in order.
    pub returned: Vec<(ThreadId, Returned)>,
    /// Steps of the search.
    pub n_steps: usize,
    /// Changes from one thread to another.
    pub n_switches: usize,
}

/// Follows one walk.
#[derive(Default)]
struct Walk {
    returned: Vec<(ThreadId, Returned)>,
    is_bad: bool,
    is_at_rest: bool,
}

impl Watch for Walk {
    fn returned(&mut self, mark: Mark, thread: ThreadId, returned: Returned) -> Option<Mark> {
        self.returned.push((thread, returned));
        Some(mark)
    }

    fn is_wanted(&mut self, _: Mark) -> bool {
        true
    }

    fn fault(&mut self, _: StateId, _: Choice, _: &FaultInfo) {
        self.is_bad = true;
    }

    fn wrong(&mut self, _: StateId, _: Choice, _: Wrong) {
        self.is_bad = true;
    }

    fn rest(&mut self, _: StateId, _: Mark, machine: &Machine) {
        self.is_at_rest = true;
        self.is_bad |= !leak::leaked(machine).is_empty();
    }

    fn is_over(&self) -> bool {
        self.is_bad || self.is_at_rest
    }
}

/// Up to `n_runs` different runs of a world whose walks end, of those that `n_steps_max` steps come upon; always the
/// same ones. Left out is what breaks safety, returns what it should not, or leaks.
pub fn passing(
    program: &Arc<Program>,
    world: &Arc<World>,
    n_runs: usize,
    n_steps_max: u64,
) -> Vec<Passed> {
    let space = Space::new(Arc::clone(program), Arc::clone(world), true);
    let mut wander = manner::drawn(space, usize::MAX);
    let mut paths: Vec<Vec<Choice>> = Vec::new();
    let mut out = Vec::new();
    while out.len() < n_runs && wander.n_steps() < n_steps_max {
        let mut walk = Walk::default();
        while !walk.is_over() && wander.n_steps() < n_steps_max {
            let n_before = wander.path().len();
            wander.run(1, &mut walk);
            // A walk that goes round for ever was left behind.
            if wander.path().len() <= n_before && !walk.is_over() {
                wander.begin();
                walk = Walk::default();
            }
        }
        let path = wander.path();
        if walk.is_at_rest && !walk.is_bad && !paths.iter().any(|known| known == path) {
            out.push(Passed {
                schedule: wander.space().moves(path),
                returned: walk.returned,
                n_steps: path.len(),
                n_switches: fewest::n_switches(path),
            });
            paths.push(path.to_vec());
        }
        wander.begin();
    }
    out
}
