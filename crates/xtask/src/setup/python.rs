//! Sphinx, in an environment of its own.

use super::{apt, cache, find, version_in};
use crate::run::Run;
use crate::say::{self, Failure, Outcome, at};
use std::fs;
use std::path::PathBuf;

const SPHINX: &str = "9.0.4";

/// Python of an environment that has Sphinx.
pub(crate) fn sphinx() -> Outcome<PathBuf> {
    let what = format!("Sphinx {SPHINX}");
    let folder = cache().join(format!("tools/sphinx-{SPHINX}"));
    let python = folder.join("bin/python");
    let ready = || {
        let said = Run::new("ask", &python).args(["-m", "sphinx", "--version"]).silently();
        said.is_some_and(|said| version_in(&said) == Some(SPHINX))
    };
    if ready() {
        say::already(&what);
        return Ok(python);
    }
    let elsewhere = "install Python 3.11 or newer with its venv module, and put it on the path.";
    let venv = |python: &PathBuf| {
        Run::new("ask", python).args(["-c", "import venv, ensurepip"]).silently().is_some()
    };
    if !find(&["python3"]).is_some_and(|python| venv(&python)) {
        apt::install(&["python3", "python3-venv"], elsewhere)?;
    }
    let base = find(&["python3"])
        .ok_or_else(|| Failure::new("python3 is not on the path").advice(elsewhere))?;
    let _ = fs::remove_dir_all(&folder);
    let parent = cache().join("tools");
    fs::create_dir_all(&parent).map_err(at(&parent))?;
    Run::new("an environment for Sphinx made", base)
        .args(["-m", "venv"])
        .args([&folder])
        .advice(elsewhere)
        .quietly()?;
    Run::new(format!("{what} installed"), &python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
        .args([format!("sphinx=={SPHINX}")])
        .advice("Is the Python package index reachable?")
        .quietly()?;
    if ready() {
        Ok(python)
    } else {
        Err(Failure::new(format!("{what} was installed but does not run")))
    }
}
