//! The matrix as a table for people and as JSON, a cell a line, for the page and for comparing two runs.

use super::cell::{Asked, Cell, Failing};
use super::family::{Size, Small};
use memcg_core::check::Property;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The properties asked for, in their order.
fn properties(asked: Asked) -> Vec<Property> {
    Property::ALL.into_iter().filter(|p| asked.properties.has(*p)).collect()
}

/// What is said of a property in a cell.
fn word(cell: &Cell, property: Property) -> String {
    match cell.failing(property) {
        Some(failing) => {
            let open = if failing.n_open_before > 0 { "*" } else { "" };
            format!("{}{open}", failing.world)
        }
        None if cell.n_decided() == cell.n_worlds() => "holds".into(),
        None => "-".into(),
    }
}

/// The table, with what its words mean.
pub(super) fn table(cells: &[Cell], asked: Asked) -> String {
    let properties = properties(asked);
    let mut rows = vec![vec!["policy".to_string(), "grace".into()]];
    rows[0].extend(properties.iter().map(|p| p.name().to_string()));
    rows[0].push("worlds decided".into());
    for cell in cells {
        let mut row = vec![cell.lane.to_string(), cell.grace.name().to_string()];
        row.extend(properties.iter().map(|p| word(cell, *p)));
        row.push(format!("{} of {}", cell.n_decided(), cell.n_worlds()));
        rows.push(row);
    }
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    let mut out = String::new();
    for row in &rows {
        let padded = row.iter().zip(&widths).map(|(word, width)| format!("{word:width$}"));
        let _ = writeln!(out, "{}", padded.collect::<Vec<_>>().join("  ").trim_end());
    }
    out.push_str(
        "\na world: the property fails there, and in no smaller one (*: smaller ones were not decided); \
         holds: in every world of the family; -: nothing found, not all worlds decided\n\
         memcg matrix --world NAME --policy NAME --grace NAME prints the world as a scenario\n",
    );
    out
}

fn failing(failing: &Failing) -> Value {
    let Failing { world, broken, n_open_before, link } = failing;
    let Size { n_groups, n_threads } = world.size();
    json!({
        "property": broken.property.name(),
        "name": broken.name,
        "words": broken.words,
        "world": world.to_string(),
        "groups": n_groups,
        "threads": n_threads,
        "calls": world.n_calls(),
        "steps": broken.n_steps,
        "switches": broken.n_switches,
        "undecided_before": n_open_before,
        "link": link,
    })
}

fn cell(cell: &Cell) -> Value {
    json!({
        "policy": cell.lane.policy,
        "core": cell.lane.core,
        "grace": cell.grace.name(),
        "failing": cell.failing.iter().map(failing).collect::<Vec<_>>(),
        "decided": cell.sizes.iter().map(|looked| looked.n_decided).collect::<Vec<_>>(),
    })
}

/// The matrix for programs. The same on every machine.
pub(super) fn json(cells: &[Cell], worlds: &[Small], asked: Asked) -> String {
    let said = |p: Property| json!({ "name": p.name(), "words": p.words() });
    let sizes = worlds.chunk_by(|one, next| one.size() == next.size()).map(|same| {
        let Size { n_groups, n_threads } = same[0].size();
        json!({ "groups": n_groups, "threads": n_threads, "worlds": same.len() })
    });
    let mut out = format!(
        "{{\n\"states\": {},\n\"properties\": {},\n\"sizes\": {},\n\"cells\": [",
        asked.n_states_max,
        Value::from(properties(asked).into_iter().map(said).collect::<Vec<_>>()),
        Value::from(sizes.collect::<Vec<_>>())
    );
    for (at, of) in cells.iter().enumerate() {
        let comma = if at > 0 { "," } else { "" };
        let _ = write!(out, "{comma}\n{}", cell(of));
    }
    out.push_str("\n]\n}\n");
    out
}
