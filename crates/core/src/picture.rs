//! What a lane looks like at one moment: plain values for views, snapshots and scripts.
//!
//! A picture is read from a machine once and knows nothing of it afterwards.

use crate::hierarchy::GroupId;
use alloc::{string::String, vec::Vec};

/// How far a group is on its way out, the latest stage that it has reached.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Life {
    /// Not made yet.
    Unborn,
    /// On its parent's list, before its online hook is done.
    Coming,
    /// In use.
    Alive,
    /// Killed: its removal has begun.
    Dying,
    /// Its offline hook has run or is running.
    Offline,
    /// Taken off its parent's list; its own next pointer stays as it was.
    Unlinked,
    /// The memory is gone; touching it is a fault.
    Freed,
}

/// One group.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct GroupPicture {
    /// Which.
    pub group: GroupId,
    /// Stage of its life.
    pub life: Life,
    /// References held on it.
    pub n_refs: i32,
    /// Place among the visits of its round, from 1; of the slot (or private walk) that returned a group last.
    pub visit: Option<u32>,
    /// Visits in all finished and running rounds.
    pub n_visits: u32,
}

/// One field with its value in words.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct FieldPicture {
    /// Name in the listing.
    pub name: String,
    /// Value: a number, a group's path, `none` or `freed memory`.
    pub value: String,
}

/// A slot: the shared position of the walks that meet in it.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct PinPicture {
    /// Root of the walks.
    pub root: GroupId,
    /// `node0/zone0/prio12`, as far as the policy's slots are told apart.
    pub key: String,
    /// Group the position points at.
    pub group: Option<GroupId>,
    /// Whether that group's memory is freed.
    pub dangling: bool,
    /// The round's number, if the policy counts rounds.
    pub generation: Option<u32>,
    /// All fields.
    pub fields: Vec<FieldPicture>,
}

/// What a thread can do next.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum Next {
    /// It can go: the next access in words, such as `tryget(ct-103)`.
    Access {
        /// The access in words.
        words: String,
        /// Its label.
        label: String,
    },
    /// It waits until these threads (by index) have left their read-side sections.
    Waits {
        /// Threads that were inside when the grace period began and have not left since.
        threads: Vec<usize>,
        /// Stage that comes after the grace period.
        stage: String,
        /// Group concerned.
        group: GroupId,
    },
    /// It cannot go for another reason, said in words with what would free it.
    Blocked(String),
    /// It has done all it had to do.
    Done,
}

/// Where a thread stands.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct ThreadPicture {
    /// Group that its last call returned and that it still holds.
    pub holds: Option<GroupId>,
    /// Name of the call it is in (`next`, `break`, or a stage such as `kill`); `None` between calls.
    pub call: Option<String>,
    /// Name of the call it is in or would make next.
    pub next_call: Option<String>,
    /// Line of the access it makes next, from 1, and the name of the listing that holds it.
    pub line: Option<(String, u32)>,
    /// Locals with values, innermost function first; empty between calls.
    pub locals: Vec<FieldPicture>,
    /// Depth of nested `rcu_read_lock`.
    pub n_rcu: u8,
    /// Depth of nested `rcu_read_lock_sched`.
    pub n_sched: u8,
    /// What it can do next.
    pub next: Next,
    /// What its last finished call returned: `None` before the first or for calls that return nothing.
    pub returned: Option<Returned>,
    /// Calls finished.
    pub n_calls: u32,
}

/// What a call of the iterator returned.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Returned {
    /// A group, with a reference.
    Group(GroupId),
    /// None: the end of a round.
    Nothing,
}

/// An item of the kernel's worker.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct WorkPicture {
    /// Stage of the core's listing.
    pub stage: String,
    /// Group.
    pub group: GroupId,
    /// Threads whose read-side sections it waits for; empty when it can run.
    pub waits_for: Vec<usize>,
    /// Whether the worker is in the middle of it.
    pub running: bool,
}

/// Figures of a lane.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub struct Counters {
    /// Rounds that ended: a call returned none to a walk.
    pub n_rounds: u32,
    /// Times a walk was back at its root although its round was not finished.
    pub n_restarts: u32,
    /// Groups returned by the iterator.
    pub n_visits: u32,
    /// Slots' positions set to none by a removal.
    pub n_wiped: u32,
}

/// Something that must never happen in a kernel.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Fault {
    /// Short name in the words of the conformance files: `UAF css_tryget`, `REF underflow`, `HANG`.
    pub name: String,
    /// One sentence: who did what to which group.
    pub words: String,
    /// Thread (the number of threads stands for the worker).
    pub thread: usize,
    /// Group whose memory was touched.
    pub group: Option<GroupId>,
    /// Listing and line.
    pub line: Option<(String, u32)>,
}

/// A lane at one moment.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct LanePicture {
    /// Groups, in the order of [`crate::world::World::pre_order`].
    pub groups: Vec<GroupPicture>,
    /// Slots.
    pub pins: Vec<PinPicture>,
    /// Threads, in the world's order.
    pub threads: Vec<ThreadPicture>,
    /// Items of the kernel's worker, oldest first.
    pub work: Vec<WorkPicture>,
    /// Figures since the start.
    pub counters: Counters,
    /// Set once the lane has come to a fault; it goes no further.
    pub fault: Option<Fault>,
}
