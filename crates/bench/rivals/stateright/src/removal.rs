//! The thread that removes a group, and the kernel's worker that frees it.

use super::{DEAD, ROOT, State};

/// The access that whoever removes the group makes next.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
pub(crate) enum Admin {
    Kill,
    Gone,
    CallRcuSched,
    /// The kill is confirmed when these have left their sections; then it goes offline.
    Offline {
        rcu: u8,
        sched: u8,
    },
    Ancestor,
    Compare,
    Wipe,
    NoAncestor,
    Unlink,
    Put,
    Done,
}

impl Admin {
    pub(crate) fn can_step(self) -> bool {
        !matches!(
            self,
            Self::Done | Self::Offline { rcu: 1.., .. } | Self::Offline { sched: 1.., .. }
        )
    }

    pub(crate) fn leaves_rcu(&mut self, bit: u8) {
        if let Self::Offline { rcu, .. } = self {
            *rcu &= !bit;
        }
    }

    pub(crate) fn leaves_sched(&mut self, bit: u8) {
        if let Self::Offline { sched, .. } = self {
            *sched &= !bit;
        }
    }
}

pub(crate) fn step(state: &mut State) {
    state.touch(DEAD);
    state.admin = match state.admin {
        Admin::Kill => {
            state.killed = true;
            Admin::Gone
        }
        Admin::Gone => Admin::CallRcuSched,
        // Without preemption an RCU reader is an RCU-sched reader too.
        Admin::CallRcuSched => Admin::Offline { rcu: state.in_rcu, sched: state.in_sched },
        Admin::Offline { .. } => Admin::Ancestor,
        Admin::Ancestor => Admin::Compare,
        Admin::Compare if state.last_visited == DEAD => Admin::Wipe,
        Admin::Compare => Admin::NoAncestor,
        Admin::Wipe => {
            state.last_visited = 0;
            Admin::NoAncestor
        }
        Admin::NoAncestor => Admin::Unlink,
        Admin::Unlink => {
            state.unlinked = true;
            Admin::Put
        }
        Admin::Put => {
            state.put(DEAD);
            Admin::Done
        }
        Admin::Done => Admin::Done,
    };
}

/// What the kernel's worker does next.
#[derive(Copy, Clone, Eq, PartialEq, Hash, Debug)]
pub(crate) enum Worker {
    Idle,
    Release,
    /// Freed when these have left their sections: its parent is looked up first.
    Parent {
        rcu: u8,
    },
    Free,
    PutParent,
    Done,
}

impl Worker {
    pub(crate) fn can_step(self) -> bool {
        !matches!(self, Self::Idle | Self::Done | Self::Parent { rcu: 1.. })
    }

    pub(crate) fn leaves_rcu(&mut self, bit: u8) {
        if let Self::Parent { rcu } = self {
            *rcu &= !bit;
        }
    }
}

pub(crate) fn work(state: &mut State) {
    state.worker = match state.worker {
        Worker::Release => Worker::Parent { rcu: state.in_rcu },
        Worker::Parent { .. } => {
            state.touch(DEAD);
            Worker::Free
        }
        Worker::Free => {
            state.freed = true;
            Worker::PutParent
        }
        Worker::PutParent => {
            state.put(ROOT);
            Worker::Done
        }
        other => other,
    };
}
