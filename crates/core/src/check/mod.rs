//! Checks: whether properties hold in every run of a world under a policy, and the shortest schedule if one does not.
//!
//! Runs in slices over [`crate::search`], can be dropped at any time, and keeps to a bound of states and memory. What
//! a verdict means is in `docs/check.md`.

mod asked;
mod bounded;
mod breaches;
mod coverage;
mod double_visits;
mod fewest;
mod front;
mod leak;
mod manner;
mod now;
mod passing;
mod progress;
mod property;
mod restarts;
mod returned;
mod safety;
mod told;
mod verdict;

pub use asked::Questions;
pub use bounded::WalkBound;
pub use front::Front;
pub use leak::leaked;
pub use manner::Manner;
pub use now::{Now, now};
pub use passing::{Passed, passing};
pub use property::{Properties, Property};
pub use verdict::{Bound, Broken, Commuting, EqualThreads, Extent, Verdict, Why, Witness};

use crate::program::Program;
use crate::search::{Choice, Limits, Order, Progress, Search, Space, Wander};
use crate::world::World;
use alloc::{boxed::Box, sync::Arc, vec::Vec};
use breaches::{Breach, Breaches};
use fewest::Fewest;
use progress::Cycles;

/// What is checked, and how far.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Options {
    /// Properties to check.
    pub properties: Properties,
    /// Bounds.
    pub limits: Limits,
    /// Whether accesses that commute with all that others can do take no step of their own.
    pub reduced: bool,
    /// Whether states are one that differ only in which of the threads that do the same is where.
    pub symmetric: bool,
    /// Which runs are looked at.
    pub manner: Manner,
}

/// Where a check is.
#[derive(Clone, Debug)]
enum Stage {
    /// All states are looked at, nearest first.
    Search,
    /// Runs are drawn by lot.
    Drawn(Box<Wander>, u64),
    /// A breach was found: the shortest schedule with the fewest switches is looked for.
    Fewest(Fewest, Breach),
    /// The graph is complete (or cut, by this bound): it is looked through for cycles.
    Cycles(Cycles, Option<Bound>),
    /// Likewise, for cycles in which this condition has not held.
    Lacking(Cycles, usize, Option<Bound>),
    /// There is a cycle; is there one in which no call returns?
    Inside(Cycles, Cycles, Option<Bound>),
    Done,
}

/// A check under way.
#[derive(Clone, Debug)]
pub struct Check {
    program: Arc<Program>,
    world: Arc<World>,
    options: Options,
    questions: Questions,
    commuting: Commuting,
    equal_threads: EqualThreads,
    search: Search,
    breaches: Breaches,
    /// Steps drawn by lot.
    n_drawn: u64,
    /// Of walks drawn by lot, the steps to where each condition was seen to hold.
    drawn_ways: Vec<(usize, Vec<Choice>)>,
    is_complete: bool,
    stage: Stage,
    verdict: Option<Verdict>,
}

impl Check {
    /// A check of a world whose walks end, see [`WalkBound`].
    pub fn new(program: Arc<Program>, world: Arc<World>, options: Options) -> Self {
        Self::asking(program, world, options, Questions::default())
    }

    /// As [`Self::new`], with the conditions of a scenario.
    pub fn asking(
        program: Arc<Program>,
        world: Arc<World>,
        mut options: Options,
        questions: Questions,
    ) -> Self {
        if !questions.conditions.is_empty() {
            options.properties = options.properties.and(Properties::only(Property::Condition));
        }
        let commuting = questions.made_of_commuting(options);
        let is_reduced = commuting == Commuting::Merged;
        let bare = Space::new(Arc::clone(&program), Arc::clone(&world), is_reduced);
        let mut check = Self {
            search: Search::new(bare, order(options), options.limits),
            program,
            world,
            commuting,
            equal_threads: EqualThreads::Absent,
            breaches: Breaches::new(options.properties, &questions.conditions),
            n_drawn: 0,
            drawn_ways: Vec::new(),
            is_complete: false,
            stage: Stage::Search,
            verdict: None,
            options,
            questions,
        };
        check.equal_threads = check.made_of_equal_threads();
        check.begin();
        if let Manner::Drawn(n_steps) = options.manner {
            let wander = manner::drawn(check.space(false), options.limits.n_bytes_max);
            check.breaches = check.breaches.stopping_for_seen();
            check.stage = Stage::Drawn(Box::new(wander), n_steps);
        }
        check
    }

    fn made_of_equal_threads(&self) -> EqualThreads {
        let asked = self.questions.asked(self.options.properties);
        let space = self.bare_space().with_symmetry();
        if !space.is_symmetric() {
            return EqualThreads::Absent;
        }
        EqualThreads::Apart(if !self.options.symmetric {
            Why::Asked
        } else if matches!(self.options.manner, Manner::Drawn(_)) {
            Why::Drawn
        } else if space.may_be_symmetric(&asked) {
            return EqualThreads::Merged;
        } else {
            self.questions.naming_a_thread().map_or(Why::Rounds, Why::Condition)
        })
    }

    /// From the start, with the reductions that are left.
    fn begin(&mut self) {
        let space = self.space(self.equal_threads == EqualThreads::Merged);
        self.search = Search::new(space, order(self.options), self.options.limits);
        self.breaches = Breaches::new(self.options.properties, &self.questions.conditions);
        self.stage = Stage::Search;
    }

    /// The space, without what is asked of runs.
    fn bare_space(&self) -> Space {
        let is_reduced = self.commuting == Commuting::Merged;
        Space::new(Arc::clone(&self.program), Arc::clone(&self.world), is_reduced)
    }

    fn space(&self, symmetric: bool) -> Space {
        let space = self.bare_space();
        let space = if symmetric { space.with_symmetry() } else { space };
        space.with_history(self.questions.asked(self.options.properties))
    }

    /// Makes up to so many steps; [`Progress::More`] until there is a verdict.
    pub fn run(&mut self, n_steps: usize) -> Progress {
        match core::mem::replace(&mut self.stage, Stage::Done) {
            Stage::Search => self.look(n_steps),
            Stage::Drawn(wander, n_steps_max) => self.draw(wander, n_steps, n_steps_max),
            Stage::Fewest(mut fewest, breach) => {
                if fewest.run(&mut self.search, n_steps) {
                    self.stage = Stage::Fewest(fewest, breach);
                } else {
                    let path = fewest.path(&self.search);
                    self.tell(breach, path);
                }
            }
            Stage::Cycles(mut cycles, cut) => {
                if !cycles.run(&mut self.search, n_steps) {
                    self.judge(cycles, cut);
                } else if self.n_bytes() + cycles.n_bytes() > self.options.limits.n_bytes_max {
                    self.bounded(Bound::Memory);
                } else {
                    self.stage = Stage::Cycles(cycles, cut);
                }
            }
            Stage::Lacking(mut cycles, condition, cut) => {
                if !cycles.run(&mut self.search, n_steps) {
                    self.lacks(cycles, condition, cut);
                } else if self.n_bytes() + cycles.n_bytes() > self.options.limits.n_bytes_max {
                    self.bounded(Bound::Memory);
                } else {
                    self.stage = Stage::Lacking(cycles, condition, cut);
                }
            }
            Stage::Inside(outside, mut inside, cut) => {
                if inside.run(&mut self.search, n_steps) {
                    self.stage = Stage::Inside(outside, inside, cut);
                } else {
                    self.goes_round(outside, inside, cut);
                }
            }
            Stage::Done => {}
        }
        match &self.verdict {
            None => Progress::More,
            Some(Verdict::Holds(_)) => Progress::Complete,
            Some(Verdict::Broken(_)) => Progress::Over,
            Some(Verdict::Bounded { .. }) => Progress::Full,
        }
    }

    /// What it came to, once [`Self::run`] says something else than that there is more.
    pub fn verdict(&self) -> Option<&Verdict> {
        self.verdict.as_ref()
    }

    /// Whether every state was looked at. A verdict that something holds may come before that, if nothing is asked but
    /// what should hold sometimes.
    pub const fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Where conditions hold that should sometimes, by the shortest way; those found so far.
    pub fn witnesses(&self) -> Vec<Witness> {
        let found = self.breaches.seen.iter().enumerate().filter_map(|(condition, seen)| {
            let (from, choice) = (*seen)?;
            let drawn = self.drawn_ways.iter().find(|(at, _)| *at == condition);
            let path = match drawn {
                Some((_, path)) => path.clone(),
                None => match choice {
                    Some(_) => self.search.path_with(from, choice),
                    None => self.search.path(from),
                },
            };
            let schedule = self.search.space().moves(&path);
            Some(Witness { condition, schedule, n_steps: path.len() })
        });
        found.collect()
    }

    /// What it is at, in words.
    pub const fn stage_words(&self) -> &'static str {
        match self.stage {
            Stage::Search => "looking at states",
            Stage::Drawn(..) => "drawing walks",
            Stage::Fewest(..) => "looking for the schedule with the fewest switches",
            Stage::Cycles(..) | Stage::Lacking(..) | Stage::Inside(..) => {
                "looking for runs that go round"
            }
            Stage::Done => "done",
        }
    }

    /// How far it is.
    pub fn extent(&self) -> Extent {
        Extent {
            n_states: self.search.n_states(),
            n_steps: self.search.n_steps() + self.n_drawn,
            commuting: self.commuting,
            equal_threads: self.equal_threads,
        }
    }

    /// States that wait to be looked at.
    pub fn n_waiting(&self) -> usize {
        self.search.n_waiting()
    }

    /// Memory in use, in bytes, as far as it can be counted.
    pub fn n_bytes(&self) -> usize {
        self.search.n_bytes()
    }

    /// Bytes that one stored state takes, the parts that states share left out.
    pub fn n_bytes_per_state(&self) -> usize {
        self.search.n_bytes_per_state()
    }

    fn draw(&mut self, mut wander: Box<Wander>, n_steps: usize, n_steps_max: u64) {
        let n_left = n_steps_max.saturating_sub(wander.n_steps());
        let progress = wander.run(n_left.min(n_steps as u64), &mut self.breaches);
        self.n_drawn = wander.n_steps();
        if let Some(breach) = self.breaches.first {
            let mut path = wander.path().to_vec();
            path.extend(breach.choice);
            self.tell_path(breach, &path, false);
        } else if let Some(at) = self.breaches.just_seen.take() {
            let choice = self.breaches.seen[at].and_then(|(_, choice)| choice);
            let mut path = wander.path().to_vec();
            path.extend(choice);
            self.drawn_ways.push((at, path));
            self.stage = Stage::Drawn(wander, n_steps_max);
        } else if progress == Progress::Over {
            self.verdict = Some(Verdict::Holds(self.extent()));
        } else if manner::is_more(progress, &wander, n_steps_max) {
            self.stage = Stage::Drawn(wander, n_steps_max);
        } else {
            self.bounded(Bound::Drawn { n_walks: wander.n_walks() });
        }
    }

    fn look(&mut self, n_steps: usize) {
        let progress = self.search.run(n_steps, &mut self.breaches);
        if let Some(breach) = self.breaches.first {
            if self.options.manner != Manner::Every || breach.is_at_start() {
                self.tell(breach, None);
                return;
            }
            let n_bytes = Fewest::n_bytes_per_state(self.search.space().n_threads());
            let needed = self.n_bytes() + n_bytes * self.search.n_states();
            if needed > self.options.limits.n_bytes_max {
                self.tell(breach, None);
            } else {
                self.stage = Stage::Fewest(Fewest::new(&self.search, breach), breach);
            }
            return;
        }
        let cut = match progress {
            Progress::More => {
                self.stage = Stage::Search;
                return;
            }
            Progress::Complete => {
                self.is_complete = true;
                None
            }
            Progress::Over => None,
            Progress::Full if self.search.n_states() >= self.options.limits.n_states_max => {
                Some(Bound::States)
            }
            Progress::Full if self.search.n_bytes() > self.options.limits.n_bytes_max => {
                Some(Bound::Memory)
            }
            // The worker's items that a step cannot name are part of the states' bound.
            Progress::Full if self.options.manner == Manner::Every => Some(Bound::States),
            Progress::Full => Some(Bound::Preemptions),
        };
        if self.search.space().is_reduction_void() && self.commuting == Commuting::Merged {
            // What the reduction rests on does not hold under this policy: all over again without it.
            self.commuting = Commuting::Apart(Why::Void);
            self.begin();
            return;
        }
        if self.options.properties.have_progress() {
            self.stage = Stage::Cycles(Cycles::new(&mut self.search, true), cut);
        } else {
            self.go_on(0, cut);
        }
    }

    /// Looks whether some run never comes to what should hold eventually: the conditions from this one on.
    fn go_on(&mut self, from: usize, cut: Option<Bound>) {
        match self.breaches.eventually().find(|at| *at >= from) {
            Some(at) => {
                self.stage = Stage::Lacking(Cycles::lacking(&mut self.search, at), at, cut);
            }
            None => self.close(cut),
        }
    }

    fn lacks(&mut self, mut cycles: Cycles, condition: usize, cut: Option<Bound>) {
        if cycles.has_found() && self.is_told_apart() {
            return;
        }
        match cycles.cycle(&mut self.search) {
            Some((entry, cycle)) => {
                self.tell_cycle(Property::Condition, Some(condition), entry, &cycle);
            }
            None => self.go_on(condition + 1, cut),
        }
    }

    /// Begins again with equal threads apart, if they were not: whether a cycle is fair asks which is which.
    fn is_told_apart(&mut self) -> bool {
        let is_merged = self.equal_threads == EqualThreads::Merged;
        if is_merged {
            self.equal_threads = EqualThreads::Apart(Why::Fairness);
            self.begin();
        }
        is_merged
    }

    fn close(&mut self, cut: Option<Bound>) {
        match (cut, self.breaches.unseen()) {
            (Some(by), _) => self.bounded(by),
            (None, Some(condition)) => self.never(condition),
            (None, None) => self.verdict = Some(Verdict::Holds(self.extent())),
        }
    }

    fn bounded(&mut self, by: Bound) {
        let n_waiting = self.search.n_waiting();
        self.verdict = Some(Verdict::Bounded { by, extent: self.extent(), n_waiting });
    }

    fn judge(&mut self, cycles: Cycles, cut: Option<Bound>) {
        if !cycles.has_found() {
            self.go_on(0, cut);
            return;
        }
        if self.is_told_apart() {
            return;
        }
        let inside = Cycles::new(&mut self.search, false);
        self.stage = Stage::Inside(cycles, inside, cut);
    }

    /// A run without end: inside a call if there is one, else at the caller.
    fn goes_round(&mut self, mut outside: Cycles, mut inside: Cycles, cut: Option<Bound>) {
        let asks = |property| self.options.properties.has(property);
        let (asks_call, asks_walk) = (asks(Property::CallReturns), asks(Property::WalkEnds));
        let (property, found) = if inside.has_found() && asks_call {
            (Property::CallReturns, inside.cycle(&mut self.search))
        } else if asks_walk {
            (Property::WalkEnds, outside.cycle(&mut self.search))
        } else {
            (Property::CallReturns, None)
        };
        let Some((entry, cycle)) = found else {
            self.go_on(0, cut);
            return;
        };
        self.tell_cycle(property, None, entry, &cycle);
    }
}

fn order(options: Options) -> Order {
    match options.manner {
        Manner::Preemptions(n) => Order::Preemptions(n),
        Manner::Every | Manner::Drawn(_) => Order::BreadthFirst,
    }
}
