//! The listing panel of the page: the listing as it runs, or as a field that is typed into, over the same text in
//! its colours; what is wrong with it; and what can be done with it.

use super::changes::Changes;
use super::code::{CodeLine, n_head_lines};
use super::{Cursor, head};
use crate::effect::events;
use crate::model::Model;
use crate::model::listing::{Draft, LISTING_BYTES_MAX, Verdict};
use crate::model::playback::N_LANES_MAX;
use crate::msg::{ListingMsg, Msg};
use crate::programs::base_of;
use crate::update::{draft_place, turned_to};
use crate::view::mark::ThreadMark;
use crate::view::{On, main_part};
use memcg_core::listing::Diagnostic;
use memcg_core::registry;
use memcg_scenario::link::ListingEdit;
use std::ops::Range;
use std::rc::Rc;
use yew::{AttrValue, Html, Properties, function_component, html};

/// Texts with more lines are not coloured.
const N_LINES_COLOURED_MAX: usize = 2_000;

/// The listing of the lane turned to.
pub(in crate::view) fn panel(model: &Model, on: &On) -> Html {
    let draft = draft_place(model).and_then(|at| model.listing.all.get(at));
    let field = draft.filter(|draft| draft.open && model.look.file.unwrap_or(0) == 0);
    html! {
        <div class="scenario listing-panel">
            { field.map_or_else(|| main_part::listing(model, on), |draft| self::field(model, on, draft)) }
            { field.map_or_else(Html::default, diagnostics) }
            { foot(model, on, draft, field.is_some()) }
        </div>
    }
}

/// A text that is typed into.
fn field(model: &Model, on: &On, draft: &Draft) -> Html {
    let props = main_part::listing_props(model, on).map(|props| super::Props { file: 0, ..props });
    let runs = draft.verdict == Verdict::Runs;
    // Where threads stand is known in the text that runs.
    let shown = props.as_ref().filter(|_| runs);
    let here: Vec<Cursor> = shown
        .map(|p| p.cursors.iter().filter(|c| c.file == 0).cloned().collect())
        .unwrap_or_default();
    let marks = props.as_ref().map(|p| p.marks.clone()).unwrap_or_default();
    let watched = shown.and_then(|p| p.watched);
    let text = AttrValue::from(draft.text.clone());
    let class = if is_coloured(&text) { "edit__text" } else { "edit__text edit__text--plain" };
    let key = on.when(|event: yew::KeyboardEvent| {
        events::write_key(&event).then_some(Msg::Listing(ListingMsg::Left))
    });
    html! {
        <div class="listing">
            { props.as_ref().map_or_else(Html::default, head) }
            <div class="listing__scroll edit">
                <div class="edit__field">
                    <Layer text={text.clone()} base={draft.base.clone()} {here} {marks} {watched} mistakes={Rc::new(draft.mistakes.clone())} />
                    <textarea id="listing-text" {class}
                        aria-label={format!("Listing of {}; Tab indents, Escape leaves", draft.name)} wrap="off" spellcheck="false" autocomplete="off" autocapitalize="off"
                        aria-invalid={(draft.verdict == Verdict::Wrong).to_string()} aria-describedby="listing-mistakes" value={text} onkeydown={key}
                        oninput={on.send.reform(|event: yew::InputEvent| Msg::Listing(ListingMsg::Typed(events::value(&event))))} />
                </div>
            </div>
        </div>
    }
}

fn is_coloured(text: &str) -> bool {
    text.len() <= LISTING_BYTES_MAX && text.split('\n').nth(N_LINES_COLOURED_MAX).is_none()
}

#[derive(Clone, PartialEq, Debug, Properties)]
struct LayerProps {
    text: AttrValue,
    base: String,
    here: Vec<Cursor>,
    marks: Rc<Vec<ThreadMark>>,
    watched: Option<usize>,
    mistakes: Rc<Vec<Diagnostic>>,
}

/// The text below the field: numbers, colours, what has changed, what is wrong.
#[function_component(Layer)]
fn layer(props: &LayerProps) -> Html {
    let text = props.text.as_str();
    if !is_coloured(text) {
        return Html::default();
    }
    let shipped = registry::policy(&props.base).map_or("", |entry| entry.text);
    let changes = Changes::of(&ListingEdit::between("", "", shipped, text));
    let n_head = n_head_lines(text);
    let mut start = 0;
    let line = |(at, line): (usize, &str)| {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let on_it: Vec<Cursor> = props.here.iter().filter(|c| c.line == number).cloned().collect();
        let watched = props.watched.filter(|thread| on_it.iter().any(|c| c.thread == *thread));
        let wrong = props.mistakes.iter().find(|mistake| mistake.line == number);
        let mistake = wrong.map(|m| (part(line, m, start), AttrValue::from(m.message.clone())));
        start += line.len() + 1;
        html! {
            <CodeLine key={number} {number} line={line.to_owned()} in_head={at < n_head} {on_it} {watched} marks={props.marks.clone()}
                change={changes.at(number)} {mistake} />
        }
    };
    html! { <ol class="code" aria-hidden="true">{ for text.split('\n').enumerate().map(line) }</ol> }
}

/// The part of a line that is wrong. The mistake may be of a text that has been typed in since.
fn part(line: &str, mistake: &Diagnostic, start: usize) -> Range<usize> {
    let within = |at: usize| {
        let at = at.saturating_sub(start).min(line.len());
        if line.is_char_boundary(at) { at } else { line.len() }
    };
    let (from, to) = (within(mistake.span.start), within(mistake.span.end));
    if from < to { from..to } else { 0..line.len() }
}

fn diagnostics(draft: &Draft) -> Html {
    html! {
        <ul class="diagnostics" id="listing-mistakes" aria-live="polite">
            { for draft.mistakes.iter().map(|mistake| diagnostic(&draft.text, mistake)) }
        </ul>
    }
}

/// A mistake; a click goes there.
fn diagnostic(text: &str, mistake: &Diagnostic) -> Html {
    let place = match mistake.line {
        0 => String::new(),
        line => format!("{line}:{}", mistake.column),
    };
    let units = |at: usize| text.get(..at).map_or(0, |before| before.encode_utf16().count());
    let (from, to) = (units(mistake.span.start), units(mistake.span.end));
    let go = move |_| events::select("listing-text", from, to);
    html! {
        <li>
            <button type="button" class="diagnostic diagnostic--error" onclick={go}>
                <span class="diagnostic__place">{ place }</span>
                <span class="diagnostic__text">{ &mistake.message }</span>
                if let Some(suggestion) = &mistake.suggestion {
                    <span class="diagnostic__help">{ suggestion }</span>
                }
            </button>
        </li>
    }
}

/// How the listing stands, and what can be done with it.
fn foot(model: &Model, on: &On, draft: Option<&Draft>, is_open: bool) -> Html {
    let lanes = &model.document.scenario().lanes;
    let Some(spec) = turned_to(model) else { return Html::default() };
    let edits = model.document.edits();
    let edit = edits.iter().find(|edit| edit.name == spec.policy);
    let base = base_of(&spec.policy, edits);
    let say = |message: ListingMsg| on.say(Msg::Listing(message));
    let n_wrong = draft.map_or(0, |draft| draft.mistakes.len());
    let count = |n: usize, one: &str, more: &str| match n {
        1 => format!("1 {one}"),
        n => format!("{n} {more}"),
    };
    let state = match (draft.map(|draft| draft.verdict), edit) {
        (Some(Verdict::Unread), _) => "Compiling …".to_owned(),
        (Some(Verdict::Wrong), _) if is_open => {
            format!(
                "{}; the lane goes on with the last text that compiled.",
                count(n_wrong, "mistake", "mistakes")
            )
        }
        (Some(Verdict::Wrong), _) => {
            format!("A draft with {} is kept.", count(n_wrong, "mistake", "mistakes"))
        }
        (_, Some(edit)) => {
            let n = Changes::of(edit).n_lines();
            format!("{} from {base}.", count(n, "line differs", "lines differ"))
        }
        (Some(Verdict::Runs), None) => "As shipped. What compiles runs at once.".to_owned(),
        (None, None) => "As shipped.".to_owned(),
    };
    let button = |id: Option<&'static str>, words: &'static str, message: ListingMsg| {
        html! { <button type="button" {id} class="button button--small" onclick={say(message)}>{ words }</button> }
    };
    let may_compare = lanes.len() < N_LANES_MAX
        && !lanes.iter().any(|lane| edit.is_some() && lane.policy == base && base != spec.policy);
    html! {
        <div class="scenario__foot">
            <span role="status">{ state }</span>
            <span class="toolbar__gap" />
            if edit.is_some() && !is_open {
                <button type="button" class="button button--small" aria-pressed={model.listing.shows_gone.to_string()}
                    onclick={say(ListingMsg::ShowedGone(!model.listing.shows_gone))}>{ "What is gone" }</button>
            }
            if edit.is_some() && may_compare {
                { button(None, "Shipped beside it", ListingMsg::Compared) }
            }
            if draft.is_some_and(|draft| draft.verdict == Verdict::Wrong) {
                { button(None, "Drop the draft", ListingMsg::Dropped) }
            }
            if edit.is_some() {
                { button(None, "Revert", ListingMsg::Reverted) }
            }
            if is_open {
                { button(Some("listing-edit"), "Done", ListingMsg::Closed) }
            } else {
                { button(Some("listing-edit"), "Edit", ListingMsg::Opened) }
            }
        </div>
    }
}
