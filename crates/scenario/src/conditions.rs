//! Conditions, from names to ids, and read from texts of their own.
//!
//! What a condition means does not depend on a policy: a slot is found by root, node, zone and priority, as threads
//! name it, and a policy that tells slots apart by less looks at less.

use crate::{
    diagnostic::{Diagnostic, Problem, Problems, Severity, Span},
    parse, print,
    resolve::{Spans, shown},
    scenario::{ConditionText, Scenario, WatchText},
};
use alloc::{format, string::String, vec::Vec};
use memcg_core::{
    condition::{Condition, Rename, Slot, Subject, Term, Watch},
    hierarchy::GroupId,
    listing::nearest,
    machine::ThreadId,
    world::{Cookie, Role, World},
};

/// The conditions of a scenario, each with its place among those written.
pub type Conditions = Vec<(usize, Condition)>;

impl Scenario {
    /// The conditions in a world of this scenario, without those that name what is not there ([`Self::world`] says so).
    pub fn conditions(&self, world: &World) -> Conditions {
        let resolved = self.checks.iter().enumerate().filter_map(|(at, condition)| {
            let resolved = resolved(condition, &[], world, &mut Problems::default(), &|path| {
                unknown("cgroup", path, None)
            });
            Some((at, resolved?))
        });
        resolved.collect()
    }
}

impl Scenario {
    /// What is watched in a world of this scenario, without what is not there.
    pub fn watched(&self, world: &World) -> Vec<Watch> {
        let resolved = |watch| {
            watched(watch, &[], world, &mut Problems::default(), &|path| {
                unknown("cgroup", path, None)
            })
        };
        self.watches.iter().filter_map(resolved).collect()
    }
}

/// Reads a line of what is watched, such as `refs of ct-101` or `visits of ct-101 <= 1`, in the world of a scenario.
///
/// # Errors
/// What is wrong with it, by places in the text.
pub fn read_watch(text: &str, world: &World) -> Result<WatchText, Vec<Diagnostic>> {
    let mut problems = Problems::default();
    let read = parse::read_watch(text, &mut problems).filter(|(watch, spans)| {
        watched(watch, spans, world, &mut problems, &|path| near(world, path)).is_some()
    });
    read.map(|(watch, _)| watch).ok_or_else(|| problems.locate(text).0)
}

/// What is watched, as it stands in a scenario's text.
pub fn watch_text(watch: &WatchText) -> String {
    print::written_watch(watch)
}

fn watched(
    watch: &WatchText,
    spans: &[Span],
    world: &World,
    problems: &mut Problems,
    near: &dyn Fn(&str) -> Problem,
) -> Option<Watch> {
    Some(match watch {
        Watch::Value(subject) => {
            let mut ids = Ids { world, span: spans.first().copied(), problems, near };
            let subject = subject.renamed(&mut ids)?;
            Watch::Value(ids.placed(subject)?)
        }
        Watch::Holds(condition) => Watch::Holds(resolved(condition, spans, world, problems, near)?),
    })
}

/// Reads one condition, such as `always visits of ct-101 <= 1`, in the world of a scenario.
///
/// # Errors
/// What is wrong with it, by places in the text.
pub fn read_condition(text: &str, world: &World) -> Result<Condition, Vec<Diagnostic>> {
    let mut problems = Problems::default();
    let read = parse::read_condition(text, &mut problems);
    let found = read.and_then(|(condition, spans)| {
        resolved(&condition, &spans, world, &mut problems, &|path| near(world, path))
    });
    found.ok_or_else(|| problems.locate(text).0)
}

/// Reads what a comparison looks at, such as `refs of ct-101`, in the world of a scenario: a watch expression.
///
/// # Errors
/// What is wrong with it, by places in the text.
pub fn read_subject(text: &str, world: &World) -> Result<Subject, Vec<Diagnostic>> {
    let mut problems = Problems::default();
    let read = parse::read_subject(text, &mut problems);
    let span = Span::new(0, text.len());
    let found = read.and_then(|subject| {
        let mut ids = Ids {
            world,
            span: Some(span),
            problems: &mut problems,
            near: &|path| near(world, path),
        };
        let found = subject.renamed(&mut ids)?;
        ids.placed(found)
    });
    found.ok_or_else(|| problems.locate(text).0)
}

/// A condition as it stands in a scenario's text.
pub fn condition_text(condition: &ConditionText) -> String {
    print::written(condition)
}

/// What a comparison looks at, as it stands in a scenario's text.
pub fn subject_text(subject: &Subject<String, String>) -> String {
    print::written_subject(subject)
}

/// Says what the conditions of a scenario, and what it watches, name and is not there.
pub(crate) fn resolve(
    scenario: &Scenario,
    spans: &Spans,
    world: &World,
    problems: &mut Problems,
    near: &dyn Fn(&str) -> Problem,
) {
    for (at, condition) in scenario.checks.iter().enumerate() {
        let spans = spans.checks.get(at).map_or(&[][..], |spans| spans);
        let _ = resolved(condition, spans, world, problems, near);
    }
    for (at, watch) in scenario.watches.iter().enumerate() {
        let spans = spans.watches.get(at).map_or(&[][..], |spans| spans);
        let _ = watched(watch, spans, world, problems, near);
    }
}

fn unknown(kind: &str, name: &str, meant: Option<&str>) -> Problem {
    Problem {
        severity: Severity::Error,
        span: None,
        message: format!("there is no {kind} \"{}\"", shown(name)),
        suggestion: meant.map(|meant| format!("did you mean \"{meant}\"?")),
    }
}

fn near(world: &World, path: &str) -> Problem {
    let is_short = path.len() <= 256 && world.groups.len() <= 1000;
    let known = world.groups.iter().map(|g| g.path.as_str());
    unknown("cgroup", path, if is_short { nearest(path, known) } else { None })
}

fn resolved(
    condition: &ConditionText,
    spans: &[Span],
    world: &World,
    problems: &mut Problems,
    near: &dyn Fn(&str) -> Problem,
) -> Option<Condition> {
    let mut spans = spans.iter().copied();
    let mut any = Vec::with_capacity(condition.any.len());
    let mut is_sound = true;
    for all in &condition.any {
        let mut terms: Vec<Term> = Vec::with_capacity(all.len());
        for term in all {
            let mut ids = Ids { world, span: spans.next(), problems: &mut *problems, near };
            let found = term.renamed(&mut ids).and_then(|term| {
                let subject = ids.placed(term.subject)?;
                Some(Term { subject, ..term })
            });
            is_sound &= found.is_some();
            terms.extend(found);
        }
        any.push(terms);
    }
    is_sound.then_some(Condition { mode: condition.mode, any })
}

/// Names become ids; those that mean nothing are said.
struct Ids<'a> {
    world: &'a World,
    span: Option<Span>,
    problems: &'a mut Problems,
    near: &'a dyn Fn(&str) -> Problem,
}

impl Rename<String, String, GroupId, ThreadId> for Ids<'_> {
    fn group(&mut self, path: &String) -> Option<GroupId> {
        let found = self.world.group(path);
        if found.is_none() {
            let (near, span) = (self.near, self.span);
            self.problems.note(|| Problem { span, ..near(path) });
        }
        found
    }

    fn thread(&mut self, name: &String) -> Option<ThreadId> {
        let found = self.world.thread(name);
        if found.is_none() {
            let known = self.world.threads.iter().map(|t| t.name.as_str());
            let meant = if name.len() <= 80 { nearest(name, known) } else { None };
            let span = self.span;
            self.problems.note(|| Problem { span, ..unknown("thread", name, meant) });
        }
        found
    }
}

impl Ids<'_> {
    /// A slot gets what is not said of it from the first thread that uses it.
    fn placed(&mut self, subject: Subject) -> Option<Subject> {
        let Subject::Position(slot) = &subject else { return Some(subject) };
        let cookies = self.world.threads.iter().filter_map(|thread| match thread.role {
            Role::Reclaimer { root, cookie, .. } if root == slot.root => cookie,
            Role::Reclaimer { .. } | Role::Admin(_) => None,
        });
        let cookies: Vec<Cookie> = cookies.collect();
        if let Some(cookie) = cookies.iter().find(|cookie| uses(**cookie, slot)) {
            return Some(Subject::Position(Slot {
                root: slot.root,
                node: Some(cookie.node),
                zone: Some(slot.zone.unwrap_or(0)),
                priority: Some(slot.priority.unwrap_or(cookie.priority_from)),
            }));
        }
        let path = self.world.path(slot.root);
        let span = self.span;
        self.problems.note(|| {
            let message = match cookies.first() {
                None => format!("no thread walks below \"{}\" with a shared slot", shown(path)),
                Some(_) => format!("no thread below \"{}\" uses this slot", shown(path)),
            };
            let used = cookies.first().map(|cookie| {
                format!("used is \"node {} zone 0 priority {}\"", cookie.node, cookie.priority_from)
            });
            Problem { severity: Severity::Error, span, message, suggestion: used }
        });
        None
    }
}

/// Whether a walk with this cookie comes to the slot.
fn uses(cookie: Cookie, slot: &Slot<GroupId>) -> bool {
    slot.node.is_none_or(|node| node == cookie.node)
        && slot.zone.is_none_or(|zone| zone < cookie.n_zones)
        && slot
            .priority
            .is_none_or(|priority| (cookie.priority_to..=cookie.priority_from).contains(&priority))
}
