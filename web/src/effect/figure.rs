//! Figures in somebody's page: any number of them, each in an element of its own, out of one program.
//!
//! A figure looks no further than its element, which may be in a shadow root. It has no history, storage or title,
//! takes no focus that it is not given, and hears only those keys that go down inside.

mod handle;
mod shell;

use super::held::Held;
use super::{api, listen, page, panic, texts};
use crate::model::Freedom;
use crate::msg::{Heard, Msg, Opened, Theme};
use crate::update;
use crate::view::{self, On};
use js_sys::{Function, Reflect, Symbol};
use shell::Shell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, Event};
use yew::{Callback, Component, Context, Html, Properties};

/// Where the script that starts this program finds what mounts figures.
const OFFERED: &str = "memcg-figure";

/// What a page asks a figure to be.
#[derive(Clone, Debug)]
struct Wanted {
    /// A link's fragment.
    fragment: String,
    /// The playground's address, for the way there.
    address: String,
    /// What readers may do; without it the link says.
    mode: Option<String>,
    /// Light, dark or auto; without it the link says.
    theme: Option<String>,
}

impl Wanted {
    fn read(wanted: &JsValue) -> Self {
        let text = |name| texts::of(wanted, name);
        Self {
            fragment: text("fragment").unwrap_or_default(),
            address: text("address").unwrap_or_default(),
            mode: text("mode"),
            theme: text("theme"),
        }
    }
}

/// Offers `mount(element, wanted, changed)` to the script that has started this program, under a symbol of the global
/// object, where nobody else's names are. `changed` is called whenever a figure has been drawn anew.
pub fn offer() {
    panic::install();
    let mount = Closure::<dyn Fn(Element, JsValue, Function) -> JsValue>::new(
        |element: Element, wanted, changed| mount(&element, &wanted, changed),
    );
    let name = Symbol::for_(OFFERED).into();
    let _ = Reflect::set(&js_sys::global(), &name, &mount.into_js_value());
}

fn mount(element: &Element, wanted: &JsValue, changed: Function) -> JsValue {
    let wanted = Wanted::read(wanted);
    let freedom = wanted.mode.as_deref().and_then(Freedom::named);
    let shell = Shell::new(element.clone(), freedom, changed);
    if let Some(theme) = &wanted.theme {
        shell.shade(Theme::named(theme));
    }
    shell.tell(Msg::Heard(Heard::Opened(Box::new(opened(element, wanted)))));
    element.set_inner_html("");
    let props = Props { shell: Held(shell.clone()) };
    let app = yew::Renderer::<Figure>::with_root_and_props(element.clone(), props).render();
    hear(element, &shell);
    handle::handle(&shell, app)
}

fn opened(element: &Element, wanted: Wanted) -> Opened {
    let (width_px, height_px) = shell::size(element);
    Opened {
        address: wanted.address,
        fragment: wanted.fragment,
        reduced_motion: page::prefers("(prefers-reduced-motion: reduce)"),
        width_px,
        height_px,
        coarse: page::prefers("(pointer: coarse)"),
        ..Opened::default()
    }
}

/// Keys inside, and the element's size.
fn hear(element: &Element, shell: &Rc<Shell>) {
    let keys = shell.clone();
    // Kept by the element, and let go with it.
    let keys = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        let heard = |command| keys.look(|model| update::figure_hears(model, command));
        if let Some(command) = listen::command(&event, heard) {
            // What a figure has heard is nothing to the page around it, which has the other keys.
            event.stop_propagation();
            keys.tell(Msg::Command(command));
        }
    });
    let _ =
        element.add_event_listener_with_callback("keydown", keys.into_js_value().unchecked_ref());
    let sized = shell.clone();
    let sized = Closure::<dyn FnMut()>::new(move || sized.sized());
    if let Ok(observer) = web_sys::ResizeObserver::new(sized.into_js_value().unchecked_ref()) {
        observer.observe(element);
        shell.watched_by(observer);
    }
}

#[derive(Clone, PartialEq, Debug, Properties)]
struct Props {
    shell: Held<Shell>,
}

/// The root of what is drawn.
#[derive(Debug)]
struct Figure {
    on: On,
}

impl Component for Figure {
    type Message = ();
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let shell = ctx.props().shell.0.clone();
        shell.draws_by(ctx.link().callback(|()| ()));
        Self { on: On::new(Callback::from(move |message| shell.tell(message))) }
    }

    fn update(&mut self, _ctx: &Context<Self>, _message: ()) -> bool {
        true
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        ctx.props().shell.0.drawn(first);
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        ctx.props().shell.0.view(|model| view::figure(model, &self.on))
    }
}
