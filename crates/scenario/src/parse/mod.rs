//! Reads scenario text. Never fails: what is sound is used, the rest is said.
//!
//! The modules below read a section each, and [`crate::resolve`] looks at names. The grammar is in
//! `docs/scenarios.md`.

mod conditions;
mod hierarchy;
mod link_parts;
mod moves;
mod reader;
mod reclaimer;
mod threads;
mod watches;

use crate::{
    diagnostic::{Diagnostic, Place, Span},
    link::{ListingEdit, View},
    scenario::Scenario,
};
use alloc::{string::String, vec::Vec};
use memcg_core::replay::Proof;

pub(crate) use conditions::{read_condition, read_subject};
pub(crate) use hierarchy::{read_list, too_many};
pub(crate) use reader::{read, spans};
pub(crate) use reclaimer::{N_ZONES_MAX, NODE_MAX, PRIORITY_MAX};
pub(crate) use threads::check_thread_name;
pub(crate) use watches::read_watch;

pub use moves::{N_LANES_MAX, N_MOVES_MAX};

/// Longest text that is read, in bytes.
pub const TEXT_BYTES_MAX: usize = 16 * 1024 * 1024;

/// A scenario as read, with everything that is wrong with its text.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// All that is sound.
    pub scenario: Scenario,
    /// What is wrong, in the order of the text, at most [`crate::N_DIAGNOSTICS_MAX`].
    pub diagnostics: Vec<Diagnostic>,
    /// Further diagnostics, not kept.
    pub n_more: usize,
    /// Where the lanes stand, in their order.
    lane_places: Vec<Place>,
}

impl Parsed {
    /// As [`crate::check_names`], with places.
    pub fn check_names(&self, policies: &[&str], cores: &[&str]) -> Vec<Diagnostic> {
        let found = crate::check::check_lanes(&self.scenario, policies, cores);
        let place = |lane: usize| self.lane_places.get(lane).copied();
        found.into_iter().map(|(lane, d)| Diagnostic { at: place(lane), ..d }).collect()
    }
}

/// Reads a scenario.
pub fn parse(text: &str) -> Parsed {
    read(text, Whose::Scenario).0
}

/// What a text is.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Whose {
    /// A scenario.
    Scenario,
    /// The text inside a link, which goes on with the state of a page.
    Link,
}

/// What a link's text says beside the scenario.
#[derive(Debug, Default)]
pub(crate) struct PageState {
    /// Moves taken.
    pub(crate) cursor: usize,
    /// Name of the branch shown.
    pub(crate) branch: Option<String>,
    /// How the page looks: keys and values.
    pub(crate) view: View,
    /// Edited listings.
    pub(crate) edits: Vec<ListingEdit>,
    /// What the schedule came to.
    pub(crate) proof: Option<Proof>,
}

/// An indented line.
#[derive(Copy, Clone, Debug)]
struct Line<'t> {
    indent: &'t str,
    /// The line without indent and line end.
    span: Span,
}
