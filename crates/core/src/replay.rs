//! Whether a schedule still comes out as when somebody shared it.
//!
//! A proof is a checksum of the final state and the moves that did nothing even then. If the model
//! has changed since, the check says which move is no longer possible, and why, or that all are
//! possible and the end differs.

use crate::hierarchy::GroupId;
use crate::picture::Returned;
use crate::run::{MoveReport, Outcome, Run};
use crate::schedule::Move;
use alloc::{format, string::String, vec::Vec};

/// What a schedule came to.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Proof {
    /// [`Run::fingerprint`] after the last move.
    pub fingerprint: u32,
    /// Moves, from 1, that a lane could not make, or that no lane took.
    pub idle: Vec<u32>,
}

/// How a schedule comes out otherwise than its proof says.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum Changed {
    /// A move is no longer possible; what comes before it can still be shown.
    Move {
        /// Which, from 1.
        at: u32,
        /// Why, in words.
        why: String,
    },
    /// Every move is possible, and the final state is another.
    State,
}

impl core::fmt::Display for Changed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Move { at, why } => write!(
                f,
                "the model has changed since this was shared: move {at} is no longer possible, {why}"
            ),
            Self::State => f.write_str(
                "the model has changed since this was shared: every move is possible, but they come \
                 to another end",
            ),
        }
    }
}

/// Plays a schedule and notes what it comes to. The run is taken at its start.
pub fn prove(mut run: Run, schedule: &[Move]) -> Proof {
    run.keep_records(false);
    let mut idle = Vec::new();
    for (at, mv) in (1..).zip(schedule) {
        let report = run.apply(mv);
        if why_idle(&run, &report).is_some() {
            idle.push(at);
        }
    }
    Proof { fingerprint: run.fingerprint(), idle }
}

/// Plays a schedule as far as its proof says it goes; `None` if it comes to the same end.
pub fn check(mut run: Run, schedule: &[Move], proof: &Proof) -> Option<Changed> {
    run.keep_records(false);
    for (at, mv) in (1..).zip(schedule) {
        let report = run.apply(mv);
        if let Some(why) = why_idle(&run, &report)
            && !proof.idle.contains(&at)
        {
            return Some(Changed::Move { at, why });
        }
    }
    (run.fingerprint() != proof.fingerprint).then_some(Changed::State)
}

/// Why a lane could not make a move, or why no lane took it.
fn why_idle(run: &Run, report: &MoveReport) -> Option<String> {
    let mut waits = None;
    let mut is_taken = false;
    for (lane, told) in run.lanes().iter().zip(&report.lanes) {
        match &told.outcome {
            Outcome::Nothing(why) => return Some(format!("{}: {why}", lane.spec())),
            Outcome::Waits(why) => {
                // The lane that the move names knows best.
                let is_named = matches!(&report.mv, Move::To { lane: Some(name), .. }
                    if *name == format!("{}", lane.spec()));
                if waits.is_none() || is_named {
                    waits = Some(format!("{}: {why}", lane.spec()));
                }
            }
            Outcome::Moved | Outcome::AlreadyThere | Outcome::Halted => is_taken = true,
        }
    }
    waits.filter(|_| !is_taken)
}

/// FNV-1a, 32 bits: a checksum against change, not against malice.
struct Sum(u32);

impl Sum {
    fn word(&mut self, word: u32) {
        for byte in word.to_le_bytes() {
            self.0 = (self.0 ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }

    fn group(&mut self, group: Option<GroupId>) {
        self.word(group.map_or(0, |g| g.0 + 1));
    }
}

impl Run {
    /// A checksum of what can be seen of all lanes: every group's life and references, where slots
    /// point and in which generation, what threads hold and were returned, figures, faults.
    ///
    /// How a listing gets there (registers, its own fields, the number of its accesses) is left out,
    /// so that a listing may be rewritten as long as it does the same.
    pub fn fingerprint(&self) -> u32 {
        let mut sum = Sum(0x811c_9dc5);
        for lane in self.lanes() {
            let machine = lane.machine();
            for group in (0..self.world().groups.len()).filter_map(|g| u32::try_from(g).ok()) {
                let group = GroupId(group);
                sum.word(machine.life(group) as u32);
                sum.word(machine.n_refs(group).unwrap_or(-1).cast_unsigned());
            }
            for slot in 0..machine.layout().slots.len() {
                sum.group(machine.position(slot));
                sum.word(machine.slot_field(slot, "generation").unwrap_or(0));
            }
            for thread in 0..self.world().threads.len() {
                sum.group(machine.holds(thread));
                sum.word(match machine.returned(thread) {
                    None => 0,
                    Some(Returned::Nothing) => 1,
                    Some(Returned::Group(group)) => group.0 + 2,
                });
            }
            let c = lane.counters();
            for figure in [c.n_rounds, c.n_restarts, c.n_visits, c.n_wiped] {
                sum.word(figure);
            }
            for byte in machine.fault().map(|f| machine.fault_name(f)).unwrap_or_default().bytes() {
                sum.word(u32::from(byte));
            }
        }
        sum.0
    }
}
