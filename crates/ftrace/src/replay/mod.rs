//! Replay: the kernel's own calls made again under a policy, each compared with what the kernel returned.
//!
//! Groups come and go when the trace says so; a call is atomic at its return unless only a finer order explains what
//! was returned. `docs/traces.md` says what the figures mean. Steps are cheap, places in time are sought through
//! checkpoints, and the same trace gives the same result whatever was sought before.

mod calls;
mod search;
mod state;
mod words;

use crate::trace::{Pointer, Trace, What};
use alloc::{string::String, sync::Arc, vec, vec::Vec};
use memcg_core::program::Program;
pub use search::{Early, EarlyWhat};
use state::State;
pub use words::{time_words, window};

/// What the model is given.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub enum Mode {
    /// Before every call the model stands where the kernel stood: each call is a question of its own, and differences
    /// do not add up.
    #[default]
    Judge,
    /// The policy goes its own way from the first call on: what it would have visited, had it been asked as often.
    Free,
}

/// How a call compares.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Outcome {
    /// The model returns what the kernel returned.
    Same,
    /// The model is back at the root, the kernel is not.
    Root,
    /// The kernel returned a group that is being removed; the policy does not.
    SkipsDying,
    /// The policy returned a group that is being removed; the kernel did not.
    ReturnsDying,
    /// The model's walk ends here, the kernel's does not.
    Ends,
    /// The kernel's walk ends here, the model's does not.
    GoesOn,
    /// Another group.
    Other,
    /// The first call after the beginning, or after events were lost: nobody knows where the walk stood.
    Settling,
    /// The call cannot be compared: its return, or a group in it, was not recorded.
    NotComparable,
    /// The model has come to a fault before.
    Halted,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Self; 10] = [
        Self::Same,
        Self::Root,
        Self::SkipsDying,
        Self::ReturnsDying,
        Self::Ends,
        Self::GoesOn,
        Self::Other,
        Self::Settling,
        Self::NotComparable,
        Self::Halted,
    ];

    /// Whether kernel and model were compared and differ.
    pub const fn differs(self) -> bool {
        !matches!(self, Self::Same | Self::Settling | Self::NotComparable | Self::Halted)
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Same => "same group",
            Self::Root => "the policy goes back to the root",
            Self::SkipsDying => "the policy skips a group that is being removed",
            Self::ReturnsDying => "the policy returns a group that is being removed",
            Self::Ends => "the policy ends the walk",
            Self::GoesOn => "the policy goes on where the kernel ends the walk",
            Self::Other => "the policy returns another group",
            Self::Settling => "the walk's place was not known yet",
            Self::NotComparable => "not recorded in full",
            Self::Halted => "after a fault of the policy",
        }
    }
}

/// One call, as it went.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Step {
    /// Index into [`Trace::calls`].
    pub call: u32,
    /// Index of the event with which it returned.
    pub event: u32,
    /// What the model returned.
    pub model: Pointer,
    /// How that compares.
    pub outcome: Outcome,
    /// The model's position in the walk's slot afterwards; `Unknown` for a private walk, or a policy without pointers.
    pub position: Pointer,
    /// The slot's generation afterwards, 0 if it has none.
    pub generation: u32,
}

/// Counts over all calls so far.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Counts {
    /// By outcome, in the order of [`Outcome::ALL`].
    pub by_outcome: [u32; Outcome::ALL.len()],
    /// Of those with the same group: only a finer order than atomic calls explains them.
    pub n_resolved: u32,
    /// Differences after which the model's slot stayed where it was: the effort to move it was spent.
    pub n_left: u32,
    /// Walks that the kernel brought to an end.
    pub n_kernel_rounds: u32,
    /// Walks that the model brought to an end.
    pub n_model_rounds: u32,
}

impl Counts {
    /// Calls of this outcome.
    pub const fn of(&self, outcome: Outcome) -> u32 {
        self.by_outcome[outcome as usize]
    }

    /// Calls that were compared.
    pub fn n_compared(&self) -> u32 {
        let compared = |o: &&Outcome| **o == Outcome::Same || o.differs();
        Outcome::ALL.iter().filter(compared).map(|o| self.of(*o)).sum()
    }
}

/// Most checkpoints kept; beyond, every other is dropped and they stand twice as far apart.
const CHECKPOINTS_MAX: usize = 64;
/// Steps of the machine that are spent on finer orders in all, and as many again for each that was found: a policy
/// that differs everywhere is not worth the search.
const EFFORT_MAX: u64 = 4_000_000;

/// A trace and a policy, with a place in time.
#[derive(Clone, Debug)]
pub struct Replay {
    trace: Arc<Trace>,
    mode: Mode,
    state: State,
    checkpoints: Vec<State>,
    /// Events between two checkpoints.
    apart: usize,
    /// Copies a short way back, for the search.
    recent: Vec<State>,
    /// How every call went, as far as the replay has been.
    steps: Vec<Step>,
    /// What happened earlier than recorded, found by search; in the order of their places.
    earlies: Vec<Early>,
    /// Calls that only a finer order explains, by index into the calls.
    resolved: Vec<u32>,
    /// Calls for which no order was found, in order.
    unexplained: Vec<u32>,
    effort: u64,
    /// Searches that were given up because the effort was spent.
    n_unsearched: u32,
    /// For every group, the last event with which the kernel returned it.
    last_uses: Arc<Vec<u32>>,
}

impl Replay {
    /// A replay at the beginning of a trace.
    pub fn new(trace: Arc<Trace>, program: Arc<Program>, mode: Mode) -> Self {
        let state = State::new(&trace, program);
        let mut last_uses = vec![0; trace.groups.len()];
        for call in &trace.calls {
            if let (Some(group), Some(at)) = (call.returned.group(), call.ended) {
                last_uses[group.index()] = at.max(last_uses[group.index()]);
            }
        }
        Self {
            trace,
            mode,
            checkpoints: vec![state.clone()],
            recent: Vec::new(),
            state,
            apart: 256,
            steps: Vec::new(),
            earlies: Vec::new(),
            resolved: Vec::new(),
            unexplained: Vec::new(),
            effort: 0,
            n_unsearched: 0,
            last_uses: Arc::new(last_uses),
        }
    }

    /// The trace.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// Events played.
    pub fn at(&self) -> usize {
        self.state.at
    }

    /// Plays up to an event (from 0, clipped), at most `n_events` of them; true when it is there.
    ///
    /// Call it again until it is. Going back costs no more than the way from the checkpoint before.
    pub fn seek(&mut self, target: usize, n_events: usize) -> bool {
        let target = target.min(self.trace.events.len());
        let before = self.checkpoints.iter().rev().find(|c| c.at <= target);
        if let Some(before) = before
            && (target < self.state.at || before.at > self.state.at)
        {
            self.state = before.clone();
        }
        for _ in 0..n_events.max(1) {
            if self.state.at >= target {
                return true;
            }
            self.play();
        }
        self.state.at >= target
    }

    /// Plays to the end.
    pub fn run(&mut self) {
        while !self.seek(usize::MAX, usize::MAX) {}
    }

    /// Counts at the place in time.
    pub fn counts(&self) -> Counts {
        let mut counts = self.state.counts.clone();
        let at = u32::try_from(self.state.at).unwrap_or(u32::MAX);
        let ended = |call: &&u32| {
            self.trace.calls.get(**call as usize).and_then(|c| c.ended).is_some_and(|e| e < at)
        };
        counts.n_resolved = crate::draft::index(self.resolved.iter().filter(ended).count());
        counts
    }

    /// How every call went that the replay has ever played, in the order of their returns.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// Calls that returned before the place in time.
    pub const fn n_steps_here(&self) -> usize {
        self.state.n_steps
    }

    /// The first call whose results differ, by its place among [`Self::steps`].
    pub fn first_difference(&self) -> Option<usize> {
        self.steps.iter().position(|s| s.outcome.differs())
    }

    /// What must have happened earlier than recorded, or in finer steps.
    pub fn earlies(&self) -> &[Early] {
        &self.earlies
    }

    /// Calls (by index) that only a finer order explains.
    pub fn resolved(&self) -> &[u32] {
        &self.resolved
    }

    /// Differences for which no finer order was looked for: the effort for that was spent.
    pub const fn n_unsearched(&self) -> u32 {
        self.n_unsearched
    }

    /// The fault that the policy has come to: its name, and the event at which it did.
    pub fn fault(&self) -> Option<(String, usize)> {
        let fault = self.state.machine.fault()?;
        Some((self.state.machine.fault_name(fault), self.state.halted_at))
    }

    /// The machine at the place in time: groups, slots, references.
    pub const fn machine(&self) -> &memcg_core::machine::Machine {
        &self.state.machine
    }

    /// Plays one event.
    fn play(&mut self) {
        let at = self.state.at;
        let is_known = self.state.n_steps < self.steps.len();
        let step = self.state.event(&self.trace, &self.earlies, self.mode);
        if let Some(mut step) = step {
            if !is_known && self.mode == Mode::Judge && step.outcome.differs() && self.explain(at) {
                // Played again from before, the call comes out.
                while self.state.at < at {
                    self.play();
                }
                self.play();
                return;
            }
            step = self.state.settle(&self.trace, step, self.mode);
            if is_known {
                self.steps[self.state.n_steps - 1] = step;
            } else {
                self.steps.push(step);
            }
        }
        self.keep();
    }

    /// Keeps a copy of the state now and then.
    fn keep(&mut self) {
        let at = self.state.at;
        let newest = self.checkpoints.last().map_or(0, |c| c.at);
        if at >= newest + self.apart {
            self.checkpoints.push(self.state.clone());
            if self.checkpoints.len() > CHECKPOINTS_MAX {
                let mut is_odd = false;
                self.checkpoints.retain(|_| {
                    is_odd = !is_odd;
                    is_odd
                });
                self.apart *= 2;
            }
        }
        if self.mode == Mode::Free {
            return;
        }
        // Large worlds are copied less often.
        let apart = (self.trace.groups.len() / 4).max(64);
        if self.recent.last().is_none_or(|c| at >= c.at + apart || c.at > at) {
            self.recent.retain(|c| c.at < at);
            if self.recent.len() >= 4 {
                self.recent.remove(0);
            }
            self.recent.push(self.state.clone());
        }
    }

    /// Drops what was kept of the time after an event: it has been decided anew.
    fn forget_after(&mut self, at: usize) {
        self.checkpoints.retain(|c| c.at <= at);
        self.recent.retain(|c| c.at <= at);
    }

    /// A state at an event or a little before.
    fn state_before(&self, at: usize) -> State {
        let kept = self.recent.iter().chain(&self.checkpoints).filter(|c| c.at <= at);
        kept.max_by_key(|c| c.at).unwrap_or(&self.checkpoints[0]).clone()
    }
}

/// Whether an event changes what walks meet.
const fn has_effect(what: What) -> bool {
    !matches!(what, What::Enter(_))
}
