//! From a scenario to a world: paths become ids, and what they do not say is said.
//!
//! One pass for texts, which have places, and for scenarios made by a program, which have none.
//! Runs nothing; of what happens in time it looks only at one thread's operations in their order.

mod admin;
pub(crate) mod names;

use crate::{
    diagnostic::{Diagnostic, Problem, Problems, Severity, Span},
    parse::{N_ZONES_MAX, NODE_MAX, PRIORITY_MAX, check_thread_name},
    scenario::{RoleText, Scenario},
};
use alloc::{format, string::String, vec, vec::Vec};
use memcg_core::order::order_by_key;
use memcg_core::{
    hierarchy::{GroupId, Hierarchy},
    listing::nearest,
    schedule::Move,
    world::{Cookie, GroupSpec, Role, ThreadSpec, Until, World},
};
use names::{Names, Target};

/// Where the parts of a scenario stand in its text; empty for one without a text.
#[derive(Debug, Default)]
pub(crate) struct Spans {
    /// A thread's name, the path of its root, its operations.
    pub(crate) threads: Vec<Span>,
    pub(crate) roots: Vec<Span>,
    pub(crate) ops: Vec<Vec<Span>>,
    /// The first move of every line.
    pub(crate) moves: Vec<(usize, Span)>,
    pub(crate) lanes: Vec<Span>,
    pub(crate) expectations: Vec<Span>,
    /// The comparisons of every condition.
    pub(crate) checks: Vec<Vec<Span>>,
    /// The same of what is watched.
    pub(crate) watches: Vec<Vec<Span>>,
}

impl Scenario {
    /// The world that the scenario describes, without what does not resolve.
    pub fn world(&self) -> (World, Vec<Diagnostic>) {
        let mut problems = Problems::default();
        let world = resolve(self, &Spans::default(), &mut problems);
        (world, problems.unplaced())
    }
}

pub(crate) fn resolve(scenario: &Scenario, spans: &Spans, problems: &mut Problems) -> World {
    let mut world = World::new(&scenario.hierarchy);
    world.preemption = scenario.preemption;
    world.use_hierarchy = scenario.use_hierarchy;
    let names = Names::of(scenario);
    let ids = make_groups(&mut world, &names);
    let lanes = scenario.lanes.iter().map(|lane| format!("{lane}")).collect();
    let context = Context { scenario, spans, names, ids, lanes };
    context.threads(&mut world, problems);
    context.moves(problems);
    context.expectations(problems);
    crate::conditions::resolve(scenario, spans, &world, problems, &|path| {
        context.unknown_group(path, None)
    });
    world
}

/// Gives ids to the groups that are made later: parents first, then in the order of threads.
fn make_groups(world: &mut World, names: &Names) -> Vec<Option<GroupId>> {
    let mut ids = vec![None; names.made.len()];
    let order = order_by_key(names.made.len(), |at| names.made[at].path.matches('/').count());
    for at in order {
        let made = &names.made[at];
        let parent = match made.parent {
            Some(Target::Initial(id)) => Some(id),
            Some(Target::Made(parent)) => ids[parent],
            None => None,
        };
        if parent.is_none() || world.groups.len() >= Hierarchy::N_GROUPS_MAX {
            continue;
        }
        ids[at] = u32::try_from(world.groups.len()).ok().map(GroupId);
        world.groups.push(GroupSpec { path: made.path.clone(), parent });
    }
    ids
}

struct Context<'s> {
    scenario: &'s Scenario,
    spans: &'s Spans,
    names: Names,
    /// Ids of the groups that are made.
    ids: Vec<Option<GroupId>>,
    /// The lanes as they are written.
    lanes: Vec<String>,
}

impl Context<'_> {
    fn id(&self, target: Target) -> Option<GroupId> {
        match target {
            Target::Initial(id) => Some(id),
            Target::Made(at) => self.ids.get(at).copied().flatten(),
        }
    }

    fn threads(&self, world: &mut World, problems: &mut Problems) {
        let removed = self.names.removed(&self.scenario.threads);
        let mut pins = admin::Pins::default();
        for (at, text) in self.scenario.threads.iter().enumerate() {
            let span = self.spans.threads.get(at).copied();
            let error = |message: String| Problem {
                severity: Severity::Error,
                span,
                message,
                suggestion: None,
            };
            let earlier = &self.scenario.threads[..at];
            if let Err(message) = check_thread_name(&text.name, earlier) {
                problems.note(|| error(message));
                continue;
            }
            if world.threads.len() >= World::N_THREADS_MAX {
                let message = format!("at most {} threads are possible", World::N_THREADS_MAX);
                problems.note(|| error(message));
                continue;
            }
            let role = match &text.role {
                RoleText::Reclaimer { root, cookie, until } => {
                    if let Err(message) = check_reclaimer(*cookie, *until) {
                        problems.note(|| error(message.into()));
                        continue;
                    }
                    let Some(root) = self.root(at, root, problems) else { continue };
                    Role::Reclaimer { root, cookie: *cookie, until: *until }
                }
                RoleText::Admin(ops) => {
                    if ops.is_empty() {
                        problems.note(|| Problem {
                            severity: Severity::Warning,
                            ..error("this thread does nothing".into())
                        });
                    }
                    Role::Admin(self.admin(at, ops, &removed, &mut pins, problems))
                }
            };
            world.threads.push(ThreadSpec { name: text.name.clone(), role });
        }
    }

    fn root(&self, thread: usize, root: &str, problems: &mut Problems) -> Option<GroupId> {
        let span = self.spans.roots.get(thread).copied();
        match self.names.find(root) {
            Some(Target::Initial(id)) => Some(id),
            Some(Target::Made(_)) => {
                problems.note(|| {
                    let message = "a walk's root exists from the start; this group is made later";
                    Problem {
                        severity: Severity::Error,
                        span,
                        message: message.into(),
                        suggestion: None,
                    }
                });
                None
            }
            None => {
                problems.note(|| self.unknown_group(root, span));
                None
            }
        }
    }

    fn unknown_group(&self, path: &str, span: Option<Span>) -> Problem {
        let meant = self.names.nearest(&self.scenario.hierarchy, path);
        Problem {
            severity: Severity::Error,
            span,
            message: format!("there is no cgroup \"{}\"", shown(path)),
            suggestion: meant.map(|m| format!("did you mean \"{m}\"?")),
        }
    }

    fn moves(&self, problems: &mut Problems) {
        let known = || self.scenario.threads.iter().map(|t| t.name.as_str()).chain([World::WORKER]);
        let mut run = 0;
        let mut last: Option<&Move> = None;
        for (at, one) in self.scenario.schedule.iter().enumerate() {
            while self.spans.moves.get(run + 1).is_some_and(|(first, _)| *first <= at) {
                run += 1;
            }
            // A run of equal moves is one line and one mistake.
            if last.replace(one) == Some(one) {
                continue;
            }
            let span = self.spans.moves.get(run).map(|(_, span)| *span);
            let thread = one.thread();
            if !known().any(|name| name == thread) {
                problems.note(|| {
                    let meant = if thread.len() <= 80 { nearest(thread, known()) } else { None };
                    Problem {
                        severity: Severity::Error,
                        span,
                        message: format!("there is no thread \"{}\"", shown(thread)),
                        suggestion: meant.map(|m| format!("did you mean \"{m}\"?")),
                    }
                });
            }
            match one {
                Move::Work { group, .. } if self.names.find(group).is_none() => {
                    problems.note(|| self.unknown_group(group, span));
                }
                Move::To { lane: Some(lane), .. } => self.lane(lane, span, problems),
                Move::Work { .. } | Move::To { .. } | Move::Call { .. } | Move::Begin { .. } => {}
            }
        }
    }

    fn expectations(&self, problems: &mut Problems) {
        for (at, expectation) in self.scenario.expectations.iter().enumerate() {
            let span = self.spans.expectations.get(at).copied();
            self.lane(&format!("{}", expectation.lane), span, problems);
            if let Some(group) =
                expectation.group.as_deref().filter(|g| self.names.find(g).is_none())
            {
                problems.note(|| self.unknown_group(group, span));
            }
        }
    }

    /// Notes a lane that is not compared.
    fn lane(&self, lane: &str, span: Option<Span>, problems: &mut Problems) {
        if self.lanes.iter().any(|l| l == lane) {
            return;
        }
        problems.note(|| {
            let near = if lane.len() <= 80 {
                nearest(lane, self.lanes.iter().map(|l| &**l))
            } else {
                None
            };
            Problem {
                severity: Severity::Warning,
                span,
                message: format!("\"{}\" is not among those compared", shown(lane)),
                suggestion: near.map(|m| format!("did you mean \"{m}\"?")),
            }
        });
    }
}

/// Bounds that a text is held to while it is read, for scenarios that were not read.
fn check_reclaimer(cookie: Option<Cookie>, until: Until) -> Result<(), &'static str> {
    if let Some(cookie) = cookie {
        if u32::from(cookie.node) > NODE_MAX {
            return Err("the node's number is too large");
        }
        if cookie.n_zones == 0 || u32::from(cookie.n_zones) > N_ZONES_MAX {
            return Err("a node has 1 to 8 zones");
        }
        if cookie.priority_to > cookie.priority_from
            || u32::from(cookie.priority_from) > PRIORITY_MAX
        {
            return Err("priorities go downwards from 12 at most");
        }
    }
    match until {
        Until::Rounds(Some(0))
        | Until::Calls(0)
        | Until::Visits { n_visits: 0, .. }
        | Until::Visits { n_walks: Some(0), .. } => Err("a reclaimer does at least one call"),
        Until::Rounds(_) | Until::Calls(_) | Until::Visits { .. } => Ok(()),
    }
}

/// A name as a message shows it: cut if it is long.
pub(crate) fn shown(name: &str) -> String {
    if name.chars().count() <= 80 {
        return name.into();
    }
    name.chars().take(79).chain(['…']).collect()
}
