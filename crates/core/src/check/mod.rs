//! Checks: whether properties hold in every run of a world under a policy, and the shortest schedule if one does not.
//!
//! Runs in slices over [`crate::search`], can be dropped at any time, and keeps to a bound of states and memory. What
//! a verdict means is in `docs/check.md`.

mod bounded;
mod breaches;
mod fewest;
mod front;
mod leak;
mod manner;
mod now;
mod passing;
mod progress;
mod property;
mod returned;
mod safety;
mod verdict;

pub use bounded::WalkBound;
pub use front::Front;
pub use manner::Manner;
pub use now::{Now, now};
pub use passing::{Passed, passing};
pub use property::{Properties, Property};
pub use verdict::{Bound, Broken, EqualThreads, Extent, Verdict};

use crate::machine::{FaultInfo, FaultKind, Machine};
use crate::program::Program;
use crate::schedule::Move;
use crate::search::{Choice, Limits, Order, Progress, Search, Space, StateId, Wander};
use crate::world::World;
use alloc::{
    boxed::Box,
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
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
    reduced: bool,
    equal_threads: EqualThreads,
    search: Search,
    breaches: Breaches,
    /// Steps drawn by lot.
    n_drawn: u64,
    stage: Stage,
    verdict: Option<Verdict>,
}

impl Check {
    /// A check of a world whose walks end, see [`WalkBound`].
    pub fn new(program: Arc<Program>, world: Arc<World>, options: Options) -> Self {
        let is_drawn = matches!(options.manner, Manner::Drawn(_));
        let merged = options.symmetric && options.properties.are_symmetric() && !is_drawn;
        let space = space(&program, &world, options.reduced, true);
        let equal_threads = match (space.is_symmetric(), merged) {
            (false, _) => EqualThreads::Absent,
            (true, true) => EqualThreads::Merged,
            (true, false) => EqualThreads::Apart,
        };
        let mut check = Self {
            search: Search::new(space, order(options), options.limits),
            program,
            world,
            options,
            reduced: options.reduced,
            equal_threads,
            breaches: Breaches { properties: options.properties, first: None },
            n_drawn: 0,
            stage: Stage::Search,
            verdict: None,
        };
        if equal_threads == EqualThreads::Apart {
            check.begin();
        }
        if let Manner::Drawn(n_steps) = options.manner {
            let wander = manner::drawn(
                &check.program,
                &check.world,
                options.reduced,
                options.limits.n_bytes_max,
            );
            check.stage = Stage::Drawn(Box::new(wander), n_steps);
        }
        check
    }

    /// From the start, with the reductions that are left.
    fn begin(&mut self) {
        let merged = self.equal_threads == EqualThreads::Merged;
        let space = space(&self.program, &self.world, self.reduced, merged);
        self.search = Search::new(space, order(self.options), self.options.limits);
        self.stage = Stage::Search;
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

    /// What it is at, in words.
    pub const fn stage_words(&self) -> &'static str {
        match self.stage {
            Stage::Search => "looking at states",
            Stage::Drawn(..) => "drawing walks",
            Stage::Fewest(..) => "looking for the schedule with the fewest switches",
            Stage::Cycles(..) | Stage::Inside(..) => "looking for runs that go round",
            Stage::Done => "done",
        }
    }

    /// How far it is.
    pub fn extent(&self) -> Extent {
        Extent {
            n_states: self.search.n_states(),
            n_steps: self.search.n_steps() + self.n_drawn,
            reduced: self.reduced,
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
        } else if manner::is_more(progress, &wander, n_steps_max) {
            self.stage = Stage::Drawn(wander, n_steps_max);
        } else {
            self.bounded(Bound::Drawn { n_walks: wander.n_walks() });
        }
    }

    fn look(&mut self, n_steps: usize) {
        let progress = self.search.run(n_steps, &mut self.breaches);
        if let Some(breach) = self.breaches.first {
            if self.options.manner != Manner::Every {
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
            Progress::Complete | Progress::Over => None,
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
        if self.search.space().is_reduction_void() && self.reduced {
            // What the reduction rests on does not hold under this policy: all over again without it.
            self.reduced = false;
            self.begin();
            return;
        }
        if self.options.properties.have_progress() {
            self.stage = Stage::Cycles(Cycles::new(&mut self.search, true), cut);
        } else {
            self.close(cut);
        }
    }

    fn close(&mut self, cut: Option<Bound>) {
        match cut {
            Some(by) => self.bounded(by),
            None => self.verdict = Some(Verdict::Holds(self.extent())),
        }
    }

    fn bounded(&mut self, by: Bound) {
        let n_waiting = self.search.n_waiting();
        self.verdict = Some(Verdict::Bounded { by, extent: self.extent(), n_waiting });
    }

    fn judge(&mut self, cycles: Cycles, cut: Option<Bound>) {
        if !cycles.has_found() {
            self.close(cut);
            return;
        }
        if self.equal_threads == EqualThreads::Merged {
            self.equal_threads = EqualThreads::ApartForFairness;
            self.begin();
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
            self.close(cut);
            return;
        };
        self.tell_cycle(property, entry, &cycle);
    }

    fn tell_cycle(&mut self, property: Property, entry: StateId, cycle: &[Choice]) {
        let stem = self.search.path(entry);
        let world = Arc::clone(&self.world);
        let name = |thread: usize| world.threads.get(thread).map_or(World::WORKER, |t| &t.name);
        let mut threads: Vec<usize> = cycle.iter().map(|c| c.thread).collect();
        threads.sort_unstable();
        threads.dedup();
        let names = threads.iter().map(|t| name(*t)).collect::<Vec<_>>().join(" and ");
        let mut schedule = self.search.space().moves(&stem);
        let goes_round_from = Some(schedule.len());
        let words;
        if let ([thread], Property::CallReturns) = (&threads[..], property) {
            schedule.push(Move::Call { thread: name(*thread).to_string() });
            words = format!("{names}'s call does not return");
        } else {
            let mut all = stem.clone();
            all.extend_from_slice(cycle);
            schedule = self.search.space().moves(&all);
            words = match property {
                Property::CallReturns => format!("calls of {names} go round for ever"),
                _ => format!("{names} walks for ever: the same state comes again and again"),
            };
        }
        self.verdict = Some(Verdict::Broken(Broken {
            property,
            name: property.name().to_string(),
            words,
            schedule,
            goes_round_from,
            thread: threads.first().copied(),
            n_steps: stem.len(),
            n_switches: fewest::n_switches(&stem),
            is_fewest: false,
            extent: self.extent(),
        }));
    }

    /// A breach, by the best path that is known.
    fn tell(&mut self, breach: Breach, path: Option<Vec<Choice>>) {
        let is_fewest = path.is_some();
        let path = path.unwrap_or_else(|| self.search.path_with(breach.from, breach.choice));
        self.tell_path(breach, &path, is_fewest);
    }

    fn tell_path(&mut self, breach: Breach, path: &[Choice], is_fewest: bool) {
        let hang = breach.fault.filter(|f| f.kind == FaultKind::Hang);
        let hang = hang.map(|f| FaultInfo { thread: path.last().map_or(0, |c| c.thread), ..f });
        let machine = self.played(path);
        let (name, words) = match hang {
            Some(hang) => {
                let picture = machine.fault_picture(&hang);
                (picture.name, picture.words)
            }
            None => self.told(breach, &machine, path),
        };
        let schedule = match (hang, path.split_last()) {
            // The call goes round where it is, however often its steps are named.
            (Some(hang), Some((_, before))) => {
                let mut moves = self.search.space().moves(before);
                moves.push(Move::Call { thread: machine.thread_name(hang.thread).to_string() });
                moves
            }
            _ => self.search.space().moves(path),
        };
        self.verdict = Some(Verdict::Broken(Broken {
            property: breach.property,
            name,
            words,
            schedule,
            goes_round_from: None,
            thread: path.last().map(|c| c.thread),
            n_steps: path.len(),
            n_switches: fewest::n_switches(path),
            is_fewest,
            extent: self.extent(),
        }));
    }

    /// The machine behind these steps.
    fn played(&self, path: &[Choice]) -> Machine {
        let space = self.search.space();
        let mut machine = space.start();
        for choice in path {
            space.replay(&mut machine, *choice, &mut |_: &mut Machine| ());
        }
        machine
    }

    fn told(&self, breach: Breach, machine: &Machine, path: &[Choice]) -> (String, String) {
        if let Some(fault) = machine.fault() {
            let picture = machine.fault_picture(fault);
            return (picture.name, picture.words);
        }
        let name = breach.property.name().to_string();
        let words = match path.last().filter(|_| breach.property != Property::Leak) {
            Some(last) => {
                let thread = machine.thread_name(last.thread);
                let wrong = Space::wrong_now(machine, last.thread);
                wrong.map_or(String::new(), |what| returned::words(&self.world, thread, what))
            }
            None => leak::words(machine),
        };
        (name, words)
    }
}

fn space(program: &Arc<Program>, world: &Arc<World>, reduced: bool, symmetric: bool) -> Space {
    let space = Space::new(Arc::clone(program), Arc::clone(world), reduced);
    if symmetric { space.with_symmetry() } else { space }
}

fn order(options: Options) -> Order {
    match options.manner {
        Manner::Preemptions(n) => Order::Preemptions(n),
        Manner::Every | Manner::Drawn(_) => Order::BreadthFirst,
    }
}
