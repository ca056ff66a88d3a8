//! A machine's state in bytes and back: what all threads share, and what each thread has for itself.
//!
//! The bytes are canonical: what nobody can read any more is left out, and the worker's queue is in order. A value
//! takes one byte up to 254 and five above, so that no value is ever cut.

use super::live::Live;
use super::pieces::Piece;
use crate::hierarchy::GroupId;
use crate::machine::{Call, Grace, Machine, ThreadId, Work};
use crate::world::{Role, Until};
use alloc::vec::Vec;

const WIDE: u8 = u8::MAX;

pub(super) fn put(out: &mut Vec<u8>, value: u32) {
    match u8::try_from(value) {
        Ok(byte) if byte != WIDE => out.push(byte),
        _ => {
            out.push(WIDE);
            out.extend_from_slice(&value.to_le_bytes());
        }
    }
}

fn flags(bits: impl IntoIterator<Item = bool>) -> u8 {
    bits.into_iter().fold(0, |byte, bit| (byte << 1) | u8::from(bit))
}

fn put_work(out: &mut Vec<u8>, work: &Work) {
    out.push(work.stage);
    for value in [work.group.0, work.grace.rcu, work.grace.sched] {
        put(out, value);
    }
}

/// Reads what [`put`] wrote. The bytes are our own: they are as long as they should be.
pub(super) struct Reader<'b> {
    pub(super) bytes: &'b [u8],
    pub(super) at: usize,
}

impl Reader<'_> {
    #[inline]
    fn byte(&mut self) -> u8 {
        self.at += 1;
        self.bytes[self.at - 1]
    }

    #[inline]
    pub(super) fn value(&mut self) -> u32 {
        match self.byte() {
            WIDE => (0..4).fold(0, |value, byte| value | u32::from(self.byte()) << (8 * byte)),
            byte => u32::from(byte),
        }
    }

    fn work(&mut self) -> Work {
        Work {
            stage: self.byte(),
            group: GroupId(self.value()),
            grace: Grace { rcu: self.value(), sched: self.value() },
        }
    }
}

impl Machine {
    /// What a piece of the shared part holds.
    pub(super) fn pack_piece(&mut self, piece: Piece, out: &mut Vec<u8>) {
        out.clear();
        match piece {
            Piece::Group(at) => self.pack_group(at, out),
            Piece::Slot(at) => {
                let n = self.program.slot_fields.len();
                let root = self.layout.slots[at].root;
                out.push(u8::from(self.groups[root.index()].freed));
                self.slots[at * n..(at + 1) * n].iter().for_each(|value| put(out, *value));
            }
            Piece::Globals => self.globals.iter().for_each(|value| put(out, *value)),
            Piece::Thread(at) => {
                let thread = &self.threads[at];
                out.extend_from_slice(&[thread.n_rcu, thread.n_sched]);
            }
            Piece::Waits => {
                for thread in &self.threads {
                    out.push(u8::from(thread.then.is_some()));
                    thread.then.iter().for_each(|then| put_work(out, then));
                }
                self.sort_work();
                self.work.iter().for_each(|work| put_work(out, work));
            }
        }
    }

    fn pack_group(&self, at: usize, out: &mut Vec<u8>) {
        let group = &self.groups[at];
        let bits =
            [group.exists, group.listed, group.unlinked, group.killed, group.freed, group.queued];
        out.push(flags(bits));
        if !group.freed {
            // Into one that is freed nobody can look without a fault; but its id stays in the table of ids.
            put(out, u32::from_ne_bytes(group.n_refs.to_ne_bytes()));
            put(out, group.first_child);
            put(out, group.last_child);
            put(out, group.next_sibling);
        }
        let n = self.program.memcg_fields.len();
        self.fields[at * n..(at + 1) * n].iter().for_each(|value| put(out, *value));
    }

    /// Any item of the worker that is ready may be next, so their order says nothing.
    pub(super) fn sort_work(&mut self) {
        for at in 1..self.work.len() {
            let mut to = at;
            while to > 0 && self.work[to] < self.work[to - 1] {
                self.work.swap(to, to - 1);
                to -= 1;
            }
        }
    }

    /// Takes over what [`Self::pack_piece`] wrote.
    pub(super) fn unpack_piece(&mut self, piece: Piece, bytes: &[u8]) {
        let mut from = Reader { bytes, at: 0 };
        match piece {
            Piece::Group(at) => self.unpack_group(at, &mut from),
            Piece::Slot(at) => {
                let n = self.program.slot_fields.len();
                // That its root is freed is the root's to say.
                from.byte();
                self.slots[at * n..(at + 1) * n].iter_mut().for_each(|cell| *cell = from.value());
            }
            Piece::Globals => self.globals.iter_mut().for_each(|cell| *cell = from.value()),
            Piece::Thread(at) => {
                let thread = &mut self.threads[at];
                (thread.n_rcu, thread.n_sched) = (from.byte(), from.byte());
            }
            Piece::Waits => {
                for thread in &mut self.threads {
                    thread.then = (from.byte() != 0).then(|| from.work());
                }
                self.work.clear();
                while from.at < bytes.len() {
                    let work = from.work();
                    self.work.push(work);
                }
            }
        }
    }

    fn unpack_group(&mut self, at: usize, from: &mut Reader<'_>) {
        let group = &mut self.groups[at];
        let bits = from.byte();
        let bit = |at: u8| bits >> at & 1 != 0;
        (group.exists, group.listed, group.unlinked) = (bit(5), bit(4), bit(3));
        (group.killed, group.freed, group.queued) = (bit(2), bit(1), bit(0));
        if !group.freed {
            group.n_refs = i32::from_ne_bytes(from.value().to_ne_bytes());
            group.first_child = from.value();
            group.last_child = from.value();
            group.next_sibling = from.value();
        }
        let n = self.program.memcg_fields.len();
        self.fields[at * n..(at + 1) * n].iter_mut().for_each(|cell| *cell = from.value());
    }

    /// What a thread has for itself: where it is, what it holds, live registers and cookie.
    /// Of threads of a `class`, the same means the same text.
    pub(super) fn pack_local(
        &self,
        thread: ThreadId,
        class: ThreadId,
        live: &Live,
        out: &mut Vec<u8>,
    ) {
        out.clear();
        let t = &self.threads[thread];
        out.push(u8::try_from(class).unwrap_or(WIDE));
        match t.call {
            // Done with everything; the worker may begin again, from nothing.
            Call::None => {
                out.push(0);
                return;
            }
            Call::Next => out.push(1),
            Call::Leave => out.push(2),
            Call::Stage { stage, group } => {
                out.extend_from_slice(&[3, stage]);
                put(out, group.0);
            }
        }
        out.push(u8::from(t.inside));
        put(out, t.pc);
        put(out, t.op);
        if let Some(Role::Reclaimer { until, .. }) = self.world.threads.get(thread).map(|t| &t.role)
        {
            put(out, t.prev);
            put(out, self.counted(thread, *until));
            if matches!(until, Until::Visits { .. }) {
                put(out, t.n_visits);
            }
            put(out, self.walks_that_count(thread, *until));
        }
        for reg in live.regs(t.pc) {
            put(out, self.regs[thread * self.program.n_regs + usize::from(*reg)]);
        }
        for field in live.cookie_fields(t.pc) {
            let n_fields = self.program.cookie_fields.len();
            put(out, self.cookies[thread * n_fields + usize::from(*field)]);
        }
    }

    /// Calls made, where they end the thread's work.
    fn counted(&self, thread: ThreadId, until: Until) -> u32 {
        if matches!(until, Until::Calls(_)) { self.threads[thread].n_calls } else { 0 }
    }

    /// Walks made, as far as they decide the slot or the end.
    fn walks_that_count(&self, thread: ThreadId, until: Until) -> u32 {
        let n_walks = self.threads[thread].n_walks;
        let is_counted = match until {
            Until::Rounds(n) => n.is_some(),
            Until::Visits { n_walks, .. } => n_walks.is_some(),
            Until::Calls(_) => false,
        };
        let n_turns = u32::try_from(self.layout.turns[thread].len()).unwrap_or(1);
        if is_counted { n_walks } else { n_walks.checked_rem(n_turns).unwrap_or(0) }
    }

    /// Takes over what [`Self::pack_local`] wrote, of a thread of the same class.
    pub(super) fn unpack_local(&mut self, thread: ThreadId, live: &Live, bytes: &[u8]) {
        let mut from = Reader { bytes, at: 1 };
        let call = match from.byte() {
            0 => Call::None,
            1 => Call::Next,
            2 => Call::Leave,
            _ => Call::Stage { stage: from.byte(), group: GroupId(from.value()) },
        };
        let t = &mut self.threads[thread];
        (t.call, t.n_accesses, t.returned) = (call, 0, None);
        if call == Call::None {
            (t.inside, t.pc, t.prev) = (false, 0, 0);
            if let Some(spec) = self.world.threads.get(thread)
                && let Role::Admin(ops) = &spec.role
            {
                t.op = u32::try_from(ops.len()).unwrap_or(u32::MAX);
            }
            return;
        }
        t.inside = from.byte() != 0;
        t.pc = from.value();
        t.op = from.value();
        if let Some(Role::Reclaimer { until, .. }) = self.world.threads.get(thread).map(|t| &t.role)
        {
            t.prev = from.value();
            t.n_calls = from.value();
            if matches!(until, Until::Visits { .. }) {
                t.n_visits = from.value();
            }
            t.n_walks = from.value();
        }
        let pc = t.pc;
        for reg in live.regs(pc) {
            self.regs[thread * self.program.n_regs + usize::from(*reg)] = from.value();
        }
        for field in live.cookie_fields(pc) {
            let n_fields = self.program.cookie_fields.len();
            self.cookies[thread * n_fields + usize::from(*field)] = from.value();
        }
    }
}
