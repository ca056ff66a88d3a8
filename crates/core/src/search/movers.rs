//! Which accesses commute with everything that other threads can do: such an access needs no switch before it, or
//! none behind it (Lipton's reduction).
//!
//! * Entering a read-side section can only hold others up, so it moves right: it happens just before the thread's next
//!   access. Leaving one moves left: it happens just behind the access before.
//! * A group that no thread of the world removes or makes stays as it is: its parent, and those of its list pointers
//!   beside which nobody comes or goes (any more). Loading them moves both ways. Taking a reference on it moves right, dropping
//!   one moves left: that way round the count comes as low as it can.
//! * A slot that one thread alone uses, under a policy whose hooks look into none, is that thread's own.
//!
//! All but the first rests on groups that stay keeping their base reference. A policy that drops a reference too many
//! may break that; the search sees it happen ([`super::Space::is_reduction_void`]), since up to there all of this holds.

use super::live::{successors, written};
use crate::hierarchy::GroupId;
use crate::machine::{Machine, ThreadId, pointer};
use crate::program::{Action, Instr, Pc, Place, Program, Reg, Touch};
use crate::world::{Op, Role};
use alloc::{vec, vec::Vec};

/// How an access commutes with what other threads do.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(super) enum Mover {
    /// It does not.
    Neither,
    /// It may come later.
    Right,
    /// It may come earlier.
    Left,
    /// Either.
    Both,
}

/// Accesses that are not merged with their neighbours, since somebody looks at what comes of them.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub(super) struct Apart {
    /// Those that end a call of the iterator, and those by which a group comes online.
    pub(super) ends: bool,
    /// Stores to slots.
    pub(super) slots: bool,
}

/// What stays as it is in a world under a program.
#[derive(Clone, Debug)]
pub(super) struct Movers {
    is_on: bool,
    apart: Apart,
    /// Accesses behind which a call of the iterator may be over.
    ends: Vec<bool>,
    /// Neither made nor removed by any thread.
    stays: Vec<bool>,
    /// For each group those of its children that come or go; for each group those of its later siblings.
    moving_children: Vec<Vec<usize>>,
    moving_siblings: Vec<Vec<usize>>,
    /// Made by a thread, and not removed by any.
    is_made: Vec<bool>,
    /// Fields of groups that only the stages of their own group's life write.
    field_stays: Vec<bool>,
    /// The only thread that uses the slot.
    owner: Vec<Option<ThreadId>>,
    /// No table of ids is searched, which would read every group's fields.
    has_ids: bool,
}

impl Movers {
    pub(super) fn new(machine: &Machine, is_on: bool, apart: Apart) -> Self {
        let (program, world) = (&*machine.program, &*machine.world);
        let n = world.groups.len();
        let (mut stays, mut is_made) = (vec![true; n], vec![false; n]);
        for thread in &world.threads {
            let Role::Admin(ops) = &thread.role else { continue };
            for op in ops {
                let at = op.group().index();
                match op {
                    Op::Mkdir(_) => (stays[at], is_made[at]) = (false, true),
                    Op::Rmdir(_) => stays[at] = false,
                    Op::Pin(_) | Op::Unpin(_) => {}
                }
            }
        }
        for op in world.threads.iter().filter_map(|t| match &t.role {
            Role::Admin(ops) => Some(ops),
            Role::Reclaimer { .. } => None,
        }) {
            let removed = op.iter().filter(|op| matches!(op, Op::Rmdir(_)));
            removed.for_each(|op| is_made[op.group().index()] = false);
        }
        let mut moving_children = vec![Vec::new(); n];
        let mut moving_siblings = vec![Vec::new(); n];
        for (at, group) in world.groups.iter().enumerate().filter(|(at, _)| !stays[*at]) {
            let Some(parent) = group.parent else { continue };
            moving_children[parent.index()].push(at);
            for (sibling, other) in world.groups[..at].iter().enumerate() {
                if other.parent == group.parent {
                    moving_siblings[sibling].push(at);
                }
            }
        }
        let touches_slots = |pc: &Pc| {
            let is_slot = |at: &usize| {
                matches!(program.code[*at], Instr::Touch(Touch::Word { place: Place::Slot(_), .. }))
            };
            reachable(program, *pc).iter().any(is_slot)
        };
        let is_shared = program.stages.iter().any(|s| touches_slots(&s.pc))
            || program.code.iter().any(|i| matches!(i, Instr::NextSlot(..)));
        let owner = (0..machine.layout.slots.len()).map(|slot| {
            let mut users = (0..world.threads.len())
                .filter(|thread| machine.layout.turns[*thread].contains(&slot));
            let root = machine.layout.slots[slot].root;
            let first = users.next().filter(|_| !is_shared && stays[root.index()]);
            if users.next().is_some() { None } else { first }
        });
        Self {
            is_on,
            apart,
            ends: ends(program),
            owner: owner.collect(),
            field_stays: field_stays(program),
            has_ids: program.css_id.is_some(),
            stays,
            moving_children,
            moving_siblings,
            is_made,
        }
    }

    /// The access that the thread makes next.
    pub(super) fn of(&self, machine: &Machine, thread: ThreadId) -> Mover {
        let pc = machine.threads[thread].pc;
        let Instr::Touch(touch) = machine.program.code[pc as usize] else { return Mover::Neither };
        if !self.is_on || self.is_apart(&machine.program, pc, touch) {
            return Mover::Neither;
        }
        let reg =
            |reg: Reg| pointer(machine.regs[thread * machine.program.n_regs + usize::from(reg)]);
        let stays = |css: Reg| reg(css).is_some_and(|g| self.stays[g.index()]);
        let movers = |is: bool, mover: Mover| if is { mover } else { Mover::Neither };
        match touch {
            Touch::RcuLock | Touch::SchedLock => Mover::Right,
            Touch::RcuUnlock | Touch::SchedUnlock => Mover::Left,
            Touch::Tryget { css, .. } | Touch::Get { css } => movers(stays(css), Mover::Right),
            Touch::Put { css } => movers(stays(css), Mover::Left),
            Touch::Word { place, base, action } => {
                let Some(GroupId(at)) = reg(base) else { return Mover::Neither };
                let at = at as usize;
                let is_load = matches!(action, Action::Load { .. });
                let alone = match place {
                    Place::Slot(_) => self.owner[at] == Some(thread),
                    Place::Global(_) => false,
                    Place::Parent => self.stays[at],
                    Place::FirstChild => {
                        self.stays[at] && self.have_moved(machine, &self.moving_children[at])
                    }
                    Place::NextSibling => {
                        self.stays[at] && self.have_moved(machine, &self.moving_siblings[at])
                    }
                    Place::Memcg(field) => {
                        let is_unseen = !machine.groups[at].listed && !self.has_ids;
                        let is_fixed = is_load && self.stays[at];
                        is_unseen || is_fixed && self.field_stays[usize::from(field)]
                    }
                };
                movers(alone, Mover::Both)
            }
            _ => Mover::Neither,
        }
    }

    /// The groups that [`Self::of`] looks at to tell how the thread's next access commutes.
    pub(super) fn looks_at(&self, machine: &Machine, thread: ThreadId, mut at: impl FnMut(usize)) {
        let pc = machine.threads[thread].pc;
        let Instr::Touch(Touch::Word { place, base, .. }) = machine.program.code[pc as usize]
        else {
            return;
        };
        let word = machine.regs[thread * machine.program.n_regs + usize::from(base)];
        let Some(group) = pointer(word).map(GroupId::index).filter(|_| self.is_on) else { return };
        match place {
            Place::FirstChild if self.stays[group] => {
                self.moving_children[group].iter().copied().for_each(at);
            }
            Place::NextSibling if self.stays[group] => {
                self.moving_siblings[group].iter().copied().for_each(at);
            }
            Place::Memcg(_) if !self.has_ids => at(group),
            _ => {}
        }
    }

    /// Whether somebody looks at what comes of this access.
    fn is_apart(&self, program: &Program, pc: Pc, touch: Touch) -> bool {
        let stores_to = match touch {
            Touch::Word { place, action, .. } if !matches!(action, Action::Load { .. }) => {
                Some(place)
            }
            _ => None,
        };
        let is_online = matches!(stores_to, Some(Place::Memcg(at)) if program.online == Some(at));
        self.apart.ends && (self.ends[pc as usize] || is_online)
            || self.apart.slots && matches!(stores_to, Some(Place::Slot(_)))
    }

    /// Whether these groups are where they will be for ever: on the list if they are made, off it if they are removed.
    fn have_moved(&self, machine: &Machine, groups: &[usize]) -> bool {
        groups.iter().all(|at| {
            let group = &machine.groups[*at];
            group.unlinked || self.is_made[*at] && group.listed
        })
    }

    /// Whether the thread's next access drops the last reference of a group that should stay.
    pub(super) fn is_void_next(&self, machine: &Machine, thread: ThreadId) -> bool {
        let pc = machine.threads[thread].pc;
        let Instr::Touch(Touch::Put { css }) = machine.program.code[pc as usize] else {
            return false;
        };
        let word = machine.regs[thread * machine.program.n_regs + usize::from(css)];
        pointer(word)
            .is_some_and(|g| self.stays[g.index()] && machine.groups[g.index()].n_refs <= 1)
    }
}

/// Accesses of the iterator behind which its call may be over without another.
fn ends(program: &Program) -> Vec<bool> {
    let mut ends = vec![false; program.code.len()];
    for entry in [program.next, program.leave] {
        for pc in reachable(program, entry) {
            ends[pc] = matches!(program.code[pc], Instr::Touch(_)) && is_last(program, pc);
        }
    }
    ends
}

/// Whether a call may be over behind this access without another.
fn is_last(program: &Program, pc: usize) -> bool {
    let mut seen = vec![false; program.code.len()];
    let mut open = vec![pc + 1];
    while let Some(at) = open.pop() {
        if core::mem::replace(&mut seen[at], true) {
            continue;
        }
        match program.code[at] {
            Instr::Return(_) => return true,
            Instr::Touch(_) => {}
            instr => open.extend(successors(instr, at).into_iter().flatten()),
        }
    }
    false
}

/// Instructions that can run from here on.
pub(super) fn reachable(program: &Program, entry: Pc) -> Vec<usize> {
    let mut seen = vec![false; program.code.len()];
    let mut out = vec![entry as usize];
    seen[entry as usize] = true;
    let mut at = 0;
    while let Some(pc) = out.get(at).copied() {
        at += 1;
        for to in successors(program.code[pc], pc).into_iter().flatten() {
            if !seen[to] {
                seen[to] = true;
                out.push(to);
            }
        }
    }
    out
}

/// Fields of groups that are only written by `create` and by what removes a group, and there only of that group.
fn field_stays(program: &Program) -> Vec<bool> {
    let mut stays = vec![true; program.memcg_fields.len()];
    let others = program.stages.iter().filter(|s| matches!(s.name.as_str(), "charge" | "uncharge"));
    for entry in [program.next, program.leave].into_iter().chain(others.map(|s| s.pc)) {
        for pc in reachable(program, entry) {
            if let Some((field, _)) = written_field(program.code[pc]) {
                stays[usize::from(field)] = false;
            }
        }
    }
    for stage in &program.stages {
        let code = reachable(program, stage.pc);
        let own = own_registers(program, &code);
        for pc in code {
            if let Some((field, base)) = written_field(program.code[pc])
                && !own[usize::from(base)]
            {
                stays[usize::from(field)] = false;
            }
        }
    }
    stays
}

fn written_field(instr: Instr) -> Option<(u8, Reg)> {
    match instr {
        Instr::Touch(Touch::Word { place: Place::Memcg(field), base, action }) => {
            (!matches!(action, Action::Load { .. })).then_some((field, base))
        }
        _ => None,
    }
}

/// Registers of a stage that never hold anything but the stage's own group: the first, and copies of it.
fn own_registers(program: &Program, code: &[usize]) -> Vec<bool> {
    let mut own = vec![true; program.n_regs];
    loop {
        let mut is_new = false;
        for pc in code {
            let instr = program.code[*pc];
            let Some(dst) = written(instr) else { continue };
            let copies = matches!(instr, Instr::Copy(_, src) if own[usize::from(src)]);
            if own[usize::from(dst)] && !copies {
                own[usize::from(dst)] = false;
                is_new = true;
            }
        }
        if !is_new {
            return own;
        }
    }
}
