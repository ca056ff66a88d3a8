//! Lines of the panel that are written in the grammar of the scenario's text: threads, and what is watched.

use super::{keep, threads, watches};
use crate::model::{LineEntry, Lines, Model};
use crate::msg::Effect;
use memcg_scenario::{Diagnostic, Scenario, watch_text};

/// The id of the field.
const FIELD: &str = "build-line";

/// A line as it is in the scenario.
pub(super) fn of(scenario: &Scenario, of: Lines, at: usize) -> Option<String> {
    match of {
        Lines::Threads => scenario.threads.get(at).map(threads::line_of),
        Lines::Watches => scenario.watches.get(at).map(watch_text),
    }
}

pub(super) fn opened(model: &mut Model, of: Lines, at: usize) -> Vec<Effect> {
    let Some(text) = self::of(model.document.scenario(), of, at) else { return Vec::new() };
    model.line = Some(LineEntry { of, at, text, errors: Vec::new() });
    vec![Effect::Select(FIELD)]
}

pub(super) fn typed(model: &mut Model, text: &str) -> Vec<Effect> {
    if let Some(entry) = &mut model.line {
        entry.text = text.replace(['\n', '\r'], " ");
    }
    Vec::new()
}

/// Done with the line: taken over if it is sound; else it stays, with what is wrong.
pub(super) fn left(model: &mut Model, take: bool) -> Vec<Effect> {
    let Some(mut entry) = model.line.take() else { return Vec::new() };
    let old = of(&model.scenario(), entry.of, entry.at);
    if !take || old.is_none_or(|old| old == entry.text.trim()) {
        return Vec::new();
    }
    let written = match entry.of {
        Lines::Threads => threads::written(model, entry.at, &entry.text),
        Lines::Watches => watches::written(model, entry.at, &entry.text),
    };
    written.unwrap_or_else(|errors| {
        entry.errors = errors;
        model.line = Some(entry);
        keep::touched(model)
    })
}

/// What is wrong, in a line.
pub(super) fn told(diagnostic: &Diagnostic) -> String {
    match &diagnostic.suggestion {
        Some(suggestion) => format!("{}; {suggestion}", diagnostic.message),
        None => diagnostic.message.clone(),
    }
}
