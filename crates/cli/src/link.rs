//! `memcg link`: a scenario to a link and back.

use crate::source::{Args, Loaded, base_of, load, of_link, read, unknown};
use crate::{BAD_INPUT, refuse};
use memcg_core::replay;
use memcg_scenario::link::{self, ListingEdit, Shared, View};
use memcg_scenario::print;
use std::fmt::Write as _;
use std::process::ExitCode;

const OPTIONS: [&str; 7] =
    ["--base", "--cursor", "--branch", "--view", "--edit", "--plain", "--no-state"];

/// The command.
pub(crate) fn command(args: &[String]) -> Result<ExitCode, ExitCode> {
    match args.split_first() {
        Some((word, rest)) if word == "encode" => encode(rest),
        Some((word, rest)) if word == "decode" => decode(rest),
        _ => Err(refuse("say memcg link encode SCENARIO or memcg link decode LINK")),
    }
}

fn encode(args: &[String]) -> Result<ExitCode, ExitCode> {
    let mut args = Args::new(args);
    let (mut base, mut plain, mut with_state) = (None, false, true);
    let mut page = Shared::default();
    while let Some(option) = args.option()? {
        match option {
            "--base" => base = Some(args.value(option, "an address")?),
            "--cursor" => {
                let value = args.value(option, "a number of moves")?;
                let not_a_number = |_| refuse(&format!("--cursor takes a number, not \"{value}\""));
                page.cursor = value.parse().map_err(not_a_number)?;
            }
            "--branch" => page.branch = Some(args.value(option, "a name")?.into()),
            "--view" => view(&mut page.view, args.value(option, "KEY=VALUE")?)?,
            "--edit" => {
                let edit = edit(args.value(option, "BASE[:NAME]=FILE")?);
                page.edits.push(edit.map_err(|why| refuse(&why))?);
            }
            "--plain" => plain = true,
            "--no-state" => with_state = false,
            other => return Err(unknown(other, &OPTIONS)),
        }
    }
    let mut loaded = load(args.source("a scenario")?).map_err(|why| refuse(&why))?;
    page.scenario = loaded.shared.scenario;
    // Those of the source stay, but for names that are given anew.
    let mut edits = loaded.shared.edits;
    edits.retain(|edit| page.edits.iter().all(|given| given.name != edit.name));
    page.edits.splice(0..0, edits);
    loaded.shared = page.clone();
    let n_lanes = page.scenario.lanes.len();
    let mut is_bad = loaded.is_bad;
    if n_lanes == 0 {
        // A scenario that compares nothing is worth a link too.
        loaded.problems.iter().for_each(|problem| eprintln!("{problem}"));
    } else {
        let ready = loaded.ready(&[]);
        eprint!("{}", ready.problems);
        is_bad = ready.is_bad;
        if with_state && ready.lanes.len() == n_lanes {
            page.proof = ready.run().map(|run| replay::prove(run, &page.scenario.schedule));
        }
    }
    let made = if plain { link::encode_plain(&page) } else { link::encode(&page) };
    let fragment = made.map_err(|why| refuse(&why.to_string()))?;
    let out = match base {
        Some(base) => format!("{}#{fragment}", base.split('#').next().unwrap_or(base)),
        None => fragment,
    };
    println!("{out}");
    if let Some(advice) = link::advice(out.chars().count()) {
        eprintln!("warning: {advice}");
    }
    Ok(if is_bad { ExitCode::from(BAD_INPUT) } else { ExitCode::SUCCESS })
}

fn view(view: &mut View, text: &str) -> Result<(), ExitCode> {
    let Some((key, value)) = text.split_once('=') else {
        return Err(refuse(&format!("--view takes KEY=VALUE, not \"{text}\"")));
    };
    view.set(key, value);
    Ok(())
}

/// `BASE=FILE` or `BASE:NAME=FILE`.
fn edit(text: &str) -> Result<ListingEdit, String> {
    let Some((names, file)) = text.split_once('=') else {
        return Err(format!("--edit takes BASE[:NAME]=FILE, not \"{text}\""));
    };
    let (base, name) = names.split_once(':').unwrap_or((names, names));
    Ok(ListingEdit::between(base, name, base_of(base)?, &read(file)?))
}

fn decode(args: &[String]) -> Result<ExitCode, ExitCode> {
    let mut args = Args::new(args);
    if let Some(option) = args.option()? {
        return Err(unknown(option, &[]));
    }
    let source = args.source("a link")?;
    let text = if source == "-" { read("-").map_err(|why| refuse(&why))? } else { source.into() };
    let decoded = link::decode(&text);
    if decoded.shared.is_none() && decoded.trouble.is_empty() {
        return Err(refuse("this link is empty"));
    }
    let has_any = decoded.shared.is_some();
    let Loaded { shared, problems, is_bad, text: _ } = of_link("the link", decoded);
    for problem in &problems {
        eprintln!("{problem}");
    }
    if has_any {
        print!("{}{}", page_comments(&shared), print(&shared.scenario));
    }
    let changed = changed(&shared);
    if let Some(changed) = &changed {
        eprintln!("{changed}");
    }
    Ok(match (is_bad, changed) {
        (true, _) => ExitCode::from(BAD_INPUT),
        (false, Some(_)) => ExitCode::from(1),
        (false, None) => ExitCode::SUCCESS,
    })
}

/// How the schedule comes out otherwise than when the link was made, or why that cannot be told.
fn changed(shared: &Shared) -> Option<String> {
    let proof = shared.proof.as_ref()?;
    let n_lanes = shared.scenario.lanes.len();
    let loaded = Loaded { shared: shared.clone(), ..Loaded::default() };
    let ready = loaded.ready(&[]);
    if ready.lanes.len() < n_lanes {
        return Some(ready.problems.trim_end().to_string());
    }
    let schedule = &shared.scenario.schedule;
    replay::check(ready.run()?, schedule, proof).map(|changed| changed.to_string())
}

/// What a link says beside the scenario, as comments, so that all of it is a scenario's text.
fn page_comments(shared: &Shared) -> String {
    let mut out = String::new();
    let mut line = |text: &str| {
        // A line end inside a name does not end the comment.
        let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let _ = writeln!(out, "# {}", text.trim_end());
    };
    if shared.cursor > 0 {
        line(&format!("cursor: {}", shared.cursor));
    }
    if let Some(branch) = &shared.branch {
        line(&format!("branch: {branch}"));
    }
    for (key, value) in &shared.view.0 {
        line(&format!("view: {key} {value}"));
    }
    if let Some(proof) = &shared.proof {
        line(&format!("state: {:08x}", proof.fingerprint));
    }
    for edit in &shared.edits {
        line(&format!("edit: {} as {}", edit.base, edit.name));
        for hunk in &edit.hunks {
            line(&format!("  @{}", hunk.at));
            for (sign, text) in &hunk.lines {
                line(&format!("  {}{}", sign.char(), text.replace('\t', "    ")));
            }
        }
    }
    out
}
