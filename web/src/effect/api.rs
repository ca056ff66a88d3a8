//! `window.memcg`: the page for scripts and tests. What it says crosses as JSON.

use super::shell::Shell;
use crate::model::Grain;
use crate::msg::{Msg, ScriptMsg};
use crate::script;
use js_sys::{Object, Reflect};
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
pub(super) fn plain(state: &str) -> JsValue {
    js_sys::JSON::parse(state).unwrap_or(JsValue::NULL)
}

/// What stands under a name in an object of somebody's; `None` if nothing does.
pub(super) fn get(object: &JsValue, name: &str) -> Option<JsValue> {
    let value = Reflect::get(object, &name.into()).ok()?;
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// The same, of a text.
pub(super) fn text(object: &JsValue, name: &str) -> Option<String> {
    get(object, name)?.as_string()
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
    let wrong = || "step takes a number or { thread, grain, lane }".to_owned();
    let thread = text(what, "thread").ok_or_else(wrong)?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "saturates, and there are a few lanes"
    )]
    let lane = match get(what, "lane") {
        Some(lane) => lane.as_f64().ok_or_else(wrong)? as usize,
        None => 0,
    };
    let grain = text(what, "grain");
    if grain.is_none() && get(what, "grain").is_some() {
        return Err(wrong());
    }
    let grain = match grain.as_deref() {
        None | Some("call") => Grain::Call,
        Some("statement") => Grain::Statement,
        Some("access") => Grain::Access,
        Some(other) => {
            return Err(format!("there is no grain \"{other}\": access, statement or call"));
        }
    };
    Ok(ScriptMsg::StepThread { thread, grain, lane })
}
