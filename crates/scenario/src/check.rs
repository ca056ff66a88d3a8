//! Names of policies and cores against the lists of those that exist, and conditions against what the policies have.
//!
//! The lists and the programs are arguments: this crate knows none by name.

use crate::{
    diagnostic::{Diagnostic, Problem, Problems, Severity, Span},
    parse,
    resolve::shown,
    scenario::{Scenario, WatchText},
};
use alloc::{format, string::String, vec::Vec};
use memcg_core::{condition::Missing, listing::nearest, program::Program};

/// Finds the policies and cores of the lanes that do not exist, and the nearest that do.
pub fn check_names(scenario: &Scenario, policies: &[&str], cores: &[&str]) -> Vec<Diagnostic> {
    check_lanes(scenario, policies, cores).into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

/// As [`check_names`], each with the number of its lane.
pub(crate) fn check_lanes(
    scenario: &Scenario,
    policies: &[&str],
    cores: &[&str],
) -> Vec<(usize, Diagnostic)> {
    let mut found = Vec::new();
    for (at, lane) in scenario.lanes.iter().enumerate() {
        let asked = [("policy", Some(&lane.policy), policies), ("core", lane.core.as_ref(), cores)];
        for (kind, name, known) in asked {
            let Some(name) = name.filter(|name| !known.contains(&&***name)) else { continue };
            let meant = if name.len() <= 80 { nearest(name, known.iter().copied()) } else { None };
            let diagnostic = Diagnostic {
                severity: Severity::Error,
                at: None,
                message: format!("there is no {kind} \"{}\"", shown(name)),
                suggestion: Some(match meant {
                    Some(meant) => format!("did you mean \"{meant}\"?"),
                    None => format!("there are: {}", known.join(", ")),
                }),
            };
            found.push((at, diagnostic));
        }
    }
    found
}

/// What the scenario's conditions, and what it watches, look at and a lane's policy does not have, with places if this
/// is the text that the scenario was read from. Lanes are given by name.
pub fn check_missing(
    scenario: &Scenario,
    text: Option<&str>,
    lanes: &[(String, &Program)],
) -> Vec<Diagnostic> {
    let spans = text.map(parse::spans).unwrap_or_default();
    let mut problems = Problems::default();
    let mut note = |missing: Option<Missing>, lane: &str, span: Option<&Span>| {
        let Some(missing) = missing else { return };
        problems.note(|| Problem {
            severity: Severity::Warning,
            span: span.copied(),
            message: missing.words(lane),
            suggestion: missing.suggestion(),
        });
    };
    for (lane, program) in lanes {
        let checked =
            scenario.checks.iter().enumerate().map(|(at, one)| (one, spans.checks.get(at)));
        let watched = scenario.watches.iter().enumerate().filter_map(|(at, watch)| match watch {
            WatchText::Holds(one) => Some((one, spans.watches.get(at))),
            WatchText::Value(_) => None,
        });
        for (condition, spans) in checked.chain(watched) {
            for (at, term) in condition.terms().enumerate() {
                note(term.missing_in(program), lane, spans.and_then(|spans| spans.get(at)));
            }
        }
        for (at, watch) in scenario.watches.iter().enumerate() {
            let WatchText::Value(subject) = watch else { continue };
            let span = spans.watches.get(at).and_then(|spans| spans.first());
            note(subject.missing_in(program), lane, span);
        }
    }
    match text {
        Some(text) => problems.locate(text).0,
        None => problems.unplaced(),
    }
}
