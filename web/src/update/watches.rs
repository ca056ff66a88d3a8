//! What is watched in every lane: values, and conditions with the values in them.

use super::{edit, line};
use crate::model::{Lines, Model};
use crate::msg::Effect;
use memcg_core::condition::{Measure, N_WATCHES_MAX, Subject, Watch};
use memcg_core::hierarchy::GroupId;
use memcg_scenario::{Scenario, read_watch};
use std::rc::Rc;

/// Another line, about the chosen group if there is one, to be written on.
pub(super) fn added(model: &mut Model) -> Vec<Effect> {
    let scenario = model.scenario();
    let at = scenario.watches.len();
    if at >= N_WATCHES_MAX {
        return Vec::new();
    }
    let chosen = model.tree.at;
    let is_there = chosen != GroupId::ROOT && chosen.index() < scenario.hierarchy.n_groups();
    let watch = Watch::Value(if is_there {
        Subject::Refs(scenario.hierarchy.path(chosen))
    } else {
        Subject::Measure(Measure::Visits)
    });
    let mut effects = edit::with(model, "watch something", None, |s| s.watches.push(watch));
    effects.extend(line::opened(model, Lines::Watches, at));
    effects
}

pub(super) fn removed(model: &mut Model, at: usize) -> Vec<Effect> {
    model.line = None;
    edit::with(model, "watch something no more", None, |scenario| {
        if at < scenario.watches.len() {
            scenario.watches.remove(at);
        }
    })
}

/// Takes a written line over in the place of another.
///
/// # Errors
/// What is wrong with it.
pub(super) fn written(
    model: &mut Model,
    at: usize,
    text: &str,
) -> Result<Vec<Effect>, Vec<String>> {
    let world = model.scenario().world().0;
    let watch = read_watch(text, &world)
        .map_err(|diagnostics| diagnostics.iter().map(line::told).collect::<Vec<_>>())?;
    Ok(edit::with(model, "what is watched", None, |scenario| scenario.watches[at] = watch))
}

/// What is watched may have changed while all that runs has not.
pub(super) fn follow(model: &mut Model, scenario: &Scenario) {
    if let Some(playback) = model.playback_mut() {
        playback.watches = Rc::new(scenario.watched(&playback.world));
    }
}
