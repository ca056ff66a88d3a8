//! `memcg compare`: the table in its three forms, and what it says to mistakes.

mod common;

use common::memcg;
use expect_test::expect;

#[test]
fn the_table_as_text() {
    let told = memcg(&[
        "compare",
        "wiped-position",
        "--policy",
        "rhel7-dead-count",
        "--policy",
        "vz7-nullify",
        "--policy",
        "v3.19-pinned",
    ]);
    assert_eq!(told.status, 0);
    expect![[r#"
        A position that outlives its group, wiped in time

        policy              visits    rounds  restarts   skipped   doubles     wiped      held    faults
        rhel7-dead-count         6         0         1         0         2         0         0         0
        vz7-nullify              6         0         1         0         2         1         0         0
        v3.19-pinned             4         1         0         0         0         0         0         0

        where it first parts from rhel7-dead-count
          v3.19-pinned      move 9: call 4 of limit1 returns machine/ct-103, under rhel7-dead-count machine
    "#]].assert_eq(&told.out);
}

#[test]
fn a_fault_is_told_in_every_form() {
    let told = memcg(&["compare", "bias-core-nullify", "--markdown"]);
    expect![[r#"
        **Why wiping needs a kill that is confirmed**

        | policy | visits | rounds | restarts | skipped | doubles | wiped | held | faults | where it first parts from vz7-nullify |
        | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |
        | vz7-nullify | 4 | 0 | 1 | 0 | 1 | 1 | 1 | 0 |  |
        | vz7-nullify on bias | 2 | 0 | 0 | 0 | 0 | 0 | 0 | 1 | move 9: a fault: limit1 touches freed memory: tryget(ct-101), but machine/ct-101 is freed |
    "#]].assert_eq(&told.out);
    let told = memcg(&["compare", "bias-core-nullify", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
    let bias = &json["policies"][1];
    assert_eq!((bias["core"].as_str(), bias["faults"].as_u64()), (Some("bias"), Some(1)));
    assert_eq!(bias["parts"]["move"], bias["fault"]["move"]);
    assert_eq!(json["policies"][0]["held_groups"][0]["group"], "machine/ct-102");
}

#[test]
fn all_policies() {
    let told = memcg(&["compare", "one-rmdir", "--all", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
    let n = json["policies"].as_array().map(Vec::len);
    assert_eq!(n, Some(memcg_core::registry::policies().len()));
}

/// What is sound is compared all the same.
#[test]
fn mistakes() {
    let told =
        memcg(&["compare", "one-rmdir", "--policy", "vz7-nulify", "--policy", "vz7-nullify"]);
    assert_eq!(told.status, 2);
    assert!(told.out.contains("\nvz7-nullify "), "{}", told.out);
    expect![[r#"
        error: there is no policy "vz7-nulify"; did you mean "vz7-nullify"?
    "#]]
    .assert_eq(&told.err);

    let told = common::memcg_with_input(
        &["compare", "-"],
        "hierarchy:\n  a\nthreads:\n  k: reclam /\ncompare:\n  vz7-nullify\n",
    );
    assert_eq!(told.status, 2);
    expect![[r#"
        -:4:3: warning: this thread does nothing
        -:4:6: error: a thread does one of: reclaim, mkdir, rmdir, pin, unpin; did you mean "reclaim"?
    "#]].assert_eq(&told.err);

    let told = memcg(&["compare", "one-rmdri"]);
    assert_eq!((told.status, told.out.as_str()), (2, ""));
    expect![[r#"
        memcg: one-rmdri: No such file or directory (os error 2); did you mean the gallery's "one-rmdir"?
    "#]].assert_eq(&told.err);

    let told = memcg(&["compare", "one-rmdir", "--markdwn"]);
    expect![[r#"
        memcg: there is no option "--markdwn"; did you mean "--markdown"?
    "#]]
    .assert_eq(&told.err);
}

/// What walks and slots hold is what no group, caller or pin accounts for: between calls, and in policies whose slots
/// hold nothing, exactly what the walkers have in hand.
#[test]
fn references_add_up() {
    let mut n_held = 0;
    for item in memcg_scenario::gallery() {
        let scenario = memcg_scenario::parse(item.text).scenario;
        for policy in memcg_core::registry::policies() {
            let header = policy.header();
            // It returns groups without a reference: what its walkers have in hand is not theirs.
            if header.get("trouble").contains("a reference that it does not have") {
                continue;
            }
            // A slot that pins, and a root whose reference is never dropped, which the kernel had too.
            let stores = header.get("stores");
            let pins = (stores.contains("referenc") && !stores.contains("without a reference"))
                || header.get("trouble").contains("leak");
            let lane = memcg_core::schedule::LaneSpec { policy: policy.name.into(), core: None };
            let mut run = memcg_core::run::Run::new(scenario.world().0, &[lane]).expect("compiles");
            for mv in &scenario.schedule {
                run.apply(mv);
                let machine = run.lane(0).machine();
                let n_threads = run.world().threads.len();
                if machine.fault().is_some() || (0..=n_threads).any(|t| machine.is_inside(t)) {
                    continue;
                }
                let told: u32 = machine.held_by_walks().iter().map(|(_, n)| n).sum();
                let is_counted = |thread: &usize| {
                    let role = &run.world().threads[*thread].role;
                    let memcg_core::world::Role::Reclaimer { root, .. } = role else {
                        return false;
                    };
                    machine.holds(*thread).is_some_and(|g| g.0 != 0 && g != *root)
                };
                let in_hand = u32::try_from((0..n_threads).filter(is_counted).count());
                let in_hand = in_hand.expect("few");
                let fits = if pins { told >= in_hand } else { told == in_hand };
                assert!(fits, "{} under {}: {told}, {in_hand} in hand", item.name, policy.name);
                n_held += told;
            }
        }
    }
    assert!(n_held > 1_000, "{n_held}");
}
