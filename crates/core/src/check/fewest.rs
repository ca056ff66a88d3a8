//! Among the shortest schedules to a breach one with the fewest context switches: layer by layer over the states that
//! a breadth-first search has kept, the best way to arrive at each by each thread's step.

use super::Property;
use super::breaches::Breach;
use crate::search::{Choice, Edge, Search, StateId};
use alloc::{vec, vec::Vec};

/// The best way to a state whose last step a given thread makes.
#[derive(Copy, Clone, Debug)]
struct Arrival {
    n_switches: u16,
    /// The last step from there, and the thread that made the one before.
    last: Packed,
    from: StateId,
}

const NONE: Arrival = Arrival { n_switches: u16::MAX, last: Packed(0), from: StateId::MAX };

/// A step and the thread that made the step before: 5, 6 and 5 bits.
#[derive(Copy, Clone, Debug)]
struct Packed(u16);

impl Packed {
    fn new(choice: Choice, before: u8) -> Self {
        let thread = u16::try_from(choice.thread).unwrap_or(0);
        Self(thread | u16::from(choice.item) << 5 | u16::from(before) << 11)
    }

    fn read(self) -> (Choice, u8) {
        let [low, high] = self.0.to_le_bytes();
        let item = u8::try_from(self.0 >> 5 & 63).unwrap_or(0);
        (Choice { thread: usize::from(low & 31), item }, high >> 3)
    }
}

/// The pass under way.
#[derive(Clone, Debug)]
pub(super) struct Fewest {
    breach: Breach,
    n_threads: usize,
    arrivals: Vec<Arrival>,
    /// Where each layer begins.
    starts: Vec<StateId>,
    layer: usize,
    cursor: StateId,
    /// Switches, the state before the last step (or of the rest), the thread before, and the last step.
    best: Option<(u16, StateId, u8, Option<Choice>)>,
    edges: Vec<Edge>,
}

impl Fewest {
    /// Memory that the pass takes for each kept state, in bytes.
    pub(super) fn n_bytes_per_state(n_threads: usize) -> usize {
        n_threads * size_of::<Arrival>()
    }

    pub(super) fn new(search: &Search, breach: Breach) -> Self {
        let n_threads = search.space().n_threads();
        let mut starts = search.layers().unwrap_or_default();
        starts.retain(|start| *start <= breach.from);
        let mut arrivals = vec![NONE; search.n_states() * n_threads];
        // The first step is no switch, whoever makes it.
        arrivals[..n_threads].iter_mut().for_each(|a| a.n_switches = 0);
        Self {
            breach,
            n_threads,
            arrivals,
            starts,
            layer: 0,
            cursor: 0,
            best: None,
            edges: Vec::new(),
        }
    }

    /// Looks at up to `n_states` states; whether there are more.
    pub(super) fn run(&mut self, search: &mut Search, n_states: usize) -> bool {
        let last = self.starts.len() - 1;
        for _ in 0..n_states {
            if self.layer < last && self.cursor == self.starts[self.layer + 1] {
                self.layer += 1;
            }
            let end = search.n_states();
            let is_deeper = self.layer == last
                && self.cursor > self.breach.from
                && search
                    .parent(self.cursor.min(last_id(end)))
                    .is_some_and(|p| p >= self.starts[last]);
            if self.cursor as usize >= end || is_deeper {
                return false;
            }
            self.look(search, last);
            self.cursor += 1;
        }
        true
    }

    fn look(&mut self, search: &mut Search, last: usize) {
        let state = self.cursor;
        let mut edges = core::mem::take(&mut self.edges);
        search.edges(state, &mut edges);
        let property = self.breach.property;
        if self.layer == last {
            match self.breach.choice {
                None if edges.is_empty() => {
                    let note = search.note_of(state);
                    if self.breach.is_again_at_rest(search.machine(state), note) {
                        self.candidate(state, None);
                    }
                }
                Some(choice) if property == Property::CallReturns && state == self.breach.from => {
                    self.candidate(state, Some(choice));
                }
                Some(_) if property != Property::CallReturns => {
                    for edge in &edges {
                        if self.breach.is_again(edge) {
                            self.candidate(state, Some(edge.choice));
                        }
                    }
                }
                _ => {}
            }
        } else {
            let next = self.starts[self.layer + 1];
            for edge in edges.iter().filter(|e| e.to.is_some_and(|to| to >= next)) {
                if let Some(to) = edge.to {
                    self.arrive(state, edge.choice, to, edge.lands);
                }
            }
        }
        self.edges = edges;
    }

    /// The fewest switches with which this thread can make the next step from a state, and who steps before it.
    fn cheapest(&self, state: StateId, thread: usize) -> (u16, u8) {
        let at = state as usize * self.n_threads;
        let mut best = (u16::MAX, 0);
        for (before, arrival) in (0_u8..).zip(&self.arrivals[at..at + self.n_threads]) {
            let switch = u16::from(usize::from(before) != thread);
            let n = arrival.n_switches.saturating_add(switch);
            if n < best.0 {
                best = (n, before);
            }
        }
        best
    }

    fn arrive(&mut self, from: StateId, choice: Choice, to: StateId, lands: usize) {
        let (n_switches, before) = self.cheapest(from, choice.thread);
        let known = &mut self.arrivals[to as usize * self.n_threads + lands];
        if n_switches < known.n_switches {
            *known = Arrival { n_switches, last: Packed::new(choice, before), from };
        }
    }

    fn candidate(&mut self, state: StateId, choice: Option<Choice>) {
        let threads = match choice {
            Some(choice) => choice.thread..choice.thread + 1,
            None => 0..self.n_threads,
        };
        for thread in threads {
            let (n, before) = match choice {
                Some(_) => self.cheapest(state, thread),
                None => {
                    let at = state as usize * self.n_threads + thread;
                    (self.arrivals[at].n_switches, u8::try_from(thread).unwrap_or(0))
                }
            };
            if n < u16::MAX && self.best.is_none_or(|best| n < best.0) {
                self.best = Some((n, state, before, choice));
            }
        }
    }

    /// The steps of the best schedule, the one that breaks included; `None` if it was not found again.
    pub(super) fn path(&self, search: &Search) -> Option<Vec<Choice>> {
        let (_, mut state, mut thread, last) = self.best?;
        let mut way = vec![(state, last.unwrap_or(Choice { thread: 0, item: 0 }))];
        while state != 0 {
            let arrival = self.arrivals[state as usize * self.n_threads + usize::from(thread)];
            let (choice, before) = arrival.last.read();
            (state, thread) = (arrival.from, before);
            way.push((state, choice));
        }
        way.reverse();
        let mut out = search.unfolded(&way);
        out.truncate(way.len() - usize::from(last.is_none()));
        Some(out)
    }
}

fn last_id(n_states: usize) -> StateId {
    StateId::try_from(n_states.saturating_sub(1)).unwrap_or(StateId::MAX)
}

/// Changes from one thread to another in a schedule.
pub(super) fn n_switches(path: &[Choice]) -> usize {
    path.windows(2).filter(|pair| pair[0].thread != pair[1].thread).count()
}
