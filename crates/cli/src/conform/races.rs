//! Lines of racing threads: every listed outcome must be reachable in the model, under the line's grace.

use super::hunt::{Hunt, Target};
use super::{Programs, variant};
use memcg_core::hierarchy::GroupId;
use memcg_core::search::{Limits, Order, Progress, Search, Space, Watch as _};
use memcg_core::world::{self, Cookie, GroupSpec, Op, Preemption, Role, ThreadSpec, Until, World};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Line {
    id: String,
    policy: String,
    grace: String,
    parents: Vec<i64>,
    threads: Vec<Thread>,
    #[serde(rename = "runs")]
    _runs: u64,
    outcomes: Vec<Outcome>,
}

#[derive(Deserialize, Debug)]
#[serde(tag = "kind", rename_all = "lowercase", deny_unknown_fields)]
enum Thread {
    Reclaim { root: u32, priority: u8, calls: u32 },
    Rmdir { cgroup: u32 },
    Mkdir { parent: u32 },
}

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Outcome {
    #[serde(rename = "count")]
    _count: u64,
    returns: Option<BTreeMap<String, Vec<Option<u32>>>>,
    never_freed: Option<Vec<u32>>,
    fault: Option<String>,
}

/// How far each line is searched.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    /// States kept in the search for all outcomes of a line.
    pub(crate) n_states_max: usize,
    /// States of all the small searches for what is left when that search was cut.
    pub(crate) n_states_drawn_max: usize,
    /// Outcomes of a line that are looked for; if there are more, so many of them, evenly spread.
    pub(crate) n_sample_max: usize,
    /// Whether a line of the report is printed for each line of the file.
    pub(crate) lines: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { n_states_max: 2_000_000, n_states_drawn_max: 40_000_000, n_sample_max: usize::MAX, lines: false }
    }
}

/// What came of one line.
#[derive(Debug)]
pub(super) struct Found {
    id: String,
    n_outcomes: usize,
    n_sought: usize,
    n_reached: usize,
    /// Everything was searched that could lead to an outcome which was not reached.
    is_complete: bool,
    n_states: usize,
    n_steps: u64,
    missing: Vec<String>,
    other_faults: Vec<String>,
}

/// What came of all lines of a file.
#[derive(Default)]
pub(super) struct Sum {
    pub(super) n_lines: usize,
    /// Outcomes that a complete search has not reached.
    pub(super) n_missed: usize,
    n_outcomes: usize,
    n_sought: usize,
    n_reached: usize,
    n_bounded: usize,
    n_states: usize,
    n_steps: u64,
}

impl Found {
    fn n_missed(&self) -> usize {
        if self.is_complete { self.n_sought - self.n_reached } else { 0 }
    }

    pub(super) fn tell(&self, all: bool, say: &mut dyn FnMut(&str)) {
        if all || self.n_missed() > 0 {
            say(&self.to_string());
            let n_shown = if all { 20 } else { 3 };
            self.missing.iter().take(n_shown).for_each(|m| say(&format!("    not reached: {m}")));
            if self.missing.len() > n_shown {
                say(&format!("    and {} more", self.missing.len() - n_shown));
            }
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, n_sought, n_reached, n_states, n_steps, .. } = self;
        let how = if self.is_complete { "complete" } else { "bounded" };
        write!(f, "  {id}: {n_reached} of {n_sought} outcomes reached, ")?;
        if self.n_sought < self.n_outcomes {
            write!(f, "sampled from {}, ", self.n_outcomes)?;
        }
        write!(f, "{how}, {n_states} states, {n_steps} steps")?;
        if !self.other_faults.is_empty() {
            write!(f, "; not recorded: {}", self.other_faults.join(", "))?;
        }
        Ok(())
    }
}

impl Sum {
    pub(super) fn add(&mut self, found: &Found) {
        self.n_lines += 1;
        self.n_missed += found.n_missed();
        self.n_outcomes += found.n_outcomes;
        self.n_sought += found.n_sought;
        self.n_reached += found.n_reached;
        self.n_bounded += usize::from(!found.is_complete);
        self.n_states += found.n_states;
        self.n_steps += found.n_steps;
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { n_lines, n_outcomes, n_sought, n_reached, n_bounded, .. } = self;
        let per_mille = (n_sought * 1000).checked_div(*n_outcomes).unwrap_or(1000);
        write!(f, "{n_lines} lines, {n_outcomes} outcomes: {n_reached} reached, ")?;
        write!(f, "{} not reached; ", n_sought - n_reached)?;
        write!(f, "{} lines complete, {n_bounded} bounded; ", n_lines - n_bounded)?;
        write!(f, "{} states, {} steps; ", self.n_states, self.n_steps)?;
        write!(f, "{}.{} % of outcomes sampled", per_mille / 10, per_mille % 10)
    }
}

/// Searches for every outcome of a line.
///
/// # Errors
/// The line cannot be read, or speaks of what there is not.
pub(super) fn line(text: &str, programs: &mut Programs, bounds: &Bounds) -> Result<Found, String> {
    let line: Line = serde_json::from_str(text).map_err(|e| format!("cannot be read: {e}"))?;
    judge(&line, programs, bounds).map_err(|why| format!("{}: {why}", line.id))
}

fn judge(line: &Line, programs: &mut Programs, bounds: &Bounds) -> Result<Found, String> {
    let own = memcg_core::listing::header(&variant::text(&line.policy)?).get("core").to_string();
    // What a grace says is which core the kill runs on: one that waits, or one that does not.
    let core = match (line.grace.as_str(), own.as_str()) {
        ("none", _) => Some("bias"),
        ("rcu" | "sched-only", "bias") => Some("percpu-ref"),
        ("rcu" | "sched-only", _) => None,
        (other, _) => return Err(format!("the grace \"{other}\" is not known")),
    };
    let recording = variant::Recording::Races { core, rcu: line.grace == "rcu" };
    let program = variant::program(&line.policy, recording, programs)?;
    let world = Arc::new(world(line)?);
    let n_groups = world.groups.len();
    let mut targets = Vec::new();
    let mut faults = Vec::new();
    let n = line.outcomes.len();
    let n_sought = n.min(bounds.n_sample_max);
    // Evenly spread: the first comes most often, the last once.
    let sought = (0..n_sought).filter_map(|at| line.outcomes.get(at * n / n_sought));
    for outcome in sought {
        match (&outcome.fault, &outcome.returns) {
            (Some(fault), None) => faults.push(fault.clone()),
            (None, Some(_)) => targets.push(target(line, outcome, n_groups)?),
            _ => return Err("an outcome has either \"returns\" or a \"fault\"".into()),
        }
    }
    let removed = line.threads.iter().filter_map(|t| match t {
        Thread::Rmdir { cgroup } => Some(*cgroup),
        Thread::Reclaim { .. } | Thread::Mkdir { .. } => None,
    });
    let mut removed: Vec<u32> = removed.collect();
    removed.sort_unstable();
    let space = Space::new(Arc::clone(&program), Arc::clone(&world), true);
    let hunt = Hunt::new(targets, faults, removed, space.start());
    let mut chase = Chase { hunt, bounds, n_states: 0, n_steps: 0, is_void: false };
    let mut is_complete = chase.all(space);
    if chase.is_void && chase.n_left() > 0 {
        // The policy drops references of groups that stay: nothing may be left out.
        is_complete = chase.all(Space::new(program, world, false));
    }
    Ok(chase.found(line, n_sought, is_complete))
}

fn limits(n_states_max: usize) -> Limits {
    Limits { n_states_max, n_bytes_max: 4 << 30 }
}

/// States of the smallest search drawn by lot.
const N_STATES_DRAWN: usize = 500;

/// 1 1 2 1 1 2 4 1 1 2 …: sizes to begin anew with when nobody knows how far away the end is (Luby, Sinclair and
/// Zuckerman, 1993).
fn luby(at: usize) -> usize {
    let mut at = at;
    loop {
        let size = (at + 1).next_power_of_two();
        if size == at + 1 {
            return size / 2;
        }
        at -= size / 2 - 1;
    }
}

/// The searches for one line's outcomes.
struct Chase<'b> {
    hunt: Hunt,
    bounds: &'b Bounds,
    n_states: usize,
    n_steps: u64,
    is_void: bool,
}

impl Chase<'_> {
    /// All that is left at once, then, as far as the bound cut that, one by one; whether all was searched.
    fn all(&mut self, space: Space) -> bool {
        let first = limits(self.bounds.n_states_max);
        let order = if std::env::var("EVEN").is_ok() { Order::EvenMarks(1) } else { Order::FewestPreemptions };
        let mut search = Search::new(space, order, first);
        self.hunt.aim(&|_| true);
        let mut is_complete = self.run(&mut search);
        if !is_complete {
            is_complete = self.draw(&mut search);
        }
        if self.hunt.faults_left() {
            self.hunt.aim_at_faults();
            search.restart(Order::FewestPreemptions, first);
            is_complete &= self.run(&mut search);
        }
        self.is_void |= search.space().is_reduction_void();
        self.n_steps += search.n_steps();
        is_complete
    }

    /// Many small searches, each in an order of its own, for all that is left; whether one of them was complete.
    fn draw(&mut self, search: &mut Search) -> bool {
        let end = self.n_states + self.bounds.n_states_drawn_max;
        let mut seed = 0;
        while !self.hunt.is_over() && self.n_states < end {
            seed += 1;
            let n_states_max = N_STATES_DRAWN * luby(seed);
            search.restart(Order::Drawn(seed as u64), limits(n_states_max));
            if self.run(search) {
                return true;
            }
        }
        false
    }

    fn run(&mut self, search: &mut Search) -> bool {
        let progress = loop {
            match search.run(100_000, &mut self.hunt) {
                Progress::More => {}
                done => break done,
            }
        };
        self.n_states += search.n_states();
        progress != Progress::Full
    }

    fn n_left(&self) -> usize {
        let n_targets = self.hunt.targets.iter().filter(|t| !t.is_reached).count();
        n_targets + self.hunt.faults.iter().filter(|(_, is_reached)| !is_reached).count()
    }

    fn found(self, line: &Line, n_sought: usize, is_complete: bool) -> Found {
        let n_left = self.n_left();
        let targets = self.hunt.targets.iter().filter(|t| !t.is_reached).map(ToString::to_string);
        let faults = self.hunt.faults.iter().filter(|(_, is_reached)| !is_reached);
        Found {
            id: line.id.clone(),
            n_outcomes: line.outcomes.len(),
            n_sought,
            n_reached: n_sought - n_left,
            is_complete,
            n_states: self.n_states,
            n_steps: self.n_steps,
            missing: targets.chain(faults.map(|(name, _)| name.clone())).collect(),
            other_faults: self.hunt.other_faults.into_iter().collect(),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (thread, returns) in self.returns.iter().enumerate().filter(|(_, r)| !r.is_empty()) {
            let words = returns.iter().map(|word| match word.checked_sub(1) {
                Some(group) => group.to_string(),
                None => "null".into(),
            });
            write!(f, "{thread}: [{}] ", words.collect::<Vec<_>>().join(", "))?;
        }
        if !self.never_freed.is_empty() {
            write!(f, "never freed: {:?}", self.never_freed)?;
        }
        Ok(())
    }
}

fn target(line: &Line, outcome: &Outcome, n_groups: usize) -> Result<Target, String> {
    let mut returns = vec![Vec::new(); line.threads.len()];
    for (thread, words) in outcome.returns.iter().flatten() {
        let at = thread.parse::<usize>().ok();
        let walker = at.filter(|at| matches!(line.threads.get(*at), Some(Thread::Reclaim { .. })));
        let at = walker.ok_or_else(|| format!("\"{thread}\" in \"returns\" is not a reclaimer"))?;
        returns[at] = words.iter().map(|w| w.map_or(0, |group| group.saturating_add(1))).collect();
        if let Some(bad) = returns[at].iter().find(|w| **w as usize > n_groups) {
            return Err(format!("a return names cgroup {}, which there is not", bad - 1));
        }
    }
    let mut never_freed = outcome.never_freed.clone().unwrap_or_default();
    never_freed.sort_unstable();
    Ok(Target { returns, never_freed, is_reached: false })
}

fn world(line: &Line) -> Result<World, String> {
    let n_initial = line.parents.len();
    let made: Vec<u32> = line
        .threads
        .iter()
        .filter_map(|t| match t {
            Thread::Mkdir { parent } => Some(*parent),
            Thread::Reclaim { .. } | Thread::Rmdir { .. } => None,
        })
        .collect();
    if made.len() > 1 {
        return Err("more than one mkdir: which gets which number is not said".into());
    }
    let parents = line.parents.iter().map(|p| u32::try_from(*p).ok());
    let mut groups = Vec::new();
    for (at, parent) in parents.chain(made.into_iter().map(Some)).enumerate() {
        if parent.is_some_and(|p| p as usize >= at) || (parent.is_none() && at > 0) {
            return Err(format!("the parent of cgroup {at} does not come before it"));
        }
        groups.push(GroupSpec { path: at.to_string(), parent: parent.map(GroupId) });
    }
    if line.threads.len() > World::N_THREADS_MAX {
        return Err(format!("more than {} threads", World::N_THREADS_MAX));
    }
    let mut threads = Vec::new();
    for (at, thread) in line.threads.iter().enumerate() {
        let role = match *thread {
            Thread::Reclaim { root, priority, calls } => Role::Reclaimer {
                root: group(root, n_initial)?,
                cookie: Some(Cookie {
                    node: 0,
                    n_zones: 1,
                    priority_from: priority,
                    priority_to: priority,
                }),
                until: Until::Calls(calls),
            },
            Thread::Rmdir { cgroup } => Role::Admin(vec![Op::Rmdir(group(cgroup, n_initial)?)]),
            Thread::Mkdir { .. } => Role::Admin(vec![Op::Mkdir(GroupId(
                u32::try_from(n_initial).map_err(|e| e.to_string())?,
            ))]),
        };
        threads.push(ThreadSpec { name: format!("thread{at}"), role });
    }
    let preemption =
        if line.grace == "sched-only" { Preemption::Full } else { Preemption::None };
    Ok(World {
        groups,
        n_initial,
        threads,
        preemption,
        use_hierarchy: true,
        bounds: world::Bounds::default(),
    })
}

fn group(number: u32, n_groups: usize) -> Result<GroupId, String> {
    if (number as usize) < n_groups {
        return Ok(GroupId(number));
    }
    Err(format!("there is no cgroup {number}"))
}
