//! Lanes in lock-step: the same moves, each under its own policy.
//!
//! A move that a lane cannot make because another thread is in the middle of its call there
//! brings the lane along first: that call is finished. A lane that has made a move already, since
//! it was brought along, lets it pass. See `docs/decisions/0002-lock-step.md`.

use crate::hierarchy::GroupId;
pub use crate::lane::Lane;
use crate::machine::{Can, ThreadId};
use crate::picture::{LanePicture, Returned};
use crate::program::Program;
use crate::registry::{LaneError, compile_lane};
use crate::schedule::{LaneSpec, Move};
use crate::tally::Mark;
use crate::trace::Record;
use crate::world::World;
use alloc::{
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};

/// What became of a move in a lane.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum Outcome {
    /// It was made.
    Moved,
    /// The lane had made it before, when it was brought along.
    AlreadyThere,
    /// The move is inside a call that this lane makes otherwise: it waits at the nearest common point.
    Waits(String),
    /// There was nothing to do, and why.
    Nothing(String),
    /// The lane has come to a fault, in this move or before.
    Halted,
}

/// A move in one lane.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct LaneReport {
    /// Accesses made, in order; empty if the run keeps no records.
    pub records: Vec<Record>,
    /// How many accesses were made.
    pub n_accesses: u32,
    /// What became of the move.
    pub outcome: Outcome,
    /// Threads that first had to run to the end of their calls.
    pub brought_along: Vec<ThreadId>,
    /// What the calls of those threads returned, as far as they were steps of a walk.
    pub returned_along: Vec<(ThreadId, Returned)>,
    /// What the thread's call returned, if it ended a step of the walk.
    pub returned: Option<Returned>,
    /// The call that the moving thread ended.
    pub ended: Option<String>,
    /// Group that the ended call was about, if it was a stage.
    pub about: Option<GroupId>,
    /// What is worth a mark.
    pub marks: Vec<Mark>,
}

/// A move in all lanes.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct MoveReport {
    /// The move.
    pub mv: Move,
    /// The lanes, in order.
    pub lanes: Vec<LaneReport>,
}

/// How large a step is.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug, Default)]
pub enum Grain {
    /// One access to shared state.
    Access,
    /// The rest of a statement of the listing.
    Statement,
    /// A whole call.
    #[default]
    Call,
}

/// Whether a lane can make a move.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum Possible {
    /// It can; what comes next, in words.
    Yes(String),
    /// It cannot; why, and what would free it.
    No(String),
}

/// A move that someone may choose next.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Choice {
    /// The move.
    pub mv: Move,
    /// Whether each lane can make it.
    pub lanes: Vec<Possible>,
}

/// Lanes on one schedule.
#[derive(Clone, Debug)]
pub struct Run {
    world: Arc<World>,
    lanes: Vec<Lane>,
}

impl Run {
    /// Builds every lane; those that cannot be built are reported, by their place.
    ///
    /// # Errors
    /// Unknown names and mistakes in listings, each with the lane's place.
    pub fn new(world: World, lanes: &[LaneSpec]) -> Result<Self, Vec<(usize, LaneError)>> {
        let mut built = Vec::new();
        let mut errors = Vec::new();
        for (at, spec) in lanes.iter().enumerate() {
            match compile_lane(spec) {
                Ok(program) => built.push((spec.clone(), program)),
                Err(error) => errors.push((at, error)),
            }
        }
        if errors.is_empty() { Ok(Self::of_programs(world, built)) } else { Err(errors) }
    }

    /// Lanes whose programs are compiled already, such as those of edited listings.
    pub fn of_programs(world: World, programs: Vec<(LaneSpec, Program)>) -> Self {
        let world = Arc::new(world);
        let lane = |(spec, program)| Lane::new(spec, Arc::new(program), Arc::clone(&world));
        Self { lanes: programs.into_iter().map(lane).collect(), world }
    }

    /// The world that all lanes share.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Number of lanes.
    pub fn n_lanes(&self) -> usize {
        self.lanes.len()
    }

    /// A lane by its place.
    pub fn lane(&self, lane: usize) -> &Lane {
        &self.lanes[lane]
    }

    /// All lanes.
    pub fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    /// Whether reports list every access (they do at first); without them long runs are quicker.
    pub fn keep_records(&mut self, keep: bool) {
        self.lanes.iter_mut().for_each(|lane| lane.keeps_records = keep);
    }

    /// From now on every lane keeps what its rounds have covered, see [`crate::compare`].
    pub(crate) fn keep_rounds(&mut self) {
        self.lanes.iter_mut().for_each(Lane::keep_rounds);
    }

    /// Makes a move in every lane.
    pub fn apply(&mut self, mv: &Move) -> MoveReport {
        let thread = match mv.thread() {
            World::WORKER => Some(self.world.threads.len()),
            name => self.world.thread(name),
        };
        let lanes = self.lanes.iter_mut().map(|lane| match thread {
            Some(thread) => lane.apply(mv, thread),
            None => LaneReport::nothing(format!("there is no thread \"{}\"", mv.thread())),
        });
        let report = MoveReport { mv: mv.clone(), lanes: lanes.collect() };
        self.settle();
        report
    }

    /// A call that every lane has made ahead of the schedule is no lead any more.
    fn settle(&mut self) {
        for thread in 0..=self.world.threads.len() {
            let going = self.lanes.iter().filter(|l| l.machine.fault().is_none());
            let Some(lead) = going.map(|l| l.n_ahead[thread]).min().filter(|n| *n > 0) else {
                continue;
            };
            for lane in &mut self.lanes {
                lane.n_ahead[thread] = lane.n_ahead[thread].saturating_sub(lead);
            }
        }
    }

    /// What a lane looks like now.
    pub fn picture(&self, lane: usize) -> LanePicture {
        self.lanes[lane].picture()
    }

    /// The move by which this thread takes a step of this size in this lane, or, for finer steps, in all that have its label.
    pub fn step_move(
        &self,
        lane: usize,
        thread: &str,
        grain: Grain,
        all_lanes: bool,
    ) -> Option<Move> {
        let at = match thread {
            World::WORKER => self.world.threads.len(),
            name => self.world.thread(name)?,
        };
        let thread = thread.to_string();
        let lane = self.lanes.get(lane)?;
        if grain == Grain::Call {
            return Some(Move::Call { thread });
        }
        if lane.machine.can_step(at) != Can::Step {
            return None;
        }
        let label = lane.label_after(at, grain)?;
        let lane = (!all_lanes).then(|| lane.spec.to_string());
        Some(Move::To { thread, label, lane })
    }

    /// What can be chosen next: every thread's next call, and every item of the worker.
    pub fn choices(&self) -> Vec<Choice> {
        let mut out: Vec<Choice> = self
            .world
            .threads
            .iter()
            .enumerate()
            .map(|(at, thread)| Choice {
                mv: Move::Call { thread: thread.name.clone() },
                lanes: self.lanes.iter().map(|lane| lane.possible(at)).collect(),
            })
            .collect();
        let mut items: Vec<(String, GroupId)> = Vec::new();
        for lane in &self.lanes {
            for item in lane.machine.work_pictures() {
                let key = (item.stage, item.group);
                if !items.contains(&key) {
                    items.push(key);
                }
            }
        }
        out.extend(items.into_iter().map(|(stage, group)| Choice {
            lanes: self.lanes.iter().map(|lane| lane.work_possible(&stage, group)).collect(),
            mv: Move::Work { stage, group: self.world.path(group).to_string() },
        }));
        out
    }
}

impl LaneReport {
    pub(crate) fn new(outcome: Outcome) -> Self {
        Self {
            records: Vec::new(),
            n_accesses: 0,
            outcome,
            brought_along: Vec::new(),
            returned_along: Vec::new(),
            returned: None,
            ended: None,
            about: None,
            marks: Vec::new(),
        }
    }

    pub(crate) fn nothing(why: String) -> Self {
        Self::new(Outcome::Nothing(why))
    }
}
