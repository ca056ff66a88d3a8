//! Many random schedules of single accesses: which faults each policy comes to, and which leaks. The
//! numbers are drawn by a fixed rule, so the table is always the same; what it shows is possible, what
//! it does not show is not proved to be impossible.

mod common;

use common::{kswapd, limit, remover, world};
use expect_test::expect;
use memcg_core::hierarchy::GroupId;
use memcg_core::machine::{Call, Can, Machine};
use memcg_core::picture::Life;
use memcg_core::registry;
use memcg_core::world::World;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const N_RUNS: u64 = 1500;

/// Three walkers in one slot, two that break off, and two removals.
fn small_world(use_hierarchy: bool) -> Arc<World> {
    let world = kswapd(world(&["a", "a/x", "b", "c"]), "kswapd0");
    let mut world = limit(limit(world, "l1", 2), "l2", 3);
    if let memcg_core::world::Role::Reclaimer { until, .. } = &mut world.threads[0].role {
        *until = memcg_core::world::Until::Rounds(Some(3));
    }
    world.use_hierarchy = use_hierarchy;
    Arc::new(remover(remover(world, "admin1", &["a/x", "a"]), "admin2", &["b"]))
}

/// Plays one random schedule to its end, in bursts of accesses of one thread.
fn play(mut machine: Machine, seed: u64) -> String {
    let mut state = (seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut draw = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).expect("31 bits") % n
    };
    let worker = machine.worker();
    let (mut thread, mut n_left) = (0, 0);
    while machine.fault().is_none() {
        let mut able: Vec<usize> =
            (0..worker).filter(|t| machine.can_step(*t) == Can::Step).collect();
        let items: Vec<usize> =
            (0..).zip(machine.work()).filter(|(_, w)| w.2 == 0).map(|(at, _)| at).collect();
        let is_busy = machine.call(worker) != Call::None;
        if is_busy || !items.is_empty() {
            able.push(worker);
        }
        if able.is_empty() {
            break;
        }
        if n_left == 0 || !able.contains(&thread) {
            (thread, n_left) = (able[draw(able.len())], 1 + draw(12));
        }
        n_left -= 1;
        if thread == worker && !is_busy {
            assert!(machine.take_work(items[draw(items.len())]));
        }
        machine.step(thread, &mut ());
    }
    if let Some(fault) = machine.fault() {
        return machine.fault_name(fault);
    }
    let kept =
        |id: u32| matches!(machine.life(GroupId(id)), Life::Dying | Life::Offline | Life::Unlinked);
    if (0..5).any(kept) { "kept".into() } else { String::new() }
}

#[test]
fn faults_and_leaks() {
    let mut table = String::new();
    for policy in registry::policies() {
        let program = Arc::new(registry::compile_text(policy.text, None).expect("compiles"));
        for use_hierarchy in [true, false] {
            let start = Machine::new(Arc::clone(&program), small_world(use_hierarchy));
            let mut found: BTreeSet<String> =
                (0..N_RUNS).map(|seed| play(start.clone(), seed)).collect();
            found.remove("");
            let found: Vec<String> = found.into_iter().collect();
            let on = if use_hierarchy { "on" } else { "off" };
            writeln!(table, "{:22} {on:3} {}", policy.name, found.join(", ")).expect("a string");
        }
    }
    let table: Vec<&str> = table.lines().map(str::trim_end).collect();
    expect![[r#"
        hocko-2013-repoint     on  kept
        hocko-2013-repoint     off kept
        kinsey-v3-restart      on  REF underflow, UAF css_put, UAF online, UAF parent
        kinsey-v3-restart      off REF underflow, UAF css_put, UAF online, UAF parent
        rhel7-dead-count       on
        rhel7-dead-count       off
        tejun-2013-xchg        on
        tejun-2013-xchg        off
        v2.6.29-pinned-child   on  kept
        v2.6.29-pinned-child   off kept
        v2.6.32-css-id-victim  on  UAF css_id, UAF css_tryget
        v2.6.32-css-id-victim  off UAF css_id, UAF css_tryget
        v3.10-dead-count       on
        v3.10-dead-count       off
        v3.10rc-pinned         on  UAF css_tryget
        v3.10rc-pinned         off UAF css_tryget
        v3.13-dead-count       on
        v3.13-dead-count       off
        v3.16-dead-count       on
        v3.16-dead-count       off
        v3.19-pinned           on  REF underflow, UAF css_put, kept
        v3.19-pinned           off REF underflow, UAF css_put, kept
        v3.3-css-id            on  UAF css_id, UAF css_tryget
        v3.3-css-id            off UAF css_id, UAF css_tryget
        v4.4-weak              on
        v4.4-weak              off UAF css_tryget
        v5.3-weak              on
        v5.3-weak              off
        v6.12-unpinned         on
        v6.12-unpinned         off
        vz7-nullify            on
        vz7-nullify            off
        vz7-seed-commit        on
        vz7-seed-commit        off"#]]
    .assert_eq(&table.join("\n"));
}
