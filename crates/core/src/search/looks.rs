//! Which pieces of the shared part a step looks at (or writes), in the order in which that is decided: each is named
//! before anything in it is made use of.

use super::movers::Movers;
use super::pieces::{Piece, Pieces};
use crate::hierarchy::GroupId;
use crate::machine::{Call, Machine, ThreadId, pointer};
use crate::program::{Instr, Place, Program, Reg, Touch};
use crate::world::Role;
use alloc::{vec, vec::Vec};

/// The pieces that a step has looked at so far.
#[derive(Clone, Debug)]
pub(super) struct Looks {
    pieces: Pieces,
    /// A walker can put something off, so that it looks at what it has put off.
    walkers_defer: bool,
    /// Places in the order in which they were looked at.
    at: Vec<u32>,
    is_in: Vec<bool>,
}

impl Looks {
    pub(super) fn new(machine: &Machine) -> Self {
        let pieces = Pieces::new(machine);
        let program = machine.program();
        Self {
            pieces,
            walkers_defer: [program.next, program.leave].iter().any(|pc| defers(program, *pc)),
            at: Vec::new(),
            is_in: vec![false; pieces.len()],
        }
    }

    /// The places looked at, in order.
    pub(super) fn places(&self) -> &[u32] {
        &self.at
    }

    pub(super) fn clear(&mut self) {
        for at in self.at.drain(..) {
            self.is_in[at as usize] = false;
        }
    }

    pub(super) fn at(&mut self, piece: Piece) {
        let place = self.pieces.place(piece);
        if !core::mem::replace(&mut self.is_in[place], true) {
            self.at.push(u32::try_from(place).unwrap_or(u32::MAX));
        }
    }

    fn group(&mut self, machine: &Machine, thread: ThreadId, css: Reg) -> Option<GroupId> {
        let group = pointer(machine.regs[thread * machine.program.n_regs + usize::from(css)])?;
        self.at(Piece::Group(group.index()));
        Some(group)
    }

    /// Whether the thread can step at all, and what its call being over comes to.
    pub(super) fn at_begin(&mut self, machine: &Machine, thread: ThreadId) {
        let Some(spec) = machine.world.threads.get(thread) else {
            self.at(Piece::Waits);
            return;
        };
        if machine.threads[thread].call == Call::None {
            // It has done everything.
            return;
        }
        match &spec.role {
            Role::Reclaimer { .. } if !self.walkers_defer => {}
            Role::Reclaimer { .. } => self.at(Piece::Waits),
            Role::Admin(ops) => {
                self.at(Piece::Waits);
                let own = &machine.threads[thread];
                if own.inside || own.then.is_some() || !matches!(own.call, Call::Stage { .. }) {
                    return;
                }
                if let Some(op) = ops.get(own.op as usize) {
                    self.family(machine, op.group());
                }
            }
        }
    }

    /// A group, its parent and all that are ever below it.
    fn family(&mut self, machine: &Machine, group: GroupId) {
        self.at(Piece::Group(group.index()));
        if let Some(parent) = machine.world.groups[group.index()].parent {
            self.at(Piece::Group(parent.index()));
        }
        machine.layout.children(group).for_each(|child| self.at(Piece::Group(child.index())));
    }

    /// The access that the thread makes next, and the local work behind it.
    pub(super) fn at_access(&mut self, machine: &Machine, thread: ThreadId) {
        let Instr::Touch(touch) = machine.program.code[machine.threads[thread].pc as usize] else {
            return;
        };
        match touch {
            Touch::Word { place, base, .. } => self.at_word(machine, thread, place, base),
            Touch::RcuLock | Touch::SchedLock => self.at(Piece::Thread(thread)),
            Touch::RcuUnlock | Touch::SchedUnlock => {
                self.at(Piece::Thread(thread));
                self.at(Piece::Waits);
            }
            Touch::NewId { .. } | Touch::NextById { .. } => {
                (0..machine.groups.len()).for_each(|group| self.at(Piece::Group(group)));
            }
            Touch::Put { css } => {
                let group = self.group(machine, thread, css);
                if group.is_some_and(|g| machine.groups[g.index()].n_refs <= 1) {
                    self.at(Piece::Waits);
                }
            }
            Touch::Tryget { css, .. } | Touch::Get { css } | Touch::Kill { css } => {
                self.group(machine, thread, css);
            }
            Touch::Free { css } => {
                let group = self.group(machine, thread, css);
                for (slot, key) in machine.layout.slots.iter().enumerate() {
                    if group == Some(key.root) {
                        self.at(Piece::Slot(slot));
                    }
                }
            }
            Touch::ListAdd { css } | Touch::ListDel { css } => {
                let group = self.group(machine, thread, css);
                let parent = group.and_then(|g| machine.world.groups[g.index()].parent);
                if let Some(parent) = parent {
                    self.family(machine, parent);
                }
            }
            Touch::CallRcu { css, .. } => {
                self.group(machine, thread, css);
                (0..machine.threads.len()).for_each(|other| self.at(Piece::Thread(other)));
                self.at(Piece::Waits);
            }
            Touch::QueueWork { css, .. } => {
                self.group(machine, thread, css);
                self.at(Piece::Waits);
            }
        }
    }

    fn at_word(&mut self, machine: &Machine, thread: ThreadId, place: Place, base: Reg) {
        let word = machine.regs[thread * machine.program.n_regs + usize::from(base)];
        match place {
            Place::Global(_) => self.at(Piece::Globals),
            Place::Slot(_) => {
                let Some(slot) = word.checked_sub(1) else { return };
                self.at(Piece::Slot(slot as usize));
            }
            Place::Memcg(_) | Place::Parent | Place::FirstChild | Place::NextSibling => {
                self.group(machine, thread, base);
            }
        }
    }

    /// What decides how the thread's next access commutes, see [`Movers::of`].
    pub(super) fn at_mover(&mut self, movers: &Movers, machine: &Machine, thread: ThreadId) {
        movers.looks_at(machine, thread, |group| self.at(Piece::Group(group)));
    }
}

/// Whether what is called here can put something off, to be done later.
fn defers(program: &Program, entry: u32) -> bool {
    super::movers::reachable(program, entry).into_iter().any(|pc| {
        matches!(
            program.code[pc],
            Instr::ContinueWith(..) | Instr::Touch(Touch::CallRcu { .. } | Touch::QueueWork { .. })
        )
    })
}
