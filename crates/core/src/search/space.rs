//! The space that a search walks: states as a few numbers, and what each thread can do in them.
//!
//! A state is taken apart: what each thread has for itself is a text of bytes, what all share is a row of pieces with a
//! text each, and each different text and row is kept once (SPIN calls this collapse compression). What a thread does
//! next depends on its own part and a few pieces alone, so a step that was made before is looked up by these, not run again.

mod marks;

use super::block::{Tracer, begin, block};
use super::history::History;
use super::index::Pool;
use super::live::Live;
use super::looks::Looks;
use super::movers::{Apart, Movers};
use super::pieces::{Piece, Pieces, Rows};
use super::recall::{Known, Recall};
use super::returns::{Wrong, is_so, wrong};
use super::symmetry::{Symmetry, UNKNOWN};
use crate::machine::{FaultInfo, FaultKind, Machine, ThreadId};
use crate::picture::Returned;
use crate::program::Program;
use crate::world::World;
use alloc::{boxed::Box, sync::Arc, vec, vec::Vec};

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
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(super) struct Transition {
    pub(super) local: u32,
    pub(super) shared: u32,
    pub(super) event: Event,
    /// The worker could also take another item.
    pub(super) has_more: bool,
    /// What is wrong with what the call returned.
    pub(super) wrong: Option<Wrong>,
}

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
    pieces: Pieces,
    /// The number of every piece that the machine is in.
    held: Vec<u32>,
    looks: Looks,
    live: Live,
    movers: Movers,
    reduced: bool,
    /// What is kept of runs, if something is asked.
    history: Option<Box<History>>,
    pub(super) symmetry: Symmetry,
    texts: Pool,
    rows: Rows,
    locals: Pool,
    /// For each local part, whether the thread is inside a call.
    inside: Vec<bool>,
    recall: Recall,
    changes: Vec<(u32, u32)>,
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
        let n_threads = machine.threads.len();
        let pieces = Pieces::new(&machine);
        Self {
            pieces,
            held: vec![UNKNOWN; pieces.len()],
            looks: Looks::new(&machine),
            live: Live::new(machine.program()),
            movers: Movers::new(&machine, reduced, Apart::default()),
            reduced,
            history: None,
            symmetry: Symmetry::new(machine.world(), false),
            machine,
            texts: Pool::new(),
            rows: Rows::new(pieces.len()),
            locals: Pool::new(),
            inside: Vec::new(),
            recall: Recall::new(n_threads),
            changes: Vec::new(),
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
        (self.rows.len(), self.locals.len(), self.n_runs)
    }

    /// Memory in use, in bytes.
    pub fn n_bytes(&self) -> usize {
        self.texts.n_bytes()
            + self.rows.n_bytes()
            + self.recall.n_bytes()
            + self.locals.n_bytes()
            + self.symmetry.n_bytes()
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
        for place in 0..self.pieces.len() {
            self.piece_number(place);
        }
        let mut out = vec![self.rows.number(&self.held)];
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

    /// The number of a piece as the machine has it.
    fn piece_number(&mut self, place: usize) -> u32 {
        let piece = self.pieces.at(place);
        self.machine.pack_piece(piece, &mut self.bytes);
        let (number, _) = self.texts.number(&self.bytes);
        self.held[place] = number;
        number
    }

    /// Puts the machine into a shared part.
    fn hold(&mut self, shared: u32) {
        let row = self.rows.get(shared);
        for (place, (held, number)) in self.held.iter_mut().zip(row).enumerate() {
            if held != number {
                let piece = self.pieces.at(place);
                self.machine.unpack_piece(piece, self.texts.get(*number));
                *held = *number;
            }
        }
    }

    fn local_number(&mut self, thread: ThreadId) -> u32 {
        let class = self.symmetry.class(thread);
        self.machine.pack_local(thread, class, &self.live, &mut self.bytes);
        let (number, is_new) = self.locals.number(&self.bytes);
        if is_new {
            self.inside.push(self.machine.threads[thread].inside);
        }
        number
    }

    /// What the thread does with these parts.
    #[inline(always)]
    pub(super) fn look(&mut self, thread: ThreadId, local: u32, shared: u32, choice: u8) -> Known {
        match self.recall.find(thread, choice, local, self.rows.get(shared)) {
            Some(made) => made,
            None => self.run(thread, local, shared, choice),
        }
    }

    /// The shared part behind a step from this one.
    #[inline(always)]
    pub(super) fn shared_behind(&mut self, shared: u32, made: &Known) -> u32 {
        if made.is_local() {
            return shared;
        }
        self.rows.changed(shared, self.recall.changes(made))
    }

    /// What the thread does with these parts, with the parts that it comes to.
    pub(super) fn step(
        &mut self,
        thread: ThreadId,
        local: u32,
        shared: u32,
        choice: u8,
    ) -> Transition {
        let made = self.look(thread, local, shared, choice);
        Transition {
            local: made.local,
            shared: self.shared_behind(shared, &made),
            event: made.event(),
            has_more: made.has_more(),
            wrong: made.wrong(),
        }
    }

    /// Puts the part that a thread has just changed where it belongs among those of the threads that do the same; the
    /// place where it comes to stand.
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
        for thread in 0..self.n_threads() {
            self.piece_number(self.pieces.place(Piece::Thread(thread)));
        }
        self.piece_number(self.pieces.place(Piece::Waits));
        let other = self.rows.number(&self.held);
        let table = &mut self.symmetry.exchanged[low];
        table.resize(self.rows.len().max(table.len()), UNKNOWN);
        (table[at], table[other as usize]) = (other, shared);
        other
    }

    /// As [`Self::step`], run in this very state, with every piece of what it leads to looked at anew.
    #[cfg(test)]
    pub(super) fn step_afresh(
        &mut self,
        thread: ThreadId,
        local: u32,
        shared: u32,
        choice: u8,
    ) -> Transition {
        self.machine.fault = None;
        self.held.fill(UNKNOWN);
        self.hold(shared);
        self.machine.unpack_local(thread, &self.live, self.locals.get(local));
        let (event, has_more, wrong) = self.happens(thread, choice);
        let mut made = Transition { local: 0, shared, event, has_more, wrong };
        if !matches!(event, Event::None | Event::Fault(_)) {
            for place in 0..self.pieces.len() {
                self.piece_number(place);
            }
            made.shared = self.rows.number(&self.held);
            made.local = self.local_number(thread);
        }
        self.held.fill(UNKNOWN);
        made
    }

    #[cold]
    #[inline(never)]
    /// Runs a step, and keeps it with the pieces that it looked at.
    fn run(&mut self, thread: ThreadId, local: u32, shared: u32, choice: u8) -> Known {
        self.n_runs += 1;
        self.machine.fault = None;
        self.hold(shared);
        self.machine.unpack_local(thread, &self.live, self.locals.get(local));
        self.looks.clear();
        self.looks.at_begin(&self.machine, thread);
        let (event, has_more, wrong) = self.happens(thread, choice);
        let is_fault = matches!(event, Event::Fault(_));
        self.changes.clear();
        let row = self.rows.get(shared).to_vec();
        for at in 0..self.looks.places().len() {
            let place = self.looks.places()[at] as usize;
            if is_fault {
                self.held[place] = UNKNOWN;
                continue;
            }
            let number = self.piece_number(place);
            if number != row[place] {
                self.changes.push((self.looks.places()[at], number));
            }
        }
        let local_then = match event {
            Event::None | Event::Fault(_) => 0,
            Event::Stepped | Event::Returned(_) => self.local_number(thread),
        };
        let made = Known::new(local_then, event, has_more, wrong);
        let by = (thread, choice, local);
        self.recall.put(by, self.looks.places(), &row, made, &self.changes)
    }

    /// Makes the step on the machine: what it comes to, whether there is another item, what is wrong.
    fn happens(&mut self, thread: ThreadId, choice: u8) -> (Event, bool, Option<Wrong>) {
        let Self { machine, movers, looks, is_void, .. } = self;
        let Some(has_more) = begin(machine, thread, choice) else {
            return (Event::None, false, None);
        };
        let event = block(machine, movers, thread, &mut Tracer { looks, movers, is_void });
        if let Some(fault) = self.machine.fault {
            let known = self.faults.iter().position(|f| *f == fault);
            let number = known.unwrap_or_else(|| {
                self.faults.push(fault);
                self.faults.len() - 1
            });
            return (Event::Fault(u32::try_from(number).unwrap_or(u32::MAX)), has_more, None);
        }
        let mut is_wrong = None;
        if let Event::Returned(Returned::Group(group)) = event {
            self.looks.at(Piece::Group(group.index()));
            is_wrong = wrong(&self.machine, thread, group);
        }
        (event, has_more, is_wrong)
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

    /// Whether that is wrong in this state: its shared part, and that of every thread. A step is recalled by its own
    /// thread's part and by pieces; how far another thread has come with making a group is in none of them.
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
