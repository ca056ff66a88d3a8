//! Exhaustive search: every state that a world under a policy can come to, each looked at once.
//!
//! States are told apart exactly, by their bytes. The search runs in slices, keeps to a bound of memory, and keeps for
//! every state the step by which it was found first, so that a schedule can be given back. What is looked for, and
//! what need not be followed, is a [`Watch`]'s to say: the search judges nothing.

mod edges;
mod history;
mod index;
mod live;
mod lots;
mod memo;
mod movers;
mod pack;
mod path;
mod space;
mod step;
mod symmetry;
mod wander;

pub(crate) use edges::{Did, Edge};
pub use history::{Asked, Note};
pub use space::{Choice, Space, Wrong};
pub use wander::Wander;

use crate::machine::{FaultInfo, Machine, ThreadId};
use crate::picture::Returned;
use alloc::{vec, vec::Vec};
use index::{Index, finish, mix};
use lots::Lots;
use space::Event;
use step::{FIRST, ITEM_MAX, Step, decode, encode};

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

/// A search under way.
#[derive(Clone, Debug)]
pub struct Search {
    space: Space,
    order: Order,
    limits: Limits,
    /// Words a state: the mark, the shared part, the threads' parts.
    stride: usize,
    words: Vec<u32>,
    parents: Vec<StateId>,
    /// The step that led here, see [`Step`].
    by: Vec<u16>,
    index: Index,
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
}

/// The part of a mark that is the watch's, where a search takes the rest.
const MARKS: Mark = 0x00ff_ffff;

/// States have numbers of 32 bits, of which the last stands for none.
const N_STATES_MAX: usize = (StateId::MAX - 0x1_0000) as usize;

impl Search {
    /// A search of this space from its start.
    pub fn new(space: Space, order: Order, limits: Limits) -> Self {
        let stride = space.n_threads() + 2;
        let mut search = Self {
            space,
            order,
            limits,
            stride,
            words: Vec::new(),
            parents: Vec::new(),
            by: Vec::new(),
            index: Index::new(),
            now: Vec::new(),
            later: Vec::new(),
            needs: Vec::new(),
            cursor: 0,
            n_steps: 0,
            n_preemptions: 0,
            is_cut: false,
            lots: Lots::new(0),
            scratch: vec![0; stride],
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
        self.words.clear();
        self.parents.clear();
        self.by.clear();
        self.index.clear();
        self.now.clear();
        self.later.clear();
        self.needs.clear();
        let initial = self.space.initial();
        self.scratch[0] = self.space.start_mark().0;
        self.scratch[1..].copy_from_slice(&initial);
        self.add(StateId::MAX, encode(FIRST), 0);
    }

    /// The space that is searched.
    pub fn space(&self) -> &Space {
        &self.space
    }

    /// Different states found.
    pub fn n_states(&self) -> usize {
        self.parents.len()
    }

    /// Steps made, those to states that were known included; over all restarts.
    pub fn n_steps(&self) -> u64 {
        self.n_steps
    }

    /// States that wait to be looked at.
    pub fn n_waiting(&self) -> usize {
        match self.order {
            Order::BreadthFirst => self.parents.len() - self.cursor as usize,
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
        for (state, parent) in (0..).zip(&self.parents).skip(1) {
            if *parent >= begin {
                begin = state;
                starts.push(begin);
            }
        }
        Some(starts)
    }

    /// Memory in use, in bytes.
    pub fn n_bytes(&self) -> usize {
        let n_waiting = self.now.capacity() + self.later.capacity() + self.needs.capacity() / 2;
        let n_words = self.words.len() + self.parents.len() + n_waiting;
        n_words * size_of::<u32>()
            + self.by.len() * size_of::<u16>()
            + self.index.n_bytes()
            + self.space.n_bytes()
    }

    /// Bytes that one stored state takes, the table of states included and the parts that states share left out.
    pub fn n_bytes_per_state(&self) -> usize {
        (self.stride + 1) * size_of::<u32>()
            + size_of::<u16>()
            + self.index.n_bytes() / self.n_states().max(1)
    }

    /// Looks at up to `n_states` states.
    pub fn run(&mut self, n_states: usize, watch: &mut impl Watch) -> Progress {
        for _ in 0..n_states {
            if watch.is_over() {
                return Progress::Over;
            }
            if self.n_states() >= self.limits.n_states_max.min(self.n_states_possible())
                || (self.n_states().is_multiple_of(1024)
                    && self.n_bytes() > self.limits.n_bytes_max)
            {
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
            let state = self.cursor;
            self.cursor += u32::from((state as usize) < self.parents.len());
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

    /// A state's parts.
    /// Whether what is wrong with a step's return is so in the state it is made in.
    fn is_wrong(&mut self, state: StateId, what: Wrong) -> bool {
        let at = state as usize * self.stride;
        let end = at + 2 + self.space.n_threads();
        self.space.is_wrong(&self.words[at + 1..end], what)
    }

    fn words(&self, state: StateId) -> &[u32] {
        let at = state as usize * self.stride;
        &self.words[at..at + self.stride]
    }

    fn expand(&mut self, state: StateId, watch: &mut impl Watch) {
        let mut mark = self.words(state)[0];
        if let Order::Preemptions(_) = self.order {
            mark &= MARKS;
        }
        if !watch.is_wanted(mark) {
            return;
        }
        let is_noted = self.space.has_history();
        if is_noted && state == 0 {
            watch.noted(state, None, self.space.start_mark().1);
        }
        let shared = self.words(state)[1];
        let n_threads = self.space.n_threads();
        let last = decode(self.by[state as usize]).lands;
        let last_inside = self.space.is_inside(self.words(state)[2 + last]);
        let n_waiting = self.now.len();
        let mut n_can = 0;
        let mut alone = None;
        let mut only = None;
        for thread in 0..n_threads {
            let local = self.words(state)[2 + thread];
            for item in 0..=ITEM_MAX {
                let step = self.space.step(thread, local, shared, item);
                if step.event == Event::None {
                    break;
                }
                n_can += 1;
                self.n_steps += 1;
                let choice = Choice { thread, item };
                only = Some(choice);
                if let Some(what) = step.wrong.filter(|what| self.is_wrong(state, *what)) {
                    watch.wrong(state, choice, what);
                }
                let mut to = mark;
                match step.event {
                    Event::Fault(fault) => {
                        watch.fault(state, choice, self.space.fault(fault));
                        if is_noted {
                            watch.noted(state, Some(choice), self.note(state, mark, Some(fault)));
                        }
                    }
                    Event::Returned(returned) => match watch.returned(mark, thread, returned) {
                        Some(marked) => to = marked,
                        None => to = Mark::MAX,
                    },
                    Event::None | Event::Stepped => {}
                }
                if !matches!(step.event, Event::Fault(_)) && to != Mark::MAX {
                    let at = state as usize * self.stride;
                    self.scratch.copy_from_slice(&self.words[at..at + self.stride]);
                    self.scratch[1] = step.shared;
                    self.scratch[2 + thread] = step.local;
                    if is_noted {
                        let from = (local, shared);
                        let behind = &self.scratch[1..];
                        let note;
                        (to, note) = self.space.follow(mark, thread, from, step.event, behind);
                        watch.noted(state, Some(choice), note);
                    }
                    let lands = self.space.settle(&mut self.scratch[1..], thread);
                    self.scratch[0] = self.marked(to, lands, step.local);
                    let costs = u8::from(thread != last && last_inside);
                    let is_new = self.add(state, encode(Step { choice, lands }), costs);
                    alone = (!is_new && step.event == Event::Stepped).then_some(choice);
                }
                if !step.has_more {
                    break;
                }
                // More items than a step can name: what they lead to is not looked at.
                self.is_cut |= item == ITEM_MAX;
            }
        }
        if let Order::Drawn(_) = self.order {
            self.shuffle(n_waiting);
        }
        if n_can == 0 {
            let at = state as usize * self.stride;
            let machine = self.space.machine(&self.words[at + 1..at + self.stride]);
            watch.rest(state, mark, machine);
            if is_noted {
                watch.rests(state, self.note(state, mark, None));
            }
        }
        // One thread alone can move, and what it does is known already: it may go round for ever. Or others have just
        // left it alone.
        let left = only.filter(|o| {
            let is_inside = self.space.is_inside(self.words(state)[2 + o.thread]);
            watch.follows_alone() && (o.thread != last || !is_inside)
        });
        if n_can == 1
            && watch.looks_for_loops()
            && let Some(choice) = alone.or(left)
            && let local = self.words(state)[2 + choice.thread]
            && let Some(fault) = self.space.loops_alone(choice.thread, local, shared)
        {
            watch.fault(state, choice, self.space.fault(fault));
        }
    }

    /// What is so in a state, at a fault if there is one.
    fn note(&mut self, state: StateId, mark: Mark, fault: Option<u32>) -> Note {
        let at = state as usize * self.stride;
        let fault = fault.map(|fault| *self.space.fault(fault));
        self.space.note(mark, &self.words[at + 1..at + self.stride], fault)
    }

    /// Puts what waits from this place on into an order drawn by lot.
    fn shuffle(&mut self, from: usize) {
        for at in (from + 1..self.now.len()).rev() {
            let other = from + self.lots.below(at - from + 1);
            self.now.swap(at, other);
        }
    }

    /// Keeps the state in `scratch` if it is new, to be looked at; whether it is.
    fn add(&mut self, parent: StateId, by: u16, costs: u8) -> bool {
        let stride = self.stride;
        let hash = self.scratch.iter().fold(0, |hash, word| mix(hash, u64::from(*word)));
        let hash = finish(hash);
        let (words, scratch) = (&self.words, &self.scratch);
        let known = |state: u32| {
            let at = state as usize * stride;
            words[at..at + stride] == scratch[..]
        };
        let cell = match self.index.find(hash, known) {
            Err(cell) => cell,
            Ok(state) => {
                self.come_again(state, parent, by, costs);
                return false;
            }
        };
        let state = u32::try_from(self.parents.len()).expect("no more than N_STATES_MAX states");
        self.words.extend_from_slice(&self.scratch);
        self.parents.push(parent);
        self.by.push(by);
        self.index.insert(cell, hash, state);
        match self.order {
            Order::BreadthFirst => {}
            Order::FewestPreemptions if costs > 0 => self.later.push(state),
            Order::Preemptions(_) => {
                self.needs.push((u8::MAX, false));
                self.come_again(state, parent, by, costs);
            }
            _ => self.now.push(state),
        }
        true
    }

    /// A state has been come to by this step; with a bound of preemptions, it counts with how few.
    fn come_again(&mut self, state: StateId, parent: StateId, by: u16, costs: u8) {
        let Order::Preemptions(_) = self.order else { return };
        let n = u8::try_from(self.n_preemptions).unwrap_or(u8::MAX).saturating_add(costs);
        let (needs, is_over) = &mut self.needs[state as usize];
        if !*is_over && n < *needs {
            *needs = n;
            (self.parents[state as usize], self.by[state as usize]) = (parent, by);
            if costs > 0 { self.later.push(state) } else { self.now.push(state) }
        }
    }
}
