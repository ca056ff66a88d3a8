//! Keeping work: drafts on this machine, the link in the address bar, copies.

use super::{branches, listing};
use crate::geometry::zoom::Zoom;
use crate::model::trouble::{self, About, Tone, Trouble};
use crate::model::{Grain, Model, Pending};
use crate::msg::{Alarm, CopyOf, Effect, KeepMsg, Slot};
use memcg_scenario::{Scenario, link, print};

/// The draft is kept this long after a change, so that a row of changes is kept once.
const KEEP_AFTER_MS: u32 = 700;

/// While changes follow each other it is put off so many times, since it takes a moment of its own.
const N_PUT_OFF_MAX: u32 = 5;

/// What a copy button said is taken back after this long.
const COPY_WORDS_MS: u32 = 4_000;

/// Longer links stay out of the address bar: browsers grow slow or cut them.
const ADDRESS_BYTES_MAX: usize = 30_000;

/// Name of a grain in links.
pub(super) const fn grain_name(grain: Grain) -> &'static str {
    match grain {
        Grain::Access => "access",
        Grain::Statement => "statement",
        Grain::Call => "call",
    }
}

/// The grain with this name.
pub(super) fn grain_named(name: &str) -> Option<Grain> {
    [Grain::Access, Grain::Statement, Grain::Call].into_iter().find(|g| grain_name(*g) == name)
}

/// The whole state as a link's fragment.
///
/// # Errors
/// If the scenario is larger than a link can carry.
pub fn link(model: &Model) -> Result<String, String> {
    link::encode(&shared(model)).map_err(|error| error.to_string())
}

/// What a link carries of the model.
pub(super) fn shared(model: &Model) -> link::Shared {
    let mut view = link::View::default();
    if let Some(playback) = model.playback() {
        if let Some(thread) = model.look.thread {
            view.set(link::View::THREAD, playback.thread_name(thread));
        }
        if let (true, Some(lane)) =
            (model.look.lane > 0, playback.player.run().lanes().get(model.look.lane))
        {
            view.set(link::View::LANE, &lane.spec().to_string());
        }
    }
    if model.look.grain != Grain::Call {
        view.set(link::View::GRAIN, grain_name(model.look.grain));
    }
    if model.look.tab != crate::model::Tab::Listing {
        view.set(link::View::PANEL, model.look.tab.name());
    }
    if model.look.speed != crate::model::Speed::CALM {
        view.set(link::View::SPEED, model.look.speed.name());
    }
    if model.look.zoom != Zoom::One {
        view.set(link::View::ZOOM, model.look.zoom.name());
    }
    if let Some(theme) = model.look.theme.attribute() {
        view.set(link::View::THEME, theme);
    }
    let branches = model.branches();
    let branch =
        branches.all.get(branches.shown).filter(|_| branches.shown > 0).map(|b| b.name.clone());
    let scenario: Scenario = (*model.scenario()).clone();
    let cursor = model.playback().map_or(0, crate::model::playback::Playback::destination);
    let is_used = |edit: &&link::ListingEdit| scenario.lanes.iter().any(|l| l.policy == edit.name);
    let edits = model.document.edits().iter().filter(is_used).cloned().collect();
    link::Shared { scenario, cursor, branch, view, edits, ..link::Shared::default() }
}

/// A person changed something that links hold: it is kept in a moment.
pub(super) fn touched(model: &mut Model) -> Vec<Effect> {
    if model.is_embedded() {
        return Vec::new();
    }
    match &mut model.draft.pending {
        Pending::Waits { again, .. } => {
            *again = true;
            Vec::new()
        }
        pending @ Pending::Nothing => {
            *pending = Pending::Waits { again: false, n_put_off: 0 };
            vec![Effect::Alarm(Alarm::Keep, KEEP_AFTER_MS)]
        }
    }
}

/// The moment has come. While it plays, or while one change follows the other, it comes again later.
pub(super) fn rang(model: &mut Model) -> Vec<Effect> {
    let busy = model.playback().is_some_and(|p| p.is_playing() || p.target.is_some());
    match model.draft.pending {
        Pending::Waits { again, n_put_off } if busy || (again && n_put_off < N_PUT_OFF_MAX) => {
            model.draft.pending =
                Pending::Waits { again: false, n_put_off: n_put_off.saturating_add(1) };
            vec![Effect::Alarm(Alarm::Keep, KEEP_AFTER_MS)]
        }
        Pending::Waits { .. } | Pending::Nothing => keep_now(model),
    }
}

/// Keeps the draft and writes the address, if there is something new.
pub(super) fn keep_now(model: &mut Model) -> Vec<Effect> {
    if std::mem::take(&mut model.draft.pending) == Pending::Nothing {
        return Vec::new();
    }
    let mut effects = Vec::new();
    let unsaved = model.text.unsaved().map(ToOwned::to_owned);
    if unsaved != model.draft.kept_text {
        effects.push(Effect::Store(Slot::Text, unsaved.clone()));
        model.draft.kept_text = unsaved;
    }
    effects.extend(listing::kept(model));
    let fragment = match link(model) {
        Ok(fragment) => fragment,
        Err(why) => {
            let trouble =
                Trouble::new(About::Keeping, Tone::Warn, "This scenario is too large to be kept.");
            trouble::note(&mut model.troubles, trouble.with([why]));
            return effects;
        }
    };
    if model.draft.kept.as_ref() == Some(&fragment) {
        return effects;
    }
    // The draft that an opened link took the place of moves to the second slot before it is written over.
    if let Some(other) = model.draft.other.take() {
        effects.push(Effect::Store(Slot::DraftBefore, Some(other.clone())));
        model.draft.before = Some(other);
    }
    let short = fragment.len() <= ADDRESS_BYTES_MAX;
    effects.push(Effect::Address(if short { fragment.clone() } else { String::new() }));
    effects.push(Effect::Store(Slot::Draft, Some(fragment.clone())));
    let others = branches::written(&model.branches(), &fragment);
    if others.is_some() || model.draft.has_branches {
        model.draft.has_branches = others.is_some();
        effects.push(Effect::Store(Slot::Branches, others));
    }
    model.draft.kept = Some(fragment);
    effects
}

/// The browser does not keep what it was given. Said once.
pub(super) fn refused(model: &mut Model, why: String) -> Vec<Effect> {
    if !model.draft.refused {
        model.draft.refused = true;
        let trouble = Trouble::new(About::Keeping, Tone::Warn, why).with([
            "A link (Share) or the scenario's text holds the same and can be kept anywhere."
                .to_owned(),
        ]);
        trouble::note(&mut model.troubles, trouble);
    }
    Vec::new()
}

pub(super) fn message(model: &mut Model, message: KeepMsg) -> Vec<Effect> {
    match message {
        KeepMsg::Copy(what) => copy(model, what),
        KeepMsg::BroughtBack => super::open::bring_back(model),
        KeepMsg::Dismissed(id) => {
            model.troubles.retain(|trouble| trouble.id != id);
            Vec::new()
        }
        KeepMsg::Story => super::open::story(model),
    }
}

fn copy(model: &mut Model, what: CopyOf) -> Vec<Effect> {
    let text = match what {
        CopyOf::Link => link(model).map(|fragment| format!("{}#{fragment}", model.around.address)),
        // Its text is the sheet's.
        CopyOf::Snippet => return vec![Effect::CopyField(what)],
        CopyOf::Text => Ok(match model.text.unsaved() {
            Some(text) => text.to_owned(),
            None => print(&model.scenario()),
        }),
        CopyOf::Found => Ok(model.check.refused.clone().unwrap_or_default()),
    };
    match text {
        Ok(text) => vec![Effect::Copy(what, text)],
        Err(why) => {
            let trouble =
                Trouble::new(About::Keeping, Tone::Bad, "No link can be made.").with([why]);
            trouble::note(&mut model.troubles, trouble);
            Vec::new()
        }
    }
}

/// What the clipboard said. Where it refused, the field beside the button is selected instead.
pub(super) fn copied(model: &mut Model, what: CopyOf, done: bool) -> Vec<Effect> {
    model.share.copied = Some((what, done));
    model.share.n_copies = model.share.n_copies.wrapping_add(1);
    let mut effects = vec![Effect::Alarm(Alarm::CopyWords(model.share.n_copies), COPY_WORDS_MS)];
    if !done {
        effects.push(Effect::Select(what.field()));
    }
    effects
}

pub(super) fn forget_copied(model: &mut Model, n: u32) -> Vec<Effect> {
    if n == model.share.n_copies {
        // What to do when it failed stays until it is done.
        model.share.copied = model.share.copied.filter(|(_, done)| !done);
    }
    Vec::new()
}
