//! Large inputs take time in proportion. The bounds are loose: they are there for quadratic code.

use memcg_scenario::{
    import::read,
    link::{Shared, decode, encode},
    parse, print,
};
use std::time::Instant;

/// Runs it and fails if it took longer than any machine should need.
fn timed<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let out = run();
    let ms = start.elapsed().as_millis();
    println!("{what}: {ms} ms");
    assert!(ms < 5_000, "{what} took {ms} ms");
    out
}

/// 100,000 lines: groups, threads with many operations, moves.
#[test]
fn a_long_scenario() {
    let mut text = String::from("hierarchy:\n");
    for n in 0..19_000 {
        let indent = ["  ", "    ", "      "][n % 3];
        text.push_str(&format!("{indent}group-{n}\n"));
    }
    text.push_str("threads:\n  kswapd0: reclaim /\n  admin:\n");
    for n in 0..20_000 {
        text.push_str(&format!("    mkdir group-0/x{}\n", n % 900));
    }
    text.push_str("schedule:\n");
    for n in 0..61_000 {
        text.push_str(if n % 2 == 0 { "  kswapd0 begin\n" } else { "  kworker free group-0\n" });
    }
    let parsed = timed("parse", || parse(&text));
    assert_eq!(parsed.scenario.schedule.len(), 61_000);
    let printed = timed("print", || print(&parsed.scenario));
    assert_eq!(timed("parse again", || parse(&printed)).scenario, parsed.scenario);
    let (world, _) = timed("world", || parsed.scenario.world());
    assert_eq!(world.groups.len(), 20_000);
    let shared = Shared { scenario: parsed.scenario, ..Shared::default() };
    let fragment = timed("encode", || encode(&shared)).expect("fits");
    println!("text {} bytes, link {} bytes", text.len(), fragment.len());
    let mut scenario = timed("decode", || decode(&fragment)).shared.expect("reads").scenario;
    let id = scenario.hierarchy.find("group-0").expect("is there");
    timed("rename", || scenario.rename_group(id, "other")).expect("renames");
}

/// Nothing but mistakes.
#[test]
fn a_long_list_of_mistakes() {
    for line in
        ["  \"x\n", "  a: reclaim b\n", "  x y z\n", "foo:\n", "  nobody begin\n", "   \ta\n"]
    {
        for header in ["hierarchy:\n", "threads:\n", "schedule:\n", "expect:\n"] {
            timed(&format!("{header:?} {line:?}"), || {
                parse(&format!("{header}{}", line.repeat(100_000)))
            });
        }
    }
}

/// One name for all, and the deepest tree that a path can hold.
#[test]
fn odd_trees() {
    let deep = format!("hierarchy:\n  {}\n", "a/".repeat(2_048));
    let parsed = timed("deep path", || parse(&deep));
    assert_eq!(parsed.scenario.hierarchy.n_groups(), 2_049);
    timed("deep world", || parsed.scenario.world());
    timed("deep print", || print(&parsed.scenario));
    let ops = "  t: mkdir a\n".to_string() + &"     mkdir a\n".repeat(50_000);
    timed("one name", || parse(&format!("threads:\n{ops}")));
    let deep: String = (0..3_000).map(|n| format!("{}a\n", " ".repeat(n + 1))).collect();
    timed("deep indent", || parse(&format!("hierarchy:\n{deep}")));
}

/// 100,000 lines of 100 bytes in every format.
#[test]
fn long_listings() {
    let pad = "x".repeat(60);
    let find: String =
        (0..100_000).map(|n| format!("/sys/fs/cgroup/memory/{}/{pad}-{n}\n", n / 40)).collect();
    let imported = timed("find", || read(&find));
    assert_eq!((imported.n_lines, imported.hierarchy.n_groups()), (100_000, 20_000));
    let lscgroup: String =
        (0..100_000).map(|n| format!("memory:/{}/{pad}-{n}\n", n / 40)).collect();
    timed("lscgroup", || read(&lscgroup));
    let cgls: String =
        (0..50_000).map(|n| format!("│ ├─{pad}-{n}\n│ │ └─{n} /usr/bin/{pad}\n")).collect();
    timed("cgls", || read(&format!("Control group /:\n{cgls}")));
    let plain: String =
        (0..100_000).map(|n| format!("{}{pad}-{n}\n", "  ".repeat(n % 7))).collect();
    timed("plain", || read(&plain));
    timed("noise", || read(&"│ what\n".repeat(100_000)));
}
