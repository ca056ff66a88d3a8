//! Chromium and its driver.

use super::{apt, find};
use crate::say::{self, Failure, Outcome};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

const NAMES: [&str; 5] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/// The browser.
pub(crate) fn chromium() -> Outcome<PathBuf> {
    static SAID: OnceLock<()> = OnceLock::new();
    found(
        "CHROMIUM",
        &NAMES,
        &["chromium"],
        "install Chromium or Chrome, or set CHROMIUM to it.",
        &SAID,
    )
}

/// Its driver, for tests compiled to WebAssembly.
pub(crate) fn chromedriver() -> Outcome<PathBuf> {
    static SAID: OnceLock<()> = OnceLock::new();
    let elsewhere =
        "install the chromedriver of your browser's version, or set CHROMEDRIVER to it.";
    found("CHROMEDRIVER", &["chromedriver"], &["chromium", "chromium-driver"], elsewhere, &SAID)
}

/// What headless Chromium is told: no sandbox for root, who may not have one, and no calls home.
pub(crate) fn flags() -> Vec<&'static str> {
    let mut flags = vec![
        "--headless",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
    ];
    if apt::is_root() {
        flags.push("--no-sandbox");
    }
    flags
}

fn found(
    variable: &str,
    names: &[&str],
    packages: &[&str],
    elsewhere: &str,
    said: &OnceLock<()>,
) -> Outcome<PathBuf> {
    let look = || {
        let chosen = std::env::var_os(variable).map(PathBuf::from).filter(|path| path.exists());
        let debian = Path::new("/usr/lib/chromium").join(names[0]);
        chosen.or_else(|| find(names)).or_else(|| debian.exists().then_some(debian))
    };
    if let Some(path) = look() {
        if said.set(()).is_ok() {
            say::already(&format!("{} ({})", names[0], path.display()));
        }
        return Ok(path);
    }
    apt::install(packages, elsewhere)?;
    look().ok_or_else(|| Failure::new(format!("{} is not on the path", names[0])).advice(elsewhere))
}
