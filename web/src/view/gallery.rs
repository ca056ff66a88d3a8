//! The gallery: scenarios to begin with, a card each.

use super::On;
use crate::model::Model;
use crate::model::gallery::{Card, Gallery};
use crate::msg::{LookMsg, Msg};
use yew::{Html, html};

pub(super) fn gallery(model: &Model, on: &On) -> Html {
    let cards = match &model.gallery {
        Gallery::Here(cards) => cards.as_slice(),
        Gallery::Asked => {
            return html! { <p class="dialog__body panel__text" role="status">{ "Fetching the scenarios …" }</p> };
        }
        Gallery::Unknown => {
            return html! { <p class="dialog__body panel__text" role="alert">{ "The scenarios could not be fetched. Close this and open it again to try once more." }</p> };
        }
    };
    html! {
        <div class="dialog__body">
            <p class="panel__text">{ "Each one opens where its story begins. What you have now comes back by undo." }</p>
            <div class="gallery">{ for cards.iter().enumerate().map(|(at, item)| card(model, on, at, item)) }</div>
        </div>
    }
}

fn card(model: &Model, on: &On, at: usize, card: &Card) -> Html {
    let current = card.title == model.document.scenario().title;
    html! {
        <button key={at} type="button" class="card" aria-current={current.then_some("true")}
            onclick={on.say(Msg::Look(LookMsg::Gallery(at)))}>
            <span class="card__title">{ card.title.clone() }</span>
            if !card.note.is_empty() {
                <span class="card__text">{ card.note.clone() }</span>
            }
            <span class="card__meta">{ card.meta.clone() }</span>
        </button>
    }
}
