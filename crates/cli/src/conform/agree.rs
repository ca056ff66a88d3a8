//! Whether the checker finds, on every line of races, each kind of fault and leak that was recorded there; and what it
//! finds that was not.

use super::Programs;
use super::kinds::{Kinds, LEAK};
use super::races::{Bounds, Line, recorded};
use super::written::scenario;
use memcg_core::program::Program;
use memcg_core::schedule::LaneSpec;
use memcg_core::search::{Limits, Order, Progress, Search, Space, Wander};
use memcg_core::world::World;
use memcg_scenario::Scenario;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// Memory that one search may use, in bytes.
const N_BYTES_MAX: usize = 2 << 30;
/// States looked at in one go.
const SLICE: usize = 100_000;

/// What came of one line.
#[derive(Debug)]
pub(super) struct Agreement {
    id: String,
    lane: LaneSpec,
    n_recorded: usize,
    /// Recorded kinds that were not found.
    missing: Vec<String>,
    /// Kinds that were not recorded, with a shortest schedule of those that a search nearest first has found.
    other: BTreeMap<String, (usize, Scenario)>,
    /// Every state was looked at.
    is_complete: bool,
    n_states: usize,
}

/// What came of all lines of a file.
#[derive(Default)]
pub(super) struct Sum {
    pub(super) n_lines: usize,
    /// Recorded kinds that a complete search has not found.
    pub(super) n_missed: usize,
    n_recorded: usize,
    n_open: usize,
    n_complete: usize,
    n_states: usize,
    /// Lines with each kind that was not recorded.
    other: BTreeMap<String, usize>,
}

/// Looks for all kinds on a line.
///
/// # Errors
/// The line cannot be read, or speaks of what there is not.
pub(super) fn line(
    text: &str,
    programs: &mut Programs,
    bounds: &Bounds,
) -> Result<Agreement, String> {
    let line = Line::read(text)?;
    let (lane, program, world) =
        recorded(&line, programs, bounds.exchange).map_err(|why| format!("{}: {why}", line.id))?;
    let faults = line.outcomes.iter().filter_map(|o| o.fault.clone());
    let leaks = line.outcomes.iter().filter(|o| o.never_freed.iter().flatten().next().is_some());
    let kinds: BTreeSet<String> = faults.chain(leaks.map(|_| LEAK.into())).collect();
    let mut agreement = Agreement {
        id: line.id,
        lane,
        n_recorded: kinds.len(),
        missing: Vec::new(),
        other: BTreeMap::new(),
        is_complete: false,
        n_states: 0,
    };
    agreement.look(&program, &world, kinds, bounds);
    Ok(agreement)
}

impl Agreement {
    fn look(
        &mut self,
        program: &Arc<Program>,
        world: &Arc<World>,
        recorded: BTreeSet<String>,
        bounds: &Bounds,
    ) {
        let limits = Limits { n_states_max: bounds.n_states_max, n_bytes_max: N_BYTES_MAX };
        let space =
            |reduced| Space::new(Arc::clone(program), Arc::clone(world), reduced).with_symmetry();
        let mut kinds = Kinds::new(space(true).start(), recorded);
        let mut search = Search::new(space(true), Order::BreadthFirst, limits);
        let mut progress = self.search(&mut search, &mut kinds);
        if search.space().is_reduction_void() {
            // What the reduction rests on does not hold under this policy.
            search = Search::new(space(false), Order::BreadthFirst, limits);
            kinds.found.clear();
            progress = self.search(&mut search, &mut kinds);
        }
        self.is_complete = progress == Progress::Complete;
        for (kind, place) in &kinds.found {
            if !kinds.recorded.contains(kind) {
                let path = search.path_with(place.from, place.choice);
                let title = format!("{}: {kind}, not recorded", self.id);
                let schedule = search.space().moves(&path);
                let scenario = scenario(title, world, &self.lane, &schedule);
                self.other.insert(kind.clone(), (path.len(), scenario));
            }
        }
        if !self.is_complete && kinds.missing().next().is_some() {
            // Deeper for what was recorded, in other orders.
            kinds.known.extend(std::mem::take(&mut kinds.found).into_keys());
            kinds.only_recorded = true;
            search.restart(Order::FewestPreemptions, limits);
            self.search(&mut search, &mut kinds);
            let mut wander = Wander::new(space(true), 1, N_BYTES_MAX);
            let n_steps_max = bounds.n_drawn_max as u64;
            while wander.n_steps() < n_steps_max
                && wander.run(SLICE as u64, &mut kinds) == Progress::More
            {}
        }
        self.missing = kinds.missing().cloned().collect();
    }

    fn search(&mut self, search: &mut Search, kinds: &mut Kinds) -> Progress {
        let progress = loop {
            match search.run(SLICE, kinds) {
                Progress::More => {}
                done => break done,
            }
        };
        self.n_states += search.n_states();
        progress
    }

    /// Says what is not as recorded; `all`: every line, and schedules.
    pub(super) fn tell(&self, all: bool, say: &mut dyn FnMut(&str)) {
        let how = if self.is_complete { "complete" } else { "bounded" };
        if all {
            let n_found = self.n_recorded - self.missing.len();
            let Self { id, n_recorded, n_states, .. } = self;
            say(&format!(
                "  {id}: {n_found} of {n_recorded} kinds found, {how}, {n_states} states"
            ));
        }
        for kind in &self.missing {
            say(&format!("  {}: not found: {kind} ({how})", self.id));
        }
        for (kind, (n_steps, scenario)) in &self.other {
            say(&format!(
                "  {}: not recorded: {kind}, {n_steps} steps, under {}",
                self.id, self.lane
            ));
            if all {
                memcg_scenario::print(scenario)
                    .lines()
                    .for_each(|line| say(&format!("    {line}")));
            }
        }
    }
}

impl Sum {
    pub(super) fn add(&mut self, line: &Agreement) {
        self.n_lines += 1;
        self.n_recorded += line.n_recorded;
        self.n_states += line.n_states;
        self.n_complete += usize::from(line.is_complete);
        *(if line.is_complete { &mut self.n_missed } else { &mut self.n_open }) +=
            line.missing.len();
        for kind in line.other.keys() {
            *self.other.entry(kind.clone()).or_default() += 1;
        }
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { n_lines, n_recorded, n_missed, n_open, n_complete, n_states, other } = self;
        let n_found = n_recorded - n_missed - n_open;
        write!(f, "{n_lines} lines, {n_recorded} kinds recorded: {n_found} found, ")?;
        write!(f, "{n_open} not decided, {n_missed} not found; ")?;
        write!(
            f,
            "{n_complete} lines complete, {} bounded; {n_states} states",
            n_lines - n_complete
        )?;
        for (kind, n) in other {
            write!(f, "; not recorded: {kind} on {n} lines")?;
        }
        Ok(())
    }
}
