//! The figure: hierarchy on the left, a column for every lane, the schedule below.
//!
//! Its own composition, for print and for pages: every stage of a group's life is told by shape and by word, and
//! colour only adds to them.

pub(crate) mod glyph;
mod lane;
mod legend;
mod timeline;

use crate::canvas::{Anchor, Canvas, Face};
use crate::embedded;
use crate::film::{Film, Frame};
use crate::rows::{Row, rows, tags};
use crate::text::{fit, line_into, width_px, wrap};
use crate::theme::{Paint, Theme};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::Write as _;

/// Space around everything.
const MARGIN_PX: u32 = 24;
/// Height of a row.
const ROW_PX: u32 = 20;
/// From a level of the tree to the next.
const INDENT_PX: u32 = 14;
/// The tree's column, at least and at most.
const TREE_PX_MIN: u32 = 150;
const TREE_PX_MAX: u32 = 270;
/// A lane's column.
const LANE_PX: u32 = 204;
/// Between two columns.
const GAP_PX: u32 = 20;
/// Narrowest figure: the schedule needs some room.
const WIDTH_PX_MIN: u32 = 640;
/// Size of names and words.
const TEXT_PX: u32 = 11;
/// Size of what explains.
const SMALL_PX: u32 = 10;

/// Where everything stands; the same for all moments of a film.
#[derive(Debug)]
pub(crate) struct Scene<'f> {
    pub(crate) film: &'f Film,
    pub(crate) rows: Vec<Row>,
    pub(crate) tags: Vec<String>,
    pub(crate) width_px: u32,
    tree_px: u32,
    title: Vec<String>,
    /// Top of the sentence, of the lanes' heads, of the first row (that of positions that are none).
    sentence_y: u32,
    head_y: u32,
    /// Whether some lane names a core of its own.
    has_cores: bool,
    rows_y: u32,
    /// Top of what stands below the rows.
    foot_y: u32,
    timeline_y: u32,
}

/// Lines kept for the sentence.
const N_SENTENCE_LINES: usize = 3;
const SENTENCE_LINE_PX: u32 = 16;

impl<'f> Scene<'f> {
    pub(crate) fn new(film: &'f Film, frames: &[&Frame]) -> Self {
        let rows = rows(film, frames);
        let name_px = |row: &Row| match row {
            Row::Group { group, depth, .. } => {
                let depth = u32::try_from(*depth).unwrap_or(u32::MAX);
                let name = film.world.name(*group);
                depth.saturating_mul(INDENT_PX).saturating_add(width_px(name, TEXT_PX) + 16)
            }
            Row::Gap(_) => 0,
        };
        let n_lanes = u32::try_from(film.lanes.len()).unwrap_or(0);
        let label = |lane: &String| width_px(lane, SMALL_PX) + 12;
        let thread_px = film.world.threads.iter().map(|t| width_px(&t.name, SMALL_PX) + 12);
        let tree_px = rows.iter().map(name_px).chain(film.lanes.iter().map(label)).chain(thread_px);
        let tree_px = tree_px.max().unwrap_or(0).clamp(TREE_PX_MIN, TREE_PX_MAX);
        let width_px = (2 * MARGIN_PX + tree_px + n_lanes * (LANE_PX + GAP_PX)).max(WIDTH_PX_MIN);
        let title = wrap(&film.scenario.title, 17, width_px - 2 * MARGIN_PX, 2);
        let n_title = u32::try_from(title.len()).unwrap_or(0);
        let sentence_y = MARGIN_PX + n_title * 22 + 4;
        let longest =
            frames.iter().map(|f| sentence_lines(f, film, width_px).len()).max().unwrap_or(1);
        let n_lines = u32::try_from(longest).unwrap_or(1);
        let head_y = sentence_y + n_lines * SENTENCE_LINE_PX + 14;
        let has_cores = film.scenario.lanes.iter().any(|lane| lane.core.is_some());
        let rows_y = head_y + lane::head_px(has_cores);
        let n_rows = u32::try_from(rows.len()).unwrap_or(0) + 1;
        let foot_y = rows_y + n_rows * ROW_PX + 6;
        let n_foot = frames.iter().flat_map(|f| &f.lanes);
        let n_foot = n_foot.map(|l| lane::n_foot_lines(&film.world, l)).max();
        let n_foot = u32::try_from(n_foot.unwrap_or(0)).unwrap_or(0);
        let timeline_y = foot_y + n_foot * lane::FOOT_LINE_PX + 18;
        Self {
            film,
            rows,
            tags: tags(&film.world),
            width_px,
            tree_px,
            title,
            sentence_y,
            head_y,
            has_cores,
            rows_y,
            foot_y,
            timeline_y,
        }
    }

    /// Left edge of a lane's column.
    fn lane_x(&self, lane: usize) -> u32 {
        let lane = u32::try_from(lane).unwrap_or(0);
        MARGIN_PX + self.tree_px + GAP_PX + lane * (LANE_PX + GAP_PX)
    }

    /// Top of a row; `None` stands for the row of positions that are none.
    fn row_y(&self, row: Option<usize>) -> u32 {
        let row = row.map_or(0, |row| u32::try_from(row).unwrap_or(0) + 1);
        self.rows_y + row * ROW_PX
    }

    /// Title, sentence and what changes from moment to moment go around this: names, lines of the tree, rules.
    pub(crate) fn still(&self, canvas: &mut Canvas) {
        for (line, y) in self.title.iter().zip((MARGIN_PX + 15..).step_by(22)) {
            canvas.text(MARGIN_PX, y, Face::new(17, Paint::Ink).bold(), line);
        }
        let right = self.width_px - MARGIN_PX;
        for row in 0..=self.rows.len() + 1 {
            let y = self.rows_y + u32::try_from(row).unwrap_or(0) * ROW_PX;
            canvas.path(&format!("M{MARGIN_PX} {y}H{right}"), Paint::Hair, "");
        }
        let y = self.row_y(None) + 14;
        canvas.text(
            MARGIN_PX,
            y,
            Face::new(SMALL_PX, Paint::Muted),
            "no position, no group in hand",
        );
        for (at, row) in self.rows.iter().enumerate() {
            self.tree_row(canvas, self.row_y(Some(at)), row);
        }
    }

    fn tree_row(&self, canvas: &mut Canvas, top: u32, row: &Row) {
        let (group, depth, open, is_last) = match *row {
            Row::Gap(n) => {
                let words = format!("⋮ {n} more {}", if n == 1 { "cgroup" } else { "cgroups" });
                canvas.text(MARGIN_PX, top + 14, Face::new(SMALL_PX, Paint::Muted), &words);
                return;
            }
            Row::Group { group, depth, open, is_last, .. } => (group, depth, open, is_last),
        };
        // Very deep trees keep their names in the column.
        let level_x = |level: usize| {
            let level = u32::try_from(level).unwrap_or(u32::MAX);
            MARGIN_PX + level.saturating_mul(INDENT_PX).min(self.tree_px / 2)
        };
        let mut d = String::new();
        for level in (1..depth).filter(|level| *level < 64 && open & (1 << level) != 0) {
            let _ = write!(d, "M{} {top}v{ROW_PX}", level_x(level - 1) + 4);
        }
        if depth > 0 {
            let x = level_x(depth - 1) + 4;
            let down = if is_last { ROW_PX / 2 } else { ROW_PX };
            let _ = write!(d, "M{x} {top}v{down}M{x} {}h{}", top + ROW_PX / 2, INDENT_PX - 7);
        }
        if !d.is_empty() {
            canvas.path(&d, Paint::Rule, "");
        }
        let name = self.film.world.name(group);
        let x = level_x(depth);
        let fitted = fit(name, TEXT_PX, (MARGIN_PX + self.tree_px).saturating_sub(x));
        let path = self.film.world.path(group);
        let title = (fitted != name).then_some(path);
        canvas.titled(x, top + 14, Face::new(TEXT_PX, Paint::Ink), &fitted, title);
    }

    /// The sentence of a moment.
    pub(crate) fn sentence(&self, canvas: &mut Canvas, frame: &Frame) {
        let lines = sentence_lines(frame, self.film, self.width_px);
        for (line, n) in lines.iter().zip(0..) {
            let y = self.sentence_y + 12 + n * SENTENCE_LINE_PX;
            canvas.text(MARGIN_PX, y, Face::new(12, Paint::Muted), line);
        }
    }

    /// Height of the whole.
    fn height_px(&self, legend_px: u32) -> u32 {
        self.timeline_y + timeline::height_px(self) + legend_px + MARGIN_PX
    }

    /// What the figure shows, for those who cannot see it.
    fn description(&self, frame: &Frame) -> String {
        let mut out = place(frame, self.film);
        out.push_str(&frame.sentence);
        for (name, picture) in self.film.lanes.iter().zip(&frame.lanes) {
            let _ = write!(out, " {name}: {}.", lane::words(self, picture));
        }
        out
    }
}

fn sentence_lines(frame: &Frame, film: &Film, width_px: u32) -> Vec<String> {
    let text = format!("{}{}", place(frame, film), frame.sentence);
    wrap(&text, 12, width_px - 2 * MARGIN_PX, N_SENTENCE_LINES)
}

/// `Move 12 of 60: `
fn place(frame: &Frame, film: &Film) -> String {
    let n = film.notes.len();
    match frame.at {
        0 if n == 0 => String::new(),
        0 => format!("0 of {n} moves: "),
        at => format!("Move {at} of {n}: "),
    }
}

/// The figure of a moment; without any lane, of the tree alone.
pub fn figure(film: &Film, frame: &Frame, theme: Theme) -> String {
    let scene = Scene::new(film, &[frame]);
    let mut canvas = Canvas::new(theme);
    open(&mut canvas, &scene, frame, &[frame]);
    scene.still(&mut canvas);
    scene.sentence(&mut canvas, frame);
    for lane in 0..frame.lanes.len() {
        lane::column(&mut canvas, &scene, frame, lane);
    }
    timeline(&mut canvas, &scene);
    timeline::cursor(&mut canvas, &scene, frame.at);
    legend(&mut canvas, &scene, &[frame]);
    canvas.raw("</svg>\n");
    canvas.out
}

/// The parts of a figure that change from moment to moment, by number.
#[derive(Debug)]
pub(crate) struct Parts<'s, 'f> {
    scene: &'s Scene<'f>,
}

impl<'s, 'f> Parts<'s, 'f> {
    pub(crate) const fn new(scene: &'s Scene<'f>) -> Self {
        Self { scene }
    }

    /// Parts of a lane: head, foot, the row of positions that are none, and the rows.
    fn n_per_lane(&self) -> usize {
        3 + self.scene.rows.len()
    }

    /// How many there are: sentence, place in time, and those of the lanes.
    pub(crate) fn n(&self) -> usize {
        2 + self.scene.film.lanes.len() * self.n_per_lane()
    }

    /// A part at a moment.
    pub(crate) fn draw(&self, frame: &Frame, part: usize, theme: Theme) -> String {
        let mut canvas = Canvas::new(theme);
        let scene = self.scene;
        match part {
            0 => scene.sentence(&mut canvas, frame),
            1 => timeline::cursor(&mut canvas, scene, frame.at),
            _ => {
                let lane = (part - 2) / self.n_per_lane();
                match (part - 2) % self.n_per_lane() {
                    0 => lane::head(&mut canvas, scene, frame, lane),
                    1 => lane::foot(&mut canvas, scene, frame, lane),
                    2 => lane::cell(&mut canvas, scene, frame, lane, None),
                    row => lane::cell(&mut canvas, scene, frame, lane, Some(row - 3)),
                }
            }
        }
        canvas.out
    }
}

/// The schedule without the place in time.
pub(crate) fn timeline(canvas: &mut Canvas, scene: &Scene) {
    timeline::still(canvas, scene);
}

/// What the shapes mean that these moments show.
pub(crate) fn legend(canvas: &mut Canvas, scene: &Scene, frames: &[&Frame]) {
    legend::legend(canvas, scene, frames);
}

/// The element itself, title, description, the scenario, and the ground.
pub(crate) fn open(canvas: &mut Canvas, scene: &Scene, frame: &Frame, frames: &[&Frame]) {
    let width = scene.width_px;
    let height = scene.height_px(legend::height_px(scene, frames));
    canvas.raw(&format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" font-family=\"Inter,'Helvetica Neue',Arial,'Liberation \
         Sans','DejaVu Sans',sans-serif\">\n"
    ));
    let title = &scene.film.scenario.title;
    canvas.raw("<title>");
    let title = if title.is_empty() { "Memory cgroups and their iterators" } else { title };
    line_into(&mut canvas.out, title);
    canvas.raw("</title>\n<desc>");
    line_into(&mut canvas.out, &scene.description(frame));
    canvas.raw("</desc>\n");
    let text = memcg_scenario::print(&scene.film.scenario);
    canvas.raw(&embedded::element(&text, frame.at, scene.film.link.as_deref()));
    let style = canvas.theme.style();
    canvas.raw(&style);
    canvas.rect((0, 0), (width, height), 0, Paint::Ground);
}

/// A number and its word.
pub(crate) fn counted(n: u32, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Text to the right of `x`, up to `right`; gives where it ends.
pub(crate) fn words_at(
    canvas: &mut Canvas,
    (x, y): (u32, u32),
    right: u32,
    face: Face,
    words: &str,
) -> u32 {
    let fitted = fit(words, face.size_px, right.saturating_sub(x));
    let title = (fitted != words).then(|| words.to_string());
    canvas.titled(x, y, face.at(Anchor::Start), &fitted, title.as_deref());
    x + width_px(&fitted, face.size_px)
}
