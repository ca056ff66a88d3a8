//! Where a scenario comes from, and what is wrong with it: a file, standard input or the gallery.

use crate::refuse;
use memcg_core::listing::nearest;
use memcg_core::registry;
use memcg_core::run::Run;
use memcg_core::schedule::LaneSpec;
use memcg_core::world::World;
use memcg_scenario::{Scenario, Severity, gallery, parse};
use std::fs;
use std::path::Path;
use std::process::ExitCode;

/// A scenario that can be played, with what is wrong with it.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) scenario: Scenario,
    pub(crate) world: World,
    /// The lanes that can be built.
    pub(crate) lanes: Vec<LaneSpec>,
    /// For standard error, a line each.
    pub(crate) problems: String,
    /// Something was left out.
    pub(crate) is_bad: bool,
}

/// A file's text, or standard input's for `-`; bytes that are not UTF-8 are replaced.
pub(crate) fn read(path: &str) -> Result<String, String> {
    let bytes = if path == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    let bytes = bytes.map_err(|e| format!("{path}: {e}"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The text of a scenario by file, `-`, or its name in the gallery.
pub(crate) fn text(source: &str) -> Result<String, String> {
    match memcg_scenario::gallery_item(source) {
        Some(item) if !Path::new(source).exists() => Ok(item.text.to_string()),
        _ => read(source).map_err(|why| {
            let names = gallery().iter().map(|item| item.name);
            match nearest(source, names) {
                Some(name) => format!("{why}; did you mean the gallery's \"{name}\"?"),
                None => format!("{why}; it is no file and not in the gallery (see memcg list)"),
            }
        }),
    }
}

/// Reads a scenario; `policies`, if any, take the place of its lanes. `source` stands before every message.
pub(crate) fn ready(source: &str, text: &str, policies: &[LaneSpec]) -> Ready {
    let parsed = parse(text);
    let mut problems: Vec<String> =
        parsed.diagnostics.iter().map(|d| format!("{source}:{d}")).collect();
    if parsed.n_more > 0 {
        problems.push(format!("{source}: and {} more", parsed.n_more));
    }
    let mut is_bad = parsed.diagnostics.iter().any(|d| d.severity == Severity::Error);
    let (world, unresolved) = parsed.scenario.world();
    for d in unresolved {
        is_bad |= d.severity == Severity::Error;
        // The reader has found most of them, and knows their place.
        if !parsed.diagnostics.iter().any(|known| known.message == d.message) {
            problems.push(format!("{source}: {d}"));
        }
    }
    let wanted = if policies.is_empty() { &parsed.scenario.lanes[..] } else { policies };
    let mut lanes: Vec<LaneSpec> = Vec::new();
    for lane in wanted {
        if lanes.contains(lane) {
            continue;
        }
        match registry::compile_lane(lane) {
            Ok(_) => lanes.push(lane.clone()),
            Err(error) => {
                is_bad = true;
                problems.push(format!("error: {error}"));
            }
        }
    }
    if lanes.is_empty() {
        is_bad = true;
        problems
            .push("error: no policy to run: name some under `compare:` or with --policy".into());
    }
    let problems = problems.iter().fold(String::new(), |all, p| all + p + "\n");
    Ready { scenario: parsed.scenario, world, lanes, problems, is_bad }
}

impl Ready {
    /// The run at its start; `None` without any lane.
    pub(crate) fn run(&self) -> Option<Run> {
        if self.lanes.is_empty() {
            return None;
        }
        Run::new(self.world.clone(), &self.lanes).ok()
    }
}

/// `NAME` or `NAME:CORE`.
pub(crate) fn lane(text: &str) -> LaneSpec {
    match text.split_once(':') {
        Some((policy, core)) => LaneSpec { policy: policy.into(), core: Some(core.into()) },
        None => LaneSpec { policy: text.into(), core: None },
    }
}

/// Every policy on its own core.
pub(crate) fn all_lanes() -> Vec<LaneSpec> {
    registry::policies().iter().map(|p| LaneSpec { policy: p.name.into(), core: None }).collect()
}

/// The words after a command, taken one by one.
#[derive(Debug)]
pub(crate) struct Args<'a> {
    args: std::slice::Iter<'a, String>,
    /// The scenario, file or link that the command is about.
    pub(crate) source: Option<&'a str>,
}

impl<'a> Args<'a> {
    pub(crate) fn new(args: &'a [String]) -> Self {
        Self { args: args.iter(), source: None }
    }

    /// The next option; the one word that is no option becomes the source.
    pub(crate) fn option(&mut self) -> Result<Option<&'a str>, ExitCode> {
        for arg in self.args.by_ref() {
            if arg.starts_with("--") {
                return Ok(Some(arg));
            }
            if self.source.is_some() {
                return Err(refuse(&format!("\"{arg}\" is not understood; see memcg help")));
            }
            self.source = Some(arg);
        }
        Ok(None)
    }

    /// The value of an option.
    pub(crate) fn value(&mut self, option: &str, what: &str) -> Result<&'a str, ExitCode> {
        self.args
            .next()
            .map(String::as_str)
            .ok_or_else(|| refuse(&format!("{option} takes {what}; see memcg help")))
    }

    /// The source, which has to be there.
    pub(crate) fn source(&self, what: &str) -> Result<&'a str, ExitCode> {
        self.source.ok_or_else(|| refuse(&format!("name {what}; see memcg help")))
    }
}

/// Refuses an option that the command does not have.
pub(crate) fn unknown(option: &str, known: &[&str]) -> ExitCode {
    match nearest(option, known.iter().copied()) {
        Some(meant) => {
            refuse(&format!("there is no option \"{option}\"; did you mean \"{meant}\"?"))
        }
        None => refuse(&format!("there is no option \"{option}\"; see memcg help")),
    }
}
