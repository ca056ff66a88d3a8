//! Race diagrams, as they were.

use crate::{gallery, of_text};
use expect_test::{expect, expect_file};
use memcg_core::run::Grain;
use memcg_render::race;
use std::fmt::Write as _;

#[test]
fn every_scenario_call_by_call() {
    let mut out = String::new();
    for item in memcg_scenario::gallery() {
        let (run, scenario) = gallery(item.name);
        let _ = writeln!(out, "==== {}\n", item.name);
        out.push_str(&race(run, &scenario.schedule, usize::MAX, Grain::Call));
        out.push('\n');
    }
    assert!(
        out.lines().all(|line| line.chars().count() <= 100),
        "a line of more than 100 characters"
    );
    expect_file!["../snapshots/races.txt"].assert_eq(&out);
}

/// A call that is interrupted, a grace period that waits for it, and the call's end.
#[test]
fn access_by_access() {
    let (run, scenario) = of_text(
        "hierarchy:\n  a\nthreads:\n  kswapd0: reclaim /\n  admin: rmdir a\ncompare:\n  vz7-nullify\n\
         schedule:\n  kswapd0\n  kswapd0 to next_live.tryget\n  admin\n  kswapd0\n  admin\n",
    );
    let told = race(run, &scenario.schedule, usize::MAX, Grain::Access);
    expect![[r#"
        vz7-nullify
          slot: node0/zone0/prio12

        kswapd0                                         admin
        -------                                         -----
        next() {
          :63 rcu_read_lock()
          :65 rcu_read_lock_sched()
          load_position:29 slot->last_visited -> none
          :82 slot->last_visited = /
          :87 slot->generation -> 0
          :92 rcu_read_unlock_sched()
          :93 rcu_read_unlock()
        } -> /
        next() {
          :63 rcu_read_lock()
          :65 rcu_read_lock_sched()
          :70 slot->generation -> 0
          load_position:29 slot->last_visited -> /
          descendant_after:10 /->first_child -> a
          next_live:45 tryget(a) -> true
        switch (preempted in next)
                                                        kill(a) {
                                                          :33 kill(a)
                                                          :34 a->gone = true
                                                          :35 call_rcu_sched(offline, a)
                                                        }
                                                        * offline(a) waits for kswapd0
                                                        switch (waits for readers)
          :82 slot->last_visited = a
          :92 rcu_read_unlock_sched()
          :93 rcu_read_unlock()
        } -> a
        switch (between calls)
                                                        offline(a) {
                                                          :41 a->online = false
                                                          offline:123 a->parent -> /
                                                          wipe:114 slot->last_visited -> a
                                                          wipe:115 slot->last_visited = none
                                                          * node0/zone0/prio12 wiped, was a
                                                          offline:123 /->parent -> none
                                                          :43 list_del_rcu(a)
                                                          :44 put(a)
                                                        }
    "#]]
    .assert_eq(&told);
}

/// Accesses of one statement are one line; the last of them is told.
#[test]
fn statement_by_statement() {
    let text = "hierarchy:\n  a\nthreads:\n  k: reclaim /\n  admin: rmdir a\ncompare:\n  v3.13-dead-count\nschedule:\n  k x3\n  admin x2\n";
    let n_lines = |grain| {
        let (run, scenario) = of_text(text);
        race(run, &scenario.schedule, usize::MAX, grain).lines().count()
    };
    let (access, statement, call) =
        (n_lines(Grain::Access), n_lines(Grain::Statement), n_lines(Grain::Call));
    assert!(access > statement && statement > call, "{access} {statement} {call}");
}
