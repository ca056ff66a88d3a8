//! Edits of the scenario: every one is a whole new document, and can be undone.

use super::{check, keep, lanes, line, look, threads, watches};
use crate::model::document::Snapshot;
use crate::model::playback::{Branches, Errand, Playback};
use crate::model::trouble::{self, About, Tone, Trouble};
use crate::model::{Lines, Model, Stage};
use crate::msg::{Alarm, EditMsg, Effect};
use memcg_core::hierarchy::GroupId;
use memcg_core::world::Preemption;
use memcg_scenario::Scenario;
use memcg_scenario::link::ListingEdit;
use std::rc::Rc;

/// Larger scenarios are set up a moment after they came.
const N_GROUPS_AT_ONCE_MAX: usize = 4_000;

/// Long enough for the page to be drawn in between.
const COME_AFTER_MS: u32 = 40;

/// What became of every group by an edit; `None` when groups stayed what they were.
pub(super) type Ids<'a> = Option<&'a [Option<GroupId>]>;

pub(super) fn message(model: &mut Model, message: EditMsg) -> Vec<Effect> {
    match message {
        EditMsg::RemovedLane(lane) => lanes::removed(model, lane),
        EditMsg::ChangedCore(lane, core) => lanes::changed(model, lane, |spec| spec.core = core),
        EditMsg::MovedLane(lane, by) => lanes::moved(model, lane, by),
        EditMsg::AddedThread(preset) => threads::added(model, preset),
        EditMsg::AddedWatch => watches::added(model),
        EditMsg::RemovedLine(Lines::Threads, at) => threads::removed(model, at),
        EditMsg::RemovedLine(Lines::Watches, at) => watches::removed(model, at),
        EditMsg::OpenedLine(of, at) => line::opened(model, of, at),
        EditMsg::TypedLine(text) => line::typed(model, &text),
        EditMsg::LeftLine { take } => line::left(model, take),
        EditMsg::TypedTitle(title) => {
            let title: String = title.chars().filter(|c| !c.is_control()).collect();
            with(model, "the title", Some("title"), |scenario| scenario.title = title)
        }
        EditMsg::ChosePreemption(full) => {
            let preemption = if full { Preemption::Full } else { Preemption::None };
            with(model, "the preemption model", None, |scenario| scenario.preemption = preemption)
        }
        EditMsg::ChoseHierarchy(on) => {
            with(model, "use_hierarchy", None, |scenario| scenario.use_hierarchy = on)
        }
        EditMsg::ClearedSchedule => with(model, "clear the schedule", None, |s| s.schedule.clear()),
    }
}

/// An edit that leaves the groups what they are.
pub(super) fn with(
    model: &mut Model,
    words: &str,
    join: Option<&'static str>,
    edit: impl FnOnce(&mut Scenario),
) -> Vec<Effect> {
    let mut after = (*model.scenario()).clone();
    edit(&mut after);
    change(model, words, join, after, None)
}

/// Takes an edited scenario over.
pub(super) fn change(
    model: &mut Model,
    words: &str,
    join: Option<&'static str>,
    after: Scenario,
    ids: Ids<'_>,
) -> Vec<Effect> {
    let before = model.snapshot(words);
    if *before.scenario == after {
        return Vec::new();
    }
    let cursor = before.cursor;
    let branches = before.branches.clone().with_moves(&after.schedule);
    let runs_on = runs_the_same(&before.scenario, &after);
    model.document.edit(before, after, join);
    trouble::clear(&mut model.troubles, About::Edit);
    let mut effects = follow(model, ids);
    if !runs_on {
        effects.extend(set_up_gently(model, branches, cursor));
    }
    effects.extend(keep::touched(model));
    effects
}

/// The same for a change of listings that its lanes run, which may be all that changes; `branches` are all schedules.
pub(super) fn change_with(
    model: &mut Model,
    words: &str,
    join: Option<&'static str>,
    after: Scenario,
    branches: Branches,
    edits: Vec<ListingEdit>,
) -> Vec<Effect> {
    let before = model.snapshot(words);
    let cursor = model.playback().map_or(0, Playback::destination);
    model.document.edit(before, after, join);
    model.document.bring(edits);
    trouble::clear(&mut model.troubles, About::Edit);
    let mut effects = follow(model, None);
    effects.extend(set_up_gently(model, branches, cursor));
    effects.extend(keep::touched(model));
    effects
}

/// Another scenario altogether takes the place of this one: its schedule begins anew. Undo brings this one back.
pub(super) fn fresh(
    model: &mut Model,
    words: &str,
    after: Scenario,
    ids: &[Option<GroupId>],
) -> Vec<Effect> {
    fresh_with(model, words, after, ids, Vec::new())
}

/// The same, with edited listings that its lanes run.
pub(super) fn fresh_with(
    model: &mut Model,
    words: &str,
    after: Scenario,
    ids: &[Option<GroupId>],
    edits: Vec<ListingEdit>,
) -> Vec<Effect> {
    let before = model.snapshot(words);
    let branches = Branches::only(after.schedule.clone());
    model.document.edit(before, after, None);
    model.document.bring(edits);
    model.line = None;
    model.look.thread = None;
    model.look.file = None;
    trouble::clear(&mut model.troubles, About::Edit);
    let mut effects = follow(model, Some(ids));
    effects.extend(set_up_gently(model, branches, 0));
    effects.extend(keep::touched(model));
    effects
}

/// Sets the document's scenario up, a large one in a moment.
pub(super) fn set_up_gently(model: &mut Model, branches: Branches, cursor: usize) -> Vec<Effect> {
    if model.document.scenario().hierarchy.n_groups() <= N_GROUPS_AT_ONCE_MAX {
        return set_up(model, branches, cursor);
    }
    model.stage = Stage::Coming { cursor, errand: None, made: None };
    model.kept = branches;
    vec![Effect::Alarm(Alarm::Come, COME_AFTER_MS)]
}

/// What is to be done at the cursor once everything is set up.
pub(super) fn send(model: &mut Model, errand: Errand) {
    match &mut model.stage {
        Stage::Set(playback) => playback.errand = Some(errand),
        Stage::Coming { errand: due, .. } => *due = Some(errand),
        Stage::Bare(_) => {}
    }
}

/// What is coming comes, in two parts with a frame between them: first it is made, then it is drawn.
pub(super) fn come(model: &mut Model) -> Vec<Effect> {
    let Stage::Coming { cursor, errand, made } = &mut model.stage else { return Vec::new() };
    let (cursor, errand) = (*cursor, errand.take());
    if let Some(playback) = made.take() {
        let mut effects = show(model, playback, cursor);
        if let (Some(playback), Some(errand)) = (model.playback_mut(), errand) {
            playback.errand = Some(errand);
        }
        // The lanes were taken away for a moment.
        effects.push(look::back_to_place(model));
        return effects;
    }
    let branches = std::mem::take(&mut model.kept);
    let Some(playback) = make(model, branches) else { return Vec::new() };
    model.kept = playback.branches();
    model.stage = Stage::Coming { cursor, errand, made: Some(playback) };
    vec![Effect::Alarm(Alarm::Come, COME_AFTER_MS)]
}

/// What is coming comes now, all of it.
pub(super) fn come_at_once(model: &mut Model) {
    while matches!(model.stage, Stage::Coming { .. }) {
        come(model);
    }
}

/// Whether a change leaves everything that runs as it is.
fn runs_the_same(a: &Scenario, b: &Scenario) -> bool {
    a.hierarchy == b.hierarchy
        && a.threads == b.threads
        && a.lanes == b.lanes
        && a.schedule == b.schedule
        && a.preemption == b.preemption
        && a.use_hierarchy == b.use_hierarchy
}

pub(super) fn undo(model: &mut Model) -> Vec<Effect> {
    let now = model.snapshot("");
    let branches = now.branches.clone();
    let to = model.document.undo(now);
    go_to(model, to, &branches)
}

pub(super) fn redo(model: &mut Model) -> Vec<Effect> {
    let now = model.snapshot("");
    let branches = now.branches.clone();
    let to = model.document.redo(now);
    go_to(model, to, &branches)
}

fn go_to(model: &mut Model, to: Option<Snapshot>, branches: &Branches) -> Vec<Effect> {
    let Some(to) = to else { return Vec::new() };
    model.line = None;
    model.tree.entry = None;
    model.tree.error = None;
    trouble::clear(&mut model.troubles, About::Edit);
    let mut effects = follow(model, None);
    effects.extend(set_up_gently(model, to.branches.and_later(branches), to.cursor));
    effects.extend(keep::touched(model));
    effects
}

/// What else has to follow when the document has changed.
pub(super) fn follow(model: &mut Model, ids: Ids<'_>) -> Vec<Effect> {
    let scenario = model.document.scenario().clone();
    model.text.follow(model.document.revision());
    model.tree.follow(&scenario.hierarchy, ids);
    let n_groups = scenario.hierarchy.n_groups();
    let now = |group: GroupId| match ids {
        Some(ids) => ids.get(group.index()).copied().flatten(),
        None => (group.index() < n_groups).then_some(group),
    };
    model.look.group = model.look.group.and_then(now);
    if !model.look.folded.is_empty() {
        model.look.folded = Rc::new(model.look.folded.mapped(now));
    }
    if model.line.as_ref().is_some_and(|entry| line::of(&scenario, entry.of, entry.at).is_none()) {
        model.line = None;
    }
    watches::follow(model, &scenario);
    model.look.search = None;
    let page = "memcg playground";
    let title = scenario.title.as_str();
    vec![Effect::Title(if title.is_empty() { page.to_owned() } else { [title, page].join(" · ") })]
}

/// Sets the document's scenario up and goes to a place in its schedule, over as many frames as it takes.
pub(super) fn set_up(model: &mut Model, branches: Branches, cursor: usize) -> Vec<Effect> {
    make(model, branches).map_or_else(Vec::new, |playback| show(model, playback, cursor))
}

/// Makes the machines of the document's scenario; where nothing can run, that is what is shown.
fn make(model: &mut Model, branches: Branches) -> Option<Box<Playback>> {
    let (scenario, edits) = (model.document.scenario().clone(), model.document.edits().clone());
    trouble::clear(&mut model.troubles, About::Scenario);
    match Playback::new(&scenario, &edits, branches.clone(), &model.look.folded) {
        Ok((playback, said)) => {
            if !said.is_empty() {
                let title = "Some of the scenario is left out.";
                let trouble = Trouble::new(About::Scenario, Tone::Warn, title).with(said);
                trouble::note(&mut model.troubles, trouble);
            }
            Some(Box::new(playback))
        }
        Err(reasons) => {
            model.stage = Stage::Bare(reasons);
            model.kept = branches;
            None
        }
    }
}

fn show(model: &mut Model, mut playback: Box<Playback>, cursor: usize) -> Vec<Effect> {
    let n_changes = model.playback().map_or(0, |p| p.shown.n_changes);
    playback.look();
    playback.shown.n_changes = n_changes.wrapping_add(1);
    let n_lanes = playback.places.len();
    playback.survey(cursor);
    model.stage = Stage::Set(playback);
    model.look.lane = model.look.lane.min(n_lanes.saturating_sub(1));
    look::density(model);
    check::follow(model);
    vec![Effect::Frame]
}
