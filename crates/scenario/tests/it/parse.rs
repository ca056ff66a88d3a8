//! Scenario text in, canonical text and diagnostics out.

use expect_test::{Expect, expect};
use memcg_scenario::{parse, print};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn check(text: &str, expected: &Expect) {
    let parsed = parse(text);
    let mut out = print(&parsed.scenario);
    for diagnostic in &parsed.diagnostics {
        out.push_str(&format!("{diagnostic}\n"));
    }
    if parsed.n_more > 0 {
        out.push_str(&format!("and {} more\n", parsed.n_more));
    }
    expected.assert_eq(&out);
}

/// Every section once, with comments, and as people leave the spaces.
#[test]
fn a_whole_scenario() {
    check(
        r"
scenario:The seed's story   # not a comment
note: One sentence.
note: Another paragraph.
preemption: full # none | full
use_hierarchy: off

hierarchy:
    machine # the machines
        ct-101
        ct-102/
            init
    machine/ct-103
    /system.slice/dev-disk-by\x2duuid.mount

threads:
  kswapd0: reclaim / node 0 priority 12..0
  limit1: reclaim machine/ct-101 enough 4 walks 2
  peek: reclaim / private calls 5
  admin: rmdir machine/ct-103; mkdir machine/ct-103;
         pin machine/ct-103#2 # the second one
         unpin machine/ct-103#2

compare:
  one
  one on other

schedule:
  kswapd0 x3
  kswapd0
  admin
  kswapd0 begin
  kswapd0 to load_position.tryget in one on other
  kworker free machine/ct-103

expect:
  one restarts >= 1
  one on other faults == 0
",
        &expect![[r#"
            scenario: The seed's story   # not a comment
            note: One sentence.
            note: Another paragraph.
            preemption: full
            use_hierarchy: off

            hierarchy:
              machine
                ct-101
                ct-102
                  init
                ct-103
              system.slice
                dev-disk-by\x2duuid.mount

            threads:
              kswapd0: reclaim / node 0 zones 1 priority 12..0 rounds forever
              limit1: reclaim machine/ct-101 node 0 zones 1 priority 12 enough 4 walks 2
              peek: reclaim / private calls 5
              admin:
                rmdir machine/ct-103
                mkdir machine/ct-103
                pin machine/ct-103#2
                unpin machine/ct-103#2

            compare:
              one
              one on other

            schedule:
              kswapd0 x4
              admin
              kswapd0 begin
              kswapd0 to load_position.tryget in one on other
              kworker free machine/ct-103

            expect:
              one restarts >= 1
              one on other faults = 0
        "#]],
    );
}

/// What is unsound is left out, and the rest stays.
#[test]
fn mistakes_are_reported_together() {
    check(
        r#"hierarhy:
  lost
scenario: One
scenario: Two
preemption: maybe
stray
hierarchy: inline
  a
      b
    c
	d
  a
  ..
    below
  two words
  "a\qb"
  "open
compare
compare:
  one on
  one
  one
threads:
  kworker: reclaim /
  t: reclaim
  t: reclaim /nowhere
  t2: reclaim / node 64 zones 0 priority 0..12 calls x rounds 2 nod 3
  t3: reclaim / private node 1 walks 3
  t3: mkdir a/z
  t4: rmdri a; rmdir a; rmdir b d; rmdir a/bb; unpin a/b
  no colon
schedule:
  t5
  t2 xx
  t2 to
  kworker free
  kworker free a/d
  t2 to lable in two
expect:
  one round = 1
  one rounds ~ 1
  one rounds = -1
  one rounds
  two faults = 0
  one visits of a/bb = 1
  one rounds of a/b = 1
cursor: 5
"#,
        &expect![[r#"
            scenario: One
            preemption: none

            hierarchy:
              a
                b
                c
              d
                a
                ab
                open

            threads:
              t: reclaim nowhere node 0 zones 1 priority 12 rounds forever
              t2: reclaim / node 0 zones 1 priority 12 rounds forever
              t3: reclaim / private rounds forever
              t4: rmdir a; rmdir a/bb; unpin a/b

            compare:
              one

            schedule:
              t5
              kworker free a/d
              t2 to lable in two

            expect:
              two faults = 0
              one visits of a/bb = 1
            1:1: error: no section has this name; did you mean "hierarchy:"?
            4:1: error: "scenario:" stands above already; this one is not used
            5:13: error: this is one of: none, full
            6:1: error: a line at the margin starts with a word and ":"; indent the lines of a section by two spaces
            7:12: error: the lines of this section go below it, indented
            10:1: error: this indent is that of no line above; indent siblings by the same width
            11:1: error: this indent is that of no line above; indent siblings by the same width
            12:1: error: this indent mixes tabs and spaces unlike the lines above
            13:3: error: "." and ".." are taken by the file system
            14:5: error: not used, since the line that it is below is not
            15:7: error: one group a line; did you mean "two words"?
            16:5: error: no such escape; known are \" \\ \n \r \t \u{hex}
            17:3: error: the closing quote is missing on this line
            18:1: error: a line at the margin starts with a word and ":"; indent the lines of a section by two spaces
            20:9: error: the core's name is missing
            22:3: error: "one" is compared already
            24:3: error: "kworker" is the kernel's worker, which every world has
            25:6: error: "reclaim" needs the path of its root; write "reclaim /" for a global reclaimer
            26:14: error: there is no cgroup "nowhere"
            27:22: error: "node" takes a number from 0 to 63
            27:31: error: "zones" takes a number from 1 to 8
            27:42: error: "priority" takes a number from 0 to 12, or two downwards; did you mean "12..0"?
            27:54: error: "calls" takes a number from 1 to 4294967295
            27:56: error: "rounds" does not go with the "calls" before it
            27:65: error: a reclaimer has: private, node, zones, priority, rounds, enough, walks, calls; did you mean "node"?
            27:69: error: a reclaimer has: private, node, zones, priority, rounds, enough, walks, calls
            28:7: error: "walks" needs "enough", the groups after which a walk breaks off
            28:17: error: a private walk has no slot: node, zones and priority are not used
            29:3: error: a thread "t3" is there already
            30:7: error: a thread does one of: reclaim, mkdir, rmdir, pin, unpin; did you mean "rmdir"?
            30:16: warning: "a" still has 2 children: the kernel answers EBUSY
            30:25: error: "rmdir" takes one path; separate operations by ";"
            30:36: error: there is no cgroup "a/bb"; did you mean "a/b"?
            30:48: warning: no operation before this one pins the group
            31:3: error: a thread is written "name: what it does"
            33:3: error: there is no thread "t5"; did you mean "t"?
            34:6: error: after the thread comes nothing, "x" and a number, "begin" or "to" and a label
            35:6: error: "to" needs the label of an access; such as "to load_position.tryget"
            36:3: error: the worker's move names a stage and the group's path
            37:3: error: there is no cgroup "a/d"; did you mean "a/b"?
            38:3: warning: "two" is not among those compared
            40:7: error: counted are: rounds, restarts, visits, wiped, kept, faults; did you mean "rounds"?
            41:14: error: a comparison is one of: = != < <= > >=
            42:16: error: this is a number from 0 to 4294967295
            43:7: error: an expectation is a policy, what is counted, a comparison, a number; such as "one rounds >= 1"
            44:3: warning: "two" is not among those compared
            45:3: error: there is no cgroup "a/bb"; did you mean "a/b"?
            46:7: error: an expectation is a policy, what is counted, a comparison, a number; such as "one rounds >= 1"
            47:1: warning: "cursor" belongs to links, not to scenarios
        "#]],
    );
}

/// A text indented as a whole, with Windows line ends and a byte order mark.
#[test]
fn pasted_from_elsewhere() {
    check(
        "\u{feff}    hierarchy:\r\n\r\n      a\r\n        b\r\n    # x\r\n    threads:\r\n      k: reclaim /\r\n",
        &expect![[r#"
        preemption: none

        hierarchy:
          a
            b

        threads:
          k: reclaim / node 0 zones 1 priority 12 rounds forever
    "#]],
    );
}

/// Names need quotes only where the text could be misread.
#[test]
fn names_with_quotes() {
    check(
        r#"hierarchy:
  "my containers"
    "say \"hi\""
    semi";"colon
    "tab\u{202e}"
  ünï/日本語
  user@1000.service
  "\u{23}1"
threads:
  "a:b c": pin "my containers/semi;colon"
schedule:
  "a:b c"
"#,
        &expect![[r##"
            preemption: none

            hierarchy:
              "my containers"
                "say \"hi\""
                "semi;colon"
              ünï
                日本語
              user@1000.service
              "#1"

            threads:
              "a:b c": pin "my containers/semi;colon"

            schedule:
              "a:b c"
            5:5: error: a name cannot hold the control character U+202E
        "##]],
    );
}

/// What the kernel would refuse is a warning, since another thread may make it right.
#[test]
fn operations_that_the_kernel_refuses() {
    check(
        "hierarchy:\n  a\n    b\n  c\nthreads:\n  t: rmdir a; rmdir a/b; rmdir a; rmdir a; mkdir a/c; \
         mkdir a; mkdir a/d; mkdir c; rmdir later; mkdir later; unpin c; rmdir /; mkdir /; mkdir x/y\n",
        &expect![[r#"
            preemption: none

            hierarchy:
              a
                b
              c

            threads:
              t:
                rmdir a
                rmdir a/b
                rmdir a
                rmdir a
                mkdir a/c
                mkdir a
                mkdir a/d
                mkdir c
                rmdir later
                mkdir later
                unpin c
                rmdir /
                mkdir /
                mkdir x/y
            6:6: warning: "a" still has 1 child: the kernel answers EBUSY
            6:35: warning: "a" is removed before this
            6:44: warning: "a" is removed before this; did you mean "a#2/c"?
            6:64: warning: "a" is removed before this; did you mean "a#2/d"?
            6:75: warning: "c" is there already and no one removes it: the kernel answers EEXIST
            6:84: warning: "later" is made only after this
            6:110: warning: no operation before this one pins the group
            6:119: error: the root cgroup is never removed
            6:128: error: the root cgroup exists from the start
            6:137: error: there is no cgroup "x"; did you mean "a"?
        "#]],
    );
}

/// The list of diagnostics is bounded; the number of all is known.
#[test]
fn many_mistakes_are_counted() {
    let text = format!("schedule:\n{}", "  nobody begin\n  nobody\n".repeat(300));
    let parsed = parse(&text);
    assert_eq!((parsed.diagnostics.len(), parsed.n_more), (200, 400));
    assert_eq!(parsed.scenario.schedule.len(), 600);
}

/// One message for a tree that is too large, with the figures.
#[test]
fn too_many_groups() {
    let groups: String = (0..30_000).map(|n| format!("  g{n}\n    x\n")).collect();
    let parsed = parse(&format!("hierarchy:\n{groups}"));
    assert_eq!(parsed.scenario.hierarchy.n_groups(), 20_000);
    let said: Vec<String> = parsed.diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        ["20001:5: error: used the first 19,999 of 60,000 cgroups, as many as are possible here"]
    );
}

/// Bounds on moves, threads and the text itself.
#[test]
fn other_bounds() {
    let parsed = parse("threads:\n  t: reclaim /\nschedule:\n  t x99999\n  t x99999\n  t\n");
    assert_eq!(parsed.scenario.schedule.len(), 100_000);
    let said: Vec<String> = parsed.diagnostics.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "5:3: error: a schedule has at most 100000 moves",
            "6:3: error: a schedule has at most 100000 moves"
        ]
    );
    let threads: String = (0..40).map(|n| format!("  t{n}: reclaim /\n")).collect();
    let parsed = parse(&format!("threads:\n{threads}"));
    assert_eq!((parsed.scenario.threads.len(), parsed.diagnostics.len()), (31, 9));
    let parsed = parse(&"#".repeat(17 * 1024 * 1024));
    assert_eq!(
        parsed.diagnostics[0].to_string(),
        "1:1: error: the text has 17825792 bytes; at most 16777216 are read, so nothing was"
    );
}

/// Names of policies are checked against a list, with places.
#[test]
fn unknown_policies() {
    let parsed = parse("compare:\n  alpa\n  beta on brias\n");
    let said: Vec<String> =
        parsed.check_names(&["alpha", "beta"], &["bias"]).iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "2:3: error: there is no policy \"alpa\"; did you mean \"alpha\"?",
            "3:3: error: there is no core \"brias\"; did you mean \"bias\"?"
        ]
    );
}
