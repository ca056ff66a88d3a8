//! Sheets: pages of text and figures that the worker writes and the page only shows.
//!
//! What is read now and then is not part of what the page loads to start. A sheet is HTML as text. What can be done
//! on it stands in `data-do` attributes, see [`Deed`]. Whatever people have named is escaped.

mod check;
mod compare;
mod deed;
mod gallery;
mod keys;
mod picture;
mod policies;
mod share;
mod trace;
mod write;

pub use check::{form as check_form, passing, rows as check_rows};
pub use compare::compare;
pub use deed::Deed;
pub use gallery::{gallery, gallery_text};
pub use keys::keys;
pub use picture::picture;
pub use policies::{Asked, policies};
pub use share::share;
pub use trace::{Desk, Place};
