//! The clipboard. Where the browser keeps it from us, the person copies from a selected field.

use super::listen::Tell;
use crate::msg::{CopyOf, Heard, Msg};
use js_sys::{Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// Puts a text on the clipboard and tells whether that worked.
pub(super) fn copy(text: &str, what: CopyOf, tell: Tell) {
    let Some(written) = write(text) else {
        tell(Msg::Heard(Heard::Copied(what, false)));
        return;
    };
    let refused = tell.clone();
    let done = Closure::once(move |_: JsValue| tell(Msg::Heard(Heard::Copied(what, true))));
    let failed = Closure::once(move |_: JsValue| refused(Msg::Heard(Heard::Copied(what, false))));
    let _ = written.then2(&done, &failed);
    // One of the two is called, once, and the page is told; both are small.
    done.forget();
    failed.forget();
}

/// `navigator.clipboard.writeText`, which is missing on pages that are not served securely.
fn write(text: &str) -> Option<Promise> {
    let navigator = web_sys::window()?.navigator();
    let clipboard =
        Reflect::get(&navigator, &"clipboard".into()).ok().filter(|c| !c.is_undefined())?;
    let write =
        Reflect::get(&clipboard, &"writeText".into()).ok()?.dyn_into::<js_sys::Function>().ok()?;
    write.call1(&clipboard, &text.into()).ok()?.dyn_into().ok()
}
