//! The frame of the page: header, lanes with the sentence below, panel, dock, and what lies over them.

use super::{On, check, header, import, main_part, panel, share, sheet, trace, trouble};
use crate::model::{DialogKind, Model};
use crate::msg::{LookMsg, Msg};
use crate::view::icons::{Icon, icon};
use yew::{Html, classes, html};

/// The whole page.
pub fn page(model: &Model, on: &On) -> Html {
    let class = classes!("page", (!model.look.side).then_some("page--side-closed"));
    html! {
        <div {class}>
            <a class="skip" href="#stage" onclick={on.send.reform(|event: yew::MouseEvent| {
                // The fragment is the link; it is not to be lost for a jump within the page.
                event.prevent_default();
                Msg::Look(LookMsg::Skipped)
            })}>{ "Skip to the lanes" }</a>
            { header::header(model, on) }
            <main class={main_part::stage_class(model)} id="stage" tabindex="-1" aria-label="Lanes">
                { main_part::stage(model, on) }
            </main>
            if model.look.side {
                { panel::panel(model, on) }
            }
            { main_part::dock(model, on, Html::default()) }
            if let Some(kind) = model.dialog {
                { dialog(model, on, kind) }
            }
        </div>
    }
}

fn dialog(model: &Model, on: &On, kind: DialogKind) -> Html {
    let (title, wide, body) = match kind {
        DialogKind::Share => ("Share", false, share::share(model, on)),
        DialogKind::Keys => ("Keys", true, sheet::sheet(model, on)),
        DialogKind::Gallery => ("Gallery", true, sheet::sheet(model, on)),
        DialogKind::Import => ("Import cgroups", true, import::import(model, on)),
        DialogKind::Policies => ("Policies", true, sheet::sheet(model, on)),
        DialogKind::Trace => ("Trace", true, trace::trace(model, on)),
        DialogKind::Check => ("Check", true, check::check(model, on)),
        DialogKind::Compare => ("Comparison", true, sheet::sheet(model, on)),
    };
    let close = on.say(Msg::Look(LookMsg::DialogClosed));
    html! {
        <dialog key={title} id="dialog" class={classes!("dialog", wide.then_some("dialog--wide"))} aria-labelledby="dialog-title"
            oncancel={on.say::<yew::Event>(Msg::Look(LookMsg::DialogClosed))}>
            <header class="dialog__head">
                <h2 class="dialog__title" id="dialog-title">{ title }</h2>
                <button type="button" class="button button--icon button--quiet" aria-label="Close" title="Close (Esc)"
                    onclick={close}>{ icon(Icon::Close) }</button>
            </header>
            { body }
        </dialog>
    }
}

/// Notices above the lanes.
pub(super) fn notices(model: &Model, on: &On) -> Html {
    html! {
        if !model.troubles.is_empty() {
            <div class="notices">{ for model.troubles.iter().map(|t| trouble::notice(t, on)) }</div>
        }
    }
}
