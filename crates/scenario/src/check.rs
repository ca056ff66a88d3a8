//! Names of policies and cores against the lists of those that exist.
//!
//! The lists are arguments: this crate knows none by name.

use crate::{
    diagnostic::{Diagnostic, Severity},
    resolve::shown,
    scenario::Scenario,
};
use alloc::{format, vec::Vec};
use memcg_core::listing::nearest;

/// Finds the policies and cores of the lanes that do not exist, and the nearest that do.
pub fn check_names(scenario: &Scenario, policies: &[&str], cores: &[&str]) -> Vec<Diagnostic> {
    check_lanes(scenario, policies, cores).into_iter().map(|(_, diagnostic)| diagnostic).collect()
}

/// As [`check_names`], each with the number of its lane.
pub(crate) fn check_lanes(
    scenario: &Scenario,
    policies: &[&str],
    cores: &[&str],
) -> Vec<(usize, Diagnostic)> {
    let mut found = Vec::new();
    for (at, lane) in scenario.lanes.iter().enumerate() {
        let asked = [("policy", Some(&lane.policy), policies), ("core", lane.core.as_ref(), cores)];
        for (kind, name, known) in asked {
            let Some(name) = name.filter(|name| !known.contains(&&***name)) else { continue };
            let meant = if name.len() <= 80 { nearest(name, known.iter().copied()) } else { None };
            let diagnostic = Diagnostic {
                severity: Severity::Error,
                at: None,
                message: format!("there is no {kind} \"{}\"", shown(name)),
                suggestion: Some(match meant {
                    Some(meant) => format!("did you mean \"{meant}\"?"),
                    None => format!("there are: {}", known.join(", ")),
                }),
            };
            found.push((at, diagnostic));
        }
    }
    found
}
