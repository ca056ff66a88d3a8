//! The strip in a lane's head: the whole tree in one line, from its first group to its last.
//!
//! It shows at a glance which groups are squeezed again and again and which are starved. A large
//! tree is summed up in a bounded number of cells, so that ten thousand groups cost no more to
//! draw than a few hundred.

use super::rows::Outline;
use memcg_core::hierarchy::GroupId;
use memcg_core::picture::{LanePicture, Life};

/// Cells of the strip at most.
pub const N_CELLS_MAX: usize = 240;

/// Steps of heat above none.
pub const N_HEATS: u32 = 5;

/// Neighbouring cells of one heat.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Run {
    /// First cell.
    pub from: usize,
    /// Cells.
    pub n_cells: usize,
    /// What they show.
    pub heat: Heat,
}

/// What a cell shows.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Heat {
    /// Visited never, or up to [`N_HEATS`] for the most visited group of all lanes.
    Level(u32),
    /// All groups of the cell are freed or not made yet.
    Gone,
}

/// The strip.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Spectrum {
    /// Cells in all.
    pub n_cells: usize,
    /// Runs from left to right, without gaps.
    pub runs: Vec<Run>,
}

/// Heat of this many visits when the most visited group of all lanes had `n_max`.
pub const fn level(n_visits: u32, n_max: u32) -> u32 {
    if n_visits == 0 || n_max == 0 {
        return 0;
    }
    let level = (n_visits.saturating_mul(N_HEATS)).div_ceil(n_max);
    if level > N_HEATS { N_HEATS } else { level }
}

impl Spectrum {
    /// Sums a picture up.
    pub fn new(picture: &LanePicture, n_visits_max: u32) -> Self {
        let n_groups = picture.groups.len();
        let n_cells = n_groups.min(N_CELLS_MAX);
        let mut runs: Vec<Run> = Vec::new();
        for cell in 0..n_cells {
            let groups =
                &picture.groups[cell * n_groups / n_cells..(cell + 1) * n_groups / n_cells];
            let here = groups.iter().filter(|g| !matches!(g.life, Life::Unborn | Life::Freed));
            let heat = match here.map(|g| g.n_visits).max() {
                Some(n_visits) => Heat::Level(level(n_visits, n_visits_max)),
                None => Heat::Gone,
            };
            match runs.last_mut() {
                Some(run) if run.heat == heat => run.n_cells += 1,
                _ => runs.push(Run { from: cell, n_cells: 1, heat }),
            }
        }
        Self { n_cells, runs }
    }

    /// Middle of a group's cell in thousandths of the strip's length.
    pub fn place_permille(picture: &LanePicture, outline: &Outline, group: GroupId) -> usize {
        let n_groups = picture.groups.len().max(1);
        (outline.place_of(group) * 2 + 1) * 500 / n_groups
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::sample;

    #[test]
    fn the_first_groups_are_hot_and_the_last_cold() {
        let world = sample::world();
        let picture = sample::restarted(&world, 4, 9);
        let spectrum = Spectrum::new(&picture, 9);
        let text: Vec<String> = spectrum
            .runs
            .iter()
            .map(|r| match r.heat {
                Heat::Level(n) => format!("{}×{n}", r.n_cells),
                Heat::Gone => format!("{}×gone", r.n_cells),
            })
            .collect();
        assert_eq!(text.join(" "), "5×5 7×0 1×gone");
    }

    #[test]
    fn a_large_tree_costs_no_more_cells() {
        let world = sample::wide_world(10_000);
        let picture = sample::walking(&world, 500);
        let spectrum = Spectrum::new(&picture, 1);
        assert_eq!(spectrum.n_cells, N_CELLS_MAX);
        assert_eq!(spectrum.runs.iter().map(|r| r.n_cells).sum::<usize>(), N_CELLS_MAX);
    }

    #[test]
    fn the_rarest_visit_still_shows() {
        assert_eq!(level(1, 1_000), 1);
        assert_eq!(level(1_000, 1_000), N_HEATS);
        assert_eq!(level(0, 1_000), 0);
    }
}
