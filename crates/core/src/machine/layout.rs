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
    /// For every group, the number (plus one) of the first slot of which it is the root.
    first: Vec<u32>,
    /// For every slot, the number (plus one) of the next one of the same root.
    next: Vec<u32>,
}

impl Layout {
    /// The slots that the world's threads use, and one below each of these roots.
    pub(crate) fn new(program: &Program, world: &World, roots: &[GroupId]) -> Self {
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
        if program.has_slots {
            let cookie = Cookie { node: 0, n_zones: 1, priority_from: 12, priority_to: 12 };
            slots.extend(roots.iter().flat_map(|root| keys(program, *root, cookie)));
        }
        let mut first = vec![0; world.groups.len()];
        let mut next = vec![0; slots.len()];
        for (at, key) in slots.iter().enumerate().rev() {
            let head = &mut first[key.root.index()];
            next[at] = core::mem::replace(head, u32::try_from(at + 1).unwrap_or(0));
        }
        Self { parents, children, slots, turns, first, next }
    }

    /// The slot (plus one) of this root after the given one, or its first for 0.
    pub(crate) fn next_slot(&self, after: u32, root: u32) -> u32 {
        let chain = if after == 0 { (&self.first, root) } else { (&self.next, after) };
        chain.1.checked_sub(1).and_then(|at| chain.0.get(at as usize)).copied().unwrap_or(0)
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
