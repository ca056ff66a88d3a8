//! Where a scenario comes from, and what is wrong with it: a file, standard input, the gallery or a link.

use crate::refuse;
use memcg_core::listing::nearest;
use memcg_core::program::Program;
use memcg_core::registry;
use memcg_core::run::Run;
use memcg_core::schedule::LaneSpec;
use memcg_core::world::World;
use memcg_render::embedded_in;
use memcg_scenario::link::{Decoded, ListingEdit, Shared, decode, has_edits, read_block};
use memcg_scenario::{Diagnostic, Scenario, Severity, check_missing, gallery, gallery_item, parse};
use std::fs;
use std::path::Path;
use std::process::ExitCode;

/// A scenario that can be played, with what is wrong with it.
#[derive(Debug)]
pub(crate) struct Ready {
    pub(crate) scenario: Scenario,
    pub(crate) world: World,
    /// The lanes that can be built, with their programs.
    pub(crate) lanes: Vec<(LaneSpec, Program)>,
    /// Moves taken, of a link or a figure.
    pub(crate) cursor: usize,
    /// Listings that were edited.
    pub(crate) edits: Vec<ListingEdit>,
    /// For standard error, a line each.
    pub(crate) problems: String,
    /// Something was left out.
    pub(crate) is_bad: bool,
}

/// What a source holds before its lanes are built.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) shared: Shared,
    pub(crate) problems: Vec<String>,
    pub(crate) is_bad: bool,
    /// The text that the scenario was read from, and where it came from, if it was read from its text.
    pub(crate) text: Option<(String, String)>,
}

/// A file's text, or standard input's for `-`; bytes that are not UTF-8 are replaced.
pub(crate) fn read(path: &str) -> Result<String, String> {
    Ok(String::from_utf8_lossy(&read_bytes(path)?).into_owned())
}

/// A file's bytes, or standard input's for `-`.
pub(crate) fn read_bytes(path: &str) -> Result<Vec<u8>, String> {
    let bytes = if path == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    bytes.map_err(|e| format!("{path}: {e}"))
}

/// Reads a scenario by file (text, or a figure that holds one), `-`, its name in the gallery, or a link.
pub(crate) fn load(source: &str) -> Result<Loaded, String> {
    let exists = source == "-" || Path::new(source).exists();
    if !exists && let Some(item) = gallery_item(source) {
        return Ok(of_text(source, item.text));
    }
    if !exists {
        let decoded = decode(source);
        if decoded.version.is_some() {
            return Ok(of_link("the link", decoded));
        }
    }
    let bytes = read_bytes(source).map_err(|why| {
        let names = gallery().iter().map(|item| item.name);
        match nearest(source, names) {
            Some(name) => format!("{why}; did you mean the gallery's \"{name}\"?"),
            None => format!("{why}; it is no file and not in the gallery (see memcg list)"),
        }
    })?;
    Ok(held(source, &bytes).unwrap_or_else(|| of_text(source, &String::from_utf8_lossy(&bytes))))
}

/// The scenario in a figure or a page that we made; `None` if the bytes are none of these.
pub(crate) fn held(source: &str, bytes: &[u8]) -> Option<Loaded> {
    let held = embedded_in(bytes)?;
    let mut loaded = match held.link {
        Some(link) => of_link(source, decode(&link)),
        None => of_text(source, &held.text),
    };
    loaded.shared.cursor = held.cursor;
    Some(loaded)
}

/// Reads a scenario's text, perhaps with edited listings; `source` stands before every message.
fn of_text(source: &str, text: &str) -> Loaded {
    if has_edits(text) {
        return of_link(source, read_block(text));
    }
    let parsed = parse(text);
    let mut out = Loaded::default();
    out.diagnostics(source, &parsed.diagnostics, parsed.n_more);
    out.shared.scenario = parsed.scenario;
    out.text = Some((source.to_string(), text.to_string()));
    out
}

/// Takes over what could be read of a link.
pub(crate) fn of_link(source: &str, decoded: Decoded) -> Loaded {
    let mut out = Loaded::default();
    out.is_bad |= !decoded.trouble.is_empty();
    out.problems.extend(decoded.trouble.iter().map(|t| format!("{source}: {t}")));
    out.diagnostics(source, &decoded.diagnostics, decoded.n_more);
    out.shared = decoded.shared.unwrap_or_default();
    out
}

impl Loaded {
    fn diagnostics(&mut self, source: &str, diagnostics: &[Diagnostic], n_more: usize) {
        self.is_bad |= diagnostics.iter().any(|d| d.severity == Severity::Error);
        self.problems.extend(diagnostics.iter().map(|d| format!("{source}:{d}")));
        if n_more > 0 {
            self.problems.push(format!("{source}: and {n_more} more"));
        }
    }

    fn mistake(&mut self, message: String) {
        self.is_bad = true;
        self.problems.push(message);
    }

    /// Builds the lanes; `policies`, if any, take the place of the scenario's.
    pub(crate) fn ready(mut self, policies: &[LaneSpec]) -> Ready {
        let wanted = if policies.is_empty() {
            self.shared.scenario.lanes.clone()
        } else {
            policies.to_vec()
        };
        let mut lanes: Vec<(LaneSpec, Program)> = Vec::new();
        for lane in wanted {
            if lanes.iter().any(|(known, _)| *known == lane) {
                continue;
            }
            match self.compile(&lane) {
                Ok(program) => lanes.push((lane, program)),
                Err(why) => self.mistake(format!("error: {why}")),
            }
        }
        if lanes.is_empty() {
            let message = "error: no policy to run: name some under `compare:` or with --policy";
            self.mistake(message.into());
        }
        self.with(lanes)
    }

    /// The scenario with these lanes.
    pub(crate) fn with(mut self, lanes: Vec<(LaneSpec, Program)>) -> Ready {
        let (world, unresolved) = self.shared.scenario.world();
        for d in unresolved {
            // The reader has found most of them, and knows their place.
            if !self.problems.iter().any(|known| known.contains(&d.message)) {
                self.is_bad |= d.severity == Severity::Error;
                self.problems.push(d.to_string());
            }
        }
        self.missing(&lanes);
        let problems = self.problems.iter().fold(String::new(), |all, p| all + p + "\n");
        let Shared { scenario, cursor, edits, .. } = self.shared;
        Ready { scenario, world, lanes, cursor, edits, problems, is_bad: self.is_bad }
    }

    /// Says what conditions look at and the lanes do not have.
    fn missing(&mut self, lanes: &[(LaneSpec, Program)]) {
        let lanes: Vec<_> =
            lanes.iter().map(|(lane, program)| (lane.to_string(), program)).collect();
        let (source, text) = match &self.text {
            Some((source, text)) => (format!("{source}:"), Some(text.as_str())),
            None => (String::new(), None),
        };
        let found = check_missing(&self.shared.scenario, text, &lanes);
        self.problems.extend(found.iter().map(|missing| format!("{source}{missing}")));
    }

    /// The program of a lane, of an edited listing if the link has one under its name.
    fn compile(&self, lane: &LaneSpec) -> Result<Program, String> {
        let Some(edit) = self.shared.edits.iter().find(|e| e.name == lane.policy) else {
            return registry::compile_lane(lane).map_err(|e| e.to_string());
        };
        let base = base_of(&edit.base)?;
        let text = edit.apply(base).map_err(|e| e.to_string())?;
        registry::compile_text(&text, lane.core.as_deref())
            .map_err(|e| format!("the edited listing {}: {e}", edit.name))
    }
}

/// The text of a listing that can be edited.
pub(crate) fn base_of(name: &str) -> Result<&'static str, String> {
    let lane = LaneSpec { policy: name.into(), core: None };
    match registry::policy(name) {
        Some(entry) => Ok(entry.text),
        // Says which name is nearest.
        None => {
            Err(registry::compile_lane(&lane).err().map_or_else(String::new, |e| e.to_string()))
        }
    }
}

impl Ready {
    /// The run at its start; `None` without any lane.
    pub(crate) fn run(&self) -> Option<Run> {
        let run = || Run::of_programs(self.world.clone(), self.lanes.clone());
        (!self.lanes.is_empty()).then(run)
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
