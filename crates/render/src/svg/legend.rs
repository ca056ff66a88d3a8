//! What the shapes mean: only those that the figure shows.

use super::{MARGIN_PX, SMALL_PX, Scene, glyph, timeline};
use crate::canvas::{Anchor, Canvas, Face};
use crate::film::Frame;
use crate::rows::{Row, walks};
use crate::text::width_px;
use crate::theme::Paint;
use alloc::{format, string::String, vec::Vec};
use glyph::Event;
use memcg_core::picture::{LanePicture, Life};

const LINE_PX: u32 = 18;

#[derive(Clone, Eq, PartialEq, Debug)]
enum Sign {
    Pin,
    NoPosition,
    Token(String),
    Life(Life),
    Event(Event),
    Visit,
}

/// Signs with their words, and where they stand: x, line.
fn entries(scene: &Scene, frames: &[&Frame]) -> Vec<(Sign, String, u32, u32)> {
    let lanes = || frames.iter().flat_map(|f| &f.lanes);
    let mut out: Vec<(Sign, String)> = Vec::new();
    if lanes().any(|l| l.pins.iter().any(|p| p.group.is_some())) {
        out.push((Sign::Pin, "a slot's position, g: its generation".into()));
    }
    if lanes().any(|l| l.pins.iter().any(|p| p.group.is_none())) {
        out.push((Sign::NoPosition, "a slot without a position".into()));
    }
    for (thread, spec) in scene.film.world.threads.iter().enumerate() {
        if walks(&spec.role) {
            out.push((Sign::Token(scene.tags[thread].clone()), spec.name.clone()));
        }
    }
    if lanes().any(|l| l.groups.iter().any(|g| g.visit.is_some())) {
        out.push((Sign::Visit, "place among the visits of the round".into()));
    }
    let stages = [
        Life::Unborn,
        Life::Coming,
        Life::Alive,
        Life::Dying,
        Life::Offline,
        Life::Unlinked,
        Life::Freed,
    ];
    for life in stages {
        let has_row = |l: &LanePicture| {
            scene.rows.iter().any(|row| match row {
                Row::Group { place, .. } => l.groups[*place].life == life,
                Row::Gap(_) => false,
            })
        };
        if lanes().any(has_row) {
            out.push((Sign::Life(life), glyph::word(life).unwrap_or("in use").into()));
        }
    }
    out.extend(timeline::shown(scene).into_iter().map(|e| (Sign::Event(e), e.word().into())));
    let right = scene.width_px - MARGIN_PX;
    let (mut x, mut line) = (MARGIN_PX, 0);
    let mut placed: Vec<(Sign, String, u32, u32)> = Vec::new();
    for (sign, words) in out {
        let words = crate::text::fit(&words, SMALL_PX, 240);
        let width = sign_px(&sign) + 6 + width_px(&words, SMALL_PX);
        // What the lanes show and what the schedule shows are kept apart.
        let is_event = |sign: &Sign| matches!(sign, Sign::Event(_));
        let is_new = placed.last().is_some_and(|last| is_event(&last.0) != is_event(&sign));
        if x > MARGIN_PX && (x + width > right || is_new) {
            (x, line) = (MARGIN_PX, line + 1);
        }
        placed.push((sign, words, x, line));
        x += width + 18;
    }
    placed
}

fn sign_px(sign: &Sign) -> u32 {
    match sign {
        Sign::Pin | Sign::NoPosition => 28,
        Sign::Token(tag) => (width_px(tag, SMALL_PX) + 12).max(22),
        Sign::Visit => 14,
        Sign::Life(_) | Sign::Event(_) => 12,
    }
}

pub(super) fn height_px(scene: &Scene, frames: &[&Frame]) -> u32 {
    entries(scene, frames).last().map_or(0, |(.., line)| (line + 1) * LINE_PX + 16)
}

pub(crate) fn legend(canvas: &mut Canvas, scene: &Scene, frames: &[&Frame]) {
    let top = scene.timeline_y + timeline::height_px(scene) + 16;
    for (sign, words, x, line) in entries(scene, frames) {
        let y = top + line * LINE_PX;
        let middle = y + 9;
        match &sign {
            Sign::Pin => {
                canvas.path(&format!("M{x} {}h20l6 7l-6 7h-20z", y + 2), Paint::Pin, "");
                let face = Face::new(SMALL_PX, Paint::OnPin).bold().at(Anchor::Middle);
                canvas.text(x + 11, y + 13, face, "g");
            }
            Sign::NoPosition => {
                let d = format!("M{x} {}h22v14h-22z", y + 2);
                canvas.path(&d, Paint::Outline, " stroke-dasharray=\"3 2\"");
            }
            Sign::Token(tag) => {
                let width = sign_px(&sign);
                canvas.rect((x, y + 2), (width, 14), 7, Paint::Token);
                let face = Face::new(SMALL_PX, Paint::OnToken).bold().at(Anchor::Middle);
                canvas.text(x + width / 2, y + 13, face, tag);
            }
            Sign::Visit => canvas.text(x, y + 13, Face::new(SMALL_PX, Paint::Muted), "#1"),
            Sign::Life(life) => glyph::life(canvas, x + 6, middle, *life),
            Sign::Event(event) => event.draw(canvas, x + 6, middle),
        }
        let face = Face::new(SMALL_PX, Paint::Muted);
        canvas.text(x + sign_px(&sign) + 6, y + 13, face, &words);
    }
}
