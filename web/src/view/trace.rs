//! A kernel's trace beside a policy: the page's own controls above what the worker writes.

use super::On;
use crate::effect::events;
use crate::model::Model;
use crate::msg::{LookMsg, Msg, TraceMsg};
use memcg_core::registry;
use yew::{Html, html};

pub(super) fn trace(model: &Model, on: &On) -> Html {
    let trace = &model.trace;
    if trace.failed {
        return html! { <p class="dialog__body panel__text" role="alert">{ "The worker that reads traces has stopped. Drop the file again to try once more." }</p> };
    }
    let did =
        on.when(|event: yew::MouseEvent| Some(Msg::Look(LookMsg::Did(events::deed(&event)?))));
    html! {
        <div class="dialog__body sheet" tabindex="0">
            <p class="toolbar">
                <b>{ trace.name.clone() }</b>
                if let Some(percent) = trace.busy {
                    <progress aria-label="How far the worker is" max="100" value={percent.to_string()} />
                    <button type="button" class="button button--small" onclick={on.say(Msg::Trace(TraceMsg::Cancelled))}>{ "Cancel" }</button>
                }
            </p>
            if trace.n_calls > 0 {
                { controls(model, on) }
            }
            <div onclick={did}>{ Html::from_html_unchecked(trace.html.clone().into()) }</div>
        </div>
    }
}

fn controls(model: &Model, on: &On) -> Html {
    let trace = &model.trace;
    let place = &trace.place;
    let policy =
        on.send.reform(|event: yew::Event| Msg::Trace(TraceMsg::Policy(events::value(&event))));
    let free =
        on.send.reform(|event: yew::Event| Msg::Trace(TraceMsg::Free(events::checked(&event))));
    let went = on.send.reform(|event: yew::InputEvent| {
        Msg::Trace(TraceMsg::Went(events::value(&event).parse().unwrap_or(1)))
    });
    html! {
        <>
            <p class="toolbar">
                <select class="select" aria-label="Policy beside the kernel" onchange={policy}>
                    { for registry::policies().iter().map(|entry| html! {
                        <option value={entry.name} selected={entry.name == place.policy}>{ entry.name }</option>
                    }) }
                </select>
                <label><input type="checkbox" checked={place.free} onchange={free} />{ " on its own way" }</label>
                if trace.first > 0 {
                    <button type="button" class="button button--small" onclick={on.say(Msg::Trace(TraceMsg::Went(trace.first)))}>{ "First difference" }</button>
                }
                <button type="button" class="button button--small" onclick={on.say(Msg::Trace(TraceMsg::AsScenario))}>{ "Open as a scenario" }</button>
            </p>
            <input class="trace__scrub" type="range" aria-label="Calls that have returned" min="1" max={trace.n_calls.to_string()} step="1"
                value={place.n_calls.to_string()} oninput={went} />
        </>
    }
}
