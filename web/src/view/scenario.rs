//! The scenario's text, always in step with the picture, and what is wrong with what was typed.

use super::On;
use crate::effect::events;
use crate::model::Model;
use crate::model::text::{TEXT_BYTES_SHOWN_MAX, Typed, Verdict};
use crate::msg::{CopyOf, Msg, TextMsg};
use memcg_scenario::{Diagnostic, Severity, print};
use yew::{Html, classes, html};

/// Groups from which on a text is surely long.
const N_GROUPS_LONG: usize = 5_000;

pub(super) fn scenario(model: &Model, on: &On) -> Html {
    let document = model.document.scenario();
    let in_step = |typed: &&Typed| match typed.verdict {
        Verdict::Taken { .. } => model.playback().is_none_or(|p| p.moves() == document.schedule),
        Verdict::Unread | Verdict::Reading { .. } | Verdict::Wrong => true,
    };
    let typed = model.text.typed.as_ref().filter(in_step);
    let long = typed.is_none() && document.hierarchy.n_groups() > N_GROUPS_LONG;
    let text = match typed {
        Some(typed) => typed.text.clone(),
        None if long && !model.text.shown_anyway => String::new(),
        None => print(&model.scenario()),
    };
    if (long || text.len() > TEXT_BYTES_SHOWN_MAX) && !model.text.shown_anyway {
        return too_long(model, on, typed);
    }
    let wrong = typed.is_some_and(|t| t.verdict == Verdict::Wrong);
    html! {
        <div class="scenario">
            <textarea id={CopyOf::Text.field()} class="scenario__text" aria-label="Text of the scenario" wrap="off" spellcheck="false"
                autocomplete="off" autocapitalize="off" aria-invalid={wrong.to_string()} aria-describedby="scenario-diagnostics"
                value={text} oninput={on.send.reform(|event: yew::InputEvent| Msg::Text(TextMsg::Typed(events::value(&event))))} />
            { diagnostics(typed) }
            { foot(model, on, typed) }
        </div>
    }
}

fn diagnostics(typed: Option<&Typed>) -> Html {
    let Some(typed) = typed.filter(|t| !t.diagnostics.is_empty()) else {
        return html! { <div id="scenario-diagnostics" /> };
    };
    html! {
        <ul class="diagnostics" id="scenario-diagnostics" aria-live="polite">
            { for typed.diagnostics.iter().map(diagnostic) }
            if typed.n_more > 0 {
                <li class="diagnostic">{ format!("… and {} more", typed.n_more) }</li>
            }
        </ul>
    }
}

fn diagnostic(one: &Diagnostic) -> Html {
    let (class, word) = match one.severity {
        Severity::Error => ("diagnostic--error", "error"),
        Severity::Warning => ("diagnostic--warning", "odd"),
    };
    let place = one.at.map_or_else(String::new, |at| format!("{}:{} ", at.line, at.column));
    html! {
        <li class={classes!("diagnostic", class)}>
            <span class="diagnostic__place">{ format!("{place}{word}") }</span>
            <span class="diagnostic__text">{ &one.message }</span>
            if let Some(suggestion) = &one.suggestion {
                <span class="diagnostic__help">{ suggestion }</span>
            }
        </li>
    }
}

fn foot(model: &Model, on: &On, typed: Option<&Typed>) -> Html {
    let state = match typed.map(|t| t.verdict) {
        None => "In step with the picture.",
        Some(Verdict::Taken { .. }) => "Taken over.",
        Some(Verdict::Unread | Verdict::Reading { .. }) => "Reading …",
        Some(Verdict::Wrong) => {
            "Kept as a draft; the picture shows the last text without mistakes."
        }
    };
    html! {
        <div class="scenario__foot">
            <span role="status">{ state }</span>
            <span class="toolbar__gap" />
            if typed.is_some_and(|t| t.verdict == Verdict::Wrong) {
                <button type="button" class="button button--small" onclick={on.say(Msg::Text(TextMsg::Dropped))}>
                    { "Back to the picture's text" }</button>
            }
            { copy(model, on) }
        </div>
    }
}

/// A figure leaves the clipboard alone: its text can be selected.
fn copy(model: &Model, on: &On) -> Html {
    if model.is_embedded() {
        return Html::default();
    }
    let said = match model.share.copied {
        Some((CopyOf::Text, true)) => "Copied.",
        Some((CopyOf::Text, false)) => "Select the text and copy it by hand.",
        _ => "",
    };
    html! {
        <>
            <span role="status">{ said }</span>
            <button type="button" class="button button--small" onclick={on.say(Msg::Text(TextMsg::Copied))}>{ "Copy text" }</button>
        </>
    }
}

fn too_long(model: &Model, on: &On, typed: Option<&Typed>) -> Html {
    let n_groups = model.document.scenario().hierarchy.n_groups();
    let what = match typed {
        Some(typed) => {
            format!("The text has {} kB; a field with it would be slow.", typed.text.len() / 1000)
        }
        None => format!("The text of {n_groups} groups is long; a field with it would be slow."),
    };
    html! {
        <div class="scenario">
            <div class="empty">
                <p class="empty__title">{ "A long scenario" }</p>
                <p class="empty__text">{ what }</p>
                <div class="empty__tools">
                    { copy(model, on) }
                    <button type="button" class="button button--small" onclick={on.say(Msg::Text(TextMsg::ShownAnyway))}>
                        { "Show it nevertheless" }</button>
                </div>
            </div>
            { diagnostics(typed) }
            { foot(model, on, typed) }
        </div>
    }
}
