//! Exhaustive search: every state that a world under a policy can come to, each looked at once.
//!
//! States are told apart exactly, by their bytes. The search runs in slices, keeps to a bound of memory, and keeps for
//! every state the step by which it was found first, so that a schedule can be given back. What is looked for, and
//! what need not be followed, is a [`Watch`]'s to say: the search judges nothing.

#![expect(
    clippy::inline_always,
    reason = "the page's programs are built for size, where nothing is inlined by itself; these are the innermost parts of a search"
)]

mod block;
mod deferred;
mod edges;
mod expand;
mod history;
mod index;
mod live;
mod looks;
mod lots;
mod movers;
mod pack;
mod path;
mod pieces;
mod recall;
mod returns;
mod sleep;
mod space;
mod states;
mod step;
mod symmetry;
#[cfg(test)]
mod tests;
mod wander;

pub(crate) use edges::{Did, Edge};
pub use history::{Asked, Note};
pub use returns::Wrong;
pub use space::{Choice, Space};
pub use wander::Wander;

use crate::machine::{FaultInfo, Machine, ThreadId};
use crate::picture::Returned;
use alloc::{vec, vec::Vec};
use deferred::Deferred;
use lots::Lots;
use sleep::Sleep;
use states::States;
use step::{FIRST, encode};

/// A state's number, in the order in which they were found.
pub type StateId = u32;

/// What a watcher makes of a path: a number of its own that goes into the state. Two states that differ in it are
/// two.
pub type Mark = u32;

/// Looks at what a search finds, and prunes it.
pub trait Watch {
    /// A call of the iterator returned: the mark from here on, or `None` if this need not be followed.
    fn returned(&mut self, mark: Mark, thread: ThreadId, returned: Returned) -> Option<Mark>;

    /// Whether a state with this mark need be looked at (any more).
    fn is_wanted(&mut self, mark: Mark) -> bool;

    /// Whether [`Self::is_wanted`] always says so. If not, it matters by which ways a state is come to, and no step is left
    /// out because it leads to a known one.
    fn wants_all(&self) -> bool {
        true
    }

    /// From this state the thread comes to a fault with its next step; the state's number gives its schedule.
    fn fault(&mut self, from: StateId, choice: Choice, fault: &FaultInfo);

    /// With its next step from this state the thread's call returns what it should not.
    fn wrong(&mut self, _from: StateId, _choice: Choice, _what: Wrong) {}

    /// Whether calls that do not return are looked for at all.
    fn looks_for_loops(&self) -> bool {
        true
    }

    /// Whether a thread that is left alone inside a call is to be followed to its end, which finds loops in which
    /// something goes on growing.
    fn follows_alone(&self) -> bool {
        false
    }

    /// What is so behind a step from this state (or in the first state, for no step), if something is asked of runs.
    fn noted(&mut self, _from: StateId, _choice: Option<Choice>, _note: Note) {}

    /// The same where nothing can step any more.
    fn rests(&mut self, _at: StateId, _note: Note) {}

    /// Nothing can step any more in this state.
    fn rest(&mut self, at: StateId, mark: Mark, machine: &Machine);

    /// Whether all has been found that was looked for.
    fn is_over(&self) -> bool;
}

/// In which order states are looked at.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Order {
    /// Nearest first: the first schedule found is a shortest one, in steps of the search.
    BreadthFirst,
    /// Those first that need fewer switches away from a thread in the middle of a call; among equals the latest.
    FewestPreemptions,
    /// Only what comes of so many switches away from a thread in the middle of a call, those first that need fewer,
    /// among equals the nearest first. A thread in the middle of a call that made the last step is part of the state,
    /// in the uppermost byte of the mark: marks below 2²⁴ are left to the watch.
    Preemptions(u8),
    /// The latest first.
    DepthFirst,
    /// The latest first, what one state leads to in an order drawn from this seed.
    Drawn(u64),
}

/// How far a search is.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Progress {
    /// There is more to look at.
    More,
    /// Every state has been looked at, but for those that the watch did not want.
    Complete,
    /// The watch has seen all that it wanted.
    Over,
    /// The bound of states or memory is reached, with more to look at.
    Full,
}

/// What keeps a search finite.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Limits {
    /// States kept at most.
    pub n_states_max: usize,
    /// Memory used at most, in bytes, as far as the search can count it.
    pub n_bytes_max: usize,
}

/// How a state was come to first.
#[derive(Copy, Clone, Debug)]
struct Arrival {
    parent: StateId,
    /// The step, see [`Step`].
    by: u16,
    /// Threads whose step from it leads to a known state, see [`sleep`].
    asleep: u8,
}

/// A search under way.
#[derive(Clone, Debug)]
pub struct Search {
    space: Space,
    order: Order,
    limits: Limits,
    /// The mark, the shared part, the threads' parts.
    states: States,
    arrivals: Vec<Arrival>,
    /// To be looked at, the last first.
    now: Vec<StateId>,
    /// To be looked at after those, since they need one preemption more.
    later: Vec<StateId>,
    /// With a bound of preemptions: how many each state needs, and whether it has been looked at.
    needs: Vec<(u8, bool)>,
    /// The next to be looked at: a state where all are looked at in order, or else a place in `now`.
    cursor: StateId,
    n_steps: u64,
    n_preemptions: u32,
    is_cut: bool,
    lots: Lots,
    scratch: Vec<u32>,
    sleep: Sleep,
    deferred: Deferred,
    is_sleepless: bool,
    /// What a step leads to differs from where it is made in the mark, the shared part and its thread's part, and is looked
    /// at in turn: nothing of runs is kept, no threads change places.
    is_plain: bool,
}

/// The part of a mark that is the watch's, where a search takes the rest.
const MARKS: Mark = 0x00ff_ffff;

/// Bits of a state's shared part and of a thread's part at first: they get more when they need them.
const SHARED_BITS: u32 = 20;
const LOCAL_BITS: u32 = 11;

/// States have numbers of 32 bits, of which the last stands for none.
const N_STATES_MAX: usize = (StateId::MAX - 0x1_0000) as usize;

impl Search {
    /// A search of this space from its start.
    pub fn new(space: Space, order: Order, limits: Limits) -> Self {
        let n_numbers = space.n_threads() + 2;
        let mut search = Self {
            space,
            order,
            limits,
            states: States::new(
                core::iter::once(0)
                    .chain([SHARED_BITS])
                    .chain(core::iter::repeat_n(LOCAL_BITS, n_numbers - 2)),
            ),
            arrivals: Vec::new(),
            now: Vec::new(),
            later: Vec::new(),
            needs: Vec::new(),
            cursor: 0,
            n_steps: 0,
            n_preemptions: 0,
            is_cut: false,
            lots: Lots::new(0),
            scratch: vec![0; n_numbers],
            sleep: Sleep::new(false),
            deferred: Deferred::default(),
            is_sleepless: false,
            is_plain: false,
        };
        search.restart(order, limits);
        search
    }

    /// Forgets all states and begins anew; what is known about steps is kept.
    pub fn restart(&mut self, order: Order, limits: Limits) {
        (self.order, self.limits) = (order, limits);
        (self.cursor, self.n_preemptions, self.is_cut) = (0, 0, false);
        self.lots = match order {
            Order::Drawn(seed) => Lots::new(seed),
            _ => Lots::new(0),
        };
        self.states.clear();
        self.arrivals.clear();
        self.deferred.clear();
        self.now.clear();
        self.later.clear();
        self.needs.clear();
        self.is_plain =
            order == Order::BreadthFirst && !self.space.is_symmetric() && !self.space.has_history();
        let is_small = self.space.n_threads() <= sleep::N_THREADS_MAX;
        self.sleep = Sleep::new(self.is_plain && is_small && !self.is_sleepless);
        let initial = self.space.initial();
        self.scratch[0] = self.space.start_mark().0;
        self.scratch[1..].copy_from_slice(&initial);
        let first = self.scratch.clone();
        self.add(&first, Arrival { parent: StateId::MAX, by: encode(FIRST), asleep: 0 }, 0);
    }

    /// The search in which no thread is put to sleep: the same states by the same steps, only later. Begins anew.
    #[must_use]
    pub fn sleepless(mut self) -> Self {
        self.is_sleepless = true;
        self.restart(self.order, self.limits);
        self
    }

    /// The space that is searched.
    pub fn space(&self) -> &Space {
        &self.space
    }

    /// Different states found.
    pub fn n_states(&self) -> usize {
        self.arrivals.len()
    }

    /// Steps made, those to states that were known included; over all restarts.
    pub fn n_steps(&self) -> u64 {
        self.n_steps
    }

    /// States that wait to be looked at.
    pub fn n_waiting(&self) -> usize {
        match self.order {
            Order::BreadthFirst => self.arrivals.len() - self.cursor as usize,
            Order::Preemptions(_) => {
                let is_waiting = |(_, is_over): &&(u8, bool)| !is_over;
                self.needs.iter().filter(is_waiting).count()
            }
            _ => self.now.len() + self.later.len(),
        }
    }

    /// Preemptions of the states that are looked at now; with [`Order::FewestPreemptions`] only.
    pub fn n_preemptions(&self) -> u32 {
        self.n_preemptions
    }

    /// Where each layer of states begins, those as many steps from the start as layers lie before; `None` if they are
    /// not looked at in this order.
    pub(crate) fn layers(&self) -> Option<Vec<StateId>> {
        if self.order != Order::BreadthFirst {
            return None;
        }
        let mut starts = vec![0];
        let mut begin = 0;
        for (state, arrival) in (0..).zip(&self.arrivals).skip(1) {
            if arrival.parent >= begin {
                begin = state;
                starts.push(begin);
            }
        }
        Some(starts)
    }

    /// Memory in use, in bytes.
    pub fn n_bytes(&self) -> usize {
        let n_waiting = self.now.capacity() + self.later.capacity() + self.needs.capacity() / 2;
        n_waiting * size_of::<u32>()
            + self.arrivals.len() * size_of::<Arrival>()
            + self.states.n_bytes()
            + self.space.n_bytes()
    }

    /// Bytes that one stored state takes, the table of states included and the parts that states share left out.
    pub fn n_bytes_per_state(&self) -> usize {
        size_of::<Arrival>() + self.states.n_bytes() / self.n_states().max(1)
    }

    /// Looks at up to `n_states` states.
    pub fn run(&mut self, n_states: usize, watch: &mut impl Watch) -> Progress {
        let progress = self.run_on(n_states, watch);
        self.keep_deferred();
        progress
    }

    fn run_on(&mut self, n_states: usize, watch: &mut dyn Watch) -> Progress {
        for _ in 0..n_states {
            if watch.is_over() {
                return Progress::Over;
            }
            let n_max = self.limits.n_states_max.min(self.n_states_possible());
            if self.n_states() + self.deferred.len() >= n_max {
                self.keep_deferred();
            }
            if self.n_states() >= n_max
                || (self.n_states().is_multiple_of(1024)
                    && self.n_bytes() > self.limits.n_bytes_max)
            {
                self.keep_deferred();
                let is_complete = self.n_waiting() == 0 && !self.is_cut;
                return if is_complete { Progress::Complete } else { Progress::Full };
            }
            let Some(state) = self.take() else {
                return if self.is_cut { Progress::Full } else { Progress::Complete };
            };
            self.expand(state, watch);
        }
        if watch.is_over() { Progress::Over } else { Progress::More }
    }

    /// With a bound of preemptions a history has only a part of the mark for its number, and there is at most one for
    /// every state.
    fn n_states_possible(&self) -> usize {
        match self.order {
            Order::Preemptions(_) if self.space.has_history() => MARKS as usize,
            _ => N_STATES_MAX,
        }
    }

    fn take(&mut self) -> Option<StateId> {
        if self.order == Order::BreadthFirst {
            if self.cursor as usize == self.arrivals.len() {
                self.keep_deferred();
            }
            let state = self.cursor;
            self.cursor += u32::from((state as usize) < self.arrivals.len());
            return (self.cursor > state).then_some(state);
        }
        if let Order::Preemptions(n_max) = self.order {
            return self.take_within(n_max);
        }
        if self.now.is_empty() {
            core::mem::swap(&mut self.now, &mut self.later);
            self.n_preemptions += 1;
        }
        self.now.pop()
    }

    /// The next state that needs no more preemptions than this.
    fn take_within(&mut self, n_max: u8) -> Option<StateId> {
        loop {
            while let Some(state) = self.now.get(self.cursor as usize).copied() {
                self.cursor += 1;
                // It may have been come to with fewer in the meantime.
                if !core::mem::replace(&mut self.needs[state as usize].1, true) {
                    return Some(state);
                }
            }
            let is_left = self.later.iter().any(|state| !self.needs[*state as usize].1);
            if !is_left || self.n_preemptions >= u32::from(n_max) {
                self.is_cut |= is_left;
                return None;
            }
            self.now.clear();
            core::mem::swap(&mut self.now, &mut self.later);
            (self.cursor, self.n_preemptions) = (0, self.n_preemptions + 1);
        }
    }

    /// The mark of a state to which a thread has made the last step.
    fn marked(&self, mark: Mark, lands: ThreadId, local: u32) -> Mark {
        match self.order {
            Order::Preemptions(_) => {
                let is_inside = self.space.is_inside(local);
                let by = u32::try_from(lands + 1).unwrap_or(0);
                mark & MARKS | if is_inside { by << 24 } else { 0 }
            }
            _ => mark,
        }
    }

    /// Whether what is wrong with a step's return is so in the state it is made in.
    fn is_wrong(&mut self, state: StateId, what: Wrong) -> bool {
        let numbers = self.numbers(state);
        self.space.is_wrong(&numbers[1..], what)
    }

    /// A state's numbers: the mark, the shared part, the threads' parts.
    fn numbers(&self, state: StateId) -> Vec<u32> {
        let mut out = vec![0; 2 + self.space.n_threads()];
        self.states.read(state, &mut out);
        out
    }
}
