//! The gallery: every scenario is canonical, resolves, and keeps its promises.

use expect_test::expect;
use memcg_core::run::Run;
use memcg_scenario::{
    gallery,
    link::{Shared, encode},
    parse, print, print_compact,
};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

/// The text in the file is the text that the page would write.
#[test]
fn every_scenario_is_canonical_and_sound() {
    for item in gallery() {
        let parsed = parse(item.text);
        let said: Vec<String> = parsed.diagnostics.iter().map(ToString::to_string).collect();
        assert!(said.is_empty(), "{}: {said:#?}", item.name);
        let policies: Vec<&str> = memcg_core::registry::policies().iter().map(|p| p.name).collect();
        let cores: Vec<&str> = memcg_core::registry::cores().iter().map(|c| c.name).collect();
        assert_eq!(parsed.check_names(&policies, &cores), [], "{}", item.name);
        assert_eq!(print(&parsed.scenario), item.text, "{}", item.name);
    }
}

/// What comes of every scenario in every lane. A changed figure is a changed model or scenario.
#[test]
fn every_scenario_keeps_its_promises() {
    let mut out = String::new();
    let mut broken = Vec::new();
    for item in gallery() {
        let scenario = parse(item.text).scenario;
        let (world, _) = scenario.world();
        let mut run = match Run::new(world, &scenario.lanes) {
            Ok(run) => run,
            Err(errors) => panic!("{}: {errors:?}", item.name),
        };
        for one in &scenario.schedule {
            run.apply(one);
        }
        out.push_str(&format!("{}, {} moves\n", item.name, scenario.schedule.len()));
        for (at, lane) in scenario.lanes.iter().enumerate() {
            let picture = run.picture(at);
            let c = picture.counters;
            let fault = picture.fault.as_ref().map_or("none", |f| &f.name);
            out.push_str(&format!(
                "  {lane}: rounds {}, restarts {}, visits {}, wiped {}, fault {fault}\n",
                c.n_rounds, c.n_restarts, c.n_visits, c.n_wiped
            ));
            for expectation in scenario.expectations.iter().filter(|e| e.lane == *lane) {
                let count = expectation.count(&picture, run.world());
                if !expectation.holds(count) {
                    broken.push(format!("{}: {expectation}, found {count}", item.name));
                }
            }
        }
    }
    expect![[r#"
        seed-story, 91 moves
          rhel7-dead-count: rounds 0, restarts 8, visits 54, wiped 0, fault none
          vz7-seed-commit: rounds 0, restarts 8, visits 54, wiped 0, fault none
          vz7-nullify: rounds 3, restarts 0, visits 51, wiped 0, fault none
        one-rmdir, 10 moves
          rhel7-dead-count: rounds 0, restarts 1, visits 6, wiped 0, fault none
          vz7-seed-commit: rounds 0, restarts 1, visits 6, wiped 0, fault none
          vz7-nullify: rounds 1, restarts 0, visits 5, wiped 0, fault none
        wiped-position, 12 moves
          rhel7-dead-count: rounds 0, restarts 1, visits 6, wiped 0, fault none
          vz7-seed-commit: rounds 0, restarts 1, visits 6, wiped 1, fault none
          vz7-nullify: rounds 0, restarts 1, visits 6, wiped 1, fault none
        two-reclaimers, 12 moves
          rhel7-dead-count: rounds 1, restarts 1, visits 10, wiped 0, fault none
          vz7-seed-commit: rounds 1, restarts 1, visits 10, wiped 0, fault none
          vz7-nullify: rounds 1, restarts 1, visits 10, wiped 0, fault none
        bias-core-nullify, 10 moves
          vz7-nullify: rounds 0, restarts 1, visits 4, wiped 1, fault none
          vz7-nullify on bias: rounds 0, restarts 0, visits 2, wiped 0, fault UAF css_tryget
    "#]]
    .assert_eq(&out);
    assert_eq!(broken, [""; 0]);
}

/// How long the links are.
#[test]
fn sizes_of_links() {
    let mut out = String::new();
    for item in gallery() {
        let scenario = parse(item.text).scenario;
        let compact = print_compact(&scenario);
        let fragment = encode(&Shared { scenario, ..Shared::default() }).expect("small");
        out.push_str(&format!(
            "{}: text {} bytes, compact {}, link {}\n",
            item.name,
            item.text.len(),
            compact.len(),
            fragment.len()
        ));
    }
    expect![[r#"
        seed-story: text 2680 bytes, compact 2474, link 49
        one-rmdir: text 935 bytes, compact 841, link 37
        wiped-position: text 1182 bytes, compact 1105, link 40
        two-reclaimers: text 1046 bytes, compact 916, link 38
        bias-core-nullify: text 1191 bytes, compact 1115, link 40
    "#]]
    .assert_eq(&out);
}
