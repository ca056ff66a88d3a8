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
