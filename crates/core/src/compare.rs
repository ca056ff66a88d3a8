//! Policies under one schedule, as a table: the figures of each, and where it first parts from the first.
//!
//! Plain values, for the command line and for pages. What each figure counts is in `docs/compare.md`.

use crate::parting::{Difference, Told};
use crate::picture::{Fault, Returned};
use crate::run::Run;
use crate::schedule::{LaneSpec, Move};
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

/// One lane of the table.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Row {
    /// Policy and core.
    pub lane: LaneSpec,
    /// Groups that calls of the iterator returned.
    pub n_visits: u32,
    /// Rounds that ended.
    pub n_rounds: u32,
    /// Times a walk was back at its root although its round was not finished.
    pub n_restarts: u32,
    /// Groups that lived through a whole round and were not visited in it, summed over rounds.
    pub n_skipped: u32,
    /// Visits of groups that the same round had visited before.
    pub n_doubles: u32,
    /// Positions that a removal set to none.
    pub n_wiped: u32,
    /// References that walks and slots hold at the end: group and how many, in the world's order.
    pub held: Vec<(String, u32)>,
    /// The fault that it came to, and in which move, from 1.
    pub fault: Option<(usize, Fault)>,
    /// Where it first parts from the first lane; `None` if it does not, and for the first.
    pub parts: Option<Parts>,
}

/// Where a lane parts from the first.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Parts {
    /// The move, from 1.
    pub at: usize,
    /// How, in words.
    pub words: String,
}

/// A column of figures: heading and value.
pub type Column = (&'static str, fn(&Row) -> u32);

/// The table's columns of figures, in order.
pub const COLUMNS: [Column; 8] = [
    ("visits", |r| r.n_visits),
    ("rounds", |r| r.n_rounds),
    ("restarts", |r| r.n_restarts),
    ("skipped", |r| r.n_skipped),
    ("doubles", |r| r.n_doubles),
    ("wiped", |r| r.n_wiped),
    ("held", Row::n_refs_held),
    ("faults", |r| r.fault.is_some().into()),
];

impl Row {
    /// References that walks and slots hold at the end.
    pub fn n_refs_held(&self) -> u32 {
        self.held.iter().map(|(_, n)| n).sum()
    }
}

/// Plays the schedule from where the run is (its start, if all is to be counted) and sums every lane up.
pub fn compare(mut run: Run, schedule: &[Move]) -> Vec<Row> {
    run.keep_records(false);
    run.keep_rounds();
    let n_lanes = run.n_lanes();
    let mut told: Vec<Told> = (0..n_lanes).map(|_| Told::new(run.world(), 2)).collect();
    let mut parts: Vec<Option<Parts>> = vec![None; n_lanes];
    let mut faulted = vec![0; n_lanes];
    for (at, mv) in (1..).zip(schedule) {
        let report = run.apply(mv);
        for lane in 0..n_lanes {
            if faulted[lane] == 0 && run.lane(lane).machine().fault().is_some() {
                faulted[lane] = at;
            }
            if lane > 0 && parts[lane].is_none() {
                let found = told[lane].see(run.world(), &report, &[0, lane]);
                parts[lane] = found.map(|d| Parts { at, words: words(&run, lane, d) });
            }
        }
    }
    let rows = parts.into_iter().zip(faulted).enumerate();
    rows.map(|(lane, (parts, faulted))| row(&run, lane, parts, faulted)).collect()
}

fn row(run: &Run, at: usize, parts: Option<Parts>, faulted: usize) -> Row {
    let lane = run.lane(at);
    let machine = lane.machine();
    let counters = lane.counters();
    let rounds = lane.rounds();
    let held = machine.held_by_walks().into_iter();
    Row {
        lane: lane.spec().clone(),
        n_visits: counters.n_visits,
        n_rounds: counters.n_rounds,
        n_restarts: counters.n_restarts,
        n_skipped: rounds.map_or(0, |r| r.n_skipped),
        n_doubles: rounds.map_or(0, |r| r.n_doubles),
        n_wiped: counters.n_wiped,
        held: held.map(|(group, n)| (run.world().path(group).to_string(), n)).collect(),
        fault: machine.fault().map(|f| (faulted, machine.fault_picture(f))),
        parts,
    }
}

/// How a lane differs from the first, in words that name the first.
fn words(run: &Run, lane: usize, difference: Difference) -> String {
    let first = run.lane(0).spec();
    let path = |returned| match returned {
        Returned::Group(group) => run.world().path(group).to_string(),
        Returned::Nothing => "none".to_string(),
    };
    match difference {
        Difference::Fault { .. } => {
            let machine = run.lane(lane).machine();
            match machine.fault() {
                Some(fault) => format!("a fault: {}", machine.fault_picture(fault).words),
                None => format!("goes on where {first} comes to a fault"),
            }
        }
        // Which of the two made the call first does not matter: `own` is that of lane `at`.
        Difference::Returned { lane: at, thread, call, own, other } => {
            let (own, other) = if at == 0 { (other, own) } else { (own, other) };
            let thread = run.lane(lane).machine().thread_name(thread);
            let (own, other) = (path(own), path(other));
            format!("call {call} of {thread} returns {own}, under {first} {other}")
        }
    }
}
