//! What threads call, one call after the other, and the local work between accesses.

use super::{Call, Machine, Stepped, ThreadId, Work, pointer};
use crate::hierarchy::GroupId;
use crate::listing::ast::BinaryOp;
use crate::picture::Returned;
use crate::program::{Instr, Pc, Reg};
use crate::world::{Op, Role, Until};

/// Local instructions between two accesses before a call counts as hung.
const LOCAL_MAX: u32 = 100_000;

impl Machine {
    /// Runs local instructions; stops before an access or return. `None`: it does not end.
    pub(super) fn run_local(&mut self, thread: ThreadId, mut pc: Pc) -> Option<(Pc, Instr)> {
        for _ in 0..LOCAL_MAX {
            let instr = self.program.code[pc as usize];
            pc += 1;
            match instr {
                Instr::Touch(_) | Instr::Return(_) => return Some((pc - 1, instr)),
                Instr::Const(dst, value) => self.set_reg(thread, dst, value),
                Instr::Copy(dst, src) => {
                    let value = self.reg(thread, src);
                    self.set_reg(thread, dst, value);
                }
                Instr::Binary(op, dst, a, b) => {
                    let value = binary(op, self.reg(thread, a), self.reg(thread, b));
                    self.set_reg(thread, dst, value);
                }
                Instr::Jump(to) => pc = to,
                Instr::JumpIf(reg, to) if self.reg(thread, reg) != 0 => pc = to,
                Instr::JumpUnless(reg, to) if self.reg(thread, reg) == 0 => pc = to,
                Instr::JumpIf(..) | Instr::JumpUnless(..) => {}
                Instr::SlotOf(dst, root) => {
                    let slot = self.slot_of(thread, self.reg(thread, root));
                    self.set_reg(thread, dst, slot);
                }
                Instr::NextSlot(dst, root) => {
                    let after = self.reg(thread, dst);
                    let slot = self.layout.next_slot(after, self.reg(thread, root));
                    self.set_reg(thread, dst, slot);
                }
                Instr::CookieLoad(dst, field) => {
                    let at = thread * self.program.cookie_fields.len() + field as usize;
                    let value = self.cookies[at];
                    self.set_reg(thread, dst, value);
                }
                Instr::CookieStore(field, src) => {
                    let at = thread * self.program.cookie_fields.len() + field as usize;
                    self.cookies[at] = self.reg(thread, src);
                }
                Instr::UseHierarchy(dst, root) => {
                    let all = self.world.use_hierarchy || self.reg(thread, root) == 1;
                    self.set_reg(thread, dst, u32::from(all));
                }
                Instr::GlobalRoot(dst) => self.set_reg(thread, dst, 1),
                Instr::ContinueWith(stage, css) => self.go_on(thread, stage, css),
            }
        }
        None
    }

    fn go_on(&mut self, thread: ThreadId, stage: u8, css: Reg) {
        if let Some(group) = pointer(self.reg(thread, css)) {
            self.later(thread, Work { stage, group, grace: super::Grace::default() });
        }
    }

    /// The slot that the thread's walk uses in this round, if it is below this root.
    fn slot_of(&self, thread: ThreadId, root: u32) -> u32 {
        let Some(at) = self.slot_number(thread) else {
            // Its arguments were given: there is one slot below the root.
            return self.layout.next_slot(0, root);
        };
        let found = self.layout.slots[at].root.0 + 1 == root;
        if found { u32::try_from(at + 1).unwrap_or(0) } else { 0 }
    }

    /// Number of the slot that the thread's walk uses in this round.
    pub(crate) fn slot_number(&self, thread: ThreadId) -> Option<usize> {
        let turns = self.layout.turns.get(thread)?;
        let turn = self.threads[thread].n_walks as usize;
        turns.get(turn.checked_rem(turns.len())?).copied()
    }

    /// The thread's next call becomes this one: its arguments are set, local work done up to the first access.
    pub(super) fn start_call(&mut self, thread: ThreadId, call: Call) {
        let mut args = [0; 3];
        match call {
            Call::Next | Call::Leave => {
                if let Some(Role::Reclaimer { root, cookie, .. }) =
                    self.world.threads.get(thread).map(|t| &t.role)
                {
                    let prev = self.threads[thread].prev;
                    args = [root.0 + 1, prev, u32::from(cookie.is_some())];
                }
            }
            Call::Stage { group, .. } => args[0] = group.0 + 1,
            Call::None => {}
        }
        self.start_with(thread, call, args);
    }

    /// As [`Self::start_call`], with these arguments.
    pub(super) fn start_with(&mut self, thread: ThreadId, call: Call, args: [u32; 3]) {
        let n_regs = self.program.n_regs;
        self.regs[thread * n_regs..(thread + 1) * n_regs].fill(0);
        let t = &mut self.threads[thread];
        (t.call, t.inside, t.n_accesses) = (call, false, 0);
        let entry = match call {
            Call::None => return,
            Call::Next => self.program.next,
            Call::Leave => self.program.leave,
            Call::Stage { stage, .. } => self.program.stages[stage as usize].pc,
        };
        for (reg, value) in (0..).zip(args).take(n_regs) {
            self.set_reg(thread, reg, value);
        }
        self.threads[thread].pc = entry;
        match self.run_local(thread, entry) {
            Some((pc, _)) => self.threads[thread].pc = pc,
            None => self.raise(thread, super::FaultKind::Hang, None),
        }
    }

    /// Decides the thread's next call and gets it ready.
    pub(super) fn prepare(&mut self, thread: ThreadId) {
        let call = self.next_call(thread);
        self.start_call(thread, call);
    }

    fn next_call(&self, thread: ThreadId) -> Call {
        let t = &self.threads[thread];
        if let Some(then) = t.then {
            return Call::Stage { stage: then.stage, group: then.group };
        }
        let Some(spec) = self.world.threads.get(thread) else { return Call::None };
        let holding = t.prev != 0;
        match &spec.role {
            Role::Reclaimer { until, .. } => match *until {
                Until::Rounds(Some(n)) if t.n_walks >= n => Call::None,
                Until::Visits { n_walks: Some(n), .. } if t.n_walks >= n => Call::None,
                Until::Visits { n_visits, .. } if t.n_visits >= n_visits && holding => Call::Leave,
                Until::Rounds(_) | Until::Visits { .. } => Call::Next,
                Until::Calls(n) if t.n_calls < n => Call::Next,
                Until::Calls(_) if holding => Call::Leave,
                Until::Calls(_) => Call::None,
            },
            Role::Admin(ops) => {
                let Some(op) = ops.get(t.op as usize) else { return Call::None };
                let (stage, group) = match *op {
                    Op::Mkdir(group) => ("create", group),
                    Op::Rmdir(group) => ("kill", group),
                    Op::Pin(group) => ("charge", group),
                    Op::Unpin(group) => ("uncharge", group),
                };
                self.stage_call(stage, group)
            }
        }
    }

    fn stage_call(&self, stage: &str, group: GroupId) -> Call {
        self.program.stage(stage).map_or(Call::None, |stage| Call::Stage { stage, group })
    }

    /// The thread leaves its walk whatever its role says; no effect if it holds nothing or is inside a call.
    pub fn leave_walk(&mut self, thread: ThreadId) -> bool {
        if self.threads[thread].prev == 0 || self.threads[thread].inside {
            return false;
        }
        self.start_call(thread, Call::Leave);
        true
    }

    /// The call is over: what it returned is noted, and the next call is got ready.
    pub(super) fn end_call(&mut self, thread: ThreadId, value: u32) -> Stepped {
        let is_worker = thread == self.worker();
        let t = &mut self.threads[thread];
        let call = t.call;
        t.inside = false;
        t.n_calls += 1;
        let mut returned = None;
        match call {
            Call::Next => {
                t.prev = value;
                returned = Some(pointer(value).map_or(Returned::Nothing, Returned::Group));
                if value == 0 {
                    t.n_walks += 1;
                    t.n_visits = 0;
                } else {
                    t.n_visits += 1;
                }
            }
            Call::Leave => {
                t.prev = 0;
                t.n_walks += 1;
                t.n_visits = 0;
            }
            Call::Stage { stage, group } => {
                // A stage that queued none after it ends the operation.
                let was_then = t.then.is_some_and(|w| (w.stage, w.group) == (stage, group));
                if was_then {
                    t.then = None;
                }
                if t.then.is_none() && !is_worker {
                    t.op += 1;
                }
            }
            Call::None => {}
        }
        if call == Call::Next {
            t.returned = returned;
        }
        if is_worker {
            self.start_call(thread, Call::None);
        } else {
            self.prepare(thread);
        }
        Stepped { ended: Some(call), returned }
    }
}

fn binary(op: BinaryOp, a: u32, b: u32) -> u32 {
    match op {
        BinaryOp::Eq => u32::from(a == b),
        BinaryOp::Ne => u32::from(a != b),
        BinaryOp::Lt => u32::from(a < b),
        BinaryOp::Le => u32::from(a <= b),
        BinaryOp::Gt => u32::from(a > b),
        BinaryOp::Ge => u32::from(a >= b),
        BinaryOp::Add => a.wrapping_add(b),
        BinaryOp::Sub => a.wrapping_sub(b),
        // By jumps; never lowered to this.
        BinaryOp::And => u32::from(a != 0 && b != 0),
        BinaryOp::Or => u32::from(a != 0 || b != 0),
    }
}
