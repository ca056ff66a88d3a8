//! What a page holds of a figure: plain functions, as in `docs/page-api.md`, and its end.

use super::Figure;
use super::api;
use super::shell::Shell;
use crate::keys::Command;
use crate::model::playback::Playback;
use crate::msg::{Msg, ScriptMsg, Theme};
use crate::script;
use js_sys::Object;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::convert::FromWasmAbi;
use wasm_bindgen::{JsValue, closure::Closure};
use yew::AppHandle;

pub(super) fn handle(shell: &Rc<Shell>, app: AppHandle<Figure>) -> JsValue {
    let object = Object::new();
    let put = |name: &str, does: JsValue| api::set(&object, name, &does);
    put("version", script::VERSION.into());
    put("state", does(shell, |_, (): ()| ()));
    put(
        "load",
        does(shell, |shell, text: String| {
            shell.tell(Msg::Script(ScriptMsg::Load(text)));
        }),
    );
    put(
        "step",
        does(shell, |shell, what: JsValue| match api::step_of(&what) {
            Ok(message) => shell.tell(Msg::Script(message)),
            Err(why) => wasm_bindgen::throw_str(&why),
        }),
    );
    put(
        "goto",
        does(shell, |shell, step: u32| {
            // It may be on its way still.
            shell.tell(Msg::Script(ScriptMsg::Step(0)));
            let by = i64::from(step) - i64::try_from(cursor(shell)).unwrap_or(0);
            let by = i32::try_from(by).unwrap_or(i32::MAX);
            shell.tell(Msg::Script(ScriptMsg::Step(by)));
        }),
    );
    put(
        "play",
        does(shell, |shell, on: bool| {
            if shell.look(|model| model.playback().is_some_and(Playback::is_playing)) != on {
                shell.tell(Msg::Command(Command::TogglePlay));
            }
        }),
    );
    put("theme", does(shell, |shell, name: String| shell.shade(Theme::named(&name))));
    let measured = shell.clone();
    let height = Closure::<dyn Fn() -> u32>::new(move || measured.natural_height_px());
    put("height", height.into_js_value());
    let (ended, app) = (shell.clone(), Cell::new(Some(app)));
    let end = Closure::<dyn Fn()>::new(move || {
        ended.end();
        if let Some(app) = app.take() {
            app.destroy();
        }
    });
    put("end", end.into_js_value());
    object.into()
}

fn cursor(shell: &Shell) -> usize {
    shell.look(crate::model::Model::cursor)
}

/// A function that does something to the figure and gives its state back.
fn does<T: FromWasmAbi + 'static>(shell: &Rc<Shell>, act: fn(&Rc<Shell>, T)) -> JsValue {
    let shell = shell.clone();
    let does = move |what: T| {
        act(&shell, what);
        api::plain(&shell.look(script::state))
    };
    Closure::<dyn Fn(T) -> JsValue>::new(does).into_js_value()
}
