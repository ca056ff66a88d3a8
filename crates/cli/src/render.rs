//! `memcg render`: a scenario as a picture, a race diagram, a page or a trace.

use crate::source::{Args, Ready, lane, load, unknown};
use crate::{BAD_INPUT, refuse};
use base64::Engine as _;
use flate2::{Compression, write::GzEncoder};
use memcg_core::run::{Grain, Run};
use memcg_render::{Engine, Film, Theme, figure, page, race, steps, trace};
use memcg_scenario::link::{self, Shared};
use std::io::Write as _;
use std::process::ExitCode;

/// What is made.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
enum Form {
    Svg,
    Png,
    Ascii,
    Html,
    Steps,
    Perfetto,
}

const FORMS: [(&str, Form); 6] = [
    ("--svg", Form::Svg),
    ("--png", Form::Png),
    ("--ascii", Form::Ascii),
    ("--html", Form::Html),
    ("--steps", Form::Steps),
    ("--perfetto", Form::Perfetto),
];

const OPTIONS: [&str; 13] = [
    "--svg",
    "--png",
    "--ascii",
    "--html",
    "--steps",
    "--perfetto",
    "--policy",
    "--theme",
    "--step",
    "--grain",
    "--scale",
    "--engine",
    "--out",
];

/// Moments that a page holds at most.
const N_MOMENTS_MAX: usize = 2_000;
/// Moves of which every access is told, at most.
const N_TOLD_MAX: usize = 20_000;
/// Pixels of a picture for one of the figure's, at most.
const SCALE_MAX: u8 = 8;

/// How it is made.
#[derive(Debug)]
struct How {
    form: Form,
    theme: Theme,
    grain: Grain,
    step: Option<usize>,
    scale: u8,
    /// The folder of a built playground that the page carries along.
    engine: Option<String>,
}

/// The command; exit status 2 if something was wrong with the scenario or a policy.
pub(crate) fn command(args: &[String]) -> Result<ExitCode, ExitCode> {
    let mut args = Args::new(args);
    let (mut policies, mut out) = (Vec::new(), None);
    let mut theme = None;
    let mut how = How {
        form: Form::Svg,
        theme: Theme::Auto,
        grain: Grain::Access,
        step: None,
        scale: 2,
        engine: None,
    };
    while let Some(option) = args.option()? {
        if let Some((_, form)) = FORMS.iter().find(|(name, _)| *name == option) {
            how.form = *form;
            continue;
        }
        match option {
            "--policy" => policies.push(lane(args.value(option, "the name of a policy")?)),
            "--theme" => {
                let name = args.value(option, "auto, light, dark or print")?;
                let found = Theme::of_name(name);
                theme =
                    Some(found.ok_or_else(|| not_one(option, name, "auto, light, dark or print"))?);
            }
            "--grain" => {
                let name = args.value(option, "access, statement or call")?;
                how.grain = grain(name)
                    .ok_or_else(|| not_one(option, name, "access, statement or call"))?;
            }
            "--step" => {
                let value = args.value(option, "a number of moves")?;
                let n = value.parse().map_err(|_| not_one(option, value, "a number of moves"))?;
                how.step = Some(n);
            }
            "--scale" => {
                let value = args.value(option, "a number from 1 to 8")?;
                let scale = value.parse().ok().filter(|n| (1..=SCALE_MAX).contains(n));
                how.scale = scale.ok_or_else(|| not_one(option, value, "a number from 1 to 8"))?;
            }
            "--engine" => {
                how.engine = Some(args.value(option, "the folder of a built playground")?.into());
            }
            "--out" => out = Some(args.value(option, "a file")?),
            other => return Err(unknown(other, &OPTIONS)),
        }
    }
    // A bitmap follows nobody's preference.
    let default = if how.form == Form::Png { Theme::Light } else { Theme::Auto };
    how.theme = theme.unwrap_or(default);
    if how.engine.is_some() && how.form != Form::Html {
        return Err(refuse("--engine goes with --html"));
    }
    let loaded = load(args.source("a scenario")?).map_err(|why| refuse(&why))?;
    let ready = loaded.ready(&policies);
    eprint!("{}", ready.problems);
    let Some(run) = ready.run() else { return Err(ExitCode::from(BAD_INPUT)) };
    let bytes = make(&ready, run, &how).map_err(|why| refuse(&why))?;
    let written = match out {
        Some(file) => std::fs::write(file, bytes).map_err(|e| format!("{file}: {e}")),
        None => std::io::stdout().write_all(&bytes).map_err(|e| e.to_string()),
    };
    written.map_err(|why| refuse(&why))?;
    Ok(if ready.is_bad { ExitCode::from(BAD_INPUT) } else { ExitCode::SUCCESS })
}

fn not_one(option: &str, value: &str, what: &str) -> ExitCode {
    refuse(&format!("{option} takes {what}, not \"{value}\""))
}

fn grain(name: &str) -> Option<Grain> {
    match name {
        "access" => Some(Grain::Access),
        "statement" => Some(Grain::Statement),
        "call" => Some(Grain::Call),
        _ => None,
    }
}

fn make(ready: &Ready, run: Run, how: &How) -> Result<Vec<u8>, String> {
    let scenario = &ready.scenario;
    let n_moves = scenario.schedule.len();
    if let Some(step) = how.step.filter(|step| *step > n_moves) {
        eprintln!("warning: the schedule has {n_moves} moves, so --step {step} is its end");
    }
    let at_link = Some(ready.cursor).filter(|cursor| *cursor > 0);
    let step = how.step.or(at_link).unwrap_or(n_moves).min(n_moves);
    Ok(match how.form {
        Form::Svg | Form::Png => {
            let mut film = Film::at(run, scenario, step);
            film.link = link_of(ready, &film, step);
            let frame = film.frames.first().ok_or("there is nothing to draw")?;
            let svg = figure(&film, frame, how.theme);
            if how.form == Form::Png { crate::png::png(&svg, how.scale)? } else { svg.into_bytes() }
        }
        Form::Ascii | Form::Perfetto if step > N_TOLD_MAX => {
            return Err(format!(
                "every access of {step} moves is too much to tell; take --step N, {N_TOLD_MAX} at \
                 most"
            ));
        }
        Form::Ascii => race(run, &scenario.schedule, step, how.grain).into_bytes(),
        Form::Perfetto => trace(run, &scenario.title, &scenario.schedule[..step]).into_bytes(),
        Form::Steps => {
            let moments = n_moves.min(N_MOMENTS_MAX);
            let film = Film::shoot(run, scenario, |at| at <= moments);
            let none = "there is nothing to step through, or too much to carry beside a figure";
            steps(&film).ok_or(none)?.into_bytes()
        }
        Form::Html => {
            if n_moves >= N_MOMENTS_MAX {
                return Err(format!(
                    "a page steps through {N_MOMENTS_MAX} moments at most, and the schedule has \
                     {n_moves} moves: draw one with --svg --step N"
                ));
            }
            let race = race(run.clone(), &scenario.schedule, n_moves, how.grain);
            let mut film = Film::shoot(run, scenario, |_| true);
            film.link = link_of(ready, &film, n_moves);
            let engine = match &how.engine {
                Some(folder) => Some(engine(folder, ready, &film)?),
                None => None,
            };
            page(&film, &race, how.theme, engine.as_ref()).into_bytes()
        }
    })
}

/// The playground in a folder, as a page carries it along.
fn engine(folder: &str, ready: &Ready, film: &Film) -> Result<Engine, String> {
    let part = |names: &[&str]| {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        for name in names {
            let path = std::path::Path::new(folder).join(name);
            let not = |e: std::io::Error| {
                format!(
                    "{}: {e}; --engine takes the folder that cargo xtask build makes",
                    path.display()
                )
            };
            let bytes = std::fs::read(&path).map_err(not)?;
            packed.write_all(&bytes).map_err(not)?;
        }
        let zipped = packed.finish().map_err(|e| e.to_string())?;
        Ok::<_, String>(base64::engine::general_purpose::STANDARD.encode(zipped))
    };
    let shared =
        Shared { scenario: film.scenario.clone(), edits: ready.edits.clone(), ..Shared::default() };
    Ok(Engine {
        script: part(&["app.js"])?,
        wasm: part(&["app_bg.wasm"])?,
        worker_script: part(&["worker.js"])?,
        worker_wasm: part(&["worker_bg.wasm"])?,
        style: part(&["style.css", "late.css"])?,
        link: link::encode(&shared).map_err(|why| why.to_string())?,
    })
}

/// A scenario's text names an edited listing; only a link holds it.
fn link_of(ready: &Ready, film: &Film, cursor: usize) -> Option<String> {
    if ready.edits.is_empty() {
        return None;
    }
    let (scenario, edits) = (film.scenario.clone(), ready.edits.clone());
    link::encode(&Shared { scenario, edits, cursor, ..Shared::default() }).ok()
}
