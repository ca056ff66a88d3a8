//! Steps that were made before, by what they depended on: a thread's own part, and those pieces of the shared part that
//! the step looked at. What it looks at first its own part says, what next the piece just looked at, so the steps of a
//! part are a tree: at every node a piece, for every number of it a branch, and at the end what the step did.

use super::returns::Wrong;
use super::space::Event;
use crate::hierarchy::GroupId;
use crate::machine::ThreadId;
use crate::picture::Returned;
use alloc::{vec, vec::Vec};

/// What a step did, in 32 bytes.
#[derive(Copy, Clone, Debug)]
pub(super) struct Known {
    /// The thread's part from then on.
    pub(super) local: u32,
    /// What came of it, what is wrong with that, whether there is another item.
    bits: u8,
    /// Pieces changed: a stretch of [`Recall::changes`].
    n_changes: u16,
    changes: u32,
    /// The group that was returned, or a fault's number.
    value: u32,
    /// Places looked at, and places changed, a bit each; of many places some share one.
    looks: u64,
    changed: u64,
}

/// What came of a step, and what is wrong with what was returned; then whether there is more.
const STEPPED: u8 = 1;
const NOTHING: u8 = 2;
const FAULT: u8 = 3;
const GROUP: u8 = 4;
const MORE: u8 = 8;

impl Known {
    /// The thread cannot step.
    pub(super) const fn nothing() -> Self {
        Self { local: 0, bits: 0, n_changes: 0, changes: 0, value: 0, looks: 0, changed: 0 }
    }

    pub(super) fn new(local: u32, event: Event, has_more: bool, wrong: Option<Wrong>) -> Self {
        let (kind, value) = match (event, wrong) {
            (Event::None, _) => (0, 0),
            (Event::Stepped, _) => (STEPPED, 0),
            (Event::Returned(Returned::Nothing), _) => (NOTHING, 0),
            (Event::Fault(fault), _) => (FAULT, fault),
            (Event::Returned(Returned::Group(group)), wrong) => {
                let wrong = match wrong {
                    None => 0,
                    Some(Wrong::Freed(_)) => 1,
                    Some(Wrong::NotOnline(_)) => 2,
                    Some(Wrong::Outside(_)) => 3,
                };
                (GROUP + wrong, group.0)
            }
        };
        let bits = kind | if has_more { MORE } else { 0 };
        Self { local, bits, value, ..Self::nothing() }
    }

    #[inline]
    pub(super) fn event(&self) -> Event {
        match self.bits & 7 {
            0 => Event::None,
            STEPPED => Event::Stepped,
            NOTHING => Event::Returned(Returned::Nothing),
            FAULT => Event::Fault(self.value),
            _ => Event::Returned(Returned::Group(GroupId(self.value))),
        }
    }

    #[inline]
    pub(super) fn wrong(&self) -> Option<Wrong> {
        let group = GroupId(self.value);
        match self.bits & 7 {
            5 => Some(Wrong::Freed(group)),
            6 => Some(Wrong::NotOnline(group)),
            7 => Some(Wrong::Outside(group)),
            _ => None,
        }
    }

    #[inline(always)]
    pub(super) const fn is_nothing(&self) -> bool {
        self.bits == 0
    }

    /// Whether the thread has stepped, and that is all.
    #[inline(always)]
    pub(super) const fn is_plain(&self) -> bool {
        self.bits & 7 == STEPPED
    }

    /// Whether the worker could also take another item.
    #[inline(always)]
    pub(super) const fn has_more(&self) -> bool {
        self.bits & MORE != 0
    }

    /// Whether it has changed nothing that is shared.
    #[inline(always)]
    pub(super) const fn is_local(&self) -> bool {
        self.n_changes == 0
    }

    /// Whether these steps of two threads do the same in either order, and each does the same before and behind the other:
    /// neither changes what the other looks at. Two returns do not commute: what is made of them may depend on their order.
    #[inline(always)]
    pub(super) fn commutes(&self, other: &Self) -> bool {
        let returns = |made: &Self| made.bits & 7 == NOTHING || made.bits & GROUP != 0;
        self.looks & other.changed == 0
            && self.changed & other.looks == 0
            && !(returns(self) && returns(other))
    }
}

/// A branch: at this node, with this number of its piece (or thread's part), on to another node or to a step's end.
#[derive(Copy, Clone, Debug)]
struct Branch {
    from: u32,
    number: u32,
    to: u32,
    /// The place of the piece that is looked at next, or [`END`].
    next: u32,
}

const END: u32 = u32::MAX;
const FREE: Branch = Branch { from: END, number: 0, to: 0, next: 0 };
/// No step of this part is known.
const UNKNOWN: (u32, u32) = (END, 0);

/// Nodes and numbers are small and dense: one product spreads them.
#[inline(always)]
fn hash(from: u32, number: u32) -> usize {
    let word = u64::from(from) << 32 | u64::from(number);
    (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize
}

/// The steps.
#[derive(Clone, Debug)]
pub(super) struct Recall {
    /// For each thread and item of the worker, for each part of a thread: where to go first.
    roots: Vec<Vec<(u32, u32)>>,
    n_threads: usize,
    branches: Vec<Branch>,
    n_branches: usize,
    n_nodes: u32,
    made: Vec<Known>,
    changes: Vec<(u32, u32)>,
}

/// Branches that are kept at most; then all is forgotten and learnt anew.
const N_BRANCHES_MAX: usize = 3 << 20;

impl Recall {
    pub(super) fn new(n_threads: usize) -> Self {
        Self {
            roots: vec![Vec::new(); n_threads],
            n_threads,
            branches: vec![FREE; 1024],
            n_branches: 0,
            n_nodes: 0,
            made: Vec::new(),
            changes: Vec::new(),
        }
    }

    /// The place of a branch, or the free one where it belongs.
    #[inline(always)]
    fn place(&self, from: u32, number: u32) -> usize {
        let mask = self.branches.len() - 1;
        let mut at = hash(from, number) & mask;
        loop {
            let branch = &self.branches[at];
            if branch.from == from && branch.number == number || branch.from == END {
                return at;
            }
            at = (at + 1) & mask;
        }
    }

    /// Where the roots of a thread's parts are: items of the worker but the first come behind all threads.
    #[inline(always)]
    fn root(&self, thread: ThreadId, item: u8) -> usize {
        if item == 0 { thread } else { self.n_threads + usize::from(item) - 1 }
    }

    /// What the thread with this part does in this row.
    #[inline(always)]
    pub(super) fn find(
        &self,
        thread: ThreadId,
        item: u8,
        local: u32,
        row: &[u32],
    ) -> Option<Known> {
        let root = self.roots.get(self.root(thread, item))?.get(local as usize)?;
        let (mut to, mut next) = *root;
        if to == END {
            return None;
        }
        while next != END {
            let branch = self.branches[self.place(to, row[next as usize])];
            if branch.from == END {
                return None;
            }
            (to, next) = (branch.to, branch.next);
        }
        Some(self.made[to as usize])
    }

    /// The pieces that a step changed, each with its number from then on.
    #[inline(always)]
    pub(super) fn changes(&self, made: &Known) -> &[(u32, u32)] {
        let at = made.changes as usize;
        &self.changes[at..at + usize::from(made.n_changes)]
    }

    /// Keeps a step that depended on these pieces of the row, looked at in this order, and gave some of them other
    /// numbers.
    pub(super) fn put(
        &mut self,
        by: (ThreadId, u8, u32),
        looked_at: &[u32],
        row: &[u32],
        mut made: Known,
        changes: &[(u32, u32)],
    ) -> Known {
        if self.n_branches + looked_at.len() + 1 > N_BRANCHES_MAX {
            *self = Self::new(self.n_threads);
        }
        made.changes = u32::try_from(self.changes.len()).unwrap_or(END);
        made.n_changes = u16::try_from(changes.len()).expect("a step changes few pieces");
        made.looks = bits(looked_at.iter().copied());
        made.changed = bits(changes.iter().map(|(place, _)| *place));
        self.changes.extend_from_slice(changes);
        let (root, local) = (self.root(by.0, by.1), by.2 as usize);
        if self.roots.len() <= root {
            self.roots.resize(root + 1, Vec::new());
        }
        if self.roots[root].len() <= local {
            self.roots[root].resize(local + 1, UNKNOWN);
        }
        let first = looked_at.first().copied().unwrap_or(END);
        if self.roots[root][local] == UNKNOWN {
            self.roots[root][local] = (self.node(first, made), first);
        }
        let mut from = self.roots[root][local].0;
        for (at, place) in looked_at.iter().enumerate() {
            let number = row[*place as usize];
            let next = looked_at.get(at + 1).copied().unwrap_or(END);
            let at = self.place(from, number);
            if self.branches[at].from == END {
                let to = self.node(next, made);
                self.branches[at] = Branch { from, number, to, next };
                self.n_branches += 1;
                self.grow_if_full();
                from = to;
            } else {
                debug_assert_eq!(self.branches[at].next, next, "what is looked at is decided");
                from = self.branches[at].to;
            }
        }
        made
    }

    /// A new node, or the end if nothing is looked at next.
    fn node(&mut self, next: u32, made: Known) -> u32 {
        if next == END {
            self.made.push(made);
            return u32::try_from(self.made.len() - 1).unwrap_or(END);
        }
        self.n_nodes += 1;
        self.n_nodes
    }

    fn grow_if_full(&mut self) {
        if self.n_branches * 2 <= self.branches.len() {
            return;
        }
        let n = self.branches.len() * 2;
        let known = core::mem::replace(&mut self.branches, vec![FREE; n]);
        for branch in known.into_iter().filter(|branch| branch.from != END) {
            let at = self.place(branch.from, branch.number);
            self.branches[at] = branch;
        }
    }

    pub(super) fn n_bytes(&self) -> usize {
        let n_roots: usize = self.roots.iter().map(Vec::len).sum();
        n_roots * size_of::<(u32, u32)>()
            + self.branches.len() * size_of::<Branch>()
            + self.made.len() * size_of::<Known>()
            + self.changes.len() * size_of::<(u32, u32)>()
    }
}

fn bits(places: impl Iterator<Item = u32>) -> u64 {
    places.fold(0, |bits, place| bits | 1 << (place % 64))
}
