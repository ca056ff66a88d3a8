//! `cargo xtask bench`: the same work natively and in Chromium, in one run on one machine.
//!
//! The work is in crates/bench. Both are built before either is timed, so that no compiler disturbs.

mod check;

use crate::build::{self, Care};
use crate::options::Options;
use crate::run::Run;
use crate::say::{self, Failure, Outcome, at};
use crate::setup::{browser, node, root, tools, wasm};
use std::fs;
use std::path::PathBuf;

/// `index.html` of the bench, which is not part of `dist/`.
const PAGE: &str = "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<link rel=\"icon\" href=\"data:,\">\n\
                    <script type=\"module\">import init from \"./memcg-bench.js\"; init();</script>\n";

/// One line of either side.
#[derive(Debug, PartialEq)]
struct Timing {
    name: String,
    n_units: u64,
    milliseconds: f64,
}

/// A part: its name on the command line, and what it does.
type Part = (&'static str, fn() -> Outcome<()>);

const PARTS: [Part; 2] = [("browser", in_browser), ("check", check::bench)];

/// Runs the parts asked for, or all.
pub(crate) fn bench(options: &Options) -> Outcome<()> {
    let names = PARTS.map(|(name, _)| name);
    if let Some(strange) = options.all("only").find(|name| !names.contains(name)) {
        return Err(Failure::new(format!("the bench has no part `{strange}`"))
            .advice(format!("Its parts are {}.", names.join(" and "))));
    }
    let is_asked = |name| options.last("only").is_none() || options.all("only").any(|n| n == name);
    for (_, run) in PARTS.into_iter().filter(|(name, _)| is_asked(*name)) {
        run()?;
    }
    Ok(())
}

/// Builds both, times both, prints their ratio.
fn in_browser() -> Outcome<()> {
    let folder = compile()?;
    say::heading("Timing");
    let native = Run::new("natively", "cargo")
        .args(["run", "--release", "-q", "-p", "memcg-bench"])
        .dir(&root())
        .quietly()?;
    let script = node::modules()?.join("bench.mjs");
    let browser = Run::new("in Chromium", node::node()?)
        .args([script, folder])
        .env("CHROMIUM", browser::chromium()?)
        .advice("The same work is done natively by `cargo run --release -p memcg-bench`.")
        .quietly()?;
    report(&timings(&native), &timings(&browser))?;
    say::heading("A step, drawn");
    built("dist/ stepped", "bench-step.mjs")?;
    built("lanes checked in dist/", "bench-check.mjs")?;
    say::heading("A figure, asked for");
    built("figures of dist/ asked for", "bench-figure.mjs")
}

/// Runs a script against what `cargo xtask build` has built, and prints what it says.
fn built(what: &str, script: &str) -> Outcome<()> {
    let said = Run::new(what, node::node()?)
        .args([node::modules()?.join(script)])
        .env("CHROMIUM", browser::chromium()?)
        .advice("It looks at what `cargo xtask build` has built.")
        .quietly()?;
    for line in &said {
        say::line(line);
    }
    Ok(())
}

fn compile() -> Outcome<PathBuf> {
    say::heading("Setting up");
    let toolchain = wasm::toolchain()?;
    let (bindgen, optimiser) = (tools::wasm_bindgen()?, tools::wasm_opt()?);
    node::modules()?;
    browser::chromium()?;
    say::heading("Building");
    Run::new("native bench built", "cargo")
        .args(["build", "--release", "-p", "memcg-bench"])
        .dir(&root())
        .quietly()?;
    Run::new("bench built as WebAssembly", &toolchain.cargo)
        .args([
            "build",
            "-p",
            "memcg-bench",
            "--target",
            "wasm32-unknown-unknown",
            "--profile",
            "web",
        ])
        .envs(&toolchain.env)
        .envs(&build::small(&toolchain, Care::Published)?)
        .dir(&root())
        .quietly()?;
    let folder = root().join("target/bench");
    let built = root().join("target/wasm/wasm32-unknown-unknown/web/memcg-bench.wasm");
    Run::new("its glue written", bindgen.join("wasm-bindgen"))
        .args(["--target", "web", "--no-typescript", "--out-dir"])
        .args([&folder, &built])
        .quietly()?;
    // As the page's programs are treated, or it would time something else than what is published.
    let wasm = folder.join("memcg-bench_bg.wasm");
    Run::new("optimised as the page is", optimiser.join("wasm-opt"))
        .args(["-Oz", "-o"])
        .args([&wasm, &wasm])
        .quietly()?;
    let page = folder.join("index.html");
    fs::write(&page, PAGE).map_err(at(&page))?;
    Ok(folder)
}

fn report(native: &[Timing], browser: &[Timing]) -> Outcome<()> {
    if native.is_empty() || native.len() != browser.len() {
        return Err(Failure::new(format!(
            "{} cases were timed natively and {} in Chromium",
            native.len(),
            browser.len()
        )));
    }
    say::line(&format!(
        "\n  {:<32} {:>12} {:>16} {:>16} {:>8}",
        "case", "units", "native, /ms", "Chromium, /ms", "ratio"
    ));
    for (a, b) in native.iter().zip(browser) {
        if (&a.name, a.n_units) != (&b.name, b.n_units) {
            return Err(Failure::new(format!("not the same work: {a:?} and {b:?}")).advice(
                "A case must not depend on the width of a pointer, a clock or a random number.",
            ));
        }
        let (native_rate, browser_rate) = (rate(a), rate(b));
        say::line(&format!(
            "  {:<32} {:>12} {native_rate:>16.0} {browser_rate:>16.0} {:>8.2}",
            a.name,
            a.n_units,
            browser_rate / native_rate
        ));
    }
    say::line("\n  ratio: how much of the native speed Chromium reaches");
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people to read")]
fn rate(timing: &Timing) -> f64 {
    timing.n_units as f64 / timing.milliseconds
}

fn timings(lines: &[String]) -> Vec<Timing> {
    let parse = |line: &String| {
        let mut fields = line.strip_prefix("bench\t")?.split('\t');
        Some(Timing {
            name: fields.next()?.to_owned(),
            n_units: fields.next()?.parse().ok()?,
            milliseconds: fields.next()?.parse().ok()?,
        })
    };
    lines.iter().filter_map(parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_lines_of_the_bench_are_read() {
        let lines = ["bench\twalks\t85\t2.500", "something else"].map(str::to_owned);
        let walks = Timing { name: "walks".to_owned(), n_units: 85, milliseconds: 2.5 };
        assert_eq!(timings(&lines), [walks]);
    }

    #[test]
    fn different_work_is_not_compared() {
        let timing = |n_units| [Timing { name: "walks".to_owned(), n_units, milliseconds: 1.0 }];
        assert!(report(&timing(1), &timing(1)).is_ok());
        assert!(report(&timing(1), &timing(2)).is_err());
    }
}
