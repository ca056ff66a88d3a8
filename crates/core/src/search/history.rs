//! What a run has come to so far, as far as it is asked for. It goes into the states, as their mark: two states that
//! differ in it are two.
//!
//! Counts and rounds are those of lanes, made by the same code ([`crate::tally`], [`crate::rounds`]); what nobody asks
//! for is left out, and a count stops growing above what it is compared with, so that there is an end to them.

use super::Mark;
use super::index::Pool;
use super::movers::Apart;
use super::pack::{Reader, put};
use crate::condition::{Comparison, Condition, Measure, Mode, Slot, Subject, Term, Value, View};
use crate::condition::{holds, is_kept};
use crate::hierarchy::GroupId;
use crate::machine::{Call, Can, Machine, ThreadId};
use crate::picture::{Counters, Life, Returned};
use crate::rounds::Rounds;
use crate::tally::Tally;
use crate::world::{Role, World};
use alloc::{sync::Arc, vec, vec::Vec};

/// What of a run's history is asked for.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Asked {
    /// Conditions: which of them hold is told with every step.
    pub conditions: Arc<[Condition]>,
    /// Whether rounds are kept: what a round has skipped, and what it has visited twice.
    pub rounds: bool,
    /// Restarts are counted up to one more than this.
    pub n_restarts_max: Option<u32>,
}

impl Asked {
    /// Whether nothing is.
    pub fn is_nothing(&self) -> bool {
        self.conditions.is_empty() && !self.rounds && self.n_restarts_max.is_none()
    }

    fn terms(&self) -> impl Iterator<Item = &Term> {
        self.conditions.iter().flat_map(Condition::terms)
    }

    /// Whether something is asked that changes with accesses which the reduction takes for invisible.
    pub fn needs_every_access(&self) -> bool {
        self.terms().any(|term| matches!(term.subject, Subject::Refs(_) | Subject::Place(_)))
    }

    /// Whether it is all one which of two threads that do the same is where.
    pub(super) fn is_symmetric(&self, machine: &Machine) -> bool {
        let names_none = self.terms().all(|term| term.subject.thread().is_none());
        let keeps_walks = self.rounds || Caps::new(self, machine.world()).keeps_passes();
        let threads = &machine.world().threads;
        let has_like = |at: usize| {
            threads.iter().enumerate().any(|(b, other)| b != at && other.role == threads[at].role)
        };
        names_none
            && (!keeps_walks
                || (0..threads.len()).all(|t| !has_like(t) || is_walk_of_slot(machine, t)))
    }

    /// Accesses that must not be merged with their neighbours.
    pub(super) fn apart(&self) -> Apart {
        Apart {
            ends: !self.is_nothing(),
            slots: self.terms().any(|term| matches!(term.subject, Subject::Position(_))),
        }
    }
}

/// Whether all that is counted of the thread's walk is counted of a slot, which others may share.
fn is_walk_of_slot(machine: &Machine, thread: ThreadId) -> bool {
    let world = machine.world();
    match world.threads[thread].role {
        Role::Admin(_) => true,
        Role::Reclaimer { root, .. } => {
            machine.slot_number(thread).is_some() && (world.use_hierarchy || root == GroupId::ROOT)
        }
    }
}

/// What a step has come to.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub struct Note {
    /// Conditions that hold behind it, a bit each.
    pub holds: u16,
    /// Conditions that have held on the way here, as far as they are to hold eventually.
    pub met: u16,
    /// It ends a round that has skipped a group.
    pub skipped: bool,
    /// It returns a group that the round has returned before.
    pub doubled: bool,
    /// There are now more restarts than were to be.
    pub restarted: bool,
}

/// Where counts stop growing; 0 for those that are not kept.
#[derive(Clone, Debug)]
struct Caps {
    rounds: u32,
    restarts: u32,
    visits: u32,
    wiped: u32,
    visits_of: Vec<u32>,
    returned: Vec<bool>,
}

impl Caps {
    fn new(asked: &Asked, world: &World) -> Self {
        let mut caps = Self {
            rounds: 0,
            restarts: asked.n_restarts_max.map_or(0, |n| n.saturating_add(1)),
            visits: 0,
            wiped: 0,
            visits_of: vec![0; world.groups.len()],
            returned: vec![false; world.threads.len()],
        };
        for term in asked.terms() {
            let cap = match &term.subject {
                Subject::Measure(Measure::Rounds) => &mut caps.rounds,
                Subject::Measure(Measure::Restarts) => &mut caps.restarts,
                Subject::Measure(Measure::Visits) => &mut caps.visits,
                Subject::Measure(Measure::Wiped) => &mut caps.wiped,
                Subject::Visits(group) => &mut caps.visits_of[group.index()],
                Subject::Returned(thread) => {
                    caps.returned[*thread] = true;
                    continue;
                }
                _ => continue,
            };
            if let Value::Number(number) = term.value {
                // One above says that it is more.
                let above =
                    u32::from(!matches!(term.comparison, Comparison::AtLeast | Comparison::Less));
                *cap = (*cap).max(number.saturating_add(above)).max(1);
            }
        }
        caps
    }

    /// Whether it matters where walks are in their rounds.
    const fn keeps_passes(&self) -> bool {
        self.rounds > 0 || self.restarts > 0
    }
}

/// What a run has come to at one moment.
#[derive(Clone, Debug)]
struct State {
    met: u16,
    tally: Tally,
    rounds: Option<Rounds>,
    returned: Vec<Option<Returned>>,
}

/// A step, as far as a history can be asked about it.
#[derive(Copy, Clone, Debug)]
pub(super) struct Made {
    pub(super) thread: ThreadId,
    /// The slot that its walk used.
    pub(super) slot: Option<usize>,
    pub(super) returned: Option<Returned>,
    /// It has left its walk.
    pub(super) has_left: bool,
    /// Positions that it has set to none, of a removal.
    pub(super) n_wiped: u32,
}

/// Histories by number.
#[derive(Clone, Debug)]
pub(super) struct History {
    asked: Asked,
    caps: Caps,
    /// Conditions that are to hold eventually, a bit each.
    eventually: u16,
    state: State,
    /// Its number.
    held: Mark,
    pool: Pool,
    bytes: Vec<u8>,
}

impl History {
    pub(super) fn new(asked: Asked, machine: &Machine) -> Self {
        let bits = |mode: Mode| {
            let is_so = |(_, condition): &(usize, &Condition)| condition.mode == mode;
            asked.conditions.iter().enumerate().filter(is_so).fold(0, |all, (at, _)| all | 1 << at)
        };
        let mut history = Self {
            caps: Caps::new(&asked, machine.world()),
            eventually: bits(Mode::Eventually),
            state: State {
                met: 0,
                tally: Tally::new(machine),
                rounds: asked.rounds.then(|| Rounds::new(machine)),
                returned: vec![None; machine.world().threads.len()],
            },
            held: 0,
            pool: Pool::new(),
            bytes: Vec::new(),
            asked,
        };
        history.keep();
        history
    }

    pub(super) fn n_bytes(&self) -> usize {
        self.pool.n_bytes()
    }

    pub(super) const fn counts_wiped(&self) -> bool {
        self.caps.wiped > 0
    }

    /// Where a run begins.
    pub(super) fn start(&mut self, machine: &Machine) -> (Mark, Note) {
        self.hold(0);
        let note = self.judge(machine, Note::default());
        (self.keep(), note)
    }

    /// Where a run is behind a step; the machine has made it.
    pub(super) fn step(&mut self, mark: Mark, machine: &Machine, made: &Made) -> (Mark, Note) {
        self.hold(mark);
        let mut note = Note::default();
        let state = &mut self.state;
        state.tally.counters.n_wiped += made.n_wiped;
        if let Some(returned) = made.returned {
            state.returned[made.thread] = Some(returned);
            let n_restarts = state.tally.counters.n_restarts;
            state.tally.returned(machine, made.thread, made.slot, returned);
            let n_now = state.tally.counters.n_restarts;
            note.restarted =
                self.asked.n_restarts_max.is_some_and(|max| n_now > n_restarts && n_now > max);
            if let Some(rounds) = &mut state.rounds {
                let (n_skipped, n_doubles) = (rounds.n_skipped, rounds.n_doubles);
                rounds.returned(machine, made.thread, made.slot, returned);
                note.skipped = rounds.n_skipped > n_skipped;
                note.doubled = rounds.n_doubles > n_doubles;
            }
        }
        if let Some(rounds) = state.rounds.as_mut().filter(|_| made.has_left) {
            rounds.left(machine, made.thread);
        }
        let note = self.judge(machine, note);
        (self.keep(), note)
    }

    /// What is so in a state that is not left by a step: at rest, or at a fault.
    pub(super) fn look(&mut self, mark: Mark, machine: &Machine) -> Note {
        self.hold(mark);
        let met = self.state.met;
        Note { met, ..self.judge(machine, Note::default()) }
    }

    fn judge(&mut self, machine: &Machine, mut note: Note) -> Note {
        let seen = Seen { machine, state: &self.state };
        for (at, condition) in self.asked.conditions.iter().enumerate() {
            note.holds |= u16::from(holds(&seen, condition)) << at;
        }
        self.state.met |= note.holds & self.eventually;
        note.met = self.state.met;
        note
    }

    /// The number of the state as it is now.
    fn keep(&mut self) -> Mark {
        let mut out = core::mem::take(&mut self.bytes);
        out.clear();
        let state = &self.state;
        put(&mut out, u32::from(state.met));
        let Counters { n_rounds, n_restarts, n_visits, n_wiped } = state.tally.counters;
        let caps = &self.caps;
        let totals = [
            (n_rounds, caps.rounds),
            (n_restarts, caps.restarts),
            (n_visits, caps.visits),
            (n_wiped, caps.wiped),
        ];
        let by_group = caps.visits_of.iter().enumerate().map(|(at, cap)| {
            let group = GroupId(u32::try_from(at).unwrap_or(u32::MAX));
            (state.tally.n_visits(group), *cap)
        });
        for (count, cap) in totals.into_iter().chain(by_group).filter(|(_, cap)| *cap > 0) {
            put(&mut out, count.min(cap));
        }
        for (returned, is_kept) in state.returned.iter().zip(&caps.returned) {
            if *is_kept {
                put(
                    &mut out,
                    match returned {
                        None => 0,
                        Some(Returned::Nothing) => 1,
                        Some(Returned::Group(group)) => group.0 + 2,
                    },
                );
            }
        }
        if caps.keeps_passes() {
            state.tally.passes_out(&mut |word| put(&mut out, word));
        }
        if let Some(rounds) = &state.rounds {
            rounds.walks_out(&mut |word| put(&mut out, word));
        }
        let (number, _) = self.pool.number(&out);
        self.bytes = out;
        self.held = number;
        number
    }

    /// Goes to the state with this number.
    fn hold(&mut self, mark: Mark) {
        if self.held == mark {
            return;
        }
        self.held = mark;
        let mut from = Reader { bytes: self.pool.get(mark), at: 0 };
        let (state, caps) = (&mut self.state, &self.caps);
        state.met = u16::try_from(from.value()).unwrap_or(0);
        let Counters { n_rounds, n_restarts, n_visits, n_wiped } = &mut state.tally.counters;
        let totals = [
            (n_rounds, caps.rounds),
            (n_restarts, caps.restarts),
            (n_visits, caps.visits),
            (n_wiped, caps.wiped),
        ];
        for (count, cap) in totals {
            *count = if cap > 0 { from.value() } else { 0 };
        }
        for (count, cap) in state.tally.n_visits_mut().iter_mut().zip(&caps.visits_of) {
            *count = if *cap > 0 { from.value() } else { 0 };
        }
        for (returned, is_kept) in state.returned.iter_mut().zip(&caps.returned) {
            if *is_kept {
                *returned = match from.value() {
                    0 => None,
                    1 => Some(Returned::Nothing),
                    group => Some(Returned::Group(GroupId(group - 2))),
                };
            }
        }
        if caps.keeps_passes() {
            state.tally.passes_in(&mut || from.value());
        }
        if let Some(rounds) = &mut state.rounds {
            rounds.walks_in(caps.visits_of.len(), &mut || from.value());
        }
    }
}

/// A machine and what has happened to it, as conditions see it.
struct Seen<'a> {
    machine: &'a Machine,
    state: &'a State,
}

impl View for Seen<'_> {
    fn measure(&self, measure: Measure) -> u32 {
        let counters = &self.state.tally.counters;
        match measure {
            Measure::Rounds => counters.n_rounds,
            Measure::Restarts => counters.n_restarts,
            Measure::Visits => counters.n_visits,
            Measure::Wiped => counters.n_wiped,
            Measure::Kept => {
                let n_groups = u32::try_from(self.machine.groups.len()).unwrap_or(u32::MAX);
                let kept = |group: &u32| is_kept(self.machine.life(GroupId(*group)));
                u32::try_from((0..n_groups).filter(kept).count()).unwrap_or(u32::MAX)
            }
            Measure::Faults => u32::from(self.machine.fault().is_some()),
        }
    }

    fn visits(&self, group: GroupId) -> u32 {
        self.state.tally.n_visits(group)
    }

    fn refs(&self, group: GroupId) -> u32 {
        self.machine.n_refs(group).and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
    }

    fn life(&self, group: GroupId) -> Life {
        self.machine.life(group)
    }

    fn position(&self, slot: &Slot<GroupId>) -> Option<GroupId> {
        let slots = &self.machine.layout().slots;
        let fits = |wanted: Option<u8>, has: Option<u8>| {
            has.is_none_or(|has| wanted.is_none_or(|wanted| has == wanted))
        };
        let at = slots.iter().position(|key| {
            key.root == slot.root
                && fits(slot.node, key.node)
                && fits(slot.zone, key.zone)
                && fits(slot.priority, key.priority)
        });
        self.machine.position(at?)
    }

    fn held(&self, thread: ThreadId) -> Option<GroupId> {
        self.machine.holds(thread)
    }

    fn returned(&self, thread: ThreadId) -> Option<Returned> {
        self.state.returned[thread]
    }

    fn place(&self, thread: ThreadId) -> Option<&str> {
        let can =
            self.machine.can_step(thread) == Can::Step && self.machine.call(thread) != Call::None;
        can.then(|| self.machine.program().label(self.machine.pc(thread)))
    }
}
