//! Tests of the scenario crate, one binary. Text in, text out.

#![allow(
    clippy::format_push_string,
    clippy::format_collect,
    clippy::too_many_lines,
    reason = "texts of tests are short, and their expected texts are long"
)]

mod conditions;
mod edit;
mod gallery;
mod import;
mod link_parts;
mod links;
mod parse;
#[cfg(not(target_arch = "wasm32"))]
mod round_trip;
#[cfg(not(target_arch = "wasm32"))]
mod speed;
mod watches;
mod world;

/// What is kept of a section, as it is printed, and what is said of the text.
fn section(text: &str, header: &str) -> String {
    let parsed = memcg_scenario::parse(text);
    let printed = memcg_scenario::print(&parsed.scenario);
    let kept = printed.split_once(header).map_or("", |(_, lines)| lines);
    let mut out = format!("{header}{kept}");
    for diagnostic in &parsed.diagnostics {
        out.push_str(&format!("{diagnostic}\n"));
    }
    out
}
