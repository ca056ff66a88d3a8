//! The moves of a window, and the threads that make and remove groups in the recorded order.

use super::{cast::Cast, tree::Tree};
use crate::trace::{Trace, What};
use alloc::{collections::BTreeMap, format, string::String, vec::Vec};
use memcg_core::hierarchy::GroupId;
use memcg_core::schedule::Move;
use memcg_scenario::{OpText, RoleText, ThreadText, Verb};

/// Removals that can be between their kill and their offline hook at a time.
const N_REMOVERS: usize = 4;

struct Plan<'t> {
    trace: &'t Trace,
    tree: &'t mut Tree,
    makes: Vec<OpText>,
    pages: Vec<OpText>,
    removers: [(Vec<OpText>, Option<GroupId>); N_REMOVERS],
    moves: Vec<Move>,
    /// Groups removed in the window, and whether pages hold them.
    removed: BTreeMap<GroupId, bool>,
    n_early: usize,
}

const MAKER: &str = "mkdir";
const PAGES: &str = "pages";

fn remover(at: usize) -> String {
    if at == 0 { "rmdir".into() } else { format!("rmdir-{}", at + 1) }
}

/// Threads and moves.
pub(super) fn of(
    trace: &Trace,
    start: usize,
    end: usize,
    tree: &mut Tree,
    cast: &Cast,
    left_out: &mut Vec<String>,
) -> (Vec<ThreadText>, Vec<Move>) {
    let mut threads = cast.threads(tree);
    let mut plan = Plan {
        trace,
        tree,
        makes: Vec::new(),
        pages: Vec::new(),
        removers: Default::default(),
        moves: Vec::new(),
        removed: BTreeMap::new(),
        n_early: 0,
    };
    for at in start..end {
        plan.event(at, cast);
    }
    if plan.n_early > 0 {
        left_out.push(format!(
            "{} offline hooks come earlier than they did, since a thread removes one group after the other",
            plan.n_early
        ));
    }
    let (makes, pages) = (MAKER.into(), PAGES.into());
    let mut admins: Vec<(String, Vec<OpText>)> = [(makes, plan.makes)].into();
    admins.extend(plan.removers.into_iter().enumerate().map(|(at, (ops, _))| (remover(at), ops)));
    admins.push((pages, plan.pages));
    for (name, ops) in admins.into_iter().filter(|(_, ops)| !ops.is_empty()) {
        let role = RoleText::Admin(ops);
        threads.push(ThreadText { name, role });
    }
    (threads, plan.moves)
}

impl Plan<'_> {
    fn call(&mut self, thread: impl Into<String>) {
        self.moves.push(Move::Call { thread: thread.into() });
    }

    fn work(&mut self, stage: &str, group: GroupId) {
        if let Some(path) = self.tree.path(group) {
            self.moves.push(Move::Work { stage: stage.into(), group: path.into() });
        }
    }

    fn event(&mut self, at: usize, cast: &Cast) {
        match self.trace.events[at].what {
            What::Create(group) => {
                if let Some(path) = self.tree.make(self.trace, group) {
                    self.makes.push(OpText { verb: Verb::Mkdir, group: path });
                    self.call(MAKER);
                }
            }
            What::Rmdir(group) => self.rmdir(group),
            What::Offline(group) => self.offline(group),
            What::Released(group) => self.released(group),
            What::Freed(group) => {
                if self.removed.contains_key(&group) {
                    self.offline(group);
                    self.released(group);
                    self.work("free", group);
                    self.removed.remove(&group);
                }
            }
            What::Return(call) => {
                if let Some(thread) = cast.caller(call) {
                    self.call(thread);
                }
            }
            What::Break { .. } => {
                if let Some(thread) = cast.leaver(at) {
                    self.call(thread);
                }
            }
            What::Enter(_) | What::Lost => {}
        }
    }

    fn rmdir(&mut self, group: GroupId) {
        if self.removed.contains_key(&group) {
            return;
        }
        let Some(path) = self.tree.path(group).map(String::from) else { return };
        // A group goes only after its children are offline, and a thread removes one at a time.
        let parent = |g: GroupId| self.trace.groups[g.index()].parent;
        let children: Vec<GroupId> = self
            .removers
            .iter()
            .filter_map(|(_, busy)| *busy)
            .filter(|g| parent(*g) == Some(group))
            .collect();
        for child in children {
            self.n_early += 1;
            self.offline(child);
        }
        let free = self.removers.iter().position(|(_, busy)| busy.is_none());
        let thread = free.unwrap_or_else(|| {
            if let Some(busy) = self.removers[0].1 {
                self.n_early += 1;
                self.offline(busy);
            }
            0
        });
        // Pages keep the group referenced until it is released, as far as that was recorded.
        let has_pages = self.trace.facts.n_released > 0;
        if has_pages {
            self.pages.push(OpText { verb: Verb::Pin, group: path.clone() });
            self.call(PAGES);
        }
        self.removed.insert(group, has_pages);
        let remover_of = &mut self.removers[thread];
        remover_of.0.push(OpText { verb: Verb::Rmdir, group: path });
        remover_of.1 = Some(group);
        self.call(remover(thread));
    }

    fn offline(&mut self, group: GroupId) {
        let Some(thread) = self.removers.iter().position(|(_, busy)| *busy == Some(group)) else {
            return;
        };
        self.removers[thread].1 = None;
        self.call(remover(thread));
    }

    fn released(&mut self, group: GroupId) {
        let Some(has_pages) = self.removed.get_mut(&group) else { return };
        if core::mem::take(has_pages)
            && let Some(path) = self.tree.path(group).map(String::from)
        {
            self.offline(group);
            self.pages.push(OpText { verb: Verb::Unpin, group: path });
            self.call(PAGES);
            self.work("release", group);
        } else if self.trace.facts.n_released == 0 {
            self.work("release", group);
        }
    }
}
