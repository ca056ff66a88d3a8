//! The gallery: the worker has its texts, the page asks for them when they are to be seen.

use super::open;
use crate::model::Model;
use crate::model::gallery::{Card, Gallery};
use crate::msg::Effect;
use crate::work::{GALLERY_END, Question, Task};
use memcg_scenario::parse;

/// Asks for the texts, the first time.
pub(super) fn wanted(model: &mut Model) -> Option<Effect> {
    if model.gallery != Gallery::Unknown {
        return None;
    }
    model.gallery = Gallery::Asked;
    Some(Effect::Ask(Question { task: Task::Gallery, id: 0, text: String::new() }))
}

/// A scenario is to be opened, once the texts are here.
pub(super) fn open_soon(model: &mut Model, at: usize) -> Vec<Effect> {
    if matches!(model.gallery, Gallery::Here(_)) {
        return chosen(model, at);
    }
    model.gallery_wanted = Some(at);
    wanted(model).into_iter().collect()
}

/// They are here.
pub(super) fn came(model: &mut Model, texts: &str) -> Vec<Effect> {
    let card = |text: &str| {
        let scenario = parse(text).scenario;
        let lanes: Vec<String> = scenario.lanes.iter().map(ToString::to_string).collect();
        let n_groups = scenario.hierarchy.n_groups();
        Card {
            meta: format!("{n_groups} groups · {}", lanes.join(", ")),
            title: scenario.title,
            note: scenario.notes.into_iter().next().unwrap_or_default(),
            text: text.to_owned(),
        }
    };
    model.gallery = Gallery::Here(texts.split_terminator(GALLERY_END).map(card).collect());
    model.gallery_wanted.take().map_or_else(Vec::new, |at| chosen(model, at))
}

/// The worker came to nothing; opening the gallery again asks again.
pub(super) fn failed(model: &mut Model) {
    if model.gallery == Gallery::Asked {
        model.gallery = Gallery::Unknown;
    }
}

/// A scenario is chosen.
pub(super) fn chosen(model: &mut Model, at: usize) -> Vec<Effect> {
    let Gallery::Here(cards) = &model.gallery else { return Vec::new() };
    let text = cards.get(at).map(|card| card.text.clone());
    text.map_or_else(Vec::new, |text| open::shipped(model, &text))
}
