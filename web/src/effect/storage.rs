//! What is kept on this machine between visits: a few named texts in the browser's local storage.

use crate::msg::Slot;
use web_sys::Storage;

/// The key of a slot. Names are for ever: an older page's drafts are still to be found.
const fn key(slot: Slot) -> &'static str {
    match slot {
        Slot::Draft => "memcg-playground.draft",
        Slot::DraftBefore => "memcg-playground.draft-before",
        Slot::Branches => "memcg-playground.branches",
        Slot::Text => "memcg-playground.text",
        Slot::Listings => "memcg-playground.listings",
        Slot::Check => "memcg-playground.check",
        Slot::Theme => "memcg-playground.theme",
    }
}

/// The browser's storage; `None` where it is switched off.
fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// The text kept.
pub(super) fn load(slot: Slot) -> Option<String> {
    storage()?.get_item(key(slot)).ok()?
}

/// Keeps a text, or forgets it; says why when that cannot be done.
pub(super) fn store(slot: Slot, text: Option<&str>) -> Result<(), String> {
    let Some(storage) = storage() else {
        return Err(
            "This browser lets the page keep nothing, so the work here ends with the tab.".into()
        );
    };
    let done = match text {
        Some(text) => storage.set_item(key(slot), text),
        None => storage.remove_item(key(slot)),
    };
    done.map_err(|_| {
        let n_kilobytes = text.map_or(0, str::len).div_ceil(1000);
        format!("The browser's storage is full, so this draft of {n_kilobytes} kB is not kept.")
    })
}
