//! `memcg check`: every run of a scenario's threads under a policy, and the shortest that breaks a property.

mod asked;
mod progress;
mod told;

use crate::grace::Grace;
use crate::source::{Args, Ready, lane, load, read, unknown};
use crate::{BAD_INPUT, refuse};
use asked::{Conditions, Wanted, names, refuse_idle, refuse_pairs};
use memcg_core::check::{Check, Manner, Options, Properties, Property, Verdict, WalkBound};
use memcg_core::program::Program;
use memcg_core::registry;
use memcg_core::schedule::LaneSpec;
use memcg_core::search::{Limits, Progress};
use memcg_core::world::World;
use memcg_render::verdict::{Case, Findings};
use memcg_scenario::link::ListingEdit;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use told::Form;

const OPTIONS: [&str; 18] = [
    "--policy",
    "--grace",
    "--listing",
    "--only",
    "--also",
    "--restarts",
    "--rounds",
    "--calls",
    "--states",
    "--mib",
    "--unreduced",
    "--no-symmetry",
    "--preemptions",
    "--drawn",
    "--json",
    "--witnesses",
    "--ascii",
    "--link",
];

/// States looked at in one go.
const SLICE: usize = 100_000;

/// What the command line asks for.
struct Asked<'a> {
    policies: Vec<LaneSpec>,
    grace: Option<Grace>,
    listing: Option<&'a str>,
    bound: WalkBound,
    options: Options,
    wanted: Wanted<'a>,
    shows_witnesses: bool,
    form: Form,
}

/// The command.
pub(crate) fn command(args: &[String]) -> Result<ExitCode, ExitCode> {
    let mut args = Args::new(args);
    let asked = options(&mut args)?;
    let mut loaded = load(args.source("a scenario")?).map_err(|why| refuse(&why))?;
    let mut lanes = asked.policies.clone();
    if lanes.is_empty() {
        lanes.clone_from(&loaded.shared.scenario.lanes);
    }
    if let Some(grace) = asked.grace {
        loaded.shared.scenario.preemption = grace.preemption();
        lanes = lanes.into_iter().map(|lane| grace.lane(lane)).collect();
    }
    let ready = match asked.listing {
        None => loaded.ready(&lanes),
        Some(file) => {
            let (lane, program) = listing(file, &asked)?;
            // An edited listing that says what it is an edit of can go into a link.
            let own = &program.files[0];
            let base = registry::policy(own.header.get("policy"));
            let edit = base
                .map(|base| ListingEdit::between(base.name, &lane.policy, base.text, &own.text));
            loaded.shared.edits = edit.into_iter().collect();
            loaded.with(vec![(lane, program)])
        }
    };
    eprint!("{}", ready.problems);
    let (world, n_cut) = asked.bound.apply(&ready.world);
    let conditions = asked.wanted.conditions(&ready.scenario, &world)?;
    refuse_idle(&asked.options, &conditions)?;
    told::head(&ready, asked.bound, n_cut, asked.form);
    let status = check_all(&ready, &world, &asked, &conditions);
    Ok(if ready.is_bad { ExitCode::from(BAD_INPUT) } else { status })
}

fn options<'a>(args: &mut Args<'a>) -> Result<Asked<'a>, ExitCode> {
    let mut given = Vec::new();
    let mut asked = Asked {
        policies: Vec::new(),
        grace: None,
        listing: None,
        bound: WalkBound::Rounds(1),
        options: Options {
            properties: Properties::ALL,
            limits: Limits { n_states_max: 4_000_000, n_bytes_max: 1 << 30 },
            reduced: true,
            symmetric: true,
            manner: Manner::Every,
        },
        wanted: Wanted::default(),
        shows_witnesses: false,
        form: Form::Text { diagram: false, link: false },
    };
    while let Some(option) = args.option()? {
        given.push(option);
        match option {
            "--policy" => asked.policies.push(lane(args.value(option, "the name of a policy")?)),
            "--grace" => asked.grace = Some(grace(args)?),
            "--listing" => asked.listing = Some(args.value(option, "a file")?),
            "--only" => {
                asked.wanted.only.push(args.value(option, &names())?);
            }
            "--also" => asked.wanted.also.push(args.value(option, &names())?),
            "--restarts" => asked.wanted.n_restarts_max = Some(number(args, option)?),
            "--witnesses" => asked.shows_witnesses = true,
            "--rounds" => asked.bound = WalkBound::Rounds(number(args, option)?),
            "--calls" => asked.bound = WalkBound::Calls(number(args, option)?),
            "--states" => asked.options.limits.n_states_max = number(args, option)?,
            "--mib" => {
                let n_mib: usize = number(args, option)?;
                asked.options.limits.n_bytes_max = n_mib.saturating_mul(1 << 20);
            }
            "--unreduced" => asked.options.reduced = false,
            "--no-symmetry" => asked.options.symmetric = false,
            "--preemptions" => asked.options.manner = Manner::Preemptions(preemptions(args)?),
            "--drawn" => asked.options.manner = Manner::Drawn(number(args, option)?),
            "--json" => asked.form = Form::Json,
            "--ascii" => asked.form = asked.form.with(true, false),
            "--link" => asked.form = asked.form.with(false, true),
            other => return Err(unknown(other, &OPTIONS)),
        }
    }
    asked.options.properties = asked.wanted.properties()?;
    refuse_pairs(&given)?;
    Ok(asked)
}

pub(crate) fn number<N: std::str::FromStr + Default + PartialEq>(
    args: &mut Args,
    option: &str,
) -> Result<N, ExitCode> {
    let text = args.value(option, "a number from 1 on")?;
    let number = text.parse().ok().filter(|n| *n != N::default());
    number.ok_or_else(|| refuse(&format!("{option} takes a number from 1 on, not \"{text}\"")))
}

/// The value of `--grace`.
pub(crate) fn grace(args: &mut Args) -> Result<Grace, ExitCode> {
    let name = args.value("--grace", "rcu, sched-only or none")?;
    Grace::of_name(name)
        .ok_or_else(|| refuse(&format!("--grace takes rcu, sched-only or none, not \"{name}\"")))
}

/// The value of `--only`.
pub(crate) fn property(args: &mut Args) -> Result<Property, ExitCode> {
    let names = Property::ALL.map(Property::name).join(", ");
    let name = args.value("--only", &names)?;
    Property::from_name(name)
        .ok_or_else(|| refuse(&format!("--only takes {names}, not \"{name}\"")))
}

fn preemptions(args: &mut Args) -> Result<u8, ExitCode> {
    let text = args.value("--preemptions", "a number up to 255")?;
    let refused = |_| refuse(&format!("--preemptions takes a number up to 255, not \"{text}\""));
    text.parse().map_err(refused)
}

/// The lane of an edited listing; it has the file's name.
fn listing(file: &str, asked: &Asked) -> Result<(LaneSpec, Program), ExitCode> {
    let text = read(file).map_err(|why| refuse(&why))?;
    let stem = Path::new(file).file_stem().map_or_else(|| file.into(), |s| s.to_string_lossy());
    let lane = LaneSpec { policy: stem.into_owned(), core: None };
    let own = memcg_core::listing::header(&text).get("core").to_string();
    let lane = match asked.grace {
        Some(grace) => grace.on_core(lane, &own),
        None => lane,
    };
    let program = registry::compile_text(&text, lane.core.as_deref())
        .map_err(|why| refuse(&format!("{file}: {why}")))?;
    Ok((lane, program))
}

/// Checks every lane, and tells each verdict; what the worst comes to.
fn check_all(ready: &Ready, world: &World, asked: &Asked, conditions: &Conditions) -> ExitCode {
    let (mut is_broken, mut is_bounded) = (false, false);
    let mut told = Vec::new();
    for (lane, program) in &ready.lanes {
        let questions = asked.wanted.questions(conditions);
        let (its_program, its_world) = (Arc::new(program.clone()), Arc::new(world.clone()));
        let mut check = Check::asking(its_program, its_world, asked.options, questions);
        let mut meter = progress::Meter::new();
        while check.run(SLICE) == Progress::More {
            meter.tell(&check);
        }
        meter.wipe();
        let Some(verdict) = check.verdict() else { continue };
        let front = match verdict {
            Verdict::Bounded { .. } => check.front(),
            _ => None,
        };
        is_broken |= matches!(verdict, Verdict::Broken(_));
        is_bounded |= matches!(verdict, Verdict::Bounded { .. });
        let case = Case {
            scenario: &ready.scenario,
            world,
            bound: asked.bound,
            lane,
            program,
            options: &asked.options,
            edits: &ready.edits,
            conditions,
            n_restarts_max: asked.wanted.n_restarts_max.unwrap_or(0),
        };
        let witnesses = check.witnesses();
        let findings = Findings {
            verdict,
            front: front.as_ref(),
            witnesses: &witnesses,
            is_complete: check.is_complete(),
        };
        match asked.form {
            Form::Json => told.push(told::json(&case, &findings)),
            Form::Text { diagram, link } => {
                let extras = told::Extras { diagram, link, witnesses: asked.shows_witnesses };
                print!("{}", told::text(&case, &findings, extras));
            }
        }
    }
    if asked.form == Form::Json {
        println!("{:#}", serde_json::Value::from(told));
    }
    ExitCode::from(match (is_broken, is_bounded) {
        (true, _) => 1,
        (false, true) => 3,
        (false, false) => 0,
    })
}
