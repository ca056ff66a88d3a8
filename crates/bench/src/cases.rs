//! What is timed. A case takes some tenths of a second, gives the units of work it did, and does the same
//! every time.

use crate::check;
use memcg_core::registry;
use memcg_core::run::Run;
use memcg_core::schedule::{LaneSpec, Move};
use memcg_core::workload;
use std::hint::black_box;
use std::sync::Arc;

/// Something to time.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    /// Does the work; gives how many units it was.
    pub(crate) run: fn() -> u64,
}

/// Every case, in the order of the report.
pub(crate) const CASES: &[Case] = &[
    Case { name: "micro-steps, every policy", run: micro_steps },
    Case { name: "steps of 4 lanes, 1,000 groups", run: lane_steps },
    Case { name: "states of a check, no reduction", run: check::states },
];

/// Two reclaimers in one slot over 100 groups, under every policy; a unit is a micro-step.
fn micro_steps() -> u64 {
    const N_STEPS: u64 = 500_000;
    let made = registry::policies().iter().map(|policy| {
        let program = registry::compile_text(policy.text, None).expect("listings compile");
        black_box(workload::run(Arc::new(program), 100, N_STEPS)).0
    });
    made.sum()
}

/// What a step of the page asks of the model: a call in every lane, and what the lanes look like then.
fn lane_steps() -> u64 {
    const N_STEPS: u64 = 200;
    let lane = |policy: &registry::Entry| LaneSpec { policy: policy.name.into(), core: None };
    let lanes: Vec<LaneSpec> = registry::policies().iter().take(4).map(lane).collect();
    let mut run = Run::new(workload::world(1000), &lanes).expect("listings compile");
    let call = Move::Call { thread: "kswapd0".into() };
    for _ in 0..N_STEPS {
        black_box(run.apply(&call));
        for lane in 0..run.n_lanes() {
            black_box(run.picture(lane));
        }
    }
    N_STEPS
}
