//! Trunk, wasm-bindgen's command line tool, wasm-opt and mdBook, each of exactly one version.
//!
//! A tool of that version on the path is used as it is. Otherwise it is compiled without optimisation,
//! which is several times quicker and fast enough in use, into a folder of the cache named by its version.

use super::{cache, find, node, version_in, wasm};
use crate::run::Run;
use crate::say::{self, Failure, Outcome, at};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

const TRUNK: &str = "0.22.1";
/// The same number as the `wasm-bindgen` crate in Cargo.toml and in Trunk.toml.
pub(crate) const WASM_BINDGEN: &str = "0.2.130";
const MDBOOK: &str = "0.5.4";
/// The same number as in Trunk.toml.
pub(crate) const BINARYEN: &str = "132";

/// Folder of `trunk`.
pub(crate) fn trunk() -> Outcome<PathBuf> {
    let args = [
        "--locked",
        "--ignore-rust-version",
        "--no-default-features",
        "--features",
        "rustls",
        "trunk@0.22.1",
    ];
    compiled("trunk", "trunk", TRUNK, &args, "10 minutes on two cores, once")
}

/// Folder of `wasm-bindgen` and `wasm-bindgen-test-runner`.
pub(crate) fn wasm_bindgen() -> Outcome<PathBuf> {
    // Its own lock file names crates that have been withdrawn.
    let args = ["--ignore-rust-version", "wasm-bindgen-cli@0.2.130"];
    compiled("wasm-bindgen", "wasm-bindgen-test-runner", WASM_BINDGEN, &args, "3 minutes, once")
}

/// Folder of `mdbook`; without its server and its search, which no test uses.
pub(crate) fn mdbook() -> Outcome<PathBuf> {
    let args = ["--locked", "--ignore-rust-version", "--no-default-features", "mdbook@0.5.4"];
    compiled("mdbook", "mdbook", MDBOOK, &args, "2 minutes, once")
}

/// Folder of `wasm-opt`.
pub(crate) fn wasm_opt() -> Outcome<PathBuf> {
    let what = format!("wasm-opt {BINARYEN}");
    let folder = cache().join(format!("tools/binaryen-{BINARYEN}"));
    let bin = folder.join("node_modules/.bin");
    if let Some(found) = ready("wasm-opt", "wasm-opt", BINARYEN, &bin) {
        say::already(&what);
        return Ok(found);
    }
    let npm = node::npm()?;
    fs::create_dir_all(&folder).map_err(at(&folder))?;
    Run::new(format!("{what} installed"), npm)
        .args(["install", "--no-audit", "--no-fund", "--prefix"])
        .args([&folder])
        .args([format!("binaryen@{BINARYEN}.0.0")])
        .advice("Is the npm registry reachable? A wasm-opt of this version on the path also does.")
        .quietly()?;
    Ok(bin)
}

fn compiled(name: &str, also: &str, version: &str, args: &[&str], cost: &str) -> Outcome<PathBuf> {
    let what = format!("{name} {version}");
    let folder = cache().join(format!("tools/{name}-{version}"));
    let bin = folder.join("bin");
    if let Some(found) = ready(name, also, version, &bin) {
        say::already(&what);
        return Ok(found);
    }
    let started = Instant::now();
    let toolchain = wasm::toolchain()?;
    // Kept beside the tool until it is done, so that an interrupted build goes on where it stopped.
    let work = cache().join(format!("build/{name}-{version}"));
    Run::new(format!("{what} compiled"), &toolchain.cargo)
        .expect(cost)
        .args(["install", "--debug", "--root"])
        .args([&folder])
        .args(args)
        .envs(&toolchain.env)
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .env("CARGO_TARGET_DIR", &work)
        .advice(format!(
            "Run the command again: it goes on where it stopped. Is the crates registry reachable?\n\
             A prebuilt {name} of version {version} on the path is used as it is."
        ))
        .quietly()?;
    let _ = fs::remove_dir_all(&work);
    ready(name, also, version, &bin).ok_or_else(|| {
        Failure::new(format!(
            "{what} was compiled in {} but does not run",
            say::elapsed(started.elapsed())
        ))
        .advice(format!("Remove {} and try again.", folder.display()))
    })
}

/// Folder that holds `name` of `version` with its companion: on the path, else in the cache.
fn ready(name: &str, also: &str, version: &str, bin: &Path) -> Option<PathBuf> {
    let on_path = find(&[name]).and_then(|program| program.parent().map(Path::to_path_buf));
    on_path.into_iter().chain([bin.to_path_buf()]).find(|folder| {
        let said = Run::new("ask", folder.join(name)).args(["--version"]).silently();
        folder.join(also).exists() && said.is_some_and(|said| version_in(&said) == Some(version))
    })
}
