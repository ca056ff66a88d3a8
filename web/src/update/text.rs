//! The scenario's text: read while it is typed; mistakes never take the picture away.

use super::{edit, keep, look};
use crate::model::text::{TEXT_BYTES_HERE_MAX, Typed, Verdict};
use crate::model::{Model, Pending, Tab};
use crate::msg::{Alarm, CopyOf, Effect, KeepMsg, TextMsg};
use crate::work::{self, Question, Task};
use memcg_scenario::{Diagnostic, Scenario, Severity};

/// A text is read when nobody has typed for this long.
const SETTLED_MS: u32 = 250;

pub(super) fn message(model: &mut Model, message: TextMsg) -> Vec<Effect> {
    match message {
        TextMsg::Typed(text) => typed(model, text),
        TextMsg::Dropped => {
            model.text.typed = None;
            keep::touched(model)
        }
        TextMsg::ShownAnyway => {
            model.text.shown_anyway = true;
            Vec::new()
        }
        TextMsg::Copied => keep::message(model, KeepMsg::Copy(CopyOf::Text)),
    }
}

/// A text has come: by typing, from a file, from the last visit.
pub(super) fn typed(model: &mut Model, text: String) -> Vec<Effect> {
    let (diagnostics, n_more) = match model.text.typed.take() {
        Some(before) => (before.diagnostics, before.n_more),
        None => (Vec::new(), 0),
    };
    model.text.typed = Some(Typed { text, verdict: Verdict::Unread, diagnostics, n_more });
    model.text.n_typed = model.text.n_typed.wrapping_add(1);
    let mut effects = vec![Effect::Alarm(Alarm::Settled(model.text.n_typed), SETTLED_MS)];
    effects.extend(keep::touched(model));
    effects
}

/// Nobody has typed for a while.
pub(super) fn settled(model: &mut Model, n: u32) -> Vec<Effect> {
    if n != model.text.n_typed {
        return Vec::new();
    }
    let Some(typed) = model.text.typed.as_mut().filter(|t| t.verdict == Verdict::Unread) else {
        return Vec::new();
    };
    if typed.text.len() > TEXT_BYTES_HERE_MAX {
        let id = model.n_questions.wrapping_add(1);
        model.n_questions = id;
        typed.verdict = Verdict::Reading { id };
        return vec![Effect::Ask(Question { task: Task::Parse, id, text: typed.text.clone() })];
    }
    read_here(model)
}

/// What was typed is read without the worker's help, however long it is.
pub(super) fn read_here(model: &mut Model) -> Vec<Effect> {
    let Some(typed) = model.text.typed.as_ref().filter(|t| t.verdict == Verdict::Unread) else {
        return Vec::new();
    };
    let edited: Vec<&str> = model.document.edits().iter().map(|edit| edit.name.as_str()).collect();
    let read = work::read_text(&typed.text, &edited);
    take(model, read.scenario, read.diagnostics, read.n_more)
}

/// The worker has read it.
pub(super) fn read(
    model: &mut Model,
    id: u32,
    scenario: Scenario,
    diagnostics: Vec<Diagnostic>,
    n_more: usize,
) -> Vec<Effect> {
    let waits = |typed: &Typed| typed.verdict == Verdict::Reading { id };
    if !model.text.typed.as_ref().is_some_and(waits) {
        return Vec::new();
    }
    take(model, scenario, diagnostics, n_more)
}

fn take(
    model: &mut Model,
    scenario: Scenario,
    diagnostics: Vec<Diagnostic>,
    n_more: usize,
) -> Vec<Effect> {
    let Some(typed) = model.text.typed.as_mut() else { return Vec::new() };
    let is_wrong = diagnostics.iter().any(|d| d.severity == Severity::Error);
    typed.diagnostics = diagnostics;
    typed.n_more = n_more;
    if is_wrong {
        typed.verdict = Verdict::Wrong;
        return keep::touched(model);
    }
    let effects = edit::change(model, "the text", Some("text"), scenario, None);
    let revision = model.document.revision();
    if let Some(typed) = &mut model.text.typed {
        typed.verdict = Verdict::Taken { revision };
    }
    effects
}

/// A text of the last visit that had mistakes: back where it was.
pub(super) fn kept(model: &mut Model, text: String) -> Vec<Effect> {
    look::show(model, Tab::Text);
    model.draft.kept_text = Some(text.clone());
    let mut effects = typed(model, text);
    effects.retain(|effect| matches!(effect, Effect::Alarm(Alarm::Settled(_), _)));
    model.draft.pending = Pending::Nothing;
    effects
}
