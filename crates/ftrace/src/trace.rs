//! What a trace holds, as plain values: groups, callers, calls of the iterator, events in time.

use crate::trouble::Troubles;
use alloc::{format, string::String, vec::Vec};
use memcg_core::hierarchy::GroupId;

/// How much was recorded.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug, Default)]
pub enum Level {
    /// No event that says anything about cgroups.
    #[default]
    Nothing,
    /// The kernel's own cgroup events: hierarchy and churn.
    Groups,
    /// The iterator's calls as well.
    Calls,
}

/// A cgroup, or a memcg whose cgroup is not known.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Group {
    /// Path without a leading slash; `/` for the global root. A memcg of unknown path is called `css-` and its address.
    pub path: String,
    /// 1 for the first group at this path, 2 for the second, and so on.
    pub nth: u32,
    /// Parent; `None` for the global root alone.
    pub parent: Option<GroupId>,
    /// Address of the memcg, 0 if it was not recorded.
    pub address: u64,
    /// It was there before the trace began.
    pub before: bool,
    /// Its place is a guess from what walks returned.
    pub guessed: bool,
}

impl Group {
    /// The path, with `#2` for the second group at it.
    pub fn words(&self) -> String {
        if self.nth > 1 { format!("{}#{}", self.path, self.nth) } else { self.path.clone() }
    }
}

/// A task that called the iterator, or made or removed a group.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Caller {
    /// The task's name when it was first seen.
    pub name: String,
    /// Its process id; for the idle tasks, which share 0, the CPU as well.
    pub pid: u32,
}

/// Number of a place in the kernel from which the iterator is called, in [`Trace::sites`].
pub type Site = u16;

/// What an address means.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Pointer {
    /// `NULL`.
    Null,
    /// A group.
    Group(GroupId),
    /// Nothing that the trace introduced, or not recorded.
    Unknown,
}

impl Pointer {
    /// The group, if it is one.
    pub const fn group(self) -> Option<GroupId> {
        match self {
            Self::Group(group) => Some(group),
            Self::Null | Self::Unknown => None,
        }
    }
}

/// A call of the iterator.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Call {
    /// Index into [`Trace::callers`].
    pub caller: u32,
    /// Root of the walk; the global root for `NULL`.
    pub root: Pointer,
    /// What the caller holds from its last call.
    pub prev: Pointer,
    /// Address of the cookie; 0 for a private walk.
    pub cookie: u64,
    /// What the kernel returned.
    pub returned: Pointer,
    /// Where the iterator was called from.
    pub site: Site,
    /// Index of the event with which it began.
    pub entered: u32,
    /// Index of the event with which it returned; `None` if that was not recorded.
    pub ended: Option<u32>,
    /// Another call was under way at some time between.
    pub overlaps: bool,
}

impl Call {
    /// Whether everything is known that a model must be given and compared with.
    pub fn is_comparable(&self) -> bool {
        let known = |p: Pointer| p != Pointer::Unknown;
        self.ended.is_some() && known(self.root) && known(self.prev) && known(self.returned)
    }
}

/// What happened.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum What {
    /// A group came into being (its `online` hook, or its `cgroup_mkdir`).
    Create(GroupId),
    /// `cgroup_rmdir`.
    Rmdir(GroupId),
    /// The offline hook.
    Offline(GroupId),
    /// The last reference is gone: the released hook, or `cgroup_release` where that was not recorded.
    Released(GroupId),
    /// The memory is given back.
    Freed(GroupId),
    /// A call of the iterator begins, by its index in [`Trace::calls`].
    Enter(u32),
    /// It returns.
    Return(u32),
    /// A caller leaves its walk.
    Break {
        /// Index into [`Trace::callers`].
        caller: u32,
        /// Root of the walk.
        root: Pointer,
    },
    /// Events are missing here: walks under way and positions are not known any more.
    Lost,
}

/// An event, in the order of the text.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Event {
    /// Time in nanoseconds of the trace's clock.
    pub time_ns: u64,
    /// Line, from 1.
    pub line: u32,
    /// Who: an index into [`Trace::callers`].
    pub caller: u32,
    /// What.
    pub what: What,
}

/// Which events and probes there were.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub struct Facts {
    /// Lines.
    pub n_lines: u32,
    /// Lines that hold an event, of whatever kind.
    pub n_events: u32,
    /// Bytes.
    pub n_bytes: u64,
    /// `online` events: without them no address has a path.
    pub n_online: u32,
    /// `offline` events.
    pub n_offline: u32,
    /// `released` events.
    pub n_released: u32,
    /// `cssfree` events.
    pub n_freed: u32,
    /// Calls that overlap others.
    pub n_overlapping: u32,
    /// Number of the cgroup hierarchy that was used; 0 is that of cgroup v2.
    pub hierarchy: u32,
}

/// A trace as read.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Trace {
    /// Groups: the global root, those that were there before, then those made, in the order of creation. A parent comes
    /// before its children.
    pub groups: Vec<Group>,
    /// Tasks.
    pub callers: Vec<Caller>,
    /// Names of the kernel's functions that call the iterator; the first is empty.
    pub sites: Vec<String>,
    /// Calls of the iterator, in the order in which they began.
    pub calls: Vec<Call>,
    /// Everything that happened, in order.
    pub events: Vec<Event>,
    /// How much was recorded.
    pub level: Level,
    /// What there was.
    pub facts: Facts,
    /// What is wrong.
    pub troubles: Troubles,
}

impl Trace {
    /// A group's path in words.
    pub fn group_words(&self, group: GroupId) -> String {
        self.groups.get(group.index()).map_or_else(|| "?".into(), Group::words)
    }

    /// A pointer in words.
    pub fn pointer_words(&self, pointer: Pointer) -> String {
        match pointer {
            Pointer::Null => "NULL".into(),
            Pointer::Group(group) => self.group_words(group),
            Pointer::Unknown => "an unknown address".into(),
        }
    }

    /// A task in words: `name-pid`.
    pub fn caller_words(&self, caller: u32) -> String {
        self.callers
            .get(caller as usize)
            .map_or_else(|| "?".into(), |c| format!("{}-{}", c.name, c.pid))
    }

    /// Time of the first event.
    pub fn start_ns(&self) -> u64 {
        self.events.first().map_or(0, |e| e.time_ns)
    }
}
