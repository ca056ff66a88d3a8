//! Progress under weak fairness: no thread that can run all the time is kept from running, and yet a call does not
//! return, or a walk does not end.
//!
//! All other work of a bounded world is finite, so a run without end goes round in the graph of states. It is fair if
//! every thread steps in the cycle or cannot step somewhere in it; such a cycle exists exactly where a strongly
//! connected part of the graph has both. Tarjan's algorithm, without recursion and in slices.

use crate::search::{Choice, Did, Edge, Search, StateId};
use alloc::{vec, vec::Vec};

const NEW: u32 = 0;
const DONE: u32 = u32::MAX;

#[derive(Copy, Clone, Debug)]
struct Frame {
    state: StateId,
    /// Its targets in the arena begin here, and the next to be followed.
    start: usize,
    next: usize,
    is_loop: bool,
}

/// What makes a state of a part of the graph fair to a thread.
#[derive(Copy, Clone, Debug)]
enum Fair {
    /// It has no step at all.
    Cannot,
    /// It has a step that stays in the part.
    Steps(Choice, StateId),
}

/// Looks for a cycle that a fair scheduler can be kept in.
#[derive(Clone, Debug)]
pub(super) struct Cycles {
    /// Whether steps that end a call of the iterator are followed.
    with_returns: bool,
    /// Only where this condition has not held so far.
    lacks: Option<usize>,
    n_threads: usize,
    order: Vec<u32>,
    /// The lowest order that can be come to; when done, the part's first state.
    low: Vec<u32>,
    stack: Vec<StateId>,
    frames: Vec<Frame>,
    targets: Vec<StateId>,
    n_ordered: u32,
    /// The state from which the graph is looked at.
    root: StateId,
    edges: Vec<Edge>,
    best: Option<Vec<StateId>>,
}

impl Cycles {
    pub(super) fn new(search: &mut Search, with_returns: bool) -> Self {
        let n = search.n_states();
        let mut cycles = Self {
            with_returns,
            lacks: None,
            n_threads: search.space().n_threads(),
            order: vec![NEW; n],
            low: vec![0; n],
            stack: Vec::new(),
            frames: Vec::new(),
            targets: Vec::new(),
            n_ordered: 0,
            root: 0,
            edges: Vec::new(),
            best: None,
        };
        cycles.enter(search, 0);
        cycles
    }

    /// Looks only where this condition has not held so far.
    pub(super) fn lacking(search: &mut Search, condition: usize) -> Self {
        Self { lacks: Some(condition), ..Self::new(search, true) }
    }

    /// Memory in use, in bytes.
    pub(super) fn n_bytes(&self) -> usize {
        (self.order.len() * 2 + self.stack.capacity() + self.targets.capacity()) * size_of::<u32>()
            + self.frames.capacity() * size_of::<Frame>()
    }

    /// Makes up to `n_steps` steps through the graph; whether there is more.
    pub(super) fn run(&mut self, search: &mut Search, n_steps: usize) -> bool {
        for _ in 0..n_steps {
            let Some(frame) = self.frames.last_mut() else {
                // Without the steps that return, not all is come to from the start.
                if self.with_returns || self.root as usize + 1 >= self.order.len() {
                    return false;
                }
                self.root += 1;
                if self.order[self.root as usize] == NEW {
                    self.enter(search, self.root);
                }
                continue;
            };
            let state = frame.state as usize;
            let Some(to) = self.targets.get(frame.next).copied() else {
                self.leave(search);
                continue;
            };
            frame.next += 1;
            match self.order[to as usize] {
                NEW => self.enter(search, to),
                DONE => {}
                order => self.low[state] = self.low[state].min(order),
            }
        }
        true
    }

    /// Whether there is a cycle; to be asked when all is looked at.
    pub(super) fn has_found(&self) -> bool {
        self.best.is_some()
    }

    fn follows(&self, edge: &Edge) -> bool {
        match edge.did {
            Did::Stepped => true,
            Did::Returned(_) => self.with_returns,
            Did::Fault(_) => false,
        }
    }

    fn enter(&mut self, search: &mut Search, state: StateId) {
        self.n_ordered += 1;
        self.order[state as usize] = self.n_ordered;
        self.low[state as usize] = self.n_ordered;
        self.stack.push(state);
        let mut edges = core::mem::take(&mut self.edges);
        search.edges(state, &mut edges);
        let start = self.targets.len();
        let to = edges.iter().filter(|e| self.follows(e)).filter_map(|e| e.to);
        let to: Vec<StateId> = to.collect();
        self.targets.extend_from_slice(&to);
        self.edges = edges;
        self.frames.push(Frame { state, start, next: start, is_loop: to.contains(&state) });
    }

    /// All that a state leads to has been looked at.
    fn leave(&mut self, search: &mut Search) {
        let Some(frame) = self.frames.pop() else { return };
        self.targets.truncate(frame.start);
        let at = frame.state as usize;
        if let Some(above) = self.frames.last() {
            let above = above.state as usize;
            self.low[above] = self.low[above].min(self.low[at]);
        }
        if self.low[at] != self.order[at] {
            return;
        }
        let n_before = self.stack.iter().rposition(|s| *s == frame.state).unwrap_or(0);
        let mut part = self.stack.split_off(n_before);
        for state in &part {
            self.order[*state as usize] = DONE;
            self.low[*state as usize] = frame.state;
        }
        if part.len() == 1 && !frame.is_loop {
            return;
        }
        part.sort_unstable();
        let is_nearer = self.best.as_ref().is_none_or(|best| part[0] < best[0]);
        // What has held has held in every state of a part.
        let is_asked = self.lacks.is_none_or(|at| search.note_of(part[0]).met >> at & 1 == 0);
        if is_nearer && is_asked && self.is_fair(search, &part) {
            self.best = Some(part);
        }
    }

    /// Whether every thread steps inside the part, or cannot step in some state of it. Of threads that change places
    /// one that does is enough: then there may be a fair cycle, and there is none if there is not one.
    fn is_fair(&mut self, search: &mut Search, part: &[StateId]) -> bool {
        (0..self.n_threads).all(|one| {
            let alike: Vec<usize> =
                (0..self.n_threads).filter(|other| search.is_like(one, *other)).collect();
            part.iter()
                .any(|s| alike.iter().any(|t| self.satisfies(search, part, *s, *t).is_some()))
        })
    }

    /// What makes a state fair to a thread.
    fn satisfies(
        &mut self,
        search: &mut Search,
        part: &[StateId],
        state: StateId,
        thread: usize,
    ) -> Option<Fair> {
        let mut edges = core::mem::take(&mut self.edges);
        search.edges(state, &mut edges);
        let mut own = edges.iter().filter(|e| e.choice.thread == thread).peekable();
        let out = if own.peek().is_none() {
            Some(Fair::Cannot)
        } else {
            let stays = |e: &&Edge| {
                self.follows(e) && e.to.is_some_and(|to| part.binary_search(&to).is_ok())
            };
            own.find(stays).and_then(|e| Some(Fair::Steps(e.choice, e.to?)))
        };
        self.edges = edges;
        out
    }

    /// A fair cycle: the state where it begins, which is the one found first, and its steps.
    pub(super) fn cycle(&mut self, search: &mut Search) -> Option<(StateId, Vec<Choice>)> {
        let part = self.best.clone()?;
        let (entry, mut at) = (part[0], part[0]);
        let mut out = Vec::new();
        for thread in 0..self.n_threads {
            at = self.go(search, &part, at, &mut out, &mut |own, search, state| {
                own.satisfies(search, &part, state, thread).is_some()
            });
            if let Some(Fair::Steps(choice, to)) = self.satisfies(search, &part, at, thread) {
                out.push(choice);
                at = to;
            }
        }
        self.go(search, &part, at, &mut out, &mut |_, _, state| state == entry);
        Some((entry, out))
    }

    /// The shortest way inside the part to a state that is wanted; where it ends.
    fn go(
        &mut self,
        search: &mut Search,
        part: &[StateId],
        from: StateId,
        out: &mut Vec<Choice>,
        is_wanted: &mut dyn FnMut(&mut Self, &mut Search, StateId) -> bool,
    ) -> StateId {
        let place = |state: StateId| part.binary_search(&state).ok();
        let mut came: Vec<Option<(usize, Choice)>> = vec![None; part.len()];
        let Some(first) = place(from) else { return from };
        let mut queue = vec![first];
        let mut next = 0;
        while let Some(at) = queue.get(next).copied() {
            next += 1;
            if is_wanted(self, search, part[at]) {
                let mut back = at;
                let begin = out.len();
                while back != first {
                    let Some((before, choice)) = came[back] else { break };
                    out.push(choice);
                    back = before;
                }
                out[begin..].reverse();
                return part[at];
            }
            let mut edges = core::mem::take(&mut self.edges);
            search.edges(part[at], &mut edges);
            for edge in edges.iter().filter(|e| self.follows(e)) {
                if let Some(to) = edge.to.and_then(place)
                    && to != first
                    && came[to].is_none()
                {
                    came[to] = Some((at, edge.choice));
                    queue.push(to);
                }
            }
            self.edges = edges;
        }
        from
    }
}
