//! The bugs of history, found with their shortest schedules under the policy that has each and nothing under the one
//! that cured it.

use expect_test::expect;
use memcg_core::check::{
    Check, Manner, Options, Properties, Property, Questions, Verdict, WalkBound,
};
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
    verdict_on(world, spec, program, options, &Questions::default())
}

/// The same with conditions.
fn verdict_on(
    world: &World,
    spec: &LaneSpec,
    program: Program,
    options: Options,
    questions: &Questions,
) -> String {
    let (of_check, of_world) = (Arc::new(program.clone()), Arc::new(world.clone()));
    let mut check = Check::asking(of_check, of_world, options, questions.clone());
    while check.run(10_000) == Progress::More {}
    let broken = match check.verdict().expect("it is over") {
        Verdict::Holds(extent) => return format!("{spec}: holds, {} states", extent.n_states),
        Verdict::Bounded { by, .. } => return format!("{spec}: bounded by {by:?}"),
        Verdict::Broken(broken) if broken.is_never => return format!("{spec}: never"),
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
            Property::Condition => {
                let condition = &questions.conditions[broken.condition.expect("one")];
                assert!(!condition.on(&run.picture(0)).holds, "{broken:?}");
            }
            Property::Safety | Property::CallReturns => panic!("no fault: {broken:?}"),
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

/// The verdicts on a scenario's text, about one property or its conditions.
fn small(text: &str, only: Option<Property>, manner: Manner, names: &[&str]) -> String {
    let scenario = memcg_scenario::parse(text).scenario;
    let (world, unresolved) = scenario.world();
    assert!(unresolved.is_empty(), "{unresolved:?}");
    let conditions = scenario.conditions(&world).into_iter().map(|(_, condition)| condition);
    let questions = Questions { conditions: conditions.collect(), n_restarts_max: 0 };
    let properties = only.map_or(Properties::NONE, Properties::only);
    let options = Options { properties, manner, ..OPTIONS };
    let lines = names.iter().map(|name| {
        let spec = LaneSpec { policy: (*name).into(), core: None };
        let program = compile_lane(&spec).expect("compiles");
        verdict_on(&world, &spec, program, options, &questions) + "\n"
    });
    lines.collect()
}

/// A condition over visits tells the order: `user` was made before `machine/ct-102` and comes after it in the tree.
#[test]
fn row_1_creation_order() {
    let text = "hierarchy:
  machine
    ct-101
  user
  machine/ct-102
threads:
  kswapd0: reclaim / rounds 1
check:
  always visits of user = 0 or visits of machine/ct-102 >= 1
";
    let names = ["v2.6.32-css-id-victim", "v3.3-css-id", "v3.10rc-pinned"];
    expect![[r#"
        v2.6.32-css-id-victim: condition (condition), 18 steps, 0 switches
        v3.3-css-id: condition (condition), 22 steps, 0 switches
        v3.10rc-pinned: holds, 15 states
    "#]]
    .assert_eq(&small(text, None, Manner::Every, &names));
}

/// A removal behind the walk sends it back to its root. Under vz7-nullify it goes back where it stands on the group that
/// dies, and behind it only if the hook has looked at the slot before the walk moved on, and clears it then, which
/// conditions can say; where references hold the position nothing sends it back.
#[test]
fn row_7_any_removal_restarts() {
    let text = "hierarchy:
  ct-101
  ct-102
threads:
  kswapd0: reclaim / rounds 1
  admin: rmdir ct-101
";
    let of_rounds = ["rhel7-dead-count", "vz7-seed-commit", "v3.19-pinned", "v6.12-unpinned"];
    let mut out = small(text, Some(Property::Restarts), Manner::Every, &of_rounds);
    let behind = "check:
  always restarts = 0 or held by kswapd0 != / or visits of ct-102 = 0
";
    let names = ["rhel7-dead-count", "vz7-seed-commit", "vz7-nullify"];
    out += &small(&(text.to_string() + behind), None, Manner::Every, &names);
    let unwiped = behind.trim_end().to_string() + " or wiped >= 1\n";
    out += &small(&(text.to_string() + &unwiped), None, Manner::Every, &names);
    expect![[r#"
        rhel7-dead-count: restarts (restarts), 9 steps, 2 switches
        vz7-seed-commit: restarts (restarts), 20 steps, 2 switches
        v3.19-pinned: holds, 196 states
        v6.12-unpinned: holds, 325 states
        rhel7-dead-count: condition (condition), 13 steps, 2 switches
        vz7-seed-commit: condition (condition), 29 steps, 3 switches
        vz7-nullify: condition (condition), 36 steps, 4 switches
        rhel7-dead-count: condition (condition), 13 steps, 2 switches
        vz7-seed-commit: condition (condition), 29 steps, 3 switches
        vz7-nullify: holds, 834 states
    "#]]
    .assert_eq(&out);
}

/// Whole calls are enough: a walker that comes too late sets the position of the next round to none. On 3.19 to 6.11
/// another bug (row 17) restarts such walks too.
#[test]
fn row_8_a_late_walker() {
    let text = "hierarchy:
  ct-101
threads:
  kswapd0: reclaim / rounds 2
  direct1: reclaim / rounds 2
";
    let names = ["v3.16-dead-count", "v6.12-unpinned"];
    let calls = Manner::Preemptions(0);
    expect![[r#"
        v3.16-dead-count: restarts (restarts), 40 steps, 2 switches
        v6.12-unpinned: bounded by Preemptions
    "#]]
    .assert_eq(&small(text, Some(Property::Restarts), calls, &names));
}

/// Two reclaimers that share a walk can both be sent home when each has seen half; on their own each sees all.
#[test]
fn row_15_each_sees_little() {
    let text = "hierarchy:
  ct-101
  ct-102
  ct-103
threads:
  direct1: reclaim / rounds 1
  direct2: reclaim / rounds 1
check:
  sometimes returned to direct1 = none and returned to direct2 = none and visits <= 4
";
    let names = ["v5.3-weak"];
    let mut out = small(text, None, Manner::Every, &names);
    out += &small(&text.replace("/ rounds", "/ private rounds"), None, Manner::Every, &names);
    expect![[r#"
        v5.3-weak: holds, 2809 states
        v5.3-weak: never
    "#]]
    .assert_eq(&out);
}

/// A fresh walk at the end of the list goes round again without ending the round; and of two racers both return what
/// both have found. In 6.12 neither, as long as no walk ends: between setting the position to none and counting the
/// round it too can return the root twice.
#[test]
fn rows_17_and_18_a_group_twice() {
    let text = |calls: [u32; 2]| {
        let [one, other] = calls;
        format!(
            "hierarchy:\n  ct-101\n  ct-102\nthreads:\n  kswapd0: reclaim / calls {one}\n  \
             direct1: reclaim / calls {other}\n"
        )
    };
    let names = ["v5.3-weak", "v6.12-unpinned"];
    let mut out = String::new();
    let whole_calls = Manner::Preemptions(0);
    for (calls, manner) in [
        ([3, 1], whole_calls),
        ([3, 1], Manner::Every),
        ([1, 1], whole_calls),
        ([1, 1], Manner::Every),
        ([2, 2], Manner::Every),
        ([4, 4], Manner::Every),
    ] {
        let told = small(&text(calls), Some(Property::DoubleVisits), manner, &names);
        write!(out, "{calls:?} {manner:?}\n{told}").expect("a string takes it");
    }
    expect![[r#"
        [3, 1] Preemptions(0)
        v5.3-weak: double-visits (double-visits), 17 steps, 1 switches
        v6.12-unpinned: bounded by Preemptions
        [3, 1] Every
        v5.3-weak: double-visits (double-visits), 8 steps, 2 switches
        v6.12-unpinned: holds, 233 states
        [1, 1] Preemptions(0)
        v5.3-weak: bounded by Preemptions
        v6.12-unpinned: bounded by Preemptions
        [1, 1] Every
        v5.3-weak: double-visits (double-visits), 8 steps, 2 switches
        v6.12-unpinned: holds, 30 states
        [2, 2] Every
        v5.3-weak: double-visits (double-visits), 8 steps, 2 switches
        v6.12-unpinned: holds, 159 states
        [4, 4] Every
        v5.3-weak: double-visits (double-visits), 8 steps, 2 switches
        v6.12-unpinned: double-visits (double-visits), 20 steps, 1 switches
    "#]]
    .assert_eq(&out);
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
