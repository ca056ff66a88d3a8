//! Sheets: asked for when they are to be seen, and what a person does on them.

use super::{check, keep, lanes, look, time, trace};
use crate::model::playback::N_LANES_MAX;
use crate::model::{DialogKind, Model};
use crate::msg::{Effect, TimeMsg, TraceMsg};
use crate::programs::base_of;
use crate::sheet::{Asked, Deed};
use crate::work::{Question, Task};

/// How a sheet marks what was chosen on it.
const CHOSEN: &str = "id=\"sheet-open\"";

/// The policies are to be seen, for a lane or for a new one.
pub(super) fn policies(model: &mut Model, lane: Option<usize>) -> Vec<Effect> {
    let lanes = &model.document.scenario().lanes;
    let edits = model.document.edits();
    let open =
        lane.and_then(|lane| lanes.get(lane)).map(|spec| base_of(&spec.policy, edits).to_owned());
    model.sheet.lane = lane;
    model.sheet.open = open.unwrap_or_default();
    model.sheet.closed = false;
    shown(model, DialogKind::Policies)
}

/// A sheet is to be seen.
pub(super) fn shown(model: &mut Model, kind: DialogKind) -> Vec<Effect> {
    model.dialog = Some(kind);
    model.sheet.html.clear();
    let mut effects = vec![Effect::Dialog];
    effects.extend(match kind {
        DialogKind::Compare => ask_comparison(model, Task::Compare),
        DialogKind::Gallery => {
            let title = model.document.scenario().title.clone();
            ask(model, Task::Gallery, title)
        }
        DialogKind::Share => {
            model.share.copied = None;
            ask_forms(model)
        }
        DialogKind::Keys => ask(model, Task::Keys, String::new()),
        _ => ask_policies(model),
    });
    effects
}

fn ask(model: &mut Model, task: Task, text: String) -> Vec<Effect> {
    model.n_questions = model.n_questions.wrapping_add(1);
    model.sheet.id = model.n_questions;
    model.sheet.failed = false;
    vec![Effect::Ask(Question { task, id: model.sheet.id, text })]
}

fn ask_forms(model: &mut Model) -> Vec<Effect> {
    // Without a link the dialog says why.
    let Ok(fragment) = keep::link(model) else { return Vec::new() };
    let text = format!("{}\n{}\n{fragment}", model.share.form, model.around.address);
    ask(model, Task::Share, text)
}

fn ask_policies(model: &mut Model) -> Vec<Effect> {
    let scenario = model.document.scenario();
    let names: Vec<String> = scenario.lanes.iter().map(|lane| lane.policy.clone()).collect();
    let asked = Asked {
        open: model.sheet.open.clone(),
        closed: model.sheet.closed,
        lane: model.sheet.lane,
        may_add: names.len() < N_LANES_MAX,
        lanes: names,
    };
    ask(model, Task::Policies, asked.written())
}

fn ask_comparison(model: &mut Model, task: Task) -> Vec<Effect> {
    match keep::link(model) {
        Ok(fragment) => ask(model, task, fragment),
        Err(_) => {
            model.sheet.failed = true;
            Vec::new()
        }
    }
}

/// The worker has written it.
pub(super) fn came(model: &mut Model, id: u32, html: String) -> Vec<Effect> {
    if id != model.sheet.id {
        return Vec::new();
    }
    model.sheet.html = html;
    // What was chosen is a new element: the keyboard goes there.
    let chosen = model.dialog.is_some() && model.sheet.html.contains(CHOSEN);
    if chosen { vec![Effect::Focus("sheet-open")] } else { Vec::new() }
}

/// A person chose something on it.
pub(super) fn done(model: &mut Model, deed: &str) -> Vec<Effect> {
    match Deed::read(deed) {
        Some(Deed::Policy(name)) if model.dialog == Some(DialogKind::Policies) => {
            model.sheet.closed = model.sheet.open == name && !model.sheet.closed;
            model.sheet.open = name;
            ask_policies(model)
        }
        Some(Deed::Policy(name)) => {
            model.sheet.lane = None;
            model.sheet.open = name;
            model.sheet.closed = false;
            shown(model, DialogKind::Policies)
        }
        Some(Deed::Compare { all }) => {
            ask_comparison(model, if all { Task::CompareAll } else { Task::Compare })
        }
        Some(Deed::Share(form)) => {
            model.share.form = form;
            model.share.copied = None;
            ask_forms(model)
        }
        Some(Deed::Add(name)) => left(model, |model| lanes::added(model, name)),
        Some(Deed::Put(lane, name)) => {
            left(model, |model| lanes::changed(model, lane, |spec| spec.policy = name))
        }
        Some(Deed::Gallery(at)) => {
            let text = at.to_string();
            vec![Effect::Ask(Question { task: Task::Shipped, id: 0, text })]
        }
        Some(Deed::Seek(at)) if model.dialog == Some(DialogKind::Trace) => {
            trace::message(model, TraceMsg::Went(at))
        }
        Some(Deed::Seek(at)) => left(model, |model| time::message(model, TimeMsg::Sought(at))),
        Some(Deed::Load(fragment)) => check::load(model, &fragment),
        Some(Deed::Copy(text)) => check::copy(model, text),
        Some(Deed::Passing(lane)) => check::passing(model, lane),
        Some(Deed::Set(option)) => check::set(model, &option),
        Some(Deed::Check) => check::begun(model),
        Some(Deed::CheckStop) => check::stopped(model),
        None => Vec::new(),
    }
}

/// Closes the sheet and goes on.
fn left(model: &mut Model, then: impl FnOnce(&mut Model) -> Vec<Effect>) -> Vec<Effect> {
    let mut effects = look::close_dialog(model);
    effects.extend(then(model));
    effects
}
