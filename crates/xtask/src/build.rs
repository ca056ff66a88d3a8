//! Builds `dist/` with Trunk and compares its size with the budget.

use crate::options::Options;
use crate::run::Run;
use crate::say::{self, Outcome};
use crate::setup::{Environment, root, tools, wasm};
use crate::sizes;
use std::path::PathBuf;

/// How much care goes into the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Care {
    /// Small and fast, as published.
    Published,
    /// Quick to build.
    Quick,
}

impl Care {
    /// `--dev` asks for the quick one.
    pub(crate) fn asked(options: &Options) -> Self {
        if options.has("dev") { Self::Quick } else { Self::Published }
    }

    /// Where the files go: two folders, so that nobody tests or measures one and means the other.
    pub(crate) fn folder(self) -> PathBuf {
        root().join(match self {
            Self::Published => "dist",
            Self::Quick => "target/web-dev-dist",
        })
    }

    /// The files as they are, if they have been built.
    pub(crate) fn built(self) -> Option<PathBuf> {
        Some(self.folder()).filter(|folder| folder.join("index.html").exists())
    }
}

/// `cargo xtask build`.
pub(crate) fn build(options: &Options) -> Outcome<()> {
    let care = Care::asked(options);
    let dist = dist_at(care, options.last("url"))?;
    let is_small = wasm::toolchain()?.is_small();
    if care == Care::Published && !is_small {
        say::note(
            "Built with rustup's standard library, which is not as small as it can be: sizes are told, not judged.",
        );
    }
    sizes::report(&dist, care == Care::Published && is_small)
}

/// How a published program is compiled: what it would carry for developers (words of panics, the places of all that are
/// possible, how values are written for them) is left out. The options are not stable yet, and change nothing else.
pub(crate) fn small(toolchain: &wasm::Toolchain, care: Care) -> Outcome<Environment> {
    if care == Care::Quick {
        return Ok(Vec::new());
    }
    let flags = toolchain.small_flags()?;
    let name = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";
    Ok(vec![(name.to_owned(), Some(flags)), ("RUSTC_BOOTSTRAP".to_owned(), Some("1".into()))])
}

/// Sets up and builds; returns the folder.
pub(crate) fn dist(care: Care) -> Outcome<PathBuf> {
    dist_at(care, None)
}

/// The same for a place that is known: link previews want whole addresses.
fn dist_at(care: Care, url: Option<&str>) -> Outcome<PathBuf> {
    say::heading("Setting up");
    let toolchain = wasm::toolchain()?;
    let folders = [tools::trunk()?, tools::wasm_bindgen()?, tools::wasm_opt()?];
    say::heading("Building the page");
    Run::new("crates fetched", &toolchain.cargo)
        .args(["fetch", "--target", "wasm32-unknown-unknown"])
        .envs(&toolchain.env)
        .dir(&root())
        .advice("Is the crates registry reachable?")
        .quietly()?;
    let args: &[&str] = match care {
        Care::Published => &["build", "--release", "--cargo-profile", "web"],
        Care::Quick => &["build", "--cargo-profile", "web-dev"],
    };
    Run::new("dist/ built", folders[0].join("trunk"))
        .args(args)
        .args(["--dist"])
        .args([care.folder()])
        .envs(&toolchain.env_with(&folders))
        .envs(&small(&toolchain, care)?)
        // Trunk reads this one as a true-or-false option and refuses the customary `1`.
        .envs(&[("NO_COLOR".to_owned(), None)])
        .env("RUST_BACKTRACE", "0")
        .dir(&root())
        .expect("2 to 4 minutes the first time")
        .advice("A message of the compiler stands above. If none does: `cargo xtask setup` checks the tools.")
        .quietly()?;
    complete(care, url)?;
    Ok(care.folder())
}

/// Gallery, icons, previews and the list of files to be kept offline: what Trunk knows nothing of.
pub(crate) fn complete(care: Care, url: Option<&str>) -> Outcome<()> {
    let mut run = Run::new("gallery, icons and list of files made", "cargo")
        .args(["run", "--quiet", "-p", "memcg-site", "--"])
        .args([care.folder()])
        .dir(&root())
        .expect("a minute the first time")
        .advice("A message stands above.");
    if care == Care::Quick {
        run = run.args(["--dev"]);
    }
    if let Some(url) = url {
        run = run.args(["--url", url]);
    }
    for warning in run.quietly()?.iter().filter(|line| line.starts_with("warning: ")) {
        say::note(warning);
    }
    Ok(())
}
