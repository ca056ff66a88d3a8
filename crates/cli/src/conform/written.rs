//! The world of a line of races as a scenario, with a schedule that was found in it.

use memcg_core::hierarchy::{GroupId, Hierarchy};
use memcg_core::schedule::{LaneSpec, Move};
use memcg_core::world::{Op, Role, World};
use memcg_scenario::{OpText, RoleText, Scenario, ThreadText, Verb};

/// Where a group of a line is: its parent's place, then its number.
pub(super) fn path(parent: Option<&str>, number: usize) -> String {
    match parent {
        None => "/".into(),
        Some("/") => number.to_string(),
        Some(parent) => format!("{parent}/{number}"),
    }
}

/// The scenario. Its lane is the policy's own listing, also where the recording was of a changed one.
pub(super) fn scenario(
    title: String,
    world: &World,
    lane: &LaneSpec,
    schedule: &[Move],
) -> Scenario {
    let mut hierarchy = Hierarchy::new();
    for group in world.groups.iter().take(world.n_initial).skip(1) {
        let name = group.path.rsplit('/').next().unwrap_or_default();
        // Parents come before their children, and numbers are unique.
        let _ = hierarchy.add(group.parent.unwrap_or(GroupId::ROOT), name);
    }
    let op = |op: &Op| {
        let verb = match op {
            Op::Mkdir(_) => Verb::Mkdir,
            Op::Rmdir(_) => Verb::Rmdir,
            Op::Pin(_) => Verb::Pin,
            Op::Unpin(_) => Verb::Unpin,
        };
        OpText { verb, group: world.path(op.group()).into() }
    };
    let thread = |thread: &memcg_core::world::ThreadSpec| {
        let role = match &thread.role {
            Role::Reclaimer { root, cookie, until } => RoleText::Reclaimer {
                root: world.path(*root).into(),
                cookie: *cookie,
                until: *until,
            },
            Role::Admin(ops) => RoleText::Admin(ops.iter().map(op).collect()),
        };
        ThreadText { name: thread.name.clone(), role }
    };
    Scenario {
        title,
        preemption: world.preemption,
        use_hierarchy: world.use_hierarchy,
        hierarchy,
        threads: world.threads.iter().map(thread).collect(),
        lanes: vec![lane.clone()],
        schedule: schedule.to_vec(),
        ..Scenario::default()
    }
}
