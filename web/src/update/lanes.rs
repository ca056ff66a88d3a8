//! Lanes: which policies are compared, and what is done to their pictures.

use super::{check, edit, keep, look, sheet};
use crate::model::playback::N_LANES_MAX;
use crate::model::{Model, Tab};
use crate::msg::Effect;
use crate::view::lane::LaneEvent;
use memcg_core::schedule::LaneSpec;

/// Something was done to a running lane.
pub(super) fn event(model: &mut Model, lane: usize, event: LaneEvent) -> Vec<Effect> {
    let place = model.playback().and_then(|p| p.places.get(lane).copied());
    match event {
        LaneEvent::Policy => sheet::policies(model, place),
        LaneEvent::Check => check::shown(model),
        LaneEvent::Remove => place.map_or_else(Vec::new, |place| removed(model, place)),
        _ => looked(model, lane, event),
    }
}

/// A lane was looked at; nothing else comes of it.
pub(super) fn looked(model: &mut Model, lane: usize, event: LaneEvent) -> Vec<Effect> {
    match event {
        LaneEvent::Focus => {
            model.look.lane = lane;
            model.look.file = None;
            Vec::new()
        }
        LaneEvent::SelectGroup(group) => {
            let again = model.look.group == Some(group);
            model.look.group = (!again).then_some(group);
            if !again && group.index() < model.document.scenario().hierarchy.n_groups() {
                model.tree.at = group;
                model.tree.error = None;
            }
            Vec::new()
        }
        LaneEvent::Fold(group) => look::folded(model, group),
        LaneEvent::Reveal(group) => look::reveal(model, group),
        LaneEvent::Policy | LaneEvent::Check | LaneEvent::Remove => Vec::new(),
    }
}

/// Turns to the next lane or the one before.
pub(super) fn turn(model: &mut Model, by: isize) -> Vec<Effect> {
    let Some(n_lanes) = model.playback().map(|p| p.places.len()).filter(|n| *n > 0) else {
        return Vec::new();
    };
    let by = by.rem_euclid(isize::try_from(n_lanes).unwrap_or(1));
    model.look.lane = (model.look.lane + usize::try_from(by).unwrap_or(0)) % n_lanes;
    model.look.file = None;
    vec![Effect::Reveal(format!("lane{}", model.look.lane))]
}

pub(super) fn added(model: &mut Model, policy: String) -> Vec<Effect> {
    if model.document.scenario().lanes.len() >= N_LANES_MAX {
        return Vec::new();
    }
    let words = format!("add the lane {policy}");
    edit::with(model, &words, None, |scenario| scenario.lanes.push(LaneSpec { policy, core: None }))
}

pub(super) fn removed(model: &mut Model, lane: usize) -> Vec<Effect> {
    let Some(spec) = model.document.scenario().lanes.get(lane) else { return Vec::new() };
    let words = format!("remove the lane {spec}");
    edit::with(model, &words, None, |scenario| {
        let gone = scenario.lanes.remove(lane);
        if !scenario.lanes.contains(&gone) {
            scenario.expectations.retain(|expectation| expectation.lane != gone);
        }
    })
}

/// Another policy or core for a lane; what is expected of the lane is dropped, since it was said of another.
pub(super) fn changed(
    model: &mut Model,
    lane: usize,
    change: impl FnOnce(&mut LaneSpec),
) -> Vec<Effect> {
    if lane >= model.document.scenario().lanes.len() {
        return Vec::new();
    }
    edit::with(model, &format!("lane {}", lane + 1), None, |scenario| {
        let before = scenario.lanes[lane].clone();
        change(&mut scenario.lanes[lane]);
        if !scenario.lanes.contains(&before) {
            scenario.expectations.retain(|expectation| expectation.lane != before);
        }
    })
}

pub(super) fn moved(model: &mut Model, lane: usize, by: isize) -> Vec<Effect> {
    let n_lanes = model.document.scenario().lanes.len();
    let Some(to) = lane.checked_add_signed(by).filter(|to| *to < n_lanes && lane < n_lanes) else {
        return Vec::new();
    };
    let mut effects = edit::with(model, "the order of the lanes", None, |scenario| {
        let spec = scenario.lanes.remove(lane);
        scenario.lanes.insert(to, spec);
    });
    if model.look.tab == Tab::Build {
        effects.extend(keep::touched(model));
    }
    effects
}
