//! Whole-call vectors of real kernel code, run through the model.

use super::{Programs, variant};
use memcg_core::hierarchy::GroupId;
use memcg_core::machine::{Call, Machine};
use memcg_core::picture::Returned;
use memcg_core::program::TrygetRule;
use memcg_core::world::{
    Bounds, Cookie, GroupSpec, Op, Preemption, Role, ThreadSpec, Until, World,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

/// One line of a vector file.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Vector {
    id: String,
    policy: String,
    parents: Vec<i64>,
    walkers: Vec<Walker>,
    steps: Vec<Step>,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Walker {
    root: u32,
    cookie: bool,
    priority: u8,
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Step {
    op: String,
    walker: Option<usize>,
    cgroup: Option<u32>,
    parent: Option<u32>,
    returns: Option<u32>,
    fault: Option<String>,
    #[serde(default)]
    slots: Vec<BTreeMap<String, serde_json::Value>>,
    #[serde(default)]
    refs: Vec<Option<i32>>,
}

/// Runs one line; what differs first is the error.
pub(super) fn vector(line: &str, programs: &mut Programs) -> Result<(), String> {
    let vector: Vector = serde_json::from_str(line).map_err(|e| format!("cannot be read: {e}"))?;
    let program = variant::program(&vector.policy, variant::Recording::Calls, programs)?;
    let world = world(&vector)?;
    let mut run = Runner { machine: Machine::new(program, Arc::new(world)), vector: &vector };
    for at in 0..vector.steps.len() {
        run.step(at).map_err(|difference| format!("{}, step {at}: {difference}", vector.id))?;
    }
    Ok(())
}

/// Threads of the world: the walkers, then one administrator for every step that needs one.
fn world(vector: &Vector) -> Result<World, String> {
    let mut groups = Vec::new();
    let n_initial = vector.parents.len();
    let made = vector.steps.iter().filter(|s| s.op == "mkdir").filter_map(|s| s.parent);
    let parents = vector.parents.iter().map(|p| u32::try_from(*p).ok()).chain(made.map(Some));
    for (at, parent) in parents.enumerate() {
        if parent.is_some_and(|p| p as usize >= at) || (parent.is_none() && at > 0) {
            return Err(format!("the parent of cgroup {at} does not come before it"));
        }
        groups.push(GroupSpec { path: at.to_string(), parent: parent.map(GroupId) });
    }
    let walkers = vector.walkers.iter().enumerate().map(|(at, w)| ThreadSpec {
        name: format!("walker{at}"),
        role: Role::Reclaimer {
            root: GroupId(w.root),
            cookie: w.cookie.then_some(Cookie {
                node: 0,
                n_zones: 1,
                priority_from: w.priority,
                priority_to: w.priority,
            }),
            until: Until::Rounds(None),
        },
    });
    let mut threads: Vec<ThreadSpec> = walkers.collect();
    let mut n_made = 0;
    let mut ops = Vec::new();
    for step in &vector.steps {
        let group = GroupId(step.cgroup.unwrap_or(0));
        match step.op.as_str() {
            "mkdir" => {
                let made = u32::try_from(n_initial + n_made).map_err(|e| e.to_string())?;
                ops.push(Op::Mkdir(GroupId(made)));
                n_made += 1;
            }
            "kill" => ops.push(Op::Rmdir(group)),
            "pin" => ops.push(Op::Pin(group)),
            "unpin" => ops.push(Op::Unpin(group)),
            _ => {}
        }
    }
    // A thread for every operation, so that a removal may rest between its stages.
    threads.extend(
        ops.into_iter()
            .enumerate()
            .map(|(at, op)| ThreadSpec { name: format!("op{at}"), role: Role::Admin(vec![op]) }),
    );
    let n_groups = groups.len();
    if let Some(bad) = threads.iter().find_map(|t| match &t.role {
        Role::Reclaimer { root, .. } => (root.index() >= n_groups).then_some(root.0),
        Role::Admin(ops) => {
            ops.iter().map(|o| o.group()).find(|g| g.index() >= n_groups).map(|g| g.0)
        }
    }) {
        return Err(format!("there is no cgroup {bad}"));
    }
    Ok(World {
        groups,
        n_initial,
        threads,
        preemption: Preemption::None,
        use_hierarchy: true,
        bounds: Bounds::default(),
    })
}

struct Runner<'v> {
    machine: Machine,
    vector: &'v Vector,
}

impl Runner<'_> {
    /// Makes a step and compares everything.
    fn step(&mut self, at: usize) -> Result<(), String> {
        let step = &self.vector.steps[at];
        let mut returned = None;
        match step.op.as_str() {
            "next" => returned = self.whole_call(self.walker(step)?),
            "break" => {
                let walker = self.walker(step)?;
                if self.machine.leave_walk(walker) {
                    self.whole_call(walker);
                }
            }
            "mkdir" | "pin" | "unpin" | "kill" => {
                let n_before = self.vector.steps[..at]
                    .iter()
                    .filter(|s| matches!(s.op.as_str(), "mkdir" | "pin" | "unpin" | "kill"))
                    .count();
                self.whole_call(self.vector.walkers.len() + n_before);
            }
            "offline" => {
                let group = GroupId(step.cgroup.ok_or("an offline names a cgroup")?);
                let stage = self.machine.program().stage("offline");
                let threads = 0..self.machine.worker();
                let wanted = stage.map(|stage| Call::Stage { stage, group });
                let thread = threads
                    .into_iter()
                    .find(|t| Some(self.machine.call(*t)) == wanted)
                    .ok_or("this cgroup has not been killed")?;
                self.whole_call(thread);
            }
            "release" => {
                let group = step.cgroup.map(GroupId);
                self.work(&["release"], group);
            }
            "grace_period" => self.grace_period(),
            other => return Err(format!("the operation \"{other}\" is not known")),
        }
        let fault = self.machine.fault().map(|f| self.machine.fault_name(f));
        if fault != step.fault {
            return Err(format!("fault: kernel {:?}, model {fault:?}", step.fault));
        }
        if fault.is_some() {
            return Ok(());
        }
        if step.op == "next" {
            let model = match returned {
                Some(Returned::Group(g)) => Some(g.0),
                _ => None,
            };
            if model != step.returns {
                return Err(format!(
                    "{}: kernel returns {:?}, model {model:?}",
                    step.op, step.returns
                ));
            }
        }
        self.compare(step)
    }

    fn walker(&self, step: &Step) -> Result<usize, String> {
        let walker = step.walker.ok_or("this step names a walker")?;
        if walker < self.vector.walkers.len() {
            return Ok(walker);
        }
        Err(format!("there is no walker {walker}"))
    }

    fn whole_call(&mut self, thread: usize) -> Option<Returned> {
        loop {
            let stepped = self.machine.step(thread, &mut ());
            let stuck = self.machine.can_step(thread) != memcg_core::machine::Can::Step;
            if stepped.ended.is_some() || self.machine.fault().is_some() || stuck {
                return stepped.returned;
            }
        }
    }

    /// Runs the worker's items of these stages (for one group, if given) until none is left.
    fn work(&mut self, stages: &[&str], group: Option<GroupId>) {
        let wanted: Vec<u8> =
            stages.iter().filter_map(|s| self.machine.program().stage(s)).collect();
        let worker = self.machine.worker();
        loop {
            let item = self.machine.work().position(|(stage, of, waits)| {
                waits == 0 && wanted.contains(&stage) && group.is_none_or(|g| g == of)
            });
            let Some(item) = item else { return };
            if !self.machine.take_work(item) {
                return;
            }
            self.whole_call(worker);
        }
    }

    /// Frees what is released. Where tryget succeeds while a group is referenced (the release core), releasing is an
    /// operation of its own; elsewhere nothing that a walk could see happens then, and it goes along.
    fn grace_period(&mut self) {
        let stages: &[&str] = match self.machine.program().tryget {
            TrygetRule::WhileReferenced => &["free"],
            TrygetRule::UnlessKilled => &["release", "free"],
        };
        self.work(stages, None);
    }

    fn compare(&self, step: &Step) -> Result<(), String> {
        let mut differences = String::new();
        for (at, wanted) in step.refs.iter().enumerate() {
            let Some(wanted) = wanted else { continue };
            let group = GroupId(u32::try_from(at).map_err(|e| e.to_string())?);
            let model = self.machine.n_refs(group).unwrap_or(-1);
            if model != *wanted {
                let _ = write!(differences, " references of {at}: kernel {wanted}, model {model};");
            }
        }
        for slot in &step.slots {
            let number = |name: &str| slot.get(name).and_then(serde_json::Value::as_u64);
            let root = number("root").and_then(|r| u32::try_from(r).ok()).map(GroupId);
            let priority = number("priority").and_then(|p| u8::try_from(p).ok());
            let found = self.machine.layout().slots.iter().position(|k| {
                Some(k.root) == root && (k.priority.is_none() || k.priority == priority)
            });
            for (name, kernel) in slot {
                if name == "root" || name == "priority" {
                    continue;
                }
                let model = found.map_or(serde_json::Value::Null, |f| self.slot_value(f, name));
                if model != *kernel {
                    let _ = write!(
                        differences,
                        " slot {root:?} {name}: kernel {kernel}, model {model};"
                    );
                }
            }
        }
        if differences.is_empty() { Ok(()) } else { Err(format!("{}:{differences}", step.op)) }
    }

    fn slot_value(&self, slot: usize, name: &str) -> serde_json::Value {
        let position = self.machine.position(slot);
        let field = |name| self.machine.slot_field(slot, name);
        match name {
            "pos" => position.map_or(serde_json::Value::Null, |g| g.0.into()),
            "dangling" => position.is_some_and(|g| self.machine.is_freed(g)).into(),
            "gen" => field("generation").unwrap_or(0).into(),
            "dead_count" => {
                let root = self.machine.layout().slots[slot].root;
                self.machine.memcg_field(root, "dead_count").unwrap_or(0).into()
            }
            // A policy without the field does not count: the vectors say 0.
            other => field(other).unwrap_or(0).into(),
        }
    }
}
