//! What a view needs to know of a browser's event: a number, a text, a key.

use crate::geometry::indent::{Key, write};
use wasm_bindgen::JsCast;
use web_sys::{
    Element, Event, HtmlDocument, HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement,
    KeyboardEvent, MouseEvent, PointerEvent,
};
use yew::NodeRef;

/// The text of the field or the choice that changed.
pub fn value(event: &impl AsRef<Event>) -> String {
    let Some(target) = event.as_ref().target() else { return String::new() };
    if let Some(input) = target.dyn_ref::<HtmlInputElement>() {
        input.value()
    } else if let Some(select) = target.dyn_ref::<HtmlSelectElement>() {
        select.value()
    } else if let Some(area) = target.dyn_ref::<HtmlTextAreaElement>() {
        area.value()
    } else {
        String::new()
    }
}

/// The element marked `data-ground` around the one that was hit, or that one itself.
///
/// All listening is done at the page's root, so the event does not know which element listens.
fn ground(event: &Event) -> Option<Element> {
    let hit = event.target()?.dyn_into::<Element>().ok()?;
    hit.closest("[data-ground]").ok().flatten().or(Some(hit))
}

/// Where the pointer is on the `data-ground` around it: 0 at its left edge, 1 at its right.
pub fn across(event: &impl AsRef<MouseEvent>) -> f64 {
    let event = event.as_ref();
    let Some(element) = ground(event) else { return 0.0 };
    let bounds = element.get_bounding_client_rect();
    if bounds.width() <= 0.0 {
        return 0.0;
    }
    ((f64::from(event.client_x()) - bounds.left()) / bounds.width()).clamp(0.0, 1.0)
}

/// Whether the pointer's main button is down.
pub fn is_pressed(event: &impl AsRef<MouseEvent>) -> bool {
    event.as_ref().buttons() & 1 == 1
}

/// The key that went down, without Control, Alt or Meta; with them the key is not for a view.
pub fn plain_key(event: &KeyboardEvent) -> Option<String> {
    let held = event.ctrl_key() || event.alt_key() || event.meta_key();
    (!held).then(|| event.key())
}

/// The event goes no further: what lies around the element is not meant.
pub fn keep_here(event: &impl AsRef<Event>) {
    event.as_ref().stop_propagation();
}

/// How far the element that listens is scrolled, and its height.
pub fn scrolled_px(event: &Event) -> (u32, u32) {
    let Some(element) = event.target().and_then(|t| t.dyn_into::<Element>().ok()) else {
        return (0, 0);
    };
    let px = |n: i32| u32::try_from(n).unwrap_or(0);
    (px(element.scroll_top()), px(element.client_height()))
}

/// The `data-ground` around the pointer goes on hearing it, wherever it is dragged.
pub fn keep_pointer(event: &PointerEvent) {
    if let Some(element) = ground(event) {
        // Without capture the drag ends at the element's edge, which is good enough.
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}

/// What the element that was hit, or one around it, says is to be done: its `data-do`.
pub fn deed(event: &impl AsRef<Event>) -> Option<String> {
    let hit = event.as_ref().target()?.dyn_into::<Element>().ok()?;
    hit.closest("[data-do]").ok()??.get_attribute("data-do")
}

/// What the field that changed sets: its `data-set`, and what is in it now, as `name=value`.
pub fn set(event: &Event) -> Option<String> {
    let field = event.target()?.dyn_into::<Element>().ok()?;
    let name = field.get_attribute("data-set")?;
    let value = match field.dyn_ref::<HtmlInputElement>() {
        Some(input) => u8::from(input.checked()).to_string(),
        None => value(event),
    };
    Some(format!("{name}={value}"))
}

/// Whether the box that changed is checked.
pub fn checked(event: &Event) -> bool {
    let input = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
    input.is_some_and(|input| input.checked())
}

/// The event is dealt with: neither the browser nor the page's keys make anything of it.
pub fn take(event: &Event) {
    event.prevent_default();
    event.stop_propagation();
}

/// Selects a part of a field's text, in UTF-16 units, and goes there.
pub fn select(id: &str, from: usize, to: usize) {
    let element = web_sys::window().and_then(|w| w.document()?.get_element_by_id(id));
    let Some(area) = element.and_then(|e| e.dyn_into::<HtmlTextAreaElement>().ok()) else { return };
    let unit = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let _ = area.set_selection_range(unit(from), unit(to));
    let _ = area.focus();
}

/// A key in a field that holds code: Tab indents, Enter keeps the indent. `true` for the key that leaves the field.
pub fn write_key(event: &KeyboardEvent) -> bool {
    let Some(key) = plain_key(event).filter(|_| !event.is_composing()) else { return false };
    if key == "Escape" {
        take(event);
        return true;
    }
    let target = event.target().and_then(|t| t.dyn_into::<HtmlTextAreaElement>().ok());
    let Some(area) = target else { return false };
    let at = |end: Result<Option<u32>, _>| end.ok().flatten().unwrap_or(0) as usize;
    let (from, to) = (at(area.selection_start()), at(area.selection_end()));
    let key = match key.as_str() {
        "Tab" if event.shift_key() => Key::Outdent,
        "Tab" => Key::Indent,
        "Enter" => Key::Break,
        _ => return false,
    };
    take(event);
    let Some(write) = write(&area.value(), from..to, key) else { return false };
    select(&area.id(), write.at.start, write.at.end);
    // The one way of writing into a field that its undo knows.
    let document = web_sys::window().and_then(|w| w.document()?.dyn_into::<HtmlDocument>().ok());
    if let Some(document) = document {
        let _ = document.exec_command_with_show_ui_and_value("insertText", false, &write.text);
    }
    if let Some(selected) = write.selected {
        select(&area.id(), selected.start, selected.end);
    }
    false
}

/// Scrolls an element, and nothing around it, until the part of it that the selector finds is well in view.
pub fn keep_in_view(scrolled: &NodeRef, selector: &str) {
    let Some(element) = scrolled.cast::<Element>() else { return };
    let Ok(Some(part)) = element.query_selector(selector) else { return };
    let (around, part) = (element.get_bounding_client_rect(), part.get_bounding_client_rect());
    let (from_top, height) = (part.top() - around.top(), around.height());
    if from_top < 0.15 * height || from_top > 0.8 * height {
        #[expect(clippy::cast_possible_truncation, reason = "pixels on a page")]
        let by = (from_top - 0.35 * height) as i32;
        element.set_scroll_top(element.scroll_top() + by);
    }
}
