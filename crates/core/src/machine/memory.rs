//! Accesses to shared state, one at a time, with every check of memory that is gone.

use super::access::{Access, FaultInfo, FaultKind, Observer};
use super::{Grace, Machine, ThreadId, Work, pointer};
use crate::hierarchy::GroupId;
use crate::program::{Action, Pc, Place, Reg, Touch, TrygetRule};
use crate::world::Preemption;

/// The base word, what was seen, and what changed.
type Done = (u32, u32, Option<(u32, u32)>);

impl Machine {
    pub(super) fn reg(&self, thread: ThreadId, reg: Reg) -> u32 {
        self.regs[thread * self.program.n_regs + reg as usize]
    }

    pub(super) fn set_reg(&mut self, thread: ThreadId, reg: Reg, value: u32) {
        let at = thread * self.program.n_regs + reg as usize;
        self.regs[at] = value;
    }

    pub(super) fn raise(&mut self, thread: ThreadId, kind: FaultKind, group: Option<GroupId>) {
        let pc = self.threads[thread].pc;
        self.fault = Some(FaultInfo { kind, thread, pc, group });
    }

    /// The group that a register points to, if its memory may be touched.
    fn group_at(&mut self, thread: ThreadId, reg: Reg) -> Option<GroupId> {
        let Some(group) = pointer(self.reg(thread, reg)) else {
            self.raise(thread, FaultKind::Null, None);
            return None;
        };
        if self.groups[group.index()].freed {
            self.raise(thread, FaultKind::UseAfterFree, Some(group));
            return None;
        }
        Some(group)
    }

    pub(super) fn touch(
        &mut self,
        thread: ThreadId,
        pc: Pc,
        touch: Touch,
        observer: &mut impl Observer,
    ) {
        let (base, seen, changed) = match touch {
            Touch::Word { place, base, action } => match self.word(thread, place, base, action) {
                Some(done) => done,
                None => return,
            },
            Touch::RcuLock | Touch::RcuUnlock | Touch::SchedLock | Touch::SchedUnlock => {
                match self.section(thread, touch) {
                    Some(done) => done,
                    None => return,
                }
            }
            Touch::NewId { dst } => {
                let id = self.new_id();
                self.set_reg(thread, dst, id);
                (0, id, None)
            }
            Touch::NextById { dst, id, root } => {
                let found = self.next_by_id(self.reg(thread, id), self.reg(thread, root));
                self.set_reg(thread, dst, found);
                (0, found, None)
            }
            Touch::Tryget { css, .. }
            | Touch::Get { css }
            | Touch::Put { css }
            | Touch::Kill { css }
            | Touch::ListAdd { css }
            | Touch::ListDel { css }
            | Touch::CallRcu { css, .. }
            | Touch::QueueWork { css, .. }
            | Touch::Free { css } => {
                let Some(group) = self.group_at(thread, css) else { return };
                let Some((seen, changed)) = self.on_group(thread, touch, group) else { return };
                (group.0 + 1, seen, changed)
            }
        };
        observer.access(&Access { thread, pc, base, seen, changed });
    }

    fn word(&mut self, thread: ThreadId, place: Place, base: Reg, action: Action) -> Option<Done> {
        let base_word = match place {
            Place::Global(_) => 0,
            _ => self.reg(thread, base),
        };
        let at = match place {
            Place::Slot(field) => {
                let Some(slot) = base_word.checked_sub(1) else {
                    self.raise(thread, FaultKind::Null, None);
                    return None;
                };
                let root = self.layout.slots[slot as usize].root;
                if self.groups[root.index()].freed {
                    // A slot lives in the memory of its root.
                    self.raise(thread, FaultKind::UseAfterFree, Some(root));
                    return None;
                }
                slot as usize * self.program.slot_fields.len() + field as usize
            }
            Place::Memcg(field) => {
                let group = self.group_at(thread, base)?;
                group.index() * self.program.memcg_fields.len() + field as usize
            }
            Place::Global(field) => field as usize,
            Place::Parent | Place::FirstChild | Place::NextSibling => {
                self.group_at(thread, base)?.index()
            }
        };
        let cell = match place {
            Place::Slot(_) => &mut self.slots[at],
            Place::Memcg(_) => &mut self.fields[at],
            Place::Global(_) => &mut self.globals[at],
            Place::FirstChild => &mut self.groups[at].first_child,
            Place::NextSibling => &mut self.groups[at].next_sibling,
            Place::Parent => &mut { self.layout.parents[at] },
        };
        let seen = *cell;
        let regs = thread * self.program.n_regs;
        let reg = |r: Reg| regs + r as usize;
        let written = match action {
            Action::Load { dst } => {
                self.regs[reg(dst)] = seen;
                None
            }
            Action::Store { src } => Some(self.regs[reg(src)]),
            Action::Cmpxchg { dst, old, new } => {
                let hit = seen == self.regs[reg(old)];
                let new = self.regs[reg(new)];
                self.regs[reg(dst)] = seen;
                hit.then_some(new)
            }
            Action::Xchg { dst, src } => {
                let new = self.regs[reg(src)];
                self.regs[reg(dst)] = seen;
                Some(new)
            }
            Action::Add { dst, amount } => {
                let sum = seen.wrapping_add(amount);
                self.regs[reg(dst)] = sum;
                Some(sum)
            }
        };
        if let Some(new) = written {
            *cell = new;
        }
        Some((base_word, seen, written.map(|new| (seen, new))))
    }

    fn section(&mut self, thread: ThreadId, touch: Touch) -> Option<Done> {
        let t = &mut self.threads[thread];
        let is_rcu = matches!(touch, Touch::RcuLock | Touch::RcuUnlock);
        let depth = if is_rcu { &mut t.n_rcu } else { &mut t.n_sched };
        let before = *depth;
        let after = match touch {
            Touch::RcuLock | Touch::SchedLock => before.checked_add(1),
            _ => before.checked_sub(1),
        };
        let Some(after) = after else {
            self.raise(thread, FaultKind::Unbalanced, None);
            return None;
        };
        *depth = after;
        if after == 0 {
            self.left_section(thread, is_rcu);
        }
        let change = (u32::from(before), u32::from(after));
        Some((0, change.0, Some(change)))
    }

    /// Grace periods that began while this thread was inside need not wait for it any more.
    fn left_section(&mut self, thread: ThreadId, is_rcu: bool) {
        let others = !(1_u32 << thread);
        let clear = |grace: &mut Grace| {
            let bits = if is_rcu { &mut grace.rcu } else { &mut grace.sched };
            *bits &= others;
        };
        self.work.iter_mut().for_each(|w| clear(&mut w.grace));
        self.threads.iter_mut().filter_map(|t| t.then.as_mut()).for_each(|w| clear(&mut w.grace));
    }

    /// A grace period that begins now.
    fn begin_grace(&self, sched: bool) -> Grace {
        let inside = |depth: fn(&super::Thread) -> u8| {
            let bits = self.threads.iter().enumerate();
            bits.filter(|(_, t)| depth(t) > 0).fold(0, |mask, (i, _)| mask | 1_u32 << i)
        };
        // Without preemption an RCU reader delays the sched flavour too.
        let rcu_counts = !sched || self.world.preemption == Preemption::None;
        Grace {
            rcu: if rcu_counts { inside(|t| t.n_rcu) } else { 0 },
            sched: if sched { inside(|t| t.n_sched) } else { 0 },
        }
    }

    /// What comes after this call: for the worker's own calls an item of the queue, for others their next call.
    pub(super) fn later(&mut self, thread: ThreadId, work: Work) {
        if thread == self.worker() {
            self.work.push(work);
        } else {
            self.threads[thread].then = Some(work);
        }
    }

    fn on_group(
        &mut self,
        thread: ThreadId,
        touch: Touch,
        id: GroupId,
    ) -> Option<(u32, Option<(u32, u32)>)> {
        let count = |n: i32| u32::try_from(n).unwrap_or(0);
        let offline = self.program.online.is_some_and(|f| self.field(id, f) == 0);
        let group = &mut self.groups[id.index()];
        let before = group.n_refs;
        match touch {
            Touch::Tryget { dst, online, .. } => {
                let rule = if online { self.program.tryget_online } else { self.program.tryget };
                let late = match rule {
                    TrygetRule::UnlessKilled => group.killed,
                    TrygetRule::WhileReferenced => false,
                };
                let taken = !late && before > 0 && !(online && offline);
                group.n_refs += i32::from(taken);
                let after = group.n_refs;
                self.set_reg(thread, dst, u32::from(taken));
                Some((u32::from(taken), taken.then(|| (count(before), count(after)))))
            }
            Touch::Get { .. } => {
                group.n_refs += 1;
                Some((count(before), Some((count(before), count(before + 1)))))
            }
            Touch::Put { .. } => {
                // Nobody's, or the last one again: a reference was taken when the count had been at zero.
                if before <= 0 || (before == 1 && group.queued) {
                    self.raise(thread, FaultKind::Underflow, Some(id));
                    return None;
                }
                group.n_refs -= 1;
                if before == 1 {
                    group.queued = true;
                    if let Some(stage) = self.program.on_last_put {
                        self.work.push(Work { stage, group: id, grace: Grace::default() });
                    }
                }
                Some((count(before), Some((count(before), count(before - 1)))))
            }
            Touch::Kill { .. } => {
                let was = u32::from(group.killed);
                group.killed = true;
                Some((was, Some((was, 1))))
            }
            Touch::ListAdd { .. } => Some((0, Some((0, self.list_add(id))))),
            Touch::ListDel { .. } => Some((0, self.list_del(id))),
            Touch::CallRcu { sched, stage, .. } => {
                let grace = self.begin_grace(sched);
                self.later(thread, Work { stage, group: id, grace });
                Some((grace.rcu | grace.sched, None))
            }
            Touch::QueueWork { stage, .. } => {
                self.later(thread, Work { stage, group: id, grace: Grace::default() });
                Some((0, None))
            }
            Touch::Free { .. } => {
                group.freed = true;
                Some((0, Some((0, 1))))
            }
            Touch::Word { .. }
            | Touch::NewId { .. }
            | Touch::NextById { .. }
            | Touch::RcuLock
            | Touch::RcuUnlock
            | Touch::SchedLock
            | Touch::SchedUnlock => None,
        }
    }

    /// The smallest id from 1 on that no group has.
    fn new_id(&self) -> u32 {
        let Some(field) = self.program.css_id else { return 0 };
        let n_fields = self.program.memcg_fields.len();
        let mut taken = alloc::vec![false; self.groups.len() + 2];
        for id in self.fields.iter().skip(field as usize).step_by(n_fields) {
            if let Some(taken) = taken.get_mut(*id as usize) {
                *taken = true;
            }
        }
        let free = taken.iter().skip(1).position(|taken| !taken);
        free.and_then(|at| u32::try_from(at + 1).ok()).unwrap_or(0)
    }

    /// The group (plus one) at or below the root with the smallest id from `id` on.
    fn next_by_id(&self, id: u32, root: u32) -> u32 {
        let Some(field) = self.program.css_id else { return 0 };
        let mut best = (u32::MAX, 0);
        for at in (0_u32..).take(self.groups.len()) {
            let own = self.field(GroupId(at), field);
            if own >= id.max(1) && own < best.0 && self.is_below(at + 1, root) {
                best = (own, at + 1);
            }
        }
        best.1
    }

    pub(crate) fn is_below(&self, mut group: u32, root: u32) -> bool {
        while let Some(id) = pointer(group) {
            if group == root {
                return true;
            }
            group = self.layout.parents[id.index()];
        }
        false
    }

    /// Links the group last below its parent; gives the word that readers find it by.
    fn list_add(&mut self, id: GroupId) -> u32 {
        let word = id.0 + 1;
        let group = &mut self.groups[id.index()];
        (group.exists, group.listed) = (true, true);
        // The base reference: the group's own, until its removal drops it.
        group.n_refs += 1;
        let Some(parent) = pointer(self.layout.parents[id.index()]) else { return word };
        match pointer(self.groups[parent.index()].last_child) {
            Some(last) => self.groups[last.index()].next_sibling = word,
            None => self.groups[parent.index()].first_child = word,
        }
        self.groups[parent.index()].last_child = word;
        word
    }

    /// Takes the group off its parent's list: one store into whoever points to it.
    fn list_del(&mut self, id: GroupId) -> Option<(u32, u32)> {
        let word = id.0 + 1;
        let parent = pointer(self.layout.parents[id.index()])?;
        let next = self.groups[id.index()].next_sibling;
        self.groups[id.index()].unlinked = true;
        let mut before = 0;
        let mut at = self.groups[parent.index()].first_child;
        while at != word {
            before = at;
            at = self.groups[pointer(at)?.index()].next_sibling;
        }
        match pointer(before) {
            Some(before) => self.groups[before.index()].next_sibling = next,
            None => self.groups[parent.index()].first_child = next,
        }
        if self.groups[parent.index()].last_child == word {
            self.groups[parent.index()].last_child = before;
        }
        Some((word, next))
    }
}
