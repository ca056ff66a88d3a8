//! Looking at one state: what every thread can do there, and the states that this leads to.

use super::recall::Known;
use super::space::{Choice, Event};
use super::states::Found;
use super::step::{ITEM_MAX, Step, decode, encode};
use super::{Arrival, MARKS, Mark, Note, Order, Search, StateId, Watch};
use crate::machine::ThreadId;

/// What a state's steps came to.
#[derive(Copy, Clone, Default)]
struct Steps {
    n: usize,
    /// The last one, and where it led to.
    last: Option<Choice>,
    led: Led,
}

/// Where a step led to that did nothing but accesses.
#[derive(Copy, Clone, Eq, PartialEq, Default)]
pub(super) enum Led {
    /// It did something else, or was not made.
    #[default]
    Elsewhere,
    ToKnown,
    ToNew,
    /// That will be seen.
    ToDeferred,
}

impl Search {
    /// Looks at a state.
    pub(super) fn expand(&mut self, state: StateId, watch: &mut dyn Watch) {
        self.load(state);
        let mut mark = self.scratch[0];
        if let Order::Preemptions(_) = self.order {
            mark &= MARKS;
        }
        if !watch.is_wanted(mark) {
            return;
        }
        if self.space.has_history() && state == 0 {
            watch.noted(state, None, self.space.start_mark().1);
        }
        let n_waiting = self.now.len();
        self.put_to_sleep(state, watch);
        let mut steps = Steps::default();
        for thread in 0..self.space.n_threads() {
            self.steps_of(state, mark, thread, &mut steps, watch);
        }
        self.n_steps += steps.n as u64;
        if let Order::Drawn(_) = self.order {
            self.shuffle(n_waiting);
        }
        match (steps.n, steps.last) {
            (0, _) => self.rests(state, mark, watch),
            (1, Some(choice)) => {
                let is_known = steps.led == Led::ToKnown
                    || steps.led == Led::ToDeferred && !self.keep_deferred();
                self.follow_alone(state, choice, is_known, watch);
            }
            _ => {}
        }
        if self.deferred.is_full() {
            self.keep_deferred();
        }
    }

    /// Takes a state's numbers to be stepped from.
    #[inline]
    fn load(&mut self, state: StateId) {
        self.states.read(state, &mut self.scratch);
    }

    /// Looks up the steps of threads that are asleep in this state.
    fn put_to_sleep(&mut self, state: StateId, watch: &mut dyn Watch) {
        if !self.sleep.is_on() {
            return;
        }
        let asleep = if watch.wants_all() { self.arrivals[state as usize].asleep } else { 0 };
        self.sleep.begin(asleep);
        let mut left = asleep;
        while left != 0 {
            let thread = left.trailing_zeros() as usize;
            left &= left - 1;
            let (local, shared) = (self.scratch[2 + thread], self.scratch[1]);
            let known = self.space.look(thread, local, shared, 0);
            self.sleep.put(thread, known);
        }
    }

    /// Makes all that a thread can do in the state that is loaded.
    #[inline(always)]
    fn steps_of(
        &mut self,
        state: StateId,
        mark: Mark,
        thread: ThreadId,
        steps: &mut Steps,
        watch: &mut dyn Watch,
    ) {
        let (local, shared) = (self.scratch[2 + thread], self.scratch[1]);
        let asleep = self.sleep.of(thread);
        let mut item = 0;
        loop {
            let known = match asleep {
                Some(known) => known,
                None => self.space.look(thread, local, shared, item),
            };
            if known.is_nothing() {
                return;
            }
            let choice = Choice { thread, item };
            steps.n += 1;
            steps.last = Some(choice);
            steps.led = Led::Elsewhere;
            let to = if known.is_plain() {
                Some(mark)
            } else {
                self.tell(state, mark, choice, &known, watch)
            };
            if asleep.is_some() {
                debug_assert!(self.is_known_behind(thread, to, &known));
                steps.led = if known.is_plain() { Led::ToKnown } else { Led::Elsewhere };
            } else if let Some(to) = to {
                let led = self.go(state, (mark, to), choice, &known, watch);
                steps.led = if known.is_plain() { led } else { Led::Elsewhere };
                if self.sleep.is_on() && item == 0 && !known.has_more() {
                    self.sleep.rest(thread, &known);
                }
            }
            if !known.has_more() {
                return;
            }
            if item == ITEM_MAX {
                // More items than a step can name: what they lead to is not looked at.
                self.is_cut = true;
                return;
            }
            item += 1;
        }
    }

    /// Tells the watch of a step that is more than accesses; the mark behind it, if it is to be followed.
    fn tell(
        &mut self,
        state: StateId,
        mark: Mark,
        choice: Choice,
        known: &Known,
        watch: &mut dyn Watch,
    ) -> Option<Mark> {
        if let Some(what) = known.wrong().filter(|what| self.is_wrong(state, *what)) {
            watch.wrong(state, choice, what);
        }
        match known.event() {
            Event::Fault(fault) => {
                watch.fault(state, choice, self.space.fault(fault));
                if self.space.has_history() {
                    watch.noted(state, Some(choice), self.note(state, mark, Some(fault)));
                }
                None
            }
            Event::Returned(returned) => watch.returned(mark, choice.thread, returned),
            Event::None | Event::Stepped => Some(mark),
        }
    }

    /// Makes a step from the state that is loaded, from one mark to another; where it leads to.
    #[inline(always)]
    fn go(
        &mut self,
        state: StateId,
        (mark, mut to): (Mark, Mark),
        choice: Choice,
        known: &Known,
        watch: &mut dyn Watch,
    ) -> Led {
        let thread = choice.thread;
        let (local, shared) = (self.scratch[2 + thread], self.scratch[1]);
        let shared_then = self.space.shared_behind(shared, known);
        if self.is_plain {
            let asleep = if self.sleep.is_on() { self.sleep.behind(thread, known) } else { 0 };
            let by = encode(Step { choice, lands: thread });
            let changes = [(0, to), (1, shared_then), (2 + thread, known.local)];
            let arrival = Arrival { parent: state, by, asleep };
            if let Some(hash) = self.states.pack_changed(state, changes) {
                self.deferred.push(&self.states, hash, arrival);
                return Led::ToDeferred;
            }
            let mut numbers = self.scratch.clone();
            for (place, number) in changes {
                numbers[place] = number;
            }
            return self.add(&numbers, arrival, 0);
        }
        self.scratch[1] = shared_then;
        self.scratch[2 + thread] = known.local;
        if self.space.has_history() {
            let (behind, from) = (&self.scratch[1..], (local, shared));
            let note;
            (to, note) = self.space.follow(mark, thread, from, known.event(), behind);
            watch.noted(state, Some(choice), note);
        }
        let lands = self.space.settle(&mut self.scratch[1..], thread);
        self.scratch[0] = self.marked(to, lands, known.local);
        let by = encode(Step { choice, lands });
        let last = decode(self.arrivals[state as usize].by).lands;
        let costs = thread != last && self.space.is_inside(self.states.number(state, 2 + last));
        let arrival = Arrival { parent: state, by, asleep: 0 };
        let led = if self.order == Order::BreadthFirst
            && let Some(hash) = self.states.pack(&self.scratch)
        {
            self.deferred.push(&self.states, hash, arrival);
            Led::ToDeferred
        } else {
            let numbers = core::mem::take(&mut self.scratch);
            let led = self.add(&numbers, arrival, u8::from(costs));
            self.scratch = numbers;
            led
        };
        self.load(state);
        led
    }

    /// Nothing can step any more.
    fn rests(&mut self, state: StateId, mark: Mark, watch: &mut dyn Watch) {
        let numbers = self.numbers(state);
        let machine = self.space.machine(&numbers[1..]);
        watch.rest(state, mark, machine);
        if self.space.has_history() {
            watch.rests(state, self.note(state, mark, None));
        }
    }

    /// One thread alone can move. If what it does is known already, it may go round for ever; or others have just left it
    /// alone.
    fn follow_alone(
        &mut self,
        state: StateId,
        choice: Choice,
        is_known: bool,
        watch: &mut dyn Watch,
    ) {
        let last = decode(self.arrivals[state as usize].by).lands;
        let (shared, local) = (self.scratch[1], self.scratch[2 + choice.thread]);
        let is_left = choice.thread != last || !self.space.is_inside(local);
        if (is_known || watch.follows_alone() && is_left)
            && watch.looks_for_loops()
            && let Some(fault) = self.space.loops_alone(choice.thread, local, shared)
        {
            watch.fault(state, choice, self.space.fault(fault));
        }
    }

    /// What is so in a state, at a fault if there is one.
    pub(super) fn note(&mut self, state: StateId, mark: Mark, fault: Option<u32>) -> Note {
        let numbers = self.numbers(state);
        let fault = fault.map(|fault| *self.space.fault(fault));
        self.space.note(mark, &numbers[1..], fault)
    }

    /// Puts what waits from this place on into an order drawn by lot.
    fn shuffle(&mut self, from: usize) {
        for at in (from + 1..self.now.len()).rev() {
            let other = from + self.lots.below(at - from + 1);
            self.now.swap(at, other);
        }
    }

    /// Looks for the states that were found among the known ones, and keeps those that are new; whether the last is.
    pub(super) fn keep_deferred(&mut self) -> bool {
        self.deferred.keep(&mut self.states, &mut self.arrivals)
    }

    /// Keeps a state if it is new, to be looked at.
    pub(super) fn add(&mut self, numbers: &[u32], arrival: Arrival, costs: u8) -> Led {
        // Those that were found before it come before it, and it may need more room than they have.
        self.keep_deferred();
        let state = match self.states.add(numbers) {
            Found::New(state) => state,
            Found::Known(state) => {
                self.come_again(state, arrival, costs);
                return Led::ToKnown;
            }
        };
        self.arrivals.push(arrival);
        match self.order {
            Order::BreadthFirst => {}
            Order::FewestPreemptions if costs > 0 => self.later.push(state),
            Order::Preemptions(_) => {
                self.needs.push((u8::MAX, false));
                self.come_again(state, arrival, costs);
            }
            _ => self.now.push(state),
        }
        Led::ToNew
    }

    /// A state has been come to by this step; with a bound of preemptions, it counts with how few.
    fn come_again(&mut self, state: StateId, arrival: Arrival, costs: u8) {
        let Order::Preemptions(_) = self.order else { return };
        let n = u8::try_from(self.n_preemptions).unwrap_or(u8::MAX).saturating_add(costs);
        let (needs, is_over) = &mut self.needs[state as usize];
        if !*is_over && n < *needs {
            *needs = n;
            self.arrivals[state as usize] = arrival;
            if costs > 0 { self.later.push(state) } else { self.now.push(state) }
        }
    }

    /// The state in `scratch`, if it is known.
    pub(super) fn known(&mut self) -> Option<StateId> {
        self.states.find(&self.scratch)
    }

    /// Whether the step of a thread that is asleep leads to a state that is known, as it should.
    fn is_known_behind(&mut self, thread: ThreadId, to: Option<Mark>, known: &Known) -> bool {
        self.keep_deferred();
        let here = self.scratch.clone();
        self.scratch[0] = to.unwrap_or(here[0]);
        self.scratch[1] = self.space.shared_behind(here[1], known);
        self.scratch[2 + thread] = known.local;
        let is_known = self.known().is_some();
        self.scratch = here;
        is_known
    }
}
