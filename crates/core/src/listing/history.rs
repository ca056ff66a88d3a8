//! What a policy's header says of its place in the family: when, after whom, and why.
//!
//! Reads keys only; whether the predecessor exists is for the registry's tests.

use super::Header;
use alloc::vec::Vec;

/// A policy's place in the history of the iterator.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct History<'h> {
    /// First year.
    pub from: u32,
    /// Last year; `None` if it is in use today.
    pub until: Option<u32>,
    /// Whether some kernel was released with it; proposals were not.
    pub released: bool,
    /// The policy that it followed; `None` for the first of the family.
    pub replaces: Option<&'h str>,
    /// Which bug or cost of the predecessor led to it; empty for the first of the family.
    pub because: &'h str,
    /// What to try with it.
    pub try_this: &'h str,
    /// Choices made where the facts at hand settle nothing, each with its reason.
    pub choices: Vec<&'h str>,
}

impl Header {
    /// The policy's place in the history; `None` if `years` is not `FIRST`, `FIRST to LAST` or
    /// `FIRST to today`.
    pub fn history(&self) -> Option<History<'_>> {
        let years = self.get("years");
        let (from, until) = years.split_once(" to ").unwrap_or((years, years));
        let until = if until == "today" { None } else { Some(until.parse().ok()?) };
        Some(History {
            from: from.parse().ok()?,
            until,
            released: !self.get("releases").starts_with("none"),
            replaces: Some(self.get("replaces")).filter(|name| !name.is_empty()),
            because: self.get("because"),
            try_this: self.get("try"),
            choices: self.all("choice").collect(),
        })
    }

    /// The values of a key that may stand several times, in order.
    pub fn all(&self, key: &str) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(move |(k, _)| k == key).map(|(_, v)| v.as_str())
    }
}
