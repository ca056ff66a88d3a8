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
