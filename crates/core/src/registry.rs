//! The listings that come with the playground, found by name.
//!
//! The list is made from the files by `build.rs`; nothing in the code names a policy.

use crate::listing::{Header, header, nearest};
use crate::lower::compile;
use crate::program::{CompileError, Program};
use crate::schedule::LaneSpec;
use alloc::{
    string::{String, ToString},
    vec::Vec,
};

/// A listing.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub struct Entry {
    /// Name: the file's stem, a permanent identifier.
    pub name: &'static str,
    /// Text.
    pub text: &'static str,
}

impl Entry {
    /// The header of the listing.
    pub fn header(&self) -> Header {
        header(self.text)
    }
}

include!(concat!(env!("OUT_DIR"), "/registry.rs"));

/// All policies, by name.
pub fn policies() -> &'static [Entry] {
    POLICIES
}

/// All cgroup cores, by name.
pub fn cores() -> &'static [Entry] {
    CORES
}

/// All walking helpers, by name.
pub fn walks() -> &'static [Entry] {
    WALKS
}

/// The policy with this name.
pub fn policy(name: &str) -> Option<&'static Entry> {
    POLICIES.iter().find(|e| e.name == name)
}

/// The core with this name.
pub fn core(name: &str) -> Option<&'static Entry> {
    CORES.iter().find(|e| e.name == name)
}

/// Why a lane cannot run.
#[derive(Clone, Eq, PartialEq, Debug)]
pub enum LaneError {
    /// No listing has this name.
    Unknown {
        /// `policy`, `core` or `walk`.
        what: &'static str,
        /// The name.
        name: String,
        /// The nearest name there is.
        nearest: Option<String>,
    },
    /// The listings do not make a program.
    Compile(Vec<CompileError>),
}

impl core::fmt::Display for LaneError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Unknown { what, name, nearest } => {
                write!(f, "there is no {what} \"{name}\"")?;
                match nearest {
                    Some(nearest) => write!(f, "; did you mean \"{nearest}\"?"),
                    None => Ok(()),
                }
            }
            Self::Compile(errors) => {
                let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
                f.write_str(&lines.join("\n"))
            }
        }
    }
}

fn find<'e>(entries: &'e [Entry], what: &'static str, name: &str) -> Result<&'e Entry, LaneError> {
    entries.iter().find(|e| e.name == name).ok_or_else(|| LaneError::Unknown {
        what,
        name: name.to_string(),
        nearest: nearest(name, entries.iter().map(|e| e.name)).map(ToString::to_string),
    })
}

/// Compiles a policy's text with the walking helper and the core that its header names, or another core.
///
/// # Errors
/// A name that nothing has, or mistakes in the text.
pub fn compile_text(policy: &str, core: Option<&str>) -> Result<Program, LaneError> {
    let header = header(policy);
    let core = core.unwrap_or_else(|| header.get("core"));
    let core = find(CORES, "core", core)?;
    let walk = match header.get("walk") {
        "" => None,
        name => Some(find(WALKS, "walk", name)?.text),
    };
    compile(policy, walk, core.text).map_err(LaneError::Compile)
}

/// Compiles a lane of listings that come with the playground.
///
/// # Errors
/// A name that nothing has.
pub fn compile_lane(lane: &LaneSpec) -> Result<Program, LaneError> {
    let entry = find(POLICIES, "policy", &lane.policy)?;
    compile_text(entry.text, lane.core.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::{parse, print};
    use alloc::format;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    #[test]
    fn every_listing_prints_back_to_the_same_text() {
        for entry in POLICIES.iter().chain(CORES).chain(WALKS) {
            let parsed = parse(entry.text);
            assert_eq!(parsed.diagnostics, [], "{}", entry.name);
            assert_eq!(print(&parsed.listing), entry.text, "{}", entry.name);
            assert_eq!(parsed.listing.header.kind().map(|(_, n)| n), Some(entry.name));
        }
    }

    #[test]
    fn every_policy_compiles_on_every_core() {
        for policy in POLICIES {
            for core in CORES {
                let program = compile_text(policy.text, Some(core.name));
                if let Err(error) = program {
                    panic!("{} on {}: {error}", policy.name, core.name);
                }
            }
        }
    }

    /// Every policy says all that its page needs.
    #[test]
    fn every_header_is_complete() {
        for entry in POLICIES {
            let header = entry.header();
            let keys = [
                "title", "years", "releases", "source", "core", "summary", "stores", "valid",
                "wiped", "trouble", "try",
            ];
            for key in keys {
                assert_ne!(header.get(key), "", "{} has no {key}", entry.name);
            }
            let history = header.history().unwrap_or_else(|| panic!("{}: years", entry.name));
            assert!(history.until.is_none_or(|year| year >= history.from), "{}", entry.name);
            assert_eq!(history.replaces.is_none(), history.because.is_empty(), "{}", entry.name);
        }
    }

    /// The family is one tree: a single first policy, and each later one follows an older.
    #[test]
    fn predecessors_exist_and_are_no_younger() {
        let mut n_first = 0;
        for entry in POLICIES {
            let (mut at, mut n_steps) = (*entry, 0);
            loop {
                let header = at.header();
                let history = header.history().expect("years");
                let Some(name) = history.replaces else { break };
                let before = policy(name).unwrap_or_else(|| panic!("{}: no {name}", at.name));
                let year = before.header().history().expect("years").from;
                assert!(year <= history.from, "{} follows the younger {name}", at.name);
                n_steps += 1;
                assert!(n_steps < POLICIES.len(), "{} follows itself", entry.name);
                at = *before;
            }
            n_first += usize::from(n_steps == 0);
        }
        assert_eq!(n_first, 1);
    }

    #[test]
    fn years_and_choices_are_read() {
        let one = header("policy: x\nyears: 2013 to today\nchoice: a\nchoice: b\n");
        let history = one.history().expect("years");
        assert_eq!((history.from, history.until), (2013, None));
        assert_eq!(history.choices, ["a", "b"]);
        let range = header("years: 2013 to 2021\nreleases: none: a proposal\n");
        let history = range.history().expect("years");
        assert_eq!((history.from, history.until, history.released), (2013, Some(2021), false));
        assert!(header("years: lately\n").history().is_none());
    }

    #[test]
    fn an_unknown_policy_names_the_nearest() {
        let name = format!("{}x", POLICIES[0].name);
        let lane = LaneSpec { policy: name.clone(), core: None };
        let error = compile_lane(&lane).expect_err("no such policy").to_string();
        assert_eq!(
            error,
            format!("there is no policy \"{name}\"; did you mean \"{}\"?", POLICIES[0].name)
        );
    }
}
