//! A schedule played once, with what a figure needs of it: what every move did, and pictures of some moments.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use memcg_core::picture::LanePicture;
use memcg_core::run::{Outcome, Run};
use memcg_core::tally::Mark;
use memcg_core::words::sentence;
use memcg_core::world::World;
use memcg_scenario::Scenario;

/// A move, as a timeline shows it.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Note {
    /// The thread that moves; the number of threads stands for the kernel's worker.
    pub thread: usize,
    /// Per lane: what is worth a mark.
    pub marks: Vec<Vec<Mark>>,
    /// Per lane: whether it made the move.
    pub moved: Vec<bool>,
}

/// A moment.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Frame {
    /// Moves made.
    pub at: usize,
    /// What the last of them did, in words.
    pub sentence: String,
    /// The lanes.
    pub lanes: Vec<LanePicture>,
}

/// A schedule played to its end.
#[derive(Clone, Debug)]
pub struct Film {
    /// What was played; its lanes are those of the run.
    pub scenario: Scenario,
    /// The world.
    pub world: World,
    /// The fragment of a link to what was played, where its text does not say all: with edited listings.
    pub link: Option<String>,
    /// Names of the lanes.
    pub lanes: Vec<String>,
    /// All moves.
    pub notes: Vec<Note>,
    /// The moments that were asked for, in their order.
    pub frames: Vec<Frame>,
}

impl Film {
    /// Plays the scenario's schedule in a run at its start, and keeps the moments after these numbers of moves.
    ///
    /// Numbers beyond the schedule's length mean its end.
    pub fn shoot(mut run: Run, scenario: &Scenario, moments: impl Fn(usize) -> bool) -> Self {
        run.keep_records(false);
        let world = run.world().clone();
        let mut scenario = scenario.clone();
        scenario.lanes = run.lanes().iter().map(|lane| lane.spec().clone()).collect();
        scenario.expectations.retain(|e| scenario.lanes.contains(&e.lane));
        let mut frames = Vec::new();
        let frame = |run: &Run, at: usize, sentence: String| Frame {
            at,
            sentence,
            lanes: (0..run.n_lanes()).map(|lane| run.picture(lane)).collect(),
        };
        if moments(0) {
            frames.push(frame(&run, 0, "before the first move.".to_string()));
        }
        let mut notes = Vec::new();
        for (mv, at) in scenario.schedule.iter().zip(1..) {
            let report = run.apply(mv);
            if moments(at) {
                frames.push(frame(&run, at, sentence(&run, &report)));
            }
            let moved = |o: &Outcome| matches!(o, Outcome::Moved | Outcome::AlreadyThere);
            notes.push(Note {
                thread: world.thread(mv.thread()).unwrap_or(world.threads.len()),
                moved: report.lanes.iter().map(|lane| moved(&lane.outcome)).collect(),
                marks: report.lanes.into_iter().map(|lane| lane.marks).collect(),
            });
        }
        let lanes = scenario.lanes.iter().map(ToString::to_string).collect();
        Self { scenario, world, link: None, lanes, notes, frames }
    }

    /// Plays and keeps one moment, the end if it is beyond.
    pub fn at(run: Run, scenario: &Scenario, moment: usize) -> Self {
        let moment = moment.min(scenario.schedule.len());
        Self::shoot(run, scenario, |at| at == moment)
    }
}
