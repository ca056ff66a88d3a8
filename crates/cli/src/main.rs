//! `memcg`: runs scenarios and judges the model, from the command line.

#[macro_use]
mod out;

mod bytes;
mod check;
mod compare;
mod conform;
mod grace;
mod import;
mod link;
mod matrix;
mod png;
mod render;
mod replay;
mod run;
mod source;

use memcg_core::registry;
use run::{Detail, Verdict};
use source::Args;
use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
memcg: memory-cgroup iterators, run and compared

  memcg run SCENARIO [--policy NAME[:CORE]]… [--moves]
      run a scenario's schedule and print the trace, access by access; --moves: a sentence a move.
      SCENARIO is a file, `-` for standard input, the name of one in the gallery, or a link.
      exit status 0: all as the scenario expects, 1: otherwise, 2: mistakes in the scenario
  memcg compare SCENARIO [--policy NAME[:CORE]]… [--all] [--json | --markdown]
      the scenario's policies (or those named, or all) as a table, and where each first parts from the
      first; docs/compare.md says what is counted
  memcg check SCENARIO [--policy NAME[:CORE]]… [--grace rcu|sched-only|none] [--listing FILE]
              [--only NAME… | --also NAME…] [--restarts N] [--rounds N | --calls N] [--states N] [--mib N]
              [--preemptions N | --drawn N] [--unreduced] [--no-symmetry] [--witnesses] [--json] [--ascii] [--link]
      look at every run of the scenario's threads under each policy: a verdict, and the shortest schedule that breaks
      a property (safety, returned, leak, call-returns, walk-ends) or a condition of the scenario, as a scenario;
      docs/check.md says what is meant. NAME: one of these, condition:N, or coverage, double-visits, restarts (up to N);
      --witnesses: a scenario for each condition that holds sometimes;
      --listing: a policy's edited listing is checked instead; --rounds: of walks without end (1);
      --states, --mib: bounds (4000000, 1024); --ascii, --link: the schedule as a race diagram and as a link as well;
      --preemptions: only schedules with at most N switches inside a call; --drawn: only walks drawn by lot, N steps
      exit status 0: all holds, 1: something is broken, 2: bad input, 3: a bound was hit
  memcg matrix [--policy NAME]… [--grace rcu|sched-only|none]… [--only PROPERTY]… [--groups N] [--threads N]
               [--quick] [--states N] [--json]
      hold policies under each grace to all small worlds (trees of up to 5 cgroups, 1 to 3 reclaimers, 1 or 2
      removals), smallest first: which property fails, and the smallest world in which it does; docs/matrix.md.
      --groups, --threads: only worlds with at most so many; --quick: only 3 groups and 2 threads;
      --states: bound for all worlds of one size together (300000)
  memcg matrix --world NAME [--policy NAME]… [--grace NAME]
      print a world of the matrix as a scenario
  memcg render SCENARIO [--svg | --png | --ascii | --html | --steps | --perfetto] [--policy NAME[:CORE]]…
               [--theme auto|light|dark|print] [--step N] [--grain access|statement|call]
               [--scale N] [--engine DIST] [--out FILE]
      draw a scenario after N moves (without --step: after all, or where a link stands):
      a picture with the scenario inside (the default), a race diagram as in commit messages, a page of
      one file that steps through it, its steps as JSON for other pages, or a trace for Perfetto.
      --engine: the page carries the playground that cargo xtask build has put into DIST, and opens it on request
  memcg link encode SCENARIO [--base URL] [--cursor N] [--branch NAME] [--view KEY=VALUE]…
                    [--edit BASE[:NAME]=FILE]… [--plain] [--no-state]
      print the link of a scenario: the part after #, or with --base the whole address.
      --edit: the lanes NAME run the listing in FILE, an edited BASE
  memcg link decode LINK
      print the scenario in a link and, as comments, the state of the page; exit status 1 if the
      schedule no longer comes to the same end, 2 if the link is damaged
  memcg import [FILE]
      make a scenario of what `find /sys/fs/cgroup -type d`, `systemd-cgls` or `lscgroup` printed, or of a trace;
      of a figure or page that memcg render made (SVG, PNG, HTML), print the scenario in it
  memcg import --race FILE --for SCENARIO [--policy NAME[:CORE]]…
      read a race diagram as --ascii prints it, or as in a commit message: the scenario, with the schedule that makes
      the diagram's steps. exit status 0: every line was followed, 1: some were not, 2: none, or bad input
  memcg conform FILE… [--states N] [--drawn N] [--alone N] [--sample N] [--every N] [--check]
                [--one-exchange] [--lines]
      run vectors of real kernels (JSON lines, .gz or plain) through the model, a line per file.
      Calls must agree in all they record. Of races every outcome must be reachable: a search for all outcomes of a
      line keeps at most --states states; for what is left then, walks drawn by lot make --drawn steps, and another
      search follows; --alone: then one for each that is left, if no more are. --sample: look for so many outcomes of a line; --lines: say what came of every line
      --every: only every Nth line of a file. --check: in place of outcomes, every kind of fault and leak that was
      recorded of a line of races must be found by the checker there; what it finds that was not recorded is listed
      (with --lines: with its schedule, as a scenario)
      --one-exchange: a slot's position is exchanged by one access, as in the kernel and not as in the recording
      exit status 1 on any difference, or an outcome (a kind) that a complete search does not reach
  memcg replay TRACE --policy NAME[:CORE]… [--free]
      make the calls of the iterator that a kernel's trace holds again under a policy: how many it explains, and the
      first that it does not. --free: the policy goes its own way. exit status 0: all are explained, 1: otherwise
  memcg list
      the policies, cores and scenarios that come with it
";

const BAD_INPUT: u8 = 2;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next();
    let args: Vec<String> = args.collect();
    // A command that is refused has said why.
    let done = |status: Result<ExitCode, ExitCode>| status.unwrap_or_else(|status| status);
    match command.as_deref() {
        Some("run") => done(run_scenario(&args)),
        Some("compare") => done(compare::command(&args)),
        Some("check") => done(check::command(&args)),
        Some("matrix") => done(matrix::command(&args)),
        Some("render") => done(render::command(&args)),
        Some("link") => done(link::command(&args)),
        Some("import") => done(import::command(&args)),
        Some("conform") => conform_files(&args),
        Some("replay") => done(replay::command(&args)),
        Some("list") => list(),
        Some("help" | "--help" | "-h") => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => {
            eprint!("{USAGE}");
            ExitCode::from(BAD_INPUT)
        }
    }
}

fn refuse(why: &str) -> ExitCode {
    eprintln!("memcg: {why}");
    ExitCode::from(BAD_INPUT)
}

fn run_scenario(args: &[String]) -> Result<ExitCode, ExitCode> {
    let mut args = Args::new(args);
    let (mut policies, mut detail) = (Vec::new(), Detail::Accesses);
    while let Some(option) = args.option()? {
        match option {
            "--moves" => detail = Detail::Moves,
            "--policy" => policies.push(source::lane(args.value(option, "the name of a policy")?)),
            other => return Err(source::unknown(other, &["--moves", "--policy"])),
        }
    }
    let loaded = source::load(args.source("a scenario")?).map_err(|why| refuse(&why))?;
    let told = run::scenario(loaded.ready(&policies), detail);
    print!("{}", told.text);
    eprint!("{}", told.problems);
    Ok(match told.verdict {
        Verdict::AsExpected => ExitCode::SUCCESS,
        Verdict::Otherwise => ExitCode::from(1),
        Verdict::BadInput => ExitCode::from(BAD_INPUT),
    })
}

fn list() -> ExitCode {
    println!("policies");
    for entry in registry::policies() {
        let header = entry.header();
        println!("  {:22} {:14} {}", entry.name, header.get("years"), header.get("title"));
    }
    println!("cores");
    for entry in registry::cores() {
        println!(
            "  {:22} {:14} {}",
            entry.name,
            entry.header().get("years"),
            entry.header().get("title")
        );
    }
    println!("scenarios");
    for item in memcg_scenario::gallery() {
        println!(
            "  {:22} {:14} {}",
            item.name,
            "",
            memcg_scenario::parse(item.text).scenario.title
        );
    }
    ExitCode::SUCCESS
}

fn conform_files(args: &[String]) -> ExitCode {
    let mut bounds = conform::Bounds::default();
    let mut paths = Vec::new();
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let bound = match arg.as_str() {
            "--states" => &mut bounds.n_states_max,
            "--drawn" => &mut bounds.n_drawn_max,
            "--alone" => &mut bounds.n_alone_max,
            "--sample" => &mut bounds.n_sample_max,
            "--every" => &mut bounds.every,
            "--lines" => {
                bounds.lines = true;
                continue;
            }
            "--check" => {
                bounds.check = true;
                continue;
            }
            "--one-exchange" => {
                bounds.exchange = conform::Exchange::InOne;
                continue;
            }
            other if other.starts_with("--") => {
                return refuse(&format!("\"{other}\" is not understood; see memcg help"));
            }
            path => {
                paths.push(PathBuf::from(path));
                continue;
            }
        };
        match args.next().and_then(|n| n.parse().ok()) {
            Some(0) if arg == "--every" => return refuse("--every takes a number from 1 on"),
            Some(n) => *bound = n,
            None => return refuse(&format!("{arg} takes a number")),
        }
    }
    if paths.is_empty() {
        return refuse("name at least one file of vectors");
    }
    let mut agree = true;
    for path in paths {
        agree &= conform::report(&path, &bounds, &mut |line| println!("{line}"));
    }
    if agree { ExitCode::SUCCESS } else { ExitCode::from(1) }
}
