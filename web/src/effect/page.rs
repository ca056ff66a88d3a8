//! The window the page is in: its address, its size, its wishes about motion, its focus.

use crate::msg::{Heard, Theme};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{
    Document, Element, HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlTextAreaElement,
    ScrollToOptions, Window,
};

pub(super) fn window() -> Option<Window> {
    web_sys::window()
}

pub(super) fn document() -> Option<Document> {
    window()?.document()
}

fn root() -> Option<Element> {
    document()?.document_element()
}

/// Does something when the next frame is drawn; it is told the time, in milliseconds.
pub(super) fn at_frame(act: impl FnOnce(f64) + 'static) {
    let act = Closure::once_into_js(act);
    if let Some(window) = window() {
        let _ = window.request_animation_frame(act.unchecked_ref());
    }
}

/// Does something after a while.
pub(super) fn later(after_ms: u32, act: impl FnOnce() + 'static) {
    let act = Closure::once_into_js(act);
    if let Some(window) = window() {
        let after_ms = i32::try_from(after_ms).unwrap_or(i32::MAX);
        let _ = window
            .set_timeout_with_callback_and_timeout_and_arguments_0(act.unchecked_ref(), after_ms);
    }
}

/// Milliseconds since the page was opened.
pub(super) fn now_ms() -> f64 {
    window().and_then(|w| w.performance()).map_or(0.0, |p| p.now())
}

/// What stands after `#` in the address.
pub(super) fn fragment() -> String {
    let hash = window().and_then(|w| w.location().hash().ok()).unwrap_or_default();
    hash.strip_prefix('#').unwrap_or(&hash).to_owned()
}

/// The address without its fragment.
pub(super) fn address() -> String {
    let href = window().and_then(|w| w.location().href().ok()).unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}

/// Writes the fragment without a new entry in the history and without being heard.
pub(super) fn set_fragment(fragment: &str) {
    let history = window().and_then(|w| w.history().ok());
    if let Some(history) = history {
        let address = if fragment.is_empty() { address() } else { format!("#{fragment}") };
        let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&address));
    }
}

/// How large the window is.
pub(super) fn size() -> Heard {
    let px = |side: Result<wasm_bindgen::JsValue, _>| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a window's side in pixels"
        )]
        let px = side.ok().and_then(|v| v.as_f64()).unwrap_or(0.0) as u32;
        px
    };
    let window = window();
    Heard::Resized {
        width_px: window.as_ref().map_or(0, |w| px(w.inner_width())),
        height_px: window.as_ref().map_or(0, |w| px(w.inner_height())),
    }
}

/// How far the lanes are scrolled, and how high their part of the page is, if they are shown.
pub(super) fn lanes() -> Option<(u32, u32)> {
    let element = document()?.query_selector(".stage__lanes").ok()??;
    let px = |n: i32| u32::try_from(n).unwrap_or(0);
    Some((px(element.scroll_top()), px(element.client_height())))
}

/// Whether the media query holds.
pub(super) fn prefers(query: &str) -> bool {
    window().and_then(|w| w.match_media(query).ok().flatten()).is_some_and(|m| m.matches())
}

/// Sets or lifts the theme.
pub(super) fn set_theme(theme: Theme) {
    let Some(root) = root() else { return };
    let _ = match theme.attribute() {
        Some(value) => root.set_attribute("data-theme", value),
        None => root.remove_attribute("data-theme"),
    };
}

/// Sets the tab's title.
pub(super) fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Moves the keyboard to an element, and selects the text if it is a field.
pub(super) fn focus(id: &str, select: bool) {
    let Some(element) = document().and_then(|d| d.get_element_by_id(id)) else { return };
    if let Some(html) = element.dyn_ref::<HtmlElement>() {
        let _ = html.focus();
    }
    if !select {
        return;
    }
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        input.select();
    } else if let Some(area) = element.dyn_ref::<HtmlTextAreaElement>() {
        area.select();
    }
}

/// The text in a field of several lines; empty if there is none.
pub(super) fn field(id: &str) -> String {
    let element = document().and_then(|d| d.get_element_by_id(id));
    element
        .and_then(|e| e.dyn_into().ok())
        .map_or_else(String::new, |area: HtmlTextAreaElement| area.value())
}

/// Shows the dialog over the page, if it is not shown yet; gives the element that had the keyboard then.
pub(super) fn show_dialog() -> Option<HtmlElement> {
    let dialog = document()?.get_element_by_id("dialog")?.dyn_into::<HtmlDialogElement>().ok()?;
    if dialog.open() {
        return None;
    }
    let before = document()?.active_element().and_then(|e| e.dyn_into().ok());
    let _ = dialog.show_modal();
    before
}

/// The keyboard goes back to where it was, if that is still there, or else to nowhere in particular.
pub(super) fn focus_back(before: Option<HtmlElement>) {
    if let Some(element) = before.filter(|element| element.is_connected()) {
        let _ = element.focus();
    }
}

/// Scrolls an element (found by a selector) down or up.
pub(super) fn scroll_to(selector: &str, top_px: u32) {
    let Some(element) = document().and_then(|d| d.query_selector(selector).ok().flatten()) else {
        return;
    };
    let options = ScrollToOptions::new();
    options.set_top(f64::from(top_px));
    element.scroll_to_with_scroll_to_options(&options);
}

/// Brings an element into view as far as needed.
pub(super) fn reveal(id: &str) {
    if let Some(element) = document().and_then(|d| d.get_element_by_id(id)) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
        element.scroll_into_view_with_scroll_into_view_options(&options);
    }
}
