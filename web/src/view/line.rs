//! A line of the panel "Build" in the grammar of the scenario's text, which is written in its place.

use super::On;
use crate::effect::events;
use crate::model::{LineEntry, Lines, Model};
use crate::msg::{EditMsg, Msg};
use crate::view::icons::{Icon, icon};
use yew::{Html, html};

/// A line; `name` says what it is about.
pub(super) fn line(model: &Model, on: &On, of: Lines, at: usize, text: String, name: &str) -> Html {
    let entry = model.line.as_ref().filter(|entry| (entry.of, entry.at) == (of, at));
    html! {
        <li key={name.to_owned()} class="build__thread">
            if let Some(entry) = entry {
                { field(on, entry) }
            } else {
                <button type="button" class="build__line" title="Change this line" onclick={on.say(Msg::Edit(EditMsg::OpenedLine(of, at)))}>
                    { text }</button>
            }
            <button type="button" class="button button--icon button--small button--quiet" aria-label={format!("Remove {name}")}
                title="Remove this line" onclick={on.say(Msg::Edit(EditMsg::RemovedLine(of, at)))}>{ icon(Icon::Close) }</button>
        </li>
    }
}

fn field(on: &On, entry: &LineEntry) -> Html {
    let keys = on.when(|event: yew::KeyboardEvent| {
        let take = match event.key().as_str() {
            "Enter" => true,
            "Escape" => false,
            _ => return None,
        };
        events::take(&event);
        Some(Msg::Edit(EditMsg::LeftLine { take }))
    });
    let name = match entry.of {
        Lines::Threads => "Line of the thread",
        Lines::Watches => "What is watched",
    };
    html! {
        <>
            <input id="build-line" class="input input--mono build__line-field" aria-label={name} autocomplete="off" autocapitalize="off"
                spellcheck="false" value={entry.text.clone()} aria-invalid={(!entry.errors.is_empty()).to_string()} aria-describedby="line-errors"
                onkeydown={keys} onblur={on.say::<yew::FocusEvent>(Msg::Edit(EditMsg::LeftLine { take: true }))}
                oninput={on.send.reform(|event: yew::InputEvent| Msg::Edit(EditMsg::TypedLine(events::value(&event))))} />
            <ul class="build__error" id="line-errors" aria-live="polite">
                { for entry.errors.iter().map(|error| html! { <li>{ error }</li> }) }
            </ul>
        </>
    }
}
