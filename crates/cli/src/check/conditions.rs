//! Conditions, witnesses and properties of rounds in a verdict's words and values.

use super::asked::Conditions;
use super::told::Case;
use memcg_core::check::{Broken, Property, Verdict, Witness};
use memcg_core::compare::compare;
use memcg_core::condition::Mode;
use memcg_core::run::Run;
use memcg_scenario::condition_text;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// What is known of a condition.
fn status(case: &Case, at: usize) -> &'static str {
    let is_seen = case.witnesses.iter().any(|w| w.condition == at);
    match case.verdict {
        Verdict::Holds(_) => "holds",
        Verdict::Broken(broken) if broken.condition == Some(at) => "broken",
        _ if is_seen => "holds",
        Verdict::Broken(_) | Verdict::Bounded { .. } => "not decided",
    }
}

/// The conditions, a line each, and what was not looked at.
pub(super) fn text(case: &Case) -> String {
    let mut out = String::new();
    for (at, (place, _)) in case.conditions.iter().enumerate() {
        let written = condition_text(&case.ready.scenario.checks[*place]);
        let _ = write!(out, "  condition {}, {written}: {}", place + 1, status(case, at));
        if let Some(seen) = case.witnesses.iter().find(|w| w.condition == at) {
            let _ =
                write!(out, ", seen after {} steps ({} moves)", seen.n_steps, seen.schedule.len());
        }
        out.push('\n');
    }
    let left_out = not_looked_at(case);
    if !left_out.is_empty() {
        let _ = writeln!(out, "  not looked at: {}", left_out.join(", "));
    }
    out
}

/// The names of what was not looked at.
fn not_looked_at(case: &Case) -> Vec<String> {
    let mut out: Vec<String> = Property::named()
        .filter(|property| !case.options.looks_at(*property))
        .map(|property| property.name().to_string())
        .collect();
    for place in 0..case.ready.scenario.checks.len() {
        if !case.conditions.iter().any(|(at, _)| *at == place) {
            out.push(format!("condition:{}", place + 1));
        }
    }
    out
}

/// The same for programs, with a scenario and a link for every witness.
pub(super) fn json(case: &Case, out: &mut Value) {
    out["not_looked_at"] = json!(not_looked_at(case));
    let conditions = case.conditions.iter().enumerate().map(|(at, (place, condition))| {
        let witness = case.witnesses.iter().find(|w| w.condition == at);
        json!({
            "number": place + 1,
            "text": condition_text(&case.ready.scenario.checks[*place]),
            "mode": condition.mode.word(),
            "verdict": status(case, at),
            "witness": witness.map(|witness| json!({
                "n_steps": witness.n_steps,
                "scenario": memcg_scenario::print(&case.witness_scenario(witness)),
                "link": case.link_of(case.witness_scenario(witness)),
            })),
        })
    });
    out["conditions"] = conditions.collect();
}

/// The witnesses, each as a scenario of its own.
pub(super) fn witnesses(case: &Case) -> String {
    let scenarios = case
        .witnesses
        .iter()
        .map(|witness| format!("\n{}", memcg_scenario::print(&case.witness_scenario(witness))));
    scenarios.collect()
}

/// A title for a witness's scenario.
pub(super) fn witness_title(case: &Case, witness: &Witness) -> String {
    let (place, _) = case.conditions[witness.condition];
    format!("{}: {}", case.lane, condition_text(&case.ready.scenario.checks[place]))
}

/// Whether a lane that has made the moves of a schedule has broken a condition or a property of rounds; `None` if the
/// breach is of another kind.
pub(super) fn replays(
    broken: &Broken,
    conditions: &Conditions,
    n_restarts_max: u32,
    start: &Run,
    played: &Run,
) -> Option<bool> {
    let row = || compare(start.clone(), &broken.schedule).into_iter().next();
    let counts = |count: fn(&memcg_core::compare::Row) -> u32| row().map_or(0, |row| count(&row));
    Some(match broken.property {
        Property::Coverage => counts(|row| row.n_skipped) > 0,
        Property::DoubleVisits => counts(|row| row.n_doubles) > 0,
        Property::Restarts => counts(|row| row.n_restarts) > n_restarts_max,
        Property::Condition => {
            let (_, condition) = conditions.get(broken.condition?)?;
            condition.mode == Mode::Sometimes || !condition.on(&played.picture(0)).holds
        }
        Property::Safety
        | Property::Returned
        | Property::Leak
        | Property::CallReturns
        | Property::WalkEnds => return None,
    })
}
