//! Traces as scenarios.

use crate::{make, read, recorded};
use expect_test::expect;
use memcg_core::picture::Returned;
use memcg_core::run::Run;
use memcg_core::schedule::LaneSpec;
use memcg_ftrace::{Limits, What, read as read_bytes, scenario};
use memcg_scenario::{Severity, parse, print};

#[test]
fn the_recorded_trace_opens_as_a_scenario() {
    let trace = read_bytes(&recorded());
    let imported = scenario(&trace, &Limits { n_events_max: 20_000, ..Limits::default() });
    assert_eq!(imported.end, trace.events.len());
    let text = print(&imported.scenario);
    let parsed = parse(&text);
    assert_eq!(parsed.scenario, imported.scenario, "it reads back as the same");
    let errors: Vec<String> = parsed
        .diagnostics
        .iter()
        .filter(|d| d.severity == Severity::Error)
        .map(ToString::to_string)
        .collect();
    assert_eq!(errors, [""; 0]);
}

/// Played under the kernel's own policy, the scenario returns what the kernel returned.
#[test]
fn the_scenario_returns_what_the_kernel_returned() {
    let trace = read_bytes(&recorded());
    let imported = scenario(&trace, &Limits { n_events_max: 20_000, ..Limits::default() });
    let (world, _) = imported.scenario.world();
    let lane = LaneSpec { policy: "v6.12-unpinned".into(), core: None };
    let mut run = Run::new(world, &[lane]).expect("runs");
    let mut model = Vec::new();
    for mv in &imported.scenario.schedule {
        let report = run.apply(mv);
        model.extend(report.lanes[0].returned);
    }
    let returns = trace.events.iter().filter_map(|e| match e.what {
        What::Return(call) => Some(trace.calls[call as usize].returned.group()),
        _ => None,
    });
    let kernel: Vec<String> =
        returns.map(|g| g.map_or_else(|| "NULL".into(), |g| trace.group_words(g))).collect();
    let model: Vec<String> = model
        .iter()
        .map(|r| match r {
            Returned::Group(g) => run.world().path(*g).to_string(),
            Returned::Nothing => "NULL".into(),
        })
        .collect();
    assert_eq!(model.len(), kernel.len());
    let n_same = model.iter().zip(&kernel).filter(|(a, b)| a == b).count();
    assert_eq!(n_same, kernel.len());
}

#[test]
fn a_window_is_chosen_and_said() {
    let trace = read_bytes(&recorded());
    let imported = scenario(&trace, &Limits::default());
    assert_eq!(imported.end - imported.start, 2_000);
    let notes = imported.scenario.notes.join("\n");
    expect![[r#"
        Made from a trace of a running kernel. A reclaimer's thread is one task's walks of one kind; pages that keep a removed group referenced are the thread "pages".
        The reclaimers are the kernel's own callers, each call at its return.
        Left out or changed: a window of 2000 events out of 15727, from 23.319478 to 23.581025; walks begin in it at their roots.
        Left out or changed: 2 groups that were being removed when the window began.
        Left out or changed: 2 offline hooks come earlier than they did, since a thread removes one group after the other."#]]
    .assert_eq(&notes);
    // A window of one's own choice.
    let from = imported.start + 100;
    let other =
        scenario(&trace, &Limits { from: Some(from), n_events_max: 50, ..Limits::default() });
    assert_eq!((other.start, other.end), (from, from + 50));
}

/// Groups are named as the scenario's rules want it, whatever they are called.
#[test]
fn creations_and_removals_in_order() {
    let mut lines: Vec<String> = make("machine", 0x20).into();
    lines.extend(make("machine/my ct", 0x21));
    let rmdir =
        |path: &str, id: u32| format!("r-8 cgroup_rmdir: root=0 id={id} level=2 path=/{path}");
    lines.push(rmdir("machine/my ct", 0x21));
    for (name, function) in [
        ("offline", "mem_cgroup_css_offline"),
        ("released", "mem_cgroup_css_released"),
        ("cssfree", "mem_cgroup_css_free"),
    ] {
        lines.push(format!("k-7 {name}: ({function}+0x4/0x80) css=0x21"));
    }
    lines.extend(make("machine/my ct", 0x21));
    lines.push(rmdir("machine/my ct", 0x21));
    let imported = scenario(&read(&lines), &Limits::default());
    let text = print(&imported.scenario);
    let from = text.find("hierarchy:").expect("a hierarchy");
    expect![[r#"
        hierarchy:
          machine
            "my ct"

        threads:
          mkdir: mkdir "machine/my ct"
          rmdir: rmdir "machine/my ct"; rmdir "machine/my ct#2"
          pages: pin "machine/my ct"; unpin "machine/my ct"; pin "machine/my ct#2"

        schedule:
          pages
          rmdir x2
          pages
          kworker release "machine/my ct"
          kworker free "machine/my ct"
          mkdir
          pages
          rmdir
    "#]]
    .assert_eq(&text[from..]);
    let parsed = parse(&text);
    assert_eq!(parsed.diagnostics, []);
}

#[test]
fn nothing_gives_an_empty_scenario() {
    let imported = scenario(&read_bytes(b"nothing of this is a trace\n"), &Limits::default());
    assert_eq!(imported.scenario.hierarchy.n_groups(), 1);
    assert_eq!(imported.scenario.schedule, []);
}
