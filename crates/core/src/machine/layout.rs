//! What does not change while a machine runs: who is whose parent, which slots there are.

use crate::hierarchy::GroupId;
use crate::program::Program;
use crate::world::{Cookie, Role, World};
use alloc::{string::String, vec, vec::Vec};
use core::fmt::Write as _;

/// What tells a slot from others.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub struct SlotKey {
    /// Root of the walks that meet in it.
    pub root: GroupId,
    /// NUMA node, if the policy's slots are told apart by it.
    pub node: Option<u8>,
    /// Zone, likewise.
    pub zone: Option<u8>,
    /// Reclaim priority, likewise.
    pub priority: Option<u8>,
}

impl SlotKey {
    /// `node0/zone0/prio12`, as far as known; `slot` if by the root alone.
    pub fn words(&self) -> String {
        let mut out = String::new();
        for (name, value) in [("node", self.node), ("zone", self.zone), ("prio", self.priority)] {
            if let Some(value) = value {
                let slash = if out.is_empty() { "" } else { "/" };
                // Writing to a string cannot fail.
                let _ = write!(out, "{slash}{name}{value}");
            }
        }
        if out.is_empty() { "slot".into() } else { out }
    }
}

/// Tables made once for a program and a world.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Layout {
    /// Parent (plus one) of every group, 0 for the global root.
    pub(crate) parents: Vec<u32>,
    children: Vec<Vec<GroupId>>,
    /// The slots that the world's threads use; all others stay empty for ever.
    pub slots: Vec<SlotKey>,
    /// For every thread, the slots of its rounds in turn, by number.
    pub(crate) turns: Vec<Vec<usize>>,
}

impl Layout {
    pub(crate) fn new(program: &Program, world: &World) -> Self {
        let parents: Vec<u32> =
            world.groups.iter().map(|g| g.parent.map_or(0, |p| p.0 + 1)).collect();
        let mut children = vec![Vec::new(); world.groups.len()];
        for (at, group) in world.groups.iter().enumerate() {
            if let (Some(parent), Ok(id)) = (group.parent, u32::try_from(at)) {
                children[parent.index()].push(GroupId(id));
            }
        }
        let mut slots: Vec<SlotKey> = Vec::new();
        let mut turns = Vec::new();
        for thread in &world.threads {
            let mut own = Vec::new();
            if let Role::Reclaimer { root, cookie: Some(cookie), .. } = thread.role
                && program.has_slots
            {
                for key in keys(program, root, cookie) {
                    let at = slots.iter().position(|k| *k == key).unwrap_or_else(|| {
                        slots.push(key);
                        slots.len() - 1
                    });
                    own.push(at);
                }
            }
            turns.push(own);
        }
        Self { parents, children, slots, turns }
    }

    /// Children of a group, those made later included.
    pub(crate) fn children(&self, group: GroupId) -> impl Iterator<Item = GroupId> {
        self.children[group.index()].iter().copied()
    }
}

/// Slots of a thread's rounds in turn: priorities from high to low, every zone in each.
fn keys(program: &Program, root: GroupId, cookie: Cookie) -> Vec<SlotKey> {
    let by = program.slot_keys;
    let mut out = Vec::new();
    for priority in (cookie.priority_to..=cookie.priority_from).rev() {
        for zone in 0..cookie.n_zones.max(1) {
            out.push(SlotKey {
                root,
                node: by.node.then_some(cookie.node),
                zone: by.zone.then_some(zone),
                priority: by.priority.then_some(priority),
            });
        }
    }
    out
}
