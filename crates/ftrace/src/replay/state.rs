//! The model at a place in time: groups as the trace has made and removed them, and what the replay knows of walks.

use super::calls::{Open, Place, Walk};
use super::search::Early;
use super::{Counts, Mode, Outcome, Step};
use crate::trace::{Event, Pointer, Trace, What};
use alloc::{collections::BTreeMap, string::String, sync::Arc, vec, vec::Vec};
use memcg_core::hierarchy::GroupId;
use memcg_core::machine::Machine;
use memcg_core::program::Program;
use memcg_core::world::{Bounds, GroupSpec, Preemption, Role, ThreadSpec, World};

/// Calls that can be under way in finer steps at a time; all others are atomic.
pub(super) const N_THREADS: usize = 12;

/// What the replay knows of a group.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "stages of a life, each on its own")]
pub(super) struct Life {
    pub(super) made: bool,
    /// The replay holds a reference for everything that is not recorded, such as charged pages.
    pub(super) pinned: bool,
    pub(super) removed: bool,
    pub(super) offline: bool,
    pub(super) released: bool,
    pub(super) freed: bool,
}

/// Stages of the core, by number.
#[derive(Copy, Clone, Debug, Default)]
struct Stages {
    create: Option<u8>,
    kill: Option<u8>,
    charge: Option<u8>,
    uncharge: Option<u8>,
    /// The thread that kills goes on with the offline hook at once.
    kill_goes_on: bool,
    /// There are probes on offline and on the memory's end.
    has_offline: bool,
    has_freed: bool,
}

/// A place in time.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) machine: Machine,
    /// The next event.
    pub(super) at: usize,
    stages: Stages,
    pub(super) lives: Vec<Life>,
    pub(super) walks: BTreeMap<(u32, u32, u64), Walk>,
    /// Where the kernel's walks stand, by root.
    pub(super) places: BTreeMap<u32, Place>,
    pub(super) open: Vec<Open>,
    /// Groups whose stages wait for a grace period, and whether the last put's stage is due.
    due: Vec<(GroupId, bool)>,
    pub(super) counts: Counts,
    pub(super) n_steps: usize,
    pub(super) halted_at: usize,
    /// Steps of the machine that put the model where the kernel stood.
    pub(super) n_led: u64,
    /// Steps of the machine so far.
    pub(super) n_work: u64,
}

impl State {
    pub(super) fn new(trace: &Trace, program: Arc<Program>) -> Self {
        let stages = Stages {
            create: program.stage("create"),
            kill: program.stage("kill"),
            charge: program.stage("charge"),
            uncharge: program.stage("uncharge"),
            kill_goes_on: program.stage("kill").is_some_and(|s| program.goes_on(s)),
            has_offline: trace.facts.n_offline > 0,
            has_freed: trace.facts.n_freed > 0,
        };
        let n_groups = trace.groups.len();
        let mut is_root = vec![false; n_groups];
        for call in trace.calls.iter().filter(|c| c.cookie != 0) {
            if let Some(root) = call.root.group() {
                is_root[root.index()] = true;
            }
        }
        let ids = || (0..).map(GroupId).take(n_groups);
        let roots: Vec<GroupId> = ids().filter(|g| is_root[g.index()]).collect();
        let n_accesses = 20_000_usize.max(n_groups.saturating_mul(16));
        let world = World {
            groups: trace
                .groups
                .iter()
                .map(|g| GroupSpec { path: g.words(), parent: g.parent })
                .collect(),
            n_initial: 1,
            threads: (0..N_THREADS)
                .map(|_| ThreadSpec { name: String::new(), role: Role::Admin(Vec::new()) })
                .collect(),
            preemption: Preemption::None,
            use_hierarchy: true,
            bounds: Bounds {
                n_accesses_per_call_max: u32::try_from(n_accesses).unwrap_or(u32::MAX),
            },
        };
        let mut state = Self {
            machine: Machine::with_slots(program, Arc::new(world), &roots),
            at: 0,
            stages,
            lives: vec![Life::default(); n_groups],
            walks: BTreeMap::new(),
            places: BTreeMap::new(),
            open: Vec::new(),
            due: Vec::new(),
            counts: Counts::default(),
            n_steps: 0,
            halted_at: 0,
            n_led: 0,
            n_work: 0,
        };
        if let Some(life) = state.lives.first_mut() {
            life.made = true;
        }
        for group in ids().filter(|g| trace.groups[g.index()].before) {
            state.create(trace, group);
        }
        // Where walks below a root that was there before stand is not known.
        for root in roots {
            let is_settled = !trace.groups[root.index()].before;
            state.places.insert(root.0, Place::new(is_settled));
        }
        state
    }

    /// Plays the next event, with what happens before it although it was recorded later. A call that ended is given
    /// back for [`State::settle`].
    pub(super) fn event(&mut self, trace: &Trace, earlies: &[Early], mode: Mode) -> Option<Step> {
        let at = self.at;
        let event = *trace.events.get(at)?;
        let first = earlies.partition_point(|e| (e.before as usize) < at);
        for early in earlies[first..].iter().take_while(|e| e.before as usize == at) {
            self.early(trace, early, mode);
        }
        self.at += 1;
        if self.machine.fault().is_some() {
            return Self::halted(trace, event);
        }
        match event.what {
            What::Create(group) => self.create(trace, group),
            What::Rmdir(group) => self.rmdir(group),
            What::Offline(group) => {
                self.rmdir(group);
                self.offline(group);
            }
            What::Released(group) => {
                self.rmdir(group);
                self.offline(group);
                self.released(group);
            }
            What::Freed(group) => {
                self.rmdir(group);
                self.offline(group);
                self.released(group);
                self.drain(group, true);
                self.lives[group.index()].freed = true;
            }
            What::Enter(call) => {
                // A call without a return is never made.
                if trace.calls[call as usize].ended.is_some() {
                    self.open.push(Open::new(call));
                }
            }
            What::Return(call) => {
                let step = self.returns(trace, call, mode);
                self.drain_due();
                return Some(step);
            }
            What::Break { caller, root } => self.breaks(caller, root),
            What::Lost => self.lose(),
        }
        if self.machine.fault().is_some() {
            self.halted_at = at;
        }
        None
    }

    fn halted(trace: &Trace, event: Event) -> Option<Step> {
        let What::Return(call) = event.what else { return None };
        let ended = trace.calls[call as usize].ended.unwrap_or(0);
        Some(Step {
            call,
            event: ended,
            model: Pointer::Unknown,
            outcome: Outcome::Halted,
            position: Pointer::Unknown,
            generation: 0,
        })
    }

    pub(super) fn create(&mut self, trace: &Trace, group: GroupId) {
        let parent = trace.groups[group.index()].parent.unwrap_or(GroupId::ROOT);
        let above = self.lives[parent.index()];
        let life = self.lives[group.index()];
        if life.made || !above.made || above.freed {
            return;
        }
        if let Some(create) = self.stages.create {
            self.machine.run_stage(create, group);
        }
        let life = &mut self.lives[group.index()];
        (life.made, life.pinned) = (true, true);
        self.charge(group);
    }

    fn rmdir(&mut self, group: GroupId) {
        let life = &mut self.lives[group.index()];
        if !life.made || life.removed || group == GroupId::ROOT {
            return;
        }
        life.removed = true;
        if let Some(kill) = self.stages.kill {
            self.machine.run_stage(kill, group);
        }
        if self.stages.kill_goes_on || !self.stages.has_offline {
            self.offline(group);
        }
    }

    fn offline(&mut self, group: GroupId) {
        let life = &mut self.lives[group.index()];
        if !life.made || life.offline || group == GroupId::ROOT {
            return;
        }
        life.offline = true;
        self.drain(group, false);
    }

    /// The last reference is gone.
    fn released(&mut self, group: GroupId) {
        let life = self.lives[group.index()];
        if !life.made || life.released || group == GroupId::ROOT {
            return;
        }
        self.unpin(group);
        self.lives[group.index()].released = true;
        self.drain(group, true);
    }

    /// A caller has let go of a group that the kernel has released already: the last put may be due.
    pub(super) fn let_go(&mut self, group: GroupId) {
        if self.lives[group.index()].released {
            self.drain(group, true);
        }
    }

    pub(super) fn unpin(&mut self, group: GroupId) {
        if core::mem::take(&mut self.lives[group.index()].pinned) {
            self.uncharge(group);
        }
    }

    /// A reference for somebody whom the model does not know. False if the group has none left: it cannot be had.
    pub(super) fn charge(&mut self, group: GroupId) -> bool {
        let is_there = self.machine.n_refs(group).is_some_and(|n| n > 0);
        if let (true, Some(charge)) = (is_there, self.stages.charge) {
            self.machine.run_stage(charge, group);
        }
        is_there
    }

    pub(super) fn uncharge(&mut self, group: GroupId) {
        let is_there = self.machine.n_refs(group).is_some_and(|n| n > 0);
        if let (true, Some(uncharge)) = (is_there, self.stages.uncharge) {
            self.machine.run_stage(uncharge, group);
        }
    }

    /// Runs what is queued for a group: up to its offline hook, or also from its last put on.
    fn drain(&mut self, group: GroupId, from_last_put: bool) {
        let last_put = self.machine.program().on_last_put;
        // A life has no more stages than the core.
        for _ in 0..self.machine.program().stages.len() {
            let queued = |waits: bool| {
                self.machine.work().position(|(stage, of, mask)| {
                    of == group
                        && (from_last_put || Some(stage) != last_put)
                        && waits == (mask != 0)
                })
            };
            let Some(item) = queued(false) else {
                if queued(true).is_some() && !self.due.contains(&(group, from_last_put)) {
                    self.due.push((group, from_last_put));
                }
                return;
            };
            let is_last_put = self.machine.work().nth(item).map(|w| w.0) == last_put;
            if !self.machine.take_work(item) {
                return;
            }
            let worker = self.machine.worker();
            self.run_thread(worker);
            if from_last_put && is_last_put && self.stages.has_freed {
                // The memory goes with an event of its own.
                return;
            }
        }
    }

    /// Stages that waited for calls under way.
    fn drain_due(&mut self) {
        if self.due.is_empty() || self.open.iter().any(|o| o.thread.is_some()) {
            return;
        }
        for (group, from_last_put) in core::mem::take(&mut self.due) {
            self.drain(group, from_last_put);
        }
    }

    /// Events are missing: no walk under way is known, and no position.
    fn lose(&mut self) {
        for (key, walk) in core::mem::take(&mut self.walks) {
            if let Some(held) = walk.held.filter(|g| g.0 != key.1) {
                self.uncharge(held);
            }
        }
        self.abandon();
        for place in self.places.values_mut() {
            place.lose();
        }
    }
}
