//! Times the same work natively and in a browser, and prints one line for each case.
//!
//! Only the clock and the way out differ. `cargo xtask bench` runs both and divides.

mod cases;
mod check;

use cases::{CASES, Case};

/// Each case is repeated until so much time has passed, and the quickest run counts: what slows a run down is
/// always something else.
const ENOUGH_MS: f64 = 2_000.0;

/// `bench`, name, units of work, milliseconds; between tabs.
fn timed(case: &Case, now_ms: impl Fn() -> f64) -> String {
    let n_units = (case.run)();
    let started = now_ms();
    let mut quickest_ms = f64::INFINITY;
    while now_ms() - started < ENOUGH_MS {
        let run_started = now_ms();
        assert_eq!((case.run)(), n_units, "the same work every time");
        quickest_ms = quickest_ms.min(now_ms() - run_started);
    }
    format!("bench\t{}\t{n_units}\t{quickest_ms:.3}", case.name)
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    let start = std::time::Instant::now();
    let is_check = std::env::args().any(|word| word == "check");
    for case in if is_check { check::CASES } else { CASES } {
        println!("{}", timed(case, || start.elapsed().as_secs_f64() * 1_000.0));
    }
    if is_check {
        check::report_sizes();
    }
}

#[cfg(target_arch = "wasm32")]
fn main() {
    for case in CASES {
        web_sys::console::log_1(&timed(case, js_sys::Date::now).into());
    }
    web_sys::console::log_1(&"bench done".into());
}
