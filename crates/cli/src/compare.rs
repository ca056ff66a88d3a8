//! `memcg compare`: policies under one schedule as a table, for people, programs and documents.

use crate::source::{Args, all_lanes, lane, load, unknown};
use crate::{BAD_INPUT, refuse};
use memcg_core::compare::{COLUMNS, Row, compare};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::process::ExitCode;

/// How the table is written.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
enum Form {
    Text,
    Json,
    Markdown,
}

const OPTIONS: [&str; 4] = ["--policy", "--all", "--json", "--markdown"];

/// The command; exit status 2 if something was wrong with the scenario or a policy.
pub(crate) fn command(args: &[String]) -> Result<ExitCode, ExitCode> {
    let mut args = Args::new(args);
    let (mut policies, mut form) = (Vec::new(), Form::Text);
    while let Some(option) = args.option()? {
        match option {
            "--policy" => policies.push(lane(args.value(option, "the name of a policy")?)),
            "--all" => policies.extend(all_lanes()),
            "--json" => form = Form::Json,
            "--markdown" => form = Form::Markdown,
            other => return Err(unknown(other, &OPTIONS)),
        }
    }
    let loaded = load(args.source("a scenario")?).map_err(|why| refuse(&why))?;
    let ready = loaded.ready(&policies);
    eprint!("{}", ready.problems);
    if let Some(run) = ready.run() {
        let rows = compare(run, &ready.scenario.schedule);
        let title = &ready.scenario.title;
        print!(
            "{}",
            match form {
                Form::Text => as_text(title, &rows),
                Form::Json => as_json(title, &rows),
                Form::Markdown => as_markdown(title, &rows),
            }
        );
    }
    Ok(if ready.is_bad { ExitCode::from(BAD_INPUT) } else { ExitCode::SUCCESS })
}

/// Aligned columns; below them where lanes part, what is held, and faults.
fn as_text(title: &str, rows: &[Row]) -> String {
    let mut out = String::new();
    if !title.is_empty() {
        let _ = writeln!(out, "{title}\n");
    }
    let names: Vec<String> = rows.iter().map(|r| r.lane.to_string()).collect();
    let width = names.iter().map(|n| n.chars().count()).max().unwrap_or(0).max(6);
    let _ = write!(out, "{:width$}", "policy");
    for (heading, _) in COLUMNS {
        let _ = write!(out, "  {heading:>8}");
    }
    out.push('\n');
    for (name, row) in names.iter().zip(rows) {
        let _ = write!(out, "{name:width$}");
        for (_, value) in COLUMNS {
            let _ = write!(out, "  {:>8}", value(row));
        }
        out.push('\n');
    }
    section(&mut out, &parting_heading(rows), width, rows, |row| {
        row.parts.as_ref().map(|p| format!("move {}: {}", p.at, p.words))
    });
    section(&mut out, "references that walks and slots hold at the end", width, rows, held);
    section(&mut out, "faults", width, rows, fault);
    out
}

fn section(
    out: &mut String,
    heading: &str,
    width: usize,
    rows: &[Row],
    words: impl Fn(&Row) -> Option<String>,
) {
    let told: Vec<(String, String)> =
        rows.iter().filter_map(|r| Some((r.lane.to_string(), words(r)?))).collect();
    if told.is_empty() {
        return;
    }
    let _ = writeln!(out, "\n{heading}");
    for (name, words) in told {
        let _ = writeln!(out, "  {name:width$}  {words}");
    }
}

fn parting_heading(rows: &[Row]) -> String {
    let first = rows.first().map_or(String::new(), |r| r.lane.to_string());
    format!("where it first parts from {first}")
}

fn held(row: &Row) -> Option<String> {
    let groups: Vec<String> = row.held.iter().map(|(group, n)| format!("{group} {n}")).collect();
    (!groups.is_empty()).then(|| groups.join(", "))
}

fn fault(row: &Row) -> Option<String> {
    let (at, fault) = row.fault.as_ref()?;
    Some(format!("move {at}: {}, {}", fault.name, fault.words))
}

fn as_json(title: &str, rows: &[Row]) -> String {
    let rows: Vec<Value> = rows.iter().map(row_json).collect();
    format!("{:#}\n", json!({ "title": title, "policies": rows }))
}

fn row_json(row: &Row) -> Value {
    let held = row.held.iter().map(|(group, n)| json!({ "group": group, "references": n }));
    let fault = row.fault.as_ref();
    let parts = row.parts.as_ref();
    let mut out = json!({
        "policy": row.lane.policy,
        "core": row.lane.core,
        "held_groups": held.collect::<Vec<_>>(),
        "fault": fault.map(|(at, f)| json!({ "move": at, "name": f.name, "words": f.words })),
        "parts": parts.map(|p| json!({ "move": p.at, "words": p.words })),
    });
    for (heading, value) in COLUMNS {
        out[heading] = json!(value(row));
    }
    out
}

fn as_markdown(title: &str, rows: &[Row]) -> String {
    // A title or a path with a bar or a tag in it stays text.
    let cell = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('|', "\\|");
    let mut out = String::new();
    if !title.is_empty() {
        let _ = writeln!(out, "**{}**\n", cell(title));
    }
    out.push_str("| policy |");
    for (heading, _) in COLUMNS {
        let _ = write!(out, " {heading} |");
    }
    let _ = writeln!(out, " {} |", parting_heading(rows));
    let _ = writeln!(out, "| --- |{} --- |", " ---: |".repeat(COLUMNS.len()));
    for row in rows {
        let _ = write!(out, "| {} |", cell(&row.lane.to_string()));
        for (_, value) in COLUMNS {
            let _ = write!(out, " {} |", value(row));
        }
        let words = match (&row.parts, fault(row)) {
            (Some(p), _) => format!("move {}: {}", p.at, p.words),
            (None, Some(fault)) => fault,
            (None, None) => String::new(),
        };
        let _ = writeln!(out, " {} |", cell(&words));
    }
    out
}
