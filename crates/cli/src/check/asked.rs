//! What a check is asked for: properties by name, the scenario's conditions, and what does not fit together.

use crate::refuse;
use memcg_core::check::{Manner, Options, Properties, Property, Questions};
use memcg_core::condition::Condition;
use memcg_core::listing::nearest;
use memcg_core::world::World;
use memcg_scenario::Scenario;
use std::process::ExitCode;

/// Names as given on the command line.
#[derive(Debug, Default)]
pub(super) struct Wanted<'a> {
    pub(super) only: Vec<&'a str>,
    pub(super) also: Vec<&'a str>,
    pub(super) n_restarts_max: Option<u32>,
}

/// The conditions that are asked, each with its place in the scenario.
pub(super) type Conditions = Vec<(usize, Condition)>;

/// All of the scenario's conditions.
const CONDITION: &str = "condition";

/// What `--only` and `--also` take, in words.
pub(super) fn names() -> String {
    let names: Vec<&str> = Property::named().map(Property::name).collect();
    format!("{}, {CONDITION} or {CONDITION}:N", names.join(", "))
}

/// One of the names.
enum Name {
    Property(Property),
    Conditions,
    /// By number, from 1.
    Condition(usize),
}

fn name(option: &str, text: &str) -> Result<Name, ExitCode> {
    if let Some(property) = Property::from_name(text) {
        return Ok(Name::Property(property));
    }
    let number = text.strip_prefix(CONDITION).map(|rest| rest.strip_prefix(':'));
    match number {
        Some(None) if text == CONDITION => return Ok(Name::Conditions),
        Some(Some(number)) if number.parse::<usize>().is_ok_and(|n| n > 0) => {
            return Ok(Name::Condition(number.parse().unwrap_or(1)));
        }
        _ => {}
    }
    let known = Property::named().map(Property::name).chain([CONDITION]);
    let meant = nearest(text, known).map_or(String::new(), |m| format!("; did you mean \"{m}\"?"));
    Err(refuse(&format!("{option} takes {}, not \"{text}\"{meant}", names())))
}

impl Wanted<'_> {
    /// The properties that are asked, with the options as they are.
    pub(super) fn properties(&self) -> Result<Properties, ExitCode> {
        if !self.only.is_empty() && !self.also.is_empty() {
            return Err(refuse(
                "--also adds to what is looked at anyway, --only takes its place: give one of them",
            ));
        }
        let mut properties = if self.only.is_empty() { Properties::ALL } else { Properties::NONE };
        for (option, text) in self.named() {
            if let Name::Property(property) = name(option, text)? {
                properties = properties.and(Properties::only(property));
            }
        }
        if self.n_restarts_max.is_some() && !properties.has(Property::Restarts) {
            return Err(refuse(
                "--restarts says how many `restarts` allows: ask for it with --also restarts",
            ));
        }
        Ok(properties)
    }

    fn named(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let only = self.only.iter().map(|text| ("--only", *text));
        only.chain(self.also.iter().map(|text| ("--also", *text)))
    }

    /// The conditions that are asked: all, unless `--only` names something else.
    pub(super) fn conditions(
        &self,
        scenario: &Scenario,
        world: &World,
    ) -> Result<Conditions, ExitCode> {
        let all = scenario.conditions(world);
        let mut asked = if self.only.is_empty() { all.clone() } else { Vec::new() };
        for (option, text) in self.named() {
            match name(option, text)? {
                Name::Property(_) => {}
                Name::Conditions if scenario.checks.is_empty() => {
                    return Err(refuse(&format!(
                        "{option} {CONDITION}: the scenario has no condition under \"check:\""
                    )));
                }
                Name::Conditions => asked.clone_from(&all),
                Name::Condition(number) => {
                    let found = all.iter().find(|(at, _)| at + 1 == number);
                    let Some(found) = found else {
                        let n = scenario.checks.len();
                        return Err(refuse(&format!(
                            "{option} {text}: of the scenario's {n} conditions none that can be checked has this number"
                        )));
                    };
                    if !asked.contains(found) {
                        asked.push(found.clone());
                    }
                }
            }
        }
        asked.sort_by_key(|(at, _)| *at);
        Ok(asked)
    }

    pub(super) fn questions(&self, conditions: &Conditions) -> Questions {
        Questions {
            conditions: conditions.iter().map(|(_, condition)| condition.clone()).collect(),
            n_restarts_max: self.n_restarts_max.unwrap_or(0),
        }
    }
}

/// Refuses a check that could look at nothing that it is asked for.
pub(super) fn refuse_idle(options: &Options, conditions: &Conditions) -> Result<(), ExitCode> {
    let Manner::Drawn(_) = options.manner else { return Ok(()) };
    let is_some = Property::named().any(|property| options.looks_at(property));
    if is_some || !conditions.is_empty() {
        return Ok(());
    }
    let asked: Vec<&str> = Property::named()
        .filter(|property| options.properties.has(*property))
        .map(Property::name)
        .collect();
    Err(refuse(&format!(
        "--drawn keeps no graph of states, which {} needs: take it away, or bound the search by --preemptions",
        asked.join(" and ")
    )))
}

/// Refuses two options that cannot both be meant.
pub(super) fn refuse_pairs(given: &[&str]) -> Result<(), ExitCode> {
    let pairs = [
        ("--preemptions", "--drawn", "both say which runs are looked at"),
        ("--rounds", "--calls", "both say where walks without end are cut"),
        ("--listing", "--policy", "the listing takes the place of the policies"),
    ];
    for (one, other, why) in pairs {
        if given.contains(&one) && given.contains(&other) {
            return Err(refuse(&format!("{one} and {other} do not go together: {why}")));
        }
    }
    Ok(())
}
