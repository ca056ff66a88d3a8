//! What a step touched, and faults.

use super::ThreadId;
use crate::hierarchy::GroupId;
use crate::program::Pc;

/// One access to shared state, as it went.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Access {
    /// Who.
    pub thread: ThreadId,
    /// Address of the instruction, which knows label and line.
    pub pc: Pc,
    /// The word that addresses the object: a group or a slot, plus one; 0 if there is none.
    pub base: u32,
    /// What was seen: a loaded word, whether tryget succeeded, a reference count.
    pub seen: u32,
    /// What changed: the word before and after.
    pub changed: Option<(u32, u32)>,
}

/// Is told of every access.
pub trait Observer {
    /// An access has been made.
    fn access(&mut self, access: &Access);
}

/// Listens to nothing.
impl Observer for () {
    #[inline]
    fn access(&mut self, _: &Access) {}
}

/// Calls a function.
impl<F: FnMut(&Access)> Observer for F {
    #[inline]
    fn access(&mut self, access: &Access) {
        self(access);
    }
}

/// What must never happen.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum FaultKind {
    /// Freed memory was touched.
    UseAfterFree,
    /// A pointer that is NULL was followed.
    Null,
    /// A reference was dropped that nobody held, or the last one a second time.
    Underflow,
    /// A read-side section was left that had not been entered.
    Unbalanced,
    /// A call made more accesses (or local steps) than the bound: it does not return.
    Hang,
}

/// A fault: what, who, where.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub struct FaultInfo {
    /// What.
    pub kind: FaultKind,
    /// Who.
    pub thread: ThreadId,
    /// Address of the instruction.
    pub pc: Pc,
    /// Group whose memory was concerned.
    pub group: Option<GroupId>,
}
