//! A lane's column: its head, where slots point and what walkers hold, and what is at its foot.

use super::{GAP_PX, LANE_PX, ROW_PX, SMALL_PX, Scene, counted, glyph, words_at};
use crate::canvas::{Anchor, Canvas, Face};
use crate::film::Frame;
use crate::rows::{Row, walks};
use crate::text::{fit, width_px, wrap};
use crate::theme::Paint;
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};
use core::fmt::Write as _;
use memcg_core::hierarchy::GroupId;
use memcg_core::picture::{LanePicture, Life, Next};
use memcg_core::world::World;

/// Height of the head: name, a core if some lane has one of its own, two lines of figures.
pub(super) const fn head_px(has_cores: bool) -> u32 {
    if has_cores { 66 } else { 52 }
}
/// Height of a line at the foot.
pub(super) const FOOT_LINE_PX: u32 = 14;
/// Where pins end, from the lane's left edge, and the centre of the groups' shapes.
const TIP_X: u32 = 52;
const SHAPE_X: u32 = 61;
/// Where walkers and words begin.
const WORDS_X: u32 = 73;
/// Lines of a fault's sentence.
const N_FAULT_LINES: usize = 4;

/// Draws a lane at a moment.
pub(super) fn column(canvas: &mut Canvas, scene: &Scene, frame: &Frame, lane: usize) {
    head(canvas, scene, frame, lane);
    for row in core::iter::once(None).chain((0..scene.rows.len()).map(Some)) {
        cell(canvas, scene, frame, lane, row);
    }
    foot(canvas, scene, frame, lane);
}

/// Name, core and figures.
pub(crate) fn head(canvas: &mut Canvas, scene: &Scene, frame: &Frame, lane: usize) {
    let (x, right) = (scene.lane_x(lane), scene.lane_x(lane) + LANE_PX);
    let y = scene.head_y;
    let spec = &scene.film.scenario.lanes[lane];
    words_at(canvas, (x, y + 12), right, Face::new(13, Paint::Ink).bold(), &spec.policy);
    let core = spec.core.as_ref().map(|core| format!("on {core}"));
    if let Some(core) = core {
        words_at(canvas, (x, y + 26), right, Face::new(SMALL_PX, Paint::Muted), &core);
    }
    let face = Face::new(SMALL_PX, Paint::Muted);
    let c = frame.lanes[lane].counters;
    let rounds = counted(c.n_rounds, "round", "rounds");
    let restarts = counted(c.n_restarts, "restart", "restarts");
    let end = y + head_px(scene.has_cores);
    canvas.text(x, end - 25, face, &format!("{rounds}, {restarts}"));
    let visits = counted(c.n_visits, "visit", "visits");
    canvas.text(x, end - 12, face, &format!("{visits}, {} wiped", c.n_wiped));
    canvas.path(&format!("M{x} {}H{right}", end - 5), Paint::Rule, "");
}

/// A row of a lane; `None` is the row above the root.
pub(crate) fn cell(
    canvas: &mut Canvas,
    scene: &Scene,
    frame: &Frame,
    lane: usize,
    row: Option<usize>,
) {
    let picture = &frame.lanes[lane];
    let x = scene.lane_x(lane);
    let (top, middle) = (scene.row_y(row), scene.row_y(row) + ROW_PX / 2);
    let group = match row.map(|row| scene.rows[row]) {
        None => None,
        Some(Row::Group { group, place, .. }) => Some((group, place)),
        Some(Row::Gap(_)) => return,
    };
    let at = group.map(|(group, _)| group);
    pin(canvas, picture, at, (x, top));
    let mut words_x = x + WORDS_X;
    if let Some((_, place)) = group {
        glyph::life(canvas, x + SHAPE_X, middle, picture.groups[place].life);
    }
    let tokens = tokens(scene, picture, at);
    if !tokens.is_empty() {
        words_x += token(canvas, (words_x, top), &tokens) + 6;
    }
    let Some((_, place)) = group else { return };
    let told = &picture.groups[place];
    let refs = match told.life {
        Life::Alive | Life::Coming | Life::Unborn | Life::Freed => None,
        _ => Some(counted(u32::try_from(told.n_refs).unwrap_or(0), "ref", "refs")),
    };
    let visit = told.visit.map(|n| format!("#{n}"));
    // Groups to come have their shape alone: in a long schedule they are many.
    let word = glyph::word(told.life).filter(|_| told.life != Life::Unborn);
    let parts = [word.map(ToString::to_string), refs, visit];
    let words: Vec<String> = parts.into_iter().flatten().collect();
    let right = x + LANE_PX + GAP_PX / 2;
    let is_quiet = matches!(told.life, Life::Alive | Life::Freed);
    let paint = if is_quiet { Paint::Muted } else { Paint::Ink };
    if !words.is_empty() {
        words_at(canvas, (words_x, top + 14), right, Face::new(SMALL_PX, paint), &words.join(", "));
    }
}

/// Slots whose position is here: one pin for all of them.
fn pin(canvas: &mut Canvas, picture: &LanePicture, at: Option<GroupId>, (x, top): (u32, u32)) {
    // A position in a gap or in a group without a row has no pin; the foot names it.
    let here: Vec<usize> =
        (0..picture.pins.len()).filter(|slot| picture.pins[*slot].group == at).collect();
    let Some(first) = here.first() else { return };
    let alone = picture.pins.len() == 1;
    let label = match picture.pins[*first].generation {
        Some(generation) if alone => format!("g{generation}"),
        None if alone => "slot".to_string(),
        _ => {
            let mut numbers: Vec<String> =
                here.iter().take(3).map(|n| (n + 1).to_string()).collect();
            if here.len() > 3 {
                numbers.truncate(2);
                numbers.push(format!("+{}", here.len() - 2));
            }
            numbers.join(" ")
        }
    };
    let is_bad = here.iter().any(|slot| picture.pins[*slot].dangling);
    let width = (width_px(&label, SMALL_PX) + 10).clamp(22, TIP_X - 8);
    let label = fit(&label, SMALL_PX, width - 6);
    let left = x + TIP_X - 6 - width;
    let (y, middle) = (top + 3, top + ROW_PX / 2);
    let d = format!("M{left} {y}h{width}l6 7l-6 7h-{width}z");
    match at {
        Some(_) => {
            canvas.path(&d, if is_bad { Paint::Bad } else { Paint::Pin }, "");
            let face = Face::new(SMALL_PX, Paint::OnPin).bold().at(Anchor::Middle);
            canvas.text(left + width / 2 + 1, middle + 4, face, &label);
        }
        // A slot without a position: an outline that points nowhere.
        None => {
            let d = format!("M{left} {y}h{width}v14h-{width}z");
            canvas.path(&d, Paint::Outline, " stroke-dasharray=\"3 2\"");
            let face = Face::new(SMALL_PX, Paint::Ink).at(Anchor::Middle);
            canvas.text(left + width / 2, middle + 4, face, &label);
        }
    }
}

/// Short names of the walkers that hold the group, or that are on their way without one.
fn tokens(scene: &Scene, picture: &LanePicture, at: Option<GroupId>) -> String {
    let threads = picture.threads.iter().enumerate();
    let here = threads.filter(|(thread, told)| match at {
        Some(_) => told.holds == at,
        None => {
            let role = &scene.film.world.threads[*thread].role;
            told.holds.is_none() && walks(role) && told.next != Next::Done
        }
    });
    let mut names: Vec<String> = here.map(|(thread, _)| scene.tags[thread].clone()).collect();
    if names.len() > 3 {
        let n_more = names.len() - 2;
        names.truncate(2);
        names.push(format!("+{n_more}"));
    }
    names.join(" ")
}

/// A walker's token; gives its width.
fn token(canvas: &mut Canvas, (x, top): (u32, u32), label: &str) -> u32 {
    let width = (width_px(label, SMALL_PX) + 12).max(22);
    canvas.rect((x, top + 3), (width, 14), 7, Paint::Token);
    let face = Face::new(SMALL_PX, Paint::OnToken).bold().at(Anchor::Middle);
    canvas.text(x + width / 2, top + 14, face, label);
    width
}

/// Below the rows: a fault in words, the slots by number, the worker's queue.
pub(crate) fn foot(canvas: &mut Canvas, scene: &Scene, frame: &Frame, lane: usize) {
    let picture = &frame.lanes[lane];
    let (x, right) = (scene.lane_x(lane), scene.lane_x(lane) + LANE_PX);
    let mut y = scene.foot_y + 11;
    if let Some(fault) = &picture.fault {
        let face = Face::new(SMALL_PX, Paint::Bad);
        words_at(canvas, (x, y), right, face.bold(), &format!("▲ {}", fault.name));
        y += FOOT_LINE_PX;
        for line in wrap(&fault.words, SMALL_PX, LANE_PX, N_FAULT_LINES) {
            canvas.text(x, y, face, &line);
            y += FOOT_LINE_PX;
        }
    }
    for line in foot_lines(&scene.film.world, picture) {
        words_at(canvas, (x, y), right, Face::new(SMALL_PX, Paint::Muted), &line);
        y += FOOT_LINE_PX;
    }
}

/// Slots that are listed at a lane's foot.
const N_SLOTS_MAX: usize = 6;

fn foot_lines(world: &World, picture: &LanePicture) -> Vec<String> {
    let name = |group| fit(world.name(group), SMALL_PX, LANE_PX / 2);
    let mut out = Vec::new();
    for (slot, pin) in picture.pins.iter().enumerate().take(N_SLOTS_MAX) {
        let number = if picture.pins.len() == 1 { String::new() } else { format!("{} ", slot + 1) };
        let generation = pin.generation.map_or(String::new(), |g| format!(", g{g}"));
        let root = if pin.root == GroupId::ROOT {
            String::new()
        } else {
            format!(" of {}", name(pin.root))
        };
        let words = format!("slot {number}{}{root}{generation}", pin.key);
        out.extend(wrap(&words, SMALL_PX, LANE_PX, 2));
    }
    if picture.pins.len() > N_SLOTS_MAX {
        out.push(format!("and {} more slots", picture.pins.len() - N_SLOTS_MAX));
    }
    for work in picture.work.iter().take(2) {
        let waits = if work.waits_for.is_empty() { "queued" } else { "waits for readers" };
        out.push(format!("{} {}: {waits}", work.stage, name(work.group)));
    }
    if picture.work.len() > 2 {
        out.push(format!("and {} more queued", picture.work.len() - 2));
    }
    out
}

/// Lines at the foot.
pub(super) fn n_foot_lines(world: &World, picture: &LanePicture) -> usize {
    let fault = picture
        .fault
        .as_ref()
        .map_or(0, |fault| 1 + wrap(&fault.words, SMALL_PX, LANE_PX, N_FAULT_LINES).len());
    fault + foot_lines(world, picture).len()
}

/// A lane in words: figures, positions, what is not simply in use.
pub(super) fn words(scene: &Scene, picture: &LanePicture) -> String {
    let path = |group: GroupId| scene.film.world.path(group).to_string();
    let c = picture.counters;
    let mut out = format!(
        "{}, {}, {}",
        counted(c.n_rounds, "round", "rounds"),
        counted(c.n_restarts, "restart", "restarts"),
        counted(c.n_visits, "visit", "visits")
    );
    for pin in &picture.pins {
        let position = pin.group.map_or("none".to_string(), path);
        let freed = if pin.dangling { ", whose memory is freed" } else { "" };
        let _ = write!(out, "; {} points at {position}{freed}", pin.key);
    }
    for (thread, told) in scene.film.world.threads.iter().zip(&picture.threads) {
        if let Some(group) = told.holds {
            let _ = write!(out, "; {} holds {}", thread.name, path(group));
        }
    }
    for group in &picture.groups {
        if let (Some(word), true) = (glyph::word(group.life), group.life != Life::Unborn) {
            let _ = write!(out, "; {} is {word}", path(group.group));
        }
    }
    if let Some(fault) = &picture.fault {
        let _ = write!(out, "; fault: {}", fault.words);
    }
    out
}
