//! `memcg run`: a scenario's schedule, told move by move and access by access.

use crate::source::Ready;
use memcg_core::run::{LaneReport, Outcome, Run};
use memcg_core::words::sentence;
use memcg_core::world::World;
use memcg_scenario::Scenario;
use std::fmt::Write as _;

/// How much is told.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Detail {
    /// A sentence for every move.
    Moves,
    /// Every access as well.
    Accesses,
}

/// What a run came to.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Verdict {
    /// All went as the scenario expects.
    AsExpected,
    /// An expectation does not hold.
    Otherwise,
    /// The scenario has mistakes; what is sound was run.
    BadInput,
}

/// A finished run.
#[derive(Debug)]
pub(crate) struct Told {
    /// For standard output.
    pub(crate) text: String,
    /// For standard error: what is wrong with the scenario.
    pub(crate) problems: String,
    /// What it came to.
    pub(crate) verdict: Verdict,
}

/// Runs a scenario.
pub(crate) fn scenario(ready: Ready, detail: Detail) -> Told {
    let mut text = String::new();
    let mut as_expected = true;
    if let Some(run) = ready.run() {
        as_expected = play(&mut text, run, &ready.scenario, detail);
    }
    let verdict = match (ready.is_bad, as_expected) {
        (true, _) => Verdict::BadInput,
        (false, true) => Verdict::AsExpected,
        (false, false) => Verdict::Otherwise,
    };
    Told { text, problems: ready.problems, verdict }
}

fn play(out: &mut String, mut run: Run, scenario: &Scenario, detail: Detail) -> bool {
    run.keep_records(detail == Detail::Accesses);
    let _ = writeln!(out, "{}\n", scenario.title);
    for (at, mv) in scenario.schedule.iter().enumerate() {
        let report = run.apply(mv);
        let _ = writeln!(out, "{:4}  {}", at + 1, sentence(&run, &report));
        if detail == Detail::Accesses {
            for (lane, told) in report.lanes.iter().enumerate() {
                accesses(out, &run.lane(lane).spec().to_string(), told, run.world());
            }
        }
    }
    let _ = writeln!(out);
    let width = (0..run.n_lanes()).map(|l| run.lane(l).spec().to_string().len()).max().unwrap_or(0);
    for lane in 0..run.n_lanes() {
        let picture = run.picture(lane);
        let c = picture.counters;
        let _ = write!(
            out,
            "{:width$}  rounds {:3}  restarts {:3}  visits {:4}  wiped {:3}",
            run.lane(lane).spec().to_string(),
            c.n_rounds,
            c.n_restarts,
            c.n_visits,
            c.n_wiped,
        );
        let fault =
            picture.fault.map_or(String::new(), |f| format!("  FAULT {}: {}", f.name, f.words));
        let _ = writeln!(out, "{fault}");
    }
    expectations(out, &run, scenario)
}

fn accesses(out: &mut String, lane: &str, told: &LaneReport, world: &World) {
    if let Outcome::Waits(why) | Outcome::Nothing(why) = &told.outcome {
        let _ = writeln!(out, "      {lane}: {why}");
    }
    if told.records.is_empty() {
        return;
    }
    let _ = writeln!(out, "      {lane}");
    for record in &told.records {
        let thread = world.threads.get(record.thread).map_or(World::WORKER, |t| t.name.as_str());
        let place = format!("{}:{}", record.file, record.line);
        let _ = write!(out, "        {thread:10} {place:24} {}", record.access);
        if !record.seen.is_empty() {
            let _ = write!(out, " -> {}", record.seen);
        }
        if let Some((before, after)) = &record.changed {
            let _ = write!(out, "   [{before} => {after}]");
        }
        let _ = writeln!(out);
    }
}

/// Compares the end of the run with what the scenario expects; false if anything is otherwise.
fn expectations(out: &mut String, run: &Run, scenario: &Scenario) -> bool {
    let mut all_hold = true;
    for expectation in &scenario.expectations {
        let Some(lane) = run.lanes().iter().position(|l| *l.spec() == expectation.lane) else {
            continue;
        };
        let count = expectation.count(&run.picture(lane), run.world());
        let holds = expectation.holds(count);
        let word = if holds { "holds" } else { "DOES NOT HOLD" };
        let _ = writeln!(out, "expected {expectation}: {word} ({count})");
        all_hold &= holds;
    }
    all_hold
}
