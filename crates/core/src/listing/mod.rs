//! The listing language: what policies and cgroup cores are written in.
//!
//! A listing is read ([`parse`]), printed back to the same text ([`print()`]) and lowered to
//! micro-steps ([`crate::program`]). The language is documented in `docs/listings.md`.

pub mod ast;
mod diagnostic;
mod history;
mod lex;
mod nearest;
mod parse;
mod parse_expr;
mod parse_stmt;
mod print;

pub use ast::{Header, Kind, Listing};
pub use diagnostic::{Diagnostic, Span};
pub use history::History;
pub use nearest::nearest;
pub use parse::{Parsed, parse};
pub use print::print;

use alloc::{string::ToString, vec::Vec};

/// Reads only the header of a listing: the `key: value` lines before the first blank line.
pub fn header(text: &str) -> Header {
    let mut entries = Vec::new();
    for line in text.lines() {
        let Some((key, value)) = line.split_once(':') else { break };
        entries.push((key.trim().to_string(), value.trim().to_string()));
    }
    Header { entries }
}
