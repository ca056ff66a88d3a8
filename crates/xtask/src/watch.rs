//! Builds the page again after every change of its sources, for `cargo xtask serve --watch`.
//!
//! Looks once a second; no service of the operating system, and no page that reloads itself.

use crate::build::{self, Care};
use crate::say;
use crate::setup::root;
use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

const PAUSE: Duration = Duration::from_secs(1);
/// What the page is made of.
const SOURCES: [&str; 10] = [
    "web",
    "crates/site",
    "crates/core",
    "crates/scenario",
    "crates/ftrace",
    "crates/render",
    "index.html",
    "embed.html",
    "Cargo.toml",
    "Trunk.toml",
];

/// Watches until the process ends.
pub(crate) fn in_background(care: Care) {
    std::thread::spawn(move || {
        let mut built = newest();
        loop {
            std::thread::sleep(PAUSE);
            let now = newest();
            if now == built {
                continue;
            }
            match build::dist(care) {
                Ok(_) => say::line("  Reload the page."),
                Err(failure) => say::line(&failure.to_string()),
            }
            // The time from before the build: what changed meanwhile is built next.
            built = now;
        }
    });
}

fn newest() -> Option<SystemTime> {
    SOURCES.iter().filter_map(|source| newest_in(&root().join(source))).max()
}

fn newest_in(path: &Path) -> Option<SystemTime> {
    let own = path.metadata().and_then(|data| data.modified()).ok();
    let inside = fs::read_dir(path).into_iter().flatten().flatten();
    inside.filter_map(|entry| newest_in(&entry.path())).chain(own).max()
}
