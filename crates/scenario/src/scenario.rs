//! The scenario: what people write, read, share and keep in git.
//!
//! Threads and moves refer to groups by path, as people do; [`Scenario::world`] resolves the
//! paths. This file holds the types only.

use alloc::{string::String, vec::Vec};
use core::fmt;
pub use memcg_core::condition::{Comparison, Measure};
use memcg_core::{
    condition::{Condition, Watch},
    hierarchy::Hierarchy,
    picture::LanePicture,
    schedule::{LaneSpec, Move},
    world::{Cookie, Preemption, Until, World},
};

/// A world, the policies to compare in it, a schedule, and what should come of it.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Scenario {
    /// One line that says what it is about; may be empty.
    pub title: String,
    /// Explanations, a paragraph each.
    pub notes: Vec<String>,
    /// The preemption model.
    pub preemption: Preemption,
    /// `memory.use_hierarchy`.
    pub use_hierarchy: bool,
    /// The groups that exist at the start.
    pub hierarchy: Hierarchy,
    /// The threads.
    pub threads: Vec<ThreadText>,
    /// The policies to compare.
    pub lanes: Vec<LaneSpec>,
    /// The moves.
    pub schedule: Vec<Move>,
    /// What should hold once the whole schedule has been played.
    pub expectations: Vec<Expectation>,
    /// What every run of the threads is held to by a check.
    pub checks: Vec<ConditionText>,
    /// What is shown of every lane, at every moment.
    pub watches: Vec<WatchText>,
}

/// What is watched, as written.
pub type WatchText = Watch<String, String>;

/// A condition as written: groups by path, threads by name.
pub type ConditionText = Condition<String, String>;

impl Default for Scenario {
    fn default() -> Self {
        Self {
            title: String::new(),
            notes: Vec::new(),
            preemption: Preemption::None,
            use_hierarchy: true,
            hierarchy: Hierarchy::new(),
            threads: Vec::new(),
            lanes: Vec::new(),
            schedule: Vec::new(),
            expectations: Vec::new(),
            checks: Vec::new(),
            watches: Vec::new(),
        }
    }
}

/// A thread as written.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct ThreadText {
    /// Its name; unique, never that of the worker.
    pub name: String,
    /// What it does.
    pub role: RoleText,
}

/// What a thread does, with groups by path.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum RoleText {
    /// Walks groups below a root.
    Reclaimer {
        /// Path of the root; `/` for the global root.
        root: String,
        /// The shared slots it uses; `None` for a private walk.
        cookie: Option<Cookie>,
        /// When it leaves.
        until: Until,
    },
    /// Does these operations, in order.
    Admin(Vec<OpText>),
}

/// What a reclaimer uses when its line says nothing: node 0, one zone, priority 12.
pub(crate) const COOKIE_DEFAULT: Cookie =
    Cookie { node: 0, n_zones: 1, priority_from: 12, priority_to: 12 };

/// An operation as written.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct OpText {
    /// What is done.
    pub verb: Verb,
    /// Path of the group: where `mkdir` makes it; for the others the group's own path, which for
    /// the second group made at one path ends in `#2`.
    pub group: String,
}

/// What an operation does.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Verb {
    /// Makes a group.
    Mkdir,
    /// Removes a group.
    Rmdir,
    /// Takes an outside reference.
    Pin,
    /// Drops an outside reference.
    Unpin,
}

impl Verb {
    /// All verbs.
    pub const ALL: [Self; 4] = [Self::Mkdir, Self::Rmdir, Self::Pin, Self::Unpin];

    /// The word in a scenario.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Mkdir => "mkdir",
            Self::Rmdir => "rmdir",
            Self::Pin => "pin",
            Self::Unpin => "unpin",
        }
    }

    /// The verb with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.word() == word)
    }
}

impl fmt::Display for OpText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb.word(), self.group)
    }
}

/// What should hold for a lane at the end of the schedule.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Expectation {
    /// The lane.
    pub lane: LaneSpec,
    /// What is counted.
    pub measure: Measure,
    /// Group whose visits are counted, by path; with [`Measure::Visits`] only.
    pub group: Option<String>,
    /// How the count compares with [`Self::number`].
    pub comparison: Comparison,
    /// The number.
    pub number: u32,
}

impl Expectation {
    /// What is counted, read from a lane at the end of the schedule. Visits of a group that is not
    /// there are none.
    pub fn count(&self, picture: &LanePicture, world: &World) -> u32 {
        match &self.group {
            Some(path) if self.measure == Measure::Visits => {
                let group = world.group(path);
                picture.groups.iter().find(|g| Some(g.group) == group).map_or(0, |g| g.n_visits)
            }
            _ => self.measure.on(picture),
        }
    }

    /// Whether a count is as expected.
    pub const fn holds(&self, count: u32) -> bool {
        self.comparison.holds(count, self.number)
    }
}

impl fmt::Display for Expectation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.lane, self.measure.word())?;
        if let Some(group) = &self.group {
            write!(f, " of {}", crate::resolve::shown(group))?;
        }
        write!(f, " {} {}", self.comparison.sign(), self.number)
    }
}
