//! The gallery: scenarios that come with the playground, one file each in `gallery/`.
//!
//! Nothing names a scenario but its file. A file is called `NN-name.scenario`: the number is its
//! place in the gallery, the name goes into links and stays.

/// A scenario that comes with the playground.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct GalleryItem {
    /// Its permanent name.
    pub name: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// Apart from the others, so that a program which needs only this one does not carry them.
static OPENING: GalleryItem = include!(concat!(env!("OUT_DIR"), "/opening.rs"));

static GALLERY: &[GalleryItem] = include!(concat!(env!("OUT_DIR"), "/gallery.rs"));

/// The first of them, on which the page opens.
pub fn opening() -> &'static GalleryItem {
    &OPENING
}

/// All of them, in their order.
pub fn gallery() -> &'static [GalleryItem] {
    GALLERY
}

/// The one with this name.
pub fn gallery_item(name: &str) -> Option<&'static GalleryItem> {
    GALLERY.iter().find(|item| item.name == name)
}
