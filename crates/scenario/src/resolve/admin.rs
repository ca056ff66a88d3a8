//! An administrator's operations: which groups they mean, and what the kernel would answer.
//!
//! Looks at one thread's operations in their order and at no other thread: what the kernel will
//! answer in the end depends on the schedule, so most of what is found here is a warning.

use super::{
    Context,
    names::{Tally, Target},
    shown,
};
use crate::{
    diagnostic::{Problem, Problems, Severity, Span},
    scenario::{OpText, Verb},
};
use alloc::{format, string::String, vec::Vec};
use memcg_core::{hierarchy::GroupId, world::Op};

/// Outside references taken and not dropped, by group; over all threads.
pub(super) type Pins = Tally;

/// What one thread has done so far.
#[derive(Default)]
struct Done {
    removed: Tally,
    /// Children made less children removed.
    n_children: Tally,
}

impl Context<'_> {
    pub(super) fn admin(
        &self,
        thread: usize,
        ops: &[OpText],
        removed: &Tally,
        pins: &mut Pins,
        problems: &mut Problems,
    ) -> Vec<Op> {
        let mut done = Done::default();
        let mut out = Vec::with_capacity(ops.len());
        let mut made = self.names.made.partition_point(|m| m.thread < thread);
        for (at, op) in ops.iter().enumerate() {
            let span = self.spans.ops.get(thread).and_then(|ops| ops.get(at)).copied();
            let target = if op.verb == Verb::Mkdir {
                made += 1;
                Some(Target::Made(made - 1))
            } else {
                self.names.find(&op.group)
            };
            let Some(target) = target else {
                problems.note(|| self.unknown_group(&op.group, span));
                continue;
            };
            let found = match op.verb {
                Verb::Mkdir => self.mkdir(made - 1, op, removed, &mut done),
                Verb::Rmdir => self.rmdir(target, op, (thread, at), &mut done),
                Verb::Pin => {
                    *pins.entry(target).or_default() += 1;
                    None
                }
                Verb::Unpin => {
                    let n = pins.entry(target).or_default();
                    *n -= 1;
                    let lacks = *n < 0;
                    *n = (*n).max(0);
                    lacks.then(|| {
                        Found::warning("no operation before this one pins the group".into())
                    })
                }
            };
            let sound = !matches!(found, Some(Found { severity: Severity::Error, .. }));
            if let Some(found) = found {
                problems.note(|| found.problem(span));
            }
            if let (true, Some(id)) = (sound, self.id(target)) {
                out.push(op_of(op.verb, id));
            }
        }
        out
    }

    fn mkdir(&self, made: usize, op: &OpText, removed: &Tally, done: &mut Done) -> Option<Found> {
        let group = &self.names.made[made];
        if op.group == "/" {
            return Some(Found::error("the root cgroup exists from the start".into()));
        }
        let Some(parent) = group.parent else {
            let above = super::names::split(&op.group).0;
            let problem = self.unknown_group(above, None);
            return Some(Found { suggestion: problem.suggestion, ..Found::error(problem.message) });
        };
        if self.id(Target::Made(made)).is_none() {
            let message = "this group has no place: its parent is not made, or there are too many";
            return Some(Found::error(message.into()));
        }
        *done.n_children.entry(parent).or_default() += 1;
        if done.removed.contains_key(&parent) {
            let above = super::names::split(&op.group).0;
            let again = format!("{above}#2");
            let meant = self
                .names
                .find(&again)
                .map(|_| format!("did you mean \"{again}/{}\"?", group.name));
            let message = format!("\"{}\" is removed before this", shown(above));
            return Some(Found { suggestion: meant, ..Found::warning(message) });
        }
        if group.before.is_some_and(|before| !removed.contains_key(&before)) {
            let message = format!(
                "\"{}\" is there already and no one removes it: the kernel answers EEXIST",
                shown(&op.group)
            );
            return Some(Found::warning(message));
        }
        None
    }

    fn rmdir(
        &self,
        target: Target,
        op: &OpText,
        place: (usize, usize),
        done: &mut Done,
    ) -> Option<Found> {
        if target == Target::Initial(GroupId::ROOT) {
            return Some(Found::error("the root cgroup is never removed".into()));
        }
        if let Target::Made(at) = target {
            let made = &self.names.made[at];
            if made.thread == place.0 && made.op > place.1 {
                let message = format!("\"{}\" is made only after this", shown(&op.group));
                return Some(Found::warning(message));
            }
        }
        if done.removed.contains_key(&target) {
            let message = format!("\"{}\" is removed before this", shown(&op.group));
            return Some(Found::warning(message));
        }
        let tree = &self.scenario.hierarchy;
        let (at_start, parent) = match target {
            Target::Initial(id) => (tree.children(id).len(), tree.parent(id).map(Target::Initial)),
            Target::Made(at) => (0, self.names.made[at].parent),
        };
        let since = done.n_children.get(&target).copied().unwrap_or(0);
        let n_children = i64::try_from(at_start).unwrap_or(i64::MAX).saturating_add(since);
        if n_children > 0 {
            let message = format!(
                "\"{}\" still has {n_children} {}: the kernel answers EBUSY",
                shown(&op.group),
                if n_children == 1 { "child" } else { "children" }
            );
            return Some(Found::warning(message));
        }
        done.removed.insert(target, 1);
        if let Some(parent) = parent {
            *done.n_children.entry(parent).or_default() -= 1;
        }
        None
    }
}

/// What is wrong with an operation.
struct Found {
    severity: Severity,
    message: String,
    suggestion: Option<String>,
}

impl Found {
    const fn error(message: String) -> Self {
        Self { severity: Severity::Error, message, suggestion: None }
    }

    const fn warning(message: String) -> Self {
        Self { severity: Severity::Warning, message, suggestion: None }
    }

    fn problem(self, span: Option<Span>) -> Problem {
        let Self { severity, message, suggestion } = self;
        Problem { severity, span, message, suggestion }
    }
}

const fn op_of(verb: Verb, id: GroupId) -> Op {
    match verb {
        Verb::Mkdir => Op::Mkdir(id),
        Verb::Rmdir => Op::Rmdir(id),
        Verb::Pin => Op::Pin(id),
        Verb::Unpin => Op::Unpin(id),
    }
}
