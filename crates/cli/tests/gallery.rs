//! Every gallery scenario comes out as it says it does, and every policy under every scenario as before.

use expect_test::{expect, expect_file};
use memcg_core::picture::Life;
use memcg_core::registry;
use memcg_core::run::Run;
use memcg_core::schedule::LaneSpec;
use std::fmt::Write as _;
use std::process::Command;

#[test]
fn every_scenario_meets_its_expectations() {
    for item in memcg_scenario::gallery() {
        let done = Command::new(env!("CARGO_BIN_EXE_memcg"))
            .args(["run", item.name, "--moves"])
            .output()
            .expect("runs");
        let (out, err) =
            (String::from_utf8_lossy(&done.stdout), String::from_utf8_lossy(&done.stderr));
        assert_eq!(done.status.code(), Some(0), "{}:\n{out}{err}", item.name);
        assert!(out.contains("expected "), "{} expects nothing", item.name);
        assert_eq!(err, "", "{}", item.name);
    }
}

/// What a policy's header says to try is there.
#[test]
fn titles_that_policies_name_are_in_the_gallery() {
    let titles: Vec<String> = memcg_scenario::gallery()
        .iter()
        .map(|item| memcg_scenario::parse(item.text).scenario.title)
        .collect();
    for entry in registry::policies() {
        let header = entry.header();
        for title in header.get("try").split('"').skip(1).step_by(2) {
            assert!(titles.iter().any(|t| t == title), "{}: no {title:?}", entry.name);
        }
    }
}

/// The whole table: a changed line is a changed model, and the commit says why.
#[test]
fn every_policy_under_every_scenario() {
    let mut table = String::new();
    for item in memcg_scenario::gallery() {
        let scenario = memcg_scenario::parse(item.text).scenario;
        writeln!(table, "{}", item.name).expect("a string");
        for policy in registry::policies() {
            let lane = LaneSpec { policy: policy.name.into(), core: None };
            let once = outcome(&scenario, &lane);
            assert_eq!(once, outcome(&scenario, &lane), "the same input, the same outcome");
            writeln!(table, "  {:22} {once}", policy.name).expect("a string");
        }
    }
    expect_file!["snapshots/matrix.txt"].assert_eq(&table);
}

fn outcome(scenario: &memcg_scenario::Scenario, lane: &LaneSpec) -> String {
    let mut run = Run::new(scenario.world().0, std::slice::from_ref(lane)).expect("compiles");
    run.keep_records(false);
    let mut n_accesses = 0;
    for mv in &scenario.schedule {
        n_accesses += run.apply(mv).lanes[0].n_accesses;
    }
    let picture = run.picture(0);
    let c = picture.counters;
    let is_kept = |life| matches!(life, Life::Dying | Life::Offline | Life::Unlinked);
    let n_kept = picture.groups.iter().filter(|group| is_kept(group.life)).count();
    let fault = picture.fault.map_or(String::new(), |f| format!(" {}", f.name));
    format!(
        "accesses {n_accesses:4} rounds {:2} restarts {:2} visits {:3} wiped {:2} kept {n_kept}{fault}",
        c.n_rounds, c.n_restarts, c.n_visits, c.n_wiped
    )
}

/// What scenarios say of every run of their threads, not of their schedule alone: which lane keeps it, which breaks it.
#[test]
fn conditions_are_kept_and_broken_where_the_stories_say() {
    let mut out = String::new();
    for item in memcg_scenario::gallery() {
        if memcg_scenario::parse(item.text).scenario.checks.is_empty() {
            continue;
        }
        let done = Command::new(env!("CARGO_BIN_EXE_memcg"))
            .args(["check", item.name, "--only", "condition", "--json"])
            .output()
            .expect("runs");
        assert_eq!(String::from_utf8_lossy(&done.stderr), "", "{}", item.name);
        let lanes: serde_json::Value = serde_json::from_slice(&done.stdout).expect("JSON");
        writeln!(out, "{}", item.name).expect("a string");
        for lane in lanes.as_array().expect("lanes") {
            assert!(lane["replays"].as_bool().unwrap_or(true), "{lane}");
            for condition in lane["conditions"].as_array().expect("conditions") {
                let (text, verdict) = (&condition["text"], &condition["verdict"]);
                let words = |value: &serde_json::Value| value.as_str().unwrap_or("").to_owned();
                let lane = words(&lane["policy"]);
                writeln!(out, "  {lane:22} {:10} {}", words(verdict), words(text))
                    .expect("a string");
            }
        }
    }
    expect![[r#"
        one-rmdir
          rhel7-dead-count       broken     always restarts = 0 or visits of machine/ct-104 >= 1
          vz7-seed-commit        broken     always restarts = 0 or visits of machine/ct-104 >= 1
          vz7-nullify            holds      always restarts = 0 or visits of machine/ct-104 >= 1
        two-reclaimers
          rhel7-dead-count       broken     always restarts = 0
          vz7-seed-commit        broken     always restarts = 0
          vz7-nullify            broken     always restarts = 0
        creation-order
          v2.6.32-css-id-victim  broken     always visits of user = 0 or visits of machine/ct-102 >= 1
          v3.3-css-id            broken     always visits of user = 0 or visits of machine/ct-102 >= 1
          v3.10rc-pinned         holds      always visits of user = 0 or visits of machine/ct-102 >= 1
        pinned-without-bound
          v3.10rc-pinned         broken     eventually life of machine/ct-102 = freed
          hocko-2013-repoint     broken     eventually life of machine/ct-102 = freed
          v3.10-dead-count       holds      eventually life of machine/ct-102 = freed
        dying-root
          v3.10-dead-count       broken     eventually rounds >= 1
          v3.16-dead-count       holds      eventually rounds >= 1
    "#]].assert_eq(&out);
}
