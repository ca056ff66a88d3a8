//! Runs as text that others show: SVG figures, ASCII race diagrams, a page of one file, Perfetto traces, verdicts.
//!
//! Plain values in, text out. Knows no browser, no file and no clock; nothing that it writes loads anything
//! or holds a script, but for the page's own. Whatever people have named is escaped.

#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod ascii;
mod canvas;
mod embedded;
mod film;
mod html;
mod paste;
mod perfetto;
mod rows;
mod story;
mod svg;
mod text;
mod theme;
mod thumb;
pub mod verdict;

pub use ascii::race;
pub use embedded::{Embedded, Missing, embedded, embedded_in, held_in, text_of_bitmap};
pub use film::{Film, Frame, Note};
pub use html::{Engine, page, steps};
pub use paste::{Pasted, is_race, paste, titles};
pub use perfetto::trace;
pub use svg::figure;
pub use theme::Theme;
pub use thumb::thumbnail;
