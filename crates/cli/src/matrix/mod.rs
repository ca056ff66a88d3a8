//! `memcg matrix`: policies by graces, held to a family of small worlds: which property fails where, and the smallest
//! world in which it does.

mod cell;
mod family;
mod told;

use crate::check::{grace, number, property};
use crate::grace::Grace;
use crate::refuse;
use crate::source::{Args, all_lanes, lane, unknown};
use cell::{Asked, Cell, judge};
use family::{ALL, Size, Small, worlds};
use memcg_core::check::Properties;
use memcg_core::registry;
use memcg_core::schedule::LaneSpec;
use std::io::{IsTerminal, Write as _, stderr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

const OPTIONS: [&str; 9] = [
    "--policy",
    "--grace",
    "--only",
    "--states",
    "--groups",
    "--threads",
    "--quick",
    "--json",
    "--world",
];

/// States that the worlds of one size may have together.
const N_STATES_MAX: usize = 300_000;
/// What a quick run looks at: one reclaimer, one administrator.
const QUICK: Size = Size { n_groups: 3, n_threads: 2 };

/// What the command line asks for.
struct Wanted<'a> {
    lanes: Vec<LaneSpec>,
    graces: Vec<Grace>,
    up_to: Size,
    asked: Asked,
    is_json: bool,
    world: Option<&'a str>,
}

/// The command.
pub(crate) fn command(args: &[String]) -> Result<ExitCode, ExitCode> {
    let mut args = Args::new(args);
    let wanted = options(&mut args)?;
    if let Some(word) = args.source {
        return Err(refuse(&format!("\"{word}\" is not understood; see memcg help")));
    }
    if let Some(name) = wanted.world {
        return scenario(name, &wanted);
    }
    let worlds = worlds(wanted.up_to);
    let mut meter = Meter::new();
    let mut cells = Vec::new();
    let lanes = if wanted.lanes.is_empty() { all_lanes() } else { wanted.lanes.clone() };
    for lane in &lanes {
        for grace in graces(&wanted) {
            cells.push(one(lane.clone(), grace, &worlds, wanted.asked, &mut meter)?);
        }
    }
    meter.wipe();
    if wanted.is_json {
        print!("{}", told::json(&cells, &worlds, wanted.asked));
    } else {
        print!("{}", told::table(&cells, wanted.asked));
    }
    Ok(ExitCode::SUCCESS)
}

fn graces(wanted: &Wanted) -> Vec<Grace> {
    if wanted.graces.is_empty() { Grace::ALL.to_vec() } else { wanted.graces.clone() }
}

fn one(
    lane: LaneSpec,
    grace: Grace,
    worlds: &[Small],
    asked: Asked,
    meter: &mut Meter,
) -> Result<Cell, ExitCode> {
    let lane = grace.lane(lane);
    let program = registry::compile_lane(&lane).map_err(|why| refuse(&why.to_string()))?;
    let what = format!("{lane}, {}", grace.name());
    let mut tell = |world: &Small, n_states: usize| meter.tell(&what, world, n_states);
    Ok(judge(lane, grace, &Arc::new(program), worlds, asked, &mut tell))
}

/// Prints a world as a scenario.
fn scenario(name: &str, wanted: &Wanted) -> Result<ExitCode, ExitCode> {
    let small = Small::of_name(name).map_err(|why| refuse(&why))?;
    let grace = match wanted.graces[..] {
        [] => None,
        [grace] => Some(grace),
        _ => return Err(refuse("a scenario has one --grace")),
    };
    let mut scenario = small.scenario(grace.unwrap_or(Grace::Rcu).preemption());
    for lane in &wanted.lanes {
        registry::compile_lane(lane).map_err(|why| refuse(&why.to_string()))?;
        let lane = lane.clone();
        scenario.lanes.push(grace.map_or(lane.clone(), |grace| grace.lane(lane)));
    }
    print!("{}", memcg_scenario::print(&scenario));
    Ok(ExitCode::SUCCESS)
}

fn options<'a>(args: &mut Args<'a>) -> Result<Wanted<'a>, ExitCode> {
    let mut wanted = Wanted {
        lanes: Vec::new(),
        graces: Vec::new(),
        up_to: ALL,
        asked: Asked { properties: Properties::ALL, n_states_max: N_STATES_MAX },
        is_json: false,
        world: None,
    };
    let mut only: Option<Properties> = None;
    while let Some(option) = args.option()? {
        match option {
            "--policy" => wanted.lanes.push(lane(args.value(option, "the name of a policy")?)),
            "--grace" => wanted.graces.push(grace(args)?),
            "--only" => {
                let more = Properties::only(property(args)?);
                only = Some(only.map_or(more, |known| known.and(more)));
            }
            "--states" => wanted.asked.n_states_max = number(args, option)?,
            "--groups" => wanted.up_to.n_groups = up_to(args, option)?,
            "--threads" => wanted.up_to.n_threads = up_to(args, option)?,
            "--quick" => wanted.up_to = QUICK,
            "--json" => wanted.is_json = true,
            "--world" => wanted.world = Some(args.value(option, "the name of a world")?),
            other => return Err(unknown(other, &OPTIONS)),
        }
    }
    wanted.asked.properties = only.unwrap_or(wanted.asked.properties);
    Ok(wanted)
}

/// A number of groups or threads that the family has.
fn up_to(args: &mut Args, option: &str) -> Result<usize, ExitCode> {
    let text = args.value(option, "a number from 2 to 5")?;
    let number = text.parse().ok().filter(|n| (2..=5).contains(n));
    number.ok_or_else(|| refuse(&format!("{option} takes a number from 2 to 5, not \"{text}\"")))
}

/// Where it is, on one line of a terminal that is written again every second.
struct Meter {
    is_seen: bool,
    told: Instant,
}

impl Meter {
    fn new() -> Self {
        Self { is_seen: stderr().is_terminal(), told: Instant::now() }
    }

    fn tell(&mut self, what: &str, world: &Small, n_states: usize) {
        if !self.is_seen || self.told.elapsed() < Duration::from_secs(1) {
            return;
        }
        let Size { n_groups, n_threads } = world.size();
        eprint!(
            "\r\x1b[K{what}: {n_groups} cgroups, {n_threads} threads, {world}, {n_states} states"
        );
        // Without a terminal any more there is nobody to tell.
        self.is_seen = stderr().flush().is_ok();
        self.told = Instant::now();
    }

    fn wipe(&self) {
        if self.is_seen {
            eprint!("\r\x1b[K");
        }
    }
}
