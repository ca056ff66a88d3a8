//! Which group a path means, for groups of the start and for those that `mkdir` makes.
//!
//! A path names one group for ever: the second group made at a path is called `path#2`. Nothing
//! here depends on when an operation runs.

use crate::scenario::{OpText, RoleText, Scenario, ThreadText, Verb};
use alloc::{
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};
use memcg_core::{
    hierarchy::{GroupId, Hierarchy},
    listing::nearest,
};

/// A group, whichever way it comes into being.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub(crate) enum Target {
    /// One that exists at the start.
    Initial(GroupId),
    /// One that a `mkdir` makes: its place in [`Names::made`].
    Made(usize),
}

/// A group that a `mkdir` makes.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    /// The thread and the operation.
    pub(crate) thread: usize,
    pub(crate) op: usize,
    /// Where it is made; `None` if there is no such group.
    pub(crate) parent: Option<Target>,
    /// Its own name, without a number.
    pub(crate) name: String,
    /// Its path, unique.
    pub(crate) path: String,
    /// The group made at the same path before it.
    pub(crate) before: Option<Target>,
}

/// A number for each of some groups.
pub(crate) type Tally = BTreeMap<Target, i64>;

/// Groups by path, each with a number that only [`Register::latest`] has a use for. One kind of map for both keeps the
/// page small.
type ByPath = BTreeMap<String, (u32, Target)>;

/// Gives every group a path of its own.
#[derive(Debug, Default)]
pub(crate) struct Register {
    by_path: ByPath,
    /// The number given last, and the group it was given to.
    latest: ByPath,
}

impl Register {
    /// Registers the groups that exist at the start.
    pub(crate) fn new(tree: &Hierarchy) -> Self {
        // Extending puts one after the other; collecting would bring in a sort of its own.
        let mut by_path = ByPath::new();
        by_path.extend(tree.ids().map(|id| (tree.path(id), (1, Target::Initial(id)))));
        Self { by_path, latest: BTreeMap::new() }
    }

    /// Registers a group made at a path; returns its own path, and the group made there before.
    pub(crate) fn make(&mut self, base: &str, target: Target) -> (String, Option<Target>) {
        let Some(first) = self.by_path.get(base).copied() else {
            self.by_path.insert(base.to_string(), (1, target));
            return (base.to_string(), None);
        };
        let (mut number, before) = self.latest.get(base).copied().unwrap_or(first);
        let path = loop {
            number = number.saturating_add(1);
            let path = format!("{base}#{number}");
            if !self.by_path.contains_key(&path) {
                break path;
            }
        };
        self.latest.insert(base.to_string(), (number, target));
        self.by_path.insert(path.clone(), (1, target));
        (path, Some(before))
    }
}

/// All groups of a scenario by path.
#[derive(Debug, Default)]
pub(crate) struct Names {
    by_path: ByPath,
    /// In the order of threads, then of operations.
    pub(crate) made: Vec<Made>,
}

impl Names {
    pub(crate) fn new(tree: &Hierarchy, threads: &[ThreadText]) -> Self {
        let mut register = Register::new(tree);
        let mut list: Vec<Made> = Vec::new();
        for (thread, op, text) in ops(threads).filter(|(_, _, op)| op.verb == Verb::Mkdir) {
            let (path, before) = register.make(&text.group, Target::Made(list.len()));
            let (above, name) = split(&text.group);
            // A parent that a later thread makes is found below; this is the usual case.
            let parent = register.by_path.get(above).map(|(_, t)| *t).filter(|_| !name.is_empty());
            list.push(Made { thread, op, parent, name: name.to_string(), path, before });
        }
        let mut names = Self { by_path: register.by_path, made: list };
        let orphans: Vec<usize> =
            (0..names.made.len()).filter(|at| names.made[*at].parent.is_none()).collect();
        for at in orphans {
            let made = &names.made[at];
            let RoleText::Admin(ops) = &threads[made.thread].role else { continue };
            let parent = names.by_path.get(split(&ops[made.op].group).0).map(|(_, t)| *t);
            // `mkdir /` has no parent.
            names.made[at].parent = parent.filter(|_| !names.made[at].name.is_empty());
        }
        names
    }

    pub(crate) fn of(scenario: &Scenario) -> Self {
        Self::new(&scenario.hierarchy, &scenario.threads)
    }

    /// The group with this path.
    pub(crate) fn find(&self, path: &str) -> Option<Target> {
        self.by_path.get(path).map(|(_, target)| *target)
    }

    /// The path nearest to one that names no group.
    pub(crate) fn nearest(&self, tree: &Hierarchy, path: &str) -> Option<String> {
        if path.len() > 256 {
            return None;
        }
        let mut above = "/";
        for (at, _) in path.match_indices('/') {
            match self.by_path.get(&path[..at]) {
                Some(_) => above = &path[..at],
                None => break,
            }
        }
        let below = if above == "/" { path } else { &path[above.len() + 1..] };
        let (word, rest) = below.split_once('/').map_or((below, ""), |(w, r)| (w, r));
        let parent = self.find(above)?;
        let initial: Vec<&str> = match parent {
            Target::Initial(id) => tree.children(id).iter().map(|c| tree.name(*c)).collect(),
            Target::Made(_) => Vec::new(),
        };
        let made = self.made.iter().filter(|m| m.parent == Some(parent)).map(|m| split(&m.path).1);
        let close = |c: &&str| c.len().abs_diff(word.len()) <= word.len() / 3 + 1;
        let found = nearest(word, initial.into_iter().chain(made).filter(close).take(1000))?;
        let found = if above == "/" { found.to_string() } else { format!("{above}/{found}") };
        let whole = format!("{found}/{rest}");
        Some(if self.by_path.contains_key(&whole) { whole } else { found })
    }

    /// Groups that some thread removes, each with the number 1.
    pub(crate) fn removed(&self, threads: &[ThreadText]) -> Tally {
        let removals = ops(threads).filter(|(_, _, op)| op.verb == Verb::Rmdir);
        let mut removed = Tally::new();
        removed.extend(removals.filter_map(|(_, _, op)| Some((self.find(&op.group)?, 1))));
        removed
    }
}

/// The operations of all threads.
fn ops(threads: &[ThreadText]) -> impl Iterator<Item = (usize, usize, &OpText)> {
    threads.iter().enumerate().flat_map(|(thread, text)| {
        let ops: &[OpText] = match &text.role {
            RoleText::Admin(ops) => ops,
            RoleText::Reclaimer { .. } => &[],
        };
        ops.iter().enumerate().map(move |(op, text)| (thread, op, text))
    })
}

/// The parent's path and the own name.
pub(crate) fn split(path: &str) -> (&str, &str) {
    match path.rsplit_once('/') {
        Some((above, name)) if !above.is_empty() => (above, name),
        Some((_, name)) => ("/", name),
        None => ("/", path),
    }
}
