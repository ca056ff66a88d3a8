//! The machine: memory that threads share, threads that walk and remove, RCU and the kernel's worker.
//!
//! A step makes exactly one access to shared state and the local work that follows it. Choosing
//! who steps is the caller's: the machine knows no scheduler, no clock and no chance.

mod access;
mod calls;
mod given;
mod held;
mod layout;
mod memory;
mod show;

pub(crate) use show::bits;

pub use access::{Access, FaultInfo, FaultKind, Observer};
pub use layout::{Layout, SlotKey};

use crate::hierarchy::GroupId;
use crate::picture::Returned;
use crate::program::{Instr, Pc, Program};
use crate::world::{Op, Role, World};
use alloc::{sync::Arc, vec, vec::Vec};

/// A thread's number; the number of threads in the world stands for the kernel's worker.
pub type ThreadId = usize;

/// What a thread is doing or would do next.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Call {
    /// Nothing any more.
    None,
    /// A step of the walk.
    Next,
    /// Leaving the walk.
    Leave,
    /// A stage of a group's life.
    Stage {
        /// Index into the program's stages.
        stage: u8,
        /// Which group.
        group: GroupId,
    },
}

/// One group's share of memory, beside the fields that listings declare.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "stages of a life that come one by one, each on its own"
)]
pub(crate) struct Group {
    pub(crate) n_refs: i32,
    pub(crate) first_child: u32,
    pub(crate) last_child: u32,
    pub(crate) next_sibling: u32,
    pub(crate) exists: bool,
    pub(crate) listed: bool,
    pub(crate) unlinked: bool,
    pub(crate) killed: bool,
    pub(crate) freed: bool,
    /// The last put has queued the core's stage.
    pub(crate) queued: bool,
}

/// A grace period: threads whose open read-side sections it still waits for, a bit each.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug, Default)]
pub(crate) struct Grace {
    pub(crate) rcu: u32,
    pub(crate) sched: u32,
}

impl Grace {
    pub(crate) const fn is_over(self) -> bool {
        self.rcu == 0 && self.sched == 0
    }
}

/// A stage that waits for its turn.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub(crate) struct Work {
    pub(crate) stage: u8,
    pub(crate) group: GroupId,
    pub(crate) grace: Grace,
}

/// A thread's own state; its registers and cookie are in the machine's tables.
#[derive(Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub(crate) struct Thread {
    pub(crate) call: Call,
    /// The access (or return) that its next step makes.
    pub(crate) pc: Pc,
    /// It has made an access in this call.
    pub(crate) inside: bool,
    /// What its last step of the walk returned: a group (plus one) or 0.
    pub(crate) prev: u32,
    /// What the last finished call of the iterator returned.
    pub(crate) returned: Option<Returned>,
    pub(crate) n_calls: u32,
    /// Walks (or rounds) finished.
    pub(crate) n_walks: u32,
    /// Groups returned in this walk.
    pub(crate) n_visits: u32,
    /// Next operation of an administrator.
    pub(crate) op: u32,
    /// The stage that follows, for an administrator whose removal goes on.
    pub(crate) then: Option<Work>,
    pub(crate) n_rcu: u8,
    pub(crate) n_sched: u8,
    pub(crate) n_accesses: u32,
}

/// Whether a thread can step.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum Can {
    /// It can.
    Step,
    /// A grace period is not over: these threads (bits) are still inside.
    Wait(u32),
    /// Its operation is not possible now.
    Blocked(Blocked),
    /// The worker has nothing that can run.
    Idle,
    /// It has done everything.
    Done,
    /// The machine has come to a fault.
    Halted,
}

/// Why an administrator's operation is not possible.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum Blocked {
    /// The group is not made yet.
    Unborn(GroupId),
    /// The group exists already.
    Exists(GroupId),
    /// The parent is being removed.
    ParentDying(GroupId),
    /// The group is being removed already.
    Dying(GroupId),
    /// The group still has this child.
    HasChild(GroupId, GroupId),
    /// The group's memory is gone.
    Freed(GroupId),
    /// The root cannot be removed.
    Root,
}

/// What a step did beside its access.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Stepped {
    /// The call that this step ended.
    pub ended: Option<Call>,
    /// What that call returned, if it was a step of the walk.
    pub returned: Option<Returned>,
}

/// A running world under one policy.
#[derive(Clone, Debug)]
pub struct Machine {
    pub(crate) program: Arc<Program>,
    pub(crate) world: Arc<World>,
    pub(crate) layout: Arc<Layout>,
    pub(crate) groups: Vec<Group>,
    /// Fields of groups: `group * n_fields + field`.
    pub(crate) fields: Vec<u32>,
    /// Fields of slots: `slot * n_fields + field`.
    pub(crate) slots: Vec<u32>,
    pub(crate) globals: Vec<u32>,
    /// The worker is last.
    pub(crate) threads: Vec<Thread>,
    /// `thread * n_regs + register`.
    pub(crate) regs: Vec<u32>,
    /// `thread * n_cookie_fields + field`.
    pub(crate) cookies: Vec<u32>,
    pub(crate) work: Vec<Work>,
    pub(crate) fault: Option<FaultInfo>,
}

impl Machine {
    /// Builds the world: the groups that exist at the start are made by the core's own `create`.
    pub fn new(program: Arc<Program>, world: Arc<World>) -> Self {
        Self::with_slots(program, world, &[])
    }

    /// As [`Self::new`], with a slot below each of these roots for [`Self::begin_next`].
    pub fn with_slots(program: Arc<Program>, world: Arc<World>, roots: &[GroupId]) -> Self {
        let layout = Arc::new(Layout::new(&program, &world, roots));
        let n_threads = world.threads.len() + 1;
        let n_groups = world.groups.len();
        let idle = Thread {
            call: Call::None,
            pc: 0,
            inside: false,
            prev: 0,
            returned: None,
            n_calls: 0,
            n_walks: 0,
            n_visits: 0,
            op: 0,
            then: None,
            n_rcu: 0,
            n_sched: 0,
            n_accesses: 0,
        };
        let mut machine = Self {
            groups: vec![Group::default(); n_groups],
            fields: vec![0; n_groups * program.memcg_fields.len()],
            slots: vec![0; layout.slots.len() * program.slot_fields.len()],
            globals: vec![0; program.globals.len()],
            threads: vec![idle; n_threads],
            regs: vec![0; n_threads * program.n_regs],
            cookies: vec![0; n_threads * program.cookie_fields.len()],
            work: Vec::new(),
            fault: None,
            program,
            world,
            layout,
        };
        machine.boot();
        machine
    }

    fn boot(&mut self) {
        let root = &mut self.groups[0];
        (root.exists, root.listed, root.n_refs) = (true, true, 1);
        if let Some(online) = self.program.online {
            self.fields[online as usize] = 1;
        }
        if let Some(id) = self.program.css_id {
            self.fields[id as usize] = 1;
        }
        if let Some(create) = self.program.stage("create") {
            let worker = self.worker();
            for group in (1..self.world.n_initial).filter_map(|g| u32::try_from(g).ok()) {
                self.run_stage(create, GroupId(group));
            }
            self.threads[worker].n_calls = 0;
        }
        for thread in 0..self.world.threads.len() {
            if let Role::Reclaimer { root, .. } = self.world.threads[thread].role {
                // The caller of a walk holds its root throughout.
                self.groups[root.index()].n_refs += 1;
            }
            self.prepare(thread);
        }
    }

    /// The program that runs.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// The world that it runs on.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// Which slots there are.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Number of the kernel's worker among the threads.
    pub fn worker(&self) -> ThreadId {
        self.threads.len() - 1
    }

    /// What went wrong, if anything; a machine with a fault makes no more steps.
    pub fn fault(&self) -> Option<&FaultInfo> {
        self.fault.as_ref()
    }

    /// What the thread is doing or does next.
    pub fn call(&self, thread: ThreadId) -> Call {
        self.threads[thread].call
    }

    /// Whether the thread has begun its call.
    pub fn is_inside(&self, thread: ThreadId) -> bool {
        self.threads[thread].inside
    }

    /// Group that the thread's last call returned and that it still holds.
    pub fn holds(&self, thread: ThreadId) -> Option<GroupId> {
        pointer(self.threads[thread].prev)
    }

    /// What the thread's last finished call of the iterator returned.
    pub fn returned(&self, thread: ThreadId) -> Option<Returned> {
        self.threads[thread].returned
    }

    /// Address of the access that the thread makes next.
    pub fn pc(&self, thread: ThreadId) -> Pc {
        self.threads[thread].pc
    }

    /// Whether the thread can step, and if not, why.
    pub fn can_step(&self, thread: ThreadId) -> Can {
        if self.fault.is_some() {
            return Can::Halted;
        }
        let t = &self.threads[thread];
        if t.inside {
            return Can::Step;
        }
        if thread == self.worker() {
            return match t.call {
                Call::None if self.ready_work().is_some() => Can::Step,
                Call::None => Can::Idle,
                _ => Can::Step,
            };
        }
        if let Some(then) = t.then
            && !then.grace.is_over()
        {
            return Can::Wait(then.grace.rcu | then.grace.sched);
        }
        match t.call {
            Call::None => Can::Done,
            Call::Next | Call::Leave => Can::Step,
            Call::Stage { .. } if t.then.is_some() => Can::Step,
            Call::Stage { .. } => match self.obstacle(thread) {
                Some(obstacle) => Can::Blocked(obstacle),
                None => Can::Step,
            },
        }
    }

    /// Why the administrator's next operation is not possible.
    fn obstacle(&self, thread: ThreadId) -> Option<Blocked> {
        let Role::Admin(ops) = &self.world.threads[thread].role else { return None };
        let op = *ops.get(self.threads[thread].op as usize)?;
        let id = op.group();
        let group = self.groups[id.index()];
        if let Op::Mkdir(_) = op {
            let parent = self.world.groups[id.index()].parent?;
            let above = self.groups[parent.index()];
            return match () {
                () if group.exists => Some(Blocked::Exists(id)),
                () if !above.exists => Some(Blocked::Unborn(parent)),
                () if above.killed || above.freed => Some(Blocked::ParentDying(parent)),
                () => None,
            };
        }
        if !group.exists {
            return Some(Blocked::Unborn(id));
        }
        if group.freed {
            return Some(Blocked::Freed(id));
        }
        if matches!(op, Op::Rmdir(_)) {
            if id == GroupId::ROOT {
                return Some(Blocked::Root);
            }
            if group.killed {
                return Some(Blocked::Dying(id));
            }
            let child = self.layout.children(id).find(|c| {
                let child = &self.groups[c.index()];
                child.exists && !child.freed && !child.unlinked && !self.is_offline(*c)
            });
            return child.map(|child| Blocked::HasChild(id, child));
        }
        None
    }

    /// Killed, and its offline hook has begun.
    pub(crate) fn is_offline(&self, group: GroupId) -> bool {
        let online = self.program.online.map(|f| self.field(group, f) != 0);
        self.groups[group.index()].killed && online == Some(false)
    }

    pub(crate) fn field(&self, group: GroupId, field: u8) -> u32 {
        self.fields[group.index() * self.program.memcg_fields.len() + field as usize]
    }

    fn ready_work(&self) -> Option<usize> {
        self.work.iter().position(|w| w.grace.is_over())
    }

    /// The worker takes this item (by its place in the queue) as its next call.
    ///
    /// Does nothing if the worker is busy or the item's grace period is not over.
    pub fn take_work(&mut self, item: usize) -> bool {
        let worker = self.worker();
        let ready = self.work.get(item).is_some_and(|w| w.grace.is_over());
        if !ready || self.threads[worker].call != Call::None || self.fault.is_some() {
            return false;
        }
        let work = self.work.remove(item);
        self.start_call(worker, Call::Stage { stage: work.stage, group: work.group });
        true
    }

    /// Items of the worker: stage, group and the threads (bits) whose sections they wait for.
    pub fn work(&self) -> impl Iterator<Item = (u8, GroupId, u32)> {
        self.work.iter().map(|w| (w.stage, w.group, w.grace.rcu | w.grace.sched))
    }

    /// Makes one access and the local work behind it. Does nothing when [`Self::can_step`] says no.
    pub fn step(&mut self, thread: ThreadId, observer: &mut impl Observer) -> Stepped {
        if self.can_step(thread) != Can::Step {
            return Stepped { ended: None, returned: None };
        }
        if self.threads[thread].call == Call::None {
            // Only the worker: it takes the first item that can run.
            if let Some(item) = self.ready_work() {
                self.take_work(item);
            }
        }
        let pc = self.threads[thread].pc;
        self.threads[thread].inside = true;
        match self.program.code[pc as usize] {
            Instr::Touch(touch) => {
                self.threads[thread].n_accesses += 1;
                if self.threads[thread].n_accesses > self.world.bounds.n_accesses_per_call_max {
                    self.raise(thread, FaultKind::Hang, None);
                } else {
                    self.touch(thread, pc, touch, observer);
                }
                if self.fault.is_some() {
                    return Stepped { ended: None, returned: None };
                }
                self.advance(thread, pc + 1)
            }
            // A call without any access still takes a step.
            _ => self.advance(thread, pc),
        }
    }

    /// Runs local instructions from `pc` up to the next access, or to the end of the call.
    fn advance(&mut self, thread: ThreadId, pc: Pc) -> Stepped {
        match self.run_local(thread, pc) {
            Some((pc, Instr::Return(reg))) if self.threads[thread].inside => {
                self.threads[thread].pc = pc;
                let value = self.reg(thread, reg);
                self.end_call(thread, value)
            }
            Some((pc, _)) => {
                self.threads[thread].pc = pc;
                Stepped { ended: None, returned: None }
            }
            None => {
                self.raise(thread, FaultKind::Hang, None);
                Stepped { ended: None, returned: None }
            }
        }
    }
}

/// The group that a word points to.
pub(crate) fn pointer(word: u32) -> Option<GroupId> {
    word.checked_sub(1).map(GroupId)
}
