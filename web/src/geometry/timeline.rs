//! The timeline: moves from left to right, threads and lanes from top to bottom.
//!
//! Across, places are told in hundredths of a percent of the plot, so that nothing has to be
//! measured; down, in pixels. One move takes one cell. A long story is shown a window at a time.

pub use super::story::{Block, BranchRow, Grace, Kind, Mark, Section, Story, Visit};
pub use super::zoom::Zoom;
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
/// Cells of the usual width shown at most.
const N_CELLS_MAX: usize = 160;
/// Moves whose cells would be narrower than this are drawn as one.
const COLUMN_PX: usize = 2;
/// A mark takes about this much.
const MARK_PX: usize = 9;
/// Numbers of the ruler stand at least this far apart.
const NUMBERS_PX: usize = 48;
/// Width of a digit of theirs.
const DIGIT_PX: usize = 6;

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
    pub fn new(n_moves: usize, at: usize, width_px: u32, zoom: Zoom) -> Self {
        let usual = ((width_px / CELL_PX) as usize).clamp(N_CELLS_MIN, N_CELLS_MAX);
        let n_moves = n_moves.max(at);
        if zoom == Zoom::Fit {
            return Self { start: 0, n_cells: n_moves.max(Zoom::Four.n_cells(usual)) };
        }
        let n_cells = zoom.n_cells(usual);
        if n_moves <= n_cells {
            // A few moves stretch to what there is, up to twice a cell's width.
            return Self { start: 0, n_cells: n_cells.min(n_moves.max(n_cells / 2)) };
        }
        let half = n_cells / 2;
        Self { start: (at / half).saturating_sub(1) * half, n_cells }
    }

    /// How many moves fit into so many pixels of a plot of about this width: at least one.
    fn n_moves_in(self, px: usize, width_px: u32) -> usize {
        (self.n_cells * px / width_px.max(1) as usize).max(1)
    }

    /// Moves drawn as one, since they are too close together to be told apart.
    pub fn n_merged(self, width_px: u32) -> usize {
        self.n_moves_in(COLUMN_PX, width_px)
    }

    /// Moves that share a place for marks.
    pub fn n_marked(self, width_px: u32) -> usize {
        self.n_moves_in(MARK_PX, width_px)
    }

    /// From number to number of the ruler: 1, 2 or 5 and zeros.
    pub fn every(self, width_px: u32) -> usize {
        let mut every = 1;
        while every * (width_px.max(1) as usize) < self.n_cells * NUMBERS_PX {
            // 1, 2, 5, 10 …
            let is_two = every.to_string().starts_with('2');
            every = if is_two { every / 2 * 5 } else { every * 2 };
        }
        every
    }

    /// Whether a number in the middle below its line would run beyond the plot's right edge.
    pub fn is_at_edge(self, number: usize, width_px: u32) -> bool {
        let half_px = number.to_string().len() * DIGIT_PX / 2;
        let right = self.x(number) * width_px as usize / 10_000 + half_px;
        right > width_px as usize
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
        let window = Window::new(10, 3, 900, Zoom::One);
        assert_eq!(window, Window { start: 0, n_cells: 25 });
        assert_eq!((percent(window.x(0)), percent(window.x(1))), ("0%".into(), "4%".into()));
    }

    #[test]
    fn a_long_story_is_paged_by_halves() {
        let starts: Vec<usize> = [0, 24, 25, 49, 50, 74, 75]
            .map(|at| Window::new(1_000, at, 900, Zoom::One).start)
            .into();
        assert_eq!(starts, [0, 0, 0, 0, 25, 25, 50]);
        for at in 0..1_000 {
            let window = Window::new(1_000, at, 900, Zoom::One);
            assert!(window.moves().contains(&at), "the playhead is always shown");
        }
    }

    #[test]
    fn every_zoom_shows_the_playhead_in_cells_of_its_size() {
        for zoom in Zoom::ALL {
            for at in 0..=1_000 {
                let window = Window::new(1_000, at, 900, zoom);
                assert!(window.start <= at && at <= window.moves().end, "{zoom:?} at {at}");
            }
            assert_eq!(Zoom::named(zoom.name()), Some(zoom));
        }
        let cells = |n_moves, width_px| {
            Zoom::ALL.map(|zoom| Window::new(n_moves, 0, width_px, zoom).n_cells)
        };
        assert_eq!(cells(1_000, 900), [1_000, 100, 50, 25, 12]);
        assert_eq!(cells(30, 900), [30, 50, 30, 25, 12]);
        assert_eq!(cells(3, 900), [12, 50, 25, 12, 6], "a few moves do not become boards");
        assert_eq!(cells(1_000, 200), [1_000, 48, 24, 12, 6]);
        assert_eq!(cells(0, 0), [6, 24, 12, 6, 3]);
    }

    #[test]
    fn larger_is_larger_whatever_the_whole_comes_to() {
        let all = |from: Zoom, larger, n_moves| {
            let mut out = vec![from.name()];
            let mut zoom = from;
            while zoom.next(larger, n_moves, 900) != zoom {
                zoom = zoom.next(larger, n_moves, 900);
                out.push(zoom.name());
            }
            out.join(" ")
        };
        assert_eq!(all(Zoom::Fit, true, 1_000), "fit 1/2 1 2 4");
        assert_eq!(all(Zoom::Four, false, 1_000), "4 2 1 1/2 fit");
        assert_eq!(all(Zoom::Fit, true, 40), "fit 2 4");
        assert_eq!(all(Zoom::Four, false, 40), "4 2 1 1/2");
        assert_eq!(all(Zoom::Fit, true, 3), "fit 4");
    }

    #[test]
    fn numbers_stand_apart_and_none_runs_beyond_the_edge() {
        let width_px = 900;
        for n_moves in [1, 9, 40, 99, 100, 101, 999, 1_000, 7_801, 99_999] {
            let window = Window::new(n_moves, 0, width_px, Zoom::Fit);
            let every = window.every(width_px);
            assert!(every * 900 >= window.n_cells * 40, "{n_moves}: every {every}");
            assert!(every * 900 <= window.n_cells * 150, "{n_moves}: every {every}");
            let last = window.moves().end;
            assert!(window.is_at_edge(last, width_px), "it ends where it stands");
            assert!(!window.is_at_edge(last / 2, width_px));
        }
        let every = |zoom| Window::new(1_000, 0, width_px, zoom).every(width_px);
        assert_eq!(Zoom::ALL.map(every), [100, 10, 5, 2, 1]);
    }

    #[test]
    fn moves_are_merged_where_they_are_too_small_to_be_told_apart() {
        let merged = |n_moves| Window::new(n_moves, 0, 900, Zoom::Fit).n_merged(900);
        assert_eq!([1, 100, 450, 900, 9_000].map(merged), [1, 1, 1, 2, 20]);
        let marked = |n_moves| Window::new(n_moves, 0, 900, Zoom::Fit).n_marked(900);
        assert_eq!([1, 100, 450, 9_000].map(marked), [1, 1, 4, 90]);
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
