//! Who walks: the kernel's callers as reclaimers of a scenario.
//!
//! A scenario's reclaimer always leaves its walk after the same number of groups, a task of the kernel when it has
//! enough pages. So a task is one thread for each number, and one for the walks that it brings to their end.

use super::tree::Tree;
use crate::trace::{Trace, What};
use alloc::{collections::BTreeMap, format, string::String, vec, vec::Vec};
use memcg_core::hierarchy::GroupId;
use memcg_core::world::{Cookie, Until};
use memcg_scenario::{RoleText, ThreadText};

/// Threads left for administrators: mkdir, rmdir and pages.
const N_ADMINS: usize = 6;

/// A kind of walks of one task.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
struct Part {
    caller: u32,
    root: GroupId,
    is_private: bool,
    /// Groups after which it leaves; `None` if it does not.
    n_visits: Option<u32>,
}

/// The reclaimers of a window.
#[derive(Debug)]
pub(super) struct Cast {
    parts: Vec<(Part, String)>,
    /// For every call of the window (from the first), the thread that makes it.
    calls: BTreeMap<u32, usize>,
    /// For every break, by its event, the thread that makes it.
    breaks: BTreeMap<usize, usize>,
}

/// A walk of the window.
struct Walk {
    part: Part,
    calls: Vec<u32>,
    leaves: Option<usize>,
}

impl Cast {
    pub(super) fn of(
        trace: &Trace,
        start: usize,
        end: usize,
        tree: &Tree,
        n_threads_max: usize,
        left_out: &mut Vec<String>,
    ) -> Self {
        let walks = walks(trace, start, end, tree, left_out);
        // The busiest parts get threads.
        let mut counts: BTreeMap<Part, usize> = BTreeMap::new();
        for walk in &walks {
            *counts.entry(walk.part).or_default() += walk.calls.len();
        }
        let mut by_count: Vec<(usize, Part)> = counts.into_iter().map(|(p, n)| (n, p)).collect();
        by_count.sort_unstable_by(|a, b| b.cmp(a));
        let n_max = n_threads_max.saturating_sub(N_ADMINS);
        let n_dropped: usize = by_count.iter().skip(n_max).map(|(n, _)| n).sum();
        if n_dropped > 0 {
            let n = by_count.len() - n_max;
            left_out.push(format!("{n_dropped} calls of {n} kinds of walks, for want of threads"));
        }
        by_count.truncate(n_max);
        let mut chosen: Vec<Part> = by_count.into_iter().map(|(_, part)| part).collect();
        chosen.sort_unstable();
        let mut names = Vec::new();
        let parts = chosen.iter().map(|part| (*part, name(trace, part, &mut names))).collect();
        let mut cast = Self { parts, calls: BTreeMap::new(), breaks: BTreeMap::new() };
        for walk in walks {
            let Ok(thread) = chosen.binary_search(&walk.part) else { continue };
            cast.calls.extend(walk.calls.iter().map(|call| (*call, thread)));
            cast.breaks.extend(walk.leaves.map(|event| (event, thread)));
        }
        cast
    }

    /// The reclaimers.
    pub(super) fn threads(&self, tree: &Tree) -> Vec<ThreadText> {
        let role = |part: &Part| RoleText::Reclaimer {
            root: tree.path(part.root).unwrap_or("/").into(),
            cookie: (!part.is_private).then_some(Cookie {
                node: 0,
                n_zones: 1,
                priority_from: 12,
                priority_to: 12,
            }),
            until: match part.n_visits {
                Some(n_visits) => Until::Visits { n_visits, n_walks: None },
                None => Until::Rounds(None),
            },
        };
        let parts = self.parts.iter();
        parts.map(|(part, name)| ThreadText { name: name.clone(), role: role(part) }).collect()
    }

    /// The thread that makes a call.
    pub(super) fn caller(&self, call: u32) -> Option<&str> {
        let thread = *self.calls.get(&call)?;
        self.parts.get(thread).map(|(_, name)| name.as_str())
    }

    /// The thread that leaves its walk with an event.
    pub(super) fn leaver(&self, event: usize) -> Option<&str> {
        let thread = *self.breaks.get(&event)?;
        self.parts.get(thread).map(|(_, name)| name.as_str())
    }
}

fn name(trace: &Trace, part: &Part, names: &mut Vec<String>) -> String {
    let mut base: String = trace.caller_words(part.caller);
    base = base.replace(char::is_control, "_");
    if let Some(n) = part.n_visits {
        base = format!("{base} enough {n}");
    }
    let mut own = base.clone();
    let mut number = 1;
    while names.contains(&own) {
        number += 1;
        own = format!("{base} ({number})");
    }
    names.push(own.clone());
    own
}

/// The walks of a window, one after the other for every task.
fn walks(
    trace: &Trace,
    start: usize,
    end: usize,
    tree: &Tree,
    left_out: &mut Vec<String>,
) -> Vec<Walk> {
    let mut out: Vec<Walk> = Vec::new();
    let mut open: BTreeMap<(u32, GroupId), usize> = BTreeMap::new();
    let (mut n_unknown, mut n_later) = (0_usize, 0_usize);
    for (at, event) in trace.events.iter().enumerate().take(end).skip(start) {
        match event.what {
            What::Return(number) => {
                let call = &trace.calls[number as usize];
                let Some(root) = call.root.group().filter(|_| call.is_comparable()) else {
                    n_unknown += 1;
                    continue;
                };
                if tree.path(root).is_none() {
                    n_later += 1;
                    continue;
                }
                let key = (call.caller, root);
                let is_new = call.prev.group().is_none() || !open.contains_key(&key);
                if is_new {
                    let part = Part {
                        caller: call.caller,
                        root,
                        is_private: call.cookie == 0,
                        n_visits: None,
                    };
                    out.push(Walk { part, calls: vec![], leaves: None });
                    open.insert(key, out.len() - 1);
                }
                let Some(walk) = open.get(&key).copied() else { continue };
                out[walk].calls.push(number);
                if call.returned.group().is_none() {
                    open.remove(&key);
                }
            }
            What::Break { caller, root } => {
                let walk = root.group().and_then(|root| open.remove(&(caller, root)));
                if let Some(walk) = walk.and_then(|w| out.get_mut(w)) {
                    walk.leaves = Some(at);
                    walk.part.n_visits = u32::try_from(walk.calls.len()).ok();
                }
            }
            What::Lost => open.clear(),
            _ => {}
        }
    }
    if n_unknown > 0 {
        left_out.push(format!("{n_unknown} calls that were not recorded in full"));
    }
    if n_later > 0 {
        left_out
            .push(format!("{n_later} calls below roots that are not there when the window begins"));
    }
    out
}
