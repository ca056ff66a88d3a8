//! Race diagrams pasted back: what was drawn becomes a schedule that draws the same.

use crate::{gallery, of_text};
use expect_test::expect;
use memcg_core::run::{Grain, Run};
use memcg_core::schedule::Move;
use memcg_render::{paste, race};
use std::fmt::Write as _;

/// Each lane of a run on its own.
fn alone(run: &Run) -> impl Iterator<Item = Run> + '_ {
    run.lanes().iter().map(|lane| {
        let lanes = vec![(lane.spec().clone(), lane.program().clone())];
        Run::of_programs(run.world().clone(), lanes)
    })
}

fn draw(run: &Run, schedule: &[Move], grain: Grain) -> String {
    race(run.clone(), schedule, usize::MAX, grain)
}

/// Drawn, read and drawn again, every lane of the gallery is the same.
#[test]
fn the_gallery_there_and_back() {
    let mut n_alike = 0;
    for item in memcg_scenario::gallery() {
        let (run, scenario) = gallery(item.name);
        let all = draw(&run, &scenario.schedule, Grain::Access);
        let diagrams: Vec<String> =
            alone(&run).map(|run| draw(&run, &scenario.schedule, Grain::Access)).collect();
        for (own, text) in alone(&run).zip(diagrams) {
            let lane = own.lane(0).spec().to_string();
            // As it stood among the other lanes, which may have made it wait.
            let at = all.find(&format!("{lane}\n")).expect("drawn");
            for text in [text.as_str(), &all[at..]] {
                let read = paste(text, &own);
                let told: Vec<String> = read.problems.iter().map(ToString::to_string).collect();
                assert_eq!(told, [""; 0], "{} {lane}\n{text}", item.name);
                assert_eq!(read.n_used, read.n_lines, "{} {lane}", item.name);
                assert!(read.is_same, "{} {lane}\n{text}", item.name);
            }
            // Character by character, but for moves that do nothing: they say why in brackets.
            let is_idle = |line: &str| line.trim_start().starts_with('(');
            if !text.lines().any(is_idle) {
                n_alike += 1;
                let again = draw(&own, &paste(&text, &own).schedule, Grain::Access);
                assert_eq!(again, text, "{} {lane}", item.name);
            }
        }
    }
    assert!(n_alike > 30, "{n_alike} diagrams without idle moves");
}

/// What a text becomes: the moves, and what is said about it.
fn told(world: &str, text: &str) -> String {
    let (run, _) = of_text(world);
    let read = paste(text, &run);
    let mut out = String::new();
    let _ = writeln!(
        out,
        "{} of {} lines{}",
        read.n_used,
        read.n_lines,
        if read.is_same { ", the same" } else { "" }
    );
    for mv in &read.schedule {
        let _ = match mv {
            Move::Call { thread } => writeln!(out, "  {thread}"),
            Move::Begin { thread } => writeln!(out, "  {thread} begin"),
            Move::To { thread, label, .. } => writeln!(out, "  {thread} to {label}"),
            Move::Work { stage, group } => writeln!(out, "  kworker {stage} {group}"),
        };
    }
    for problem in &read.problems {
        let _ = writeln!(out, "{problem}");
    }
    out
}

const WEAK: &str = "hierarchy:\n  A\n    B\nthreads:\n  t1: reclaim A enough 2 walks 2\n  t2: reclaim A\n  admin: rmdir A/B\ncompare:\n  v4.4-weak\n";

/// Two columns without a heading, as commit messages have them: functions of the kernel, assignments, remarks.
#[test]
fn two_columns_of_a_commit_message() {
    let text = "\
    Somebody may walk on while B goes away:

    shrink_zone
      mem_cgroup_iter(A, NULL, cookie)
                                            [rmdir B]
      mem_cgroup_iter(A, A, cookie)
        // prev = A
        rcu_read_lock()
        mem_cgroup_iter_load
          pos = iter->position              // gets A
          css_tryget(pos)                   // succeeds
                                            css_offline(B)
        css_tryget(B)                       // fails
        cmpxchg(&iter->position, A, NULL)
";
    expect![[r#"
        10 of 10 lines
          t1
          admin
          t1 to load_position.tryget
          admin
          t1 to next.cmpxchg-position
        3:5: warning: the column shrink_zone is taken for t1
        5:45: warning: the column [rmdir B] is taken for admin
    "#]]
    .assert_eq(&told(WEAK, text));
}

/// Headings that are no threads' names, with a rule; steps that cannot be made where they stand.
#[test]
fn what_cannot_be() {
    let text = "
  CPU0                            CPU1
  ----                            ----
  mem_cgroup_iter(A, NULL, cookie)
                                  rmdir B
                                  css_free(B)
  mem_cgroup_iter_lod()
  css_tryget(B)   // succeeds
                                  synchronize_rcu()
";
    expect![[r#"
        3 of 6 lines
          t1
          admin
          t1 to next_live.tryget
        2:3: warning: the column CPU0 is taken for t1
        2:35: warning: the column CPU1 is taken for admin
        6:35: error: css_free(B): not possible here; admin: next is offline(A/B); kworker: nothing to do: no group has lost its last reference
        7:3: error: mem_cgroup_iter_lod(): this is no access, no function and no stage of v4.4-weak and its core; did you mean mem_cgroup_iter_load?
        9:35: error: synchronize_rcu(): this is no access, no function and no stage of v4.4-weak and its core
    "#]].assert_eq(&told(WEAK, text));
}

const DYING: &str = "hierarchy:\n  limited\nthreads:\n  limit1: reclaim limited\n  admin: rmdir limited\ncompare:\n  v3.10-dead-count\n";

/// As the commit message that cured the endless loop at the caller tells it, in words of our own.
#[test]
fn a_dying_root() {
    let text = "\
Limit reclaim gets one group for ever:

try_to_free_pages
                                         [rmdir limited]
  mem_cgroup_iter(limited, NULL, cookie)
    rcu_read_lock()
    mem_cgroup_iter_load()
      pos = iter->last_visited           // NULL
    __mem_cgroup_iter_next(limited, NULL)
    mem_cgroup_iter_update
      iter->last_visited = limited
    cookie->generation = iter->generation

  mem_cgroup_iter(limited, limited, cookie)
    rcu_read_lock()
    mem_cgroup_iter_load
      pos = iter->last_visited           // gets limited
      css_tryget(pos)                    // fails
      pos = NULL                         [1]
  mem_cgroup_iter(limited, limited, cookie)
";
    expect![[r#"
        15 of 15 lines
          admin
          admin
          limit1
          limit1
          limit1
        3:1: warning: the column try_to_free_pages is taken for limit1
        4:42: warning: the column [rmdir limited] is taken for admin
    "#]]
    .assert_eq(&told(DYING, text));
}

/// Every line made another.
fn each(text: &str, make: impl Fn(&str) -> String) -> String {
    text.lines().fold(String::new(), |all, line| all + &make(line) + "\n")
}

const SMALL: &str =
    "hierarchy:\n  a\nthreads:\n  kswapd0: reclaim /\n  admin: rmdir a\ncompare:\n  vz7-nullify\n";

/// A diagram with an interrupted call.
fn small() -> String {
    let moves =
        "schedule:\n  kswapd0\n  kswapd0 to next_live.tryget\n  admin\n  kswapd0\n  admin\n";
    let (run, scenario) = of_text(&format!("{SMALL}{moves}"));
    draw(&run, &scenario.schedule, Grain::Access)
}

/// What mail programs, editors and terminals do to a text changes nothing.
#[test]
fn through_the_mail() {
    let text = small();
    let plain = told(SMALL, &text);
    assert!(plain.starts_with("30 of 30 lines, the same\n"), "{plain}");
    let quoted = each(&text, |line| format!("> {line}"));
    let twice = each(&text, |line| format!(">> {line}"));
    let apart = each(&quoted, |line| format!("> {line}"));
    let indented = each(&text, |line| format!("    {line}"));
    let windows = text.replace('\n', "\r\n");
    let spaced = text.replace("  ", "\u{a0} ");
    // As `unexpand -a` does it.
    let tabs = each(&text, |line| {
        let n_spaces = line.len() - line.trim_start().len();
        let (tabs, spaces) = ("\t".repeat(n_spaces / 8), " ".repeat(n_spaces % 8));
        format!("{tabs}{spaces}{}", line.trim_start())
    });
    assert!(tabs.contains("\t\t\t\t\t\tkill(a) {"), "{tabs}");
    let within = format!(
        "Hi all,\n\nthis is what I see:\n\n{text}\nDoes it make sense to wait here?\n-- \nme\n"
    );
    let marked = format!("\u{feff}{text}");
    // Mail programs break lines that are too long for them, here in the middle of a word.
    let broken = each(&text, |line| match line.char_indices().nth(72) {
        Some((at, _)) => format!("{}\n{}", &line[..at], &line[at..]),
        None => line.to_string(),
    });
    assert!(broken.lines().count() > text.lines().count());
    for (how, damaged) in [
        ("quoted", quoted),
        ("quoted twice", twice),
        ("quoted twice, apart", apart),
        ("indented", indented),
        ("line ends", windows),
        ("spaces", spaced),
        ("tabs", tabs),
        ("in a mail", within),
        ("with a mark", marked),
        ("broken", broken),
    ] {
        assert_eq!(told(SMALL, &damaged), plain, "{how}:\n{damaged}");
    }
}

/// Lines that were cut off are matched by what is left; what is left out is said, unless an ellipsis says so.
#[test]
fn clipped() {
    let text = small();
    let cut = each(&text, |line| format!("{line:.72}"));
    let read = told(SMALL, &cut);
    assert!(
        read.starts_with("30 of 30 lines\n  kswapd0\n  kswapd0 to next_live.tryget\n  admin\n"),
        "{read}"
    );
    let without = |drop: &str, put: &str| -> String {
        let lines = text.lines().map(|line| if line.contains(drop) { put } else { line });
        lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    };
    let schedule = |told: &str| {
        told.lines()
            .filter(|line| line.starts_with("  "))
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    let whole = schedule(&told(SMALL, &text));
    let missing = told(SMALL, &without("first_child", ""));
    assert_eq!(schedule(&missing), whole);
    assert!(
        missing
            .contains("19:3: warning: the diagram leaves out 1 access of kswapd0 before this line"),
        "{missing}"
    );
    let elided = told(SMALL, &without("first_child", "  …"));
    assert_eq!(schedule(&elided), whole);
    assert!(!elided.contains("warning"), "{elided}");
}

/// What does not fit is said with its place, and the rest is used.
#[test]
fn what_does_not_fit() {
    let text = small();
    let said = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        told(SMALL, &text.replacen(from, to, 1))
    };
    let mut out = String::new();
    for (what, read) in [
        ("an unknown thread", said("kswapd0     ", "kswapd7     ")),
        (
            "an unknown access",
            said(
                "load_position:29 slot->last_visited -> none",
                "load_position:29 slot->last_vistied",
            ),
        ),
        ("another line number", said("next_live:45", "next_live:54")),
        ("another outcome", said("tryget(a) -> true", "tryget(a) -> false")),
        ("another result", said("} -> /", "} -> a")),
        ("a call that cannot begin", said("kill(a) {", "offline(a) {")),
        ("no step", said("  :82 slot->last_visited = /", "  and then?")),
        (
            "a fault that does not come",
            said("switch (preempted in next)", "*** UAF css_tryget ***"),
        ),
    ] {
        let _ = writeln!(
            out,
            "{what}: {}",
            read.lines().filter(|line| !line.starts_with("  ")).collect::<Vec<_>>().join("\n  ")
        );
    }
    expect![[r#"
        an unknown thread: 11 of 32 lines
          4:1: error: there is no thread for the column kswapd7, so it is left out; there are kswapd0, admin, kworker; did you mean kswapd0?
          38:51: warning: something else is seen here: none
          39:51: error: wipe:115 slot->last_visited = none: admin makes no such step in this call; its next is offline:123 /->parent -> none
        an unknown access: 29 of 30 lines
          9:3: error: load_position:29 slot->last_vistied: kswapd0 makes no such step in this call; its next is load_position:29 slot->last_visited -> none
          10:3: warning: the diagram leaves out 1 access of kswapd0 before this line
        another line number: 30 of 30 lines
          21:3: warning: this access is on another line of the listing now, next_live:45; it is taken by its words
        another outcome: 30 of 30 lines
          21:3: warning: something else is seen here: true
        another result: 30 of 30 lines
          14:1: warning: the diagram says that a is returned, but here it is /
        a call that cannot begin: 26 of 30 lines
          23:49: error: offline(a) {: offline(a) waits until kswapd0 leaves its read-side section
        no step: 29 of 30 lines
          10:3: error: and then?: this is no line of a race diagram
          11:3: warning: the diagram leaves out 1 access of kswapd0 before this line
        a fault that does not come: 30 of 31 lines
          22:1: error: *** UAF css_tryget ***: kswapd0 comes to no fault here
    "#]].assert_eq(&out);
    let waits = "\
vz7-nullify

kswapd0                                         admin
-------                                         -----
next() {
  :63 rcu_read_lock()
                                                kill(a) {
                                                }
                                                offline(a) {
                                                  :41 a->online = false
                                                }
";
    expect![[r#"
        3 of 5 lines
          kswapd0 to next.rcu_read_lock
          admin
        9:49: error: offline(a) {: offline(a) waits until kswapd0 leaves its read-side section
    "#]]
    .assert_eq(&told(SMALL, waits));
}

/// Diagrams of whole statements and of whole calls are read too; the latter do not say where a call was interrupted.
#[test]
fn coarser() {
    for item in memcg_scenario::gallery() {
        let (run, scenario) = gallery(item.name);
        for own in alone(&run) {
            let lane = own.lane(0).spec().to_string();
            for grain in [Grain::Statement, Grain::Call] {
                let text = draw(&own, &scenario.schedule, grain);
                let read = paste(&text, &own);
                let is_whole = !text.contains("(preempted in") && !text.contains("***");
                if grain == Grain::Statement || is_whole {
                    assert_eq!(read.problems, [], "{} {lane}\n{text}", item.name);
                    assert!(read.is_same, "{} {lane}\n{text}", item.name);
                }
            }
        }
    }
}
