//! The rows of a lane: which group stands on which line, and which lines are worth drawing.
//!
//! Every lane of a run shares one outline, so that a group is at the same height everywhere.

use crate::model::groups::GroupSet;
use memcg_core::{hierarchy::GroupId, world::World};
use std::ops::Range;

/// How tall the rows are. The style sheet knows the same three.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub enum Density {
    /// For reading.
    #[default]
    Roomy,
    /// For many groups.
    Dense,
    /// For fingers.
    Touch,
}

impl Density {
    /// Height of a row.
    pub const fn row_px(self) -> u32 {
        match self {
            Self::Roomy => 26,
            Self::Dense => 21,
            Self::Touch => 36,
        }
    }

    /// The class that gives rows this height.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Roomy => "lanes--roomy",
            Self::Dense => "lanes--dense",
            Self::Touch => "lanes--touch",
        }
    }
}

/// What a row can unfold.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Fold {
    /// The group has no children.
    Leaf,
    /// Its children follow.
    Open,
    /// That many groups below it are not shown.
    Closed {
        /// Groups hidden, at all depths.
        n_hidden: usize,
    },
}

/// One line of the outline.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Row {
    /// The group.
    pub group: GroupId,
    /// Its place in pre-order, which is its place in a picture's list of groups.
    pub place: usize,
    /// Levels below the root.
    pub depth: usize,
    /// Whether it can be folded.
    pub fold: Fold,
    /// Its number among its siblings, from 1, and how many they are.
    pub sibling: (usize, usize),
}

/// All rows, in pre-order.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Outline {
    rows: Vec<Row>,
    /// By group: the row that shows it, or the row of the folded group above it.
    row_of: Vec<usize>,
    /// By group: its place in pre-order.
    place_of: Vec<usize>,
}

impl Outline {
    /// The outline of a world's groups, with these ones folded.
    pub fn new(world: &World, folded: &GroupSet) -> Self {
        let order = world.pre_order();
        let n_groups = world.groups.len();
        let mut depth = vec![0_usize; n_groups];
        let mut n_children = vec![0_usize; n_groups];
        let mut n_below = vec![0_usize; n_groups];
        let mut sibling = vec![1_usize; n_groups];
        for group in &order {
            if let Some(parent) = world.groups[group.index()].parent {
                depth[group.index()] = depth[parent.index()] + 1;
                n_children[parent.index()] += 1;
                sibling[group.index()] = n_children[parent.index()];
            }
        }
        for group in order.iter().rev() {
            if let Some(parent) = world.groups[group.index()].parent {
                n_below[parent.index()] += n_below[group.index()] + 1;
            }
        }

        let mut out =
            Self { rows: Vec::new(), row_of: vec![0; n_groups], place_of: vec![0; n_groups] };
        let mut hidden_below: Option<usize> = None;
        for (place, group) in order.iter().copied().enumerate() {
            let at = group.index();
            out.place_of[at] = place;
            if hidden_below.is_some_and(|top| depth[at] > top) {
                out.row_of[at] = out.rows.len() - 1;
                continue;
            }
            hidden_below = None;
            let fold = if n_children[at] == 0 {
                Fold::Leaf
            } else if folded.contains(&group) {
                hidden_below = Some(depth[at]);
                Fold::Closed { n_hidden: n_below[at] }
            } else {
                Fold::Open
            };
            let n_siblings = world.groups[at].parent.map_or(1, |p| n_children[p.index()]);
            out.row_of[at] = out.rows.len();
            out.rows.push(Row {
                group,
                place,
                depth: depth[at],
                fold,
                sibling: (sibling[at], n_siblings),
            });
        }
        out
    }

    /// The rows.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row that shows this group, or the folded group above it.
    pub fn row_of(&self, group: GroupId) -> usize {
        self.row_of.get(group.index()).copied().unwrap_or(0)
    }

    /// The group's place in a picture's list of groups.
    pub fn place_of(&self, group: GroupId) -> usize {
        self.place_of.get(group.index()).copied().unwrap_or(0)
    }

    /// Whether the group itself has a row.
    pub fn shows(&self, group: GroupId) -> bool {
        self.rows.get(self.row_of(group)).is_some_and(|row| row.group == group)
    }

    /// The group whose row is `n` lines below (or above) this one's, as far as rows go.
    pub fn neighbour(&self, group: GroupId, n: isize) -> GroupId {
        let at = self.row_of(group).saturating_add_signed(n).min(self.rows.len().saturating_sub(1));
        self.rows.get(at).map_or(group, |row| row.group)
    }
}

/// The part of the lanes that can be seen.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub struct Viewport {
    /// Height of rows.
    pub density: Density,
    /// How far the lanes are scrolled.
    pub scroll_px: u32,
    /// Height of the scrolled area; 0 before it was measured.
    pub height_px: u32,
}

/// With fewer rows than this all of them are drawn.
pub const N_ROWS_DRAWN_WHOLE: usize = 60;

/// Rows drawn above those that can be seen. Below, the place that lanes' heads and feet take in the scrolled area
/// (some nine rows) is drawn too, and is spare enough.
const N_ROWS_SPARE: usize = 6;

/// Height assumed before the page was measured.
const HEIGHT_PX_ASSUMED: u32 = 900;

impl Viewport {
    /// Rows to draw.
    pub fn drawn(self, n_rows: usize) -> Range<usize> {
        if n_rows < N_ROWS_DRAWN_WHOLE {
            return 0..n_rows;
        }
        let height_px = if self.height_px == 0 { HEIGHT_PX_ASSUMED } else { self.height_px };
        let row_px = self.density.row_px();
        let first = (self.scroll_px / row_px) as usize;
        let n_seen = (height_px.div_ceil(row_px)) as usize;
        let end = (first + n_seen).min(n_rows);
        // In whole steps, so that a small scroll redraws nothing.
        let start = first.saturating_sub(N_ROWS_SPARE) / N_ROWS_SPARE * N_ROWS_SPARE;
        start.min(end)..end
    }

    /// Top of a row below the line kept for positions that are none.
    pub const fn top_px(self, row: usize) -> u32 {
        #[expect(clippy::cast_possible_truncation, reason = "trees are bounded far below")]
        let n = row as u32;
        (n + 1) * self.density.row_px()
    }

    /// Whether a row can be seen, as far as that is known.
    pub const fn sees(self, row: usize) -> bool {
        let top_px = self.top_px(row);
        let end_px = self.scroll_px + self.height_px * 2 / 3;
        self.height_px == 0 || (top_px >= self.scroll_px && top_px < end_px)
    }

    /// Where to scroll so that a row comes into the middle of the view.
    pub const fn centred_px(self, row: usize) -> u32 {
        self.top_px(row).saturating_sub(self.height_px / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use memcg_core::hierarchy::Hierarchy;

    fn world() -> World {
        let mut tree = Hierarchy::new();
        let a = tree.add(GroupId::ROOT, "a").expect("a");
        let b = tree.add(GroupId::ROOT, "b").expect("b");
        tree.add(a, "x").expect("x");
        tree.add(a, "y").expect("y");
        tree.add(b, "z").expect("z");
        World::new(&tree)
    }

    fn text(outline: &Outline, world: &World) -> Vec<String> {
        outline
            .rows()
            .iter()
            .map(|r| {
                let fold = match r.fold {
                    Fold::Leaf => String::new(),
                    Fold::Open => " -".into(),
                    Fold::Closed { n_hidden } => format!(" +{n_hidden}"),
                };
                let (n, of) = r.sibling;
                format!("{}{} {n}/{of}{fold}", "  ".repeat(r.depth), world.name(r.group))
            })
            .collect()
    }

    #[test]
    fn rows_follow_the_walk() {
        let world = world();
        let outline = Outline::new(&world, &GroupSet::default());
        assert_eq!(
            text(&outline, &world),
            ["/ 1/1 -", "  a 1/2 -", "    x 1/2", "    y 2/2", "  b 2/2 -", "    z 1/1"]
        );
        assert_eq!(outline.row_of(GroupId(2)), 4, "b");
    }

    #[test]
    fn a_folded_group_stands_for_those_below_it() {
        let world = world();
        let mut folded = GroupSet::default();
        folded.insert(GroupId(1));
        let outline = Outline::new(&world, &folded);
        assert_eq!(text(&outline, &world), ["/ 1/1 -", "  a 1/2 +2", "  b 2/2 -", "    z 1/1"]);
        assert_eq!(outline.row_of(GroupId(4)), 1, "y is shown by a");
        assert!(!outline.shows(GroupId(4)));
        assert_eq!(outline.place_of(GroupId(2)), 4, "a picture still lists all groups");
    }

    #[test]
    fn only_rows_in_view_are_drawn_of_a_large_tree() {
        let view = Viewport { density: Density::Roomy, scroll_px: 26_000, height_px: 520 };
        assert_eq!(view.drawn(40), 0..40);
        assert_eq!(view.drawn(10_000), 990..1020);
        assert_eq!(view.drawn(1_000), 990..1000);
        assert_eq!(Viewport { scroll_px: 900_000, ..view }.drawn(1_000).end, 1_000);
    }
}
