//! Tells the timeline's story from what the player reports, move by move.

use crate::geometry::rows::Outline;
use crate::geometry::story::{Block, Depths, Grace, Kind, Mark, Story, Visit};
use memcg_core::picture::Returned;
use memcg_core::player::Player;
use memcg_core::run::{LaneReport, MoveReport};
use memcg_core::schedule::Move;
use memcg_core::tally;
use memcg_core::words;
use memcg_core::world::World;
use std::rc::Rc;

/// The story, as far as it has been told.
#[derive(Clone, Debug, Default)]
pub struct Chronicle {
    /// What has been told.
    pub story: Rc<Story>,
    n_told: usize,
    /// Grace periods that wait, by place, with the threads they still wait for.
    open: Vec<(usize, Vec<usize>)>,
    /// How deep threads are in read-side sections.
    depths: Depths,
}

impl Chronicle {
    /// What was told belongs to another branch.
    pub fn forget(&mut self) {
        *self = Self::default();
    }

    /// Tells what has been played since.
    pub fn go_on(&mut self, player: &Player, world: &World, outline: &Outline) {
        let reports = player.reports();
        let parted_at = player.divergence().map(|d| d.at);
        let is_told = self.n_told == reports.len()
            && self.story.n_moves == player.len()
            && self.story.n_groups == world.groups.len()
            && (self.story.parted_at.is_some() || parted_at.is_none());
        if is_told {
            // The story stays the very same, so that nothing of it is drawn anew.
            return;
        }
        let story = Rc::make_mut(&mut self.story);
        story.n_moves = player.len();
        story.n_groups = world.groups.len();
        let mut open = std::mem::take(&mut self.open);
        for (at, report) in reports.iter().enumerate().skip(self.n_told) {
            let teller = Teller { player, world, outline, at };
            teller.block(story, report);
            story.tell_sections(&mut self.depths, at, &report.lanes);
            for (lane, lane_report) in report.lanes.iter().enumerate() {
                teller.visit(story, report, lane, lane_report);
                teller.graces_end(story, &mut open, report, lane, lane_report);
                teller.marks(story, &mut open, lane, lane_report);
            }
        }
        self.open = open;
        self.n_told = reports.len();
        story.n_told = reports.len();
        story.parted_at = story.parted_at.or(parted_at);
    }
}

struct Teller<'a> {
    player: &'a Player,
    world: &'a World,
    outline: &'a Outline,
    at: usize,
}

impl Teller<'_> {
    fn thread(&self, one: &Move) -> usize {
        self.world.thread(one.thread()).unwrap_or(self.world.threads.len())
    }

    /// A finer move goes on with the block of the call it is in.
    fn block(&self, story: &mut Story, report: &MoveReport) {
        let thread = self.thread(&report.mv);
        let ended = report.lanes.iter().find_map(|lane| lane.ended.clone());
        let open = ended.is_none() && matches!(report.mv, Move::Begin { .. } | Move::To { .. });
        let name = match (&ended, &report.mv) {
            (Some(call), _) => call.clone(),
            (None, Move::Work { stage, .. }) => stage.clone(),
            (None, Move::To { label, .. }) => label.clone(),
            (None, Move::Call { .. } | Move::Begin { .. }) => String::new(),
        };
        let words = format!("{}: {}", self.at + 1, words::sentence(self.player.run(), report));
        match story.blocks.last_mut() {
            Some(last) if last.open && last.thread == thread && last.to == self.at => {
                *last = Block { to: self.at + 1, open, name, words, ..*last };
            }
            _ => story.blocks.push(Block {
                thread,
                from: self.at,
                to: self.at + 1,
                name,
                words,
                open,
            }),
        }
    }

    fn visit(&self, story: &mut Story, report: &MoveReport, lane: usize, one: &LaneReport) {
        if let Some(Returned::Group(group)) = one.returned {
            let place = self.outline.place_of(group);
            let thread = self.thread(&report.mv);
            story.visits.push(Visit { lane, at: self.at, thread, group, place });
        }
    }

    fn marks(
        &self,
        story: &mut Story,
        open: &mut Vec<(usize, Vec<usize>)>,
        lane: usize,
        report: &LaneReport,
    ) {
        let path = |group| self.world.path(group);
        for mark in &report.marks {
            let (kind, words) = match mark {
                tally::Mark::Restart => (Kind::Restart, "back at the root: restart".to_owned()),
                tally::Mark::RoundEnd => (Kind::RoundEnd, "a round ended".to_owned()),
                tally::Mark::Wiped { slot, group } => {
                    (Kind::Wiped, format!("the position {} in slot {slot} was wiped", path(*group)))
                }
                tally::Mark::Freed(group) => (Kind::Freed, format!("{} was freed", path(*group))),
                tally::Mark::Fault => (Kind::Fault, "fault".to_owned()),
                tally::Mark::GraceBegins { stage, group, waits_for } => {
                    if !waits_for.is_empty() {
                        open.push((story.graces.len(), waits_for.clone()));
                        story.graces.push(Grace {
                            lane,
                            from: self.at,
                            to: None,
                            waits_for: waits_for.clone(),
                            words: format!("{stage} of {}", path(*group)),
                        });
                    }
                    continue;
                }
                tally::Mark::Killed(_) | tally::Mark::Created(_) => continue,
            };
            story.marks.push(Mark { lane, at: self.at, kind, words });
        }
    }

    /// A grace period ends when the last thread it waits for has left its call.
    fn graces_end(
        &self,
        story: &mut Story,
        open: &mut Vec<(usize, Vec<usize>)>,
        report: &MoveReport,
        lane: usize,
        one: &LaneReport,
    ) {
        let mover = one.ended.is_some().then(|| self.thread(&report.mv));
        open.retain_mut(|(place, threads)| {
            let Some(grace) = story.graces.get_mut(*place).filter(|g| g.lane == lane) else {
                return true;
            };
            threads.retain(|thread| Some(*thread) != mover && !one.brought_along.contains(thread));
            if threads.is_empty() {
                grace.to = Some(self.at + 1);
            }
            !threads.is_empty()
        });
    }
}
