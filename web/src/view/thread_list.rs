//! The threads of the scenario, a line each in the grammar of its text.

use super::{On, line};
use crate::model::{Lines, Model};
use crate::msg::{EditMsg, Msg, Preset};
use crate::update::line_of;
use crate::view::icons::{Icon, icon};
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
                    let name = format!("the thread {}", thread.name);
                    line::line(model, on, Lines::Threads, at, line_of(thread), &name)
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
