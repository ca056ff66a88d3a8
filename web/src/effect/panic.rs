//! Our own mistakes: a panic ends the program, so the page says that plainly and keeps the draft.

use super::page;
use wasm_bindgen::JsValue;

/// From now on a panic is shown.
pub(super) fn install() {
    yew::set_custom_panic_hook(Box::new(|info| {
        web_sys::console::error_1(&JsValue::from_str(&info.to_string()));
        show();
    }));
}

/// Draws a notice without any help of the program, which has come to its end.
fn show() {
    let Some(document) = page::document() else { return };
    let Some(body) = document.body() else { return };
    let notice = |tag: &str, class: &str, text: &str| {
        let element = document.create_element(tag).ok()?;
        element.set_class_name(class);
        element.set_text_content(Some(text));
        Some(element)
    };
    let frame = notice("div", "notice notice--bad notice--crash", "");
    let title = notice("p", "notice__title", "The playground made a mistake and has stopped.");
    let text = notice(
        "p",
        "notice__text",
        "Your work up to a moment ago is kept. What went wrong is written in the browser's console.",
    );
    let again = notice("a", "button button--primary", "Open it again");
    let Some(frame) = frame else { return };
    let _ = frame.set_attribute("role", "alert");
    if let Some(again) = &again {
        // Without the fragment: the link itself may be what it stumbles over; the draft is kept.
        let _ = again.set_attribute("href", &page::address());
    }
    for part in [title, text, again].into_iter().flatten() {
        let _ = frame.append_child(&part);
    }
    let _ = body.append_child(&frame);
}
