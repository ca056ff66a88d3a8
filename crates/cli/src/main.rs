//! `memcg`: runs scenarios and judges the model, from the command line.

mod conform;
mod run;

use memcg_core::registry;
use memcg_core::schedule::LaneSpec;
use run::{Detail, Verdict};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const USAGE: &str = "\
memcg: memory-cgroup iterators, run and compared

  memcg run SCENARIO [--policy NAME[:CORE]]… [--moves]
      run a scenario's schedule and print the trace, access by access; --moves: a sentence a move.
      SCENARIO is a file, `-` for standard input, or the name of one in the gallery.
      exit status 0: all as the scenario expects, 1: otherwise, 2: mistakes in the scenario
  memcg import [FILE]
      make a scenario of what `find /sys/fs/cgroup -type d`, `systemd-cgls` or `lscgroup` printed
  memcg conform FILE… [--states N] [--drawn N] [--sample N] [--lines]
      run vectors of real kernels (JSON lines, .gz or plain) through the model, a line per file.
      Calls must agree in all they record. Of races every outcome must be reachable: a search for all outcomes of a
      line keeps at most --states states; for what is left then, walks drawn by lot make --drawn steps, and another
      search follows. --sample: look for so many outcomes of a line; --lines: say what came of every line
      exit status 1 on any difference, or an outcome that a complete search does not reach
  memcg list
      the policies, cores and scenarios that come with it
";

const BAD_INPUT: u8 = 2;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next();
    let args: Vec<String> = args.collect();
    match command.as_deref() {
        Some("run") => run_scenario(&args),
        Some("import") => import(&args),
        Some("conform") => conform_files(&args),
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

/// A file's text, or standard input's for `-`; bytes that are not UTF-8 are replaced.
fn read(path: &str) -> Result<String, String> {
    let bytes = if path == "-" {
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut std::io::stdin(), &mut bytes).map(|_| bytes)
    } else {
        fs::read(path)
    };
    let bytes = bytes.map_err(|e| format!("{path}: {e}"))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn run_scenario(args: &[String]) -> ExitCode {
    let mut policies = Vec::new();
    let mut detail = Detail::Accesses;
    let mut source = None;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--moves" => detail = Detail::Moves,
            "--policy" => match args.next() {
                Some(name) => policies.push(lane(name)),
                None => return refuse("--policy takes a name"),
            },
            name if source.is_none() => source = Some(name),
            extra => return refuse(&format!("\"{extra}\" is not understood; see memcg help")),
        }
    }
    let Some(source) = source else { return refuse("name a scenario; see memcg help") };
    let in_gallery = memcg_scenario::gallery().iter().find(|item| item.name == source);
    let text = match in_gallery {
        Some(item) if !Path::new(source).exists() => item.text.to_string(),
        _ => match read(source) {
            Ok(text) => text,
            Err(why) => return refuse(&why),
        },
    };
    let told = run::scenario(&text, &policies, detail);
    print!("{}", told.text);
    eprint!("{}", told.problems);
    match told.verdict {
        Verdict::AsExpected => ExitCode::SUCCESS,
        Verdict::Otherwise => ExitCode::from(1),
        Verdict::BadInput => ExitCode::from(BAD_INPUT),
    }
}

/// `NAME` or `NAME:CORE`.
fn lane(text: &str) -> LaneSpec {
    match text.split_once(':') {
        Some((policy, core)) => LaneSpec { policy: policy.into(), core: Some(core.into()) },
        None => LaneSpec { policy: text.into(), core: None },
    }
}

fn import(args: &[String]) -> ExitCode {
    let text = match read(args.first().map_or("-", String::as_str)) {
        Ok(text) => text,
        Err(why) => return refuse(&why),
    };
    let imported = memcg_scenario::import::read(&text);
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
            "--sample" => &mut bounds.n_sample_max,
            "--lines" => {
                bounds.lines = true;
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
