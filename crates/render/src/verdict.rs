//! A verdict in words: what was checked, within which bounds, and a counter-example as a scenario, a link and a diagram.
//!
//! The page and `memcg check` both say it so.

mod conditions;
mod extent;

use crate::ascii::race;
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use memcg_core::check::{
    Bound, Broken, Extent, Front, Manner, Options, Property, Verdict, WalkBound, Witness,
};
use memcg_core::condition::Condition;
use memcg_core::program::Program;
use memcg_core::replay;
use memcg_core::run::{Grain, Run};
use memcg_core::schedule::{LaneSpec, Move};
use memcg_core::words::thousands;
use memcg_core::world::{Preemption, World};
use memcg_scenario::link::{self, ListingEdit, Shared};
use memcg_scenario::{Comparison, Expectation, Measure, RoleText, Scenario};

/// A lane that was checked, and how.
#[derive(Copy, Clone, Debug)]
pub struct Case<'a> {
    /// What it is a lane of.
    pub scenario: &'a Scenario,
    /// With every walk bounded.
    pub world: &'a World,
    /// What walks without end were cut to.
    pub bound: WalkBound,
    /// The lane.
    pub lane: &'a LaneSpec,
    /// What it runs.
    pub program: &'a Program,
    /// What was asked for.
    pub options: &'a Options,
    /// Listings that were edited, which only a link can hold.
    pub edits: &'a [ListingEdit],
    /// The scenario's conditions that were asked, each with its place there.
    pub conditions: &'a [(usize, Condition)],
    /// Restarts that are allowed, where they are asked.
    pub n_restarts_max: u32,
}

/// What a check came to.
#[derive(Copy, Clone, Debug)]
pub struct Findings<'a> {
    /// The verdict.
    pub verdict: &'a Verdict,
    /// How far it came, where a bound was hit.
    pub front: Option<&'a Front>,
    /// Where conditions hold that should sometimes.
    pub witnesses: &'a [Witness],
    /// Whether every state was looked at.
    pub is_complete: bool,
}

/// The preemption model's name.
pub const fn preemption(world: &World) -> &'static str {
    match world.preemption {
        Preemption::None => "none",
        Preemption::Full => "full",
    }
}

/// So many of something, such as `1 step` or `2 switches`.
pub(crate) fn counted(n: u64, one: &str) -> String {
    let s = if one.ends_with("ch") { "es" } else { "s" };
    if n == 1 { format!("1 {one}") } else { format!("{} {one}{s}", thousands(n)) }
}

/// What walks without end make.
pub fn bound_words(bound: WalkBound) -> String {
    match bound {
        WalkBound::Rounds(n) => {
            let rounds = counted(n.into(), "round");
            format!("{rounds}, or {} walks that break off", n.saturating_add(1))
        }
        WalkBound::Calls(n) => counted(n.into(), "call"),
    }
}

/// What is checked, of all lanes alike: the runs, and how walks without end were cut, `n_cut` of them.
pub fn what_is_checked(world: &World, bound: WalkBound, n_cut: usize) -> Vec<String> {
    let mut out = vec![format!(
        "every run of {} and the kernel's worker, at the grain of one shared access; {}; preemption: {}",
        counted(world.threads.len() as u64, "thread"),
        counted(world.groups.len() as u64 - 1, "cgroup"),
        preemption(world),
    )];
    if n_cut > 0 {
        let words = bound_words(bound);
        out.push(format!("walks without end ({n_cut} of the threads) make {words}"));
    }
    out
}

/// The bound that was hit.
pub fn bound_hit(by: Bound, options: &Options) -> String {
    match by {
        Bound::States => {
            let n = thousands(options.limits.n_states_max as u64);
            format!("the bound of {n} states was hit")
        }
        Bound::Memory => {
            format!("the bound of {} MiB was hit", options.limits.n_bytes_max >> 20)
        }
        Bound::Preemptions => {
            let n = match options.manner {
                Manner::Preemptions(n) => n,
                Manner::Every | Manner::Drawn(_) => 0,
            };
            let n = counted(n.into(), "preemption");
            format!("only schedules with at most {n} were looked at")
        }
        Bound::Drawn { n_walks } => {
            let (walks, were) =
                (counted(n_walks, "walk"), if n_walks == 1 { "was" } else { "were" });
            format!("only {walks} drawn by lot {were} looked at")
        }
    }
}

/// How far a search that was not finished came.
pub fn front_words(front: &Front) -> String {
    format!(
        "every schedule of up to {} steps of the search was looked at; runs take about {}, states in all about {}",
        front.n_steps_done,
        front.n_steps_longest,
        thousands(front.n_states_about)
    )
}

/// A verdict in words.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Told {
    /// What it comes to.
    pub headline: String,
    /// What it rests on, a line each.
    pub lines: Vec<String>,
}

impl Case<'_> {
    /// The properties that were asked for.
    pub fn properties(&self) -> Vec<Property> {
        Property::named().filter(|p| self.options.properties.has(*p)).collect()
    }

    /// What it came to, in words.
    pub fn told(&self, findings: &Findings) -> Told {
        let mut told = match findings.verdict {
            Verdict::Holds(extent) => self.holds(extent, findings.is_complete),
            Verdict::Bounded { by: by @ Bound::Drawn { .. }, extent, .. } => Told {
                headline: format!("not decided: {}", bound_hit(*by, self.options)),
                lines: vec![format!("nothing found in {} steps", thousands(extent.n_steps))],
            },
            Verdict::Bounded { by, extent, n_waiting } => {
                self.undecided(&bound_hit(*by, self.options), extent, *n_waiting, findings.front)
            }
            Verdict::Broken(broken) => self.broken(broken),
        };
        told.lines.extend(self.conditions_told(findings));
        told
    }

    /// What is said where it was not decided, and why not.
    pub fn undecided(
        &self,
        why: &str,
        extent: &Extent,
        n_waiting: usize,
        front: Option<&Front>,
    ) -> Told {
        let mut lines = vec![format!(
            "nothing found in {}; {} states wait to be looked at",
            self.extent_words(extent),
            thousands(n_waiting as u64)
        )];
        lines.extend(front.map(front_words));
        Told { headline: format!("not decided: {why}"), lines }
    }

    fn holds(&self, extent: &Extent, is_complete: bool) -> Told {
        let names: Vec<&str> = self.properties().into_iter().map(Property::name).collect();
        let names = if names.is_empty() { "what it checks".to_string() } else { names.join(", ") };
        let complete = if is_complete { "complete" } else { "all was seen in" };
        Told {
            headline: format!("holds for this tree, these threads, this preemption: {names}"),
            lines: vec![format!("{complete}: {}", self.extent_words(extent))],
        }
    }

    fn broken(&self, broken: &Broken) -> Told {
        let headline = format!("broken: {} ({})", broken.name, broken.property.words());
        if broken.is_never {
            let complete = format!("complete: {}", self.extent_words(&broken.extent));
            return Told { headline, lines: vec![broken.words.clone(), complete] };
        }
        let fewest =
            if broken.is_fewest { "shortest with the fewest switches" } else { "shortest found" };
        let way = match broken.goes_round_from {
            Some(at) => format!("goes round from move {} on; before that", at + 1),
            None => fewest.to_string(),
        };
        let mut lines = vec![
            broken.words.clone(),
            format!(
                "{way}: {}, {}, {} ({})",
                counted(broken.n_steps as u64, "step"),
                counted(broken.n_switches as u64, "switch"),
                counted(broken.schedule.len() as u64, "move"),
                self.extent_words(&broken.extent)
            ),
        ];
        if self.run(broken).is_none() {
            lines.push("lanes do not come to the same by these moves".to_string());
        }
        Told { headline, lines }
    }

    /// The schedule as a race diagram; `None` where there is no schedule, or lanes do not come to the same.
    pub fn diagram(&self, broken: &Broken) -> Option<String> {
        if broken.is_never {
            return None;
        }
        // Only what comes before the call that never returns can be told access by access.
        let hangs = broken.property == Property::CallReturns;
        let n_moves = broken.schedule.len() - usize::from(hangs);
        Some(race(self.run(broken)?, &broken.schedule, n_moves, Grain::Access))
    }

    /// The counter-example as a link, with a proof of what its schedule comes to; `None` where there is no schedule.
    pub fn link(&self, broken: &Broken) -> Option<String> {
        if broken.is_never { None } else { self.link_of(self.scenario(broken)) }
    }

    /// A scenario of this lane as a link, with a proof of what its schedule comes to.
    pub fn link_of(&self, scenario: Scenario) -> Option<String> {
        let proof = replay::prove(self.start(), &scenario.schedule);
        let edits = self.edits.iter().filter(|edit| edit.name == self.lane.policy).cloned();
        let cursor = scenario.schedule.len();
        let edits = edits.collect();
        let shared = Shared { scenario, proof: Some(proof), edits, cursor, ..Shared::default() };
        link::encode(&shared).ok()
    }

    /// The lane at its start.
    fn start(&self) -> Run {
        let lane = (self.lane.clone(), self.program.clone());
        Run::of_programs(self.world.clone(), vec![lane])
    }

    /// A run at its start in which the schedule comes to what was found; `None` if it does not.
    pub fn run(&self, broken: &Broken) -> Option<Run> {
        let run = self.start();
        let mut played = run.clone();
        played.keep_records(false);
        for mv in &broken.schedule {
            played.apply(mv);
        }
        if let Some(same) = self.replays(broken, &run, &played) {
            return same.then_some(run);
        }
        let fault =
            played.lanes()[0].machine().fault().map(|f| played.lanes()[0].machine().fault_name(f));
        let is_fault = broken.name != broken.property.name()
            || (broken.property == Property::CallReturns
                && matches!(broken.schedule.last(), Some(Move::Call { .. })));
        (fault.is_some() == is_fault && fault.is_none_or(|f| f == broken.name || f == "HANG"))
            .then_some(run)
    }

    /// The counter-example as a scenario with what should come of it.
    pub fn scenario(&self, broken: &Broken) -> Scenario {
        let title = format!("{}: {}", self.lane, broken.words);
        let mut scenario = self.of_lane(title, &broken.schedule);
        scenario.expectations = self.expectation(broken).into_iter().collect();
        scenario
    }

    /// The scenario with this lane, schedule and walks, that expects nothing.
    fn of_lane(&self, title: String, schedule: &[Move]) -> Scenario {
        let mut scenario = self.scenario.clone();
        scenario.title = title;
        scenario.notes = Vec::new();
        scenario.lanes = vec![self.lane.clone()];
        scenario.schedule = schedule.to_vec();
        scenario.expectations = Vec::new();
        for thread in &mut scenario.threads {
            if let RoleText::Reclaimer { until, .. } = &mut thread.role {
                *until = self.bound.until(*until);
            }
        }
        scenario
    }

    /// What comes of a counter-example, as far as it can be counted.
    fn expectation(&self, broken: &Broken) -> Option<Expectation> {
        let measure = match broken.property {
            Property::Leak => Measure::Kept,
            Property::Safety | Property::CallReturns => Measure::Faults,
            Property::Restarts => Measure::Restarts,
            Property::Returned
            | Property::WalkEnds
            | Property::Coverage
            | Property::DoubleVisits
            | Property::Condition => return None,
        };
        let mut wanted = Expectation {
            lane: self.lane.clone(),
            measure,
            group: None,
            comparison: Comparison::Equal,
            number: 1,
        };
        if let Some(mut run) = self.run(broken) {
            run.keep_records(false);
            for mv in &broken.schedule {
                run.apply(mv);
            }
            wanted.number = wanted.count(&run.picture(0), run.world());
        }
        Some(wanted)
    }
}
