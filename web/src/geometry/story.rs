//! What a schedule did, told for the timeline: calls, visits, marks and waits.
//!
//! Plain values. `model::chronicle` gathers them move by move from the engine's reports.

use memcg_core::hierarchy::GroupId;
use memcg_core::order::ordered_by_key;
use memcg_core::run::LaneReport;

/// A call, or a part of one, of a thread.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Block {
    /// The thread; the number of threads stands for the worker.
    pub thread: usize,
    /// First move.
    pub from: usize,
    /// Move after the last.
    pub to: usize,
    /// What it is, in a word.
    pub name: String,
    /// What it did, in a sentence.
    pub words: String,
    /// The call is still going on.
    pub open: bool,
}

/// A group returned in a lane.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Visit {
    /// Lane.
    pub lane: usize,
    /// Move.
    pub at: usize,
    /// Thread.
    pub thread: usize,
    /// The group.
    pub group: GroupId,
    /// Its place in pre-order.
    pub place: usize,
}

/// What a mark says.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Kind {
    /// A walk is back at its root before its round is finished.
    Restart,
    /// A round ended.
    RoundEnd,
    /// A position was set to none by a removal.
    Wiped,
    /// A group's memory was given back.
    Freed,
    /// The lane has come to a fault.
    Fault,
}

/// Something worth a mark in a lane.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Mark {
    /// Lane.
    pub lane: usize,
    /// Move.
    pub at: usize,
    /// What.
    pub kind: Kind,
    /// In words.
    pub words: String,
}

/// A grace period of a lane.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Grace {
    /// Lane.
    pub lane: usize,
    /// Move in which it began.
    pub from: usize,
    /// Move in which the last reader left; `None` while it waits.
    pub to: Option<usize>,
    /// Threads it waits (or waited) for.
    pub waits_for: Vec<usize>,
    /// In words.
    pub words: String,
}

/// Moves at whose end a thread was inside a read-side section, in some lane.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Section {
    /// Thread.
    pub thread: usize,
    /// First move.
    pub from: usize,
    /// Move after the last; `None` while it is inside.
    pub to: Option<usize>,
}

/// A branch of the schedule.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct BranchRow {
    /// Its name.
    pub name: String,
    /// Move at which it leaves the branch it came from.
    pub fork_at: usize,
    /// Its moves in all.
    pub n_moves: usize,
}

/// Everything the timeline shows but the playhead.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Story {
    /// Moves recorded on this branch.
    pub n_moves: usize,
    /// Moves told so far; what is open lasts at least as long.
    pub n_told: usize,
    /// Groups of the world.
    pub n_groups: usize,
    /// Calls, in order.
    pub blocks: Vec<Block>,
    /// Groups returned, in order.
    pub visits: Vec<Visit>,
    /// Marks, in order.
    pub marks: Vec<Mark>,
    /// Grace periods, in order.
    pub graces: Vec<Grace>,
    /// Read-side sections.
    pub sections: Vec<Section>,
    /// First move whose results differ between the lanes.
    pub parted_at: Option<usize>,
}

/// How deep threads are in read-side sections, by lane and thread.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Depths(Vec<(usize, usize, i32)>);

impl Depths {
    fn add(&mut self, lane: usize, report: &LaneReport) {
        for record in &report.records {
            let by = match record.access.as_str() {
                "rcu_read_lock()" | "rcu_read_lock_sched()" => 1,
                "rcu_read_unlock()" | "rcu_read_unlock_sched()" => -1,
                _ => continue,
            };
            match self.0.iter_mut().find(|(l, t, _)| (*l, *t) == (lane, record.thread)) {
                Some((_, _, depth)) => *depth += by,
                None => self.0.push((lane, record.thread, by)),
            }
        }
    }
}

impl Story {
    /// Tells in which moves threads were inside read-side sections: from the move in which one
    /// entered to that in which it left. Sections within a single move are not told.
    pub fn tell_sections(&mut self, depths: &mut Depths, at: usize, lanes: &[LaneReport]) {
        for (lane, report) in lanes.iter().enumerate() {
            depths.add(lane, report);
        }
        let inside =
            |thread: usize| depths.0.iter().any(|(_, t, depth)| *t == thread && *depth > 0);
        for section in self.sections.iter_mut().filter(|s| s.to.is_none()) {
            if !inside(section.thread) {
                section.to = Some(at + 1);
            }
        }
        let entered = depths.0.iter().map(|(_, thread, _)| *thread).filter(|t| inside(*t));
        let mut entered = ordered_by_key(entered.collect(), |thread| *thread);
        entered.dedup();
        for thread in entered {
            if !self.sections.iter().any(|s| s.thread == thread && s.to.is_none()) {
                self.sections.push(Section { thread, from: at, to: None });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use memcg_core::registry;
    use memcg_core::run::Run;
    use memcg_core::schedule::{LaneSpec, Move};

    #[test]
    fn a_section_lasts_from_the_move_that_enters_to_the_move_that_leaves() {
        let world = crate::view::sample::world();
        let policy = registry::policies().first().expect("policies are shipped");
        let lane = LaneSpec { policy: policy.name.to_owned(), core: None };
        let mut run = Run::new(world, &[lane]).expect("a shipped policy runs");
        let thread = "kswapd0".to_owned();
        let moves = [
            Move::Begin { thread: thread.clone() },
            Move::Call { thread: "vzctl".into() },
            Move::Call { thread: thread.clone() },
            Move::Call { thread },
        ];
        let (mut story, mut depths) = (Story::default(), Depths::default());
        for (at, one) in moves.iter().enumerate() {
            story.tell_sections(&mut depths, at, &run.apply(one).lanes);
        }
        assert_eq!(story.sections, [Section { thread: 0, from: 0, to: Some(3) }]);
    }
}
