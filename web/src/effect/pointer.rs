//! Where a pointer is.

use web_sys::PointerEvent;

/// The number of the group whose row is under the pointer, whatever element hears of it.
pub fn group_under(event: &PointerEvent) -> Option<u32> {
    #[expect(clippy::cast_precision_loss, reason = "pixels of a window")]
    let (x, y) = (event.client_x() as f32, event.client_y() as f32);
    let element = super::page::document()?.element_from_point(x, y)?;
    let row = element.closest("[data-group]").ok()??;
    row.get_attribute("data-group")?.parse().ok()
}
