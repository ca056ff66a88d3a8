//! A trace made into a scenario: what was recorded opens in the page.
//!
//! A scenario is bounded where a trace is not: of a long trace one window is taken, and everything that a scenario
//! cannot say is said in its notes.

mod cast;
mod schedule;
mod tree;

use crate::replay::time_words;
use crate::trace::{Level, Trace, What};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use memcg_core::hierarchy::Hierarchy;
use memcg_core::world::World;
use memcg_scenario::Scenario;

/// How much of a trace a scenario takes.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Limits {
    /// Groups, those made in the window included.
    pub n_groups_max: usize,
    /// Events in the window: each becomes a move or two.
    pub n_events_max: usize,
    /// Threads.
    pub n_threads_max: usize,
    /// The event with which the window begins; `None` chooses the stretch with the most creations and removals.
    pub from: Option<usize>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            n_groups_max: Hierarchy::N_GROUPS_MAX,
            n_events_max: 2_000,
            n_threads_max: World::N_THREADS_MAX,
            from: None,
        }
    }
}

/// A scenario, and what it was made of.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Imported {
    /// The scenario; the lanes to compare are left to whoever shows it.
    pub scenario: Scenario,
    /// First event of the window.
    pub start: usize,
    /// The event after its last.
    pub end: usize,
    /// What the scenario leaves out or changes; the notes say it too.
    pub left_out: Vec<String>,
}

/// Makes a scenario of a trace.
pub fn scenario(trace: &Trace, limits: &Limits) -> Imported {
    let (start, end) = choose(trace, limits);
    let mut left_out = Vec::new();
    if end - start < trace.events.len() {
        let time = |at: usize| trace.events.get(at).map_or(0, |e| e.time_ns);
        if has_moves(trace, 0, start) || end < trace.events.len() {
            left_out.push(format!(
                "a window of {} events out of {}, from {} to {}; walks begin in it at their roots",
                end - start,
                trace.events.len(),
                time_words(time(start)),
                time_words(time(end.max(1) - 1)),
            ));
        }
    }
    let mut tree = tree::Tree::at(trace, start, limits.n_groups_max, &mut left_out);
    let cast = cast::Cast::of(trace, start, end, &tree, limits.n_threads_max, &mut left_out);
    let (threads, schedule) = schedule::of(trace, start, end, &mut tree, &cast, &mut left_out);
    let level = match trace.level {
        Level::Nothing => "Nothing was recorded that says anything about cgroups.",
        Level::Groups => {
            "Recorded without probes on the iterator: creations and removals, no walks."
        }
        Level::Calls => "The reclaimers are the kernel's own callers, each call at its return.",
    };
    let mut notes: Vec<String> = [
        "Made from a trace of a running kernel. A reclaimer's thread is one task's walks of one kind; pages that keep a removed group referenced are the thread \"pages\".".to_string(),
        level.to_string(),
    ]
    .into();
    notes.extend(left_out.iter().map(|what| format!("Left out or changed: {what}.")));
    let scenario = Scenario {
        title: "Recorded on a running kernel".to_string(),
        notes,
        hierarchy: tree.into_hierarchy(),
        threads,
        schedule,
        ..Scenario::default()
    };
    Imported { scenario, start, end, left_out }
}

/// Whether more than groups being made happens between two events.
fn has_moves(trace: &Trace, from: usize, to: usize) -> bool {
    trace.events[from..to].iter().any(|e| !matches!(e.what, What::Create(_)))
}

/// The window. What was made before the first call or removal is there at the start.
fn choose(trace: &Trace, limits: &Limits) -> (usize, usize) {
    let n = trace.events.len();
    if let Some(from) = limits.from {
        let from = from.min(n);
        return (from, n.min(from + limits.n_events_max));
    }
    let is_first = |what: What| match trace.level {
        Level::Calls => matches!(what, What::Enter(_)),
        Level::Groups | Level::Nothing => !matches!(what, What::Create(_)),
    };
    let first = trace.events.iter().position(|e| is_first(e.what)).unwrap_or(0);
    if n - first <= limits.n_events_max {
        return (first, n);
    }
    let weight = |at: usize| {
        let what = trace.events[at].what;
        usize::from(matches!(what, What::Create(_) | What::Rmdir(_) | What::Released(_)))
    };
    let mut sum: usize = (first..first + limits.n_events_max).map(weight).sum();
    let mut best = (sum, first);
    for start in first + 1..=n - limits.n_events_max {
        sum = sum + weight(start + limits.n_events_max - 1) - weight(start - 1);
        if sum > best.0 {
            best = (sum, start);
        }
    }
    (best.1, best.1 + limits.n_events_max)
}
