//! A scenario running: the player, where it is to go, and what there is to see at its cursor.

use super::chronicle::Chronicle;
use crate::geometry::rows::Outline;
use crate::model::groups::GroupSet;
use crate::programs::program;
use memcg_core::check::{Now, Property, now};
use memcg_core::condition::Watch;
use memcg_core::picture::LanePicture;
use memcg_core::player::{Branch, Player, Taken};
use memcg_core::program::Program;
use memcg_core::run::{Choice, Possible, Run};
use memcg_core::schedule::{LaneSpec, Move};
use memcg_core::world::World;
use memcg_scenario::Scenario;
use memcg_scenario::link::ListingEdit;
use std::rc::Rc;

/// Most lanes side by side.
pub const N_LANES_MAX: usize = memcg_scenario::N_LANES_MAX;

/// Micro-steps from one frame to the next while seeking. Even a slow machine makes so many within
/// a twentieth of a second, all lanes together.
const N_ACCESSES_PER_FRAME: u64 = 40_000;

/// Schedules up to this length are played once when they are opened, so that their marks are known.
const N_MOVES_SURVEYED_MAX: usize = 3_000;

/// Most moves that one part of a removal is followed for.
const N_MOVES_OF_REMOVAL_MAX: usize = 8;

/// The schedules that a player is given.
#[derive(Clone, Debug, Default)]
pub struct Branches {
    /// All of them.
    pub all: Vec<Branch>,
    /// The one that is shown.
    pub shown: usize,
}

impl Branches {
    /// One schedule.
    pub fn only(moves: Vec<Move>) -> Self {
        let main = Branch { name: "main".to_owned(), parent: None, fork_at: 0, moves };
        Self { all: vec![main], shown: 0 }
    }

    /// These, the one shown with other moves.
    #[must_use]
    pub fn with_moves(mut self, moves: &[Move]) -> Self {
        match self.all.get_mut(self.shown) {
            Some(branch) if branch.moves == moves => self,
            Some(branch) => {
                moves.clone_into(&mut branch.moves);
                self
            }
            None => Self::only(moves.to_vec()),
        }
    }

    /// These, and those of `others` that came later.
    #[must_use]
    pub fn and_later(mut self, others: &Self) -> Self {
        self.all.extend(others.all.iter().skip(self.all.len()).cloned());
        self
    }

    /// A new branch that leaves the one shown at `fork_at`, and is shown.
    #[must_use]
    pub fn forked(mut self, fork_at: usize, moves: Vec<Move>) -> Self {
        let name = format!("fork {}", self.all.len());
        self.all.push(Branch { name, parent: Some(self.shown), fork_at, moves });
        self.shown = self.all.len() - 1;
        self
    }
}

/// A scenario running.
#[derive(Debug)]
pub struct Playback {
    /// Time travel.
    pub player: Player,
    /// The world, for names.
    pub world: Rc<World>,
    /// Rows of the lanes.
    pub outline: Rc<Outline>,
    /// What there is to see at the cursor.
    pub shown: Shown,
    /// What is watched in every lane.
    pub watches: Rc<Vec<Watch>>,
    /// What has happened so far, for the timeline.
    pub chronicle: Chronicle,
    /// Where it is going, over several frames.
    pub target: Option<usize>,
    /// It is on its way to the end, to know every mark of the schedule, and comes back here.
    back_to: Option<usize>,
    /// What is to be done there.
    pub errand: Option<Errand>,
    /// Whether it plays.
    pub play: Play,
    /// For every lane that runs: its place among the scenario's lanes.
    pub places: Vec<usize>,
    /// The cursor at which it was looked at last, if nothing before it has changed since.
    shown_at: Option<usize>,
}

/// Something to be done once the player is where it is going: groups to remove there.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Errand {
    /// The administrator that removes them; they are its next operations.
    pub thread: String,
    /// Their paths, in order.
    pub paths: Vec<String>,
}

/// Whether it plays.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Play {
    /// It stands still.
    Paused,
    /// It plays what is recorded.
    Recorded,
    /// The opening story: it plays by itself until a person does anything.
    Story,
    /// At the end of what was recorded it goes on, the threads in turn.
    InTurns,
}

/// What there is to see at the cursor.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// Every lane.
    pub pictures: Vec<Rc<LanePicture>>,
    /// Every lane one move earlier; empty at the start.
    pub before: Vec<Rc<LanePicture>>,
    /// Visits of the most visited group of all lanes.
    pub n_visits_max: u32,
    /// What can be chosen next.
    pub choices: Rc<Vec<Choice>>,
    /// For every lane, what this state says of every property; empty if the lane is not there.
    pub now: Vec<Rc<Vec<(Property, Now)>>>,
    /// What the last move did, in one sentence.
    pub sentence: String,
    /// Counts every change, so that the same sentence twice is announced twice.
    pub n_changes: u32,
}

/// Why a scenario does not run, in words.
pub type Reasons = Vec<String>;

impl Playback {
    /// Sets a scenario up, at its start, not looked at yet. What does not resolve, and lanes that cannot run, are left
    /// out and said.
    ///
    /// # Errors
    /// Why nothing can run.
    pub fn new(
        scenario: &Scenario,
        edits: &[ListingEdit],
        branches: Branches,
        folded: &GroupSet,
    ) -> Result<(Self, Reasons), Reasons> {
        let (world, diagnostics) = scenario.world();
        let mut said: Reasons = diagnostics.iter().map(ToString::to_string).collect();
        let mut places: Vec<usize> = (0..scenario.lanes.len().min(N_LANES_MAX)).collect();
        if scenario.lanes.len() > N_LANES_MAX {
            said.push(format!("only the first {N_LANES_MAX} lanes run"));
        }
        let mut lanes: Vec<(LaneSpec, Program)> = Vec::new();
        places.retain(|place| {
            let lane = &scenario.lanes[*place];
            match program(lane, edits) {
                Ok(program) => lanes.push((lane.clone(), program)),
                Err(why) => {
                    said.push(why);
                    return false;
                }
            }
            true
        });
        if lanes.is_empty() {
            if said.is_empty() {
                said.push("no policy is chosen yet".to_owned());
            }
            return Err(said);
        }
        let run = Run::of_programs(world.clone(), lanes);
        let outline = Rc::new(Outline::new(&world, folded));
        let watches = Rc::new(scenario.watched(&world));
        let playback = Self {
            player: Player::with_branches(run, branches.all, branches.shown),
            world: Rc::new(world),
            outline,
            watches,
            shown: Shown::default(),
            chronicle: Chronicle::default(),
            target: None,
            back_to: None,
            errand: None,
            play: Play::Paused,
            places,
            shown_at: None,
        };
        Ok((playback, said))
    }

    /// Moves taken.
    pub fn cursor(&self) -> usize {
        self.player.cursor()
    }

    /// Where it is, or is going.
    pub fn destination(&self) -> usize {
        self.back_to.or(self.target).unwrap_or_else(|| self.cursor())
    }

    /// Moves recorded on the branch shown.
    pub fn moves(&self) -> &[Move] {
        self.player.moves()
    }

    /// All schedules.
    pub fn branches(&self) -> Branches {
        Branches { all: self.player.branches().to_vec(), shown: self.player.branch() }
    }

    /// Whether every recorded move has been taken.
    pub fn is_at_end(&self) -> bool {
        self.destination() >= self.player.len()
    }

    /// Whether it plays.
    pub const fn is_playing(&self) -> bool {
        !matches!(self.play, Play::Paused)
    }

    /// From now on on the way to a place in time, as far as moves are recorded.
    pub fn seek(&mut self, target: usize) {
        self.target = Some(target.min(self.player.len()));
        self.back_to = None;
        self.go();
    }

    /// Plays all that is recorded once, so that its marks are known, and then goes to `cursor`.
    pub fn survey(&mut self, cursor: usize) {
        let n_moves = self.player.len();
        let cursor = cursor.min(n_moves);
        if n_moves > N_MOVES_SURVEYED_MAX {
            self.target = Some(cursor);
        } else {
            self.target = Some(n_moves);
            self.back_to = Some(cursor);
        }
    }

    /// Shows another branch.
    pub fn switch(&mut self, branch: usize) {
        let to = self.cursor();
        self.player.switch(branch);
        self.shown_at = None;
        self.chronicle.forget();
        self.survey(to);
        self.go();
    }

    /// Goes on towards the target for about a frame. `true` when there.
    pub fn go(&mut self) -> bool {
        let Some(target) = self.target else { return true };
        if !self.player.seek(target, N_ACCESSES_PER_FRAME) {
            return false;
        }
        self.target = self.back_to.take();
        if self.target.is_some() || self.run_errand() {
            return false;
        }
        self.look();
        true
    }

    /// Removes the next group of the errand; `true` if there was one.
    fn run_errand(&mut self) -> bool {
        let Some(mut errand) = self.errand.take().filter(|errand| !errand.paths.is_empty()) else {
            return false;
        };
        let path = errand.paths.remove(0);
        let thread = errand.thread.clone();
        let call = Move::Call { thread: thread.clone() };
        let first = self.next_calls(&thread);
        // A removal may be several calls of its thread; the next operation begins as this one began.
        for _ in 0..N_MOVES_OF_REMOVAL_MAX {
            self.insert(call.clone());
            let next = self.next_calls(&thread);
            if next.is_empty() || next.iter().all(|call| first.contains(call)) {
                break;
            }
        }
        for _ in 0..N_MOVES_OF_REMOVAL_MAX {
            let choices = self.player.run().choices();
            let work = choices.into_iter().find(|choice| {
                matches!(&choice.mv, Move::Work { group, .. } if *group == path)
                    && choice.lanes.iter().any(|lane| matches!(lane, Possible::Yes(_)))
            });
            let Some(work) = work else { break };
            self.insert(work.mv);
        }
        self.target = Some(self.cursor());
        self.errand = Some(errand);
        true
    }

    /// Puts a move in at the cursor and makes it.
    fn insert(&mut self, one: Move) {
        self.put_in(one);
        self.player.go_to(self.player.cursor() + 1);
    }

    /// The calls that a thread would make next, in any lane.
    fn next_calls(&self, thread: &str) -> Vec<String> {
        let Some(at) = self.world.thread(thread) else { return Vec::new() };
        let run = self.player.run();
        let next = |lane| run.picture(lane).threads.get(at).and_then(|t| t.next_call.clone());
        (0..run.n_lanes()).filter_map(next).collect()
    }

    /// Goes all the way, however long that takes: for scripts and tests.
    pub fn go_all_the_way(&mut self) {
        while !self.go() {}
    }

    /// Looks at the run as it is at the cursor.
    pub fn look(&mut self) {
        let run = self.player.run();
        let pictures = |run: &Run| (0..run.n_lanes()).map(|at| Rc::new(run.picture(at))).collect();
        let now: Vec<Rc<LanePicture>> = pictures(run);
        let cursor = self.player.cursor();
        let one_on = self.shown_at.replace(cursor).is_some_and(|at| at + 1 == cursor);
        let before = if one_on {
            std::mem::take(&mut self.shown.pictures)
        } else {
            self.player.previous().map(pictures).unwrap_or_default()
        };
        let choices = run.choices();
        let n_visits_max =
            now.iter().flat_map(|p| &p.groups).map(|g| g.n_visits).max().unwrap_or(0);
        self.shown = Shown {
            before,
            n_visits_max,
            now: (0..run.n_lanes()).map(|at| Rc::new(self.says(at, &choices))).collect(),
            choices: Rc::new(choices),
            sentence: self.player.sentence(),
            n_changes: self.shown.n_changes.wrapping_add(1),
            pictures: now,
        };
        self.chronicle.go_on(&self.player, &self.world, &self.outline);
    }

    /// What the state of a lane says of every property.
    fn says(&self, lane: usize, choices: &[Choice]) -> Vec<(Property, Now)> {
        let cannot = |choice: &Choice| matches!(choice.lanes.get(lane), Some(Possible::No(_)));
        let is_at_rest = choices.iter().all(cannot);
        let moved = self.player.cursor().checked_sub(1).and_then(|at| self.moves().get(at));
        let report = self.player.last().and_then(|report| report.lanes.get(lane));
        let returned = report.and_then(|report| report.returned);
        let thread = moved.filter(|_| returned.is_some()).and_then(|m| self.thread(m.thread()));
        let machine = self.player.run().lanes()[lane].machine();
        Property::ALL.map(|p| (p, now(p, machine, thread, is_at_rest))).to_vec()
    }

    /// Takes a move at the cursor, where the player has to be; forks if another is recorded.
    pub fn take(&mut self, one: Move) {
        if let Taken::Forked(_) = self.player.take(one) {
            self.chronicle.forget();
        }
        self.target = None;
        self.look();
    }

    /// Puts a move in at the cursor; what was recorded comes after it.
    pub fn put_in(&mut self, one: Move) {
        self.chronicle.forget();
        self.shown_at = self.shown_at.filter(|at| *at == self.player.cursor());
        self.player.insert(vec![one]);
    }

    /// The lane at a place among the scenario's lanes.
    pub fn lane_at(&self, place: usize) -> Option<usize> {
        self.places.iter().position(|p| *p == place)
    }

    /// The thread with this name, the worker's number being that of the threads.
    pub fn thread(&self, name: &str) -> Option<usize> {
        if name == World::WORKER { Some(self.world.threads.len()) } else { self.world.thread(name) }
    }

    /// The name of a thread.
    pub fn thread_name(&self, thread: usize) -> &str {
        self.world.threads.get(thread).map_or(World::WORKER, |t| t.name.as_str())
    }
}
