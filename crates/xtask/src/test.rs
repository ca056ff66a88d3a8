//! `cargo xtask test`: everything that must hold, stage after stage.
//!
//! A stage that fails does not stop the next ones, so that one run shows all. What runs no countable tests
//! (formatting, lints, builds) counts one failure if it fails and nothing if it holds.

use crate::build::{self, Care};
use crate::count::Count;
use crate::docs;
use crate::options::Options;
use crate::run::{Run, is_progress};
use crate::say::{self, Failure, Outcome};
use crate::setup::{browser, node, root, tools, wasm};
use crate::sizes;
use std::fs;
use std::process::ExitCode;
use std::time::Instant;

/// A stage: its name on the command line, its heading, what it does.
struct Stage {
    name: &'static str,
    heading: &'static str,
    /// A stage that must have come to its end, or this one would test something old.
    after: Option<&'static str>,
    run: fn(&Options) -> Outcome<Count>,
}

const STAGES: [Stage; 8] = [
    Stage { name: "format", heading: "Formatting", after: None, run: format },
    Stage { name: "lint", heading: "Lints", after: None, run: lint },
    Stage { name: "native", heading: "Native tests", after: None, run: native },
    Stage { name: "bare", heading: "The core without an operating system", after: None, run: bare },
    Stage {
        name: "wasm",
        heading: "The core's tests as WebAssembly in Chromium",
        after: None,
        run: in_browser,
    },
    Stage { name: "dist", heading: "The page as published", after: None, run: published },
    Stage {
        name: "e2e",
        heading: "The page in Chromium, from end to end",
        after: Some("dist"),
        run: end_to_end,
    },
    Stage {
        name: "docs",
        heading: "Figures in documentation: mdBook, Sphinx and a page of somebody's own",
        after: Some("dist"),
        run: |options| docs::test(options, counted),
    },
];

/// Crates whose tests run in the browser as well.
const PORTABLE: [&str; 4] = ["-p", "memcg-core", "-p", "memcg-scenario"];

/// Runs the stages asked for, or all; the last line is the count.
pub(crate) fn test(options: &Options) -> Outcome<ExitCode> {
    let names: Vec<&str> = STAGES.iter().map(|stage| stage.name).collect();
    if let Some(strange) = options.all("only").find(|name| !names.contains(name)) {
        let what = format!("there is no stage `{strange}`");
        return Err(Failure::new(what).advice(format!("The stages are {}.", names.join(", "))));
    }
    let wanted =
        |name: &str| options.all("only").next().is_none() || options.all("only").any(|n| n == name);
    let (mut sum, mut hurt, mut broken) = (Count::default(), Vec::new(), Vec::new());
    let started = Instant::now();
    for stage in STAGES.iter().filter(|stage| wanted(stage.name)) {
        let stage_started = Instant::now();
        say::heading(stage.heading);
        let result = match stage.after.filter(|earlier| broken.contains(earlier)) {
            Some(earlier) => Err(Failure::new(format!("not run, because `{earlier}` failed"))),
            None => (stage.run)(options),
        };
        if result.is_err() {
            broken.push(stage.name);
        }
        let count = result.unwrap_or_else(|failure| failed(&failure));
        if count.failed > 0 {
            hurt.push(stage.name);
        }
        say::note(&format!(
            "stage `{}`: {} passed, {} failed, {}",
            stage.name,
            count.passed,
            count.failed,
            say::elapsed(stage_started.elapsed())
        ));
        sum.add(count);
    }
    say::line("");
    if !hurt.is_empty() {
        say::line(&format!(
            "Failed stages: {}. One alone: cargo xtask test --only {}",
            hurt.join(", "),
            hurt[0]
        ));
    }
    say::line(&format!("All stages took {}.", say::elapsed(started.elapsed())));
    say::line(&format!("{} passed, {} failed", sum.passed, sum.failed));
    Ok(if hurt.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn format(_: &Options) -> Outcome<Count> {
    Run::new("rustfmt finds nothing to change", "cargo")
        .args(["fmt", "--all", "--check"])
        .dir(&root())
        .advice("`cargo fmt --all` changes it.")
        .quietly()
        .map(|_| Count::default())
}

fn lint(_: &Options) -> Outcome<Count> {
    Run::new("clippy finds nothing to say", "cargo")
        .args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
        .dir(&root())
        .advice("`cargo clippy --workspace --all-targets` says it again, in full.")
        .quietly()
        .map(|_| Count::default())
}

fn native(_: &Options) -> Outcome<Count> {
    counted(
        Run::new("native tests", "cargo")
            .args(["test", "--workspace", "--no-fail-fast"])
            .dir(&root())
            .advice("One test alone: `cargo test -p CRATE NAME`."),
    )
}

fn bare(_: &Options) -> Outcome<Count> {
    let toolchain = wasm::toolchain()?;
    let folder = root().join("target/bare");
    let mut run =
        Run::new(format!("core and ftrace built for {}", wasm::BARE_TARGET), &toolchain.cargo)
            .args([
                "build",
                "-p",
                "memcg-core",
                "-p",
                "memcg-ftrace",
                "--target",
                wasm::BARE_TARGET,
            ])
            .dir(&root())
            .envs(&toolchain.env)
            .env("CARGO_TARGET_DIR", folder)
            .advice("They may use `core` and `alloc` only.");
    if toolchain.build_bare_core {
        run = run.args(["-Zbuild-std=core,alloc"]).env("RUSTC_BOOTSTRAP", "1");
    }
    run.quietly().map(|_| Count::default())
}

fn in_browser(_: &Options) -> Outcome<Count> {
    let toolchain = wasm::toolchain()?;
    let runner = tools::wasm_bindgen()?.join("wasm-bindgen-test-runner");
    let webdriver = webdriver_json()?;
    let run = Run::new("tests in Chromium", &toolchain.cargo)
        .args(["test", "--no-fail-fast", "--target", "wasm32-unknown-unknown", "--lib", "--tests"])
        .args(PORTABLE)
        .dir(&root())
        .envs(&toolchain.env)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("RUST_BACKTRACE", "0")
        .env("WASM_BINDGEN_USE_BROWSER", "1")
        .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", webdriver)
        // A slow machine is no failure.
        .env("WASM_BINDGEN_TEST_TIMEOUT", "1800")
        .env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "120")
        .env("CHROMEDRIVER", browser::chromedriver()?)
        .advice("The same tests run natively with `cargo test`.");
    counted(run)
}

/// Tells the driver how to start Chromium; one file, made anew each time.
fn webdriver_json() -> Outcome<std::path::PathBuf> {
    let flags: Vec<String> = browser::flags().iter().map(|flag| format!("\"{flag}\"")).collect();
    let json = format!(
        "{{\"goog:chromeOptions\": {{\"binary\": \"{}\", \"args\": [{}]}}}}\n",
        browser::chromium()?.display(),
        flags.join(", ")
    );
    let path = root().join("target/webdriver.json");
    let _ = fs::create_dir_all(root().join("target"));
    fs::write(&path, json).map_err(say::at(&path))?;
    Ok(path)
}

fn published(_: &Options) -> Outcome<Count> {
    let dist = build::dist(Care::Published)?;
    // Too large is a failure, but of a page that can be looked at.
    Ok(sizes::report(&dist, true).map_or_else(|failure| failed(&failure), |()| Count::default()))
}

fn end_to_end(options: &Options) -> Outcome<Count> {
    let care = Care::asked(options);
    let dist = if let Some(dist) = care.built() {
        say::note("the page as it was built last; `cargo xtask build` builds it again");
        dist
    } else {
        build::dist(care)?
    };
    let folder = node::modules()?;
    let run = Run::new("tests from end to end", node::node()?)
        .args(["--test-reporter=spec", "all.mjs"])
        .dir(&folder)
        .env("CHROMIUM", browser::chromium()?)
        .env("DIST", dist)
        .advice(
            "One file alone: `node tests/e2e/FILE.test.mjs`. Pictures of failures: target/e2e/.",
        );
    counted(run)
}

/// Says why a stage failed and counts it as one failure.
fn failed(failure: &Failure) -> Count {
    say::line(&failure.to_string());
    Count { passed: 0, failed: 1 }
}

/// Runs it, shows what is worth reading, and counts the closing lines.
fn counted(run: Run) -> Outcome<Count> {
    let ended = run.aloud(worth_reading)?;
    let mut count = Count::of(ended.lines.iter().map(String::as_str));
    let holds = ended.status.success();
    if let Err(failure) = ended.checked() {
        say::line(&failure.without_last_lines().to_string());
        if count.failed == 0 {
            // It never came to the tests: does not compile, or did not start.
            count.failed = 1;
        }
    }
    debug_assert!(holds || count.failed > 0, "a run that ended badly is a failure");
    Ok(count)
}

fn worth_reading(line: &str) -> bool {
    /// What wasm-bindgen's runner says of itself, and a list of every test it began.
    const CHATTER: [&str; 8] = [
        "Invoking test: ",
        "Loading Wasm module",
        "Ok",
        "Running headless tests",
        "Set WASM_BINDGEN_TEST_",
        "Try find `webdriver.json`",
        "console output:",
        "using deprecated parameters",
    ];
    let line = line.trim();
    let passing = line.starts_with("test ") && line.ends_with("... ok");
    let suite_size =
        line.starts_with("running ") && (line.ends_with(" tests") || line.ends_with(" test"));
    let chatter = CHATTER.iter().any(|start| line.starts_with(start));
    !(line.is_empty() || passing || suite_size || chatter || is_progress(line))
}
