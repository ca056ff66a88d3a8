//! `window.memcg`: the page for scripts and tests. Values cross by serde-wasm-bindgen.

use super::shell::Shell;
use super::texts;
use crate::model::Grain;
use crate::msg::{Msg, ScriptMsg};
use crate::script;
use js_sys::{Object, Reflect};
use serde::Serialize;
use std::rc::Rc;
use wasm_bindgen::{JsValue, closure::Closure};
use web_sys::Window;

/// Puts `memcg` on the window.
pub(super) fn install(window: &Window, shell: &Rc<Shell>) {
    let api = Object::new();
    set(&api, "version", &script::VERSION.into());
    let state = {
        let shell = shell.clone();
        Closure::<dyn Fn() -> JsValue>::new(move || state_of(&shell))
    };
    set(&api, "state", &state.into_js_value());
    let load = {
        let shell = shell.clone();
        Closure::<dyn Fn(String) -> JsValue>::new(move |text| {
            shell.tell(Msg::Script(ScriptMsg::Load(text)));
            state_of(&shell)
        })
    };
    set(&api, "load", &load.into_js_value());
    let step = {
        let shell = shell.clone();
        Closure::<dyn Fn(JsValue) -> JsValue>::new(move |what: JsValue| {
            match step_of(&what) {
                Ok(message) => shell.tell(Msg::Script(message)),
                Err(why) => wasm_bindgen::throw_str(&why),
            }
            state_of(&shell)
        })
    };
    set(&api, "step", &step.into_js_value());
    let _ = Reflect::set(window, &"memcg".into(), &api);
}

pub(super) fn set(api: &Object, name: &str, value: &JsValue) {
    let _ = Reflect::set(api, &name.into(), value);
}

fn state_of(shell: &Rc<Shell>) -> JsValue {
    plain(&shell.look(script::state))
}

/// As a plain object.
pub(super) fn plain(state: &script::State) -> JsValue {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
    state.serialize(&serializer).unwrap_or(JsValue::NULL)
}

/// `step()`, `step(3)`, `step(-1)` or `step({ thread, grain, lane })`.
pub(super) fn step_of(what: &JsValue) -> Result<ScriptMsg, String> {
    if what.is_undefined() || what.is_null() {
        return Ok(ScriptMsg::Step(1));
    }
    if let Some(n) = what.as_f64() {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "saturates, and no schedule is that long"
        )]
        return Ok(ScriptMsg::Step(n as i32));
    }
    let thread = texts::of(what, "thread")
        .ok_or("step takes a number or { thread, grain, lane }: there is no thread")?;
    let lane = Reflect::get(what, &"lane".into()).ok().and_then(|lane| lane.as_f64());
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates, and there are few lanes"
    )]
    let lane = lane.unwrap_or(0.0) as usize;
    let grain = match texts::of(what, "grain").as_deref() {
        None | Some("call") => Grain::Call,
        Some("statement") => Grain::Statement,
        Some("access") => Grain::Access,
        Some(other) => {
            return Err(format!("there is no grain \"{other}\": access, statement or call"));
        }
    };
    Ok(ScriptMsg::StepThread { thread, grain, lane })
}
