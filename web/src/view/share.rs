//! Sharing: the link, and what the worker offers for somebody's page or text.

use super::{On, sheet};
use crate::model::Model;
use crate::msg::{CopyOf, KeepMsg, Msg};
use crate::update;
use memcg_scenario::link::advice;
use yew::{Html, html};

pub(super) fn share(model: &Model, on: &On) -> Html {
    let link = match update::link(model) {
        Ok(fragment) => format!("{}#{fragment}", model.around.address),
        Err(why) => {
            return html! { <div class="dialog__body"><p class="field__error">{ why }</p></div> };
        }
    };
    html! {
        <div class="dialog__body share">
            <section>
                <h3 class="panel__title">{ "Link" }</h3>
                <p class="panel__text">{ "Everything is in the link itself; nothing is sent anywhere." }</p>
                <input id={CopyOf::Link.field()} class="share__link" readonly=true value={link.clone()} aria-label="Link to this moment" />
                <p class="toolbar">
                    { copy(model, on, CopyOf::Link, "Copy link") }
                    <span class="share__size">{ format!("{} characters", link.len()) }</span>
                </p>
                if let Some(advice) = advice(link.len()) {
                    <p class="share__long">{ advice }</p>
                }
            </section>
            <section>
                { sheet::sheet(model, on) }
                if !model.sheet.html.is_empty() {
                    <p class="toolbar">{ copy(model, on, CopyOf::Snippet, "Copy text") }</p>
                }
            </section>
        </div>
    }
}

fn copy(model: &Model, on: &On, what: CopyOf, name: &'static str) -> Html {
    let said = match model.share.copied {
        Some((of, true)) if of == what => "Copied.",
        Some((of, false)) if of == what => {
            "The browser keeps the clipboard to itself: the text is selected, copy it with Ctrl C."
        }
        _ => "",
    };
    html! {
        <>
            <button type="button" class="button button--primary" onclick={on.say(Msg::Keep(KeepMsg::Copy(what)))}>{ name }</button>
            <span role="status">{ said }</span>
        </>
    }
}
