//! Edits of the tree: what becomes of threads and moves.

use expect_test::{Expect, expect};
use memcg_scenario::{Edit, Scenario, parse, print};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const TEXT: &str = "hierarchy:
  machine
    ct-1
      init
    ct-2
  other
threads:
  k: reclaim machine/ct-1 private
  a: rmdir machine/ct-1/init; rmdir machine/ct-1; mkdir machine/ct-1; mkdir machine/ct-1#2/init; pin machine/ct-1#2
  b: mkdir machine/web; rmdir machine/web
schedule:
  k x2
  kworker free machine/ct-1
  kworker free machine/ct-1#2
  b
expect:
  one visits of machine/ct-1 = 2
  one visits of machine/ct-1#2 = 0
";

fn check(change: impl FnOnce(&mut Scenario) -> Edit, expected: &Expect) {
    let mut scenario = parse(TEXT).scenario;
    let edit = change(&mut scenario);
    let mut out = print(&scenario);
    for line in edit.dropped {
        out.push_str(&format!("dropped {line}\n"));
    }
    expected.assert_eq(&out);
    let again =
        parse(&out.lines().filter(|l| !l.starts_with("dropped")).collect::<Vec<_>>().join("\n"));
    assert_eq!(again.scenario, scenario);
}

/// Threads, moves and the `mkdir` of the same name follow.
#[test]
fn a_rename_is_followed() {
    check(
        |s| {
            let id = s.hierarchy.find("machine/ct-1").expect("is there");
            s.rename_group(id, "db").expect("renames")
        },
        &expect![[r#"
            preemption: none

            hierarchy:
              machine
                db
                  init
                ct-2
              other

            threads:
              k: reclaim machine/db private rounds forever
              a:
                rmdir machine/db/init
                rmdir machine/db
                mkdir machine/db
                mkdir machine/db#2/init
                pin machine/db#2
              b: mkdir machine/web; rmdir machine/web

            schedule:
              k x2
              kworker free machine/db
              kworker free machine/db#2
              b

            expect:
              one visits of machine/db = 2
              one visits of machine/db#2 = 0
        "#]],
    );
}

/// A new name that a `mkdir` uses already: paths go on meaning the same groups.
#[test]
fn a_rename_onto_a_made_group() {
    check(
        |s| {
            let id = s.hierarchy.find("machine/ct-2").expect("is there");
            s.rename_group(id, "web").expect("renames")
        },
        &expect![[r#"
            preemption: none

            hierarchy:
              machine
                ct-1
                  init
                web
              other

            threads:
              k: reclaim machine/ct-1 private rounds forever
              a:
                rmdir machine/ct-1/init
                rmdir machine/ct-1
                mkdir machine/ct-1
                mkdir machine/ct-1#2/init
                pin machine/ct-1#2
              b: mkdir machine/web; rmdir machine/web#2

            schedule:
              k x2
              kworker free machine/ct-1
              kworker free machine/ct-1#2
              b

            expect:
              one visits of machine/ct-1 = 2
              one visits of machine/ct-1#2 = 0
        "#]],
    );
}

/// The whole subtree moves, and what is made below it later.
#[test]
fn a_move_is_followed() {
    check(
        |s| {
            let id = s.hierarchy.find("machine").expect("is there");
            let parent = s.hierarchy.find("other").expect("is there");
            s.move_group(id, parent).expect("moves")
        },
        &expect![[r#"
            preemption: none

            hierarchy:
              other
                machine
                  ct-1
                    init
                  ct-2

            threads:
              k: reclaim other/machine/ct-1 private rounds forever
              a:
                rmdir other/machine/ct-1/init
                rmdir other/machine/ct-1
                mkdir other/machine/ct-1
                mkdir other/machine/ct-1#2/init
                pin other/machine/ct-1#2
              b: mkdir other/machine/web; rmdir other/machine/web

            schedule:
              k x2
              kworker free other/machine/ct-1
              kworker free other/machine/ct-1#2
              b

            expect:
              one visits of other/machine/ct-1 = 2
              one visits of other/machine/ct-1#2 = 0
        "#]],
    );
}

/// A removed group takes along what refers to it; the `mkdir` at its path makes the first one now.
#[test]
fn a_removal_drops_what_refers_to_it() {
    check(
        |s| {
            let id = s.hierarchy.find("machine/ct-1").expect("is there");
            s.remove_group(id).expect("removes")
        },
        &expect![[r#"
            preemption: none

            hierarchy:
              machine
                ct-2
              other

            threads:
              a: mkdir machine/ct-1; mkdir machine/ct-1/init; pin machine/ct-1
              b: mkdir machine/web; rmdir machine/web

            schedule:
              kworker free machine/ct-1
              b

            expect:
              one visits of machine/ct-1 = 0
            dropped a: rmdir machine/ct-1/init
            dropped a: rmdir machine/ct-1
            dropped kworker free machine/ct-1
            dropped one visits of machine/ct-1 = 2
            dropped thread k with 2 moves
        "#]],
    );
}

/// A thread goes with its moves and with what refers to the groups that it makes.
#[test]
fn a_thread_is_removed() {
    check(
        |s| s.remove_thread("a"),
        &expect![[r#"
            preemption: none

            hierarchy:
              machine
                ct-1
                  init
                ct-2
              other

            threads:
              k: reclaim machine/ct-1 private rounds forever
              b: mkdir machine/web; rmdir machine/web

            schedule:
              k x2
              kworker free machine/ct-1
              b

            expect:
              one visits of machine/ct-1 = 2
            dropped kworker free machine/ct-1#2
            dropped one visits of machine/ct-1#2 = 0
            dropped thread a
        "#]],
    );
}

/// Moves follow a thread's new name.
#[test]
fn a_thread_is_renamed() {
    check(
        |s| {
            assert_eq!(s.rename_thread("k", "kswapd0"), Ok(true));
            assert!(s.rename_thread("a", "b").is_err());
            assert_eq!(s.rename_thread("z", "y"), Ok(false));
            Edit::default()
        },
        &expect![[r#"
            preemption: none

            hierarchy:
              machine
                ct-1
                  init
                ct-2
              other

            threads:
              kswapd0: reclaim machine/ct-1 private rounds forever
              a:
                rmdir machine/ct-1/init
                rmdir machine/ct-1
                mkdir machine/ct-1
                mkdir machine/ct-1#2/init
                pin machine/ct-1#2
              b: mkdir machine/web; rmdir machine/web

            schedule:
              kswapd0 x2
              kworker free machine/ct-1
              kworker free machine/ct-1#2
              b

            expect:
              one visits of machine/ct-1 = 2
              one visits of machine/ct-1#2 = 0
        "#]],
    );
}
