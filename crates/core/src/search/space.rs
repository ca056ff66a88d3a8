//! The space that a search walks: states as a few numbers, and what each thread can do in them.
//!
//! A state is taken apart: what all threads share is one text of bytes, what each thread has for itself another, and
//! each different text is kept once (SPIN calls this collapse compression). What a thread does next depends on its own
//! part and the shared part alone, so a step that was made before with the same two parts is looked up, not run again.

use super::Mark;
use super::history::{Asked, History, Made, Note};
use super::index::Pool;
use super::live::Live;
use super::memo::{Key, Memo};
use super::movers::{Apart, Mover, Movers};
use super::symmetry::{Symmetry, UNKNOWN};
use crate::hierarchy::GroupId;
use crate::machine::{Call, Can, FaultInfo, FaultKind, Machine, ThreadId};
use crate::picture::Returned;
use crate::program::{Action, Instr, Place, Program, Touch};
use crate::world::World;
use alloc::{boxed::Box, sync::Arc, vec, vec::Vec};

/// What a call of the iterator should not return.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Wrong {
    /// A group whose memory is freed.
    Freed(GroupId),
    /// A group whose online hook has not run yet.
    NotOnline(GroupId),
    /// A group that is not below the root of the walk.
    Outside(GroupId),
}

/// What came of a step.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(super) enum Event {
    /// The thread cannot step here.
    None,
    /// It has stepped.
    Stepped,
    /// It has stepped, and a call of the iterator returned.
    Returned(Returned),
    /// It came to this fault, by number.
    Fault(u32),
}

/// A step of one thread: to these parts.
#[derive(Copy, Clone, Debug)]
pub(super) struct Transition {
    pub(super) local: u32,
    pub(super) shared: u32,
    pub(super) event: Event,
    /// The worker could also take another item.
    pub(super) has_more: bool,
    /// What is wrong with what the call returned.
    pub(super) wrong: Option<Wrong>,
}

const NO_STEP: Transition =
    Transition { local: 0, shared: 0, event: Event::None, has_more: false, wrong: None };

/// One step of a schedule: who, and which of the items that are ready if it is the idle worker.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Choice {
    /// The thread.
    pub thread: ThreadId,
    /// Place among the worker's items that are ready; 0 for all others.
    pub item: u8,
}

/// States of a world under a policy.
#[derive(Clone, Debug)]
pub struct Space {
    machine: Machine,
    /// The shared part that the machine is in.
    held: u32,
    live: Live,
    movers: Movers,
    reduced: bool,
    /// What is kept of runs, if something is asked.
    history: Option<Box<History>>,
    pub(super) symmetry: Symmetry,
    shared: Pool,
    locals: Pool,
    /// For each local part, whether the thread is inside a call, and whether it has nothing (more) to do.
    inside: Vec<bool>,
    idle: Vec<bool>,
    /// For each shared part, whether the idle worker has something that can run.
    has_work: Vec<bool>,
    memo: Memo,
    faults: Vec<FaultInfo>,
    bytes: Vec<u8>,
    is_void: bool,
    n_runs: u64,
    initial: Vec<u32>,
}

impl Space {
    /// The space of a world under a program. `reduced`: accesses that commute with all that others can do take no
    /// step of their own.
    pub fn new(program: Arc<Program>, world: Arc<World>, reduced: bool) -> Self {
        let machine = Machine::new(program, world);
        Self {
            live: Live::new(machine.program()),
            movers: Movers::new(&machine, reduced, Apart::default()),
            reduced,
            history: None,
            symmetry: Symmetry::new(machine.world(), false),
            machine,
            held: UNKNOWN,
            shared: Pool::new(),
            locals: Pool::new(),
            inside: Vec::new(),
            idle: Vec::new(),
            has_work: Vec::new(),
            memo: Memo::new(),
            faults: Vec::new(),
            bytes: Vec::new(),
            is_void: false,
            n_runs: 0,
            initial: Vec::new(),
        }
    }

    /// The space in which threads that do the same are interchangeable: for a watch to which it does not matter which
    /// of them it is, and to be called before anything is searched.
    #[must_use]
    pub fn with_symmetry(mut self) -> Self {
        self.symmetry = Symmetry::new(self.machine.world(), true);
        self
    }

    /// The space whose states have this of their runs as their mark; to be called before anything is searched. Accesses
    /// that it depends on take a step of their own.
    ///
    /// # Panics
    /// If it needs every access ([`Asked::needs_every_access`]) and the space is reduced.
    #[must_use]
    pub fn with_history(mut self, asked: Asked) -> Self {
        assert!(!(self.reduced && asked.needs_every_access()), "every access is asked for");
        self.movers = Movers::new(&self.machine, self.reduced, asked.apart());
        if let Some(field) = self.machine.program.cookie_generation
            && asked.keeps_walks(self.machine.world())
        {
            self.live = Live::keeping(&self.machine.program, field);
        }
        self.history = (!asked.is_nothing()).then(|| Box::new(History::new(asked, &self.machine)));
        self
    }

    /// Whether threads that do the same may be taken for each other when this is asked of their runs.
    pub fn may_be_symmetric(&self, asked: &Asked) -> bool {
        asked.is_symmetric(&self.machine)
    }

    /// Whether marks are histories.
    #[inline]
    pub(super) const fn has_history(&self) -> bool {
        self.history.is_some()
    }

    /// The mark at the start, and what is so there.
    pub(super) fn start_mark(&mut self) -> (Mark, Note) {
        let initial = self.initial();
        self.machine(&initial);
        match &mut self.history {
            Some(history) => history.start(&self.machine),
            None => (0, Note::default()),
        }
    }

    /// What is so in a state, at a fault if there is one.
    pub(super) fn note(&mut self, mark: Mark, state: &[u32], fault: Option<FaultInfo>) -> Note {
        self.machine(state);
        self.machine.fault = fault;
        self.history.as_mut().map_or(Note::default(), |h| h.look(mark, &self.machine))
    }

    /// The mark behind a step of a thread from its part and a shared part to this state, and what is so there.
    pub(super) fn follow(
        &mut self,
        mark: Mark,
        thread: ThreadId,
        from: (u32, u32),
        event: Event,
        to: &[u32],
    ) -> (Mark, Note) {
        let Some(mut history) = self.history.take() else { return (mark, Note::default()) };
        self.machine.unpack_local(thread, &self.live, self.locals.get(from.0));
        let (slot, call) = (self.machine.slot_number(thread), self.machine.call(thread));
        let n_set = |machine: &Machine| {
            let n_slots = machine.layout.slots.len();
            (0..n_slots).filter(|slot| machine.position(*slot).is_some()).count()
        };
        let is_removal = !matches!(call, Call::Next | Call::Leave);
        let mut n_wiped = 0;
        if history.counts_wiped() && is_removal {
            self.hold(from.1);
            let n_before = n_set(&self.machine);
            self.hold(to[0]);
            n_wiped = n_before.saturating_sub(n_set(&self.machine));
        }
        let made = Made {
            thread,
            slot,
            returned: match event {
                Event::Returned(returned) => Some(returned),
                Event::None | Event::Stepped | Event::Fault(_) => None,
            },
            has_left: call == Call::Leave && !self.is_inside(to[1 + thread]),
            n_wiped: u32::try_from(n_wiped).unwrap_or(u32::MAX),
        };
        self.machine(to);
        let out = history.step(mark, &self.machine, &made);
        self.history = Some(history);
        out
    }

    /// Whether there are threads that do the same, and are taken to be interchangeable.
    pub fn is_symmetric(&self) -> bool {
        self.symmetry.is_on()
    }

    /// Threads of a state, the kernel's worker last.
    pub fn n_threads(&self) -> usize {
        self.machine.threads.len()
    }

    /// A machine at the start.
    pub fn start(&self) -> Machine {
        Machine::new(Arc::clone(&self.machine.program), Arc::clone(&self.machine.world))
    }

    /// A group that no thread removes has lost its last reference, which the reduction takes to be impossible. What was
    /// found is real, but not finding something says nothing; search again with `reduced: false`.
    pub fn is_reduction_void(&self) -> bool {
        self.is_void
    }

    /// Different shared parts, different parts of threads, and steps that had to be run.
    pub fn n_parts(&self) -> (usize, usize, u64) {
        (self.shared.len(), self.locals.len(), self.n_runs)
    }

    /// Memory in use, in bytes.
    pub fn n_bytes(&self) -> usize {
        self.shared.n_bytes()
            + self.locals.n_bytes()
            + self.symmetry.n_bytes()
            + self.memo.n_bytes()
            + self.history.as_ref().map_or(0, |history| history.n_bytes())
    }

    pub(super) fn fault(&self, number: u32) -> &FaultInfo {
        &self.faults[number as usize]
    }

    /// The state at the start: the shared part, then the threads'.
    pub(super) fn initial(&mut self) -> Vec<u32> {
        if !self.initial.is_empty() {
            return self.initial.clone();
        }
        self.machine = self.start();
        self.held = UNKNOWN;
        let mut out = vec![self.shared_number()];
        for thread in 0..self.n_threads() {
            out.push(self.local_number(thread));
        }
        self.initial.clone_from(&out);
        out
    }

    /// Whether the thread with this part is inside a call.
    #[inline]
    pub(super) fn is_inside(&self, local: u32) -> bool {
        self.inside[local as usize]
    }

    /// The machine in this state (but for what nobody can see any more).
    pub(super) fn machine(&mut self, state: &[u32]) -> &Machine {
        self.machine.fault = None;
        self.hold(state[0]);
        for (thread, local) in state[1..].iter().enumerate() {
            self.machine.unpack_local(thread, &self.live, self.locals.get(*local));
        }
        &self.machine
    }

    fn shared_number(&mut self) -> u32 {
        self.machine.pack_shared(&mut self.bytes);
        let (number, is_new) = self.shared.number(&self.bytes);
        if is_new {
            self.has_work.push(self.machine.work.iter().any(|work| work.grace.is_over()));
        }
        self.held = number;
        number
    }

    /// Puts the machine into a shared part.
    fn hold(&mut self, shared: u32) {
        if self.held != shared {
            self.machine.unpack_shared(self.shared.get(shared));
            self.held = shared;
        }
    }

    fn local_number(&mut self, thread: ThreadId) -> u32 {
        let class = self.symmetry.class(thread);
        self.machine.pack_local(thread, class, &self.live, &mut self.bytes);
        let (number, is_new) = self.locals.number(&self.bytes);
        if is_new {
            self.inside.push(self.machine.threads[thread].inside);
            self.idle.push(self.machine.call(thread) == Call::None);
        }
        number
    }

    /// What the thread does with these parts.
    #[inline]
    pub(super) fn step(
        &mut self,
        thread: ThreadId,
        local: u32,
        shared: u32,
        choice: u8,
    ) -> Transition {
        if self.idle[local as usize] {
            let is_worker = thread + 1 == self.machine.threads.len();
            if !is_worker || !self.has_work[shared as usize] {
                return NO_STEP;
            }
        }
        let key = Key::new(thread, local, shared, choice);
        if let Some(known) = self.memo.get(key) {
            return known;
        }
        let made = self.run(thread, local, shared, choice);
        self.memo.put(key, made);
        made
    }

    /// Puts the part that a thread has just changed where it belongs among those of the threads that do the same; the
    /// place where it comes to stand.
    #[inline]
    pub(super) fn settle(&mut self, state: &mut [u32], mut mover: ThreadId) -> ThreadId {
        while let Some((low, high)) = self.symmetry.disorder(&state[1..], mover) {
            state[0] = self.exchanged(state[0], low, high);
            state.swap(1 + low, 1 + high);
            mover = if mover == low { high } else { low };
        }
        mover
    }

    /// The shared part with a thread and the next that does the same exchanged.
    fn exchanged(&mut self, shared: u32, low: ThreadId, high: ThreadId) -> u32 {
        let at = shared as usize;
        if let Some(known) = self.symmetry.exchanged[low].get(at).filter(|n| **n != UNKNOWN) {
            return *known;
        }
        self.hold(shared);
        self.machine.exchange(low, high);
        self.held = UNKNOWN;
        let other = self.shared_number();
        let table = &mut self.symmetry.exchanged[low];
        table.resize(self.shared.len().max(table.len()), UNKNOWN);
        (table[at], table[other as usize]) = (other, shared);
        other
    }

    /// Remembers as many steps as it may.
    pub(super) fn widen(&mut self) {
        self.memo.widen();
    }

    fn run(&mut self, thread: ThreadId, local: u32, shared: u32, choice: u8) -> Transition {
        self.n_runs += 1;
        self.machine.fault = None;
        self.hold(shared);
        self.machine.unpack_local(thread, &self.live, self.locals.get(local));
        let mut made = NO_STEP;
        match begin(&mut self.machine, thread, choice) {
            None => return made,
            Some(has_more) => made.has_more = has_more,
        }
        // A walker that only loads leaves the shared part as it is.
        let mut changes = matches!(self.machine.call(thread), Call::Stage { .. });
        self.held = UNKNOWN;
        let event = block(&mut self.machine, &self.movers, thread, &mut |machine: &mut Machine| {
            self.is_void |= self.movers.is_void_next(machine, thread);
            changes |= !is_load_next(machine, thread);
        });
        made.event = event;
        if let Event::Returned(Returned::Group(group)) = event {
            made.wrong = wrong(&self.machine, thread, group);
        }
        if let Some(fault) = self.machine.fault {
            let known = self.faults.iter().position(|f| *f == fault);
            let number = known.unwrap_or_else(|| {
                self.faults.push(fault);
                self.faults.len() - 1
            });
            made.event = Event::Fault(u32::try_from(number).unwrap_or(u32::MAX));
            return made;
        }
        if changes {
            made.shared = self.shared_number();
        } else {
            (made.shared, self.held) = (shared, shared);
        }
        made.local = self.local_number(thread);
        made
    }

    /// Whether the thread, from this state on and all by itself, does not leave its call: it comes round to where it was,
    /// or makes as many steps as the world allows a call.
    pub(super) fn loops_alone(&mut self, thread: ThreadId, local: u32, shared: u32) -> Option<u32> {
        let mut at = (local, shared);
        let mut mark = at;
        let mut limit = 1;
        for n in 1..=self.machine.world.bounds.n_accesses_per_call_max {
            let made = self.step(thread, at.0, at.1, 0);
            if made.event != Event::Stepped || !self.is_inside(made.local) {
                return None;
            }
            at = (made.local, made.shared);
            if at == mark {
                break;
            }
            if n == limit {
                (mark, limit) = (at, limit * 2);
            }
        }
        let pc = self.machine_pc(at.0, thread);
        self.faults.push(FaultInfo { kind: FaultKind::Hang, thread, pc, group: None });
        u32::try_from(self.faults.len() - 1).ok()
    }

    fn machine_pc(&mut self, local: u32, thread: ThreadId) -> u32 {
        self.machine.unpack_local(thread, &self.live, self.locals.get(local));
        self.machine.threads[thread].pc
    }

    /// What is wrong with what the thread's last call has returned.
    pub(crate) fn wrong_now(machine: &Machine, thread: ThreadId) -> Option<Wrong> {
        wrong(machine, thread, machine.holds(thread)?).filter(|what| is_so(machine, *what))
    }

    /// Whether that is wrong in this state: its shared part, and that of every thread. A step is remembered by the parts
    /// of its own thread; how far another has come with making a group is in none of them.
    pub(super) fn is_wrong(&mut self, state: &[u32], what: Wrong) -> bool {
        if !matches!(what, Wrong::NotOnline(_)) {
            return true;
        }
        is_so(self.machine(state), what)
    }

    /// Makes one step of a schedule on a machine; `before` sees it before every access.
    pub(crate) fn replay(
        &self,
        machine: &mut Machine,
        choice: Choice,
        before: &mut impl FnMut(&mut Machine),
    ) {
        machine.sort_work();
        if begin(machine, choice.thread, choice.item).is_some() {
            block(machine, &self.movers, choice.thread, before);
        }
    }
}

/// What is wrong with a group that the thread's call has just returned.
fn wrong(machine: &Machine, thread: ThreadId, id: GroupId) -> Option<Wrong> {
    let group = &machine.groups[id.index()];
    let is_online = machine.program.online.is_none_or(|field| machine.field(id, field) != 0);
    let root = machine.walk_root(thread).unwrap_or(GroupId::ROOT);
    match () {
        () if group.freed => Some(Wrong::Freed(id)),
        () if !group.exists || !is_online && !group.killed => Some(Wrong::NotOnline(id)),
        () if !machine.is_below(id.0 + 1, root.0 + 1) => Some(Wrong::Outside(id)),
        () => None,
    }
}

/// Whether something is wrong when all threads are looked at: a group may be past its online hook before that is written.
fn is_so(machine: &Machine, what: Wrong) -> bool {
    let Wrong::NotOnline(id) = what else { return true };
    !machine.program.online.is_some_and(|field| has_hook_run(machine, id, field))
}

/// Whether the group's online hook is over, though the core has not yet written so into this field: who makes the group
/// stands before that store, and something was done between it and putting the group on the list.
fn has_hook_run(machine: &Machine, id: GroupId, online: u8) -> bool {
    let code = &machine.program.code;
    machine.threads.iter().any(|thread| {
        let makes = matches!(thread.call, Call::Stage { group, .. } if group == id);
        let (before, rest) = code.split_at(thread.pc as usize);
        let stands = matches!(
            rest.first(),
            Some(Instr::Touch(Touch::Word { place: Place::Memcg(field), action: Action::Store { .. }, .. }))
                if *field == online
        );
        let last = before.iter().rfind(|instr| matches!(instr, Instr::Touch(_)));
        makes && stands && !matches!(last, Some(Instr::Touch(Touch::ListAdd { .. })))
    })
}

/// Whether the thread can step; if it is the idle worker, it takes the chosen item. Gives whether there is another item.
fn begin(machine: &mut Machine, thread: ThreadId, choice: u8) -> Option<bool> {
    if thread == machine.worker() && machine.call(thread) == Call::None {
        let is_ready = |w: &crate::machine::Work| w.grace.is_over();
        let mut ready = (0..machine.work.len()).filter(|at| is_ready(&machine.work[*at]));
        let item = ready.nth(usize::from(choice))?;
        let has_more = ready.next().is_some();
        return machine.take_work(item).then_some(has_more);
    }
    (choice == 0 && machine.can_step(thread) == Can::Step).then_some(false)
}

/// Whether the thread's next access is a load.
fn is_load_next(machine: &Machine, thread: ThreadId) -> bool {
    let next = machine.program.code[machine.threads[thread].pc as usize];
    matches!(next, Instr::Touch(Touch::Word { action: Action::Load { .. }, .. }))
}

/// Right movers, one access that others could see, left movers: as one step.
fn block(
    machine: &mut Machine,
    movers: &Movers,
    thread: ThreadId,
    before: &mut impl FnMut(&mut Machine),
) -> Event {
    let mut mover = movers.of(machine, thread);
    loop {
        before(machine);
        let stepped = machine.step(thread, &mut ());
        if let Some(returned) = stepped.returned {
            return Event::Returned(returned);
        }
        if stepped.ended.is_some() || machine.fault.is_some() {
            return Event::Stepped;
        }
        let next = movers.of(machine, thread);
        let goes_on = match mover {
            // Nothing that others could see has happened yet.
            Mover::Right | Mover::Both if next != Mover::Left => true,
            _ => matches!(next, Mover::Left | Mover::Both),
        };
        if !goes_on
            || !matches!(machine.program.code[machine.threads[thread].pc as usize], Instr::Touch(_))
        {
            return Event::Stepped;
        }
        mover = match (mover, next) {
            (Mover::Right | Mover::Both, next) => next,
            _ => Mover::Left,
        };
    }
}
