//! What is timed. A case takes some tenths of a second, gives the units of work it did, and does the same
//! every time.

use memcg_core::hierarchy::{GroupId, Hierarchy};
use std::hint::black_box;

/// Something to time.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// Does the work; gives how many units it was.
    pub(crate) run: fn() -> u64,
}

/// Every case, in the order of the report.
pub(crate) const CASES: &[Case] = &[Case { name: "tree walks", run: tree_walks }];

/// Walks a tree of 85 groups again and again; a unit is a group visited.
fn tree_walks() -> u64 {
    let mut tree = Hierarchy::new();
    for i in 0..84 {
        let parent = GroupId(i / 4);
        tree.add(parent, &format!("g{i}")).expect("short names, a few levels");
    }
    (0..20_000).map(|_| black_box(&tree).pre_order().len() as u64).sum()
}
