//! A verdict for people and programs: what was checked, within which bounds, and a counter-example as a scenario.

use super::asked::Conditions;
use super::conditions;
use crate::source::Ready;
use memcg_core::check::{
    Bound, Broken, EqualThreads, Extent, Front, Manner, Options, Property, Verdict, WalkBound,
    Witness,
};
use memcg_core::replay;
use memcg_core::run::{Grain, Run};
use memcg_core::schedule::{LaneSpec, Move};
use memcg_core::world::{Preemption, World};
use memcg_render::race;
use memcg_scenario::link::{self, ListingEdit, Shared};
use memcg_scenario::{Comparison, Expectation, Measure, RoleText, Scenario};
use serde_json::{Value, json};
use std::fmt::Write as _;

/// How verdicts are written.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Form {
    Text { diagram: bool, link: bool },
    Json,
}

impl Form {
    /// With these exports as well; JSON has all.
    pub(crate) const fn with(self, more_diagram: bool, more_link: bool) -> Self {
        match self {
            Self::Json => Self::Json,
            Self::Text { diagram, link } => {
                Self::Text { diagram: diagram || more_diagram, link: link || more_link }
            }
        }
    }
}

/// A lane's verdict, and what it is about.
pub(crate) struct Case<'a> {
    pub(crate) ready: &'a Ready,
    /// With every walk bounded.
    pub(crate) world: &'a World,
    pub(crate) bound: WalkBound,
    pub(crate) lane: &'a LaneSpec,
    pub(crate) options: &'a Options,
    pub(crate) verdict: &'a Verdict,
    /// Listings that were edited, which only a link can hold.
    pub(crate) edits: &'a [ListingEdit],
    /// How far it came, where a bound was hit.
    pub(crate) front: Option<Front>,
    /// The conditions that were asked.
    pub(crate) conditions: &'a Conditions,
    /// Restarts that are allowed.
    pub(crate) n_restarts_max: u32,
    /// Where conditions hold that should sometimes.
    pub(crate) witnesses: Vec<Witness>,
    /// Whether every state was looked at.
    pub(crate) is_complete: bool,
    /// Whether witnesses are printed as scenarios.
    pub(crate) shows_witnesses: bool,
}

fn preemption(world: &World) -> &'static str {
    match world.preemption {
        Preemption::None => "none",
        Preemption::Full => "full",
    }
}

fn bound_words(bound: WalkBound) -> String {
    match bound {
        WalkBound::Rounds(n) => {
            let s = if n == 1 { "" } else { "s" };
            format!("{n} round{s}, or {} walks that break off", n.saturating_add(1))
        }
        WalkBound::Calls(1) => "1 call".into(),
        WalkBound::Calls(n) => format!("{n} calls"),
    }
}

/// What is checked, before the verdicts.
pub(crate) fn head(ready: &Ready, bound: WalkBound, n_cut: usize, form: Form) {
    if form == Form::Json {
        return;
    }
    let world = &ready.world;
    if !ready.scenario.title.is_empty() {
        println!("{}", ready.scenario.title);
    }
    println!(
        "every run of {} threads and the kernel's worker, at the grain of one shared access; {} cgroups; preemption: {}",
        world.threads.len(),
        world.groups.len() - 1,
        preemption(world),
    );
    if n_cut > 0 {
        println!("walks without end ({n_cut} of the threads) make {}", bound_words(bound));
    }
}

fn extent_words(extent: &Extent) -> String {
    let commuting = extent.reduced.then_some("commuting accesses merged");
    let equal = match extent.equal_threads {
        EqualThreads::Absent => None,
        EqualThreads::Merged => Some("equal threads taken for each other"),
        EqualThreads::Apart => Some("equal threads told apart"),
        EqualThreads::ApartForFairness => Some(
            "equal threads told apart, as some run goes round and fairness asks which is which",
        ),
    };
    let how: Vec<&str> = commuting.or(Some("no access merged")).into_iter().chain(equal).collect();
    format!("{} states, {} steps, {}", extent.n_states, extent.n_steps, how.join(", "))
}

/// The reductions that were used, by the names of the options that switch them off.
fn reductions(extent: &Extent) -> Value {
    let mut names = Vec::new();
    names.extend(extent.reduced.then_some("commuting"));
    names.extend((extent.equal_threads == EqualThreads::Merged).then_some("symmetry"));
    json!(names)
}

/// The bound that was hit, in words and by name.
fn bound_hit(by: Bound, options: &Options) -> (String, &'static str) {
    match by {
        Bound::States => ("the bound --states was hit".into(), "states"),
        Bound::Memory => ("the bound --mib was hit".into(), "memory"),
        Bound::Preemptions => {
            let n = match options.manner {
                Manner::Preemptions(n) => n,
                Manner::Every | Manner::Drawn(_) => 0,
            };
            (format!("only schedules with at most {n} preemptions were looked at"), "preemptions")
        }
        Bound::Drawn { n_walks } => {
            (format!("only {n_walks} walks drawn by lot were looked at"), "drawn")
        }
    }
}

impl Case<'_> {
    fn properties(&self) -> Vec<Property> {
        Property::named().filter(|p| self.options.properties.has(*p)).collect()
    }

    /// The verdict in words; with the schedule as a race diagram if that is wanted.
    pub(crate) fn text(&self, diagram: bool, link: bool) -> String {
        let mut out = format!("\n{}: ", self.lane);
        match self.verdict {
            Verdict::Holds(extent) => {
                let names: Vec<&str> = self.properties().into_iter().map(Property::name).collect();
                let names =
                    if names.is_empty() { "what it checks".into() } else { names.join(", ") };
                let complete = if self.is_complete { "complete" } else { "all was seen in" };
                let _ = writeln!(
                    out,
                    "holds for this tree, these threads, this preemption: {names}\n  {complete}: {}",
                    extent_words(extent)
                );
                out += &conditions::text(self);
            }
            Verdict::Bounded { by, extent, n_waiting } => {
                let (words, _) = bound_hit(*by, self.options);
                if let Bound::Drawn { .. } = by {
                    let _ = writeln!(
                        out,
                        "not decided: {words}\n  nothing found in {} steps",
                        extent.n_steps
                    );
                    out += &conditions::text(self);
                    return out;
                }
                let _ = writeln!(
                    out,
                    "not decided: {words}\n  nothing found in {}; {n_waiting} states wait to be looked at",
                    extent_words(extent)
                );
                if let Some(front) = &self.front {
                    let _ = writeln!(
                        out,
                        "  every schedule of up to {} steps of the search was looked at; runs take about {}, states in all about {}",
                        front.n_steps_done, front.n_steps_longest, front.n_states_about
                    );
                }
                out += &conditions::text(self);
            }
            Verdict::Broken(broken) => self.broken(&mut out, broken, diagram, link),
        }
        if self.shows_witnesses {
            out += &conditions::witnesses(self);
        }
        out
    }

    fn broken(&self, out: &mut String, broken: &Broken, diagram: bool, link: bool) {
        let _ = writeln!(out, "broken: {} ({})", broken.name, broken.property.words());
        let _ = writeln!(out, "  {}", broken.words);
        if broken.is_never {
            let _ = writeln!(out, "  complete: {}", extent_words(&broken.extent));
            *out += &conditions::text(self);
            return;
        }
        let fewest =
            if broken.is_fewest { "shortest with the fewest switches" } else { "shortest found" };
        let way = match broken.goes_round_from {
            Some(at) => format!("goes round from move {} on; before that", at + 1),
            None => fewest.to_string(),
        };
        let _ = writeln!(
            out,
            "  {way}: {} steps, {} switches, {} moves ({})",
            broken.n_steps,
            broken.n_switches,
            broken.schedule.len(),
            extent_words(&broken.extent)
        );
        if self.run(broken).is_none() {
            let _ = writeln!(out, "  lanes do not come to the same by these moves");
        }
        *out += &conditions::text(self);
        let _ = write!(out, "\n{}", memcg_scenario::print(&self.scenario(broken)));
        if link && let Some(link) = self.link(broken) {
            let _ = writeln!(
                out,
                "\n# the same as a link: what follows # in the page's address\n{link}"
            );
        }
        if diagram && let Some(diagram) = self.diagram(broken) {
            let _ = write!(out, "\n{diagram}");
        }
    }

    /// The schedule as a race diagram.
    fn diagram(&self, broken: &Broken) -> Option<String> {
        if broken.is_never {
            return None;
        }
        // Only what comes before the call that never returns can be told access by access.
        let hangs = broken.property == Property::CallReturns;
        let n_moves = broken.schedule.len() - usize::from(hangs);
        Some(race(self.run(broken)?, &broken.schedule, n_moves, Grain::Access))
    }

    /// The counter-example as a link, with a proof of what its schedule comes to.
    pub(crate) fn link(&self, broken: &Broken) -> Option<String> {
        if broken.is_never { None } else { self.link_of(self.scenario(broken)) }
    }

    /// A scenario of this lane as a link, with a proof of what its schedule comes to.
    pub(super) fn link_of(&self, scenario: Scenario) -> Option<String> {
        let proof = self.start().map(|run| replay::prove(run, &scenario.schedule));
        let edits = self.edits.iter().filter(|edit| edit.name == self.lane.policy).cloned();
        let cursor = scenario.schedule.len();
        let shared =
            Shared { scenario, proof, edits: edits.collect(), cursor, ..Shared::default() };
        link::encode(&shared).ok()
    }

    /// The lane at its start.
    fn start(&self) -> Option<Run> {
        let (lane, program) = self.ready.lanes.iter().find(|(lane, _)| lane == self.lane)?;
        Some(Run::of_programs(self.world.clone(), vec![(lane.clone(), program.clone())]))
    }

    /// A run at its start in which the schedule comes to what was found; `None` if it does not.
    fn run(&self, broken: &Broken) -> Option<Run> {
        let run = self.start()?;
        let mut played = run.clone();
        played.keep_records(false);
        for mv in &broken.schedule {
            played.apply(mv);
        }
        let (conditions, n_max) = (self.conditions, self.n_restarts_max);
        if let Some(same) = conditions::replays(broken, conditions, n_max, &run, &played) {
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
    fn scenario(&self, broken: &Broken) -> Scenario {
        let mut scenario = self.ready.scenario.clone();
        self.set(&mut scenario, format!("{}: {}", self.lane, broken.words), &broken.schedule);
        self.expect(&mut scenario, broken);
        scenario
    }

    /// The scenario of a witness.
    pub(super) fn witness_scenario(&self, witness: &Witness) -> Scenario {
        let mut scenario = self.ready.scenario.clone();
        self.set(&mut scenario, conditions::witness_title(self, witness), &witness.schedule);
        scenario
    }

    /// Makes the scenario one of this lane, schedule and walks, that expects nothing.
    fn set(&self, scenario: &mut Scenario, title: String, schedule: &[Move]) {
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
    }

    /// Expects what comes of a counter-example.
    fn expect(&self, scenario: &mut Scenario, broken: &Broken) {
        let measure = match broken.property {
            Property::Leak => Some(Measure::Kept),
            Property::Safety | Property::CallReturns => Some(Measure::Faults),
            Property::Restarts => Some(Measure::Restarts),
            Property::Returned
            | Property::WalkEnds
            | Property::Coverage
            | Property::DoubleVisits
            | Property::Condition => None,
        };
        let counted = measure.map(|measure| {
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
            wanted
        });
        scenario.expectations = counted.into_iter().collect();
    }

    /// The verdict for programs.
    pub(crate) fn json(&self) -> Value {
        let extent = |e: &Extent| json!({ "states": e.n_states, "steps": e.n_steps, "reductions": reductions(e), "reduced": e.reduced });
        let mut out = json!({
            "policy": self.lane.policy,
            "core": self.lane.core,
            "preemption": preemption(self.world),
            "walks_without_end": bound_words(self.bound),
            "properties": self.properties().into_iter().map(Property::name).collect::<Vec<_>>(),
        });
        match self.verdict {
            Verdict::Holds(e) => {
                out["verdict"] = json!("holds");
                out["complete"] = json!(self.is_complete);
                out["extent"] = extent(e);
            }
            Verdict::Bounded { by, extent: e, n_waiting } => {
                out["verdict"] = json!("bounded");
                out["by"] = json!(bound_hit(*by, self.options).1);
                if let Some(front) = &self.front {
                    out["steps_done"] = json!(front.n_steps_done);
                    out["steps_longest_about"] = json!(front.n_steps_longest);
                    out["states_about"] = json!(front.n_states_about);
                }
                out["waiting"] = json!(n_waiting);
                out["extent"] = extent(e);
            }
            Verdict::Broken(b) => {
                out["verdict"] = json!("broken");
                out["property"] = json!(b.property.name());
                out["name"] = json!(b.name);
                out["words"] = json!(b.words);
                out["n_steps"] = json!(b.n_steps);
                out["n_switches"] = json!(b.n_switches);
                out["is_fewest"] = json!(b.is_fewest);
                out["goes_round_from"] = json!(b.goes_round_from);
                out["replays"] = json!(self.run(b).is_some());
                if !b.is_never {
                    out["scenario"] = json!(memcg_scenario::print(&self.scenario(b)));
                }
                out["link"] = json!(self.link(b));
                out["diagram"] = json!(self.diagram(b));
                out["extent"] = extent(&b.extent);
            }
        }
        conditions::json(self, &mut out);
        out
    }
}
