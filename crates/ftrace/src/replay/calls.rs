//! Calls of the iterator: begun, run, compared, and the model put where the kernel stands.

use super::search::{Early, EarlyWhat};
use super::state::{N_THREADS, State};
use super::{Mode, Outcome, Step};
use crate::trace::{Call, Pointer, Trace};
use alloc::{vec, vec::Vec};
use memcg_core::hierarchy::GroupId;
use memcg_core::machine::{Can, ThreadId};
use memcg_core::picture::Returned;
use memcg_core::program::{Instr, Place as At, Touch};

/// A call that has begun and not returned.
#[derive(Copy, Clone, Debug)]
pub(super) struct Open {
    call: u32,
    /// The thread that makes it, once its first step is made.
    pub(super) thread: Option<u8>,
    /// What it returned, if it ended before its return was recorded.
    done: Option<Returned>,
    /// The slot's generation when it began.
    generation: u32,
}

impl Open {
    pub(super) const fn new(call: u32) -> Self {
        Self { call, thread: None, done: None, generation: 0 }
    }
}

/// A walk under way: one caller below one root with one cookie.
#[derive(Clone, Debug)]
pub(super) struct Walk {
    /// What the model's caller holds.
    pub(super) held: Option<GroupId>,
    cookie: Vec<u32>,
    /// The kernel's round in which it began.
    round: u32,
}

/// Returned groups that are remembered, to find a place from which a policy goes on as the kernel does.
const N_RECENT: usize = 8;

/// Steps of the machine, in all, to put the model where the kernel stands.
const LED_MAX: u64 = 200_000_000;

/// Where the kernel's shared walk below a root stands.
#[derive(Copy, Clone, Debug)]
pub(super) struct Place {
    /// It is known.
    is_settled: bool,
    /// The last group returned; `None` at the beginning of a round.
    position: Option<GroupId>,
    /// Rounds that the kernel has finished.
    pub(super) round: u32,
    recent: [Option<GroupId>; N_RECENT],
}

impl Place {
    pub(super) const fn new(is_settled: bool) -> Self {
        Self { is_settled, position: None, round: 0, recent: [None; N_RECENT] }
    }

    /// Nobody knows any more.
    pub(super) const fn lose(&mut self) {
        *self = Self { round: self.round, ..Self::new(false) };
    }
}

const fn key_of(call: &Call, root: GroupId) -> (u32, u32, u64) {
    (call.caller, root.0, call.cookie)
}

const fn pointer(returned: Option<Returned>) -> Pointer {
    match returned {
        Some(Returned::Group(group)) => Pointer::Group(group),
        Some(Returned::Nothing) => Pointer::Null,
        None => Pointer::Unknown,
    }
}

impl State {
    /// Runs a thread to the end of its call.
    pub(super) fn run_thread(&mut self, thread: ThreadId) -> Option<Returned> {
        loop {
            if self.machine.can_step(thread) != Can::Step {
                return None;
            }
            self.n_work += 1;
            let stepped = self.machine.step(thread, &mut ());
            if stepped.ended.is_some() {
                return stepped.returned;
            }
        }
    }

    fn generation(&self, root: GroupId) -> u32 {
        let slot = self.machine.slot_below(root);
        slot.and_then(|slot| self.machine.slot_field(slot, "generation")).unwrap_or(0)
    }

    /// Place of the field of cookies that numbers rounds.
    fn cookie_generation(&self) -> Option<usize> {
        self.machine.program().cookie_fields.iter().position(|f| f.name == "generation")
    }

    /// The call's arguments are made what its caller had, and its first step is got ready.
    fn begin(&mut self, call: &Call, root: GroupId, thread: ThreadId, mode: Mode) -> u32 {
        let key = key_of(call, root);
        let generation = self.generation(root);
        let wanted = match (mode, call.prev) {
            (_, Pointer::Null | Pointer::Unknown) => None,
            (Mode::Judge, Pointer::Group(prev)) => Some(prev),
            (Mode::Free, Pointer::Group(_)) => self.walks.get(&key).and_then(|w| w.held),
        };
        let round = self.places.get(&root.0).map_or(0, |p| p.round);
        let n_fields = self.machine.program().cookie_fields.len();
        let mut walk = match self.walks.remove(&key) {
            Some(walk) => walk,
            None => {
                let mut cookie = vec![0; n_fields];
                if let (Some(_), Some(field)) = (wanted, self.cookie_generation()) {
                    // The walk began before the trace: it belongs to this round as far as anybody knows.
                    cookie[field] = generation;
                }
                Walk { held: None, cookie, round }
            }
        };
        if walk.held != wanted {
            if let Some(held) = walk.held.filter(|g| *g != root) {
                self.uncharge(held);
                self.let_go(held);
            }
            walk.held = wanted.filter(|g| *g == root || self.charge(*g));
        }
        if walk.held.is_none() {
            walk.cookie.fill(0);
            walk.round = round;
        }
        let cookie = (call.cookie != 0).then_some(&walk.cookie[..]);
        self.machine.begin_next(thread, root, walk.held, cookie);
        self.walks.insert(key, walk);
        generation
    }

    /// A thread that makes no call in finer steps.
    fn free_thread(&self) -> Option<ThreadId> {
        let taken = |t: usize| self.open.iter().any(|o| o.thread.map(usize::from) == Some(t));
        (0..N_THREADS).find(|t| !taken(*t))
    }

    /// What happened before the event that is next.
    pub(super) fn early(&mut self, trace: &Trace, early: &Early, mode: Mode) {
        match early.what {
            EarlyWhat::Create(group) => self.create(trace, group),
            EarlyWhat::LastPut(group) => self.unpin(group),
            EarlyWhat::Run { call, n_accesses } => self.run_early(trace, call, n_accesses, mode),
        }
    }

    fn run_early(&mut self, trace: &Trace, at: u32, n_accesses: u32, mode: Mode) {
        let call = trace.calls[at as usize];
        let (Some(root), true) = (call.root.group(), call.is_comparable()) else { return };
        let Some(place) = self.open.iter().position(|o| o.call == at) else { return };
        let mut open = self.open[place];
        let thread = match open.thread {
            Some(thread) => usize::from(thread),
            None => {
                let Some(thread) = self.free_thread() else { return };
                open.generation = self.begin(&call, root, thread, mode);
                open.thread = u8::try_from(thread).ok();
                thread
            }
        };
        let mut n_made = 0;
        while n_made < n_accesses {
            if open.done.is_some() || self.machine.can_step(thread) != Can::Step {
                break;
            }
            self.n_work += 1;
            let next = self.machine.program().code.get(self.machine.pc(thread) as usize);
            let slot =
                |i: &Instr| matches!(i, Instr::Touch(Touch::Word { place: At::Slot(_), .. }));
            n_made += u32::from(next.is_some_and(slot));
            let stepped = self.machine.step(thread, &mut ());
            if stepped.ended.is_some() {
                open.done = stepped.returned;
            }
        }
        self.open[place] = open;
    }

    /// Calls under way are given up: their machine threads are brought to the end of what they do.
    pub(super) fn abandon(&mut self) {
        for open in core::mem::take(&mut self.open) {
            if let (Some(thread), None) = (open.thread, open.done)
                && let Some(Returned::Group(group)) = self.run_thread(usize::from(thread))
            {
                self.uncharge(group);
            }
        }
    }

    /// A call has returned: the model makes it, or what is left of it.
    pub(super) fn returns(&mut self, trace: &Trace, at: u32, mode: Mode) -> Step {
        let call = trace.calls[at as usize];
        let mut step = Step {
            call: at,
            event: call.ended.unwrap_or(0),
            model: Pointer::Unknown,
            outcome: Outcome::NotComparable,
            position: Pointer::Unknown,
            generation: 0,
        };
        let place = self.open.iter().position(|o| o.call == at);
        let open = place.map_or(Open::new(at), |place| self.open.remove(place));
        let (Some(root), true) = (call.root.group(), call.is_comparable()) else { return step };
        let lives = |p: Pointer| p.group().is_none_or(|g| self.lives[g.index()].made);
        if !lives(call.root) {
            return step;
        }
        let before = match open.thread {
            Some(_) => open.generation,
            None => match self.free_thread() {
                Some(thread) => self.begin(&call, root, thread, mode),
                None => return step,
            },
        };
        let thread = open.thread.map(usize::from).or_else(|| self.free_thread()).unwrap_or(0);
        let returned = open.done.or_else(|| self.run_thread(thread));
        if self.machine.fault().is_some() {
            self.halted_at = call.ended.map_or(0, |e| e as usize);
            step.outcome = Outcome::Halted;
            return step;
        }
        let cookie = self.machine.cookie(thread).to_vec();
        if let Some(walk) = self.walks.get_mut(&key_of(&call, root)) {
            let dropped = core::mem::replace(&mut walk.held, pointer(returned).group());
            walk.cookie = cookie;
            if let Some(dropped) = dropped.filter(|g| *g != root) {
                self.let_go(dropped);
            }
        }
        step.model = pointer(returned);
        step.outcome = self.compare(&call, root, step.model, mode);
        // Kept for settling: the generation from before.
        step.generation = before;
        step
    }

    fn compare(&self, call: &Call, root: GroupId, model: Pointer, mode: Mode) -> Outcome {
        let kernel = call.returned;
        if kernel == model {
            return Outcome::Same;
        }
        let is_unsettled = self.places.get(&root.0).is_some_and(|p| !p.is_settled);
        if mode == Mode::Judge && call.cookie != 0 && is_unsettled {
            return Outcome::Settling;
        }
        let is_dying = |p: Pointer| p.group().is_some_and(|g| self.lives[g.index()].removed);
        match (kernel, model) {
            (_, Pointer::Group(group)) if group == root => Outcome::Root,
            (Pointer::Null, _) => Outcome::GoesOn,
            (kernel, _) if is_dying(kernel) => Outcome::SkipsDying,
            (_, Pointer::Null) => Outcome::Ends,
            (_, model) if is_dying(model) => Outcome::ReturnsDying,
            _ => Outcome::Other,
        }
    }

    /// Counts a call, and puts the model where the kernel stands after it.
    pub(super) fn settle(&mut self, trace: &Trace, mut step: Step, mode: Mode) -> Step {
        let call = trace.calls[step.call as usize];
        self.n_steps += 1;
        self.counts.by_outcome[step.outcome as usize] += 1;
        let (kernel, model) = (call.returned, step.model);
        let Some(root) = call.root.group() else { return step };
        if step.outcome == Outcome::NotComparable {
            self.unknown(&call, root);
            return step;
        }
        if step.outcome == Outcome::Halted {
            return step;
        }
        self.counts.n_kernel_rounds += u32::from(kernel == Pointer::Null);
        self.counts.n_model_rounds += u32::from(model == Pointer::Null);
        if mode == Mode::Judge {
            self.follow(&call, root, &step);
        }
        let key = key_of(&call, root);
        if self.walks.get(&key).is_some_and(|w| w.held.is_none()) {
            self.walks.remove(&key);
        }
        step.generation = self.generation(root);
        if call.cookie != 0
            && let (Some(slot), true) =
                (self.machine.slot_below(root), self.machine.program().position.is_some())
        {
            step.position = self.machine.position(slot).map_or(Pointer::Null, Pointer::Group);
        }
        step
    }

    /// A call that cannot be compared has moved the kernel's walk nobody knows where.
    fn unknown(&mut self, call: &Call, root: GroupId) {
        if let Some(walk) = self.walks.remove(&key_of(call, root))
            && let Some(held) = walk.held.filter(|g| *g != root)
        {
            self.uncharge(held);
            self.let_go(held);
        }
        if call.cookie != 0
            && let Some(place) = self.places.get_mut(&root.0)
        {
            place.is_settled = false;
        }
    }

    /// The model's caller holds what the kernel's does, and the slot stands where the kernel's does.
    fn follow(&mut self, call: &Call, root: GroupId, step: &Step) {
        let kernel = call.returned.group();
        let key = key_of(call, root);
        let is_same = step.outcome == Outcome::Same;
        if !is_same {
            if let Some(other) = step.model.group().filter(|g| *g != root) {
                self.uncharge(other);
                self.let_go(other);
            }
            let held =
                kernel.filter(|g| *g == root || (self.lives[g.index()].made && self.charge(*g)));
            if let Some(walk) = self.walks.get_mut(&key) {
                walk.held = held;
            }
        }
        let Some(place) = self.places.get_mut(&root.0).filter(|_| call.cookie != 0) else { return };
        let round = self.walks.get(&key).map_or(place.round, |w| w.round);
        // A walk from an older round ends without an effect on the shared one.
        let is_late = kernel.is_none() && round != place.round;
        let mut ended = false;
        if let Some(group) = kernel {
            if place.position != kernel {
                place.recent.rotate_right(1);
                place.recent[0] = place.position;
            }
            place.position = Some(group);
            place.is_settled = true;
        } else if !is_late {
            place.position = None;
            place.round += 1;
            ended = true;
        }
        let place = *place;
        if !is_same {
            let wanted = step.generation.wrapping_add(u32::from(ended));
            self.steer(root, place, wanted, call.prev == Pointer::Null, key);
        }
    }

    /// Brings the model's slot to where the kernel's stands, by the policy's own calls: a caller that is not in the
    /// trace walks until it is returned the kernel's position, and leaves.
    fn steer(
        &mut self,
        root: GroupId,
        place: Place,
        wanted: u32,
        is_fresh: bool,
        key: (u32, u32, u64),
    ) {
        let Some(thread) = self.free_thread() else { return };
        let is_there = match self.machine.slot_below(root) {
            Some(slot) => self.machine.position(slot) == place.position && place.position.is_none(),
            None => return,
        };
        if !is_there && self.n_led > LED_MAX {
            self.counts.n_left += 1;
        } else if !is_there {
            let before = self.n_work;
            let mut met = Vec::new();
            if !self.walk_to(thread, root, place.position, &mut met) {
                // This policy does not return that group: the nearest one before it will do.
                let near = place.recent.iter().flatten().find(|g| met.contains(g)).copied();
                if let Some(near) = near {
                    self.walk_to(thread, root, Some(near), &mut met);
                }
            }
            self.n_led += self.n_work - before;
        }
        let Some(field) = self.cookie_generation() else { return };
        let now = self.generation(root);
        let moved = now.wrapping_sub(wanted);
        for (other, walk) in &mut self.walks {
            if other.1 == root.0
                && other.2 != 0
                && let Some(generation) = walk.cookie.get_mut(field)
            {
                let is_own = is_fresh && *other == key;
                *generation = if is_own { now } else { generation.wrapping_add(moved) };
            }
        }
    }

    fn walk_to(
        &mut self,
        thread: ThreadId,
        root: GroupId,
        target: Option<GroupId>,
        met: &mut Vec<GroupId>,
    ) -> bool {
        let n_max = 2 * self.lives.iter().filter(|l| l.made && !l.freed).count() + 3;
        let mut cookie = vec![0; self.machine.program().cookie_fields.len()];
        let mut prev = None;
        met.clear();
        for _ in 0..n_max {
            self.machine.begin_next(thread, root, prev, Some(&cookie));
            let Some(returned) = self.run_thread(thread) else { return false };
            cookie = self.machine.cookie(thread).to_vec();
            prev = pointer(Some(returned)).group();
            met.extend(prev);
            if prev == target {
                break;
            }
        }
        if prev.is_some() {
            self.machine.begin_leave(thread, root, prev);
            self.run_thread(thread);
        }
        prev == target
    }

    /// A caller leaves its walk.
    pub(super) fn breaks(&mut self, caller: u32, root: Pointer) {
        let Some(root) = root.group() else { return };
        let from = (caller, root.0, 0);
        let walks = self.walks.range(from..=(caller, root.0, u64::MAX));
        let held: Vec<_> = walks.filter(|(_, w)| w.held.is_some()).map(|(key, _)| *key).collect();
        // The trace does not say with which cookie; a caller has one walk below a root at a time.
        let Some(key) = held.last() else { return };
        let Some(walk) = self.walks.remove(key) else { return };
        let Some(thread) = self.free_thread() else { return };
        self.machine.begin_leave(thread, root, walk.held);
        self.run_thread(thread);
        if let Some(held) = walk.held.filter(|g| *g != root) {
            self.let_go(held);
        }
    }
}
