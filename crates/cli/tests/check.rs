//! The bugs of history, found with their shortest schedules under the policy that has each and nothing under the one
//! that cured it; and what `memcg check` says.

mod common;

use common::{memcg, memcg_with_input};
use expect_test::expect;
use memcg_core::check::{Check, Manner, Options, Properties, Property, Verdict, WalkBound};
use memcg_core::compare::compare;
use memcg_core::hierarchy::GroupId;
use memcg_core::program::Program;
use memcg_core::registry::{compile_lane, compile_text, policy};
use memcg_core::run::Run;
use memcg_core::schedule::LaneSpec;
use memcg_core::search::{Limits, Progress};
use memcg_core::world::{Preemption, Role, Until, World};
use std::fmt::Write as _;
use std::sync::Arc;

const OPTIONS: Options = Options {
    properties: Properties::ALL,
    limits: Limits { n_states_max: 1_000_000, n_bytes_max: 1 << 30 },
    reduced: true,
    symmetric: true,
    manner: Manner::Every,
};

/// The world of a scenario in the gallery.
fn world(name: &str, n_rounds: u32) -> World {
    let item = memcg_scenario::gallery_item(name).expect("in the gallery");
    let (world, unresolved) = memcg_scenario::parse(item.text).scenario.world();
    assert!(unresolved.is_empty());
    WalkBound::Rounds(n_rounds).apply(&world).0
}

/// The verdict in a line. A counter-example is played in a lane, which has to come to the same.
fn verdict(world: &World, spec: &LaneSpec, program: Program, options: Options) -> String {
    let mut check = Check::new(Arc::new(program.clone()), Arc::new(world.clone()), options);
    while check.run(10_000) == Progress::More {}
    let broken = match check.verdict().expect("it is over") {
        Verdict::Holds(extent) => return format!("{spec}: holds, {} states", extent.n_states),
        Verdict::Bounded { by, .. } => return format!("{spec}: bounded by {by:?}"),
        Verdict::Broken(broken) => broken,
    };
    let mut run = Run::of_programs(world.clone(), vec![(spec.clone(), program)]);
    let counted = compare(run.clone(), &broken.schedule).remove(0);
    let mut last = None;
    for mv in &broken.schedule {
        last = run.apply(mv).lanes[0].returned;
    }
    let machine = run.lanes()[0].machine();
    match machine.fault().map(|f| machine.fault_name(f)) {
        Some(fault) if fault == "HANG" => assert_eq!(broken.property, Property::CallReturns),
        Some(fault) => assert_eq!(fault, broken.name),
        None => match broken.property {
            Property::Leak => assert!(!machine.held_by_walks().is_empty(), "{broken:?}"),
            Property::Returned => assert!(last.is_some(), "{broken:?}"),
            Property::WalkEnds => assert!(broken.goes_round_from.is_some(), "{broken:?}"),
            Property::Coverage => assert!(counted.n_skipped > 0, "{counted:?}"),
            Property::DoubleVisits => assert!(counted.n_doubles > 0, "{counted:?}"),
            Property::Restarts => assert!(counted.n_restarts > 0, "{counted:?}"),
            Property::Safety | Property::CallReturns | Property::Condition => {
                panic!("no fault: {broken:?}")
            }
        },
    }
    let (steps, switches) = (broken.n_steps, broken.n_switches);
    format!(
        "{spec}: {} ({}), {steps} steps, {switches} switches",
        broken.name,
        broken.property.name()
    )
}

fn lanes(world: &World, names: &[&str]) -> String {
    let lines = names.iter().map(|name| {
        let (policy, core) = name.split_once(':').map_or((*name, None), |(p, c)| (p, Some(c)));
        let spec = LaneSpec { policy: policy.into(), core: core.map(Into::into) };
        let program = compile_lane(&spec).expect("compiles");
        verdict(world, &spec, program, OPTIONS) + "\n"
    });
    lines.collect()
}

/// A walk of the tree would touch the group that it goes on from; a walk by number has read the number.
#[test]
fn row_2_the_reference_on_prev_dropped_too_early() {
    let mut world = world("found-by-id", 1);
    world.threads[0].role =
        Role::Reclaimer { root: GroupId::ROOT, cookie: None, until: Until::Rounds(Some(1)) };
    let text = policy("v3.10rc-pinned").expect("a policy").text;
    let drop = "\tif (prev && prev != root)\n\t\tput(prev);\n";
    let kept = text.replacen(&format!("put_prev:\n{drop}"), "put_prev:\n", 1);
    let early = kept.replacen("\t\tlast = prev;\n", &format!("\t\tlast = prev;\n{drop}"), 1);
    assert_eq!(early.len(), text.len());
    let spec = LaneSpec { policy: "early-put".into(), core: None };
    let early = verdict(&world, &spec, compile_text(&early, None).expect("compiles"), OPTIONS);
    expect!["early-put: UAF children (safety), 13 steps, 3 switches"].assert_eq(&early);
    expect![[r#"
        v3.10rc-pinned: holds, 85 states
    "#]]
    .assert_eq(&lanes(&world, &["v3.10rc-pinned"]));
}

#[test]
fn row_3_pinned_without_bound() {
    let world = world("pinned-without-bound", 1);
    expect![[r#"
        v3.10rc-pinned: leak (leak), 12 steps, 1 switches
        v3.10-dead-count: holds, 408 states
    "#]]
    .assert_eq(&lanes(&world, &["v3.10rc-pinned", "v3.10-dead-count"]));
}

#[test]
fn row_4_the_caller_loops_for_ever() {
    let world = world("dying-root", 1);
    expect![[r#"
        v3.10-dead-count: walk-ends (walk-ends), 15 steps, 1 switches
        v3.16-dead-count: holds, 173 states
    "#]]
    .assert_eq(&lanes(&world, &["v3.10-dead-count", "v3.16-dead-count"]));
}

#[test]
fn row_5_a_call_never_returns() {
    let world = world("loop-inside", 1);
    expect![[r#"
        v3.13-dead-count: HANG (call-returns), 5 steps, 2 switches
        v3.16-dead-count: holds, 173 states
    "#]]
    .assert_eq(&lanes(&world, &["v3.13-dead-count", "v3.16-dead-count"]));
}

#[test]
fn row_6_a_group_that_is_half_made() {
    let world = world("half-made-group", 1);
    expect![[r#"
        v3.13-dead-count: returned (returned), 11 steps, 1 switches
        v3.16-dead-count: holds, 61 states
        v3.19-pinned: holds, 81 states
    "#]]
    .assert_eq(&lanes(&world, &["v3.13-dead-count", "v3.16-dead-count", "v3.19-pinned"]));
}

#[test]
fn row_9_a_torn_pair() {
    let world = world("torn-pair", 1);
    expect![[r#"
        rhel7-dead-count: UAF css_tryget (safety), 35 steps, 6 switches
        v4.4-weak: holds, 21232 states
    "#]]
    .assert_eq(&lanes(&world, &["rhel7-dead-count", "v4.4-weak"]));
}

#[test]
fn row_10_an_old_next_pointer() {
    let world = world("old-next-pointer", 1);
    expect![[r#"
        rhel7-dead-count: UAF css_tryget (safety), 23 steps, 3 switches
        v3.10-dead-count: holds, 2348 states
    "#]]
    .assert_eq(&lanes(&world, &["rhel7-dead-count", "v3.10-dead-count"]));
}

#[test]
fn row_11_a_leak_after_break() {
    let world = world("leak-after-break", 1);
    expect![[r#"
        v3.19-pinned: leak (leak), 31 steps, 2 switches
        v4.4-weak: holds, 100445 states
    "#]]
    .assert_eq(&lanes(&world, &["v3.19-pinned", "v4.4-weak"]));
}

#[test]
fn row_12_published_before_referenced() {
    let world = world("late-reference", 1);
    expect![[r#"
        v3.19-pinned: REF underflow (safety), 30 steps, 4 switches
        v4.4-weak: holds, 14789 states
    "#]]
    .assert_eq(&lanes(&world, &["v3.19-pinned", "v4.4-weak"]));
}

/// The dying group's own slots: whoever walks below a group holds it, so nobody comes to them too late.
#[test]
fn row_13_own_slots_cannot_be_shown() {
    let mut world = world("dying-root", 1);
    let until = Until::Visits { n_visits: 1, n_walks: Some(2) };
    if let Role::Reclaimer { until: own, .. } = &mut world.threads[0].role {
        *own = until;
    }
    let mut second = world.threads[0].clone();
    second.name = "limit2".into();
    world.threads.push(second);
    expect![[r#"
        v4.4-weak: holds, 786 states
        v5.3-weak: holds, 786 states
    "#]]
    .assert_eq(&lanes(&world, &["v4.4-weak", "v5.3-weak"]));
}

#[test]
fn row_14_the_global_roots_slots() {
    let world = world("global-root-slots", 2);
    expect![[r#"
        v4.4-weak: UAF css_tryget (safety), 44 steps, 6 switches
        v5.3-weak: holds, 74680 states
    "#]]
    .assert_eq(&lanes(&world, &["v4.4-weak", "v5.3-weak"]));
}

/// Whole private walks are a price, not a fault: nothing is broken, each reclaimer sees every group.
#[test]
fn row_16_private_walks_break_nothing() {
    let mut world = world("found-by-id", 1);
    let until = Until::Rounds(Some(1));
    world.threads[0].role = Role::Reclaimer { root: GroupId::ROOT, cookie: None, until };
    let mut second = world.threads[0].clone();
    second.name = "direct1".into();
    world.threads.push(second);
    expect![[r#"
        v5.3-weak: holds, 943 states
        v6.12-unpinned: holds, 943 states
    "#]]
    .assert_eq(&lanes(&world, &["v5.3-weak", "v6.12-unpinned"]));
}

#[test]
fn row_19_a_stale_group() {
    let world = world("stale-group", 1);
    expect![[r#"
        kinsey-v3-restart: REF underflow (safety), 35 steps, 3 switches
        v6.12-unpinned: holds, 35929 states
    "#]]
    .assert_eq(&lanes(&world, &["kinsey-v3-restart", "v6.12-unpinned"]));
}

#[test]
fn row_20_nullify_without_kill_and_confirm() {
    let world = world("bias-core-nullify", 1);
    expect![[r#"
        vz7-nullify on bias: UAF css_tryget (safety), 21 steps, 4 switches
        vz7-nullify: holds, 610 states
    "#]]
    .assert_eq(&lanes(&world, &["vz7-nullify:bias", "vz7-nullify"]));
}

/// The seed's two read locks, taken away one by one and together.
#[test]
fn row_21_nullify_without_its_locks() {
    let text = policy("vz7-nullify").expect("a policy").text;
    let without = |lock: &str, unlock: &str| -> String {
        let goes = |line: &&str| line.trim() == lock || line.trim() == unlock;
        text.split_inclusive('\n').filter(|line| !goes(line)).collect()
    };
    let mut out = String::new();
    let edits = [
        ("both", text.to_string()),
        ("no-sched", without("rcu_read_lock_sched();", "rcu_read_unlock_sched();")),
        ("no-rcu", without("rcu_read_lock();", "rcu_read_unlock();")),
    ];
    for preemption in [Preemption::None, Preemption::Full] {
        let world = World { preemption, ..world("bias-core-nullify", 1) };
        for (name, text) in &edits {
            let spec = LaneSpec { policy: (*name).into(), core: None };
            let program = compile_text(text, None).expect("compiles");
            let verdict = verdict(&world, &spec, program, OPTIONS);
            writeln!(out, "{preemption:?} {verdict}").expect("a string takes it");
        }
    }
    expect![[r#"
        None both: holds, 610 states
        None no-sched: holds, 610 states
        None no-rcu: UAF css_tryget (safety), 18 steps, 4 switches
        Full both: holds, 610 states
        Full no-sched: UAF css_tryget (safety), 22 steps, 4 switches
        Full no-rcu: UAF css_tryget (safety), 18 steps, 4 switches
    "#]]
    .assert_eq(&out);
}

/// Exit statuses, and that a bound is never a proof.
#[test]
fn what_the_command_says() {
    let holds = memcg(&["check", "bias-core-nullify", "--policy", "vz7-nullify"]);
    assert_eq!((holds.status, holds.err.as_str()), (0, ""));
    assert!(holds.out.contains("complete: 610 states"), "{}", holds.out);
    let broken = memcg(&["check", "bias-core-nullify", "--states", "400", "--json"]);
    assert_eq!(broken.status, 1, "broken beats bound");
    let verdicts: serde_json::Value = serde_json::from_str(&broken.out).expect("JSON");
    assert_eq!(verdicts[0]["verdict"], "bounded");
    assert_eq!(verdicts[0]["complete"], serde_json::Value::Null);
    assert_eq!(verdicts[1]["verdict"], "broken");
    let bounded =
        memcg(&["check", "bias-core-nullify", "--policy", "vz7-nullify", "--states", "100"]);
    assert_eq!(bounded.status, 3);
    assert!(!bounded.out.contains("holds"), "{}", bounded.out);
    for bad in [
        &["check", "bias-core-nullify", "--policy", "vz7-nulify"][..],
        &["check", "bias-core-nullify", "--grace", "some"],
        &["check", "bias-core-nullify", "--states", "0"],
        &["check", "bias-core-nullify", "--only", "speed"],
        &["check", "no-such-scenario"],
    ] {
        let told = memcg(bad);
        assert_eq!(told.status, 2, "{bad:?}");
        assert!(!told.err.is_empty(), "{bad:?}");
    }
}

/// Some runs are not all, which the verdict says, as it does of reductions.
#[test]
fn some_runs_and_reductions_are_told() {
    let lane = ["check", "bias-core-nullify", "--policy", "vz7-nullify"];
    for (only, words) in [("--preemptions", "at most 1 preemptions"), ("--drawn", "drawn by lot")] {
        let told = memcg(&[&lane[..], &[only, "1"]].concat());
        assert_eq!(told.status, 3, "{only}");
        assert!(told.out.contains(words) && !told.out.contains("holds"), "{}", told.out);
    }
    assert_eq!(memcg(&[&lane[..], &["--preemptions", "256"]].concat()).status, 2);
    let found = memcg(&["check", "bias-core-nullify", "--preemptions", "9"]);
    assert_eq!(found.status, 1, "{}", found.out);
    let equal = ["check", "stale-group", "--policy", "v6.12-unpinned", "--only", "safety"];
    for (option, words) in [(None, "taken for each other"), (Some("--no-symmetry"), "told apart")] {
        let args: Vec<&str> = equal.into_iter().chain(option).collect();
        let told = memcg(&args);
        assert!(told.status == 0 && told.out.contains(words), "{}", told.out);
    }
    let cut = memcg(&[&lane[..], &["--states", "100"]].concat());
    assert!(cut.out.contains("every schedule of up to"), "{}", cut.out);
}

/// The counter-example is a scenario of its own that comes out as it says.
#[test]
fn a_counter_example_can_be_pasted() {
    for (name, policy) in
        [("bias-core-nullify", "vz7-nullify:bias"), ("leak-after-break", "v3.19-pinned")]
    {
        let told = memcg(&["check", name, "--policy", policy, "--ascii"]);
        assert_eq!(told.status, 1);
        assert!(told.out.contains("switch ("), "a race diagram: {}", told.out);
        let told = memcg(&["check", name, "--policy", policy, "--json"]);
        let verdicts: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
        let text = verdicts[0]["scenario"].as_str().expect("a scenario");
        let run = memcg_with_input(&["run", "-", "--moves"], text);
        assert_eq!((run.status, run.err.as_str()), (0, ""), "{}", run.out);
        assert!(run.out.contains("holds (1)") || run.out.contains("holds (2)"), "{}", run.out);
    }
}

/// What `--grace` makes of the seed's policy.
#[test]
fn graces() {
    let status = |grace| {
        memcg(&["check", "bias-core-nullify", "--policy", "vz7-nullify", "--grace", grace]).status
    };
    assert_eq!([status("rcu"), status("sched-only"), status("none")], [0, 0, 1]);
}

const CONDITIONS: &str = "hierarchy:
  ct-101
  ct-102
threads:
  kswapd0: reclaim / rounds 1
  direct1: reclaim / rounds 1
compare:
  v5.3-weak
  v6.12-unpinned
check:
  always visits of ct-101 <= 1
  sometimes rounds >= 1
  sometimes rounds >= 3
  eventually visits >= 3
";

/// A scenario's conditions: counter-examples and witnesses are scenarios that come out as they say.
#[test]
fn conditions_are_checked() {
    let told = memcg_with_input(&["check", "-", "--json"], CONDITIONS);
    assert_eq!(told.status, 1, "{}", told.err);
    let verdicts: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
    assert_eq!(verdicts[0]["property"], "condition");
    assert_eq!(verdicts[0]["replays"], true);
    assert_eq!(verdicts[0]["conditions"][0]["verdict"], "broken");
    let text = verdicts[0]["scenario"].as_str().expect("a scenario");
    assert!(text.contains("check:\n  always visits of ct-101 <= 1"), "{text}");
    // Nothing comes to three rounds, which only a complete search can say, and there is no schedule for it.
    let lane = ["check", "-", "--policy", "v6.12-unpinned"];
    let seen = ["--only", "condition:2", "--only", "condition:3", "--json"];
    let told = memcg_with_input(&[&lane[..], &seen].concat(), CONDITIONS);
    let verdicts: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
    let never = &verdicts[0];
    assert_eq!(never["name"], "condition");
    let words = never["words"].as_str().expect("words");
    assert_eq!(words, "\"sometimes rounds >= 3\" does not hold: no run comes to it");
    assert_eq!((never["scenario"].as_str(), never["link"].as_str()), (None, None));
    let witness = &never["conditions"][0]["witness"];
    assert_eq!(never["conditions"][0]["verdict"], "holds");
    let text = witness["scenario"].as_str().expect("a scenario");
    let counted = format!("{text}\nexpect:\n  v6.12-unpinned rounds = 1\n");
    let run = memcg_with_input(&["run", "-"], &counted);
    assert_eq!((run.status, run.err.as_str()), (0, ""), "{}", run.out);
    let told = memcg_with_input(&[&lane[..], &["--only", "condition:4"]].concat(), CONDITIONS);
    assert_eq!(told.status, 0, "{}", told.out);
    let left_out = "not looked at: safety, returned, leak, call-returns, walk-ends, coverage, double-visits, \
                    restarts, condition:1, condition:2, condition:3";
    assert!(told.out.contains(left_out), "{}", told.out);
    let few = ["--only", "condition:2", "--witnesses"];
    let told = memcg_with_input(&[&lane[..], &few].concat(), CONDITIONS);
    assert!(told.status == 0 && told.out.contains("all was seen in"), "{}", told.out);
    assert!(
        told.out.contains("\nscenario: v6.12-unpinned: sometimes rounds >= 1\n"),
        "{}",
        told.out
    );
    let drawn = [&lane[..], &["--only", "condition:3", "--drawn", "1000"]].concat();
    assert_eq!(memcg_with_input(&drawn, CONDITIONS).status, 3);
}

/// Options that do not go together, and names of nothing, are refused with their reason.
#[test]
fn what_does_not_fit_is_refused() {
    let lane = ["check", "bias-core-nullify", "--policy", "vz7-nullify"];
    for (options, words) in [
        (
            &["--drawn", "9", "--only", "walk-ends"][..],
            "--drawn keeps no graph of states, which walk-ends needs",
        ),
        (&["--drawn", "9", "--preemptions", "1"], "do not go together: both say which runs"),
        (&["--rounds", "2", "--calls", "1"], "do not go together: both say where"),
        (&["--only", "leak", "--also", "coverage"], "give one of them"),
        (&["--restarts", "2"], "--also restarts"),
        (&["--only", "condition"], "has no condition"),
        (&["--only", "condition:1"], "of the scenario's 0 conditions none"),
        (&["--only", "coverege"], "did you mean \"coverage\"?"),
        (&["--only", "condition:0"], "not \"condition:0\""),
    ] {
        let told = memcg(&[&lane[..], options].concat());
        assert_eq!(told.status, 2, "{options:?}: {}", told.out);
        assert!(told.err.contains(words), "{options:?}: {}", told.err);
    }
    let told = memcg(&[&lane[..], &["--drawn", "9", "--json"]].concat());
    assert_eq!(told.status, 3);
    let verdicts: serde_json::Value = serde_json::from_str(&told.out).expect("JSON");
    let left_out = ["call-returns", "walk-ends", "coverage", "double-visits", "restarts"];
    assert_eq!(verdicts[0]["not_looked_at"], serde_json::json!(left_out));
}
