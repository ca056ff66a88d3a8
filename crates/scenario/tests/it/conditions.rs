//! The `check:` section: what is read of it, what is wrong with it, and what becomes of it when the scenario is edited.

use expect_test::{Expect, expect};
use memcg_scenario::{
    link::{Shared, decode, encode},
    parse, print, read_condition, read_subject,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const TEXT: &str = "hierarchy:
  machine
    ct-1
  none
threads:
  kswapd0: reclaim / node 1 zones 2 priority 11..10
  \"limit 1\": reclaim machine private
  admin: rmdir machine/ct-1; mkdir machine/ct-1
check:
  always visits of /machine/ct-1 <= 1 and restarts == 0 or kept > 2
  sometimes position of / = none
  sometimes position of / node 1 zone 1 priority 10 = \"none\"
  always life of machine/ct-1#2 < offline
  eventually returned to \"limit 1\" = none
  sometimes held by kswapd0 = machine/ct-1 and place of admin != kill.cgroup_kill
  always refs of machine ≤ 9
";

fn check(text: &str, expected: &Expect) {
    expected.assert_eq(&crate::section(text, "check:\n"));
}

/// What is written comes back in one form, in texts and in links, and all of it means something.
#[test]
fn conditions_are_read() {
    check(
        TEXT,
        &expect![[r#"
            check:
              always visits of machine/ct-1 <= 1 and restarts = 0 or kept > 2
              sometimes position of / = none
              sometimes position of / node 1 zone 1 priority 10 = "none"
              always life of machine/ct-1#2 < offline
              eventually returned to "limit 1" = none
              sometimes held by kswapd0 = machine/ct-1 and place of admin != kill.cgroup_kill
              always refs of machine <= 9
        "#]],
    );
    let scenario = parse(TEXT).scenario;
    assert_eq!(parse(&print(&scenario)).scenario, scenario);
    let link = encode(&Shared { scenario: scenario.clone(), ..Shared::default() }).expect("short");
    assert_eq!(decode(&link).shared.map(|shared| shared.scenario), Some(scenario.clone()));
    let (world, _) = scenario.world();
    let conditions = scenario.conditions(&world);
    let named: Vec<String> = conditions
        .iter()
        .map(|(at, condition)| {
            format!("{at} {}\n", condition.named(&world).expect("all are there"))
        })
        .collect();
    // What a slot's place leaves out is that of the first thread that uses it.
    expect![[r#"
        0 always visits of machine/ct-1 <= 1 and restarts = 0 or kept > 2
        1 sometimes position of / node 1 zone 0 priority 11 = none
        2 sometimes position of / node 1 zone 1 priority 10 = none
        3 always life of machine/ct-1#2 < offline
        4 eventually returned to limit 1 = none
        5 sometimes held by kswapd0 = machine/ct-1 and place of admin != kill.cgroup_kill
        6 always refs of machine <= 9
    "#]]
    .assert_eq(&named.concat());
}

/// Every mistake has its place and cause, and the nearest word where there is one; what is sound is kept.
#[test]
fn mistakes_are_said() {
    let text = "hierarchy:
  ct-1
threads:
  kswapd0: reclaim / node 0 zones 1 priority 12
  admin: rmdir ct-1
check: always
  allways rounds >= 1
  always
  always round >= 1
  always kswapd0 holds ct-1
  always rounds => 1
  always rounds >=
  always rounds >= many
  always rounds >= 1 but kept = 0
  always rounds >= 1 and
  always refs ct-1 = 1
  always refs of
  always life of ct-1 = online
  always life of ct-1 = offlin
  always life of ct-2 = online
  always position of / < ct-1
  always position of / node x = ct-1
  always position of / node 1 = ct-1
  always position of ct-1 = none
  always held by kswapd1 = none
  always held by kswapd0 = ct-3
  always place of kswapd0 = \"next.tryget\"
  always rounds = 1 or rounds = 2 or rounds = 3 or rounds = 4 or rounds = 5 or rounds = 6 or rounds = 7 or rounds = 8 or rounds = 9
";
    check(
        text,
        &expect![[r#"
            check:
              always life of ct-1 = online
              always life of ct-2 = online
              always position of / node 1 = ct-1
              always position of ct-1 = none
              always held by kswapd1 = none
              always held by kswapd0 = ct-3
            6:8: error: the lines of this section go below it, indented
            7:3: error: a condition begins with always, sometimes or eventually; did you mean "always"?
            8:3: error: a comparison is missing at the end; such as "rounds >= 1"
            9:10: error: a comparison looks at: rounds, restarts, visits, visits of GROUP, wiped, kept, faults, refs of GROUP, life of GROUP, position of ROOT, held by THREAD, returned to THREAD, place of THREAD; did you mean "rounds"?
            10:10: error: a comparison looks at: rounds, restarts, visits, visits of GROUP, wiped, kept, faults, refs of GROUP, life of GROUP, position of ROOT, held by THREAD, returned to THREAD, place of THREAD
            11:17: error: a comparison is one of: = != < <= > >=; did you mean ">="?
            12:3: error: this is a number from 0 to 4294967295
            13:20: error: this is a number from 0 to 4294967295
            14:22: error: comparisons are joined by "and" or "or"
            15:3: error: a comparison is missing at the end; such as "rounds >= 1"
            16:10: error: "refs" goes on with "of" and a name
            17:3: error: "of" needs a name behind it
            19:25: error: the stages of a life are: unborn, coming, online, dying, offline, unlinked, freed; did you mean "offline"?
            20:10: error: there is no cgroup "ct-2"; did you mean "ct-1"?
            21:24: error: this is compared by = or !=
            22:29: error: this is a number from 0 to 255
            23:10: error: no thread below "/" uses this slot; used is "node 0 zone 0 priority 12"
            24:10: error: no thread walks below "ct-1" with a shared slot
            25:10: error: there is no thread "kswapd1"; did you mean "kswapd0"?
            26:10: error: there is no cgroup "ct-3"; did you mean "ct-1"?
            27:29: error: this is the label of an access, such as "load_position.tryget"
            28:3: error: a condition has at most 8 comparisons
        "#]],
    );
    let many = "check:\n".to_string() + &"  always kept = 0\n".repeat(18);
    let parsed = parse(&many);
    assert_eq!((parsed.scenario.checks.len(), parsed.diagnostics.len()), (16, 2));
    expect!["18:3: error: at most 16 conditions are checked"]
        .assert_eq(&parsed.diagnostics[0].to_string());
    let (world, _) = parse(text).scenario.world();
    // Those that name what is not there are left out, the others keep their places.
    let places: Vec<usize> =
        parse(text).scenario.conditions(&world).iter().map(|(at, _)| *at).collect();
    assert_eq!(places, [0]);
}

/// Conditions follow renamed groups and threads, and go with what they are about.
#[test]
fn edits_are_followed() {
    let checks = |edit: &dyn Fn(&mut memcg_scenario::Scenario) -> Vec<String>| {
        let mut scenario = parse(TEXT).scenario;
        let dropped = edit(&mut scenario);
        let text = print(&scenario);
        assert_eq!(parse(&text).scenario, scenario);
        let (_, checks) = text.split_once("check:\n").expect("some are left");
        let dropped: String = dropped.iter().map(|line| format!("dropped {line}\n")).collect();
        format!("check:\n{checks}{dropped}")
    };
    let renamed = checks(&|scenario| {
        let id = scenario.hierarchy.find("machine").expect("is there");
        scenario.rename_group(id, "my ct").expect("a good name");
        scenario.rename_thread("limit 1", "limit").expect("a good name");
        Vec::new()
    });
    expect![[r#"
        check:
          always visits of "my ct/ct-1" <= 1 and restarts = 0 or kept > 2
          sometimes position of / = none
          sometimes position of / node 1 zone 1 priority 10 = "none"
          always life of "my ct/ct-1#2" < offline
          eventually returned to limit = none
          sometimes held by kswapd0 = "my ct/ct-1" and place of admin != kill.cgroup_kill
          always refs of "my ct" <= 9
    "#]]
    .assert_eq(&renamed);
    let removed = checks(&|scenario| {
        let id = scenario.hierarchy.find("machine/ct-1").expect("is there");
        let mut dropped = scenario.remove_group(id).expect("is removed").dropped;
        dropped.extend(scenario.remove_thread("limit 1").dropped);
        dropped
    });
    expect![[r#"
        check:
          sometimes position of / = none
          sometimes position of / node 1 zone 1 priority 10 = "none"
          always life of machine/ct-1 < offline
          always refs of machine <= 9
        dropped admin: rmdir machine/ct-1
        dropped always visits of machine/ct-1 <= 1 and restarts = 0 or kept > 2
        dropped sometimes held by kswapd0 = machine/ct-1 and place of admin != kill.cgroup_kill
        dropped eventually returned to "limit 1" = none
        dropped thread limit 1
    "#]]
    .assert_eq(&removed);
}

/// One condition, or what one looks at, from a text of its own: a watch expression.
#[test]
fn watch_expressions() {
    let (world, _) = parse(TEXT).scenario.world();
    let subject = read_subject("position of / node 1", &world).expect("sound");
    assert_eq!(subject, read_subject("position of /", &world).expect("sound"));
    assert!(read_condition("sometimes refs of machine >= 2 and kept = 1", &world).is_ok());
    let mut out = String::new();
    for text in ["refs of machin", "refs", "refs of machine = 1", "held by kswapd"] {
        let wrong = read_subject(text, &world).expect_err("a mistake");
        out += &wrong.iter().map(|d| format!("{text}: {d}\n")).collect::<String>();
    }
    for text in ["refs of machine = 1", "always refs of machines = 1", ""] {
        let wrong = read_condition(text, &world).expect_err("a mistake");
        out += &wrong.iter().map(|d| format!("{text}: {d}\n")).collect::<String>();
    }
    expect![[r##"
        refs of machin: 1:1: error: there is no cgroup "machin"; did you mean "machine"?
        refs: 1:1: error: "refs" goes on with "of" and a name
        refs of machine = 1: 1:17: error: nothing more can stand on this line; start a comment with "#", put quotes round spaces
        held by kswapd: 1:1: error: there is no thread "kswapd"; did you mean "kswapd0"?
        refs of machine = 1: 1:1: error: a condition begins with always, sometimes or eventually
        always refs of machines = 1: 1:8: error: there is no cgroup "machines"; did you mean "machine"?
        : 1:1: error: a condition begins with always, sometimes or eventually
    "##]].assert_eq(&out);
}
