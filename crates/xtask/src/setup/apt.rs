//! Debian's packages, and what to say where there is no apt.

use super::find;
use crate::run::Run;
use crate::say::{Failure, Outcome};
use std::path::PathBuf;
use std::sync::OnceLock;

static UPDATED: OnceLock<()> = OnceLock::new();

/// Installs packages; `elsewhere` says how to come by the same thing on a system without apt.
pub(crate) fn install(packages: &[&str], elsewhere: &str) -> Outcome<()> {
    let names = packages.join(" ");
    let Some(apt) = find(&["apt-get"]) else {
        return Err(Failure::new(format!(
            "{names}: not here, and there is no apt-get to fetch it"
        ))
        .advice(elsewhere));
    };
    let advice = format!(
        "Is the network reachable, and are you allowed to install packages (root or sudo)?\n\
         By hand it is `apt-get update && apt-get install {names}`.\nWithout apt: {elsewhere}"
    );
    if UPDATED.set(()).is_ok() {
        as_root("Debian's package lists refreshed", &apt, &["update"], &advice)?;
    }
    let mut args = vec!["install", "-y", "--no-install-recommends"];
    args.extend(packages);
    as_root(&format!("Debian packages {names} installed"), &apt, &args, &advice)
}

fn as_root(what: &str, apt: &PathBuf, args: &[&str], advice: &str) -> Outcome<()> {
    let quiet = "DEBIAN_FRONTEND=noninteractive";
    let run = match (is_root(), find(&["sudo"])) {
        (false, Some(sudo)) => Run::new(what, sudo).args(["env", quiet]).args([apt]),
        _ => Run::new(what, "env").args([quiet]).args([apt]),
    };
    run.args(args).advice(advice).quietly().map(drop)
}

/// Whether this process may do everything.
pub(crate) fn is_root() -> bool {
    Run::new("who am I", "id").args(["-u"]).silently().is_some_and(|id| id.trim() == "0")
}
