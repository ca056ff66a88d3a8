//! Schedules: what several policies can be driven by in lock-step.
//!
//! Policies differ in their steps, so a schedule is written in moves that do not depend on the
//! policy: a thread runs to the end of its call, or into it, or the kernel's worker takes an item.
//! Only [`Move::To`] goes inside a call, by the label of an access. See
//! `docs/decisions/0002-lock-step.md`.

use alloc::string::String;

/// One move of a schedule. It names threads, groups, stages and labels: things that last.
#[derive(Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Move {
    /// The thread runs to the end of its call, of the one it is in or else of its next.
    Call {
        /// The thread.
        thread: String,
    },
    /// The thread enters its next call and makes its first access.
    Begin {
        /// The thread.
        thread: String,
    },
    /// The thread runs on until it has made the access with this label, once.
    To {
        /// The thread.
        thread: String,
        /// Label of the access, such as `load_position.tryget`.
        label: String,
        /// The lane (as [`LaneSpec`] prints itself) that takes the step; `None` for every lane that has the label.
        lane: Option<String>,
    },
    /// The kernel's worker runs one of its items to the end.
    Work {
        /// Stage of the core's listing, such as `free`.
        stage: String,
        /// Path of the group.
        group: String,
    },
}

impl Move {
    /// The thread that moves; [`crate::world::World::WORKER`] for the worker.
    pub fn thread(&self) -> &str {
        match self {
            Self::Call { thread } | Self::Begin { thread } | Self::To { thread, .. } => thread,
            Self::Work { .. } => crate::world::World::WORKER,
        }
    }
}

/// A lane: a policy, and the core it runs on when that is not the one its listing names.
#[derive(Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub struct LaneSpec {
    /// Name of the policy.
    pub policy: String,
    /// Name of the core, if another than the policy's own.
    pub core: Option<String>,
}

impl core::fmt::Display for LaneSpec {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match &self.core {
            Some(core) => write!(f, "{} on {core}", self.policy),
            None => f.write_str(&self.policy),
        }
    }
}
