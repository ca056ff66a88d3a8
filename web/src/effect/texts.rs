//! Lists of texts as browsers hold them.

use js_sys::Array;
use wasm_bindgen::JsValue;

/// The list.
pub(super) fn list(texts: &[String]) -> Array {
    texts.iter().map(|text| JsValue::from_str(text)).collect()
}

/// Reads it back; `None` if it is something else.
pub(super) fn read(list: &JsValue) -> Option<Vec<String>> {
    Array::is_array(list)
        .then(|| Array::from(list).iter().map(|text| text.as_string()).collect())?
}

/// A text of an object; `None` if there is none.
pub(super) fn of(object: &JsValue, name: &str) -> Option<String> {
    js_sys::Reflect::get(object, &name.into()).ok()?.as_string()
}
