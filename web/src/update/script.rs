//! What scripts ask for through the page's small API: done at once, however long it takes.

use super::{open, time};
use crate::model::Model;
use crate::model::playback::Play;
use crate::msg::{Effect, ScriptMsg};
use crate::work;

pub(super) fn message(model: &mut Model, message: ScriptMsg) -> Vec<Effect> {
    with(model, message, open::open_link)
}

/// Does it; links are opened by `open_link`.
pub(super) fn with(
    model: &mut Model,
    message: ScriptMsg,
    open_link: impl FnOnce(&mut Model, &str) -> Vec<Effect>,
) -> Vec<Effect> {
    let mut effects = match message {
        ScriptMsg::Load(text) if is_link(&text) => open_link(model, &text),
        ScriptMsg::Load(text) => open::open_read(model, work::read_text(&text, &[])),
        ScriptMsg::Step(by) => {
            if let Some(playback) = model.playback_mut() {
                playback.go_all_the_way();
                playback.play = Play::Paused;
                let by = isize::try_from(by).unwrap_or(0);
                let to = playback.cursor().saturating_add_signed(by);
                playback.seek(to);
            }
            super::keep::touched(model)
        }
        ScriptMsg::StepThread { thread, grain, lane } => {
            if let Some(playback) = model.playback_mut() {
                playback.go_all_the_way();
            }
            let thread = model.playback().and_then(|p| p.thread(&thread));
            match thread {
                Some(thread) => {
                    let n_lanes = model.playback().map_or(0, |p| p.places.len());
                    model.look.lane = lane.min(n_lanes.saturating_sub(1));
                    model.look.thread = Some(thread);
                    time::step(model, thread, grain)
                }
                None => Vec::new(),
            }
        }
    };
    super::edit::come_at_once(model);
    if let Some(playback) = model.playback_mut() {
        playback.go_all_the_way();
    }
    effects.retain(|effect| *effect != Effect::Frame);
    effects
}

/// Links are of one line, and scenarios of one line are no scenarios.
fn is_link(text: &str) -> bool {
    let text = text.trim();
    !text.contains('\n') && text.contains(':') && !text.starts_with("scenario:")
}
