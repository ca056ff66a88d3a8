//! Programs of lanes, some of them made from listings that somebody has edited.

use memcg_core::program::Program;
use memcg_core::registry;
use memcg_core::schedule::LaneSpec;
use memcg_scenario::link::ListingEdit;

/// The edited text that lanes of this name run, if it is the name of an edited listing.
///
/// # Errors
/// The listing has changed since, in words.
pub fn edited_text(name: &str, edits: &[ListingEdit]) -> Option<Result<String, String>> {
    let edit = edits.iter().find(|edit| edit.name == name)?;
    let Some(base) = registry::policy(&edit.base) else {
        return Some(Err(format!("the listing \"{}\", which was edited, is not here", edit.base)));
    };
    Some(edit.apply(base.text).map_err(|misfit| misfit.to_string()))
}

/// The shipped listing that a policy's name stands for: the one that was edited, or the name itself.
pub fn base_of<'n>(name: &'n str, edits: &'n [ListingEdit]) -> &'n str {
    edits.iter().find(|edit| edit.name == name).map_or(name, |edit| &edit.base)
}

/// The text that lanes of this name run, edited or shipped; `None` if there is no such listing.
///
/// # Errors
/// As [`edited_text`].
pub fn text_of(name: &str, edits: &[ListingEdit]) -> Option<Result<String, String>> {
    let shipped = || registry::policy(name).map(|entry| Ok(entry.text.to_owned()));
    edited_text(name, edits).or_else(shipped)
}

/// The program of a lane.
///
/// # Errors
/// Why it cannot run, in words.
pub fn program(lane: &LaneSpec, edits: &[ListingEdit]) -> Result<Program, String> {
    match edited_text(&lane.policy, edits) {
        Some(text) => registry::compile_text(&text?, lane.core.as_deref()),
        None => registry::compile_lane(lane),
    }
    .map_err(|error| error.to_string())
}
