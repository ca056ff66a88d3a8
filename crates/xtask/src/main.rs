//! `cargo xtask`: sets up, builds, serves and tests the playground.
//!
//! Every command sets up all it needs by itself and says what it does, one line a step. This file only
//! reads the command line; a command is one module. No dependencies, so that it compiles in seconds.

mod bench;
mod book;
mod build;
mod count;
mod docs;
mod files;
mod http;
mod options;
mod run;
mod say;
mod screenshot;
mod serve;
mod setup;
mod sizes;
mod test;
mod tidy;
mod watch;

use options::Options;
use say::{Failure, Outcome};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND [OPTIONS]

  serve       build the playground and serve it on this machine
              --port N (default 8080)   --no-open   --no-build
              --dev (quicker build, larger files)   --watch (build again after every change)
  build       build dist/ and compare its size with the budget          --dev (quicker, no budget)
              --url https://…  (where it will be: for pages that show a preview of a link)
  docs        the documentation as a book with living figures, into dist/book/      --dev
  test        everything that must hold; the last line says `N passed, N failed`
              --only STAGE   (format, lint, native, bare, wasm, dist, e2e, docs; may be repeated)
              --dev   (e2e and docs look at the page of `build --dev`)
  bench       the same work natively and as WebAssembly in Chromium, and their ratio; the search of `memcg check` beside
              stateright and SPIN on one world
              --only PART   (browser, check)
  screenshot  pictures of the page into target/screenshots/
              --readme   --page FILE   --fragment '#...'   --actions FILE.mjs
              --width N (may be repeated)   --scheme light|dark   --name NAME   --no-build   --dev
  tidy        the rules about what may be named where, alone
  setup       only set up: install whatever the other commands need
";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let outcome = Options::parse(words).and_then(|options| dispatch(&command, &options));
    match outcome {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("\n{failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: &str, options: &Options) -> Outcome<ExitCode> {
    let done = |()| ExitCode::SUCCESS;
    match command {
        "serve" => serve::serve(options).map(done),
        "build" => build::build(options).map(done),
        "docs" => book::docs(options).map(done),
        "test" => test::test(options),
        "bench" => bench::bench(options).map(done),
        "screenshot" => screenshot::screenshot(options).map(done),
        "tidy" => tidy::report().map(done),
        "setup" => setup::everything().map(done),
        "" | "help" | "-h" | "--help" => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        other => Err(Failure::new(format!("there is no command `{other}`")).advice(HELP)),
    }
}
