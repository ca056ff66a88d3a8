//! A scenario as a small picture without words: a column for every lane, how often each group was visited, where slots
//! point in the end, and the lane's events in a row below.
//!
//! Not a figure: it explains nothing and holds no scenario. It says at a glance that lanes have parted, and how.

use crate::canvas::Canvas;
use crate::film::{Film, Frame};
use crate::rows::{Row, rows};
use crate::svg::glyph::{self, Event};
use crate::theme::{Paint, Theme};
use alloc::{format, string::String, vec::Vec};
use core::fmt::Write as _;
use memcg_core::picture::{LanePicture, Life};

/// Its shape, 8 to 5: taller and wider contents are drawn smaller.
const RATIO: (u32, u32) = (8, 5);
const WIDTH_PX_MIN: u32 = 224;
const MARGIN_PX: u32 = 16;
const ROW_PX: u32 = 16;
const INDENT_PX: u32 = 12;
/// Between two lanes.
const GAP_PX: u32 = 20;
/// What a pin takes, left of its group, and a group.
const PIN_PX: u32 = 22;
const GROUP_PX: u32 = 10;
/// Length of a bar for a visit, and of the longest.
const VISIT_PX: u32 = 7;
const BAR_PX_MAX: u32 = 64;
/// The row of events, and how far they stand apart.
const EVENTS_PX: u32 = 26;
const EVENT_PX: u32 = 13;
const N_EVENTS_MAX: u32 = 10;

/// The picture of a moment, as attributes alone or with a style for readers who prefer dark.
pub fn thumbnail(film: &Film, frame: &Frame, theme: Theme) -> String {
    let rows = rows(film, &[frame]);
    let n_lanes = u32::try_from(frame.lanes.len()).unwrap_or(0).max(1);
    let deepest = rows.iter().map(depth_of).max().unwrap_or(0);
    let seen = frame.lanes.iter().flat_map(|lane| &lane.groups).map(|group| bar_px(group.n_visits));
    let n_events = (0..frame.lanes.len()).map(|lane| walk_events(film, lane).len()).max();
    let n_events = u32::try_from(n_events.unwrap_or(0)).unwrap_or(0).min(N_EVENTS_MAX);
    let tree_px = GROUP_PX + deepest * INDENT_PX + seen.max().unwrap_or(0) + 4;
    let lane_px = PIN_PX + tree_px.max(n_events * EVENT_PX);
    let inner = (
        n_lanes * (lane_px + GAP_PX) - GAP_PX,
        u32::try_from(rows.len()).unwrap_or(0) * ROW_PX + EVENTS_PX,
    );
    let (width, height) = size(inner);
    let mut canvas = Canvas::new(theme);
    canvas.raw(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\">\n"
    ));
    let style = theme.style();
    canvas.raw(&style);
    canvas.rect((0, 0), (width, height), 0, Paint::Ground);
    let (left, top) = ((width - inner.0) / 2, (height - inner.1) / 2);
    for (lane, picture) in (0..).zip(&frame.lanes) {
        let at = (left + lane * (lane_px + GAP_PX), top);
        column(&mut canvas, &rows, picture, at);
        let y = top + inner.1 - EVENTS_PX / 2 + 4;
        events(&mut canvas, film, usize::try_from(lane).unwrap_or(0), (at.0, y));
    }
    canvas.raw("</svg>\n");
    canvas.out
}

fn depth_of(row: &Row) -> u32 {
    match row {
        Row::Group { depth, .. } => u32::try_from(*depth).unwrap_or(0).min(6),
        Row::Gap(_) => 0,
    }
}

/// Of the whole, in the given shape.
fn size((width, height): (u32, u32)) -> (u32, u32) {
    let (width, height) = (width + 2 * MARGIN_PX, height + 2 * MARGIN_PX);
    let width = width.max(height * RATIO.0 / RATIO.1).max(WIDTH_PX_MIN);
    (width, width * RATIO.1 / RATIO.0)
}

fn column(canvas: &mut Canvas, rows: &[Row], picture: &LanePicture, (left, top): (u32, u32)) {
    let root_x = left + PIN_PX + GROUP_PX / 2;
    let x_of = |depth: u32| root_x + depth * INDENT_PX;
    let mut lines = String::new();
    // Where the line down from a group on each level ends.
    let mut begun: Vec<u32> = Vec::new();
    for (at, row) in (0..).zip(rows) {
        let (depth, y) = (depth_of(row), top + at * ROW_PX + ROW_PX / 2);
        let level = usize::try_from(depth).unwrap_or(0);
        if let Some(parent) = level.checked_sub(1).and_then(|level| begun.get(level)) {
            let _ = write!(lines, "M{} {parent}V{y}h{}", x_of(depth - 1), INDENT_PX);
        }
        begun.truncate(level);
        begun.push(y);
    }
    if !lines.is_empty() {
        canvas.path(&lines, Paint::Rule, "");
    }
    for (at, row) in (0..).zip(rows) {
        let Row::Group { group, place, .. } = row else { continue };
        let (x, y) = (x_of(depth_of(row)), top + at * ROW_PX + ROW_PX / 2);
        let seen = &picture.groups[*place];
        let bar = bar_px(seen.n_visits);
        if bar > 0 {
            canvas.rect((x + 9, y - 3), (bar, 6), 3, Paint::Move);
        }
        glyph::life(canvas, x, y, seen.life);
        let pin = picture.pins.iter().find(|pin| pin.group == Some(*group));
        if let Some(pin) = pin {
            let paint = if pin.dangling { Paint::Bad } else { Paint::Pin };
            let d = format!("M{} {}h9l6 6l-6 6h-9z", x - PIN_PX - 1, y - 6);
            canvas.path(&d, paint, "");
        }
        debug_assert!(
            seen.life != Life::Unborn || seen.n_visits == 0,
            "nobody visits what is not there"
        );
    }
}

fn bar_px(n_visits: u32) -> u32 {
    n_visits.saturating_mul(VISIT_PX).min(BAR_PX_MAX)
}

fn walk_events(film: &Film, lane: usize) -> Vec<Event> {
    let marks = film.notes.iter().filter_map(|note| note.marks.get(lane));
    marks.flatten().filter_map(Event::of).filter(|event| event.is_of_walk()).collect()
}

/// What happened to the lane's walks, in order; of many the last.
fn events(canvas: &mut Canvas, film: &Film, lane: usize, (left, y): (u32, u32)) {
    let all = walk_events(film, lane);
    let n = usize::try_from(N_EVENTS_MAX).unwrap_or(0);
    let x = (0..).map(|at| left + PIN_PX + GROUP_PX / 2 + at * EVENT_PX);
    for (event, x) in all[all.len().saturating_sub(n)..].iter().zip(x) {
        event.draw(canvas, x, y);
    }
}
