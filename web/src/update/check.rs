//! Checks of the lanes: asked of workers of their own, told on a sheet, kept with the draft.

use super::{edit, keep, look, open};
use crate::check::{self, Asked, Kind, Record};
use crate::model::check::{Due, Part, Running};
use crate::model::playback::Playback;
use crate::model::trouble::{self, About, Tone, Trouble};
use crate::model::{DialogKind, Model};
use crate::msg::{Alarm, CopyOf, Effect, Slot};
use crate::work::{Answer, Question, Task};
use memcg_core::check::WalkBound;
use memcg_core::schedule::LaneSpec;
use memcg_scenario::{RoleText, Scenario, link, print_compact};
use std::fmt::Write as _;

/// A worker that has not stopped by then is ended.
const STOP_MS: u32 = 80;

/// The sheet is to be seen.
pub(super) fn shown(model: &mut Model) -> Vec<Effect> {
    model.dialog = Some(DialogKind::Check);
    model.share.copied = None;
    model.check.refused = None;
    model.check.passing = Part::default();
    follow(model);
    let options = model.check.options.clone();
    let mut effects = vec![Effect::Dialog];
    effects.push(ask(model, Task::CheckForm, options));
    effects.push(ask_rows(model));
    effects
}

/// Asks for a part of the sheet.
fn ask(model: &mut Model, task: Task, text: String) -> Effect {
    model.n_questions = model.n_questions.wrapping_add(1);
    let id = model.n_questions;
    if let Some(part) = part(model, task) {
        part.id = id;
    }
    Effect::Ask(Question { task, id, text })
}

fn part(model: &mut Model, task: Task) -> Option<&mut Part> {
    match task {
        Task::CheckForm => Some(&mut model.check.form),
        Task::CheckRows => Some(&mut model.check.rows),
        Task::Passing => Some(&mut model.check.passing),
        _ => None,
    }
}

/// The lanes that run: place among the scenario's lanes, and which.
fn lanes(model: &Model) -> Vec<(usize, LaneSpec)> {
    let Some(playback) = model.playback() else { return Vec::new() };
    let lanes = playback.player.run().lanes().iter();
    playback.places.iter().copied().zip(lanes.map(|lane| lane.spec().clone())).collect()
}

/// Whether what came of the lane's check is of the lane as it is.
pub(super) fn is_fresh(model: &Model, lane: usize, record: &Record) -> bool {
    model.check.subjects.get(lane) == Some(&record.subject)
}

fn ask_rows(model: &mut Model) -> Effect {
    let mut text = String::new();
    let mut told = Vec::new();
    for (at, (place, lane)) in lanes(model).iter().enumerate() {
        if model.check.running.iter().any(|running| running.due.lane == *lane)
            || model.check.waiting.iter().any(|due| due.lane == *lane)
        {
            continue;
        }
        let lane = lane.to_string();
        let record = model.check.record(&lane);
        let fresh = record.is_none_or(|record| is_fresh(model, at, record));
        told.extend(record);
        let _ = writeln!(text, "{place} {} {lane}", u8::from(fresh));
    }
    text.push('\n');
    text.push_str(&Record::all_written(told.into_iter()));
    ask(model, Task::CheckRows, text)
}

/// The lanes may have become others: works out what each is.
pub(super) fn follow(model: &mut Model) {
    if model.check.records.is_empty() && model.dialog != Some(DialogKind::Check) {
        return;
    }
    let bare = bare(&model.scenario(), &model.check.options);
    let of_all = digest(FNV, &print_compact(&bare));
    let Some(playback) = model.playback() else { return };
    let lanes = playback.player.run().lanes().iter();
    model.check.subjects = lanes
        .map(|lane| {
            let texts = lane.program().files.iter();
            texts.fold(of_all, |sum, file| digest(sum, &file.text)).to_string()
        })
        .collect();
}

/// The scenario with nothing but what a check looks at.
fn bare(scenario: &Scenario, options: &str) -> Scenario {
    let mut bare = Scenario {
        title: String::new(),
        notes: Vec::new(),
        lanes: Vec::new(),
        schedule: Vec::new(),
        expectations: Vec::new(),
        ..scenario.clone()
    };
    let bound = WalkBound::Rounds(check::n_rounds(options));
    for thread in &mut bare.threads {
        if let RoleText::Reclaimer { until, .. } = &mut thread.role {
            *until = bound.until(*until);
        }
    }
    bare
}

const FNV: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a.
fn digest(sum: u64, text: &str) -> u64 {
    text.bytes().fold(sum, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// All lanes are to be checked.
pub(super) fn begun(model: &mut Model) -> Vec<Effect> {
    if !model.check.running.is_empty() {
        return Vec::new();
    }
    let fragment = match keep::link(model) {
        Ok(fragment) => fragment,
        Err(why) => {
            let trouble =
                Trouble::new(About::Worker, Tone::Bad, "This cannot be checked.").with([why]);
            trouble::note(&mut model.troubles, trouble);
            return Vec::new();
        }
    };
    let lanes = lanes(model);
    let names: Vec<String> = lanes.iter().map(|(_, lane)| lane.to_string()).collect();
    model.check.records.retain(|record| names.contains(&record.lane));
    follow(model);
    model.check.waiting.clear();
    for ((place, lane), subject) in lanes.into_iter().zip(model.check.subjects.clone()) {
        if model.check.waiting.iter().any(|due| due.lane == lane) {
            continue;
        }
        // What a page that is closed before it is over finds.
        model.check.keep(Record {
            kind: Kind::Cut,
            subject: subject.clone(),
            lane: lane.to_string(),
            headline: "not decided: the page was closed before the check was over".to_owned(),
            ..Record::default()
        });
        model.check.waiting.insert(0, Due { place, lane, subject });
    }
    let side_by_side = check::option(&model.check.options, check::PARALLEL) == Some("1");
    let n_lanes = model.check.waiting.len();
    model.check.n_lanes = n_lanes;
    model.check.n_workers = if side_by_side { n_lanes } else { n_lanes.min(1) };
    model.check.stopping = false;
    model.check.fragment = fragment;
    model.check.passing = Part::default();
    let mut effects = vec![store(model), Effect::Focus("check-go")];
    for worker in 0..model.check.n_workers {
        effects.extend(next(model, worker));
    }
    effects.push(ask_rows(model));
    effects
}

/// A worker goes on with the next lane that waits.
fn next(model: &mut Model, worker: usize) -> Option<Effect> {
    let due = model.check.waiting.pop()?;
    model.n_questions = model.n_questions.wrapping_add(1);
    let id = model.n_questions;
    let asked = asked(model, due.place);
    model.check.running.push(Running { id, worker, due, words: "starting".to_owned() });
    Some(Effect::AskChecker(worker, Question { task: Task::Check, id, text: asked.written() }))
}

fn asked(model: &Model, lane: usize) -> Asked {
    Asked {
        options: model.check.options.clone(),
        n_workers: model.check.n_workers.max(1),
        lane,
        fragment: model.check.fragment.clone(),
    }
}

/// Stop was pressed: the workers have a moment to say how far they came.
pub(super) fn stopped(model: &mut Model) -> Vec<Effect> {
    if model.check.running.is_empty() {
        return Vec::new();
    }
    model.check.stopping = true;
    while let Some(due) = model.check.waiting.pop() {
        let headline = "not decided: it was stopped before this lane's turn".to_owned();
        finish(model, &due, Record { kind: Kind::Open, headline, ..Record::default() });
    }
    let stop = |running: &Running| {
        let question = Question { task: Task::CheckStop, id: running.id, text: String::new() };
        Effect::AskChecker(running.worker, question)
    };
    let mut effects: Vec<Effect> = model.check.running.iter().map(stop).collect();
    let first = model.check.running[0].id;
    effects.push(Effect::Alarm(Alarm::Unstopped(first), STOP_MS));
    effects
}

/// They have had their moment.
pub(super) fn unstopped(model: &mut Model, first: u32) -> Vec<Effect> {
    if !model.check.stopping || model.check.running.iter().all(|running| running.id < first) {
        return Vec::new();
    }
    ended(model, "it was stopped", Kind::Open)
}

/// Every check under way is over, for this reason.
fn ended(model: &mut Model, why: &str, kind: Kind) -> Vec<Effect> {
    for Running { due, words, .. } in std::mem::take(&mut model.check.running) {
        let headline = format!("not decided: {why}");
        finish(model, &due, Record { kind, headline, lines: vec![words], ..Record::default() });
    }
    while let Some(due) = model.check.waiting.pop() {
        let headline = format!("not decided: {why}");
        finish(model, &due, Record { kind, headline, ..Record::default() });
    }
    over(model)
}

fn finish(model: &mut Model, due: &Due, record: Record) {
    let (subject, lane) = (due.subject.clone(), due.lane.to_string());
    model.check.keep(Record { subject, lane, ..record });
}

/// Nothing is under way any more.
fn over(model: &mut Model) -> Vec<Effect> {
    model.check.stopping = false;
    vec![Effect::EndCheckers, store(model), ask_rows(model)]
}

/// A worker has ended by itself: there was no more memory, or it could not be started.
pub(super) fn failed(model: &mut Model, why: &str) -> Vec<Effect> {
    if model.check.running.is_empty() {
        return vec![Effect::EndCheckers];
    }
    ended(model, why, Kind::Cut)
}

/// A worker has an answer.
pub(super) fn answered(model: &mut Model, answer: Answer) -> Vec<Effect> {
    if let Some(part) = part(model, answer.task) {
        let came = part.id == answer.id;
        if came {
            part.html = answer.words;
        }
        let to_runs = came && answer.task == Task::Passing && model.dialog.is_some();
        return if to_runs { vec![Effect::Focus("sheet-open")] } else { Vec::new() };
    }
    let Some(at) = model.check.running.iter().position(|running| running.id == answer.id) else {
        return Vec::new();
    };
    if answer.task == Task::CheckProgress {
        model.check.running[at].words = answer.words;
        return Vec::new();
    }
    let Running { worker, due, .. } = model.check.running.remove(at);
    finish(model, &due, Record::read(&answer.words).unwrap_or_default());
    let mut effects = Vec::new();
    effects.extend(next(model, worker));
    if model.check.running.is_empty() {
        effects.extend(over(model));
    } else {
        effects.extend([store(model), ask_rows(model)]);
    }
    effects
}

/// Runs of a lane that pass are to be seen.
pub(super) fn passing(model: &mut Model, lane: usize) -> Vec<Effect> {
    let Ok(fragment) = keep::link(model) else { return Vec::new() };
    let asked = Asked { fragment, ..asked(model, lane) };
    vec![ask(model, Task::Passing, asked.written())]
}

/// An option was set.
pub(super) fn set(model: &mut Model, option: &str) -> Vec<Effect> {
    let Some((name, value)) = option.split_once('=') else { return Vec::new() };
    model.check.options = check::with_option(&model.check.options, name, value);
    follow(model);
    vec![store(model), ask_rows(model)]
}

/// What is kept between visits: the options, and what came of the lanes.
fn store(model: &Model) -> Effect {
    let records = Record::all_written(model.check.records.iter());
    Effect::Store(Slot::Check, Some(format!("{}\n\n{records}", model.check.options)))
}

/// What was kept comes back.
pub(super) fn kept(model: &mut Model, text: &str) {
    let (options, records) = text.split_once("\n\n").unwrap_or((text, ""));
    options.trim().clone_into(&mut model.check.options);
    model.check.records = Record::all_read(records);
    follow(model);
}

/// Puts something on the clipboard.
pub(super) fn copy(model: &mut Model, text: String) -> Vec<Effect> {
    let text =
        if text.starts_with('#') { [model.around.address.as_str(), &text].concat() } else { text };
    // Shown to be copied by hand if the browser keeps the clipboard.
    model.check.refused = Some(text.clone());
    vec![Effect::Copy(CopyOf::Found, text)]
}

/// The schedule of a link, found for a lane of this scenario, becomes a branch that is shown at its end. If the scenario has
/// become another one, the link's takes its place. Both can be undone.
pub(super) fn load(model: &mut Model, fragment: &str) -> Vec<Effect> {
    let mut effects = look::close_dialog(model);
    let Some(link::Shared { scenario: found, edits, .. }) = link::decode(fragment).shared else {
        return effects;
    };
    let mut after = (*model.scenario()).clone();
    let options = &model.check.options;
    let place = model.document.scenario().lanes.iter().position(|lane| found.lanes.contains(lane));
    // Only the lane that was checked is in the link, and the edit of its listing.
    let own = model.document.edits();
    let same = bare(&after, options) == bare(&found, options)
        && found.lanes.iter().all(|lane| {
            let is_its = |edit: &&link::ListingEdit| edit.name == lane.policy;
            own.iter().find(is_its) == edits.iter().find(is_its)
        });
    let (Some(place), true) = (place, same) else {
        effects.extend(open::open_link(model, fragment));
        effects.push(Effect::Focus("stage"));
        return effects;
    };
    let before = model.snapshot("show a run that was found");
    let branches = before.branches.clone();
    let known = branches.all.iter().position(|branch| branch.moves == found.schedule);
    let cursor = found.schedule.len();
    let branches = match known {
        Some(shown) => crate::model::playback::Branches { shown, ..branches },
        None => {
            let shown = branches.all.get(branches.shown).map_or(&[][..], |branch| &branch.moves);
            let same = shown.iter().zip(&found.schedule).take_while(|(a, b)| a == b);
            let fork_at = same.count();
            branches.forked(fork_at, found.schedule.clone())
        }
    };
    after.threads = found.threads;
    after.schedule = found.schedule;
    model.document.edit(before, after, None);
    effects.extend(edit::follow(model, None));
    effects.extend(edit::set_up_gently(model, branches, cursor));
    effects.extend(keep::touched(model));
    model.look.lane = model.playback().and_then(|p: &Playback| p.lane_at(place)).unwrap_or(0);
    effects.push(Effect::Focus("stage"));
    effects
}
