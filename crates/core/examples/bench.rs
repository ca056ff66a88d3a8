//! Micro-steps per second on one core, for every policy. Prints figures, judges nothing.

use memcg_core::registry;
use memcg_core::workload;
use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

fn main() {
    const N_STEPS: u64 = 20_000_000;
    for policy in registry::policies() {
        let program = registry::compile_text(policy.text, None).expect("listings compile");
        let begun = Instant::now();
        let (n, digest) = workload::run(Arc::new(program), 100, black_box(N_STEPS));
        let seconds = begun.elapsed().as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a figure to be read")]
        let rate = n as f64 / seconds / 1e6;
        println!("{:24} {rate:8.1} M micro-steps/s  (digest {digest:016x})", policy.name);
    }
}
