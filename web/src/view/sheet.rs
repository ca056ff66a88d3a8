//! A sheet: what the worker has written, shown as it is. What can be done on it says so itself.

use super::On;
use crate::effect::events;
use crate::model::Model;
use crate::msg::{LookMsg, Msg};
use yew::{Html, html};

pub(super) fn sheet(model: &Model, on: &On) -> Html {
    if model.sheet.failed {
        return html! { <p class="dialog__body panel__text" role="alert">{ "This cannot be made: the worker has stopped, or the scenario is too large. Close and open it to try again." }</p> };
    }
    if model.sheet.html.is_empty() {
        return html! { <p class="dialog__body panel__text" role="status">{ "A moment …" }</p> };
    }
    let did =
        on.when(|event: yew::MouseEvent| Some(Msg::Look(LookMsg::Did(events::deed(&event)?))));
    html! {
        <div class="dialog__body sheet" tabindex="0" onclick={did}>{ Html::from_html_unchecked(model.sheet.html.clone().into()) }</div>
    }
}
