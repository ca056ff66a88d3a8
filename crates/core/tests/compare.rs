//! The table of policies: figures small enough to be counted by hand, and where lanes part.

mod common;

use common::{kswapd, lanes, limit, moves, remover, world};
use expect_test::{Expect, expect};
use memcg_core::compare::compare;
use memcg_core::replay::{Changed, check as check_proof, prove};
use memcg_core::run::Run;
use memcg_core::world::World;
use std::fmt::Write as _;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[expect(clippy::needless_pass_by_value, reason = "a snapshot is written in place")]
fn check(world: World, specs: &[&str], schedule: &str, expected: Expect) {
    let run = Run::new(world, &lanes(specs)).expect("lanes compile");
    let mut out = String::new();
    for row in compare(run, &moves(schedule)) {
        write!(
            out,
            "{}: visits {} rounds {} restarts {} skipped {} doubles {} wiped {} held {:?}",
            row.lane,
            row.n_visits,
            row.n_rounds,
            row.n_restarts,
            row.n_skipped,
            row.n_doubles,
            row.n_wiped,
            row.held,
        )
        .expect("a string");
        if let Some((at, fault)) = row.fault {
            write!(out, " fault in {at}: {}", fault.name).expect("a string");
        }
        match row.parts {
            Some(parts) => writeln!(out, "\n  parts in {}: {}", parts.at, parts.words),
            None => writeln!(out),
        }
        .expect("a string");
    }
    expected.assert_eq(&out);
}

/// The root is visited twice in one round by the lane that restarts; the other ends its round in call 4.
#[test]
fn a_restart_is_a_double_visit() {
    let world = remover(kswapd(world(&["a", "b", "c"]), "kswapd0"), "admin", &["c"]);
    let schedule = "
        kswapd0
        kswapd0
        kswapd0
        admin
        admin
        kswapd0";
    check(
        world,
        &["rhel7-dead-count", "vz7-seed-commit", "vz7-nullify"],
        schedule,
        expect![[r#"
            rhel7-dead-count: visits 4 rounds 0 restarts 1 skipped 0 doubles 1 wiped 0 held []
            vz7-seed-commit: visits 4 rounds 0 restarts 1 skipped 0 doubles 1 wiped 0 held []
            vz7-nullify: visits 3 rounds 1 restarts 0 skipped 0 doubles 0 wiped 0 held []
              parts in 6: call 4 of kswapd0 returns none, under rhel7-dead-count /
        "#]],
    );
}

/// Both walkers have loaded the last group. kswapd0 ends the round and is two groups into the next when direct1
/// ends that one as well: b and c were there all the time and were not visited in it.
#[test]
fn a_round_that_is_ended_twice_skips_groups() {
    let world = kswapd(kswapd(world(&["a", "b", "c"]), "kswapd0"), "direct1");
    let schedule = "
        kswapd0
        direct1
        kswapd0
        direct1
        kswapd0 to load_position.last_visited
        direct1 to load_position.last_visited
        kswapd0
        kswapd0
        kswapd0
        direct1
        kswapd0";
    check(
        world,
        &["rhel7-dead-count", "vz7-nullify"],
        schedule,
        expect![[r#"
        rhel7-dead-count: visits 6 rounds 2 restarts 0 skipped 2 doubles 0 wiped 0 held []
        vz7-nullify: visits 6 rounds 2 restarts 0 skipped 2 doubles 0 wiped 0 held []
    "#]],
    );
}

/// The slot of the pinning policy keeps a reference after the break. Groups that were not alive for the whole round
/// are not skipped.
#[test]
fn a_slot_that_holds_a_reference() {
    let world = remover(limit(world(&["a", "b"]), "limit", 2), "admin", &["a"]);
    let schedule = "
        limit
        limit
        limit
        admin
        admin";
    check(
        world,
        &["rhel7-dead-count", "v3.19-pinned"],
        schedule,
        expect![[r#"
        rhel7-dead-count: visits 2 rounds 0 restarts 0 skipped 0 doubles 0 wiped 0 held []
        v3.19-pinned: visits 2 rounds 0 restarts 0 skipped 0 doubles 0 wiped 0 held [("a", 1)]
    "#]],
    );
}

/// A walker between two calls holds what it was given; a fault is counted once, and told with its move.
#[test]
fn a_fault_and_a_walker_with_a_group_in_hand() {
    let world = remover(limit(world(&["a", "b"]), "limit", 2), "admin", &["a"]);
    let world = kswapd(world, "kswapd0");
    let schedule = "
        limit
        limit to next_live.tryget
        admin
        admin
        limit
        limit
        kworker release a
        kworker free a
        kswapd0
        kswapd0";
    check(
        world,
        &["vz7-nullify", "vz7-nullify on bias"],
        schedule,
        expect![[r#"
        vz7-nullify: visits 4 rounds 0 restarts 1 skipped 0 doubles 1 wiped 1 held [("b", 1)]
        vz7-nullify on bias: visits 2 rounds 0 restarts 0 skipped 0 doubles 0 wiped 0 held [] fault in 9: UAF css_tryget
          parts in 9: a fault: kswapd0 touches freed memory: tryget(a), but a is freed
    "#]],
    );
}

/// A proof holds for the run it was made from, and for no other.
#[test]
fn a_proof_tells_what_has_changed() {
    let start = |specs: &[&str]| {
        let world = remover(kswapd(world(&["a", "b"]), "kswapd0"), "admin", &["b"]);
        Run::new(world, &lanes(specs)).expect("lanes compile")
    };
    let schedule = moves(
        "kswapd0
        kswapd0
        kswapd0 to next_live.tryget
        admin
        admin
        admin
        kswapd0",
    );
    let proof = prove(start(&["rhel7-dead-count"]), &schedule);
    assert_eq!(proof.idle, [6], "admin has nothing to do a third time");
    assert_eq!(check_proof(start(&["rhel7-dead-count"]), &schedule, &proof), None);
    // Another policy stands for a listing that has changed: here only the end differs, ...
    let pinned = check_proof(start(&["vz7-nullify"]), &schedule, &proof);
    assert_eq!(pinned, Some(Changed::State));
    // ... here a label is gone, ...
    let css_id = check_proof(start(&["v3.3-css-id"]), &schedule, &proof);
    expect!["the model has changed since this was shared: move 3 is no longer possible, v3.3-css-id: kswapd0 has no step \"next_live.tryget\" here"]
        .assert_eq(&css_id.expect("no such step").to_string());
    // ... and what did nothing even then is no change.
    let mut strict = proof;
    strict.idle.clear();
    let idle = check_proof(start(&["rhel7-dead-count"]), &schedule, &strict);
    expect!["the model has changed since this was shared: move 6 is no longer possible, rhel7-dead-count: admin has done all it had to do"]
        .assert_eq(&idle.expect("idle").to_string());
}
