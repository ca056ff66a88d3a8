//! The family of small worlds: every rooted tree up to a number of cgroups, reclaimers that share one slot, removals.
//!
//! A world has a name that says all of it, such as `000:0:w+b2:1+2`: the parents of groups 1, 2, … (a digit each), the
//! root that all walks begin at, how each reclaimer walks (`w`: one whole round, `b2`: breaks off after two groups), and
//! what is removed by each administrator, in order.

use memcg_core::hierarchy::{GroupId, Hierarchy};
use memcg_core::world::{Cookie, Preemption, Until};
use memcg_scenario::{OpText, RoleText, Scenario, ThreadText, Verb};
use std::fmt;

/// Most groups of a tree, the global root among them.
const N_GROUPS_MAX: usize = 5;
/// Most reclaimers.
const N_RECLAIMERS_MAX: usize = 3;
/// Walks of a reclaimer that is alone: what it leaves behind, only it can come upon.
const N_WALKS_ALONE: u32 = 2;

/// How large a world is: groups, then threads.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub(super) struct Size {
    /// The global root among them.
    pub(super) n_groups: usize,
    /// Reclaimers and administrators, not the kernel's worker.
    pub(super) n_threads: usize,
}

/// The whole family.
pub(super) const ALL: Size = Size { n_groups: N_GROUPS_MAX, n_threads: 5 };

/// How a reclaimer walks.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
enum Walk {
    /// One whole round.
    Round,
    /// Breaks off after so many groups.
    Break(u32),
}

/// One world of the family.
#[derive(Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub(super) struct Small {
    /// Parents of groups 1, 2, …: the groups are in pre-order, so a parent is on the way from the group before to the root.
    parents: Vec<usize>,
    /// Where all walks begin.
    root: usize,
    walks: Vec<Walk>,
    /// For each administrator, the groups it removes.
    removed: Vec<Vec<usize>>,
}

/// All worlds with at most so many groups and threads, smallest first.
pub(super) fn worlds(up_to: Size) -> Vec<Small> {
    let mut out = Vec::new();
    for n_groups in 2..=up_to.n_groups {
        trees(n_groups, &mut Vec::new(), &mut |parents| of_tree(parents, &mut out));
    }
    out.retain(|world: &Small| world.size().n_threads <= up_to.n_threads);
    out.sort_by_cached_key(|world| (world.size(), world.n_calls(), world.clone()));
    out
}

/// Every tree of so many groups, siblings told apart by their order.
fn trees(n_groups: usize, parents: &mut Vec<usize>, each: &mut dyn FnMut(&[usize])) {
    if parents.len() + 1 == n_groups {
        each(parents);
        return;
    }
    for parent in line(parents, parents.len()) {
        parents.push(parent);
        trees(n_groups, parents, each);
        parents.pop();
    }
}

/// A group and those above it, the root last.
fn line(parents: &[usize], group: usize) -> Vec<usize> {
    std::iter::successors(Some(group), |at| at.checked_sub(1).map(|at| parents[at])).collect()
}

fn of_tree(parents: &[usize], out: &mut Vec<Small>) {
    for removed in removals(parents) {
        let mut roots: Vec<usize> =
            removed.iter().flatten().flat_map(|group| line(parents, *group)).collect();
        roots.sort_unstable();
        roots.dedup();
        for root in roots {
            let n_below = u32::try_from(below(parents, root)).unwrap_or(u32::MAX);
            let kinds: Vec<Walk> =
                std::iter::once(Walk::Round).chain((1..=n_below).map(Walk::Break)).collect();
            choices(&kinds, &mut Vec::new(), &mut |walks| {
                let (walks, removed) = (walks.to_vec(), removed.clone());
                out.push(Small { parents: parents.to_vec(), root, walks, removed });
            });
        }
    }
}

/// Groups at or below this one.
fn below(parents: &[usize], top: usize) -> usize {
    (0..=parents.len()).filter(|group| line(parents, *group).contains(&top)).count()
}

/// One removal; two by two administrators, of groups without children; or two by one, a group and then its parent, which
/// has no other child.
fn removals(parents: &[usize]) -> Vec<Vec<Vec<usize>>> {
    let groups = 1..=parents.len();
    let n_children = |group: usize| parents.iter().filter(|parent| **parent == group).count();
    let leaves: Vec<usize> = groups.filter(|group| n_children(*group) == 0).collect();
    let mut out: Vec<Vec<Vec<usize>>> = leaves.iter().map(|leaf| vec![vec![*leaf]]).collect();
    for (at, leaf) in leaves.iter().enumerate() {
        out.extend(leaves[at + 1..].iter().map(|other| vec![vec![*leaf], vec![*other]]));
        let parent = parents[leaf - 1];
        if parent > 0 && n_children(parent) == 1 {
            out.push(vec![vec![*leaf, parent]]);
        }
    }
    out
}

/// Every choice of up to three of these, in order, with repetition.
fn choices(kinds: &[Walk], chosen: &mut Vec<Walk>, each: &mut dyn FnMut(&[Walk])) {
    if !chosen.is_empty() {
        each(chosen);
    }
    if chosen.len() < N_RECLAIMERS_MAX {
        for (at, kind) in kinds.iter().enumerate() {
            chosen.push(*kind);
            choices(&kinds[at..], chosen, each);
            chosen.pop();
        }
    }
}

impl Small {
    /// Groups and threads.
    pub(super) fn size(&self) -> Size {
        Size { n_groups: self.parents.len() + 1, n_threads: self.walks.len() + self.removed.len() }
    }

    /// Calls that its reclaimers make, if nothing restarts them, and removals.
    pub(super) fn n_calls(&self) -> u32 {
        let n_below = u32::try_from(below(&self.parents, self.root)).unwrap_or(u32::MAX);
        let of_walk = |walk: &Walk| match walk {
            Walk::Round => n_below + 1,
            Walk::Break(n_visits) => n_visits * self.n_walks(),
        };
        let n_removed = self.removed.iter().map(Vec::len).sum::<usize>();
        self.walks.iter().map(of_walk).sum::<u32>() + u32::try_from(n_removed).unwrap_or(u32::MAX)
    }

    fn n_walks(&self) -> u32 {
        if self.walks.len() == 1 { N_WALKS_ALONE } else { 1 }
    }

    /// The world with this name.
    ///
    /// # Errors
    /// What is wrong with the name.
    pub(super) fn of_name(name: &str) -> Result<Self, String> {
        let n_groups = name.split(':').next().map_or(0, str::len) + 1;
        let found = (2..=N_GROUPS_MAX).contains(&n_groups).then(|| {
            worlds(Size { n_groups, ..ALL }).into_iter().find(|world| world.to_string() == name)
        });
        found.flatten().ok_or_else(|| {
            format!("\"{name}\" is no world of the family, whose names look like 00:0:w+b1:1; docs/matrix.md says how they are read")
        })
    }

    /// The world as a scenario.
    pub(super) fn scenario(&self, preemption: Preemption) -> Scenario {
        let mut hierarchy = Hierarchy::new();
        for (at, parent) in self.parents.iter().enumerate() {
            let parent = GroupId(u32::try_from(*parent).unwrap_or(u32::MAX));
            let added = hierarchy.add(parent, &format!("g{}", at + 1));
            added.expect("a parent comes before its children, and names are numbers");
        }
        let path =
            |group: &usize| hierarchy.path(GroupId(u32::try_from(*group).unwrap_or(u32::MAX)));
        let cookie = Some(Cookie { node: 0, n_zones: 1, priority_from: 12, priority_to: 12 });
        let reclaimer = |(at, walk): (usize, &Walk)| {
            let (name, until) = match *walk {
                Walk::Round => ("kswapd", Until::Rounds(Some(1))),
                Walk::Break(n_visits) => {
                    ("limit", Until::Visits { n_visits, n_walks: Some(self.n_walks()) })
                }
            };
            let role = RoleText::Reclaimer { root: path(&self.root), cookie, until };
            ThreadText { name: format!("{name}{at}"), role }
        };
        let admin = |(at, removed): (usize, &Vec<usize>)| {
            let rmdir = |group| OpText { verb: Verb::Rmdir, group: path(group) };
            let role = RoleText::Admin(removed.iter().map(rmdir).collect());
            ThreadText { name: format!("admin{at}"), role }
        };
        let reclaimers = self.walks.iter().enumerate().map(reclaimer);
        let threads = reclaimers.chain(self.removed.iter().enumerate().map(admin)).collect();
        let title = format!("World {self} of the matrix");
        Scenario { title, preemption, threads, hierarchy, ..Scenario::default() }
    }
}

impl fmt::Display for Small {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits =
            |numbers: &[usize]| numbers.iter().map(ToString::to_string).collect::<String>();
        let walk = |walk: &Walk| match walk {
            Walk::Round => "w".to_string(),
            Walk::Break(n) => format!("b{n}"),
        };
        let walks: Vec<String> = self.walks.iter().map(walk).collect();
        let removed: Vec<String> = self.removed.iter().map(|groups| digits(groups)).collect();
        let parents = digits(&self.parents);
        write!(f, "{parents}:{}:{}:{}", self.root, walks.join("+"), removed.join("+"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_trees_as_counted_by_catalan() {
        let count = |n_groups| {
            let mut n = 0;
            trees(n_groups, &mut Vec::new(), &mut |_| n += 1);
            n
        };
        assert_eq!([count(2), count(3), count(4), count(5)], [1, 2, 5, 14]);
    }

    #[test]
    fn worlds_are_different_sorted_and_resolve() {
        let all = worlds(ALL);
        let names: std::collections::BTreeSet<String> = all.iter().map(Small::to_string).collect();
        assert_eq!(names.len(), all.len());
        assert!(all.is_sorted_by_key(|w| (w.size(), w.n_calls())));
        for small in &all {
            let (world, unresolved) = small.scenario(Preemption::None).world();
            assert_eq!(unresolved, [], "{small}");
            let size = Size { n_groups: world.groups.len(), n_threads: world.threads.len() };
            assert_eq!(size, small.size(), "{small}");
        }
    }

    /// A part of the family has its worlds in the same order, so that a quick run says the same as a long one.
    #[test]
    fn a_part_of_the_family_is_in_the_same_order() {
        let all = worlds(ALL);
        for (n_groups, n_threads) in [(2, 2), (2, 3), (3, 2), (4, 4), (5, 2)] {
            let some = worlds(Size { n_groups, n_threads });
            let fits =
                |w: &&Small| w.size().n_groups <= n_groups && w.size().n_threads <= n_threads;
            assert!(all.iter().filter(fits).eq(&some) && !some.is_empty());
        }
    }

    #[test]
    fn a_name_is_read_back() {
        for name in ["0:0:w:1", "01:1:b1+b2:21", "000:0:w+b2:1+3"] {
            assert_eq!(Small::of_name(name).map(|w| w.to_string()), Ok(name.to_string()));
        }
        for name in ["", "0", "9:0:w:1", "00:0:w+b2:1+2+3", "0:0:b9:1", "é:0:w:1"] {
            assert!(Small::of_name(name).is_err(), "{name}");
        }
    }
}
