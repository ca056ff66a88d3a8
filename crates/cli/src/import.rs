//! `memcg import`: a scenario out of what other programs print, out of figures, and out of race diagrams.

use crate::source::{self, Args, Loaded, lane, load, read, read_bytes, unknown};
use crate::{BAD_INPUT, refuse, replay};
use memcg_core::registry;
use memcg_core::schedule::LaneSpec;
use memcg_render::{paste, titles};
use std::io::Read as _;
use std::process::ExitCode;

const OPTIONS: [&str; 3] = ["--race", "--for", "--policy"];

/// The command.
///
/// # Errors
/// The status with which it was refused.
pub(crate) fn command(args: &[String]) -> Result<ExitCode, ExitCode> {
    let mut args = Args::new(args);
    let (mut diagram, mut scenario, mut policies) = (None, None, Vec::new());
    while let Some(option) = args.option()? {
        match option {
            "--race" => diagram = Some(args.value(option, "a file with a race diagram")?),
            "--for" => scenario = Some(args.value(option, "a scenario")?),
            "--policy" => policies.push(lane(args.value(option, "the name of a policy")?)),
            other => return Err(unknown(other, &OPTIONS)),
        }
    }
    match (diagram, scenario) {
        (Some(_), _) if args.source.is_some() => Err(refuse(
            "--race names the file to import; say memcg import --race FILE --for SCENARIO",
        )),
        (Some(diagram), Some(scenario)) => race(diagram, scenario, &policies),
        (None, None) if policies.is_empty() => file(args.source.unwrap_or("-")),
        _ => Err(refuse(
            "a race diagram names no tree and no walks: say memcg import --race FILE --for SCENARIO",
        )),
    }
}

fn file(path: &str) -> Result<ExitCode, ExitCode> {
    // A trace may be too long to be held; only what begins as a picture does is read as a whole.
    if path != "-" && is_picture(path) {
        let bytes = read_bytes(path).map_err(|why| refuse(&why))?;
        let none =
            || refuse(&format!("{path}: this picture or page holds no scenario, or was cut off"));
        return source::held(path, &bytes).map(|loaded| held(&loaded)).ok_or_else(none);
    }
    match replay::Input::read(path).map_err(|why| refuse(&why))? {
        replay::Input::Trace(trace) => Ok(of_trace(&trace)),
        replay::Input::Text(text) => match source::held(path, text.as_bytes()) {
            Some(loaded) => Ok(held(&loaded)),
            None if path == "-" && text.starts_with("\u{fffd}PNG") => {
                Err(refuse("a bitmap is not read from standard input: name the file"))
            }
            None => Ok(of_tree(&text)),
        },
    }
}

fn is_picture(path: &str) -> bool {
    let mut head = [0; 8];
    let read = std::fs::File::open(path).and_then(|mut file| file.read(&mut head));
    let head = &head[..read.unwrap_or(0)];
    head.starts_with(b"\x89PNG") || head.trim_ascii_start().starts_with(b"<")
}

/// The scenario in a figure.
fn held(loaded: &Loaded) -> ExitCode {
    loaded.problems.iter().for_each(|problem| eprintln!("{problem}"));
    for edit in &loaded.shared.edits {
        eprintln!(
            "warning: the lane {} runs an edited {}, which only a link holds: memcg link encode",
            edit.name, edit.base
        );
    }
    print!("{}", memcg_scenario::print(&loaded.shared.scenario));
    if loaded.is_bad { ExitCode::from(BAD_INPUT) } else { ExitCode::SUCCESS }
}

fn of_tree(text: &str) -> ExitCode {
    let imported = memcg_scenario::import::read(text);
    for problem in &imported.problems {
        eprintln!("{problem}");
    }
    let n_groups = imported.hierarchy.n_groups() - 1;
    eprintln!("{} of {} lines used, {n_groups} cgroups", imported.n_used, imported.n_lines);
    if n_groups == 0 {
        return ExitCode::from(BAD_INPUT);
    }
    let scenario = memcg_scenario::Scenario {
        title: "Imported hierarchy".into(),
        hierarchy: imported.hierarchy,
        ..memcg_scenario::Scenario::default()
    };
    print!("{}", memcg_scenario::print(&scenario));
    ExitCode::SUCCESS
}

fn of_trace(trace: &memcg_ftrace::Trace) -> ExitCode {
    for line in replay::summary(trace) {
        eprintln!("{line}");
    }
    if trace.groups.len() <= 1 {
        return ExitCode::from(BAD_INPUT);
    }
    let imported = memcg_ftrace::scenario(trace, &memcg_ftrace::Limits::default());
    print!("{}", memcg_scenario::print(&imported.scenario));
    ExitCode::SUCCESS
}

/// The scenario with the schedule that makes a diagram's steps.
fn race(diagram: &str, scenario: &str, policies: &[LaneSpec]) -> Result<ExitCode, ExitCode> {
    let text = read(diagram).map_err(|why| refuse(&why))?;
    let mut loaded = load(scenario).map_err(|why| refuse(&why))?;
    let lanes = if policies.is_empty() { lanes_of(&text, &loaded) } else { policies.to_vec() };
    if !lanes.is_empty() {
        loaded.shared.scenario.lanes = lanes;
    }
    // They were those of another schedule.
    if !std::mem::take(&mut loaded.shared.scenario.expectations).is_empty() {
        eprintln!("left out what the scenario expects of its own schedule");
    }
    let ready = loaded.ready(&[]);
    eprint!("{}", ready.problems);
    let Some(run) = ready.run() else { return Err(ExitCode::from(BAD_INPUT)) };
    let read = paste(&text, &run);
    for problem in &read.problems {
        eprintln!("{diagram}:{problem}");
    }
    if read.n_more > 0 {
        eprintln!("{diagram}: and {} more", read.n_more);
    }
    let again = if read.is_same { ", and the schedule draws the same diagram" } else { "" };
    eprintln!(
        "{} of {} lines followed under {}{again}",
        read.n_used,
        read.n_lines,
        run.lane(read.lane).spec()
    );
    if read.n_used == 0 {
        return Ok(ExitCode::from(BAD_INPUT));
    }
    let mut scenario = ready.scenario;
    scenario.schedule = read.schedule;
    print!("{}", memcg_scenario::print(&scenario));
    Ok(ExitCode::from(if ready.is_bad { BAD_INPUT } else { u8::from(read.n_used < read.n_lines) }))
}

/// The lanes to follow a diagram under: the scenario's, or that which the diagram names if the scenario has it not.
fn lanes_of(text: &str, loaded: &Loaded) -> Vec<LaneSpec> {
    let own = &loaded.shared.scenario.lanes;
    let named = titles(text).into_iter().map(|title| match title.split_once(" on ") {
        Some((policy, core)) => LaneSpec { policy: policy.into(), core: Some(core.into()) },
        None => LaneSpec { policy: title, core: None },
    });
    let mut named = named.filter(|lane| own.contains(lane) || registry::compile_lane(lane).is_ok());
    match named.next() {
        Some(lane) if !own.contains(&lane) => vec![lane],
        _ => Vec::new(),
    }
}
