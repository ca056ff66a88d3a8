//! Conditions that a person sets over what can be seen of a lane: counts, groups, slots, threads.
//!
//! The types only, as they are written (groups and threads by name) and as they are resolved (by id). `view` reads the
//! values off a picture or a machine. Knows no text: the scenario crate reads and prints it.

mod missing;
mod view;
mod watch;

pub use missing::Missing;
pub use view::{TermTold, Told};
pub(crate) use view::{View, holds, is_kept};
pub use watch::{N_WATCHES_MAX, Watch};

use crate::hierarchy::GroupId;
use crate::machine::ThreadId;
use crate::picture::Life;
use crate::world::World;
use alloc::{
    string::{String, ToString},
    vec::Vec,
};
use core::fmt;

/// Most conditions of a scenario.
pub const N_CONDITIONS_MAX: usize = 16;

/// Most comparisons of a condition.
pub const N_TERMS_MAX: usize = 8;

/// When a condition is asked for.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Mode {
    /// In every state of every run.
    Always,
    /// In some state of some run.
    Sometimes,
    /// In some state of every run that a fair scheduler chooses.
    Eventually,
}

impl Mode {
    /// All modes.
    pub const ALL: [Self; 3] = [Self::Always, Self::Sometimes, Self::Eventually];

    /// The word in a scenario.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Always => "always",
            Self::Sometimes => "sometimes",
            Self::Eventually => "eventually",
        }
    }

    /// The mode with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|m| m.word() == word)
    }
}

/// A figure of a whole lane, see [`crate::picture::Counters`].
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

/// How a value compares with the one that is asked for.
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

    /// Whether one number compares so with the other.
    pub const fn holds(self, number: u32, with: u32) -> bool {
        match self {
            Self::Equal => number == with,
            Self::NotEqual => number != with,
            Self::Less => number < with,
            Self::AtMost => number <= with,
            Self::More => number > with,
            Self::AtLeast => number >= with,
        }
    }

    /// Whether it asks only if two things are the same.
    pub const fn is_equality(self) -> bool {
        matches!(self, Self::Equal | Self::NotEqual)
    }
}

/// A slot, by the root of its walks and what tells it from others. A part that the policy does not tell slots apart by
/// is not looked at.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Slot<G> {
    /// Root of the walks.
    pub root: G,
    /// NUMA node.
    pub node: Option<u8>,
    /// Zone.
    pub zone: Option<u8>,
    /// Reclaim priority.
    pub priority: Option<u8>,
}

/// What a comparison looks at.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum Subject<G = GroupId, T = ThreadId> {
    /// A figure of the lane.
    Measure(Measure),
    /// How often this group was returned.
    Visits(G),
    /// References held on this group.
    Refs(G),
    /// The stage of this group's life.
    Life(G),
    /// The group that a slot points at.
    Position(Slot<G>),
    /// The group that this thread's last call returned and that it still holds.
    Held(T),
    /// What this thread's last finished call of the iterator returned.
    Returned(T),
    /// The label of the access that this thread makes next.
    Place(T),
}

/// A value that a subject has, or is compared with.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum Value<G = GroupId> {
    /// A count.
    Number(u32),
    /// A stage of a group's life.
    Life(Life),
    /// A group.
    Group(G),
    /// No group.
    None,
    /// The label of an access.
    Label(String),
    /// There is no value: nothing was returned yet, the thread cannot go on. Equal to nothing.
    Absent,
}

/// One comparison.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Term<G = GroupId, T = ThreadId> {
    /// What is looked at.
    pub subject: Subject<G, T>,
    /// How it compares.
    pub comparison: Comparison,
    /// With what.
    pub value: Value<G>,
}

/// A condition: some of these hold, each a list of comparisons that hold together.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Condition<G = GroupId, T = ThreadId> {
    /// When.
    pub mode: Mode,
    /// What: `or` of `and`s, none empty.
    pub any: Vec<Vec<Term<G, T>>>,
}

/// The words for the stages of a group's life.
pub const LIVES: [(Life, &str); 7] = [
    (Life::Unborn, "unborn"),
    (Life::Coming, "coming"),
    (Life::Alive, "online"),
    (Life::Dying, "dying"),
    (Life::Offline, "offline"),
    (Life::Unlinked, "unlinked"),
    (Life::Freed, "freed"),
];

fn life_word(life: Life) -> &'static str {
    LIVES.iter().find(|(known, _)| *known == life).map_or("", |(_, word)| word)
}

/// Changes names into names: groups, then threads.
pub trait Rename<G, T, H, U> {
    /// The group under its other name, if it has one.
    fn group(&mut self, group: &G) -> Option<H>;
    /// The thread under its other name, if it has one.
    fn thread(&mut self, thread: &T) -> Option<U>;
}

impl<G, T> Subject<G, T> {
    /// The group that it is about.
    pub const fn group(&self) -> Option<&G> {
        match self {
            Self::Visits(group) | Self::Refs(group) | Self::Life(group) => Some(group),
            Self::Position(slot) => Some(&slot.root),
            Self::Measure(_) | Self::Held(_) | Self::Returned(_) | Self::Place(_) => None,
        }
    }

    /// The thread that it is about.
    pub const fn thread(&self) -> Option<&T> {
        match self {
            Self::Held(thread) | Self::Returned(thread) | Self::Place(thread) => Some(thread),
            _ => None,
        }
    }

    /// The same with other names; `None` if one has no other.
    pub fn renamed<H, U>(&self, by: &mut dyn Rename<G, T, H, U>) -> Option<Subject<H, U>> {
        Some(match self {
            Self::Measure(measure) => Subject::Measure(*measure),
            Self::Visits(group) => Subject::Visits(by.group(group)?),
            Self::Refs(group) => Subject::Refs(by.group(group)?),
            Self::Life(group) => Subject::Life(by.group(group)?),
            Self::Position(slot) => {
                let Slot { root, node, zone, priority } = slot;
                let (node, zone, priority) = (*node, *zone, *priority);
                Subject::Position(Slot { root: by.group(root)?, node, zone, priority })
            }
            Self::Held(thread) => Subject::Held(by.thread(thread)?),
            Self::Returned(thread) => Subject::Returned(by.thread(thread)?),
            Self::Place(thread) => Subject::Place(by.thread(thread)?),
        })
    }
}

impl<G, T> Term<G, T> {
    /// The same with other names; `None` if one has no other.
    pub fn renamed<H, U>(&self, by: &mut dyn Rename<G, T, H, U>) -> Option<Term<H, U>> {
        let value = match &self.value {
            Value::Group(group) => Value::Group(by.group(group)?),
            Value::Number(number) => Value::Number(*number),
            Value::Life(life) => Value::Life(*life),
            Value::Label(label) => Value::Label(label.clone()),
            Value::None => Value::None,
            Value::Absent => Value::Absent,
        };
        let subject = self.subject.renamed(by)?;
        Some(Term { subject, comparison: self.comparison, value })
    }
}

impl<G, T> Condition<G, T> {
    /// All comparisons.
    pub fn terms(&self) -> impl Iterator<Item = &Term<G, T>> {
        self.any.iter().flatten()
    }

    /// The same with other names; `None` if one has no other.
    pub fn renamed<H, U>(&self, by: &mut dyn Rename<G, T, H, U>) -> Option<Condition<H, U>> {
        let mut any = Vec::with_capacity(self.any.len());
        for all in &self.any {
            any.push(all.iter().map(|term| term.renamed(by)).collect::<Option<Vec<_>>>()?);
        }
        Some(Condition { mode: self.mode, any })
    }
}

/// Ids become names.
struct Names<'w>(&'w World);

impl Rename<GroupId, ThreadId, String, String> for Names<'_> {
    fn group(&mut self, group: &GroupId) -> Option<String> {
        self.0.groups.get(group.index()).map(|g| g.path.clone())
    }

    fn thread(&mut self, thread: &ThreadId) -> Option<String> {
        self.0.threads.get(*thread).map(|t| t.name.clone())
    }
}

impl Value {
    /// With a path in place of a group, to be shown.
    pub fn named(&self, world: &World) -> Value<String> {
        match self {
            Self::Number(number) => Value::Number(*number),
            Self::Life(life) => Value::Life(*life),
            Self::Group(group) => Value::Group(world.path(*group).to_string()),
            Self::None => Value::None,
            Self::Label(label) => Value::Label(label.clone()),
            Self::Absent => Value::Absent,
        }
    }
}

impl Condition {
    /// With names in place of ids, to be shown.
    pub fn named(&self, world: &World) -> Option<Condition<String, String>> {
        self.renamed(&mut Names(world))
    }
}

impl<G: fmt::Display, T: fmt::Display> fmt::Display for Subject<G, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Measure(measure) => f.write_str(measure.word()),
            Self::Visits(group) => write!(f, "visits of {group}"),
            Self::Refs(group) => write!(f, "refs of {group}"),
            Self::Life(group) => write!(f, "life of {group}"),
            Self::Position(slot) => {
                write!(f, "position of {}", slot.root)?;
                let parts = [("node", slot.node), ("zone", slot.zone), ("priority", slot.priority)];
                for (name, value) in parts {
                    if let Some(value) = value {
                        write!(f, " {name} {value}")?;
                    }
                }
                Ok(())
            }
            Self::Held(thread) => write!(f, "held by {thread}"),
            Self::Returned(thread) => write!(f, "returned to {thread}"),
            Self::Place(thread) => write!(f, "place of {thread}"),
        }
    }
}

impl<G: fmt::Display> fmt::Display for Value<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Life(life) => f.write_str(life_word(*life)),
            Self::Group(group) => write!(f, "{group}"),
            Self::None => f.write_str("none"),
            Self::Label(label) => f.write_str(label),
            Self::Absent => f.write_str("nothing"),
        }
    }
}

impl<G: fmt::Display, T: fmt::Display> fmt::Display for Term<G, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.subject, self.comparison.sign(), self.value)
    }
}

impl<G: fmt::Display, T: fmt::Display> fmt::Display for Condition<G, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.mode.word())?;
        self.write_any(f)
    }
}

impl<G: fmt::Display, T: fmt::Display> Condition<G, T> {
    /// Without the word that says when.
    fn write_any(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, all) in self.any.iter().enumerate() {
            for (place, term) in all.iter().enumerate() {
                let between = match (at, place) {
                    (0, 0) => "",
                    (_, 0) => " or ",
                    _ => " and ",
                };
                write!(f, "{between}{term}")?;
            }
        }
        Ok(())
    }
}
