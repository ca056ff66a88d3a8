//! What a machine is built from: groups, threads, the preemption model and the bounds.
//!
//! A world holds ids, not names to be looked up: the scenario crate resolves names and
//! reports what it could not resolve.

use crate::hierarchy::{GroupId, Hierarchy};
use alloc::{string::String, vec::Vec};

/// One cgroup of a world.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct GroupSpec {
    /// Path from the root without a leading slash; `/` for the global root. Unique: the second
    /// group made at one path is called `path#2`, and so on.
    pub path: String,
    /// Parent; `None` for the global root alone.
    pub parent: Option<GroupId>,
}

/// Whether an RCU reader may be preempted, which decides what a kill's confirmation waits for.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub enum Preemption {
    /// No preemption: an RCU reader is an RCU-sched reader too, and delays the confirmation.
    #[default]
    None,
    /// Preemptible RCU as before 4.20: only RCU-sched readers delay the confirmation.
    Full,
}

/// Which slots a walk with a cookie uses.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Cookie {
    /// NUMA node.
    pub node: u8,
    /// Zones 0 to `n_zones - 1` are walked in turn, a round each.
    pub n_zones: u8,
    /// First reclaim priority, 12 for a fresh kswapd cycle.
    pub priority_from: u8,
    /// Last reclaim priority (not above the first); after it the walk starts over with the first.
    pub priority_to: u8,
}

/// When a reclaimer leaves its walk.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Until {
    /// Whole rounds as kswapd does, never breaking off: this many, or for ever.
    Rounds(Option<u32>),
    /// As limit reclaim does: breaks off after this many groups; then one walk is over.
    Visits {
        /// Groups reclaimed before it has enough.
        n_visits: u32,
        /// Walks made, one after the other; `None` for ever.
        n_walks: Option<u32>,
    },
    /// Exactly this many calls of `next`, then breaks off if a group is still held.
    Calls(u32),
}

/// Something an administrator (or a container manager) does to one group.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Op {
    /// `mkdir`: the group, one of those after [`World::n_initial`], comes into being.
    Mkdir(GroupId),
    /// `rmdir`: kill, confirmation, offline and what the core makes of the rest.
    Rmdir(GroupId),
    /// An outside reference is taken, such as a charged page.
    Pin(GroupId),
    /// An outside reference is dropped.
    Unpin(GroupId),
}

impl Op {
    /// The group acted on.
    pub const fn group(self) -> GroupId {
        match self {
            Self::Mkdir(g) | Self::Rmdir(g) | Self::Pin(g) | Self::Unpin(g) => g,
        }
    }
}

/// What a thread does.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum Role {
    /// Walks groups below a root to reclaim from them.
    Reclaimer {
        /// Root of the walk; the thread holds a reference on it throughout.
        root: GroupId,
        /// The shared slots it uses; `None` for a private walk.
        cookie: Option<Cookie>,
        /// When it leaves.
        until: Until,
    },
    /// Does these operations, in order.
    Admin(Vec<Op>),
}

/// A thread of the world. The kernel's worker is not listed: every world has one.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct ThreadSpec {
    /// Its name in schedules and links; unique, never `kworker`.
    pub name: String,
    /// What it does.
    pub role: Role,
}

/// Limits that keep every run finite.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Bounds {
    /// Accesses to shared state a single call may make before it counts as hung.
    pub n_accesses_per_call_max: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { n_accesses_per_call_max: 20_000 }
    }
}

/// Everything a machine needs beside a compiled policy.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct World {
    /// All groups: the first [`Self::n_initial`] exist at the start, the others are made by
    /// [`Op::Mkdir`]. A parent comes before its children.
    pub groups: Vec<GroupSpec>,
    /// Groups that exist at the start, the root included, in the order of creation.
    pub n_initial: usize,
    /// The threads, at most [`World::N_THREADS_MAX`].
    pub threads: Vec<ThreadSpec>,
    /// The preemption model.
    pub preemption: Preemption,
    /// Whether a walk below a group other than the global root sees more than that group
    /// (`memory.use_hierarchy`).
    pub use_hierarchy: bool,
    /// Limits.
    pub bounds: Bounds,
}

impl World {
    /// Most threads a world can have, so that a set of them fits a word.
    pub const N_THREADS_MAX: usize = 31;

    /// Name of the thread that every world has: the kernel's worker.
    pub const WORKER: &'static str = "kworker";

    /// A world with this tree and no threads.
    pub fn new(tree: &Hierarchy) -> Self {
        let groups: Vec<GroupSpec> =
            tree.ids().map(|g| GroupSpec { path: tree.path(g), parent: tree.parent(g) }).collect();
        Self {
            n_initial: groups.len(),
            groups,
            threads: Vec::new(),
            preemption: Preemption::None,
            use_hierarchy: true,
            bounds: Bounds::default(),
        }
    }

    /// The group's path.
    pub fn path(&self, group: GroupId) -> &str {
        &self.groups[group.index()].path
    }

    /// The group's own name, the last part of its path.
    pub fn name(&self, group: GroupId) -> &str {
        let path = self.path(group);
        match path.rsplit_once('/') {
            Some((_, name)) if !name.is_empty() => name,
            _ => path,
        }
    }

    /// The group with this path, as written in [`GroupSpec::path`].
    pub fn group(&self, path: &str) -> Option<GroupId> {
        let at = self.groups.iter().position(|g| g.path == path)?;
        Some(GroupId(u32::try_from(at).ok()?))
    }

    /// The thread with this name.
    pub fn thread(&self, name: &str) -> Option<usize> {
        self.threads.iter().position(|t| t.name == name)
    }

    /// Groups in pre-order, those made later at their place among their siblings.
    pub fn pre_order(&self) -> Vec<GroupId> {
        let mut children: Vec<Vec<GroupId>> = alloc::vec![Vec::new(); self.groups.len()];
        for (at, group) in self.groups.iter().enumerate() {
            if let Some(parent) = group.parent {
                children[parent.index()].push(GroupId(u32::try_from(at).unwrap_or(u32::MAX)));
            }
        }
        let mut out = Vec::with_capacity(self.groups.len());
        let mut stack = alloc::vec![GroupId::ROOT];
        while let Some(id) = stack.pop() {
            out.push(id);
            stack.extend(children[id.index()].iter().rev());
        }
        out
    }
}
