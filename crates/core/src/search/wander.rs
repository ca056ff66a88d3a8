//! Schedules drawn by lot, for spaces that are too large to be searched: nothing is kept but the way so far.
//!
//! A walk that its watch gives up goes back to a place on its way, drawn as well, and on from there. Some walks take all
//! threads for equally fast, others draw how fast each is.

use super::lots::Lots;
use super::space::Event;
use super::{Choice, Mark, Progress, Space, StateId, Watch, Wrong};
use alloc::{vec, vec::Vec};

/// How often a walk goes back before another begins at the start.
const N_BACK_MAX: usize = 24;

/// Drawn walks through a space.
#[derive(Clone, Debug)]
pub struct Wander {
    space: Space,
    lots: Lots,
    stride: usize,
    /// The states of the way so far, each with its mark first.
    way: Vec<u32>,
    steps: Vec<Choice>,
    /// How often each thread has its chance.
    speeds: Vec<usize>,
    n_back: usize,
    n_walks: u64,
    n_steps: u64,
    n_bytes_max: usize,
}

impl Wander {
    /// Walks through a space; the same seed draws the same walks. They end when the parts of states that are remembered
    /// take more than `n_bytes_max`.
    pub fn new(space: Space, seed: u64, n_bytes_max: usize) -> Self {
        let n_threads = space.n_threads();
        let mut wander = Self {
            space,
            lots: Lots::new(seed),
            stride: n_threads + 2,
            way: Vec::new(),
            steps: Vec::new(),
            speeds: vec![1; n_threads],
            n_back: 0,
            n_walks: 0,
            n_steps: 0,
            n_bytes_max,
        };
        wander.begin();
        wander
    }

    /// The space that is walked.
    pub fn space(&self) -> &Space {
        &self.space
    }

    /// Walks begun.
    pub fn n_walks(&self) -> u64 {
        self.n_walks
    }

    /// Steps made.
    pub fn n_steps(&self) -> u64 {
        self.n_steps
    }

    /// The steps of the walk under way. The last one, if it came to a fault or a return that is wrong, is the watch's to
    /// add.
    pub fn path(&self) -> &[Choice] {
        &self.steps
    }

    /// Makes up to `n_steps` steps. A watch is told [`StateId::MAX`] for every state: [`Self::path`] is its schedule.
    pub fn run(&mut self, n_steps: u64, watch: &mut impl Watch) -> Progress {
        let end = self.n_steps + n_steps;
        while self.n_steps < end {
            if watch.is_over() {
                return Progress::Over;
            }
            if self.n_steps.is_multiple_of(4096) && self.space.n_bytes() > self.n_bytes_max {
                return Progress::Full;
            }
            if !self.step(watch) {
                if watch.is_over() {
                    return Progress::Over;
                }
                self.go_back();
            }
        }
        Progress::More
    }

    /// Another walk, from the start.
    pub(crate) fn begin(&mut self) {
        self.n_walks += 1;
        self.n_back = 0;
        self.way.clear();
        self.steps.clear();
        let (mark, _) = self.space.start_mark();
        self.way.push(mark);
        let initial = self.space.initial();
        self.way.extend_from_slice(&initial);
        let is_even = self.lots.below(2) == 0;
        for speed in &mut self.speeds {
            *speed = if is_even { 1 } else { 1 << (2 * self.lots.below(4)) };
        }
    }

    fn go_back(&mut self) {
        if self.n_back == N_BACK_MAX || self.steps.is_empty() {
            self.begin();
            return;
        }
        self.n_back += 1;
        let n_kept = self.lots.below(self.steps.len());
        self.steps.truncate(n_kept);
        self.way.truncate((n_kept + 1) * self.stride);
    }

    /// A thread by lot, of those whose bit is not set, as fast as each is.
    fn draw(&mut self, cannot: u32) -> Option<usize> {
        let can = |thread: &usize| cannot >> thread & 1 == 0;
        let threads = 0..self.speeds.len();
        let sum: usize = threads.clone().filter(can).map(|t| self.speeds[t]).sum();
        let mut lot = self.lots.below(sum.max(1));
        threads.into_iter().filter(can).find(|t| {
            let is_it = lot < self.speeds[*t];
            lot = lot.wrapping_sub(self.speeds[*t]);
            is_it
        })
    }

    /// One step of a drawn thread; whether the walk goes on.
    fn step(&mut self, watch: &mut dyn Watch) -> bool {
        let at = self.way.len() - self.stride;
        let (mark, shared) = (self.way[at], self.way[at + 1]);
        if !watch.is_wanted(mark) {
            return false;
        }
        let is_noted = self.space.has_history();
        if is_noted && self.steps.is_empty() {
            let note = self.space.note(mark, &self.way[at + 1..], None);
            watch.noted(StateId::MAX, None, note);
            if watch.is_over() {
                return false;
            }
        }
        let mut cannot = 0;
        loop {
            let Some(thread) = self.draw(cannot) else {
                let machine = self.space.machine(&self.way[at + 1..]);
                watch.rest(StateId::MAX, mark, machine);
                if is_noted {
                    let note = self.space.note(mark, &self.way[at + 1..], None);
                    watch.rests(StateId::MAX, note);
                }
                return false;
            };
            let local = self.way[at + 2 + thread];
            let mut item = u8::try_from(self.lots.below(4)).unwrap_or(0) / 3;
            let mut step = self.space.step(thread, local, shared, item);
            if step.event == Event::None && item > 0 {
                item = 0;
                step = self.space.step(thread, local, shared, item);
            }
            let choice = Choice { thread, item };
            let mut to = mark;
            let is_so = |what: &Wrong| self.space.is_wrong(&self.way[at + 1..], *what);
            if let Some(what) = step.wrong.filter(is_so) {
                watch.wrong(StateId::MAX, choice, what);
                if watch.is_over() {
                    self.n_steps += 1;
                    return false;
                }
            }
            match step.event {
                Event::None => {
                    cannot |= 1 << thread;
                    continue;
                }
                Event::Fault(fault) => {
                    watch.fault(StateId::MAX, choice, self.space.fault(fault));
                    if is_noted {
                        let fault = Some(*self.space.fault(fault));
                        let note = self.space.note(mark, &self.way[at + 1..], fault);
                        watch.noted(StateId::MAX, Some(choice), note);
                    }
                    self.n_steps += 1;
                    return false;
                }
                Event::Returned(returned) => match watch.returned(mark, thread, returned) {
                    Some(marked) => to = marked,
                    None => to = Mark::MAX,
                },
                Event::Stepped => {}
            }
            self.n_steps += 1;
            if to == Mark::MAX {
                return false;
            }
            self.way.extend_from_within(at..);
            let next = at + self.stride;
            self.way[next + 1] = step.shared;
            self.way[next + 2 + thread] = step.local;
            if is_noted {
                let behind = &self.way[next + 1..];
                let note;
                (to, note) = self.space.follow(mark, thread, (local, shared), step.event, behind);
                watch.noted(StateId::MAX, Some(choice), note);
                if watch.is_over() {
                    self.way.truncate(next);
                    return false;
                }
            }
            self.way[next] = to;
            self.steps.push(choice);
            // A walk without end is one that goes round: others may be needed to end it.
            return self.steps.len() < 4096;
        }
    }
}
