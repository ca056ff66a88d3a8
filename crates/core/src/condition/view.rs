//! What a condition's subjects are at one moment, and whether it holds.
//!
//! A lane is looked at through its picture, a search through its machine and what it remembers of a run: both are a
//! [`View`], so that a condition means the same in either.

use super::{Comparison, Condition, Measure, Slot, Subject, Term, Value};
use crate::hierarchy::GroupId;
use crate::machine::ThreadId;
use crate::picture::{LanePicture, Life, Next, PinPicture, Returned};
use alloc::{string::ToString, vec::Vec};

/// What can be seen at one moment.
pub(crate) trait View {
    fn measure(&self, measure: Measure) -> u32;
    fn visits(&self, group: GroupId) -> u32;
    fn refs(&self, group: GroupId) -> u32;
    fn life(&self, group: GroupId) -> Life;
    /// The group that a slot points at; none if the policy has no such slot.
    fn position(&self, slot: &Slot<GroupId>) -> Option<GroupId>;
    fn held(&self, thread: ThreadId) -> Option<GroupId>;
    fn returned(&self, thread: ThreadId) -> Option<Returned>;
    /// The label of the thread's next access, if it can make one.
    fn place(&self, thread: ThreadId) -> Option<&str>;
}

fn group_value(group: Option<GroupId>) -> Value {
    group.map_or(Value::None, Value::Group)
}

fn value(view: &dyn View, subject: &Subject) -> Value {
    match subject {
        Subject::Measure(measure) => Value::Number(view.measure(*measure)),
        Subject::Visits(group) => Value::Number(view.visits(*group)),
        Subject::Refs(group) => Value::Number(view.refs(*group)),
        Subject::Life(group) => Value::Life(view.life(*group)),
        Subject::Position(slot) => group_value(view.position(slot)),
        Subject::Held(thread) => group_value(view.held(*thread)),
        Subject::Returned(thread) => match view.returned(*thread) {
            None => Value::Absent,
            Some(Returned::Nothing) => Value::None,
            Some(Returned::Group(group)) => Value::Group(group),
        },
        Subject::Place(thread) => {
            view.place(*thread).map_or(Value::Absent, |label| Value::Label(label.to_string()))
        }
    }
}

fn compares(value: &Value, comparison: Comparison, with: &Value) -> bool {
    match (value, with) {
        (Value::Number(a), Value::Number(b)) => comparison.holds(*a, *b),
        (Value::Life(a), Value::Life(b)) => comparison.holds(*a as u32, *b as u32),
        _ => match comparison {
            Comparison::Equal => value == with,
            Comparison::NotEqual => value != with,
            _ => false,
        },
    }
}

fn term_holds(view: &dyn View, term: &Term) -> bool {
    // A search asks often: it makes no text.
    if let (Subject::Place(thread), Value::Label(label)) = (&term.subject, &term.value) {
        let is_there = view.place(*thread) == Some(label.as_str());
        return is_there == (term.comparison == Comparison::Equal);
    }
    compares(&value(view, &term.subject), term.comparison, &term.value)
}

/// Whether the condition holds, whenever it is asked for.
pub(crate) fn holds(view: &dyn View, condition: &Condition) -> bool {
    condition.any.iter().any(|all| all.iter().all(|term| term_holds(view, term)))
}

/// A condition at one moment.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Told {
    /// Whether it holds now, whenever it is asked for.
    pub holds: bool,
    /// Its comparisons, in order.
    pub terms: Vec<TermTold>,
}

/// A comparison at one moment.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct TermTold {
    /// What its subject is now.
    pub value: Value,
    /// Whether it holds now.
    pub holds: bool,
}

impl Condition {
    /// What its comparisons are in a lane, and whether it holds there now.
    pub fn on(&self, lane: &LanePicture) -> Told {
        let terms = self.terms().map(|term| TermTold {
            value: value(lane, &term.subject),
            holds: term_holds(lane, term),
        });
        Told { terms: terms.collect(), holds: holds(lane, self) }
    }
}

impl Subject {
    /// Its value in a lane now.
    pub fn on(&self, lane: &LanePicture) -> Value {
        value(lane, self)
    }
}

impl Measure {
    /// The figure in a lane now.
    pub fn on(self, lane: &LanePicture) -> u32 {
        match self {
            Self::Rounds => lane.counters.n_rounds,
            Self::Restarts => lane.counters.n_restarts,
            Self::Visits => lane.counters.n_visits,
            Self::Wiped => lane.counters.n_wiped,
            Self::Kept => lane.groups.iter().map(|g| u32::from(is_kept(g.life))).sum(),
            Self::Faults => u32::from(lane.fault.is_some()),
        }
    }
}

/// Killed, and still in memory.
pub(crate) fn is_kept(life: Life) -> bool {
    matches!(life, Life::Dying | Life::Offline | Life::Unlinked)
}

impl LanePicture {
    fn group(&self, group: GroupId) -> Option<&crate::picture::GroupPicture> {
        self.groups.iter().find(|g| g.group == group)
    }
}

/// Whether this is the slot that is meant.
fn is_meant(slot: &Slot<GroupId>, pin: &PinPicture) -> bool {
    let parts = [("node", slot.node), ("zone", slot.zone), ("prio", slot.priority)];
    // A part that the policy does not tell slots apart by is not in the key.
    let fits = |part: &str| {
        parts.iter().all(|(name, wanted)| match (part.strip_prefix(name), wanted) {
            (Some(number), Some(wanted)) => number.parse() == Ok(*wanted),
            _ => true,
        })
    };
    pin.root == slot.root && pin.key.split('/').all(fits)
}

impl View for LanePicture {
    fn measure(&self, measure: Measure) -> u32 {
        measure.on(self)
    }

    fn visits(&self, group: GroupId) -> u32 {
        self.group(group).map_or(0, |g| g.n_visits)
    }

    fn refs(&self, group: GroupId) -> u32 {
        self.group(group).and_then(|g| u32::try_from(g.n_refs).ok()).unwrap_or(0)
    }

    fn life(&self, group: GroupId) -> Life {
        self.group(group).map_or(Life::Unborn, |g| g.life)
    }

    fn position(&self, slot: &Slot<GroupId>) -> Option<GroupId> {
        self.pins.iter().find(|pin| is_meant(slot, pin))?.group
    }

    fn held(&self, thread: ThreadId) -> Option<GroupId> {
        self.threads.get(thread)?.holds
    }

    fn returned(&self, thread: ThreadId) -> Option<Returned> {
        self.threads.get(thread)?.returned
    }

    fn place(&self, thread: ThreadId) -> Option<&str> {
        match &self.threads.get(thread)?.next {
            Next::Access { label, .. } => Some(label),
            Next::Waits { .. } | Next::Blocked(_) | Next::Done => None,
        }
    }
}
