//! The threads of the scenario, a line each in the grammar of its text.

use super::On;
use crate::effect::events;
use crate::model::{Model, ThreadEntry};
use crate::msg::{EditMsg, Msg, Preset};
use crate::update::line_of;
use crate::view::icons::{Icon, icon};
use memcg_scenario::ThreadText;
use yew::{Html, html};

const PRESETS: [(Preset, &str, &str); 4] = [
    (Preset::Kswapd, "kswapd", "Walks everything, round after round, in the shared slot"),
    (Preset::Limit, "Limit reclaim", "Walks below one group and breaks off when it has enough"),
    (Preset::Private, "Private walk", "Walks without a slot, as statistics do"),
    (Preset::Admin, "Administrator", "Removes, makes, pins groups"),
];

pub(super) fn threads(model: &Model, on: &On) -> Html {
    let threads = &model.document.scenario().threads;
    html! {
        <section class="build__threads" aria-labelledby="build-threads">
            <h3 class="panel__title" id="build-threads">{ "Threads" }</h3>
            <ul>
                { for threads.iter().enumerate().map(|(at, thread)| {
                    let entry = model.thread.as_ref().filter(|entry| entry.thread == at);
                    self::thread(on, at, thread, entry)
                }) }
            </ul>
            if threads.is_empty() {
                <p class="panel__text">{ "Nobody walks yet. Add a thread:" }</p>
            }
            <p class="toolbar" role="group" aria-label="Add a thread">
                { for PRESETS.into_iter().map(|(preset, name, title)| html! {
                    <button type="button" class="button button--small" {title} onclick={on.say(Msg::Edit(EditMsg::AddedThread(preset)))}>
                        { icon(Icon::Plus) }{ name }</button>
                }) }
            </p>
        </section>
    }
}

fn thread(on: &On, at: usize, thread: &ThreadText, entry: Option<&ThreadEntry>) -> Html {
    let remove = on.say(Msg::Edit(EditMsg::RemovedThread(at)));
    html! {
        <li key={thread.name.clone()} class="build__thread">
            if let Some(entry) = entry {
                { field(on, entry) }
            } else {
                <button type="button" class="build__line" title="Change this line" onclick={on.say(Msg::Edit(EditMsg::OpenedThread(at)))}>
                    { line_of(thread) }</button>
            }
            <button type="button" class="button button--icon button--small button--quiet" aria-label={format!("Remove the thread {}", thread.name)}
                title="Remove this thread" onclick={remove}>{ icon(Icon::Close) }</button>
        </li>
    }
}

fn field(on: &On, entry: &ThreadEntry) -> Html {
    let keys = on.when(|event: yew::KeyboardEvent| {
        let take = match event.key().as_str() {
            "Enter" => true,
            "Escape" => false,
            _ => return None,
        };
        events::take(&event);
        Some(Msg::Edit(EditMsg::LeftThread { take }))
    });
    html! {
        <>
            <input id="thread-line" class="input input--mono build__line-field" aria-label="Line of the thread" autocomplete="off" autocapitalize="off"
                spellcheck="false" value={entry.text.clone()} aria-invalid={(!entry.errors.is_empty()).to_string()} aria-describedby="thread-errors"
                onkeydown={keys} onblur={on.say::<yew::FocusEvent>(Msg::Edit(EditMsg::LeftThread { take: true }))}
                oninput={on.send.reform(|event: yew::InputEvent| Msg::Edit(EditMsg::TypedThread(events::value(&event))))} />
            <ul class="build__error" id="thread-errors" aria-live="polite">
                { for entry.errors.iter().map(|error| html! { <li>{ error }</li> }) }
            </ul>
        </>
    }
}
