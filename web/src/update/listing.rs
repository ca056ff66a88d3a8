//! Listings: edited in the page, compiled while they are typed, run at once.
//!
//! A text that compiles becomes a part of the document, as a lane of its own name. One with mistakes stays a draft,
//! and its lane goes on with the last text that had none.

use super::{edit, keep, look};
use crate::model::listing::{Draft, Drafts, LISTING_BYTES_MAX, Replay, Verdict};
use crate::model::playback::{Branches, N_LANES_MAX, Playback};
use crate::model::trouble::{self, About, Offer, Tone, Trouble};
use crate::model::{Model, Tab};
use crate::msg::{Alarm, Effect, ListingMsg};
use crate::programs::{base_of, text_of};
use memcg_core::listing::{Diagnostic, Span, header, parse};
use memcg_core::registry::{self, LaneError};
use memcg_core::run::Outcome;
use memcg_core::schedule::{LaneSpec, Move};
use memcg_scenario::Scenario;
use memcg_scenario::link::ListingEdit;

/// A listing is compiled when nobody has typed for this long.
const SETTLED_MS: u32 = 250;

/// The field, and the button that opens it.
const FIELD: &str = "listing-text";
const BUTTON: &str = "listing-edit";

pub(super) fn message(model: &mut Model, message: ListingMsg) -> Vec<Effect> {
    match message {
        ListingMsg::Opened => opened(model),
        ListingMsg::Typed(text) => typed(model, text),
        ListingMsg::Left => vec![Effect::Focus(BUTTON)],
        ListingMsg::Closed => closed(model),
        ListingMsg::Dropped => dropped(model),
        ListingMsg::Reverted => reverted(model),
        ListingMsg::Compared => compared(model),
        ListingMsg::ShowedGone(on) => {
            model.listing.shows_gone = on;
            Vec::new()
        }
    }
}

/// The lane turned to, as the scenario says it.
pub fn turned_to(model: &Model) -> Option<&LaneSpec> {
    model.document.scenario().lanes.get(lane(model))
}

/// Its place among the scenario's.
fn lane(model: &Model) -> usize {
    let at = model.look.lane;
    model.playback().and_then(|p| p.places.get(at).copied()).unwrap_or(at)
}

/// The draft of the lane turned to, if its listing has one.
pub fn draft_place(model: &Model) -> Option<usize> {
    let lanes = &model.document.scenario().lanes;
    let policy = &turned_to(model)?.policy;
    let base = base_of(policy, model.document.edits());
    model.listing.place(policy, base, |name| lanes.iter().any(|lane| lane.policy == name))
}

/// The listing of the lane turned to becomes a field.
fn opened(model: &mut Model) -> Vec<Effect> {
    let Some(spec) = turned_to(model).cloned() else { return Vec::new() };
    let edits = model.document.edits();
    match draft_place(model) {
        Some(at) => model.listing.all[at].open = true,
        None => {
            let Some(Ok(text)) = text_of(&spec.policy, edits) else { return Vec::new() };
            let base = base_of(&spec.policy, edits).to_owned();
            model.listing.all.push(Draft {
                base,
                name: spec.policy,
                text,
                open: true,
                verdict: Verdict::Runs,
                mistakes: Vec::new(),
            });
        }
    }
    model.document.part();
    model.look.file = Some(0);
    look::show(model, Tab::Listing);
    vec![Effect::Focus(FIELD)]
}

fn typed(model: &mut Model, text: String) -> Vec<Effect> {
    let Some(at) = draft_place(model) else { return Vec::new() };
    let draft = &mut model.listing.all[at];
    draft.text = text;
    draft.verdict = Verdict::Unread;
    model.listing.n_typed = model.listing.n_typed.wrapping_add(1);
    let mut effects = vec![Effect::Alarm(Alarm::ListingSettled(model.listing.n_typed), SETTLED_MS)];
    effects.extend(keep::touched(model));
    effects
}

fn closed(model: &mut Model) -> Vec<Effect> {
    let mut effects = read_all(model);
    if let Some(at) = draft_place(model) {
        if model.listing.all[at].verdict == Verdict::Runs {
            model.listing.all.remove(at);
        } else {
            model.listing.all[at].open = false;
        }
    }
    model.document.part();
    effects.push(Effect::Focus(BUTTON));
    effects
}

fn dropped(model: &mut Model) -> Vec<Effect> {
    let Some(at) = draft_place(model) else { return Vec::new() };
    model.listing.all.remove(at);
    let mut effects = keep::touched(model);
    effects.push(Effect::Focus(BUTTON));
    effects
}

/// As shipped again; undo brings the edit back.
fn reverted(model: &mut Model) -> Vec<Effect> {
    let place = lane(model);
    let Some(spec) = turned_to(model).cloned() else { return Vec::new() };
    let draft = draft_place(model).map(|at| model.listing.all.remove(at));
    let base = base_of(&spec.policy, model.document.edits()).to_owned();
    let Some(shipped) = registry::policy(&base) else { return Vec::new() };
    model.document.part();
    let mut effects = take(model, place, &base, shipped.text);
    model.document.part();
    if draft.is_some_and(|draft| draft.open) {
        effects.extend(opened(model));
    }
    effects.extend(keep::touched(model));
    effects
}

/// The shipped listing in a lane beside the edited one.
fn compared(model: &mut Model) -> Vec<Effect> {
    let place = lane(model);
    let (mut after, mut branches) = ((*model.scenario()).clone(), model.branches());
    let Some(spec) = after.lanes.get(place).cloned().filter(|_| after.lanes.len() < N_LANES_MAX)
    else {
        return Vec::new();
    };
    let mut edits = (**model.document.edits()).clone();
    let base = base_of(&spec.policy, &edits).to_owned();
    if base == spec.policy {
        // The edited listing stands in the place of the shipped one: it needs a name of its own.
        let name = fresh_name(&base, &after, &edits);
        let Some(edit) = edits.iter_mut().find(|edit| edit.name == base) else {
            return Vec::new();
        };
        edit.name.clone_from(&name);
        rename(&mut after, &mut branches, &base, &name, None);
    }
    let shipped = LaneSpec { policy: base, core: spec.core };
    after.lanes.insert(place + 1, shipped);
    edit::change_with(model, "compare with the shipped listing", None, after, branches, edits)
}

/// Nobody has typed for a while.
pub(super) fn settled(model: &mut Model, n: u32) -> Vec<Effect> {
    if n == model.listing.n_typed { read_all(model) } else { Vec::new() }
}

/// Compiles what was typed.
fn read_all(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    while let Some(at) = model.listing.all.iter().position(|d| d.verdict == Verdict::Unread) {
        effects.extend(read(model, at));
    }
    effects
}

fn read(model: &mut Model, at: usize) -> Vec<Effect> {
    let draft = &model.listing.all[at];
    let lanes = &model.document.scenario().lanes;
    let named = |name: &str| {
        let turned_to =
            Some(lane(model)).filter(|l| lanes.get(*l).is_some_and(|l| l.policy == name));
        turned_to.or_else(|| lanes.iter().position(|lane| lane.policy == name))
    };
    let place = named(&draft.name).or_else(|| named(&draft.base));
    let core = place.and_then(|place| lanes[place].core.as_deref());
    let mistakes = mistakes(&draft.text, core);
    let (base, text) = (draft.base.clone(), draft.text.clone());
    let is_sound = mistakes.is_empty();
    let draft = &mut model.listing.all[at];
    draft.mistakes = mistakes;
    // A listing that no lane runs waits until one does.
    let Some(place) = place.filter(|_| is_sound) else {
        draft.verdict = Verdict::Wrong;
        return keep::touched(model);
    };
    draft.verdict = Verdict::Runs;
    let effects = take(model, place, &base, &text);
    let name = model.document.scenario().lanes.get(place).map(|lane| lane.policy.clone());
    if let (Some(draft), Some(name)) = (model.listing.all.get_mut(at), name) {
        draft.name = name;
    }
    effects
}

/// What is wrong with a listing, or with it on its core.
fn mistakes(text: &str, core: Option<&str>) -> Vec<Diagnostic> {
    let somewhere = |line, message| Diagnostic {
        span: Span::default(),
        line,
        column: 1,
        message,
        suggestion: None,
    };
    if text.len() > LISTING_BYTES_MAX {
        let message = format!(
            "This listing has {} kB; longer than {} kB it is kept as typed, and not compiled.",
            text.len() / 1000,
            LISTING_BYTES_MAX / 1000
        );
        return vec![somewhere(0, message)];
    }
    let errors = match registry::compile_text(text, core) {
        Ok(_) => return Vec::new(),
        Err(LaneError::Compile(errors)) => errors,
        Err(error @ LaneError::Unknown { what, .. }) => {
            let names =
                |line: &str| line.split_once(':').is_some_and(|(key, _)| key.trim() == what);
            let line = text.lines().position(names).map_or(1, |at| at + 1);
            let mut said = parse(text).diagnostics;
            let words = match header(text).get(what) {
                "" => format!("the header names no {what}"),
                _ => error.to_string(),
            };
            said.push(somewhere(u32::try_from(line).unwrap_or(1), words));
            return said;
        }
    };
    let head = header(text);
    let own = head.kind().map_or("listing", |(_, name)| name);
    let said = errors.into_iter().map(|error| {
        if error.file == own { error.diagnostic } else { somewhere(0, error.to_string()) }
    });
    said.collect()
}

/// A text without mistakes runs in a lane from now on. It is the shipped one, or an edit with a name of its own.
fn take(model: &mut Model, place: usize, base: &str, text: &str) -> Vec<Effect> {
    let mut edits = (**model.document.edits()).clone();
    let (mut after, mut branches) = ((*model.scenario()).clone(), model.branches());
    let (Some(shipped), Some(spec)) = (registry::policy(base), after.lanes.get(place).cloned())
    else {
        return Vec::new();
    };
    let is_edit = edits.iter().any(|edit| edit.name == spec.policy);
    let mut edit = ListingEdit::between(base, &spec.policy, shipped.text, text);
    let is_shipped = edit.hunks.is_empty();
    if !is_edit && is_shipped {
        return Vec::new();
    }
    if is_shipped {
        rename(&mut after, &mut branches, &spec.policy, base, None);
    } else if !is_edit {
        edit.name = fresh_name(base, &after, &edits);
        rename(&mut after, &mut branches, &spec.policy, &edit.name, Some(place));
    }
    edits.retain(|other| {
        other.name != spec.policy && after.lanes.iter().any(|lane| lane.policy == other.name)
    });
    if !is_shipped {
        edits.push(edit);
    }
    if **model.document.edits() == edits {
        return Vec::new();
    }
    let words = if is_shipped { "revert the listing" } else { "the listing" };
    let replay = replay(model, place);
    let effects = edit::change_with(model, words, Some("listing"), after, branches, edits);
    model.listing.replay = replay;
    effects
}

/// A name that no lane has and no listing.
fn fresh_name(base: &str, scenario: &Scenario, edits: &[ListingEdit]) -> String {
    let taken = |name: &str| {
        registry::policy(name).is_some()
            || edits.iter().any(|edit| edit.name == name)
            || scenario.lanes.iter().any(|lane| lane.policy == name)
    };
    let mut name = format!("{base}-edited");
    let mut n = 1;
    while taken(&name) {
        n += 1;
        name = format!("{base}-edited-{n}");
    }
    name
}

/// Lanes of one policy (or only the one at a place) are of another from now on. Moves follow; what is expected of a
/// lane is dropped, since it was said of another.
fn rename(
    scenario: &mut Scenario,
    branches: &mut Branches,
    from: &str,
    to: &str,
    only: Option<usize>,
) {
    for place in 0..scenario.lanes.len() {
        if scenario.lanes[place].policy != from || only.is_some_and(|only| only != place) {
            continue;
        }
        let before = scenario.lanes[place].clone();
        to.clone_into(&mut scenario.lanes[place].policy);
        if scenario.lanes.contains(&before) {
            continue;
        }
        let (old, new) = (before.to_string(), scenario.lanes[place].to_string());
        let moves = branches.all.iter_mut().flat_map(|branch| &mut branch.moves);
        for one in moves.chain(&mut scenario.schedule) {
            if let Move::To { lane: Some(lane), .. } = one
                && *lane == old
            {
                lane.clone_from(&new);
            }
        }
        scenario.expectations.retain(|expectation| expectation.lane != before);
    }
}

/// What the lane at a place could do of the schedule, as far as it has been played.
fn replay(model: &Model, place: usize) -> Option<Replay> {
    let playback = model.playback()?;
    let lane = playback.lane_at(place)?;
    let made = playback.player.reports().iter().map(|r| why_not(r.lanes.get(lane)).is_none());
    Some(Replay { lane, made: made.collect() })
}

fn why_not(lane: Option<&memcg_core::run::LaneReport>) -> Option<&str> {
    match &lane?.outcome {
        Outcome::Nothing(why) | Outcome::Waits(why) => Some(why),
        Outcome::Moved | Outcome::AlreadyThere | Outcome::Halted => None,
    }
}

/// What follows from whatever has happened: drafts that the document has left behind, and what an edited listing
/// made of the schedule.
pub(super) fn follow(model: &mut Model) {
    let revision = model.document.revision();
    if model.listing.followed != revision {
        model.listing.followed = revision;
        follow_document(model);
    }
    if model.listing.replay.is_some() && model.playback().is_some_and(|p| p.target.is_none()) {
        let replay = model.listing.replay.take();
        if let Some((replay, playback)) = replay.zip(model.playback())
            && let Some(trouble) = parted(&replay, playback)
        {
            trouble::note(&mut model.troubles, trouble);
        }
    }
}

/// Undo, redo or another scenario: a field shows what runs now. Mistakes stay.
fn follow_document(model: &mut Model) {
    let (scenario, edits) = (model.document.scenario().clone(), model.document.edits().clone());
    model.listing.all.retain_mut(|draft| {
        if draft.verdict != Verdict::Runs {
            return true;
        }
        let names = || scenario.lanes.iter().map(|lane| lane.policy.as_str());
        let exact = names().find(|name| *name == draft.name);
        let Some(name) = exact.or_else(|| names().find(|n| base_of(n, &edits) == draft.base))
        else {
            return false;
        };
        let Some(Ok(text)) = text_of(name, &edits) else { return false };
        name.clone_into(&mut draft.name);
        let same = draft.text.lines().map(str::trim_end).eq(text.lines());
        if !same {
            draft.text = text;
            draft.mistakes.clear();
        }
        true
    });
}

/// The first move that the lane could make before its listing was changed, and cannot make now.
fn parted(replay: &Replay, playback: &Playback) -> Option<Trouble> {
    let mut moves = playback.player.reports().iter().zip(&replay.made).zip(1..);
    let (at, why) = moves.find_map(|((report, was_made), at)| {
        let why = why_not(report.lanes.get(replay.lane)).filter(|_| *was_made)?;
        Some((at, why))
    })?;
    let lane = playback.player.run().lanes().get(replay.lane)?.spec().to_string();
    let title = format!("Move {at} is no longer possible in {lane}; it is left out there.");
    let trouble = Trouble::new(About::Edit, Tone::Warn, title).with([why.to_owned()]);
    Some(trouble.offering(Offer::Undo))
}

/// What was kept at the last visit. It belongs to the draft: if another link is opened, it comes back with the draft.
pub(super) fn brought(model: &mut Model, kept: String) -> Vec<Effect> {
    if model.draft.kept.is_some() {
        return restored(model, &kept);
    }
    model.listing.other = Some(Drafts::of_other(&kept));
    model.listing.kept = Some(kept);
    Vec::new()
}

/// Drafts of the last visit: back where they were.
pub(super) fn restored(model: &mut Model, kept: &str) -> Vec<Effect> {
    let (all, other) = Drafts::read(kept);
    model.listing.all = all;
    model.listing.other = other;
    model.listing.kept = Some(kept.to_owned());
    model.listing.n_typed = model.listing.n_typed.wrapping_add(1);
    read_all(model)
}

/// Keeps the drafts that no link can hold.
pub(super) fn kept(model: &mut Model) -> Option<Effect> {
    let written = model.listing.written();
    if written == model.listing.kept {
        return None;
    }
    model.listing.kept.clone_from(&written);
    Some(Effect::Store(crate::msg::Slot::Listings, written))
}
