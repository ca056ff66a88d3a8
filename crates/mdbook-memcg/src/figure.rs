//! A scenario played for a block: the figure, the race as text, the link; or what is wrong with it, by line.

use crate::block::Options;
use memcg_core::program::Program;
use memcg_core::replay;
use memcg_core::run::Run;
use memcg_core::schedule::LaneSpec;
use memcg_core::{registry, world::World};
use memcg_render::{Film, Theme, race};
use memcg_scenario::link::{self, ListingEdit, Shared, View};
use memcg_scenario::{Diagnostic, Expectation, Scenario, Severity, check_names, parse};

/// Moves of which every access is told, at most.
const N_TOLD_MAX: usize = 20_000;

/// Longer schedules are not played without an engine.
const N_PLAYED_MAX: usize = 1_000;

/// What a block shows.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) title: String,
    /// The picture, in the block's theme.
    pub(crate) svg: String,
    /// The race diagram.
    pub(crate) ascii: String,
    /// What plays where no engine can, as JSON.
    pub(crate) steps: Option<String>,
    /// The link to the same in the playground, without its `#`.
    pub(crate) fragment: String,
    /// Height of a living figure that shows all of it.
    pub(crate) height_px: usize,
}

/// Height of a living figure without its groups and lines of time; as the page's own snippet counts.
const FRAME_PX: usize = 430;
const ROW_PX: usize = 26;
const LINE_PX: usize = 28;
const HEIGHT_PX_MAX: usize = 1_100;

/// What is wrong with a scenario.
#[derive(Clone, Eq, PartialEq, Debug)]
pub(crate) struct Problem {
    /// Line of its text, from 1; 0 for the scenario as a whole.
    pub(crate) line: usize,
    pub(crate) message: String,
    /// Whether nothing may be published with it.
    pub(crate) is_bad: bool,
}

impl Problem {
    fn bad(line: usize, message: &str) -> Self {
        Self { line, message: format!("error: {message}"), is_bad: true }
    }
}

/// Plays the scenario in `text`; the figure comes if nothing is wrong.
pub(crate) fn draw(text: &str, options: &Options) -> (Option<Figure>, Vec<Problem>) {
    let mut problems = Vec::new();
    let figure = attempt(text, options, &mut problems);
    (figure.filter(|_| !problems.iter().any(|p| p.is_bad)), problems)
}

fn attempt(text: &str, options: &Options, problems: &mut Vec<Problem>) -> Option<Figure> {
    let (mut scenario, edits, diagnostics) = read(text);
    problems.extend(diagnostics.iter().map(|d| {
        let words = d.to_string();
        // The place is said by the caller, who knows the file.
        let message = match d.at {
            Some(_) => words.splitn(3, ':').nth(2).unwrap_or(&words).trim_start().to_owned(),
            None => words.clone(),
        };
        let line = d.at.map_or(0, |at| at.line as usize);
        Problem { line, message, is_bad: d.severity == Severity::Error }
    }));
    let (world, unresolved) = scenario.world();
    for d in unresolved {
        if d.severity == Severity::Error && !problems.iter().any(|p| p.message.contains(&d.message))
        {
            problems.push(Problem::bad(0, &d.message));
        }
    }
    if problems.iter().any(|p| p.is_bad) {
        return None;
    }
    // What the scenario expects is about its own lanes, whichever are drawn.
    if !scenario.lanes.is_empty() {
        let run = run_of(&world, &scenario.lanes, &edits, problems)?;
        problems.extend(unmet(run, &scenario, text));
    }
    if !options.policies.is_empty() {
        scenario.lanes.clone_from(&options.policies);
        scenario.expectations.retain(|e| options.policies.contains(&e.lane));
    }
    if scenario.lanes.is_empty() {
        problems.push(Problem::bad(0, "no policy to run: name some under `compare:`"));
    }
    let run = run_of(&world, &scenario.lanes, &edits, problems)?;
    let n_moves = scenario.schedule.len();
    let step = options.step.unwrap_or(n_moves);
    if step > n_moves || step > N_TOLD_MAX {
        let most = n_moves.min(N_TOLD_MAX);
        let message =
            format!("step={step}: the schedule has {n_moves} moves, and {most} can be drawn");
        problems.push(Problem::bad(0, &message));
        return None;
    }
    let mut film = Film::at(run.clone(), &scenario, step);
    let steps = (n_moves <= N_PLAYED_MAX)
        .then(|| memcg_render::steps(&Film::shoot(run.clone(), &scenario, |_| true)))
        .flatten();
    let ascii = race(run.clone(), &scenario.schedule, step, options.grain);
    let has_edits = !edits.is_empty();
    let mut shared = Shared { cursor: step, edits, ..Shared::default() };
    if let Some((_, flag)) = options.mode.words() {
        shared.view.set(View::EMBED, flag);
    }
    if matches!(options.theme, Theme::Light | Theme::Dark) {
        shared.view.set(View::THEME, options.theme.name());
    }
    shared.proof = Some(replay::prove(run, &scenario.schedule));
    let title = scenario.title.clone();
    shared.scenario = scenario;
    let fragment = match link::encode(&shared) {
        Ok(fragment) => fragment,
        Err(why) => {
            problems.push(Problem::bad(0, &why.to_string()));
            return None;
        }
    };
    // A scenario's text names an edited listing; only a link holds it.
    film.link = has_edits.then(|| fragment.clone());
    let frame = film.frames.first()?;
    let svg = memcg_render::figure(&film, frame, options.theme);
    let n_rows = frame.lanes.first().map_or(0, |lane| lane.groups.len()) + 1;
    let n_lines = film.lanes.len() + film.world.threads.len();
    let height_px = (FRAME_PX + n_rows * ROW_PX + n_lines * LINE_PX).min(HEIGHT_PX_MAX);
    Some(Figure { title, svg, ascii, steps, fragment, height_px })
}

/// A scenario, or the text of a link: a scenario with edited listings before it.
fn read(text: &str) -> (Scenario, Vec<ListingEdit>, Vec<Diagnostic>) {
    let known = |entries: &[registry::Entry]| entries.iter().map(|e| e.name).collect::<Vec<_>>();
    let (mut policies, cores) = (known(registry::policies()), known(registry::cores()));
    if !link::has_edits(text) {
        let parsed = parse(text);
        let mut found = parsed.diagnostics.clone();
        found.extend(parsed.check_names(&policies, &cores));
        return (parsed.scenario, Vec::new(), found);
    }
    let decoded = link::read_block(text);
    let Shared { scenario, edits, .. } = decoded.shared.unwrap_or_default();
    let mut found = decoded.diagnostics;
    policies.extend(edits.iter().map(|edit| edit.name.as_str()));
    found.extend(check_names(&scenario, &policies, &cores));
    (scenario, edits, found)
}

/// A lane's program, of an edited listing if there is one under its name.
fn compile(lane: &LaneSpec, edits: &[ListingEdit]) -> Result<Program, String> {
    let Some(edit) = edits.iter().find(|edit| edit.name == lane.policy) else {
        return registry::compile_lane(lane).map_err(|why| why.to_string());
    };
    let base = registry::policy(&edit.base)
        .ok_or_else(|| format!("there is no policy \"{}\" to be edited", edit.base))?;
    let listing = edit.apply(base.text).map_err(|why| why.to_string())?;
    registry::compile_text(&listing, lane.core.as_deref())
        .map_err(|why| format!("the edited listing {}: {why}", edit.name))
}

fn run_of(
    world: &World,
    lanes: &[LaneSpec],
    edits: &[ListingEdit],
    problems: &mut Vec<Problem>,
) -> Option<Run> {
    let mut programs = Vec::new();
    for lane in lanes {
        match compile(lane, edits) {
            Ok(program) => programs.push((lane.clone(), program)),
            Err(why) => problems.push(Problem::bad(0, &why)),
        }
    }
    (programs.len() == lanes.len() && !programs.is_empty())
        .then(|| Run::of_programs(world.clone(), programs))
}

/// Plays the whole schedule, and compares the end with what the scenario expects.
fn unmet(mut run: Run, scenario: &Scenario, text: &str) -> Vec<Problem> {
    run.keep_records(false);
    for mv in &scenario.schedule {
        run.apply(mv);
    }
    let mut problems = Vec::new();
    for expectation in &scenario.expectations {
        let line = line_of(expectation, text);
        let Some(lane) = run.lanes().iter().position(|l| *l.spec() == expectation.lane) else {
            let message = format!("expected {expectation}, but that lane is not compared");
            problems.push(Problem::bad(line, &message));
            continue;
        };
        let count = expectation.count(&run.picture(lane), run.world());
        if !expectation.holds(count) {
            let message = format!("expected {expectation}, but it is {count}");
            problems.push(Problem::bad(line, &message));
        }
    }
    problems
}

/// The line on which an expectation stands; 0 if it is written otherwise than we write it.
fn line_of(expectation: &Expectation, text: &str) -> usize {
    let wanted = expectation.to_string();
    let wanted: Vec<&str> = wanted.split_whitespace().collect();
    let is_it = |line: &str| {
        line.split(" #").next().is_some_and(|l| l.split_whitespace().eq(wanted.iter().copied()))
    };
    text.lines().position(is_it).map_or(0, |at| at + 1)
}
