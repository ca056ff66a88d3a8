//! The scenario: what people write, read, share and keep in git.
//!
//! Threads and moves refer to groups by path, as people do; [`Scenario::world`] resolves the
//! paths. This file holds the types only.

use alloc::{string::String, vec::Vec};
use core::fmt;
use memcg_core::{
    hierarchy::Hierarchy,
    picture::{LanePicture, Life},
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
}

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
        let counters = &picture.counters;
        match self.measure {
            Measure::Rounds => counters.n_rounds,
            Measure::Restarts => counters.n_restarts,
            Measure::Visits => match &self.group {
                None => counters.n_visits,
                Some(path) => {
                    let group = world.group(path);
                    picture.groups.iter().find(|g| Some(g.group) == group).map_or(0, |g| g.n_visits)
                }
            },
            Measure::Wiped => counters.n_wiped,
            Measure::Kept => {
                let kept = |life| matches!(life, Life::Dying | Life::Offline | Life::Unlinked);
                picture.groups.iter().map(|g| u32::from(kept(g.life))).sum()
            }
            Measure::Faults => u32::from(picture.fault.is_some()),
        }
    }

    /// Whether a count is as expected.
    pub const fn holds(&self, count: u32) -> bool {
        match self.comparison {
            Comparison::Equal => count == self.number,
            Comparison::NotEqual => count != self.number,
            Comparison::Less => count < self.number,
            Comparison::AtMost => count <= self.number,
            Comparison::More => count > self.number,
            Comparison::AtLeast => count >= self.number,
        }
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

/// What an expectation counts, see `Counters` of the core's pictures.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Measure {
    /// Rounds that ended.
    Rounds,
    /// Walks that were back at their root before their round was finished.
    Restarts,
    /// Groups returned.
    Visits,
    /// Positions set to none by a removal.
    Wiped,
    /// Groups that were killed and are still in memory.
    Kept,
    /// Faults, 0 or 1: a lane stops at its first.
    Faults,
}

impl Measure {
    /// All measures.
    pub const ALL: [Self; 6] =
        [Self::Rounds, Self::Restarts, Self::Visits, Self::Wiped, Self::Kept, Self::Faults];

    /// The word in a scenario.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rounds => "rounds",
            Self::Restarts => "restarts",
            Self::Visits => "visits",
            Self::Wiped => "wiped",
            Self::Kept => "kept",
            Self::Faults => "faults",
        }
    }

    /// The measure with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.word() == word)
    }
}

/// How an expectation compares.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
}

impl Comparison {
    /// The sign in a scenario.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }

    /// The comparison with this sign; the mathematical signs and `==` are read too.
    pub fn from_sign(sign: &str) -> Option<Self> {
        Some(match sign {
            "=" | "==" => Self::Equal,
            "!=" | "≠" => Self::NotEqual,
            "<" => Self::Less,
            "<=" | "≤" => Self::AtMost,
            ">" => Self::More,
            ">=" | "≥" => Self::AtLeast,
            _ => return None,
        })
    }
}
