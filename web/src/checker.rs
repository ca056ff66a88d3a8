//! A check under way in a worker: a slice at a time, with figures between slices. Knows no clock; time is told to it.

use crate::check::{self, Asked, Kind, Record};
use crate::programs::program;
use memcg_core::check::{
    Check, Manner, Options, Passed, Properties, Property, Questions, Verdict, WalkBound, passing,
};
use memcg_core::condition::Condition;
use memcg_core::program::Program;
use memcg_core::schedule::LaneSpec;
use memcg_core::search::{Limits, Progress};
use memcg_core::words::thousands;
use memcg_core::world::World;
use memcg_render::verdict::{Case, Findings, Told, what_is_checked};
use memcg_scenario::link::{self, ListingEdit, Shared};
use memcg_scenario::{RoleText, Scenario};
use std::fmt::Write as _;
use std::sync::Arc;

/// Most memory of all workers together, in MiB.
pub const N_MIB_MAX: usize = 1024;

/// States kept at most, without another choice.
pub const N_STATES_MAX: usize = 4_000_000;

/// Steps of walks drawn by lot, without another choice.
pub const N_DRAWN: u64 = 2_000_000;

/// Steps that are made in one go, between two looks at the clock.
const N_STEPS: usize = 2_000;

/// Complete runs that are shown.
const N_RUNS: usize = 64;

/// Steps that are made to find them.
const N_STEPS_OF_RUNS: u64 = 200_000;

/// Runs are drawn to see how long they are once a check has taken this long, in milliseconds.
const DRAWS_AFTER_MS: f64 = 500.0;

/// A lane that is to be checked.
#[derive(Debug)]
pub struct Subject {
    scenario: Scenario,
    /// As it would run, and with every walk bounded.
    world: World,
    bounded: Arc<World>,
    n_cut: usize,
    bound: WalkBound,
    lane: LaneSpec,
    program: Program,
    options: Options,
    edits: Vec<ListingEdit>,
    /// The scenario's, each with its place there.
    conditions: Vec<(usize, Condition)>,
}

/// A check under way.
#[derive(Debug)]
pub struct Checker {
    subject: Subject,
    check: Check,
    /// Steps of the longest of some runs, once they were drawn.
    n_steps_longest: Option<usize>,
}

/// The properties that are asked for.
pub fn properties(options: &str) -> Option<Properties> {
    let asked = Property::named().filter(|p| match check::option(options, p.name()) {
        Some(set) => set != "0",
        None => Property::ALL.contains(p),
    });
    asked.map(Properties::only).reduce(Properties::and)
}

/// A number among options.
fn number<N: std::str::FromStr>(options: &str, name: &str) -> Option<N> {
    check::option(options, name)?.parse().ok()
}

fn options(text: &str, n_workers: usize) -> Result<Options, String> {
    let n_mib = number(text, "mib").unwrap_or(N_MIB_MAX).clamp(1, N_MIB_MAX);
    let manner = match check::option(text, "runs") {
        Some("preemptions") => Manner::Preemptions(number(text, "preemptions").unwrap_or(2)),
        Some("drawn") => Manner::Drawn(number(text, "drawn").unwrap_or(N_DRAWN)),
        _ => Manner::Every,
    };
    Ok(Options {
        properties: properties(text).ok_or("no property is asked for: choose one under Options")?,
        limits: Limits {
            n_states_max: number(text, "states").unwrap_or(N_STATES_MAX).max(1),
            n_bytes_max: (n_mib << 20) / n_workers.max(1),
        },
        reduced: check::option(text, "reduced") != Some("0"),
        symmetric: check::option(text, "symmetric") != Some("0"),
        manner,
    })
}

impl Subject {
    /// Reads what is asked.
    ///
    /// # Errors
    /// Why it cannot be checked, in words.
    pub fn read(asked: &Asked) -> Result<Self, String> {
        let shared = link::decode(&asked.fragment).shared.ok_or("there is no scenario to check")?;
        let Shared { scenario, edits, .. } = shared;
        let lane = scenario.lanes.get(asked.lane).cloned().ok_or("there is no such lane")?;
        let program = program(&lane, &edits)?;
        let (world, _) = scenario.world();
        if world.threads.is_empty() {
            return Err("no thread does anything: add one under Build".to_owned());
        }
        let bound = WalkBound::Rounds(check::n_rounds(&asked.options));
        let (bounded, n_cut) = bound.apply(&world);
        let options = options(&asked.options, asked.n_workers)?;
        let bounded = Arc::new(bounded);
        let conditions = scenario.conditions(&bounded);
        Ok(Self {
            scenario,
            world,
            bounded,
            n_cut,
            bound,
            lane,
            program,
            options,
            edits,
            conditions,
        })
    }

    /// What is checked, of all lanes alike.
    pub fn words(&self) -> Vec<String> {
        what_is_checked(&self.world, self.bound, self.n_cut)
    }

    fn case(&self) -> Case<'_> {
        Case {
            scenario: &self.scenario,
            world: &self.bounded,
            bound: self.bound,
            lane: &self.lane,
            program: &self.program,
            options: &self.options,
            edits: &self.edits,
            conditions: &self.conditions,
            n_restarts_max: 0,
        }
    }

    /// Runs drawn by lot that come to rest and break nothing.
    pub fn passing(&self) -> Vec<Passed> {
        let program = Arc::new(self.program.clone());
        passing(&program, &self.bounded, N_RUNS, N_STEPS_OF_RUNS)
    }

    /// The world with every walk bounded.
    pub fn bounded(&self) -> &World {
        &self.bounded
    }

    /// The lane.
    pub fn lane(&self) -> &LaneSpec {
        &self.lane
    }

    /// A schedule of this lane as a link.
    pub fn link(&self, schedule: &[memcg_core::schedule::Move], title: String) -> Option<String> {
        let mut scenario =
            Scenario { title, lanes: vec![self.lane.clone()], ..self.scenario.clone() };
        scenario.notes.clear();
        scenario.expectations.clear();
        schedule.clone_into(&mut scenario.schedule);
        for thread in &mut scenario.threads {
            if let RoleText::Reclaimer { until, .. } = &mut thread.role {
                *until = self.bound.until(*until);
            }
        }
        let edits = self.edits.iter().filter(|edit| edit.name == self.lane.policy).cloned();
        let (cursor, edits) = (schedule.len(), edits.collect());
        link::encode(&Shared { scenario, edits, cursor, ..Shared::default() }).ok()
    }
}

impl Checker {
    /// A check at its start.
    ///
    /// # Errors
    /// Why it cannot begin, in words.
    pub fn new(asked: &Asked) -> Result<Self, String> {
        let subject = Subject::read(asked)?;
        let program = Arc::new(subject.program.clone());
        let conditions = subject.conditions.iter().map(|(_, condition)| condition.clone());
        let questions = Questions { conditions: conditions.collect(), n_restarts_max: 0 };
        let bounded = Arc::clone(&subject.bounded);
        let check = Check::asking(program, bounded, subject.options, questions);
        Ok(Self { subject, check, n_steps_longest: None })
    }

    /// Goes on for a moment; `true` while there is more to do.
    pub fn run(&mut self) -> bool {
        self.check.run(N_STEPS) == Progress::More
    }

    /// How far it is after so many milliseconds, in a line.
    pub fn figures(&mut self, elapsed_ms: f64) -> String {
        let extent = self.check.extent();
        let mut out = String::new();
        let n_looked = if extent.n_states > 0 { extent.n_states as u64 } else { extent.n_steps };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a rate for people"
        )]
        let per_second = (n_looked as f64 * 1000.0 / elapsed_ms.max(1.0)) as u64;
        let _ = write!(out, "{}: ", self.check.stage_words());
        if let Manner::Drawn(n_steps) = self.subject.options.manner {
            let n = thousands(extent.n_steps);
            let _ = write!(out, "{n} of {} steps", thousands(n_steps));
            return out;
        }
        let _ = write!(
            out,
            "{} states, {} waiting, {}/s, {} MiB",
            thousands(n_looked),
            thousands(self.check.n_waiting() as u64),
            thousands(per_second),
            self.check.n_bytes() >> 20
        );
        if elapsed_ms > DRAWS_AFTER_MS && self.n_steps_longest.is_none() {
            self.n_steps_longest = Some(self.check.n_steps_longest());
        }
        let front = self.n_steps_longest.and_then(|n| self.check.front_of(n));
        if let Some(front) = front {
            let _ = write!(
                out,
                ", step {} of about {}, about {} states in all",
                front.n_steps_done,
                front.n_steps_longest,
                thousands(front.n_states_about)
            );
        }
        out
    }

    /// What came of it; of a check that is not over, that it was stopped.
    pub fn record(&self, elapsed_ms: f64) -> Record {
        let case = self.subject.case();
        let check = &self.check;
        let mut record = Record { lane: case.lane.to_string(), ..Record::default() };
        let front = || check.front();
        let told = match check.verdict() {
            Some(verdict) => {
                record.kind = match verdict {
                    Verdict::Holds(_) => Kind::Holds,
                    Verdict::Broken(_) => Kind::Broken,
                    Verdict::Bounded { .. } => Kind::Open,
                };
                if let Verdict::Broken(broken) = verdict {
                    record.link = case.link(broken).unwrap_or_default();
                }
                let bounded = matches!(verdict, Verdict::Bounded { .. });
                let front = bounded.then(front).flatten();
                let witnesses = check.witnesses();
                case.told(&Findings {
                    verdict,
                    front: front.as_ref(),
                    witnesses: &witnesses,
                    is_complete: check.is_complete(),
                })
            }
            None => {
                record.kind = Kind::Open;
                // The answer to Stop is not to wait for runs to be drawn.
                let front = self.n_steps_longest.and_then(|n| check.front_of(n));
                case.undecided("it was stopped", &check.extent(), check.n_waiting(), front.as_ref())
            }
        };
        let Told { headline, lines } = told;
        record.headline = headline;
        // First what it comes to, then of what.
        record.lines = lines;
        record.lines.extend(self.subject.words());
        record.lines.push(self.cost(elapsed_ms));
        record
    }

    fn cost(&self, elapsed_ms: f64) -> String {
        let mib = self.check.n_bytes().div_ceil(1 << 20);
        let of = self.subject.options.limits.n_bytes_max >> 20;
        format!("took {:.2} s and {mib} MiB of {of}", elapsed_ms / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use memcg_scenario::parse;

    fn asked(name: &str, lane: &str, options: &str) -> Asked {
        let item = memcg_scenario::gallery_item(name).expect("in the gallery");
        let mut scenario = parse(item.text).scenario;
        scenario.lanes = vec![LaneSpec { policy: lane.into(), core: None }];
        let fragment = link::encode(&Shared { scenario, ..Shared::default() }).expect("small");
        Asked { options: options.into(), n_workers: 1, lane: 0, fragment }
    }

    fn record(asked: &Asked) -> Record {
        let mut checker = Checker::new(asked).expect("it can be checked");
        while checker.run() {}
        checker.record(100.0)
    }

    #[test]
    fn a_bug_is_found_with_its_schedule_and_its_cure_holds() {
        let found = record(&asked("torn-pair", "rhel7-dead-count", ""));
        assert_eq!(found.kind, Kind::Broken, "{found:?}");
        assert!(found.headline.starts_with("broken: UAF css_tryget"), "{found:?}");
        let shared = link::decode(&found.link).shared.expect("a link");
        let (world, _) = shared.scenario.world();
        let program = program(&shared.scenario.lanes[0], &[]).expect("compiles");
        let lanes = vec![(shared.scenario.lanes[0].clone(), program)];
        let mut run = memcg_core::run::Run::of_programs(world, lanes);
        for mv in &shared.scenario.schedule {
            run.apply(mv);
        }
        assert!(run.picture(0).fault.is_some());
        let cured = record(&asked("torn-pair", "v4.4-weak", ""));
        assert_eq!(cured.kind, Kind::Holds);
        assert!(cured.lines[0].starts_with("complete: 21,232 states"), "{cured:?}");
    }

    #[test]
    fn a_bound_is_no_proof_and_a_stop_says_how_far_it_came() {
        let bounded = record(&asked("torn-pair", "v4.4-weak", "states=1000"));
        assert_eq!(bounded.kind, Kind::Open);
        assert_eq!(bounded.headline, "not decided: the bound of 1,000 states was hit");
        let mut checker = Checker::new(&asked("torn-pair", "v4.4-weak", "")).expect("it begins");
        assert!(checker.run());
        let figures = checker.figures(1000.0);
        assert!(figures.starts_with("looking at states: "), "{figures}");
        assert!(figures.contains("states in all"), "{figures}");
        let stopped = checker.record(1000.0);
        assert_eq!(stopped.kind, Kind::Open);
        assert_eq!(stopped.headline, "not decided: it was stopped");
    }

    #[test]
    fn what_cannot_be_checked_says_why() {
        let why = |asked: &Asked| Checker::new(asked).expect_err("it cannot");
        assert_eq!(why(&Asked::default()), "there is no scenario to check");
        let all_off: Vec<String> =
            Property::ALL.iter().map(|p| format!("{}=0", p.name())).collect();
        assert!(why(&asked("torn-pair", "v4.4-weak", &all_off.join(" "))).contains("no property"));
        assert!(why(&asked("torn-pair", "no-such", "")).contains("no-such"));
    }
}
