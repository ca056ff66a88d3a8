//! Opening: the page itself, links, scenarios of the gallery, an earlier draft.

use super::{branches, check, edit, keep, listing, look, text, time};
use crate::geometry::zoom::Zoom;
use crate::model::document::Document;
use crate::model::playback::{Branches, Play, Playback};
use crate::model::trouble::{self, About, Offer, Tone, Trouble};
use crate::model::{Freedom, Mode, Model, Speed, Tab};
use crate::msg::{Effect, Opened, Theme};
use crate::work::{Question, Task};
use memcg_scenario::{link, opening, parse};

/// The page has been opened.
pub(super) fn opened(model: &mut Model, opened: Opened) -> Vec<Effect> {
    model.around.address = opened.address;
    model.around.reduced_motion = opened.reduced_motion;
    model.around.width_px = opened.width_px;
    model.around.height_px = opened.height_px;
    model.around.coarse = opened.coarse;
    model.look.viewport.height_px = opened.height_px;
    model.look.theme = Theme::named(opened.theme.as_deref().unwrap_or_default());
    let mut effects = vec![Effect::Theme(model.look.theme)];
    model.draft.before = opened.draft_before;
    let draft = opened.draft.filter(|draft| !draft.is_empty());
    if opened.fragment.is_empty() {
        match draft {
            Some(draft) => effects.extend(open_draft(model, draft)),
            None => effects.extend(tell_story(model)),
        }
    } else {
        let readable = link::decode(&opened.fragment).shared.is_some();
        match draft {
            Some(draft) if draft == opened.fragment => {
                effects.extend(open_link(model, &draft));
                model.draft.kept = Some(draft);
            }
            Some(draft) if readable => {
                effects.extend(open_link(model, &opened.fragment));
                offer_draft(model, draft);
            }
            // Nothing of the link can be shown, so the page opens as it would without it.
            Some(draft) => {
                effects.extend(open_draft(model, draft));
                effects.extend(open_link(model, &opened.fragment));
            }
            None => effects.extend(open_link(model, &opened.fragment)),
        }
    }
    if let Some(text) = opened.branches {
        effects.extend(restore_branches(model, &text));
    }
    if let Some(text) = opened.check {
        check::kept(model, &text);
    }
    if let Some(text) = opened.text.filter(|text| !text.is_empty()) {
        if model.draft.kept.is_some() {
            effects.extend(text::kept(model, text));
        } else {
            // It belongs to the draft, and comes back with it.
            model.draft.other_text = Some(text);
        }
    }
    if let Some(kept) = opened.listings.filter(|kept| !kept.is_empty()) {
        effects.extend(listing::brought(model, kept));
    }
    effects
}

/// The branches that were kept beside the draft, if it is the draft that was opened.
fn restore_branches(model: &mut Model, text: &str) -> Vec<Effect> {
    let Some(kept) = model.draft.kept.clone() else { return Vec::new() };
    let moves = model.document.scenario().schedule.clone();
    let Some(branches) = branches::read(text, &kept, &moves) else { return Vec::new() };
    let cursor = model.playback().map_or(0, Playback::destination);
    model.draft.has_branches = true;
    edit::set_up(model, branches, cursor)
}

fn open_draft(model: &mut Model, draft: String) -> Vec<Effect> {
    let effects = open_link(model, &draft);
    model.draft.kept = Some(draft);
    trouble::clear(&mut model.troubles, About::Link);
    let title = "This is your work of last time.";
    trouble::note(
        &mut model.troubles,
        Trouble::new(About::Draft, Tone::Note, title).offering(Offer::Story),
    );
    effects
}

fn offer_draft(model: &mut Model, draft: String) {
    model.draft.other = Some(draft);
    let title = "A link was opened. Your own work is kept.";
    trouble::note(
        &mut model.troubles,
        Trouble::new(About::Draft, Tone::Note, title).offering(Offer::BringBack),
    );
}

/// A link of somebody takes the place of what is here; undo brings that back.
pub(super) fn followed(model: &mut Model, fragment: &str) -> Vec<Effect> {
    // The page writes its own address without being heard; a browser may say so nevertheless.
    if fragment.is_empty() || model.draft.kept.as_deref() == Some(fragment) {
        return Vec::new();
    }
    trouble::clear(&mut model.troubles, About::Draft);
    open_link(model, fragment)
}

/// Opens a link, or what can be read of it.
pub(super) fn open_link(model: &mut Model, fragment: &str) -> Vec<Effect> {
    let nothing_here = model.playback().is_none() && model.document.undoable().is_none();
    let Some(shared) = read_link(model, fragment, Some(Offer::Story)) else {
        return if nothing_here { tell_story(model) } else { Vec::new() };
    };
    let asks = shared.proof.is_some();
    let mut effects = adopt(model, shared);
    if asks {
        let text = fragment.to_owned();
        effects.push(Effect::Ask(Question { task: Task::Proof, id: 0, text }));
    }
    effects
}

/// What a link shares; what is wrong with it is said, with a way on if nothing of it can be shown.
pub(super) fn read_link(
    model: &mut Model,
    fragment: &str,
    offer: Option<Offer>,
) -> Option<link::Shared> {
    let decoded = link::decode(fragment);
    trouble::clear(&mut model.troubles, About::Link);
    let what: Vec<String> = decoded.trouble.iter().map(ToString::to_string).collect();
    let inside = decoded.diagnostics.iter().map(ToString::to_string);
    let inside: Vec<String> =
        inside.chain(decoded.shared.as_ref().and_then(strange_zoom)).collect();
    if !what.is_empty() || !inside.is_empty() {
        let (tone, title) = match (&decoded.shared, what.is_empty()) {
            (None, _) => (Tone::Bad, "The link could not be read."),
            (Some(_), false) => {
                (Tone::Warn, "Only a part of the link could be read; that part is shown.")
            }
            (Some(_), true) => {
                (Tone::Warn, "The link is sound, but not all in it makes sense here.")
            }
        };
        let mut trouble =
            Trouble::new(About::Link, tone, title).with(what.into_iter().chain(inside));
        if decoded.shared.is_none() {
            trouble.offer = offer;
        }
        trouble::note(&mut model.troubles, trouble);
    }
    decoded.shared
}

/// A zoom that this page does not know leaves the timeline as it usually is.
fn strange_zoom(shared: &link::Shared) -> Option<String> {
    let zoom = shared.view.get(link::View::ZOOM).filter(|name| Zoom::named(name).is_none())?;
    let known = Zoom::ALL.map(Zoom::name).join(", ");
    Some(format!("view: zoom is none of {known}, but {zoom:?}: it stays at 1"))
}

/// What the worker says of a link's end: nothing, or what has changed in the model since.
pub(super) fn proven(model: &mut Model, changed: String) -> Vec<Effect> {
    if !changed.is_empty() {
        let title = "This link comes out otherwise than when it was made.";
        let trouble = Trouble::new(About::Link, Tone::Warn, title).with([changed]);
        trouble::note(&mut model.troubles, trouble);
    }
    Vec::new()
}

/// Takes over what a link shares.
pub(super) fn adopt(model: &mut Model, shared: link::Shared) -> Vec<Effect> {
    let link::Shared { scenario, cursor, view, edits, .. } = shared;
    let is_first = model.playback().is_none() && model.document.undoable().is_none();
    let mut effects = if is_first {
        let branches = Branches::only(scenario.schedule.clone());
        model.document = Document::new(scenario, edits);
        let mut effects = edit::follow(model, None);
        effects.extend(edit::set_up(model, branches, cursor));
        effects
    } else {
        let none = vec![None; model.document.scenario().hierarchy.n_groups()];
        let effects = edit::fresh_with(model, "open a link", scenario, &none, edits);
        // A link says which thread and lane are looked at, so it is set up at once.
        edit::come_at_once(model);
        if let Some(playback) = model.playback_mut() {
            playback.survey(cursor);
        }
        effects
    };
    look_as(model, &view);
    if let Some(theme) = view.get(link::View::THEME).map(Theme::named) {
        // For this time: what a person chose is what is kept.
        model.look.theme = theme;
        effects.push(Effect::Theme(theme));
    }
    effects.push(Effect::Frame);
    effects
}

/// Looks at it as the link says.
fn look_as(model: &mut Model, view: &link::View) {
    let get = |key| view.get(key);
    if let Some(grain) = get(link::View::GRAIN).and_then(keep::grain_named) {
        model.look.grain = grain;
    }
    if let Some(speed) = get(link::View::SPEED).and_then(Speed::named) {
        model.look.speed = speed;
    }
    if let Some(tab) = get(link::View::PANEL).and_then(Tab::named) {
        model.look.tab = tab;
    }
    model.look.zoom = get(link::View::ZOOM).and_then(Zoom::named).unwrap_or_default();
    let thread = get(link::View::THREAD).and_then(|name| model.playback()?.thread(name));
    model.look.thread = thread.or(model.look.thread);
    let lane = get(link::View::LANE).and_then(|name| {
        model
            .playback()?
            .player
            .run()
            .lanes()
            .iter()
            .position(|lane| lane.spec().to_string() == name)
    });
    model.look.lane = lane.unwrap_or(0);
    if let (Mode::Embed(freedom), Some(flags)) = (&mut model.mode, get(link::View::EMBED)) {
        *freedom = flags.split(',').filter_map(Freedom::named).max().unwrap_or_default();
    }
}

/// The story that the page opens with, playing by itself unless the reader wants no motion.
fn tell_story(model: &mut Model) -> Vec<Effect> {
    let scenario = parse(opening().text).scenario;
    let branches = Branches::only(scenario.schedule.clone());
    model.document = Document::new(scenario, Vec::new());
    let mut effects = edit::follow(model, None);
    effects.extend(edit::set_up(model, branches, 0));
    let still = model.around.reduced_motion;
    if let (Some(playback), false) = (model.playback_mut(), still) {
        playback.play = Play::Story;
        effects.extend(time::set_beat(model));
    }
    effects
}

/// The story, on demand.
pub(super) fn story(model: &mut Model) -> Vec<Effect> {
    trouble::clear(&mut model.troubles, About::Draft);
    trouble::clear(&mut model.troubles, About::Link);
    shipped(model, opening().text)
}

/// A scenario that comes with the playground takes the place of this one.
pub(super) fn shipped(model: &mut Model, text: &str) -> Vec<Effect> {
    model.dialog = None;
    model.text.typed = None;
    let scenario = parse(text).scenario;
    let none = vec![None; model.document.scenario().hierarchy.n_groups()];
    let words = format!("open \"{}\"", scenario.title);
    let mut effects = edit::fresh(model, &words, scenario, &none);
    look::density(model);
    effects.push(Effect::Focus("stage"));
    effects
}

/// The draft that a link took the place of comes back; the link's scenario can be had again by undo.
pub(super) fn bring_back(model: &mut Model) -> Vec<Effect> {
    trouble::clear(&mut model.troubles, About::Draft);
    let Some(draft) = model.draft.other.take().or_else(|| model.draft.before.take()) else {
        return Vec::new();
    };
    let mut effects = open_link(model, &draft);
    if let Some(text) = model.draft.other_text.take() {
        effects.extend(text::kept(model, text));
    }
    if let Some(kept) = model.listing.other.take() {
        effects.extend(listing::restored(model, &kept));
    }
    effects
}

/// A scenario's text, from a script.
pub(super) fn open_read(model: &mut Model, read: crate::work::Read) -> Vec<Effect> {
    trouble::clear(&mut model.troubles, About::Link);
    if !read.diagnostics.is_empty() {
        let title = "Not all of the loaded text makes sense.";
        let lines = read.diagnostics.iter().map(ToString::to_string);
        trouble::note(
            &mut model.troubles,
            Trouble::new(About::Link, Tone::Warn, title).with(lines),
        );
    }
    adopt(model, link::Shared { scenario: read.scenario, ..link::Shared::default() })
}
