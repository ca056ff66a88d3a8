//! A kernel's trace: handed to the worker, replayed under a policy, gone through call by call.

use super::{edit, look};
use crate::model::import::Import;
use crate::model::trace::TraceView;
use crate::model::{DialogKind, Model};
use crate::msg::{Brought, Effect, TraceMsg};
use crate::sheet::Place;
use crate::work::{Answer, Question, Task};
use memcg_core::registry;

/// The beginning of a text tells whether it is a trace.
pub fn is_trace(start: &str) -> bool {
    start.starts_with("# tracer:")
        || ["cgroup_mkdir: ", "cgroup_rmdir: ", "cgroup_release: ", "iter_in: ", "iter_out: "]
            .iter()
            .any(|event| start.contains(event))
}

fn question(model: &mut Model, task: Task, text: String) -> Question {
    model.n_questions = model.n_questions.wrapping_add(1).max(1);
    model.trace.asked = model.n_questions;
    model.trace.busy = Some(0);
    Question { task, id: model.n_questions, text }
}

fn begin(model: &mut Model, name: String) {
    // What kernels of today do; among those, the last that came.
    let newest = registry::policies().iter().max_by_key(|entry| {
        entry.header().history().filter(|h| h.released && h.until.is_none()).map(|h| h.from)
    });
    let policy = newest.map(|entry| entry.name.to_owned()).unwrap_or_default();
    let place = Place { policy, free: false, n_calls: 1 };
    model.trace = TraceView { name, place, ..TraceView::default() };
    model.dialog = Some(DialogKind::Trace);
    // The file was on its way to the other box.
    model.import = Import::Idle;
}

/// A trace was dropped or chosen; the shell holds the file.
pub(super) fn dropped(model: &mut Model, name: String) -> Vec<Effect> {
    begin(model, name);
    let question = question(model, Task::Trace, String::new());
    vec![Effect::AskAboutFile(question), Effect::Dialog]
}

/// A trace was pasted.
pub(super) fn pasted(model: &mut Model, brought: Brought) -> Vec<Effect> {
    begin(model, "pasted trace".to_owned());
    let whole = brought.is_whole();
    let mut question = question(model, Task::Trace, String::new());
    let ask = if whole {
        question.text = brought.start;
        Effect::Ask(question)
    } else {
        Effect::AskAboutBrought(question)
    };
    vec![ask, Effect::Dialog]
}

fn ask_again(model: &mut Model) -> Vec<Effect> {
    if model.trace.asked != 0 {
        model.trace.again = true;
        return Vec::new();
    }
    model.trace.again = false;
    let text = model.trace.place.written();
    let question = question(model, Task::Replay, text);
    vec![Effect::Ask(question)]
}

/// The worker has an answer, or says how far it is.
pub(super) fn answered(model: &mut Model, answer: Answer) -> Vec<Effect> {
    if answer.id != model.trace.asked {
        return Vec::new();
    }
    match answer.task {
        Task::Progress => {
            model.trace.busy = u32::try_from(answer.n_lines).ok();
            return Vec::new();
        }
        Task::TraceScenario => {
            model.trace.asked = 0;
            model.trace.busy = None;
            let mut scenario = answer.scenario();
            scenario.lanes.clone_from(&model.document.scenario().lanes);
            let none = vec![None; model.document.scenario().hierarchy.n_groups()];
            let mut effects = look::close_dialog(model);
            effects.extend(edit::fresh(model, "open a trace as a scenario", scenario, &none));
            effects.push(Effect::Focus("stage"));
            return effects;
        }
        _ => {}
    }
    model.trace.asked = 0;
    model.trace.busy = None;
    if answer.task == Task::Trace {
        return ask_again(model);
    }
    model.trace.html = answer.words;
    model.trace.n_calls = answer.n_lines;
    model.trace.first = answer.n_more;
    if model.trace.again { ask_again(model) } else { Vec::new() }
}

pub(super) fn message(model: &mut Model, message: TraceMsg) -> Vec<Effect> {
    match message {
        TraceMsg::Went(n_calls) => {
            model.trace.place.n_calls = n_calls.clamp(1, model.trace.n_calls.max(1));
            ask_again(model)
        }
        TraceMsg::Policy(name) => {
            model.trace.place.policy = name;
            ask_again(model)
        }
        TraceMsg::Free(free) => {
            model.trace.place.free = free;
            ask_again(model)
        }
        TraceMsg::AsScenario => {
            let question = question(model, Task::TraceScenario, String::new());
            vec![Effect::Ask(question)]
        }
        TraceMsg::Cancelled => {
            let mut effects = vec![end_work(model)];
            effects.extend(look::close_dialog(model));
            effects
        }
    }
}

/// The dialog closes. A trace that is not read yet is given up; one that is can be come back to.
pub(super) fn closed(model: &mut Model) -> Option<Effect> {
    let unread = model.trace.asked != 0 && model.trace.html.is_empty();
    unread.then(|| end_work(model))
}

/// The worker ends, and the trace that it holds with it.
pub(super) fn end_work(model: &mut Model) -> Effect {
    model.trace = TraceView::default();
    Effect::EndWork
}
