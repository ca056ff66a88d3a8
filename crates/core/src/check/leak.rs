//! Leaks at rest: nothing can run any more, and a removed group is in memory though nobody uses it.
//!
//! The caller of a walk holds its root, a child its parent, `pin` its group: those are users. A slot is none, nor is a
//! walk that is over.

use crate::hierarchy::GroupId;
use crate::machine::Machine;
use crate::picture::Life;
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

/// Removed groups that are held by nobody who uses them, with the number of references that keep each, of a machine in
/// which nothing can run any more.
pub fn leaked(machine: &Machine) -> Vec<(GroupId, u32)> {
    let held = machine.held_by_walks();
    let mut out: Vec<(GroupId, u32)> =
        held.into_iter().filter(|(g, _)| is_removed(machine, *g)).collect();
    // Nothing holds it, and nothing waits that would free it.
    let all = (1..machine.world().groups.len()).filter_map(|g| u32::try_from(g).ok()).map(GroupId);
    out.extend(all.filter(|g| is_unfreed(machine, *g)).map(|g| (g, 0)));
    out
}

fn is_removed(machine: &Machine, group: GroupId) -> bool {
    matches!(machine.life(group), Life::Dying | Life::Offline | Life::Unlinked)
}

fn is_unfreed(machine: &Machine, group: GroupId) -> bool {
    is_removed(machine, group) && machine.n_refs(group).is_some_and(|n| n <= 0)
}

/// What has leaked, in words.
pub(super) fn words(machine: &Machine) -> String {
    let world = machine.world();
    let told = leaked(machine).into_iter().map(|(group, n)| {
        let slots = machine.pins().into_iter().filter(|pin| pin.group == Some(group));
        let slots: Vec<String> =
            slots.map(|pin| format!("{} {}", world.path(pin.root), pin.key)).collect();
        let by = if slots.is_empty() {
            ", leaked".to_string()
        } else {
            format!("; where a slot stands on it: {}", slots.join(", "))
        };
        let s = if n == 1 { "" } else { "s" };
        format!(
            "{} is removed and never freed: {n} reference{s} nobody uses{by}",
            world.path(group)
        )
    });
    told.collect::<Vec<_>>().join("; ")
}
