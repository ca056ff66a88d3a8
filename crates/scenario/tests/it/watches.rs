//! The `watch:` section: what is read of it, what is wrong with it, and what becomes of it when the scenario is edited.

use expect_test::{Expect, expect};
use memcg_scenario::{
    link::{Shared, decode, encode},
    parse, print, read_watch, watch_text,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const WORLD: &str = "hierarchy:
  machine
    ct-1
  none
threads:
  kswapd0: reclaim / node 1 zones 2 priority 11..10
  admin: rmdir machine/ct-1
";

/// What is kept of some lines, and what is said of the others.
fn check(lines: &str, expected: &Expect) {
    expected.assert_eq(&crate::section(&format!("{WORLD}watch:\n{lines}"), "watch:\n"));
}

/// Values stand alone, conditions without a word that says when.
#[test]
fn lines_are_read() {
    let lines = "  visits\n  refs of /machine/ct-1\n  position of /\n  held by kswapd0 = none\n  \
                 restarts == 0 and kept > 2 or life of machine/ct-1 < offline\n  place of admin\n";
    check(
        lines,
        &expect![[r#"
            watch:
              visits
              refs of machine/ct-1
              position of /
              held by kswapd0 = none
              restarts = 0 and kept > 2 or life of machine/ct-1 < offline
              place of admin
        "#]],
    );
    let scenario = parse(&format!("{WORLD}watch:\n{lines}")).scenario;
    assert_eq!(parse(&print(&scenario)).scenario, scenario);
    let link = encode(&Shared { scenario: scenario.clone(), ..Shared::default() }).expect("short");
    assert_eq!(decode(&link).shared.map(|shared| shared.scenario), Some(scenario.clone()));
    let world = scenario.world().0;
    assert_eq!(scenario.watched(&world).len(), 6);
    for watch in &scenario.watches {
        assert_eq!(read_watch(&watch_text(watch), &world).as_ref(), Ok(watch));
    }
}

/// Every mistake has its place and cause; what is sound is kept.
#[test]
fn mistakes_are_said_and_the_rest_is_kept() {
    check(
        "  vists\n  always visits = 1\n  refs of machine/ct-2\n  visits >\n  refs of\n  held by kswapd1\n  visits and\n  wiped\n",
        &expect![[r#"
            watch:
              refs of machine/ct-2
              held by kswapd1
              wiped
            9:3: error: a comparison looks at: rounds, restarts, visits, visits of GROUP, wiped, kept, faults, refs of GROUP, life of GROUP, position of ROOT, held by THREAD, returned to THREAD, place of THREAD; did you mean "visits"?
            10:3: error: a comparison looks at: rounds, restarts, visits, visits of GROUP, wiped, kept, faults, refs of GROUP, life of GROUP, position of ROOT, held by THREAD, returned to THREAD, place of THREAD
            11:3: error: there is no cgroup "machine/ct-2"; did you mean "machine/ct-1"?
            12:3: error: this is a number from 0 to 4294967295
            13:3: error: "of" needs a name behind it
            14:3: error: there is no thread "kswapd1"; did you mean "kswapd0"?
            15:10: error: a comparison is one of: = != < <= > >=
        "#]],
    );
    let many = "  visits\n".repeat(18);
    let parsed = parse(&format!("{WORLD}watch:\n{many}"));
    assert_eq!((parsed.scenario.watches.len(), parsed.diagnostics.len()), (16, 2));
    let long = ["visits > 1"; 9].join(" or ");
    check(
        &format!("  {long}\n"),
        &expect![[r#"
            watch:
            9:3: error: a condition has at most 8 comparisons
        "#]],
    );
    let world = parse(WORLD).scenario.world().0;
    for text in ["", "vists", "refs of machine/ct-2", "always visits = 1", "visits of"] {
        let problems = read_watch(text, &world).expect_err(text);
        assert!(!problems.is_empty(), "{text}");
    }
}

/// Names follow; what is about something that is gone goes along.
#[test]
fn edits_are_followed() {
    let text = format!(
        "{WORLD}watch:\n  refs of machine/ct-1 = 0 or rounds > 1\n  held by admin\n  visits\n"
    );
    let mut scenario = parse(&text).scenario;
    let machine = scenario.hierarchy.find("machine").expect("it is there");
    scenario.rename_group(machine, "vm").expect("the name is free");
    scenario.rename_thread("admin", "root").expect("the name is free");
    let lines = |scenario: &memcg_scenario::Scenario| {
        scenario.watches.iter().map(watch_text).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(lines(&scenario), "refs of vm/ct-1 = 0 or rounds > 1\nheld by root\nvisits");
    let edit = scenario.remove_thread("root");
    assert_eq!(lines(&scenario), "refs of vm/ct-1 = 0 or rounds > 1\nvisits");
    assert!(edit.dropped.contains(&"held by root".into()), "{:?}", edit.dropped);
    let vm = scenario.hierarchy.find("vm").expect("it is there");
    scenario.remove_group(vm).expect("it is not the root");
    assert_eq!(lines(&scenario), "visits");
}
