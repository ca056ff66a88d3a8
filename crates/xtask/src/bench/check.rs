//! The search of `memcg check` beside others on one world: a root with three children, two reclaimers of three calls
//! each, one removal, under a policy that holds. Others have it written by hand, crates/bench/rivals.
//!
//! All are built before any is timed, each has one thread, and of three runs the quickest counts.

use super::{Timing, timings};
use crate::run::Run;
use crate::say::{self, Failure, Outcome};
use crate::setup::{find, root};
use std::path::{Path, PathBuf};

/// How often SPIN and stateright are run. Our own cases repeat themselves.
const N_RUNS: usize = 3;

/// Names of our cases, as the bench prints them.
const EVERY_ACCESS: &str = "every access a step";
const ALL_REDUCTIONS: &str = "all reductions";

/// Builds all, times all, prints ratios.
pub(super) fn bench() -> Outcome<()> {
    say::heading("Building the search and its rivals");
    Run::new("native bench built", "cargo")
        .args(["build", "--release", "-p", "memcg-bench"])
        .dir(&root())
        .quietly()?;
    let rivals = root().join("crates/bench/rivals");
    Run::new("stateright's world built", "cargo")
        .args(["build", "--release", "--locked"])
        .env("CARGO_TARGET_DIR", root().join("target/rivals"))
        .dir(&rivals.join("stateright"))
        .expect("a minute the first time")
        .quietly()?;
    let pan = spin(&rivals)?;
    say::heading("One world, checked to the end");
    let own = Run::new("by the search of the core", "cargo")
        .args(["run", "--release", "-q", "-p", "memcg-bench", "--", "check"])
        .dir(&root())
        .quietly()?;
    let program = root().join("target/rivals/release/memcg-bench-stateright");
    let stateright = quickest("by stateright", &program, &[], &root(), |lines| {
        timings(lines).into_iter().next()
    })?;
    let spin = match &pan {
        // Depth and table are more than it needs, and invalid ends are no faults: the worker waits for ever.
        Some(folder) => {
            let args = ["-E", "-m100000", "-w24", "-n"];
            Some(quickest("by SPIN", &folder.join("pan"), &args, folder, told)?)
        }
        None => None,
    };
    report(&own, &stateright, spin.as_ref())
}

/// Where SPIN's verifier is built; `None` where there is no SPIN, with a word about it.
fn spin(rivals: &Path) -> Outcome<Option<PathBuf>> {
    let (Some(spin), Some(gcc)) = (find(&["spin"]), find(&["gcc"])) else {
        say::note("SPIN or gcc is not here: skipped. `apt-get install -y spin gcc` brings them.");
        return Ok(None);
    };
    let folder = root().join("target/rivals/spin");
    std::fs::create_dir_all(&folder).map_err(say::at(&folder))?;
    Run::new("SPIN's verifier written", spin)
        .args([Path::new("-a"), &rivals.join("two-reclaimers.pml")])
        .dir(&folder)
        .quietly()?;
    Run::new("SPIN's verifier built", gcc)
        .args(["-O2", "-w", "-DSAFETY", "-o", "pan", "pan.c"])
        .dir(&folder)
        .quietly()?;
    Ok(Some(folder))
}

/// The quickest of some runs.
fn quickest(
    what: &str,
    program: &Path,
    args: &[&str],
    dir: &Path,
    read: impl Fn(&[String]) -> Option<Timing>,
) -> Outcome<Timing> {
    let mut best: Option<Timing> = None;
    for _ in 0..N_RUNS {
        let begun = std::time::Instant::now();
        let lines = Run::new(what, program).args(args).dir(dir).quietly()?;
        let mut timing = read(&lines)
            .ok_or_else(|| Failure::new(format!("{what}: no figures")).last_lines(lines))?;
        if timing.milliseconds == 0.0 {
            timing.milliseconds = begun.elapsed().as_secs_f64() * 1_000.0;
        }
        if best.as_ref().is_none_or(|best| timing.milliseconds < best.milliseconds) {
            best = Some(timing);
        }
    }
    best.ok_or_else(|| Failure::new(format!("{what}: not run")))
}

/// What SPIN's verifier says; its clock has hundredths of a second at best, so ours is looked at. `None` if it found a
/// fault, or told of no states.
fn told(lines: &[String]) -> Option<Timing> {
    let is_clean = lines.iter().any(|line| line.ends_with("errors: 0"));
    let stored = lines.iter().find_map(|line| line.trim().strip_suffix(" states, stored"));
    let n_units = stored?.trim().parse().ok().filter(|_| is_clean)?;
    Some(Timing { name: "SPIN".to_owned(), n_units, milliseconds: 0.0 })
}

fn report(own: &[String], stateright: &Timing, spin: Option<&Timing>) -> Outcome<()> {
    let cases = timings(own);
    let case = |name: &str| {
        cases.iter().find(|case| case.name == name).ok_or_else(|| {
            Failure::new(format!("the bench did not time `{name}`")).last_lines(own.to_vec())
        })
    };
    say::line(&format!(
        "\n  {:<38} {:>10} {:>10} {:>12}",
        "one thread", "states", "ms", "states/s"
    ));
    let others = [("stateright", Some(stateright)), ("SPIN, its reduction on", spin)];
    let named = cases.iter().map(|case| (case.name.as_str(), case));
    for (name, timing) in named.chain(others.into_iter().filter_map(|(n, t)| Some((n, t?)))) {
        say::line(&format!(
            "  {name:<38} {:>10} {:>10.1} {:>12.0}",
            timing.n_units,
            timing.milliseconds,
            super::rate(timing) * 1_000.0
        ));
    }
    for line in own.iter().filter_map(|line| line.strip_prefix("bytes\t")) {
        let fields: Vec<&str> = line.split('\t').collect();
        if let [name, per_state, all] = fields[..] {
            say::line(&format!("  {name}: {per_state} bytes a stored state, {all} with all"));
        }
    }
    let every = case(EVERY_ACCESS)?;
    if every.n_units != stateright.n_units {
        return Err(Failure::new(format!(
            "not the same world: {} states, and {} by stateright",
            every.n_units, stateright.n_units
        )));
    }
    say::line(&format!(
        "\n  {:.2} times stateright's states per second on the same {} states (wanted: 5)",
        super::rate(every) / super::rate(stateright),
        every.n_units
    ));
    say::line(&format!(
        "  {:.3} of stateright's time to the complete verdict",
        case(ALL_REDUCTIONS)?.milliseconds / stateright.milliseconds
    ));
    if let Some(spin) = spin {
        say::line(&format!(
            "  {:.3} of SPIN's time to the complete verdict (wanted: at most 1)",
            case(ALL_REDUCTIONS)?.milliseconds / spin.milliseconds
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clean_verdict_of_spin_counts() {
        let lines = |errors| {
            [
                format!("State-vector 76 byte, depth reached 230, errors: {errors}"),
                "   525023 states, stored".to_owned(),
            ]
        };
        assert_eq!(told(&lines(0)).map(|timing| timing.n_units), Some(525_023));
        assert_eq!(told(&lines(1)), None);
        assert_eq!(told(&lines(0)[..1]), None);
    }

    #[test]
    fn another_world_is_not_compared() {
        let timing = |n_units| Timing { name: String::new(), n_units, milliseconds: 1.0 };
        let own = [EVERY_ACCESS, ALL_REDUCTIONS].map(|name| format!("bench\t{name}\t8\t2.0"));
        assert!(report(&own, &timing(8), None).is_ok());
        assert!(report(&own, &timing(9), None).is_err());
        assert!(report(&own[..1], &timing(8), Some(&timing(1))).is_err());
    }
}
