//! `cargo xtask screenshot`: pictures of the page in Chromium, wide and narrow, light and dark.

use crate::build::{self, Care};
use crate::options::Options;
use crate::run::Run;
use crate::say::{self, Outcome};
use crate::setup::{browser, node, root};

/// Takes the pictures; tests/e2e/screenshot.mjs holds the camera.
pub(crate) fn screenshot(options: &Options) -> Outcome<()> {
    let care = Care::asked(options);
    let dist = match care.built() {
        Some(dist) if options.has("no-build") => dist,
        _ => build::dist(care)?,
    };
    let folder = node::modules()?;
    say::heading("Taking pictures");
    let mut run = Run::new("pictures", node::node()?)
        .args([folder.join("screenshot.mjs")])
        .dir(&root())
        .env("CHROMIUM", browser::chromium()?)
        .env("DIST", dist)
        .advice("The page may have failed in the browser: see above.");
    for name in ["page", "fragment", "actions", "scheme", "name", "width"] {
        for value in options.all(name) {
            run = run.args([format!("--{name}={value}")]);
        }
    }
    if options.has("readme") {
        run = run.args(["--readme"]);
    }
    run.aloud(|_| true)?.checked().map(drop)
}
