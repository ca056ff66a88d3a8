//! The lanes: the running scenario's pictures, side by side.

use super::On;
use super::lane::{Badge, Lane, Title};
use super::mark;
use crate::check::Kind;
use crate::model::listing::{Draft, Verdict};
use crate::model::{Model, playback::Playback};
use memcg_core::run::{Lane as RunningLane, Outcome};
use std::rc::Rc;
use yew::{AttrValue, Html, classes, html};

pub(super) fn lanes(model: &Model, on: &On, playback: &Playback) -> Html {
    let shown = &playback.shown;
    let marks = Rc::new(mark::of(&playback.world));
    let pickable = !model.is_embedded();
    let removable = !model.is_embedded() && playback.places.len() > 1;
    html! {
        <div class={classes!("lanes", model.look.viewport.density.class())}>
            { for playback.player.run().lanes().iter().enumerate().map(|(at, lane)| {
                let picture = shown.pictures.get(at).cloned().unwrap_or_else(|| Rc::new(playback.player.run().picture(at)));
                let now = shown.now.get(at).filter(|_| !model.is_embedded()).cloned().unwrap_or_default();
                html! {
                    <Lane key={at} lane={at} title={Rc::new(title(model, lane))} {pickable} world={playback.world.clone()}
                        outline={playback.outline.clone()} marks={marks.clone()} {picture} before={shown.before.get(at).cloned()}
                        viewport={model.look.viewport} n_visits_max={shown.n_visits_max} selected={model.look.group}
                        current={at == model.look.lane} note={draft_note(model, lane).or_else(|| note(playback, at))}
                        badge={badge(model, playback, at)} now={now} watches={playback.watches.clone()} missing={missing(playback, lane)} {removable}
                        on={on.lanes.get(at).cloned().unwrap_or_default()} />
                }
            }) }
        </div>
    }
}

/// The first thing that is watched and this lane's policy does not have.
fn missing(playback: &Playback, lane: &RunningLane) -> Option<AttrValue> {
    let missing = playback.watches.iter().find_map(|watch| watch.missing_in(lane.program()))?;
    Some(missing.told(&lane.spec().policy).into())
}

/// A lane whose listing is being written and has mistakes.
fn draft_note(model: &Model, lane: &RunningLane) -> Option<AttrValue> {
    let drafts = &model.listing.all;
    let is_wrong = |draft: &&Draft| draft.open && draft.verdict == Verdict::Wrong;
    drafts.iter().filter(is_wrong).find(|draft| draft.name == lane.spec().policy)?;
    Some("Its listing has mistakes: this is the last text that compiled.".into())
}

fn title(model: &Model, lane: &RunningLane) -> Title {
    let header = lane.header();
    let text = |key: &str| AttrValue::from(header.get(key).to_owned());
    Title {
        policy: lane.spec().policy.clone().into(),
        edited: model.document.edits().iter().any(|edit| edit.name == lane.spec().policy),
        core: lane.spec().core.clone().map(AttrValue::from),
        years: text("years"),
        line: text("summary"),
    }
}

/// What came of checking this lane, or how that goes.
fn badge(model: &Model, playback: &Playback, lane: usize) -> Option<Badge> {
    let spec = playback.player.run().lanes().get(lane)?.spec();
    if let Some(running) = model.check.running.iter().find(|running| running.due.lane == *spec) {
        let title = running.words.clone().into();
        return Some(Badge { words: "checking …".into(), title, class: "badge--going" });
    }
    let record = model.check.record(&spec.to_string())?;
    if model.check.subjects.get(lane) != Some(&record.subject) {
        let title =
            format!("Checked before the scenario or the listing changed. {}", record.headline);
        return Some(Badge {
            words: "out of date".into(),
            title: title.into(),
            class: "badge--old",
        });
    }
    let class = match record.kind {
        Kind::Holds => "badge--holds",
        Kind::Broken => "badge--broken",
        Kind::Open | Kind::Cut | Kind::Failed => "badge--open",
    };
    let title = record.headline.clone().into();
    Some(Badge { words: record.kind.words().into(), title, class })
}

/// What is to be said of the last move in this lane alone.
fn note(playback: &Playback, lane: usize) -> Option<AttrValue> {
    let report = playback.player.last()?.lanes.get(lane)?;
    if let Outcome::Waits(why) = &report.outcome {
        return Some(format!("Waits: {why}.").into());
    }
    let names: Vec<String> =
        report.brought_along.iter().map(|at| playback.thread_name(*at).to_owned()).collect();
    if names.is_empty() {
        return None;
    }
    let names = memcg_core::words::join(&names);
    Some(format!("Brought along: {names} first ran to the end of its call.").into())
}
