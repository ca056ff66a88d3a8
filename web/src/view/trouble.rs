//! Notices: what went wrong or should be known, with the way on.

use super::On;
use crate::keys::Command;
use crate::model::trouble::{Offer, Tone, Trouble};
use crate::msg::{ImportMsg, KeepMsg, Msg};
use crate::view::icons::{Icon, icon};
use yew::{Html, classes, html};

pub(super) fn notice(trouble: &Trouble, on: &On) -> Html {
    let (tone, role) = match trouble.tone {
        Tone::Bad => (Some("notice--bad"), "alert"),
        Tone::Warn => (Some("notice--warn"), "alert"),
        Tone::Note => (None, "status"),
    };
    let dismiss = on.say(Msg::Keep(KeepMsg::Dismissed(trouble.id)));
    html! {
        <div key={trouble.id} class={classes!("notice", tone)} {role}>
            <p class="notice__title">{ &trouble.title }</p>
            if !trouble.lines.is_empty() {
                <ul class="notice__text">{ for trouble.lines.iter().map(|line| html! { <li>{ line }</li> }) }</ul>
            }
            <div class="notice__tools">
                if let Some(offer) = trouble.offer {
                    { way_on(offer, on) }
                }
                <button type="button" class="button button--small button--quiet notice__close" aria-label={format!("Dismiss: {}", trouble.title)}
                    onclick={dismiss}>{ icon(Icon::Close) }{ "Dismiss" }</button>
            </div>
        </div>
    }
}

fn way_on(offer: Offer, on: &On) -> Html {
    let (words, message) = match offer {
        Offer::BringBack => ("Bring it back", Msg::Keep(KeepMsg::BroughtBack)),
        Offer::Undo => ("Undo", Msg::Command(Command::Undo)),
        Offer::Import => ("Import it", Msg::Import(ImportMsg::Accepted)),
        Offer::Story => ("Open the opening story", Msg::Keep(KeepMsg::Story)),
    };
    html! { <button type="button" class="button button--small" onclick={on.say(message)}>{ words }</button> }
}
