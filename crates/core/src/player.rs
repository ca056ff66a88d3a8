//! Time travel through a schedule, with named branches. The past is never edited: choosing
//! otherwise forks, and no future is lost.

use crate::parting::Told;
use crate::run::{MoveReport, Run};
use crate::schedule::Move;
use crate::words;
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

/// A recorded schedule.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Branch {
    /// Its name: `main`, then `fork 1` and so on.
    pub name: String,
    /// The branch that it left.
    pub parent: Option<usize>,
    /// Moves that it shares with the branch it left.
    pub fork_at: usize,
    /// All its moves, the shared ones included.
    pub moves: Vec<Move>,
}

/// How a chosen move was recorded.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Taken {
    /// It is the move that was recorded here.
    Followed,
    /// It extends the branch.
    Appended,
    /// It differs from what was recorded: a new branch, by its place.
    Forked(usize),
}

/// The first move whose results differ between lanes.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Divergence {
    /// The move, from 0.
    pub at: usize,
    /// In words.
    pub words: String,
}

/// Copies of the run kept along a branch, so that going back is quick.
#[derive(Clone, Debug)]
struct Checkpoint {
    at: usize,
    run: Run,
}

/// Most checkpoints kept; beyond, every other is dropped and they stand twice as far apart.
const CHECKPOINTS_MAX: usize = 64;

/// A run, its recorded schedules and the place in time.
#[derive(Clone, Debug)]
pub struct Player {
    branches: Vec<Branch>,
    branch: usize,
    cursor: usize,
    run: Run,
    previous: Option<Run>,
    checkpoints: Vec<Checkpoint>,
    /// Moves between two checkpoints.
    apart: usize,
    /// Reports of the branch's moves, as far as they have been played; without records.
    reports: Vec<MoveReport>,
    /// The report of the move before the cursor, with its records.
    last: Option<MoveReport>,
}

impl Player {
    /// A player at the start of a schedule.
    pub fn new(run: Run, moves: Vec<Move>) -> Self {
        let main = Branch { name: "main".to_string(), parent: None, fork_at: 0, moves };
        Self::with_branches(run, vec![main], 0)
    }

    /// A player at the start of one of several schedules; without any, of an empty one.
    pub fn with_branches(run: Run, branches: Vec<Branch>, branch: usize) -> Self {
        if branches.is_empty() {
            return Self::new(run, Vec::new());
        }
        Self {
            branch: branch.min(branches.len() - 1),
            branches,
            cursor: 0,
            checkpoints: vec![Checkpoint { at: 0, run: run.clone() }],
            run,
            previous: None,
            apart: 8,
            reports: Vec::new(),
            last: None,
        }
    }

    /// Moves taken.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Moves recorded on this branch.
    pub fn len(&self) -> usize {
        self.moves().len()
    }

    /// Whether nothing is recorded.
    pub fn is_empty(&self) -> bool {
        self.moves().is_empty()
    }

    /// The moves of this branch.
    pub fn moves(&self) -> &[Move] {
        &self.branches[self.branch].moves
    }

    /// The report of a move (from 0), once it has been played. Only that of the last move has records: [`Self::last`].
    pub fn report(&self, at: usize) -> Option<&MoveReport> {
        self.reports.get(at)
    }

    /// All reports so far known on this branch, without records.
    pub fn reports(&self) -> &[MoveReport] {
        &self.reports
    }

    /// The report of the move before the cursor, with its records.
    pub fn last(&self) -> Option<&MoveReport> {
        self.last.as_ref()
    }

    /// The run at the cursor.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The run one move earlier.
    pub fn previous(&self) -> Option<&Run> {
        self.previous.as_ref()
    }

    /// Works towards `target` (clipped to the branch's length) for about `n_accesses` micro-steps; true when it is there.
    ///
    /// Call it again until it is. At least one move is made in each call.
    pub fn seek(&mut self, target: usize, n_accesses: u64) -> bool {
        let target = target.min(self.len());
        if target == self.cursor {
            return true;
        }
        if target < self.cursor || self.best_checkpoint(target) > self.cursor {
            self.rewind(target);
        }
        let mut n_done = 0;
        while self.cursor < target {
            if n_done >= n_accesses && n_done > 0 {
                return false;
            }
            let is_last = self.cursor + 1 == target;
            n_done += self.play(is_last);
        }
        true
    }

    /// Seeks without a bound.
    pub fn go_to(&mut self, target: usize) {
        while !self.seek(target, u64::MAX) {}
    }

    /// Place of the last checkpoint that is before `target`, so that its last move is played.
    fn best_checkpoint(&self, target: usize) -> usize {
        let before = self.checkpoints.iter().rev().find(|c| c.at < target || c.at == 0);
        before.map_or(0, |c| c.at)
    }

    fn rewind(&mut self, target: usize) {
        let at = self.best_checkpoint(target);
        if let Some(checkpoint) = self.checkpoints.iter().find(|c| c.at == at) {
            self.run = checkpoint.run.clone();
            self.cursor = at;
            self.previous = None;
            self.last = None;
        }
    }

    /// Plays the move at the cursor; gives the number of accesses.
    fn play(&mut self, is_last: bool) -> u64 {
        let mv = self.moves()[self.cursor].clone();
        if is_last {
            self.previous = Some(self.run.clone());
        }
        self.run.keep_records(is_last);
        let report = self.run.apply(&mv);
        self.cursor += 1;
        let n = report.lanes.iter().map(|l| u64::from(l.n_accesses)).sum::<u64>() + 1;
        if self.reports.len() < self.cursor {
            let mut bare = report.clone();
            bare.lanes.iter_mut().for_each(|l| l.records.clear());
            self.reports.push(bare);
        }
        self.last = is_last.then_some(report);
        let newest = self.checkpoints.last().map_or(0, |c| c.at);
        if self.cursor >= newest + self.apart {
            self.checkpoints.push(Checkpoint { at: self.cursor, run: self.run.clone() });
            if self.checkpoints.len() > CHECKPOINTS_MAX {
                let mut odd = false;
                self.checkpoints.retain(|_| {
                    odd = !odd;
                    odd
                });
                self.apart *= 2;
            }
        }
        n
    }

    /// Takes a move at the cursor: follows the recorded one if it is the same, else forks; the old branch stays.
    pub fn take(&mut self, mv: Move) -> Taken {
        let taken = match self.moves().get(self.cursor) {
            Some(recorded) if *recorded == mv => Taken::Followed,
            Some(_) => {
                let mut moves = self.moves()[..self.cursor].to_vec();
                moves.push(mv);
                let name = format!("fork {}", self.branches.len());
                let parent = Some(self.branch);
                self.branches.push(Branch { name, parent, fork_at: self.cursor, moves });
                self.branch = self.branches.len() - 1;
                self.forget_after(self.cursor);
                Taken::Forked(self.branch)
            }
            None => {
                self.branches[self.branch].moves.push(mv);
                Taken::Appended
            }
        };
        self.play(true);
        taken
    }

    /// Puts moves in at the cursor, which stays: what was recorded after it comes after them.
    ///
    /// The recorded schedule stays as it is: the first insertion makes a branch, later ones go into it.
    pub fn insert(&mut self, moves: Vec<Move>) {
        let own = self.branches[self.branch].parent.is_some()
            && self.branches[self.branch].fork_at <= self.cursor;
        if !own {
            let name = format!("fork {}", self.branches.len());
            let (parent, fork_at) = (Some(self.branch), self.cursor);
            let all = self.moves().to_vec();
            self.branches.push(Branch { name, parent, fork_at, moves: all });
            self.branch = self.branches.len() - 1;
        }
        for branch in &mut self.branches {
            if branch.parent == Some(self.branch) {
                branch.fork_at = branch.fork_at.min(self.cursor);
            }
        }
        let at = self.cursor;
        self.branches[self.branch].moves.splice(at..at, moves);
        self.forget_after(at);
    }

    /// All branches.
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// The branch played, by its place.
    pub fn branch(&self) -> usize {
        self.branch
    }

    /// Plays another branch; the cursor goes no further than what both share, if it was beyond.
    pub fn switch(&mut self, branch: usize) {
        if branch >= self.branches.len() || branch == self.branch {
            return;
        }
        let (old, new) = (&self.branches[self.branch].moves, &self.branches[branch].moves);
        let n_shared = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        self.branch = branch;
        self.forget_after(n_shared);
        if self.cursor > n_shared {
            self.rewind(n_shared);
            self.go_to(n_shared);
        }
    }

    /// What was played beyond this place belongs to another branch.
    fn forget_after(&mut self, at: usize) {
        self.reports.truncate(at);
        self.checkpoints.retain(|c| c.at <= at);
    }

    /// The first move, among those played, after which lanes differ in what the calls of a thread returned, or in a fault.
    ///
    /// A lane that has made a call ahead of the schedule differs only once what it returned differs.
    pub fn divergence(&self) -> Option<Divergence> {
        let world = self.run.world();
        let lanes: Vec<usize> = (0..self.run.n_lanes()).collect();
        let mut told = Told::new(world, lanes.len());
        let at = self.reports.iter().position(|r| told.see(world, r, &lanes).is_some())?;
        let words = words::sentence(&self.run, &self.reports[at]);
        Some(Divergence { at, words })
    }

    /// What the move before the cursor did, in one sentence.
    pub fn sentence(&self) -> String {
        let report = self.last.as_ref().or_else(|| self.reports.get(self.cursor.checked_sub(1)?));
        report.map_or_else(String::new, |report| words::sentence(&self.run, report))
    }
}
