//! Checks: the sheet's own controls and live figures above what the worker writes.

use super::On;
use crate::effect::events;
use crate::model::Model;
use crate::model::check::Part;
use crate::msg::{LookMsg, Msg};
use yew::{Html, html};

fn did(deed: impl Into<String>) -> Msg {
    Msg::Look(LookMsg::Did(deed.into()))
}

pub(super) fn check(model: &Model, on: &On) -> Html {
    let check = &model.check;
    let n_lanes = model.playback().map_or(0, |playback| playback.places.len());
    let clicked = on.when(|event: yew::MouseEvent| Some(did(events::deed(&event)?)));
    let set = on.when(|event: yew::Event| Some(did(format!("set {}", events::set(&event)?))));
    let part = |part: &Part| {
        html! {
            <div class="check__part" onclick={clicked.clone()} onchange={set.clone()}>{ Html::from_html_unchecked(part.html.clone().into()) }</div>
        }
    };
    let n_done = check.n_lanes - (check.running.len() + check.waiting.len()).min(check.n_lanes);
    let (deed, name) = if check.running.is_empty() {
        (
            "check now",
            if n_lanes == 1 {
                "Check this lane".to_owned()
            } else {
                format!("Check {n_lanes} lanes")
            },
        )
    } else {
        ("check stop", "Stop".to_owned())
    };
    let said = match model.share.copied {
        Some((_, true)) => "Copied.".to_owned(),
        Some((_, false)) => "The browser keeps the clipboard: copy it from here.".to_owned(),
        None if check.running.is_empty() || check.n_lanes == 1 => String::new(),
        None => format!("{n_done} of {} lanes are checked", check.n_lanes),
    };
    html! {
        <div class="dialog__body sheet check" tabindex="0">
            <p class="toolbar">
                <button type="button" id="check-go" class="button button--primary" disabled={n_lanes == 0 || check.stopping}
                    onclick={on.say(did(deed))}>{ name }</button>
                <span class="panel__text" role="status">{ said }</span>
            </p>
            if let (Some((_, false)), Some(text)) = (model.share.copied, &check.refused) {
                <textarea id="check-copy" class="share__code" readonly=true aria-label="To be copied" value={text.clone()} />
            }
            // In an element of its own: a list that grows would have what stands before it made anew, and the focus lost.
            <div class="check__live">
                { for check.running.iter().map(|running| html! {
                    <p><b>{ running.due.lane.to_string() }</b>{ " " }{ &running.words }</p>
                }) }
            </div>
            { part(&check.form) }
            if model.sheet.failed {
                <p class="panel__text" role="alert">{ "The worker that writes this has stopped. Close and open it to try again." }</p>
            }
            { part(&check.rows) }
            { part(&check.passing) }
        </div>
    }
}
