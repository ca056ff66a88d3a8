//! What a check comes to.

use super::Property;
use crate::machine::ThreadId;
use crate::schedule::Move;
use alloc::{string::String, vec::Vec};

/// What a check comes to. Never "holds" when a bound was hit.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum Verdict {
    /// Every state of this world has been looked at: the properties hold in it.
    Holds(Extent),
    /// A property does not hold, and the schedule that shows it.
    Broken(Broken),
    /// A bound was hit before that; nothing was found up to there.
    Bounded {
        /// Which bound.
        by: Bound,
        /// How far it got.
        extent: Extent,
        /// States that were found and not looked at.
        n_waiting: usize,
    },
}

/// How far a search got, and how.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Extent {
    /// Different states.
    pub n_states: usize,
    /// Steps between them.
    pub n_steps: u64,
    /// What was made of accesses that commute with all that others can do.
    pub commuting: Commuting,
    /// What was made of threads that do the same.
    pub equal_threads: EqualThreads,
}

/// What a search made of accesses that commute with all that others can do.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Commuting {
    /// They took no step of their own.
    Merged,
    /// Every access took a step.
    Apart(Why),
}

/// What a search made of threads that do the same.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum EqualThreads {
    /// There are none.
    Absent,
    /// States that differ only in which of them is where were one.
    Merged,
    /// They were told apart.
    Apart(Why),
}

/// Why a search did without a reduction.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Why {
    /// It was switched off.
    Asked,
    /// This condition, by its place among those asked, sees what the reduction hides: what only such accesses change,
    /// or which thread is which.
    Condition(usize),
    /// Each of the threads has rounds of its own, and something is asked about rounds.
    Rounds,
    /// Some run goes round: whether such a run is fair is a question of which thread is which.
    Fairness,
    /// The policy breaks what the reduction rests on; the search was made again without it.
    Void,
    /// Runs drawn by lot keep no states that could be one.
    Drawn,
}

impl Why {
    /// A word for programs; a condition's place is not in it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Condition(_) => "condition",
            Self::Rounds => "rounds",
            Self::Fairness => "fairness",
            Self::Void => "void",
            Self::Drawn => "drawn",
        }
    }
}

/// What a check was stopped by.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Bound {
    /// The number of states.
    States,
    /// Memory.
    Memory,
    /// Switches away from a thread in the middle of a call, which was asked for.
    Preemptions,
    /// Only some runs were drawn by lot, which was asked for.
    Drawn {
        /// So many.
        n_walks: u64,
    },
}

/// A property that does not hold.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Broken {
    /// Which.
    pub property: Property,
    /// The condition, if it is one: its place among those asked.
    pub condition: Option<usize>,
    /// No run comes to it, though it should hold sometimes: there is no schedule to show.
    pub is_never: bool,
    /// Short name: a fault's, or that of the property.
    pub name: String,
    /// What happens at the end of the schedule.
    pub words: String,
    /// Moves from the start; a lane that makes them comes to the same.
    pub schedule: Vec<Move>,
    /// The move from which the schedule goes round for ever, of a run without end.
    pub goes_round_from: Option<usize>,
    /// The thread that makes the last step.
    pub thread: Option<ThreadId>,
    /// Steps of the search: no schedule that breaks this property is shorter. Of a run without end, those before it
    /// goes round.
    pub n_steps: usize,
    /// Changes from one thread to another.
    pub n_switches: usize,
    /// Whether no other shortest schedule has fewer changes.
    pub is_fewest: bool,
    /// How far the search got.
    pub extent: Extent,
}

/// A condition that should hold sometimes, and does.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Witness {
    /// Its place among those asked.
    pub condition: usize,
    /// Moves from the start; a lane that makes them comes to where it holds.
    pub schedule: Vec<Move>,
    /// Steps of the search.
    pub n_steps: usize,
}
