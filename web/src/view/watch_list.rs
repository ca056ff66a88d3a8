//! What is watched in every lane, a line each in the grammar of the scenario's text.

use super::{On, line};
use crate::model::{Lines, Model};
use crate::msg::{EditMsg, Msg};
use crate::view::icons::{Icon, icon};
use memcg_core::condition::N_WATCHES_MAX;
use memcg_scenario::watch_text;
use yew::{Html, html};

pub(super) fn watches(model: &Model, on: &On) -> Html {
    let watches = &model.document.scenario().watches;
    html! {
        <section class="build__threads" aria-labelledby="build-watches">
            <h3 class="panel__title" id="build-watches">{ "Watched in every lane" }</h3>
            <ul>
                { for watches.iter().enumerate().map(|(at, watch)| {
                    let text = watch_text(watch);
                    let name = format!("line {} of what is watched: {text}", at + 1);
                    line::line(model, on, Lines::Watches, at, text, &name)
                }) }
            </ul>
            if watches.is_empty() {
                <p class="panel__text">{ "A value, such as refs of a group, or a condition on some. The foot of each lane shows it." }</p>
            }
            <p class="toolbar">
                <button type="button" class="button button--small" disabled={watches.len() >= N_WATCHES_MAX}
                    title="refs of the chosen group; the line says what else there is" onclick={on.say(Msg::Edit(EditMsg::AddedWatch))}>
                    { icon(Icon::Plus) }{ "Watch" }</button>
            </p>
        </section>
    }
}
