//! A figure in somebody's page: lanes and time, and beside them the listing, if the reader wants it.

use super::{On, main_part, scenario};
use crate::model::{Model, Tab};
use crate::msg::{LookMsg, Msg};
use memcg_scenario::link;
use yew::{Html, classes, html};

/// The whole figure. No landmark of a page, for it is a part of one.
pub fn figure(model: &Model, on: &On) -> Html {
    let side = model.look.side;
    html! {
        <div class={classes!("page", "page--embed", side.then_some("page--beside"))}>
            <div class={main_part::stage_class(model)} id="stage" tabindex="-1" role="group" aria-label="Lanes">
                { main_part::stage(model, on) }
            </div>
            if side {
                <div class="side" id="side" role="group" aria-label={model.look.tab.words()}>
                    <div class="tabs__panel">
                        { match model.look.tab {
                            Tab::Text if model.may_edit() => scenario::scenario(model, on),
                            _ => main_part::listing(model, on),
                        } }
                    </div>
                </div>
            }
            { main_part::dock(model, on, foot(model, on)) }
        </div>
    }
}

/// What else there is to see, and the way to the playground.
fn foot(model: &Model, on: &On) -> Html {
    html! {
        <div class="dock__foot">
            { beside(model, on, Tab::Listing) }
            if model.may_edit() {
                { beside(model, on, Tab::Text) }
            }
            { way_in(model) }
        </div>
    }
}

/// A button that opens what stands beside the lanes, or closes it.
fn beside(model: &Model, on: &On, tab: Tab) -> Html {
    let open = model.look.side && model.look.tab == tab;
    let message = if open { LookMsg::Side(false) } else { LookMsg::Tab(tab) };
    html! {
        <button type="button" class="button button--small button--quiet" aria-expanded={open.to_string()} aria-controls="side"
            onclick={on.say(Msg::Look(message))}>{ tab.words() }</button>
    }
}

/// Browsers grow slow with longer links, or cut them.
const LINK_BYTES_MAX: usize = 30_000;
/// The link of a larger tree would be longer, and is not made at every step to see that.
const N_GROUPS_LINKED_MAX: usize = 1_000;

/// From a figure to the playground, in a window of its own. The plain form of a link needs no deflate here.
fn way_in(model: &Model) -> Html {
    if model.document.scenario().hierarchy.n_groups() > N_GROUPS_LINKED_MAX {
        return Html::default();
    }
    let shared = link::Shared {
        scenario: (*model.scenario()).clone(),
        cursor: model.cursor(),
        edits: model.document.edits().to_vec(),
        ..link::Shared::default()
    };
    let fragment = link::encode_plain(&shared).ok();
    let Some(fragment) = fragment.filter(|f| f.len() <= LINK_BYTES_MAX) else {
        return Html::default();
    };
    let href = format!("{}#{fragment}", model.around.address);
    html! { <a class="dock__way-in" {href} target="_blank" rel="noopener">{ "Open in the playground" }</a> }
}
