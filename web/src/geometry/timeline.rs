//! The timeline: moves from left to right, threads and lanes from top to bottom.
//!
//! Across, places are told in hundredths of a percent of the plot, so that nothing has to be
//! measured; down, in pixels. One move takes one cell. A long story is shown a window at a time.

pub use super::story::{Block, BranchRow, Grace, Kind, Mark, Section, Story, Visit};
use std::ops::Range;

/// Height of the ruler with the playhead's handle.
pub const RULER_PX: u32 = 18;
/// Height of a thread's row.
pub const THREAD_PX: u32 = 18;
/// Height of the brackets below a lane's walk, air included.
const BRACKETS_PX: u32 = 8;
/// Space between the threads and the lanes.
pub const GAP_PX: u32 = 4;
/// A cell is at least about this wide.
const CELL_PX: u32 = 18;
/// Cells shown even if there are fewer moves.
const N_CELLS_MIN: usize = 24;
/// Cells shown at most.
const N_CELLS_MAX: usize = 160;

/// The part of a story that is shown.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Window {
    /// First move.
    pub start: usize,
    /// Cells.
    pub n_cells: usize,
}

impl Window {
    /// The window around the playhead for a plot of about this width. It stays where it is for half
    /// a window, so that playing does not make everything slide.
    pub fn new(n_moves: usize, at: usize, width_px: u32) -> Self {
        let fits = (width_px / CELL_PX) as usize;
        let n_cells = fits.clamp(N_CELLS_MIN, N_CELLS_MAX);
        if n_moves.max(at) <= n_cells {
            // A few moves stretch to what there is, up to twice a cell's width.
            return Self { start: 0, n_cells: n_cells.min(n_moves.max(at).max(n_cells / 2)) };
        }
        let half = n_cells / 2;
        Self { start: (at / half).saturating_sub(1) * half, n_cells }
    }

    /// The moves shown.
    pub fn moves(self) -> Range<usize> {
        self.start..self.start + self.n_cells
    }

    /// Left edge of a move's cell in hundredths of a percent; outside moves are cut off.
    pub fn x(self, at: usize) -> usize {
        at.saturating_sub(self.start).min(self.n_cells) * 10_000 / self.n_cells
    }

    /// Whether any of these moves is shown.
    pub fn shows(self, from: usize, to: usize) -> bool {
        from < self.start + self.n_cells && to > self.start
    }

    /// How many moves have been made where the pointer is, from 0 at the left edge to 1 at the right.
    pub fn made_at(self, across: f64) -> usize {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a fraction of a small number of cells"
        )]
        let cell = (across.clamp(0.0, 1.0) * self.n_cells as f64).ceil() as usize;
        self.start + cell
    }
}

/// Hundredths of a percent as an SVG length.
pub fn percent(hundredths: usize) -> String {
    match hundredths % 100 {
        0 => format!("{}%", hundredths / 100),
        rest => format!("{}.{rest:02}%", hundredths / 100),
    }
}

/// Where the rows stand.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Rows {
    /// Threads, the worker included.
    pub n_threads: u32,
    /// Lanes.
    pub n_lanes: u32,
}

impl Rows {
    /// The rows of a story.
    pub fn new(n_threads: usize, n_lanes: usize) -> Self {
        let n = |n: usize| u32::try_from(n).unwrap_or(0);
        Self { n_threads: n(n_threads), n_lanes: n(n_lanes) }
    }

    /// Top of a thread's row.
    pub fn thread_px(self, thread: usize) -> u32 {
        RULER_PX + u32::try_from(thread).unwrap_or(0) * THREAD_PX
    }

    /// Height of a lane's row: the walk, and brackets below it. Few lanes get more each.
    pub const fn lane_height_px(self) -> u32 {
        match self.n_lanes {
            0 | 1 => 64,
            2 => 46,
            3 => 33,
            _ => 28,
        }
    }

    /// Height of the part of a lane's row in which its walk goes up and down.
    pub const fn walk_height_px(self) -> u32 {
        self.lane_height_px() - BRACKETS_PX
    }

    /// Top of a lane's row.
    pub fn lane_px(self, lane: usize) -> u32 {
        let above_px = RULER_PX + self.n_threads * THREAD_PX + GAP_PX;
        above_px + u32::try_from(lane).unwrap_or(0) * self.lane_height_px()
    }

    /// Height of a visit within a lane's row: the first group at the top, the last at the bottom.
    pub fn visit_px(self, place: usize, n_groups: usize) -> u32 {
        const INSET_PX: u32 = 3;
        let room = (self.walk_height_px() - 2 * INSET_PX) as usize;
        let last = n_groups.saturating_sub(1).max(1);
        INSET_PX + u32::try_from(place.min(last) * room / last).unwrap_or(0)
    }

    /// Height of all.
    pub fn height_px(self) -> u32 {
        self.lane_px(0) + self.n_lanes * self.lane_height_px()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_story_is_shown_whole() {
        let window = Window::new(10, 3, 900);
        assert_eq!(window, Window { start: 0, n_cells: 25 });
        assert_eq!((percent(window.x(0)), percent(window.x(1))), ("0%".into(), "4%".into()));
    }

    #[test]
    fn a_long_story_is_paged_by_halves() {
        let starts: Vec<usize> =
            [0, 24, 25, 49, 50, 74, 75].map(|at| Window::new(1_000, at, 900).start).into();
        assert_eq!(starts, [0, 0, 0, 0, 25, 25, 50]);
        for at in 0..1_000 {
            let window = Window::new(1_000, at, 900);
            assert!(window.moves().contains(&at), "the playhead is always shown");
        }
    }

    #[test]
    fn the_pointer_means_the_state_after_the_move_below_it() {
        let window = Window { start: 50, n_cells: 50 };
        assert_eq!(window.made_at(0.0), 50);
        assert_eq!(window.made_at(0.01), 51);
        assert_eq!(window.made_at(0.02), 51);
        assert_eq!(window.made_at(1.0), 100);
    }

    #[test]
    fn rows_follow_each_other() {
        let rows = Rows::new(4, 3);
        let tops = [rows.thread_px(0), rows.thread_px(3), rows.lane_px(0), rows.lane_px(2)];
        assert_eq!(tops, [18, 72, 94, 160]);
        assert_eq!(rows.height_px(), 193);
    }
}
