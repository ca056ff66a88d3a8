//! A complete check of one world, the one that SPIN and stateright are given too (`rivals/`).

use crate::cases::Case;
use memcg_core::check::{Check, Manner, Options, Properties, Property, Verdict, WalkBound};
use memcg_core::registry;
use memcg_core::search::{Limits, Progress};
use std::sync::Arc;

/// What is timed against others. A unit is a state that is stored.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) const CASES: &[Case] = &[
    Case { name: "every access a step", run: states },
    Case {
        name: "commuting accesses merged",
        run: || checked(true, false).extent().n_states as u64,
    },
    Case { name: "all reductions", run: || checked(true, true).extent().n_states as u64 },
];

/// States of the world when every access is a step.
pub(crate) fn states() -> u64 {
    checked(false, false).extent().n_states as u64
}

/// Bytes that a state takes, and the whole search with all that states share.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn report_sizes() {
    for (case, check) in CASES.iter().zip([(false, false), (true, false), (true, true)]) {
        let check = checked(check.0, check.1);
        println!("bytes\t{}\t{}\t{}", case.name, check.n_bytes_per_state(), check.n_bytes());
    }
}

fn checked(reduced: bool, symmetric: bool) -> Check {
    let scenario =
        memcg_scenario::parse(include_str!("../rivals/two-reclaimers.scenario")).scenario;
    let (world, mistakes) = scenario.world();
    assert!(mistakes.is_empty(), "{mistakes:?}");
    let (world, _) = WalkBound::Calls(3).apply(&world);
    let program = registry::compile_lane(&scenario.lanes[0]).expect("listings compile");
    let options = Options {
        properties: Properties::only(Property::Safety),
        limits: Limits { n_states_max: 4_000_000, n_bytes_max: 1 << 30 },
        reduced,
        symmetric,
        manner: Manner::Every,
    };
    let mut check = Check::new(Arc::new(program), Arc::new(world), options);
    while check.run(100_000) == Progress::More {}
    assert!(matches!(check.verdict(), Some(Verdict::Holds(_))), "{:?}", check.verdict());
    check
}
