//! The schedule: a row for every thread that moves, a band with events for every lane, and the place in time.

use super::{MARGIN_PX, SMALL_PX, Scene, glyph::Event};
use crate::canvas::{Anchor, Canvas, Face};
use crate::text::fit;
use crate::theme::Paint;
use alloc::{format, string::String, vec::Vec};
use core::fmt::Write as _;
use memcg_core::world::World;

/// Height of a thread's row, of a lane's band, and of the scale with the heading.
const THREAD_PX: u32 = 14;
const BAND_PX: u32 = 32;
const SCALE_PX: u32 = 34;

/// Threads that move at all, the worker among them if it does.
fn movers(scene: &Scene) -> Vec<usize> {
    let n_threads = scene.film.world.threads.len();
    (0..=n_threads).filter(|t| scene.film.notes.iter().any(|note| note.thread == *t)).collect()
}

pub(super) fn height_px(scene: &Scene) -> u32 {
    if scene.film.notes.is_empty() {
        return 0;
    }
    let n = |n: usize| u32::try_from(n).unwrap_or(0);
    SCALE_PX + n(movers(scene).len()) * THREAD_PX + 6 + n(scene.film.lanes.len()) * BAND_PX
}

/// Left edge and width of the axis.
fn axis(scene: &Scene) -> (u32, u32) {
    let left = scene.lane_x(0);
    (left, scene.width_px - MARGIN_PX - left)
}

/// Left edge of a move, from 0; of the end for the number of moves.
fn x_of(scene: &Scene, at: usize) -> u32 {
    let (left, width) = axis(scene);
    let n = scene.film.notes.len().max(1);
    // A short schedule is not drawn out over the whole width.
    let width = width.min(u32::try_from(n).unwrap_or(u32::MAX).saturating_mul(26));
    let offset = u64::from(width) * at as u64 / n as u64;
    left + u32::try_from(offset).unwrap_or(width)
}

/// All of it but the place in time.
pub(super) fn still(canvas: &mut Canvas, scene: &Scene) {
    let n_moves = scene.film.notes.len();
    if n_moves == 0 {
        return;
    }
    let top = scene.timeline_y;
    let small = Face::new(SMALL_PX, Paint::Muted);
    canvas.text(MARGIN_PX, top + 12, Face::new(12, Paint::Ink).bold(), "Schedule");
    scale(canvas, scene, top + 12);
    let mut y = top + SCALE_PX - 8;
    for thread in movers(scene) {
        let name = scene.film.world.threads.get(thread).map_or(World::WORKER, |t| t.name.as_str());
        canvas.text(MARGIN_PX, y + 10, small, &fit(name, SMALL_PX, scene.tree_px));
        moves(canvas, scene, thread, y + 2);
        y += THREAD_PX;
    }
    y += 6;
    let left = x_of(scene, 0);
    for (lane, name) in scene.film.lanes.iter().enumerate() {
        canvas.text(MARGIN_PX, y + BAND_PX / 2 + 4, small, &fit(name, SMALL_PX, scene.tree_px));
        let size = (x_of(scene, n_moves) - left, BAND_PX - 4);
        canvas.rect((left, y + 2), size, 2, Paint::Band);
        // Groups come and go in the upper half, walks have their events in the lower one.
        events(canvas, scene, lane, y + 9, &|event| !event.is_of_walk());
        events(canvas, scene, lane, y + BAND_PX - 9, &|event| event.is_of_walk());
        y += BAND_PX;
    }
}

/// Numbers of moves, at distances that leave room for them.
fn scale(canvas: &mut Canvas, scene: &Scene, y: u32) {
    let n_moves = scene.film.notes.len();
    let width = u64::from(x_of(scene, n_moves) - x_of(scene, 0)).max(1);
    let steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000];
    let fits = |step: &usize| width * *step as u64 / n_moves as u64 >= 26;
    let step = steps.into_iter().find(fits).unwrap_or(50_000);
    let face = Face::new(9, Paint::Muted).at(Anchor::Middle);
    for at in (0..=n_moves).step_by(step) {
        canvas.text(x_of(scene, at), y, face, &format!("{at}"));
        canvas.path(&format!("M{} {}v4", x_of(scene, at), y + 3), Paint::Rule, "");
    }
}

/// When a thread moves: a bar for every move, or, in a long schedule, for moves that follow each other.
fn moves(canvas: &mut Canvas, scene: &Scene, thread: usize, y: u32) {
    let notes = &scene.film.notes;
    let is_long = x_of(scene, notes.len()) - x_of(scene, 0)
        < u32::try_from(notes.len()).unwrap_or(u32::MAX).saturating_mul(3);
    let mut d = String::new();
    let (mut at, mut drawn_to) = (0, 0);
    while at < notes.len() {
        let n = notes[at..].iter().take_while(|note| note.thread == thread).count();
        let n_bar = if is_long { n } else { n.min(1) };
        if n_bar > 0 {
            // A gap of a pixel shows each bar, where there is room.
            let (x, end) = (x_of(scene, at), x_of(scene, at + n_bar));
            let width = (end - x).saturating_sub(1).max(1);
            if x >= drawn_to {
                let _ = write!(d, "M{x} {y}h{width}v9h-{width}z");
                drawn_to = x + width;
            }
        }
        at += n_bar.max(1);
    }
    canvas.path(&d, Paint::Move, "");
}

/// The events of a lane; of those that would hide each other, the weightiest.
fn events(canvas: &mut Canvas, scene: &Scene, lane: usize, y: u32, wanted: &dyn Fn(Event) -> bool) {
    let notes = scene.film.notes.iter().enumerate();
    let mut drawn: Option<(u32, Event)> = None;
    for (at, note) in notes {
        let Some(event) =
            note.marks[lane].iter().filter_map(Event::of).filter(|e| wanted(*e)).max()
        else {
            continue;
        };
        let x = u32::midpoint(x_of(scene, at), x_of(scene, at + 1));
        match drawn {
            Some((last_x, last)) if x < last_x + 5 => drawn = Some((last_x, last.max(event))),
            Some((last_x, last)) => {
                last.draw(canvas, last_x, y);
                drawn = Some((x, event));
            }
            None => drawn = Some((x, event)),
        }
    }
    if let Some((x, event)) = drawn {
        event.draw(canvas, x, y);
    }
}

/// The place in time.
pub(super) fn cursor(canvas: &mut Canvas, scene: &Scene, at: usize) {
    if scene.film.notes.is_empty() {
        return;
    }
    let (x, top) = (x_of(scene, at), scene.timeline_y + 18);
    let bottom = scene.timeline_y + height_px(scene);
    canvas.path(&format!("M{x} {top}V{bottom}"), Paint::Cursor, " stroke-width=\"1.5\"");
    canvas.path(&format!("M{} {}h8l-4 6z", x - 4, top - 1), Paint::Ink, "");
}

/// Kinds of events that the timeline shows.
pub(super) fn shown(scene: &Scene) -> Vec<Event> {
    let marks = || scene.film.notes.iter().flat_map(|n| n.marks.iter().flatten());
    Event::ALL.into_iter().filter(|e| marks().any(|m| Event::of(m) == Some(*e))).collect()
}
