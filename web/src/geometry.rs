//! Where things stand on the page: plain values in, coordinates out.
//!
//! Nothing here draws, measures a window or knows a browser; the views read these numbers and
//! write them down. Sizes are in CSS pixels unless a name says otherwise.

pub mod gutter;
pub mod indent;
pub mod rows;
pub mod spectrum;
pub mod story;
pub mod thin;
pub mod timeline;
pub mod zoom;
