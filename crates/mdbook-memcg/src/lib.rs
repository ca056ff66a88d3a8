//! Fenced `memcg` blocks of an mdBook as figures.
//!
//! `book` walks the book, `block` finds and reads the blocks, `figure` plays a scenario, `markup` writes what a renderer
//! can show. Nothing here knows mdBook's types: the protocol is two JSON values, of which only texts are replaced, so
//! that every version of mdBook that speaks it will do.

mod block;
mod book;
mod figure;
mod markup;

pub use book::{Done, preprocess};
