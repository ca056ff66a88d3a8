//! The lanes of the scenario: which policies are compared, on which cores, in which order.

use super::On;
use crate::effect::events;
use crate::model::playback::N_LANES_MAX;
use crate::model::{DialogKind, Model};
use crate::msg::{EditMsg, LookMsg, Msg};
use crate::programs::base_of;
use crate::view::icons::{Icon, icon};
use memcg_core::registry;
use memcg_core::schedule::LaneSpec;
use memcg_scenario::link::ListingEdit;
use yew::{Html, html};

pub(super) fn lanes(model: &Model, on: &On) -> Html {
    let lanes = &model.document.scenario().lanes;
    html! {
        <section class="build__threads" aria-labelledby="build-lanes">
            <h3 class="panel__title" id="build-lanes">{ "Lanes" }</h3>
            <ol>{ for lanes.iter().enumerate().map(|(at, lane)| self::lane(on, at, lane, lanes.len(), model.document.edits())) }</ol>
            if lanes.len() < N_LANES_MAX {
                { add(on) }
            }
        </section>
    }
}

fn lane(on: &On, at: usize, lane: &LaneSpec, n_lanes: usize, edits: &[ListingEdit]) -> Html {
    let core = on.send.reform(move |event: yew::Event| {
        let core = Some(events::value(&event)).filter(|core| !core.is_empty());
        Msg::Edit(EditMsg::ChangedCore(at, core))
    });
    let known = registry::policy(base_of(&lane.policy, edits));
    let own = known.map(|entry| entry.header().get("core").to_owned()).unwrap_or_default();
    let number = at + 1;
    let tool = |symbol: Icon, words: String, message: EditMsg, off: bool| {
        html! {
            <button type="button" class="button button--icon button--small button--quiet" title={words.clone()} aria-label={words}
                disabled={off} onclick={on.say(Msg::Edit(message))}>{ icon(symbol) }</button>
        }
    };
    html! {
        <li key={format!("{at} {lane}")} class="build__thread">
            <button type="button" class="button button--small" aria-haspopup="dialog" aria-label={format!("Policy of lane {number}: {}", lane.policy)}
                onclick={on.say(Msg::Look(LookMsg::Policies(at)))}>
                { &lane.policy }{ if known.is_none() { " (unknown)" } else { "" } }
            </button>
            <select class="select" aria-label={format!("Core of lane {number}")} onchange={core}>
                <option value="" selected={lane.core.is_none()}>{ format!("on its own core, {own}") }</option>
                { for registry::cores().iter().map(|entry| html! {
                    <option value={entry.name} selected={lane.core.as_deref() == Some(entry.name)}>{ format!("on {}", entry.name) }</option>
                }) }
            </select>
            <span class="toolbar__gap" />
            { tool(Icon::Back, format!("Move lane {number} to the left"), EditMsg::MovedLane(at, -1), at == 0) }
            { tool(Icon::Forward, format!("Move lane {number} to the right"), EditMsg::MovedLane(at, 1), at + 1 == n_lanes) }
            { tool(Icon::Close, format!("Remove lane {number}"), EditMsg::RemovedLane(at), n_lanes == 1) }
        </li>
    }
}

fn add(on: &On) -> Html {
    html! {
        <p class="toolbar">
            <button type="button" class="button button--small" aria-haspopup="dialog"
                onclick={on.say(Msg::Look(LookMsg::Dialog(DialogKind::Policies)))}>{ icon(Icon::Plus) }{ "Add a lane" }</button>
        </p>
    }
}
