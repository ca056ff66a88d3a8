//! Our own mistakes: a panic ends the program. Published programs have no words for it and only stop; `boot.js` says so on the
//! page, and `figure-mount.js` to whoever shows figures. While developing, the console has the words.

use wasm_bindgen::JsValue;

/// From now on a panic is told where there are words for it.
pub(super) fn install() {
    if cfg!(debug_assertions) {
        yew::set_custom_panic_hook(Box::new(|info| {
            web_sys::console::error_1(&JsValue::from_str(&info.to_string()));
        }));
    }
}
