//! The searches for one line's outcomes: one search for all; what it was cut before is drawn by lot; what is left even
//! then is searched for once more, which goes further the fewer outcomes are wanted; and if few are left, for each alone.

use super::hunt::Hunt;
use super::races::Bounds;
use memcg_core::search::{Limits, Order, Progress, Search, Space, Wander};

/// Memory that one search may use, in bytes.
const N_BYTES_MAX: usize = 4 << 30;

/// The searches for one line's outcomes.
#[derive(Debug)]
pub(super) struct Chase<'b> {
    pub(super) hunt: Hunt,
    bounds: &'b Bounds,
    pub(super) n_states: usize,
    pub(super) n_steps: u64,
    /// The policy drops references of groups that nobody removes: a reduced search that is complete proves nothing.
    pub(super) is_void: bool,
}

impl<'b> Chase<'b> {
    pub(super) fn new(hunt: Hunt, bounds: &'b Bounds) -> Self {
        Self { hunt, bounds, n_states: 0, n_steps: 0, is_void: false }
    }

    /// Looks for everything that is left in this space; whether all was searched that could lead to it.
    pub(super) fn all(&mut self, space: &Space) -> bool {
        let mut search = Search::new(space.clone(), Order::FewestPreemptions, limits(0));
        let mut is_complete = true;
        for only_faults in [false, true] {
            if only_faults && !self.hunt.faults_left() {
                continue;
            }
            self.aim(only_faults);
            is_complete &= self.search(&mut search, 1) || {
                self.draw(space, only_faults);
                self.aim(only_faults);
                self.search(&mut search, 2) || (!only_faults && self.each(&mut search))
            };
        }
        self.n_steps += search.n_steps();
        self.is_void |= search.space().is_reduction_void();
        is_complete
    }

    fn aim(&mut self, only_faults: bool) {
        if only_faults { self.hunt.aim_at_faults() } else { self.hunt.aim() }
    }

    /// One search for each outcome that is left, if they are few; whether all were complete.
    fn each(&mut self, search: &mut Search) -> bool {
        let left = self.hunt.left();
        if left.len() > self.bounds.n_alone_max {
            return false;
        }
        let mut is_complete = true;
        for target in left {
            self.hunt.aim_at(vec![target]);
            is_complete &= self.search(search, 1);
        }
        is_complete
    }

    /// One search for what is aimed at; whether it was complete or had nothing left to look for.
    fn search(&mut self, search: &mut Search, times: usize) -> bool {
        search.restart(Order::FewestPreemptions, limits(self.bounds.n_states_max * times));
        let progress = loop {
            match search.run(100_000, &mut self.hunt) {
                Progress::More => {}
                done => break done,
            }
        };
        self.n_states += search.n_states();
        progress != Progress::Full
    }

    fn draw(&mut self, space: &Space, only_faults: bool) {
        self.aim(only_faults);
        let mut wander = Wander::new(space.clone(), 1, N_BYTES_MAX);
        let n_drawn_max = self.bounds.n_drawn_max as u64;
        while wander.n_steps() < n_drawn_max
            && wander.run(100_000, &mut self.hunt) == Progress::More
        {}
        self.n_steps += wander.n_steps();
        self.is_void |= wander.space().is_reduction_void();
    }
}

fn limits(n_states_max: usize) -> Limits {
    Limits { n_states_max, n_bytes_max: N_BYTES_MAX }
}
