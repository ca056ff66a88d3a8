//! The comparison of policies under the schedule, as a table; what it counts is in `docs/compare.md`.

use super::Deed;
use super::policies::names;
use super::write::Writer;
use crate::programs::program;
use memcg_core::compare::{COLUMNS, Row, compare as rows_of};
use memcg_core::run::Run;
use memcg_core::schedule::LaneSpec;
use memcg_scenario::link;
use std::fmt::Write as _;

/// Longest list of held groups that is written out.
const N_HELD_MAX: usize = 4;

/// The sheet for a link's scenario: its lanes, or every policy on its own core.
pub fn compare(fragment: &str, all: bool) -> String {
    let decoded = link::decode(fragment);
    let mut out = Writer::default();
    let Some(shared) = decoded.shared else {
        out.element("p", " class=\"panel__text\"", "There is nothing to compare.");
        return out.0;
    };
    let scenario = shared.scenario;
    let mut lanes = scenario.lanes.clone();
    if all {
        // The first lane stays what the others are compared with.
        lanes.truncate(1);
        for name in names() {
            let lane = LaneSpec { policy: name.to_owned(), core: None };
            if !lanes.contains(&lane) {
                lanes.push(lane);
            }
        }
    }
    let (world, _) = scenario.world();
    let mut programs = Vec::new();
    for lane in lanes {
        match program(&lane, &shared.edits) {
            Ok(program) => programs.push((lane, program)),
            Err(why) => {
                out.element("p", " class=\"panel__text\"", &why);
            }
        }
    }
    if programs.is_empty() {
        return out.0;
    }
    let run = Run::of_programs(world, programs);
    let rows = rows_of(run, &scenario.schedule);
    out.raw("<p class=\"toolbar\">");
    let button = |on: bool| {
        if on {
            "button\" id=\"sheet-open\" aria-pressed=\"true"
        } else {
            "button\" aria-pressed=\"false"
        }
    };
    out.button(button(!all), &Deed::Compare { all: false }.written(), "These lanes").raw(" ");
    out.button(button(all), &Deed::Compare { all: true }.written(), "All policies").raw(" ");
    let n_moves = scenario.schedule.len();
    let _ = write!(out.0, "<span class=\"panel__text\">after {n_moves} moves</span></p>");
    table(&mut out, &rows);
    out.raw("<p class=\"panel__text\">").text("skipped: groups that lived through a whole round unvisited. doubles: groups visited again in the same round. held: references that walks and slots still hold. A move leads there.").raw("</p>");
    out.0
}

fn table(out: &mut Writer, rows: &[Row]) {
    out.raw("<div class=\"table__scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Comparison\"><table class=\"table\"><thead><tr><th scope=\"col\">policy</th>");
    for (heading, _) in COLUMNS {
        out.element("th", " scope=\"col\" class=\"table__figure\"", heading);
    }
    let first = rows.first().map_or(String::new(), |row| row.lane.to_string());
    out.element("th", " scope=\"col\"", &format!("first parts from {first}"))
        .raw("</tr></thead><tbody>");
    for row in rows {
        out.raw("<tr><th scope=\"row\">");
        out.button(
            "table__name",
            &Deed::Policy(row.lane.policy.clone()).written(),
            &row.lane.to_string(),
        );
        out.raw("</th>");
        for (heading, value) in COLUMNS {
            let n = value(row);
            let class = match (n, heading) {
                (0, _) => "table__figure table__figure--zero",
                (_, "restarts" | "skipped" | "doubles" | "faults") => {
                    "table__figure table__figure--bad"
                }
                _ => "table__figure",
            };
            let _ = write!(out.0, "<td class=\"{class}\">{n}</td>");
        }
        out.raw("<td>");
        remarks(out, row);
        out.raw("</td></tr>");
    }
    out.raw("</tbody></table></div>");
}

fn remarks(out: &mut Writer, row: &Row) {
    let at = |out: &mut Writer, at: usize| {
        out.button("table__move", &Deed::Seek(at).written(), &format!("move {at}")).raw(" ");
    };
    if let Some(parts) = &row.parts {
        at(out, parts.at);
        out.text(&parts.words).raw("<br>");
    }
    if let Some((move_at, fault)) = &row.fault {
        at(out, *move_at);
        out.element("b", "", &fault.name).raw(" ");
        if row.parts.as_ref().is_none_or(|parts| !parts.words.contains(&fault.words)) {
            out.text(&fault.words);
        }
        out.raw("<br>");
    }
    if !row.held.is_empty() {
        let named = row.held.iter().take(N_HELD_MAX);
        let mut words: Vec<String> = named.map(|(group, n)| format!("{group} {n}")).collect();
        if row.held.len() > N_HELD_MAX {
            words.push(format!("{} more", row.held.len() - N_HELD_MAX));
        }
        out.text("held: ").text(&words.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use memcg_core::registry;
    use memcg_scenario::opening;

    fn fragment(text: &str) -> String {
        let scenario = memcg_scenario::parse(text).scenario;
        link::encode(&link::Shared { scenario, ..link::Shared::default() }).expect("it is small")
    }

    #[test]
    fn the_lanes_or_all_policies_stand_in_a_table() {
        let fragment = fragment(opening().text);
        let rows = |html: &str| html.matches("<tr>").count() - 1;
        assert_eq!(rows(&compare(&fragment, false)), 3);
        assert_eq!(rows(&compare(&fragment, true)), registry::policies().len());
        assert!(compare(&fragment, false).contains("data-do=\"seek 12\""));
    }

    #[test]
    fn what_cannot_be_compared_says_why() {
        assert!(compare("nonsense", false).contains("nothing to compare"));
        let html = compare(&fragment("hierarchy:\n  a\ncompare:\n  <b>nobody\n"), false);
        assert!(html.contains("panel__text") && !html.contains("<b>nobody"), "{html}");
    }
}
