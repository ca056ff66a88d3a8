//! Node and npm, and what the tests in the browser use of them.

use super::{apt, find, root, version_in};
use crate::run::Run;
use crate::say::{self, Failure, Outcome, at};
use std::fs;
use std::path::PathBuf;
use std::sync::OnceLock;

const OLDEST_MAJOR: u32 = 18;

/// `node`, new enough.
pub(crate) fn node() -> Outcome<PathBuf> {
    if find(&["node"]).is_none() {
        apt::install(&["nodejs", "npm"], &elsewhere())?;
    }
    let node = find(&["node"]).ok_or_else(|| Failure::new("node is not on the path"))?;
    let said = Run::new("ask", &node).args(["--version"]).silently().unwrap_or_default();
    let major =
        version_in(&said).and_then(|version| version.split('.').next()?.parse::<u32>().ok());
    if major.is_some_and(|major| major >= OLDEST_MAJOR) {
        Ok(node)
    } else {
        Err(Failure::new(format!("{} is too old: {}", node.display(), said.trim()))
            .advice(elsewhere()))
    }
}

/// `npm`.
pub(crate) fn npm() -> Outcome<PathBuf> {
    node()?;
    if find(&["npm"]).is_none() {
        apt::install(&["npm"], &elsewhere())?;
    }
    find(&["npm"]).ok_or_else(|| Failure::new("npm is not on the path").advice(elsewhere()))
}

/// Folder of the tests in the browser, with their packages installed.
pub(crate) fn modules() -> Outcome<PathBuf> {
    static SAID: OnceLock<()> = OnceLock::new();
    let folder = root().join("tests/e2e");
    let what = "packages of the tests in the browser (playwright-core, axe-core)";
    let lock_path = folder.join("package-lock.json");
    let lock = fs::read(&lock_path).map_err(at(&lock_path))?;
    let stamp = folder.join("node_modules/.installed-lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        if SAID.set(()).is_ok() {
            say::already(what);
        }
        return Ok(folder);
    }
    Run::new(format!("{what} installed"), npm()?)
        .args(["ci", "--no-audit", "--no-fund"])
        .dir(&folder)
        .advice("Is the npm registry reachable? `npm ping` asks it.")
        .quietly()?;
    let _ = SAID.set(());
    fs::write(&stamp, lock).map_err(at(&stamp))?;
    Ok(folder)
}

fn elsewhere() -> String {
    format!("install Node {OLDEST_MAJOR} or newer, with npm, and put it on the path.")
}
