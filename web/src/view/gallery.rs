//! The gallery: scenarios to begin with, a card each.

use super::On;
use crate::model::Model;
use crate::msg::{LookMsg, Msg};
use memcg_scenario::{GalleryItem, gallery as items, parse};
use yew::{Html, html};

pub(super) fn gallery(model: &Model, on: &On) -> Html {
    html! {
        <div class="dialog__body">
            <p class="panel__text">{ "Each one opens where its story begins. What you have now comes back by undo." }</p>
            <div class="gallery">{ for items().iter().enumerate().map(|(at, item)| card(model, on, at, item)) }</div>
        </div>
    }
}

fn card(model: &Model, on: &On, at: usize, item: &GalleryItem) -> Html {
    let scenario = parse(item.text).scenario;
    let current = scenario.title == model.document.scenario().title;
    let lanes: Vec<String> = scenario.lanes.iter().map(ToString::to_string).collect();
    let meta = format!("{} groups · {}", scenario.hierarchy.n_groups(), lanes.join(", "));
    html! {
        <button key={at} type="button" class="card" aria-current={current.then_some("true")}
            onclick={on.say(Msg::Look(LookMsg::Gallery(at)))}>
            <span class="card__title">{ scenario.title }</span>
            if let Some(note) = scenario.notes.first() {
                <span class="card__text">{ note.clone() }</span>
            }
            <span class="card__meta">{ meta }</span>
        </button>
    }
}
