//! Which registers (and fields of a cookie) can still be read from an instruction on. What cannot is not kept in a
//! packed state: two threads that differ only there do the same from now on.

use crate::program::{Action, Instr, Pc, Place, Program, Reg, Touch};
use alloc::{vec, vec::Vec};

/// For every instruction, what is live before it: registers, then the cookie's fields.
#[derive(Clone, Debug)]
pub(super) struct Live {
    n_words: usize,
    bits: Vec<u64>,
    n_regs: usize,
    /// Live registers of every instruction, in order.
    lists: Vec<Vec<Reg>>,
    cookie_lists: Vec<Vec<u8>>,
}

/// What an instruction reads (`on_use`) and writes (given back).
fn effect(instr: Instr, n_regs: usize, mut on_use: impl FnMut(usize)) -> Option<usize> {
    let mut reads = |regs: &[Reg]| regs.iter().for_each(|r| on_use(usize::from(*r)));
    let writes = match instr {
        Instr::Const(dst, _) | Instr::GlobalRoot(dst) => Some(dst),
        Instr::Copy(dst, src) | Instr::SlotOf(dst, src) | Instr::UseHierarchy(dst, src) => {
            reads(&[src]);
            Some(dst)
        }
        Instr::Binary(_, dst, a, b) => {
            reads(&[a, b]);
            Some(dst)
        }
        Instr::NextSlot(dst, root) => {
            reads(&[dst, root]);
            Some(dst)
        }
        Instr::Jump(_) => None,
        Instr::JumpIf(reg, _)
        | Instr::JumpUnless(reg, _)
        | Instr::ContinueWith(_, reg)
        | Instr::Return(reg) => {
            reads(&[reg]);
            None
        }
        Instr::CookieLoad(dst, field) => {
            on_use(n_regs + usize::from(field));
            Some(dst)
        }
        Instr::CookieStore(field, src) => {
            reads(&[src]);
            return Some(n_regs + usize::from(field));
        }
        Instr::Touch(touch) => match touch {
            Touch::Word { place, base, action } => {
                if !matches!(place, Place::Global(_)) {
                    reads(&[base]);
                }
                match action {
                    Action::Load { dst } | Action::Add { dst, .. } => Some(dst),
                    Action::Store { src } => {
                        reads(&[src]);
                        None
                    }
                    Action::Cmpxchg { dst, old, new } => {
                        reads(&[old, new]);
                        Some(dst)
                    }
                    Action::Xchg { dst, src } => {
                        reads(&[src]);
                        Some(dst)
                    }
                }
            }
            Touch::Tryget { dst, css, .. } => {
                reads(&[css]);
                Some(dst)
            }
            Touch::Get { css }
            | Touch::Put { css }
            | Touch::Kill { css }
            | Touch::ListAdd { css }
            | Touch::ListDel { css }
            | Touch::CallRcu { css, .. }
            | Touch::QueueWork { css, .. }
            | Touch::Free { css } => {
                reads(&[css]);
                None
            }
            Touch::RcuLock | Touch::RcuUnlock | Touch::SchedLock | Touch::SchedUnlock => None,
            Touch::NewId { dst } => Some(dst),
            Touch::NextById { dst, id, root } => {
                reads(&[id, root]);
                Some(dst)
            }
        },
    };
    writes.map(usize::from)
}

/// The register that an instruction writes.
pub(super) fn written(instr: Instr) -> Option<Reg> {
    match instr {
        Instr::CookieStore(..) => None,
        _ => effect(instr, 0, |_| ()).and_then(|reg| Reg::try_from(reg).ok()),
    }
}

/// Where an instruction may go on; a call's end goes nowhere.
pub(super) fn successors(instr: Instr, pc: usize) -> [Option<usize>; 2] {
    match instr {
        Instr::Return(_) => [None, None],
        Instr::Jump(to) => [Some(to as usize), None],
        Instr::JumpIf(_, to) | Instr::JumpUnless(_, to) => [Some(to as usize), Some(pc + 1)],
        _ => [Some(pc + 1), None],
    }
}

impl Live {
    /// As [`Self::new`], with this field of cookies kept everywhere.
    pub(super) fn keeping(program: &Program, field: u8) -> Self {
        let mut live = Self::new(program);
        for list in &mut live.cookie_lists {
            if !list.contains(&field) {
                list.push(field);
            }
        }
        live
    }

    pub(super) fn new(program: &Program) -> Self {
        let n_regs = program.n_regs;
        let n_words = (n_regs + program.cookie_fields.len()).div_ceil(64);
        let n = program.code.len();
        let mut live = Self {
            n_words,
            bits: vec![0; (n + 1) * n_words],
            n_regs,
            lists: Vec::new(),
            cookie_lists: Vec::new(),
        };
        let mut row = vec![0; n_words];
        while live.sweep(program, &mut row) {}
        for pc in 0..n {
            live.lists.push(
                (0..n_regs)
                    .filter(|r| live.is_live(pc, *r))
                    .filter_map(|r| Reg::try_from(r).ok())
                    .collect(),
            );
            live.cookie_lists.push(
                (0..program.cookie_fields.len())
                    .filter(|f| live.is_live(pc, n_regs + f))
                    .filter_map(|f| u8::try_from(f).ok())
                    .collect(),
            );
        }
        live.bits = Vec::new();
        live
    }

    fn is_live(&self, pc: usize, at: usize) -> bool {
        self.bits[pc * self.n_words + at / 64] >> (at % 64) & 1 != 0
    }

    /// One pass from the last instruction to the first; whether anything was new.
    fn sweep(&mut self, program: &Program, row: &mut [u64]) -> bool {
        let mut is_new = false;
        for (pc, instr) in program.code.iter().enumerate().rev() {
            row.fill(0);
            for to in successors(*instr, pc).into_iter().flatten() {
                for (word, bits) in row.iter_mut().enumerate() {
                    *bits |= self.bits[to * self.n_words + word];
                }
            }
            if matches!(instr, Instr::Return(_)) {
                // The cookie lives on: a later call may read it.
                for field in 0..program.cookie_fields.len() {
                    let at = self.n_regs + field;
                    let entries = [program.next, program.leave];
                    if entries.iter().any(|pc| self.is_live(*pc as usize, at)) {
                        row[at / 64] |= 1 << (at % 64);
                    }
                }
            }
            let mut uses = [usize::MAX; 4];
            let mut n_uses = 0;
            let dst = effect(*instr, self.n_regs, |at| {
                uses[n_uses] = at;
                n_uses += 1;
            });
            if let Some(dst) = dst {
                row[dst / 64] &= !(1 << (dst % 64));
            }
            for at in &uses[..n_uses] {
                row[at / 64] |= 1 << (at % 64);
            }
            for (word, bits) in row.iter().enumerate() {
                let cell = &mut self.bits[pc * self.n_words + word];
                is_new |= *cell != *bits;
                *cell = *bits;
            }
        }
        is_new
    }

    /// Registers that can still be read from here on.
    #[inline]
    pub(super) fn regs(&self, pc: Pc) -> &[Reg] {
        &self.lists[pc as usize]
    }

    /// Fields of the cookie that can still be read from here on.
    #[inline]
    pub(super) fn cookie_fields(&self, pc: Pc) -> &[u8] {
        &self.cookie_lists[pc as usize]
    }
}
