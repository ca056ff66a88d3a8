//! Whatever the bytes: no panic, no hang, bounded troubles, and every step of the way goes on.

use crate::{enter, make, recorded, returns, text};
use memcg_core::registry;
use memcg_core::schedule::LaneSpec;
use memcg_ftrace::replay::{Mode, Replay};
use memcg_ftrace::{Kind, Limits, N_KEPT_PER_KIND_MAX, Trace, scenario};
use memcg_scenario::{Severity, parse, print};
use proptest::prelude::*;
use std::sync::Arc;

/// Reads, imports and replays; whatever comes out keeps its promises.
fn everything(bytes: &[u8]) -> Trace {
    let trace = memcg_ftrace::read(bytes);
    for kind in Kind::ALL {
        let kept = trace.troubles.kept().iter().filter(|t| t.kind == kind).count();
        assert!(kept <= N_KEPT_PER_KIND_MAX as usize);
    }
    for (at, group) in trace.groups.iter().enumerate().skip(1) {
        assert!(group.parent.is_some_and(|p| p.index() < at), "{trace:?}");
    }
    let imported = scenario(&trace, &Limits { n_events_max: 100, ..Limits::default() });
    let parsed = parse(&print(&imported.scenario));
    let errors = parsed.diagnostics.iter().filter(|d| d.severity == Severity::Error);
    assert_eq!(errors.count(), 0, "{:?}", parsed.diagnostics);
    assert_eq!(parsed.scenario, imported.scenario);
    let trace = Arc::new(trace);
    for policy in ["v6.12-unpinned", "rhel7-dead-count", "v3.3-css-id"] {
        let lane = LaneSpec { policy: policy.into(), core: None };
        let program = Arc::new(registry::compile_lane(&lane).expect("compiles"));
        for mode in [Mode::Judge, Mode::Free] {
            let mut replay = Replay::new(Arc::clone(&trace), Arc::clone(&program), mode);
            replay.run();
            let n_returns = trace.calls.iter().filter(|c| c.ended.is_some()).count();
            assert_eq!(replay.steps().len(), n_returns);
        }
    }
    Arc::unwrap_or_clone(trace)
}

/// One line of a trace that means something, with small numbers so that lines have to do with each other.
fn line() -> impl Strategy<Value = String> {
    let path = prop_oneof![
        Just("a".to_string()),
        Just("a/b".to_string()),
        Just("a/b/c".to_string()),
        Just("a/../#2".to_string()),
        Just("x y/\u{202e}#".to_string()),
        "[ -~]{1,12}",
    ];
    let address = || 0x20_u32..0x26;
    let who = || prop_oneof![Just("a-1"), Just("b-2"), Just("c-3")];
    prop_oneof![
        (path.clone(), address()).prop_map(|(p, a)| make(&p, a)[1].clone()),
        (path.clone(), address()).prop_map(|(p, a)| make(&p, a)[0].clone()),
        (path.clone(), address()).prop_map(|(p, a)| make(&p, a)[1].replace("mkdir:", "rmdir:")),
        (path, address()).prop_map(|(p, a)| make(&p, a)[1].replace("mkdir:", "release:")),
        address().prop_map(|a| format!("k-7 offline: (f+0x4/0x80) css=0x{a:x}")),
        address().prop_map(|a| format!("k-7 released: (f+0x4/0x80) css=0x{a:x}")),
        address().prop_map(|a| format!("k-7 cssfree: (f+0x4/0x80) css=0x{a:x}")),
        (who(), address(), address()).prop_map(|(w, r, p)| enter(w, r, p)),
        (who(), address()).prop_map(|(w, r)| enter(w, r, 0)),
        (who(), address())
            .prop_map(|(w, r)| enter(w, r, 0).replace("reclaim=0xc", "reclaim=0x0 c=")),
        (who(), address()).prop_map(|(w, p)| enter(w, 0, p)),
        (who(), address()).prop_map(|(w, g)| returns(w, g)),
        who().prop_map(|w| returns(w, 0)),
        (who(), address())
            .prop_map(|(w, r)| format!("{w} brk: (f+0x4/0x70) root=0x{r:x} prev=0x0")),
        Just("CPU:0 [LOST 3 EVENTS]".to_string()),
        Just("# tracer: nop".to_string()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        everything(&bytes);
    }

    #[test]
    fn any_order_of_sensible_lines(lines in prop::collection::vec(line(), 0..120)) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        everything(text(&lines).as_bytes());
    }

    /// A real trace with bytes changed, lines dropped and the end cut off.
    #[test]
    fn a_damaged_trace(
        changes in prop::collection::vec((0_usize..120_000, any::<u8>()), 0..40),
        drops in prop::collection::vec(0_usize..600, 0..20),
        end in 0_usize..120_000,
    ) {
        let mut bytes = recorded();
        bytes.truncate(120_000);
        for (at, byte) in changes {
            bytes[at] = byte;
        }
        bytes.truncate(end);
        let lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
        let kept = lines.iter().enumerate().filter(|(at, _)| !drops.contains(at));
        let bytes: Vec<u8> = kept.flat_map(|(_, line)| line.iter().copied()).collect();
        everything(&bytes);
    }
}
