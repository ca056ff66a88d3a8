//! The panel beside the lanes: listing, build, scenario text.

use super::listing::edit;
use super::{On, build, scenario};
use crate::effect::events;
use crate::model::{Model, Tab};
use crate::msg::{LookMsg, Msg};
use yew::{Html, html};

pub(super) fn panel(model: &Model, on: &On) -> Html {
    let shown = model.look.tab;
    html! {
        <aside class="side" id="side" aria-label="Panel">
            <div class="tabs" role="tablist" aria-label="Panel" onkeydown={on.when(move |event| arrow(&event, shown))}>
                { for Tab::ALL.into_iter().map(|tab| self::tab(model, on, tab)) }
            </div>
            <div class="tabs__panel" id="tab-panel" role="tabpanel" aria-labelledby={format!("tab-{}", shown.name())} tabindex="-1">
                { match shown {
                    Tab::Listing => edit::panel(model, on),
                    Tab::Build => build::build(model, on),
                    Tab::Text => scenario::scenario(model, on),
                } }
            </div>
        </aside>
    }
}

fn tab(model: &Model, on: &On, tab: Tab) -> Html {
    let selected = model.look.tab == tab;
    html! {
        <button key={tab.name()} type="button" role="tab" class="tabs__tab" id={format!("tab-{}", tab.name())}
            aria-selected={selected.to_string()} aria-controls="tab-panel" tabindex={if selected { "0" } else { "-1" }}
            onclick={on.say(Msg::Look(LookMsg::Tab(tab)))}>{ tab.words() }</button>
    }
}

/// Arrows turn from tab to tab.
fn arrow(event: &yew::KeyboardEvent, shown: Tab) -> Option<Msg> {
    let at = Tab::ALL.iter().position(|tab| *tab == shown)?;
    let n = Tab::ALL.len();
    let to = match event.key().as_str() {
        "ArrowRight" => (at + 1) % n,
        "ArrowLeft" => (at + n - 1) % n,
        "Home" => 0,
        "End" => n - 1,
        _ => return None,
    };
    events::take(event);
    Some(Msg::Look(LookMsg::TabByKey(Tab::ALL[to])))
}
