//! Finer orders: what the trace records later than it happened, and calls that overlap.
//!
//! A group is on its parent's list a moment before its online hook, its last reference is gone a moment before its
//! released hook, and a call takes effect anywhere between its beginning and its return, in steps. Where a call does
//! not come out, such orders are tried: whole calls first, then parts of calls, then two such things at a time.

use super::{Replay, has_effect, state::State};
use crate::trace::{Call, Pointer, What};
use alloc::{vec, vec::Vec};
use memcg_core::hierarchy::GroupId;

/// Something that happens before an event although the trace has it later.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Early {
    /// Index of the event.
    pub before: u32,
    /// What happens.
    pub what: EarlyWhat,
}

/// What happens early.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum EarlyWhat {
    /// The group is on its parent's list.
    Create(GroupId),
    /// The last reference that the trace does not know is dropped.
    LastPut(GroupId),
    /// A call runs until it has made this many more accesses to a slot, or to its end.
    Run {
        /// Index into the calls.
        call: u32,
        /// Accesses to a slot.
        n_accesses: u32,
    },
}

/// Events that a window may span.
const WINDOW_EVENTS_MAX: usize = 400;
/// Calls of a window that are run in other orders.
const CALLS_MAX: usize = 6;
/// Accesses to a slot behind which a call may be interrupted.
const ACCESSES_MAX: u32 = 8;
/// Later calls on the same root that should come out too.
const N_AFTER: usize = 4;
/// Steps of the machine spent on one call.
const EFFORT_PER_CALL_MAX: u64 = 2_000_000;

/// What may be done in another order.
#[derive(Clone, Debug, Default)]
struct Candidates {
    wholes: Vec<Early>,
    parts: Vec<Early>,
}

impl Candidates {
    fn add(&mut self, call: u32, before: usize, is_whole: bool) {
        let before = u32::try_from(before).unwrap_or(u32::MAX);
        let early = |n_accesses| Early { before, what: EarlyWhat::Run { call, n_accesses } };
        if is_whole {
            self.wholes.push(early(u32::MAX));
        }
        self.parts.extend((1..=ACCESSES_MAX).map(early));
    }
}

/// Tries every pair, in both orders where both come before the same event, until one will do.
fn pairs(ones: &[Early], others: &[Early], is_done: &mut impl FnMut(&[Early]) -> bool) -> bool {
    ones.iter().any(|one| {
        others.iter().filter(|other| *other != one).any(|other| {
            if one.before == other.before {
                return is_done(&[*one, *other]) || is_done(&[*other, *one]);
            }
            if one.before < other.before {
                is_done(&[*one, *other])
            } else {
                is_done(&[*other, *one])
            }
        })
    })
}

impl Replay {
    /// Looks for an order in which the call that returns with this event comes out. True if there is one: then it is
    /// among the earlies, and the replay stands before it.
    pub(super) fn explain(&mut self, at: usize) -> bool {
        let What::Return(number) = self.trace.events[at].what else { return false };
        let call = self.trace.calls[number as usize];
        if self.unexplained.binary_search(&number).is_ok() {
            return false;
        }
        if self.effort >= super::EFFORT_MAX * (1 + self.resolved.len() as u64) {
            self.n_unsearched += 1;
            return false;
        }
        let mut spent = 0;
        let mut windows = vec![];
        let hidden = self.hidden(at, &call);
        if !hidden.is_empty() {
            windows.push((at, Candidates { wholes: hidden, parts: Vec::new() }));
        }
        windows.extend(self.overlaps(at, number));
        let mut found = None;
        // What was found before stays if possible; else it may have been the wrong one of several.
        'windows: for keeps in [true, false] {
            for (start, candidates) in &windows {
                let base = self.stand_at(*start);
                let inside = |e: &&Early| !keeps && (*start..=at).contains(&(e.before as usize));
                let kept: Vec<Early> =
                    self.earlies.iter().filter(|e| !inside(e)).copied().collect();
                if !keeps && kept.len() == self.earlies.len() {
                    continue;
                }
                let best = self.best(&base, candidates, &kept, at, &mut spent);
                if let Some(earlies) = best {
                    found = Some((*start, kept, earlies));
                    break 'windows;
                }
            }
        }
        self.effort += spent;
        let Some((start, kept, earlies)) = found else {
            let place = self.unexplained.partition_point(|c| *c < number);
            self.unexplained.insert(place, number);
            return false;
        };
        self.earlies = kept;
        for early in earlies {
            let place = self.earlies.partition_point(|e| e.before <= early.before);
            self.earlies.insert(place, early);
        }
        self.resolved.push(number);
        self.forget_after(start);
        self.state = self.state_before(start);
        self.steps.truncate(self.steps_before(start));
        true
    }

    /// Calls that returned before an event.
    fn steps_before(&self, at: usize) -> usize {
        self.steps.partition_point(|s| (s.event as usize) < at)
    }

    /// The state before an event.
    fn stand_at(&self, at: usize) -> State {
        let mut state = self.state_before(at);
        while state.at < at {
            if let Some(step) = state.event(&self.trace, &self.earlies, self.mode) {
                state.settle(&self.trace, step, self.mode);
            }
        }
        state
    }

    /// What the trace records later than it happened, and would explain the call.
    fn hidden(&self, at: usize, call: &Call) -> Vec<Early> {
        let before = u32::try_from(at).unwrap_or(u32::MAX);
        let mut out = Vec::new();
        let end = self.trace.events.len().min(at + WINDOW_EVENTS_MAX);
        let later = &self.trace.events[at..end];
        if let Some(group) = call.returned.group()
            && later.iter().any(|e| e.what == What::Create(group))
        {
            out.push(Early { before, what: EarlyWhat::Create(group) });
        }
        // Groups that are never returned again and released soon may have had their last put already.
        for event in later {
            if let What::Released(group) = event.what
                && (self.last_uses[group.index()] as usize) < at
                && self.state.lives[group.index()].offline
                && self.state.lives[group.index()].pinned
            {
                out.push(Early { before, what: EarlyWhat::LastPut(group) });
            }
        }
        out.truncate(8);
        out
    }

    /// Windows of overlapping calls near a call, the nearest first, with what may be done in another order.
    fn overlaps(&self, at: usize, number: u32) -> Vec<(usize, Candidates)> {
        let calls = &self.trace.calls;
        let own = &calls[number as usize];
        let mut out = Vec::new();
        let mut starts = Vec::new();
        // With a difference the model was put where the kernel stood: what was before has no effect any more.
        let of_root = |s: &&super::Step| calls[s.call as usize].root == own.root;
        let last = self.steps.iter().rev().take(WINDOW_EVENTS_MAX).filter(of_root);
        let reset = last.into_iter().find(|s| s.outcome.differs()).map_or(0, |s| s.event);
        // The call itself; the first call of its walk, which took the generation that the walk goes by; then calls
        // before it, which are in the order in which they began.
        let back = || (0..=number as usize).rev().take(WINDOW_EVENTS_MAX / 2);
        let is_first = |c: &Call| c.prev == Pointer::Null && c.root == own.root;
        let first = back().find(|at| calls[*at].caller == own.caller && is_first(&calls[*at]));
        let own_first = first.filter(|first| *first != number as usize);
        let near = [number as usize].into_iter().chain(own_first).chain(back().skip(1));
        let mut n_tried = 0;
        for near in near {
            let call = &calls[near];
            if !call.overlaps || call.root != own.root || call.ended.is_none() {
                continue;
            }
            let end = call.ended.map_or(0, |e| e as usize).min(at);
            if call.ended.is_some_and(|e| e <= reset) {
                n_tried += 1;
                if n_tried > 3 {
                    break;
                }
                continue;
            }
            let (start, inside) = self.cluster(near, end);
            if starts.contains(&start) || at - start > WINDOW_EVENTS_MAX {
                continue;
            }
            starts.push(start);
            out.push((start, self.candidates(&inside, at)));
            if out.len() >= 4 {
                break;
            }
        }
        out
    }

    /// The calls that overlap a call, itself included, and the event with which the first of them begins.
    fn cluster(&self, number: usize, end: usize) -> (usize, Vec<u32>) {
        let calls = &self.trace.calls;
        let from = calls[number].entered as usize;
        let mut inside = Vec::new();
        let first = number.saturating_sub(64);
        for (at, call) in calls.iter().enumerate().skip(first).take(128) {
            let ended = call.ended.map_or(usize::MAX, |e| e as usize);
            if (call.entered as usize) < end && ended > from && call.is_comparable() {
                inside.push(u32::try_from(at).unwrap_or(u32::MAX));
            }
        }
        // The call itself is always among them.
        while inside.len() > CALLS_MAX {
            if inside[0] as usize == number {
                inside.pop();
            } else {
                inside.remove(0);
            }
        }
        let start = inside.iter().map(|c| calls[*c as usize].entered as usize).min();
        (start.unwrap_or(from), inside)
    }

    /// Runs of calls before something that others do: whole ones, then parts.
    fn candidates(&self, inside: &[u32], at: usize) -> Candidates {
        let mut out = Candidates::default();
        for number in inside {
            let call = &self.trace.calls[*number as usize];
            let ended = call.ended.map_or(at, |e| e as usize);
            let end = ended.min(at + 1);
            for before in call.entered as usize + 1..end {
                // Between two events with an effect one place is as good as another; before the second, all calls
                // that can take part have begun.
                if has_effect(self.trace.events[before].what) {
                    out.add(*number, before, true);
                }
            }
            if ended <= at {
                // Another call may come between its parts.
                out.add(*number, ended, false);
            }
        }
        out
    }

    /// The best of the orders that explain the call, beside what is kept.
    fn best(
        &self,
        base: &State,
        candidates: &Candidates,
        kept: &[Early],
        at: usize,
        spent: &mut u64,
    ) -> Option<Vec<Early>> {
        // With how many later calls come out as well.
        let mut best: Option<(usize, Vec<Early>)> = None;
        let mut is_done = |earlies: &[Early]| -> bool {
            if *spent > EFFORT_PER_CALL_MAX {
                return true;
            }
            let Some(score) = self.try_with(base, (kept, earlies), at, spent) else { return false };
            if best.as_ref().is_none_or(|(old, _)| score > *old) {
                best = Some((score, earlies.to_vec()));
            }
            score >= N_AFTER
        };
        let Candidates { wholes, parts } = candidates;
        let _ = wholes.iter().chain(parts).any(|one| is_done(&[*one]))
            || pairs(wholes, wholes, &mut is_done)
            || pairs(parts, wholes, &mut is_done)
            || pairs(parts, parts, &mut is_done);
        best.map(|(_, earlies)| earlies)
    }

    /// Plays a window in another order: how many later calls come out, or `None` if one up to this one does not.
    fn try_with(
        &self,
        base: &State,
        (kept, extra): (&[Early], &[Early]),
        at: usize,
        spent: &mut u64,
    ) -> Option<usize> {
        let mut earlies: Vec<Early> = Vec::new();
        let from = kept.partition_point(|e| (e.before as usize) < base.at);
        earlies.extend_from_slice(&kept[from..]);
        for early in extra {
            let place = earlies.partition_point(|e| e.before <= early.before);
            earlies.insert(place, *early);
        }
        let mut state = base.clone();
        let (n_before, root) = (state.n_work, self.root_at(at));
        let end = self.trace.events.len().min(at + WINDOW_EVENTS_MAX / 4);
        let mut n_after = 0;
        let mut result = None;
        while state.at < end && n_after < N_AFTER {
            let now = state.at;
            let Some(step) = state.event(&self.trace, &earlies, self.mode) else { continue };
            let is_known = self.steps.get(state.n_steps).map(|s| s.outcome);
            let fails = step.outcome.differs() && (now >= at || is_known != Some(step.outcome));
            if fails && now <= at {
                result = None;
                break;
            }
            if fails {
                break;
            }
            state.settle(&self.trace, step, self.mode);
            if now >= at {
                result = Some(());
            }
            if now > at && self.root_at(now) == root {
                n_after += 1;
            }
        }
        if state.at >= end && result.is_some() {
            n_after = N_AFTER;
        }
        *spent += state.n_work - n_before + 50;
        result.map(|()| n_after)
    }

    fn root_at(&self, at: usize) -> Option<GroupId> {
        match self.trace.events[at].what {
            What::Return(call) => self.trace.calls[call as usize].root.group(),
            _ => None,
        }
    }
}
