//! Where lanes part: the first call whose result differs, or a fault that not all come to.
//!
//! Lanes are compared by what the calls of each thread return, in their order: a lane that has made
//! a call ahead of the others differs only once what it returned differs.

use crate::machine::ThreadId;
use crate::picture::Returned;
use crate::run::{LaneReport, MoveReport, Outcome};
use crate::world::World;
use alloc::{vec, vec::Vec};

/// How two lanes differ for the first time. Lanes go by their place among those compared.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Difference {
    /// One has come to a fault and the first has not, or the other way round.
    Fault {
        /// The lane whose state differs from the first one's.
        lane: usize,
    },
    /// The same call of a thread returned something else than in a lane that made it before.
    Returned {
        /// The lane that differs.
        lane: usize,
        /// The thread.
        thread: ThreadId,
        /// Which of its calls of `next`, from 1.
        call: usize,
        /// What it returned in this lane.
        own: Returned,
        /// What it returned in the other.
        other: Returned,
    },
}

/// What the calls of every thread have returned so far.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    /// Per thread: what its calls returned in the lane that is furthest.
    returned: Vec<Vec<Returned>>,
    /// Per lane and thread: how far it is.
    n_told: Vec<Vec<usize>>,
}

impl Told {
    pub(crate) fn new(world: &World, n_lanes: usize) -> Self {
        let n_threads = world.threads.len() + 1;
        Self { returned: vec![Vec::new(); n_threads], n_told: vec![vec![0; n_threads]; n_lanes] }
    }

    /// Takes a move in; `lanes` are the places, in the report, of the lanes that are compared.
    pub(crate) fn see(
        &mut self,
        world: &World,
        report: &MoveReport,
        lanes: &[usize],
    ) -> Option<Difference> {
        let mover = world.thread(report.mv.thread()).unwrap_or(world.threads.len());
        let halted = |lane: &LaneReport| lane.outcome == Outcome::Halted;
        let first = halted(&report.lanes[*lanes.first()?]);
        let mut found = lanes
            .iter()
            .position(|at| halted(&report.lanes[*at]) != first)
            .map(|lane| Difference::Fault { lane });
        for (lane, at) in lanes.iter().enumerate() {
            let own = &report.lanes[*at];
            let own_call = own.returned.map(|returned| (mover, returned));
            for (thread, returned) in own.returned_along.iter().copied().chain(own_call) {
                let call = &mut self.n_told[lane][thread];
                match self.returned[thread].get(*call) {
                    Some(other) if *other != returned && found.is_none() => {
                        let (call, own, other) = (*call + 1, returned, *other);
                        found = Some(Difference::Returned { lane, thread, call, own, other });
                    }
                    Some(_) => {}
                    None => self.returned[thread].push(returned),
                }
                *call += 1;
            }
        }
        found
    }
}
