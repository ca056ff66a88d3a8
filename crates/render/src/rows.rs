//! Which groups a figure has rows for, where they stand in the tree, and short names of threads.

use crate::film::{Film, Frame};
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use memcg_core::hierarchy::GroupId;
use memcg_core::picture::Life;
use memcg_core::world::{Role, World};

/// Rows that a figure has at most; of a larger tree it shows what something happens to, and gaps.
const N_ROWS_MAX: usize = 60;

/// A line of the figure.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Row {
    Group {
        group: GroupId,
        /// Its place in a picture's list of groups.
        place: usize,
        depth: usize,
        /// Levels above it that have further children below this row, a bit each, the root's lowest.
        open: u64,
        is_last: bool,
    },
    /// That many groups are left out here.
    Gap(usize),
}

/// The rows for these frames: groups that are made in none of them have none.
pub(crate) fn rows(film: &Film, frames: &[&Frame]) -> Vec<Row> {
    let world = &film.world;
    let order = world.pre_order();
    let is_born = |place: usize| {
        if film.lanes.is_empty() {
            return order[place].index() < world.n_initial;
        }
        frames.iter().flat_map(|f| &f.lanes).any(|l| l.groups[place].life != Life::Unborn)
    };
    let born: Vec<usize> = (0..order.len()).filter(|place| is_born(*place)).collect();
    let shown = choose(film, frames, &order, &born);
    let mut out = Vec::new();
    let mut n_left_out = 0;
    let mut depth = vec![0; world.groups.len()];
    for group in &order {
        if let Some(parent) = world.groups[group.index()].parent {
            depth[group.index()] = depth[parent.index()] + 1;
        }
    }
    for place in born {
        if !shown[place] {
            n_left_out += 1;
            continue;
        }
        if n_left_out > 0 {
            out.push(Row::Gap(n_left_out));
            n_left_out = 0;
        }
        let group = order[place];
        let depth = depth[group.index()];
        out.push(Row::Group { group, place, depth, open: 0, is_last: true });
    }
    if n_left_out > 0 {
        out.push(Row::Gap(n_left_out));
    }
    connect(&mut out);
    out
}

/// Fills in which lines of the tree pass a row: from below, since a line ends at its last child.
fn connect(rows: &mut [Row]) {
    let mut below = 0_u64;
    for row in rows.iter_mut().rev() {
        let Row::Group { depth, open, is_last, .. } = row else { continue };
        let bit = |level: usize| 1_u64.checked_shl(u32::try_from(level).unwrap_or(64)).unwrap_or(0);
        let own = bit(*depth);
        *is_last = below & own == 0;
        // What is deeper belongs to this group's children and ends above them.
        below &= own.wrapping_sub(1);
        *open = below;
        below |= own;
    }
}

/// Whether each place has a row.
fn choose(film: &Film, frames: &[&Frame], order: &[GroupId], born: &[usize]) -> Vec<bool> {
    let mut shown = vec![false; order.len()];
    if born.len() <= N_ROWS_MAX {
        for place in born {
            shown[*place] = true;
        }
        return shown;
    }
    let mut place_of = vec![0; order.len()];
    for (place, group) in order.iter().enumerate() {
        place_of[group.index()] = place;
    }
    let mut n = 0;
    let mut show = |shown: &mut Vec<bool>, group: GroupId| {
        // With those above it, so that the tree stays one.
        let mut at = Some(group);
        while let Some(group) = at {
            let place = place_of[group.index()];
            if n < N_ROWS_MAX && !shown[place] {
                shown[place] = true;
                n += 1;
            }
            at = film.world.groups[group.index()].parent;
        }
    };
    show(&mut shown, GroupId::ROOT);
    for lane in frames.iter().flat_map(|f| &f.lanes) {
        lane.pins.iter().filter_map(|p| p.group).for_each(|g| show(&mut shown, g));
        lane.threads.iter().filter_map(|t| t.holds).for_each(|g| show(&mut shown, g));
        let odd = lane.groups.iter().filter(|g| !matches!(g.life, Life::Alive | Life::Unborn));
        odd.for_each(|g| show(&mut shown, g.group));
    }
    for place in born {
        show(&mut shown, order[*place]);
    }
    shown
}

/// A short name for every thread of the world: its first letter and its number, or a number alone.
pub(crate) fn tags(world: &World) -> Vec<String> {
    let short = |name: &str| -> String {
        let digits: String = name.chars().rev().take_while(char::is_ascii_digit).collect();
        let first = name.chars().next().filter(|c| c.is_alphanumeric()).unwrap_or('t');
        let digits: String = digits.chars().rev().take(3).collect();
        format!("{first}{digits}")
    };
    let all: Vec<String> = world.threads.iter().map(|t| short(&t.name)).collect();
    all.iter()
        .enumerate()
        .map(|(at, tag)| {
            let is_unique = all.iter().filter(|other| *other == tag).count() == 1;
            if is_unique { tag.clone() } else { (at + 1).to_string() }
        })
        .collect()
}

/// Whether a thread walks groups.
pub(crate) const fn walks(role: &Role) -> bool {
    matches!(role, Role::Reclaimer { .. })
}
