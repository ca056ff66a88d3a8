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
        creation-order, 4 moves
          v2.6.32-css-id-victim: rounds 0, restarts 0, visits 4, wiped 0, fault none
          v3.3-css-id: rounds 0, restarts 0, visits 4, wiped 0, fault none
          v3.10rc-pinned: rounds 0, restarts 0, visits 4, wiped 0, fault none
        pinned-without-bound, 8 moves
          v3.10rc-pinned: rounds 0, restarts 0, visits 3, wiped 0, fault none
          hocko-2013-repoint: rounds 0, restarts 0, visits 3, wiped 0, fault none
          v3.10-dead-count: rounds 0, restarts 0, visits 3, wiped 0, fault none
        dying-root, 8 moves
          v3.10-dead-count: rounds 0, restarts 5, visits 6, wiped 0, fault none
          v3.16-dead-count: rounds 1, restarts 0, visits 1, wiped 0, fault none
        loop-inside, 4 moves
          v3.13-dead-count: rounds 0, restarts 0, visits 0, wiped 0, fault HANG
          v3.16-dead-count: rounds 1, restarts 0, visits 1, wiped 0, fault none
        half-made-group, 5 moves
          v3.13-dead-count: rounds 0, restarts 0, visits 3, wiped 0, fault none
          v3.16-dead-count: rounds 1, restarts 0, visits 2, wiped 0, fault none
          v3.19-pinned: rounds 1, restarts 0, visits 2, wiped 0, fault none
        found-by-id, 7 moves
          v3.3-css-id: rounds 0, restarts 0, visits 1, wiped 0, fault UAF css_id
          v3.10rc-pinned: rounds 0, restarts 0, visits 2, wiped 0, fault none
        torn-pair, 11 moves
          rhel7-dead-count: rounds 0, restarts 1, visits 3, wiped 0, fault UAF css_tryget
          v3.19-pinned: rounds 1, restarts 0, visits 3, wiped 0, fault none
        old-next-pointer, 10 moves
          rhel7-dead-count: rounds 0, restarts 0, visits 2, wiped 0, fault UAF css_tryget
          v3.10-dead-count: rounds 1, restarts 0, visits 3, wiped 0, fault none
        leak-after-break, 15 moves
          v3.19-pinned: rounds 0, restarts 0, visits 5, wiped 0, fault none
          v4.4-weak: rounds 0, restarts 0, visits 5, wiped 2, fault none
        late-reference, 8 moves
          v3.19-pinned: rounds 0, restarts 0, visits 3, wiped 0, fault REF underflow
          v4.4-weak: rounds 1, restarts 0, visits 3, wiped 0, fault none
        global-root-slots, 14 moves
          v4.4-weak: rounds 2, restarts 0, visits 5, wiped 0, fault UAF css_tryget
          v5.3-weak: rounds 2, restarts 0, visits 6, wiped 1, fault none
        walked-twice, 7 moves
          v5.3-weak: rounds 1, restarts 1, visits 6, wiped 0, fault none
          v6.12-unpinned: rounds 0, restarts 0, visits 4, wiped 0, fault none
        same-group-twice, 5 moves
          v5.3-weak: rounds 0, restarts 0, visits 3, wiped 0, fault none
          v6.12-unpinned: rounds 0, restarts 0, visits 3, wiped 0, fault none
        stale-group, 11 moves
          kinsey-v3-restart: rounds 1, restarts 0, visits 4, wiped 0, fault UAF css_put
          v6.12-unpinned: rounds 1, restarts 0, visits 4, wiped 0, fault none
        shared-walk, 16 moves
          v5.3-weak: rounds 2, restarts 0, visits 12, wiped 0, fault none
          v6.12-unpinned: rounds 2, restarts 0, visits 12, wiped 0, fault none
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
        one-rmdir: text 998 bytes, compact 902, link 81
        wiped-position: text 1182 bytes, compact 1105, link 40
        two-reclaimers: text 1076 bytes, compact 944, link 64
        bias-core-nullify: text 1191 bytes, compact 1115, link 40
        creation-order: text 790 bytes, compact 705, link 264
        pinned-without-bound: text 814 bytes, compact 740, link 276
        dying-root: text 768 bytes, compact 699, link 281
        loop-inside: text 605 bytes, compact 540, link 225
        half-made-group: text 714 bytes, compact 632, link 276
        found-by-id: text 709 bytes, compact 627, link 317
        torn-pair: text 892 bytes, compact 777, link 276
        old-next-pointer: text 661 bytes, compact 619, link 277
        leak-after-break: text 811 bytes, compact 721, link 254
        late-reference: text 808 bytes, compact 681, link 300
        global-root-slots: text 1071 bytes, compact 951, link 428
        walked-twice: text 702 bytes, compact 594, link 249
        same-group-twice: text 769 bytes, compact 644, link 266
        stale-group: text 913 bytes, compact 782, link 317
        shared-walk: text 1032 bytes, compact 898, link 406
    "#]]
    .assert_eq(&out);
}
