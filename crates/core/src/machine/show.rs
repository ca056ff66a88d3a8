//! What can be read off a machine without stepping it: fields, words, pictures.

use super::access::{FaultInfo, FaultKind};
use super::{Call, Can, Machine, ThreadId, pointer};
use crate::hierarchy::GroupId;
use crate::listing::ast::Type;
use crate::picture::{Fault, FieldPicture, Life, Next, PinPicture, ThreadPicture, WorkPicture};
use crate::program::{Action, FieldInfo, Instr, Pc, Place, Touch};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

impl Machine {
    /// References held on a group; `None` once it is freed (or before it is made).
    pub fn n_refs(&self, group: GroupId) -> Option<i32> {
        let g = &self.groups[group.index()];
        (g.exists && !g.freed).then_some(g.n_refs)
    }

    /// Whether the group's memory is gone.
    pub fn is_freed(&self, group: GroupId) -> bool {
        self.groups[group.index()].freed
    }

    /// The group that a slot's position points to.
    pub fn position(&self, slot: usize) -> Option<GroupId> {
        let field = self.program.position?;
        pointer(self.slots[slot * self.program.slot_fields.len() + field as usize])
    }

    /// The generation of the slot that the thread walks in: what its cookie has kept of it, or else what the slot says;
    /// `None` if the slot has none.
    pub(crate) fn generation_of_walk(&self, thread: ThreadId, slot: Option<usize>) -> Option<u32> {
        let now = self.slot_field(slot?, "generation")?;
        let n_fields = self.program.cookie_fields.len();
        let kept = self.program.cookie_generation.map(|f| thread * n_fields + usize::from(f));
        Some(kept.map_or(now, |at| self.cookies[at]))
    }

    /// A slot's field by name.
    pub fn slot_field(&self, slot: usize, name: &str) -> Option<u32> {
        let fields = &self.program.slot_fields;
        let at = fields.iter().position(|f| f.name == name)?;
        Some(self.slots[slot * fields.len() + at])
    }

    /// An extra field of a group by name.
    pub fn memcg_field(&self, group: GroupId, name: &str) -> Option<u32> {
        let fields = &self.program.memcg_fields;
        let at = fields.iter().position(|f| f.name == name)?;
        Some(self.fields[group.index() * fields.len() + at])
    }

    /// The stage that a group's life has reached.
    pub fn life(&self, group: GroupId) -> Life {
        let g = &self.groups[group.index()];
        let online = self.program.online.is_none_or(|f| self.field(group, f) != 0);
        match () {
            () if g.freed => Life::Freed,
            () if !g.exists => Life::Unborn,
            () if g.unlinked => Life::Unlinked,
            () if self.is_offline(group) => Life::Offline,
            () if g.killed => Life::Dying,
            () if !online => Life::Coming,
            () => Life::Alive,
        }
    }

    /// The thread's name.
    pub fn thread_name(&self, thread: ThreadId) -> &str {
        self.world.threads.get(thread).map_or(crate::world::World::WORKER, |t| t.name.as_str())
    }

    /// A call's name: `next`, `break`, or a stage's.
    pub fn call_name(&self, call: Call) -> Option<&str> {
        match call {
            Call::None => None,
            Call::Next => Some("next"),
            Call::Leave => Some("break"),
            Call::Stage { stage, .. } => Some(&self.program.stages[stage as usize].name),
        }
    }

    /// Name of the listing and line of the instruction.
    pub fn line(&self, pc: Pc) -> Option<(String, u32)> {
        let origin = self.program.origins.get(pc as usize)?;
        let file = self.program.frames.get(origin.frame as usize)?.file;
        Some((self.program.files[file].name.clone(), origin.line))
    }

    /// A value in words: a group by its path, a number, yes or no.
    pub fn value_words(&self, ty: Type, value: u32) -> String {
        match ty {
            Type::Void => String::new(),
            Type::Bool => (if value == 0 { "false" } else { "true" }).to_string(),
            Type::Int | Type::Unknown => value.to_string(),
            Type::Memcg => match pointer(value) {
                None => "none".to_string(),
                Some(group) if self.groups[group.index()].freed => {
                    format!("{} (freed memory)", self.world.path(group))
                }
                Some(group) => self.world.path(group).to_string(),
            },
            Type::Slot => match pointer(value) {
                None => "none".to_string(),
                Some(slot) => self.slot_words(slot.index()),
            },
            Type::Cookie => (if value == 0 { "none" } else { "yes" }).to_string(),
        }
    }

    /// A slot in words: its key and, if not the global root, its root.
    pub fn slot_words(&self, slot: usize) -> String {
        let key = &self.layout.slots[slot];
        match key.root {
            GroupId::ROOT => key.words(),
            root => format!("{} of {}", key.words(), self.world.path(root)),
        }
    }

    /// The thread's next access in words, as long as its registers are those from before it.
    pub(crate) fn access_words_before(&self, thread: ThreadId) -> String {
        if self.threads[thread].call == Call::None {
            return String::new();
        }
        self.access_words(thread, self.threads[thread].pc)
    }

    /// Root of the walk that the thread makes.
    pub(crate) fn walk_root(&self, thread: ThreadId) -> Option<GroupId> {
        match self.world.threads.get(thread)?.role {
            crate::world::Role::Reclaimer { root, .. } => Some(root),
            crate::world::Role::Admin(_) => None,
        }
    }

    /// Who holds references on a group, in words, as far as that can be told from outside.
    pub fn holders(&self, group: GroupId) -> Vec<String> {
        let g = &self.groups[group.index()];
        // Dropped by the offline stage, on the release core before the group leaves its list.
        let has_base = !g.unlinked && !self.is_offline(group);
        let mut out: Vec<String> = has_base.then(|| "base".to_string()).into_iter().collect();
        let mut n_told = out.len();
        let is_there = |c: &GroupId| {
            let child = &self.groups[c.index()];
            child.exists && !child.freed
        };
        let n_children = self.layout.children(group).filter(is_there).count();
        if n_children > 0 {
            let s = if n_children == 1 { "child" } else { "children" };
            out.push(format!("{n_children} {s}"));
            n_told += n_children;
        }
        for thread in 0..self.world.threads.len() {
            let name = self.thread_name(thread);
            if self.walk_root(thread) == Some(group) {
                out.push(format!("{name} walks below it"));
                n_told += 1;
            } else if self.holds(thread) == Some(group) {
                out.push(name.to_string());
                n_told += 1;
            }
        }
        let n_rest = usize::try_from(g.n_refs).unwrap_or(0).saturating_sub(n_told);
        if n_rest > 0 {
            out.push(format!("{n_rest} in flight, pinned or held by a slot"));
        }
        out
    }

    /// The access at `pc` in words, with the objects that it concerns: `tryget(ct-103)`.
    pub fn access_words(&self, thread: ThreadId, pc: Pc) -> String {
        let Instr::Touch(touch) = self.program.code[pc as usize] else {
            return "return".to_string();
        };
        let name = |reg| match pointer(self.reg(thread, reg)) {
            Some(group) => self.world.name(group).to_string(),
            None => "NULL".to_string(),
        };
        let stage = |stage: u8| &self.program.stages[stage as usize].name;
        match touch {
            Touch::Word { place, base, action } => self.word_words(thread, place, base, action),
            Touch::Tryget { css, online: false, .. } => format!("tryget({})", name(css)),
            Touch::Tryget { css, .. } => format!("tryget_online({})", name(css)),
            Touch::Get { css } => format!("get({})", name(css)),
            Touch::Put { css } => format!("put({})", name(css)),
            Touch::Kill { css } => format!("kill({})", name(css)),
            Touch::ListAdd { css } => format!("list_add_tail_rcu({})", name(css)),
            Touch::ListDel { css } => format!("list_del_rcu({})", name(css)),
            Touch::RcuLock => "rcu_read_lock()".to_string(),
            Touch::RcuUnlock => "rcu_read_unlock()".to_string(),
            Touch::SchedLock => "rcu_read_lock_sched()".to_string(),
            Touch::SchedUnlock => "rcu_read_unlock_sched()".to_string(),
            Touch::CallRcu { sched, stage: s, css } => {
                let flavour = if sched { "_sched" } else { "" };
                format!("call_rcu{flavour}({}, {})", stage(s), name(css))
            }
            Touch::QueueWork { stage: s, css } => {
                format!("queue_work({}, {})", stage(s), name(css))
            }
            Touch::Free { css } => format!("free({})", name(css)),
            Touch::NewId { .. } => "new_id()".to_string(),
            Touch::NextById { id, root, .. } => {
                format!("next_by_id({}, {})", self.reg(thread, id), name(root))
            }
        }
    }

    fn word_words(&self, thread: ThreadId, place: Place, base: u16, action: Action) -> String {
        let word = self.reg(thread, base);
        let group = || pointer(word).map_or("NULL", |g| self.world.name(g)).to_string();
        let of = |fields: &[FieldInfo], at: u8| {
            fields.get(at as usize).map_or((String::new(), Type::Int), |f| (f.name.clone(), f.ty))
        };
        let (object, field, ty) = match place {
            Place::Slot(at) => {
                let (field, ty) = of(&self.program.slot_fields, at);
                let slot =
                    word.checked_sub(1).map_or("NULL".to_string(), |s| self.slot_words(s as usize));
                (slot, field, ty)
            }
            Place::Memcg(at) => {
                let (field, ty) = of(&self.program.memcg_fields, at);
                (group(), field, ty)
            }
            Place::Global(at) => {
                let (field, ty) = of(&self.program.globals, at);
                ("global".to_string(), field, ty)
            }
            Place::Parent => (group(), "parent".to_string(), Type::Memcg),
            Place::FirstChild => (group(), "first_child".to_string(), Type::Memcg),
            Place::NextSibling => (group(), "next_sibling".to_string(), Type::Memcg),
        };
        let value = |reg| self.value_words(ty, self.reg(thread, reg));
        match action {
            Action::Load { .. } => format!("{object}->{field}"),
            Action::Store { src } => format!("{object}->{field} = {}", value(src)),
            Action::Cmpxchg { old, new, .. } => {
                format!("cmpxchg({object}->{field}, {}, {})", value(old), value(new))
            }
            Action::Xchg { src, .. } => format!("xchg({object}->{field}, {})", value(src)),
            Action::Add { amount: 1, .. } => format!("atomic_inc({object}->{field})"),
            Action::Add { amount, .. } => format!("atomic_add({amount}, {object}->{field})"),
        }
    }

    /// A fault's short name in the words of the conformance files.
    pub fn fault_name(&self, fault: &FaultInfo) -> String {
        match fault.kind {
            FaultKind::UseAfterFree => format!("UAF {}", self.touched(fault.pc)),
            FaultKind::Null => "NULL pointer".to_string(),
            FaultKind::Underflow => "REF underflow".to_string(),
            FaultKind::Unbalanced => "unlock without lock".to_string(),
            FaultKind::Hang => "HANG".to_string(),
        }
    }

    fn touched(&self, pc: Pc) -> String {
        let Instr::Touch(touch) = self.program.code[pc as usize] else { return String::new() };
        let field = |fields: &[FieldInfo], at: u8| {
            fields.get(at as usize).map_or_else(String::new, |f| f.name.clone())
        };
        match touch {
            Touch::Word { place, .. } => match place {
                Place::FirstChild => "children".to_string(),
                Place::NextSibling => "sibling".to_string(),
                Place::Parent => "parent".to_string(),
                Place::Slot(at) => field(&self.program.slot_fields, at),
                Place::Memcg(at) => field(&self.program.memcg_fields, at),
                Place::Global(at) => field(&self.program.globals, at),
            },
            Touch::Tryget { online: true, .. } => "css_tryget_online".to_string(),
            Touch::Tryget { .. } => "css_tryget".to_string(),
            Touch::Get { .. } => "css_get".to_string(),
            Touch::Put { .. } => "css_put".to_string(),
            Touch::ListAdd { .. } | Touch::ListDel { .. } => "sibling".to_string(),
            _ => "css".to_string(),
        }
    }

    /// A fault with its sentence.
    pub fn fault_picture(&self, fault: &FaultInfo) -> Fault {
        let who = self.thread_name(fault.thread);
        let what = self.access_words(fault.thread, fault.pc);
        let group = fault.group.map_or("a group", |g| self.world.path(g));
        let words = match fault.kind {
            FaultKind::UseAfterFree => {
                format!("{who} touches freed memory: {what}, but {group} is freed")
            }
            FaultKind::Null => format!("{who} follows a NULL pointer: {what}"),
            FaultKind::Underflow => {
                format!("{who} drops a reference on {group} that nobody holds: {what}")
            }
            FaultKind::Unbalanced => {
                format!("{who} leaves a read-side section that it has not entered: {what}")
            }
            FaultKind::Hang => format!("{who}'s call does not return"),
        };
        Fault {
            name: self.fault_name(fault),
            words,
            thread: fault.thread,
            group: fault.group,
            line: self.line(fault.pc),
        }
    }

    /// All slots.
    pub fn pins(&self) -> Vec<PinPicture> {
        let fields = &self.program.slot_fields;
        let pin = |(slot, key): (usize, &super::SlotKey)| {
            let value = |at: usize| self.slots[slot * fields.len() + at];
            let group = self.position(slot);
            PinPicture {
                root: key.root,
                key: key.words(),
                group,
                dangling: group.is_some_and(|g| self.is_freed(g)),
                generation: self.program.generation.map(|g| value(g as usize)),
                fields: (0..fields.len())
                    .map(|at| FieldPicture {
                        name: fields[at].name.clone(),
                        value: self.value_words(fields[at].ty, value(at)),
                    })
                    .collect(),
            }
        };
        self.layout.slots.iter().enumerate().map(pin).collect()
    }

    /// Items of the worker.
    pub fn work_pictures(&self) -> Vec<WorkPicture> {
        let mut out = Vec::new();
        let worker = self.worker();
        if let Call::Stage { stage, group } = self.call(worker) {
            let stage = self.program.stages[stage as usize].name.clone();
            out.push(WorkPicture { stage, group, waits_for: Vec::new(), running: true });
        }
        out.extend(self.work().map(|(stage, group, mask)| WorkPicture {
            stage: self.program.stages[stage as usize].name.clone(),
            group,
            waits_for: bits(mask),
            running: false,
        }));
        out
    }

    /// Where a thread stands.
    pub fn thread_picture(&self, thread: ThreadId) -> ThreadPicture {
        let t = &self.threads[thread];
        let call = self.call_name(t.call).map(ToString::to_string);
        let inside = t.inside;
        ThreadPicture {
            holds: self.holds(thread),
            call: if inside { call.clone() } else { None },
            next_call: call,
            line: if t.call == Call::None { None } else { self.line(t.pc) },
            locals: if inside { self.locals(thread) } else { Vec::new() },
            n_rcu: t.n_rcu,
            n_sched: t.n_sched,
            next: self.next_words(thread),
            returned: t.returned,
            n_calls: t.n_calls,
        }
    }

    /// What the thread can do next, or why it cannot.
    pub fn next_words(&self, thread: ThreadId) -> Next {
        let t = &self.threads[thread];
        match self.can_step(thread) {
            Can::Step if t.call == Call::None => {
                let item = self.work.iter().find(|w| w.grace.is_over());
                let words = item.map_or_else(String::new, |w| {
                    let stage = &self.program.stages[w.stage as usize].name;
                    format!("{stage}({})", self.world.name(w.group))
                });
                Next::Access { words, label: String::new() }
            }
            Can::Step => Next::Access {
                words: self.access_words(thread, t.pc),
                label: self.program.label(t.pc).to_string(),
            },
            Can::Wait(mask) => {
                let (stage, group) = t.then.map_or((String::new(), GroupId::ROOT), |w| {
                    (self.program.stages[w.stage as usize].name.clone(), w.group)
                });
                Next::Waits { threads: bits(mask), stage, group }
            }
            Can::Blocked(why) => Next::Blocked(self.blocked_words(&why)),
            Can::Idle => match self.work.first() {
                Some(item) => Next::Waits {
                    threads: bits(item.grace.rcu | item.grace.sched),
                    stage: self.program.stages[item.stage as usize].name.clone(),
                    group: item.group,
                },
                None => Next::Blocked("nothing to do: no group has lost its last reference".into()),
            },
            Can::Done => Next::Done,
            Can::Halted => Next::Blocked("this lane has come to a fault".into()),
        }
    }

    fn blocked_words(&self, why: &super::Blocked) -> String {
        use super::Blocked;
        let path = |g: &GroupId| self.world.path(*g).to_string();
        match why {
            Blocked::Unborn(g) => match self.maker(*g) {
                Some(maker) => format!("{} is not made yet; {maker} makes it", path(g)),
                None => format!("{} does not exist", path(g)),
            },
            Blocked::Exists(g) => format!("{} exists already", path(g)),
            Blocked::ParentDying(g) => {
                format!("{} is being removed: nothing can be made in it", path(g))
            }
            Blocked::Dying(g) => format!("{} is being removed already", path(g)),
            Blocked::HasChild(g, child) => {
                format!(
                    "{} still has the child {}: the kernel answers EBUSY until that is removed",
                    path(g),
                    path(child)
                )
            }
            Blocked::Freed(g) => format!("{} is gone, its memory is freed", path(g)),
            Blocked::Root => "the root cgroup cannot be removed".into(),
        }
    }

    fn maker(&self, group: GroupId) -> Option<&str> {
        let makes = |t: &&crate::world::ThreadSpec| match &t.role {
            crate::world::Role::Admin(ops) => ops.contains(&crate::world::Op::Mkdir(group)),
            crate::world::Role::Reclaimer { .. } => false,
        };
        self.world.threads.iter().find(makes).map(|t| t.name.as_str())
    }

    /// Locals of the functions that the thread is in, innermost first.
    fn locals(&self, thread: ThreadId) -> Vec<FieldPicture> {
        let origin = self.program.origins[self.threads[thread].pc as usize];
        let mut out = Vec::new();
        let mut frame = Some(origin.frame);
        while let Some(info) = frame.and_then(|f| self.program.frames.get(f as usize)) {
            out.extend(info.locals.iter().map(|local| FieldPicture {
                name: format!("{}.{}", info.function, local.name),
                value: self.value_words(local.ty, self.reg(thread, local.reg)),
            }));
            frame = info.caller;
        }
        out
    }
}

/// The numbers of the bits that are set.
pub(crate) fn bits(mask: u32) -> Vec<usize> {
    (0..32).filter(|bit| mask & (1 << bit) != 0).collect()
}
