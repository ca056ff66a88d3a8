//! A scenario's conditions in a verdict: which hold, where each is seen, and whether lanes come to the same.

use super::{Case, Findings, counted};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use memcg_core::check::{Broken, Property, Verdict, Witness};
use memcg_core::compare::{Row, compare};
use memcg_core::condition::Mode;
use memcg_core::run::Run;
use memcg_scenario::{Scenario, condition_text};

impl Case<'_> {
    /// What is known of a condition, by its place among those that were asked.
    pub fn status(&self, findings: &Findings, at: usize) -> &'static str {
        let is_seen = findings.witnesses.iter().any(|w| w.condition == at);
        match findings.verdict {
            Verdict::Holds(_) => "holds",
            Verdict::Broken(broken) if broken.condition == Some(at) => "broken",
            _ if is_seen => "holds",
            Verdict::Broken(_) | Verdict::Bounded { .. } => "not decided",
        }
    }

    /// A condition that was asked, as the scenario has it.
    pub fn written(&self, at: usize) -> String {
        let check = self.conditions.get(at).and_then(|(place, _)| self.scenario.checks.get(*place));
        check.map_or_else(String::new, condition_text)
    }

    /// The conditions, a line each, and what was not looked at.
    pub(super) fn conditions_told(&self, findings: &Findings) -> Vec<String> {
        let mut out = Vec::new();
        for (at, (place, condition)) in self.conditions.iter().enumerate() {
            let (written, status) = (self.written(at), self.status(findings, at));
            let seen = findings.witnesses.iter().find(|w| w.condition == at);
            let seen = seen.map_or_else(String::new, |seen| {
                let steps = counted(seen.n_steps as u64, "step");
                format!(", seen after {steps} ({})", counted(seen.schedule.len() as u64, "move"))
            });
            out.push(format!("condition {}, {written}: {status}{seen}", place + 1));
            let lane = self.lane.to_string();
            let missing = condition.missing_in(self.program);
            out.extend(missing.map(|missing| format!("warning: {}", missing.told(&lane))));
        }
        let left_out = self.not_looked_at();
        if !left_out.is_empty() {
            out.push(format!("not looked at: {}", left_out.join(", ")));
        }
        out
    }

    /// The names of what was not looked at.
    pub fn not_looked_at(&self) -> Vec<String> {
        let mut out: Vec<String> = Property::named()
            .filter(|property| !self.options.looks_at(*property))
            .map(|property| property.name().to_string())
            .collect();
        for place in 0..self.scenario.checks.len() {
            if !self.conditions.iter().any(|(at, _)| *at == place) {
                out.push(format!("condition:{}", place + 1));
            }
        }
        out
    }

    /// The way to where a condition holds, as a scenario of its own.
    pub fn witness_scenario(&self, witness: &Witness) -> Scenario {
        let title = format!("{}: {}", self.lane, self.written(witness.condition));
        self.of_lane(title, &witness.schedule)
    }

    /// Whether a lane that has made the moves of a schedule has broken a condition or a property of rounds; `None` if
    /// the breach is of another kind.
    pub(super) fn replays(&self, broken: &Broken, start: &Run, played: &Run) -> Option<bool> {
        let row = || compare(start.clone(), &broken.schedule).into_iter().next();
        let counts = |count: fn(&Row) -> u32| row().map_or(0, |row| count(&row));
        Some(match broken.property {
            Property::Coverage => counts(|row| row.n_skipped) > 0,
            Property::DoubleVisits => counts(|row| row.n_doubles) > 0,
            Property::Restarts => counts(|row| row.n_restarts) > self.n_restarts_max,
            Property::Condition => {
                let (_, condition) = self.conditions.get(broken.condition?)?;
                condition.mode == Mode::Sometimes || !condition.on(&played.picture(0)).holds
            }
            Property::Safety
            | Property::Returned
            | Property::Leak
            | Property::CallReturns
            | Property::WalkEnds => return None,
        })
    }
}
