//! Starts the page, and draws it anew after every message.

use super::held::Held;
use super::shell::Shell;
use super::{api, listen, page, panic, storage};
use crate::msg::{Heard, Msg, Opened, Slot};
use crate::view::{self, On};
use yew::{Callback, Component, Context, Html, Properties};

/// Starts the page in the document that loaded it.
pub fn start() {
    let (Some(window), Some(document)) = (page::window(), page::document()) else { return };
    let Some(root) = document.get_element_by_id("app") else { return };
    panic::install();
    let shell = Shell::new();
    shell.tell(Msg::Heard(Heard::Opened(Box::new(opened()))));
    root.set_inner_html("");
    yew::Renderer::<App>::with_root_and_props(root, Props { shell: Held(shell.clone()) }).render();
    listen::start(&window, &shell);
    api::install(&window, &shell);
}

fn opened() -> Opened {
    let (width_px, height_px) = match page::size() {
        Heard::Resized { width_px, height_px } => (width_px, height_px),
        _ => (0, 0),
    };
    Opened {
        now_ms: page::now_ms(),
        address: page::address(),
        fragment: page::fragment(),
        draft: storage::load(Slot::Draft),
        draft_before: storage::load(Slot::DraftBefore),
        branches: storage::load(Slot::Branches),
        text: storage::load(Slot::Text),
        listings: storage::load(Slot::Listings),
        check: storage::load(Slot::Check),
        theme: storage::load(Slot::Theme),
        reduced_motion: page::prefers("(prefers-reduced-motion: reduce)"),
        width_px,
        height_px,
        coarse: page::prefers("(pointer: coarse)"),
    }
}

#[derive(Clone, PartialEq, Debug, Properties)]
struct Props {
    shell: Held<Shell>,
}

/// The root of what is drawn.
#[derive(Debug)]
struct App {
    on: On,
}

impl Component for App {
    type Message = ();
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let shell = ctx.props().shell.0.clone();
        shell.draws_by(ctx.link().callback(|()| ()));
        // Made once, so that what has not changed is not drawn again.
        Self { on: On::new(Callback::from(move |message| shell.tell(message))) }
    }

    fn update(&mut self, _ctx: &Context<Self>, _message: ()) -> bool {
        true
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if first {
            ctx.props().shell.0.measure();
        }
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        ctx.props().shell.0.view(|model| view::page(model, &self.on))
    }
}
