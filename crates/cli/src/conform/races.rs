//! Lines of racing threads: every listed outcome must be reachable in the model, under the line's grace.

use super::chase::Chase;
use super::found::Found;
use super::hunt::{Hunt, Target};
use super::variant::Exchange;
use super::written::path;
use super::{Programs, variant};
use memcg_core::hierarchy::GroupId;
use memcg_core::program::Program;
use memcg_core::schedule::LaneSpec;
use memcg_core::search::Space;
use memcg_core::world::{self, Cookie, GroupSpec, Op, Preemption, Role, ThreadSpec, Until, World};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    pub(super) id: String,
    policy: String,
    grace: String,
    parents: Vec<i64>,
    threads: Vec<Thread>,
    #[serde(rename = "runs")]
    _runs: u64,
    pub(super) outcomes: Vec<Outcome>,
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
pub(super) struct Outcome {
    #[serde(rename = "count")]
    _count: u64,
    returns: Option<BTreeMap<String, Vec<Option<u32>>>>,
    pub(super) never_freed: Option<Vec<u32>>,
    pub(super) fault: Option<String>,
}

/// How far each line is searched.
#[derive(Clone, Debug)]
pub(crate) struct Bounds {
    /// States kept in the search for all outcomes of a line; twice as many in the search that comes last.
    pub(crate) n_states_max: usize,
    /// Steps of walks drawn by lot for what is left when that search was cut.
    pub(crate) n_drawn_max: usize,
    /// Outcomes that are looked for one by one when no more than these are left at last.
    pub(crate) n_alone_max: usize,
    /// Outcomes of a line that are looked for; if there are more, so many of them, evenly spread.
    pub(crate) n_sample_max: usize,
    /// Every so many-th line of a file is looked at.
    pub(crate) every: usize,
    /// How the threads of races exchange a slot's position.
    pub(crate) exchange: Exchange,
    /// Whether the checker is held to the faults and leaks of the lines, in place of the outcomes.
    pub(crate) check: bool,
    /// Whether a line of the report is printed for each line of the file.
    pub(crate) lines: bool,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            n_states_max: 2_000_000,
            n_drawn_max: 20_000_000,
            n_alone_max: 16,
            n_sample_max: usize::MAX,
            every: 1,
            exchange: Exchange::InTwo,
            check: false,
            lines: false,
        }
    }
}

/// Searches for every outcome of a line.
///
/// # Errors
/// The line cannot be read, or speaks of what there is not.
pub(super) fn line(text: &str, programs: &mut Programs, bounds: &Bounds) -> Result<Found, String> {
    let line = Line::read(text)?;
    judge(&line, programs, bounds).map_err(|why| format!("{}: {why}", line.id))
}

impl Line {
    pub(super) fn read(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|e| format!("cannot be read: {e}"))
    }
}

/// What was recorded: the program and the world.
pub(super) fn recorded(
    line: &Line,
    programs: &mut Programs,
    exchange: Exchange,
) -> Result<(LaneSpec, Arc<Program>, Arc<World>), String> {
    let own = memcg_core::listing::header(&variant::text(&line.policy)?).get("core").to_string();
    // What a grace says is which core the kill runs on: one that waits, or one that does not.
    let core = match (line.grace.as_str(), own.as_str()) {
        ("none", _) => Some("bias"),
        ("rcu" | "sched-only", "bias") => Some("percpu-ref"),
        ("rcu" | "sched-only", _) => None,
        (other, _) => return Err(format!("the grace \"{other}\" is not known")),
    };
    let recording = variant::Recording::Races { core, rcu: line.grace == "rcu", exchange };
    let program = variant::program(&line.policy, recording, programs)?;
    let lane = LaneSpec { policy: line.policy.clone(), core: core.map(Into::into) };
    Ok((lane, program, Arc::new(world(line)?)))
}

fn judge(line: &Line, programs: &mut Programs, bounds: &Bounds) -> Result<Found, String> {
    let (_, program, world) = recorded(line, programs, bounds.exchange)?;
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
    let mut chase = Chase::new(hunt, bounds);
    let mut is_complete = chase.all(&space);
    if chase.is_void && chase.hunt.n_left() > 0 {
        is_complete = chase.all(&Space::new(program, world, false));
    }
    let n_left = chase.hunt.n_left();
    Ok(Found {
        id: line.id.clone(),
        n_outcomes: n,
        n_sought,
        n_reached: n_sought - n_left,
        is_complete: is_complete || n_left == 0,
        n_states: chase.n_states,
        n_steps: chase.n_steps,
        missing: chase.hunt.missing(),
        other_faults: chase.hunt.other_faults.into_iter().collect(),
    })
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
    let mut groups: Vec<GroupSpec> = Vec::new();
    for (at, parent) in parents.chain(made.into_iter().map(Some)).enumerate() {
        if parent.is_some_and(|p| p as usize >= at) || (parent.is_none() && at > 0) {
            return Err(format!("the parent of cgroup {at} does not come before it"));
        }
        let above = parent.map(|p| groups[p as usize].path.as_str());
        groups.push(GroupSpec { path: path(above, at), parent: parent.map(GroupId) });
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
    let preemption = if line.grace == "sched-only" { Preemption::Full } else { Preemption::None };
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
