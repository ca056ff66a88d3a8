//! What must be on the machine before anything can be built, and how it gets there.
//!
//! One file for each kind of thing. Every function is idempotent, says "already there" when it is, and
//! puts what it installs into the user's cache, never into the checkout: a second clone finds it ready.

pub(crate) mod apt;
pub(crate) mod browser;
pub(crate) mod node;
pub(crate) mod python;
pub(crate) mod tools;
pub(crate) mod wasm;

use crate::say::{self, Outcome};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Environment for a child: a value, or `None` to take the variable away.
pub(crate) type Environment = Vec<(String, Option<OsString>)>;

/// All that any command could need.
pub(crate) fn everything() -> Outcome<()> {
    say::heading("Setting up");
    wasm::toolchain()?;
    tools::trunk()?;
    tools::wasm_bindgen()?;
    tools::wasm_opt()?;
    browser::chromium()?;
    browser::chromedriver()?;
    node::modules()?;
    tools::mdbook()?;
    python::sphinx()?;
    Ok(())
}

/// The checkout.
pub(crate) fn root() -> PathBuf {
    // As cargo says it now: a program built in another clone that shares its target folder would know that clone.
    let here = env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
    let here = PathBuf::from(here);
    here.ancestors().nth(2).unwrap_or(&here).to_path_buf()
}

/// Where what is set up for this project is kept between clones.
pub(crate) fn cache() -> PathBuf {
    let absolute = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let caches = absolute("XDG_CACHE_HOME")
        .or_else(|| absolute("HOME").map(|home| home.join(".cache")))
        .unwrap_or_else(|| root().join("target"));
    caches.join("memcg-playground")
}

/// First program of any of these names on the path.
pub(crate) fn find(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    names.iter().find_map(|name| {
        folders.iter().map(|folder| folder.join(name)).find(|program| is_program(program))
    })
}

/// The path variable with `first` before what it holds now.
pub(crate) fn path_with(first: &[PathBuf]) -> OsString {
    let now = env::var_os("PATH").unwrap_or_default();
    let folders = first.iter().cloned().chain(env::split_paths(&now));
    // Fails only for a folder with a colon in its name, which PATH cannot hold anyway.
    env::join_paths(folders).unwrap_or(now)
}

/// First number with dots in what a program says of its version.
pub(crate) fn version_in(text: &str) -> Option<&str> {
    text.split([' ', '\n', '\t', '(', ')', '_']).find_map(|word| {
        let word = word.strip_prefix('v').unwrap_or(word);
        let numeric = word.chars().all(|c| c.is_ascii_digit() || c == '.');
        (numeric && word.starts_with(|c: char| c.is_ascii_digit())).then_some(word)
    })
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file() || path.with_extension("exe").is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_as_the_tools_print_them() {
        let said = [
            "trunk 0.22.1\n",
            "wasm-bindgen 0.2.130 (abc)",
            "wasm-opt version 132 (version_132)",
            "v20.20.2",
        ];
        let expected = ["0.22.1", "0.2.130", "132", "20.20.2"];
        assert_eq!(said.map(|text| version_in(text).unwrap_or("none")), expected);
    }
}
