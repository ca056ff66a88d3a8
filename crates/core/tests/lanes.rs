//! Lanes in lock-step: small worlds, told move by move.

mod common;

use common::{check, kswapd, limit, play, remover, world};
use expect_test::expect;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

const THREE: [&str; 3] = ["rhel7-dead-count", "vz7-seed-commit", "vz7-nullify"];

/// The seed's story: one unrelated removal sends two of three policies back to the root.
#[test]
fn one_removal_restarts_the_dead_count_policies() {
    let world = remover(kswapd(world(&["a", "b", "c"]), "kswapd0"), "admin", &["c"]);
    let schedule = "
        kswapd0
        kswapd0
        kswapd0
        admin
        admin
        kswapd0
        kworker release c
        kworker free c";
    check(
        play(world, &THREE, schedule),
        expect![[r#"
        kswapd0 visits /.
        kswapd0 visits a.
        kswapd0 visits b.
        admin kills c: tryget fails on it from now on.
        c goes offline, and is unlinked.
        rhel7-dead-count and vz7-seed-commit: kswapd0 is back at /: restart; vz7-nullify: kswapd0 finishes its round.
        nobody holds c any more: its memory waits for readers.
        kworker frees c.
        rhel7-dead-count: rounds 0 restarts 1 visits 4 wiped 0
        vz7-seed-commit: rounds 0 restarts 1 visits 4 wiped 0
        vz7-nullify: rounds 1 restarts 0 visits 3 wiped 0
    "#]],
    );
}

/// Only a walk that was broken off leaves a position that somebody else can remove.
#[test]
fn a_broken_off_walk_is_wiped() {
    let world = remover(limit(world(&["a", "b"]), "limit", 2), "admin", &["a"]);
    let schedule = "
        limit
        limit
        limit
        admin
        admin";
    check(
        play(world, &THREE, schedule),
        expect![[r#"
        limit visits /.
        limit visits a.
        limit has enough and leaves its walk.
        admin kills a: tryget fails on it from now on.
        rhel7-dead-count: a goes offline, and is unlinked; vz7-seed-commit and vz7-nullify: a goes offline and wipes node0/zone0/prio12, and is unlinked.
        rhel7-dead-count: rounds 0 restarts 0 visits 2 wiped 0
        vz7-seed-commit: rounds 0 restarts 0 visits 2 wiped 1
        vz7-nullify: rounds 0 restarts 0 visits 2 wiped 1
    "#]],
    );
}

/// The confirmation waits for a walker inside its sections; the bias core does not. Lanes that
/// wait are brought along, and let the finished call pass when the schedule comes to it.
#[test]
fn a_lane_that_must_wait_is_brought_along() {
    let world = remover(kswapd(world(&["a", "b"]), "kswapd0"), "admin", &["b"]);
    let schedule = "
        kswapd0
        kswapd0 begin
        admin
        admin
        kswapd0
        kswapd0";
    check(
        play(world, &["rhel7-dead-count", "vz7-nullify"], schedule),
        expect![[r#"
        kswapd0 visits /.
        kswapd0: rcu_read_lock().
        admin kills b: tryget fails on it from now on.
        rhel7-dead-count: b goes offline, and is unlinked; vz7-nullify: b goes offline, and is unlinked (brought along: kswapd0 first ran to the end of its call).
        rhel7-dead-count: kswapd0 is back at /: restart; vz7-nullify: kswapd0 was there already.
        rhel7-dead-count: kswapd0 visits a; vz7-nullify: kswapd0 finishes its round.
        rhel7-dead-count: rounds 0 restarts 1 visits 3 wiped 0
        vz7-nullify: rounds 1 restarts 0 visits 2 wiped 0
    "#]],
    );
}

/// The seed's patch on the core without kill-and-confirm: the walker that took its reference
/// before the kill stores the dead group after the wipe, and a later walk touches freed memory.
#[test]
fn nullify_on_the_bias_core_touches_freed_memory() {
    let world = limit(limit(world(&["a", "b"]), "r1", 2), "r2", 9);
    let world = remover(world, "admin", &["a"]);
    let schedule = "
        r1
        r1 to next_live.tryget
        admin
        admin
        r1
        r1
        kworker release a
        kworker free a
        r2";
    check(
        play(world, &["vz7-nullify on bias", "vz7-nullify"], schedule),
        expect![[r#"
        r1 visits /.
        r1: tryget(a) gives true.
        admin kills a: tryget fails on it from now on.
        vz7-nullify on bias: a goes offline, and is unlinked; vz7-nullify: a goes offline and wipes node0/zone0/prio12, and is unlinked (brought along: r1 first ran to the end of its call).
        vz7-nullify on bias: r1 visits a; vz7-nullify: r1 was there already.
        r1 has enough and leaves its walk.
        nobody holds a any more: its memory waits for readers.
        kworker frees a.
        vz7-nullify on bias: fault, r2 touches freed memory: tryget(a), but a is freed; vz7-nullify: r2 is back at /: restart.
        vz7-nullify on bias: rounds 0 restarts 0 visits 2 wiped 0 fault UAF css_tryget
        vz7-nullify: rounds 0 restarts 1 visits 3 wiped 1
    "#]],
    );
}

/// A finer step is taken in one lane, or wherever its label exists.
#[test]
fn steps_by_label() {
    let world = kswapd(world(&["a"]), "kswapd0");
    let schedule = "
        kswapd0 to load_position.last_dead_count
        kswapd0 to next.last_visited=~2 in vz7-nullify
        kswapd0";
    check(
        play(world, &["rhel7-dead-count", "vz7-nullify"], schedule),
        expect![[r#"
            rhel7-dead-count: kswapd0: node0/zone0/prio12->last_dead_count gives 0; vz7-nullify: waits, since kswapd0 has no step "load_position.last_dead_count" here.
            rhel7-dead-count: waits, since kswapd0 takes this step in another lane; vz7-nullify: kswapd0: node0/zone0/prio12->last_visited = /.
            kswapd0 visits /.
            rhel7-dead-count: rounds 0 restarts 0 visits 1 wiped 0
            vz7-nullify: rounds 0 restarts 0 visits 1 wiped 0
        "#]],
    );
}
