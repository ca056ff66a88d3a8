//! Verdicts do not depend on the reduction or on slices, a fair scheduler is not blamed, and a bound is no proof.

mod common;

use common::{Lots, move_by_lot, small};
use memcg_core::check::{
    Bound, Check, Manner, Now, Options, Properties, Property, Verdict, WalkBound, now, passing,
};
use memcg_core::hierarchy::GroupId;
use memcg_core::program::Program;
use memcg_core::registry::{compile_lane, compile_text, policies, policy};
use memcg_core::run::Run;
use memcg_core::schedule::{LaneSpec, Move};
use memcg_core::search::{Limits, Progress};
use memcg_core::world::{GroupSpec, Op, Preemption, Role, Until, World};
use std::sync::Arc;

const OPTIONS: Options = Options {
    properties: Properties::ALL,
    limits: Limits { n_states_max: 500_000, n_bytes_max: 1 << 29 },
    reduced: true,
    symmetric: true,
    manner: Manner::Every,
};

fn check(program: &Arc<Program>, world: &World, options: Options, slice: usize) -> Verdict {
    let mut check = Check::new(Arc::clone(program), Arc::new(world.clone()), options);
    while check.run(slice) == Progress::More {}
    check.verdict().expect("it is over").clone()
}

fn kind(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Holds(_) => "holds",
        Verdict::Broken(broken) => broken.property.name(),
        Verdict::Bounded { .. } => "bounded",
    }
}

/// Property by property, for every policy: the same verdict with and without the reduction.
#[test]
fn the_reduction_changes_no_verdict() {
    let mut n_broken = 0;
    let mut compare = |name: &str, core, untils: &[Until], properties: &[Property]| {
        let text = policy(name).expect("a policy").text;
        let program = Arc::new(compile_text(text, core).expect("compiles"));
        let world = small(untils, vec![Op::Rmdir(GroupId(1))], Preemption::None);
        for property in properties {
            let properties = Properties::only(*property);
            let verdict = |reduced| {
                let options = Options { properties, reduced, ..OPTIONS };
                kind(&check(&program, &world, options, 1000))
            };
            let (reduced, full) = (verdict(true), verdict(false));
            assert_eq!(reduced, full, "{name} {core:?} {}", property.name());
            assert_ne!(reduced, "bounded", "{name} {core:?}");
            n_broken += u32::from(reduced != "holds");
        }
    };
    for entry in policies() {
        for core in [None, Some("bias")] {
            compare(entry.name, core, &[Until::Rounds(Some(2))], &Property::ALL);
            let visits = Until::Visits { n_visits: 2, n_walks: Some(2) };
            compare(entry.name, core, &[visits], &Property::ALL);
        }
        let two = [Until::Calls(2), Until::Calls(1)];
        compare(entry.name, None, &two, &[Property::Safety, Property::Leak]);
    }
    assert!(n_broken > 5, "{n_broken} verdicts that something is broken");
}

/// A call that waits for another thread returns under a fair scheduler; one that waits for nobody does not.
#[test]
fn a_fair_scheduler_ends_a_wait() {
    let text = policy("vz7-nullify").expect("a policy").text;
    let waits = |condition: &str| {
        let begin = "memcg *load_position(slot *iter, memcg *root)\n{\n";
        assert!(text.contains(begin));
        let waits = format!("{begin}\twhile ({condition})\n\t\tbarrier();\n");
        Arc::new(compile_text(&text.replace(begin, &waits), None).expect("compiles"))
    };
    let rmdir = vec![Op::Rmdir(GroupId(1))];
    let world = small(&[Until::Calls(1)], rmdir, Preemption::Full);
    let options = Options { properties: Properties::only(Property::CallReturns), ..OPTIONS };
    // Until the group below the root is gone from its list, which the other thread sees to.
    let verdict = check(&waits("root->first_child"), &world, options, 100);
    assert_eq!(kind(&verdict), "call-returns", "its section holds the removal up: {verdict:?}");
    let mut world = world;
    world.threads[1].role = Role::Admin(vec![Op::Mkdir(GroupId(1))]);
    world.n_initial = 1;
    let verdict = check(&waits("!root->first_child"), &world, options, 100);
    assert_eq!(kind(&verdict), "holds", "{verdict:?}");
    world.threads.pop();
    let verdict = check(&waits("!root->first_child"), &world, options, 100);
    assert_eq!(kind(&verdict), "call-returns", "{verdict:?}");
}

/// However it is cut into slices, it comes to the same; and what is cut off by a bound says so.
#[test]
fn slices_and_bounds() {
    let program = Arc::new(
        compile_text(policy("vz7-nullify").expect("a policy").text, None).expect("compiles"),
    );
    let rmdir = vec![Op::Rmdir(GroupId(1))];
    let world = small(&[Until::Rounds(None)], rmdir, Preemption::None);
    let (world, n_cut) = WalkBound::Rounds(2).apply(&world);
    assert_eq!(n_cut, 1);
    let whole = check(&program, &world, OPTIONS, 1_000_000);
    assert_eq!(kind(&whole), "holds");
    assert_eq!(check(&program, &world, OPTIONS, 7), whole);
    for (limits, bound) in [
        (Limits { n_states_max: 20, ..OPTIONS.limits }, Bound::States),
        (Limits { n_bytes_max: 1000, ..OPTIONS.limits }, Bound::Memory),
    ] {
        let verdict = check(&program, &world, Options { limits, ..OPTIONS }, 7);
        assert!(matches!(verdict, Verdict::Bounded { by, .. } if by == bound), "{verdict:?}");
    }
}

/// A schedule in which the kernel's worker is interrupted just behind its first access: lanes come to the same fault.
#[test]
fn an_interrupted_worker_replays() {
    let spec = LaneSpec { policy: "v3.3-css-id".into(), core: None };
    let program = compile_lane(&spec).expect("compiles");
    let rmdir = vec![Op::Rmdir(GroupId(1))];
    let world = small(&[Until::Calls(2)], rmdir, Preemption::None);
    let options = Options { properties: Properties::only(Property::Safety), ..OPTIONS };
    let verdict = check(&Arc::new(program.clone()), &world, options, 1000);
    let Verdict::Broken(broken) = verdict else { panic!("{verdict:?}") };
    assert!(broken.is_fewest);
    let interrupted = |mv: &Move| matches!(mv, Move::To { thread, .. } if thread == World::WORKER);
    assert!(broken.schedule.iter().any(interrupted), "{broken:?}");
    let mut run = Run::of_programs(world, vec![(spec, program)]);
    broken.schedule.iter().for_each(|mv| drop(run.apply(mv)));
    let machine = run.lanes()[0].machine();
    let fault = machine.fault().map(|f| machine.fault_name(f));
    assert_eq!(fault, Some(broken.name), "{:?}", broken.schedule);
}

/// Runs drawn by lot are different, a lane comes to rest by each without a fault, and the calls return the same.
#[test]
fn passing_runs_pass_in_a_lane() {
    let world = small(&[Until::Rounds(Some(1)); 2], vec![Op::Rmdir(GroupId(1))], Preemption::None);
    let spec = LaneSpec { policy: "v4.4-weak".into(), core: None };
    let program = compile_lane(&spec).expect("compiles");
    let (shared, world) = (Arc::new(program.clone()), Arc::new(world));
    let passed = passing(&shared, &world, 20, 100_000);
    assert_eq!(passed.len(), 20);
    assert_eq!(passed, passing(&shared, &world, 20, 100_000), "always the same ones");
    for (at, run_passed) in passed.iter().enumerate() {
        assert!(passed[..at].iter().all(|other| other.schedule != run_passed.schedule));
        let mut run = Run::of_programs((*world).clone(), vec![(spec.clone(), program.clone())]);
        let mut returned = Vec::new();
        for mv in &run_passed.schedule {
            returned.extend(run.apply(mv).lanes[0].returned);
        }
        let machine = run.lanes()[0].machine();
        assert!(machine.fault().is_none() && machine.held_by_walks().is_empty());
        assert_eq!(returned.len(), run_passed.returned.len());
        let none_can =
            |lane: &memcg_core::run::Possible| matches!(lane, memcg_core::run::Possible::No(_));
        assert!(run.choices().iter().all(|choice| choice.lanes.iter().all(none_can)), "at rest");
    }
}

/// A world that goes round for ever is left after so many steps.
#[test]
fn runs_that_never_rest_are_given_up() {
    let world = small(&[Until::Rounds(None)], vec![], Preemption::None);
    let program = compile_lane(&LaneSpec { policy: "v4.4-weak".into(), core: None });
    assert_eq!(passing(&Arc::new(program.expect("compiles")), &Arc::new(world), 5, 20_000), []);
}

/// Two walkers while a group is made and another removed.
fn making() -> World {
    let mut world = small(&[Until::Calls(3), Until::Calls(2)], Vec::new(), Preemption::None);
    world.groups.push(GroupSpec { path: "new".into(), parent: Some(GroupId::ROOT) });
    let ops = vec![Op::Mkdir(GroupId(2)), Op::Rmdir(GroupId(1))];
    world.threads.last_mut().expect("the admin").role = Role::Admin(ops);
    world
}

/// Whether a call may return a group is a question of where its maker stands too: what is found is so in lanes, and what
/// lanes come to is found.
#[test]
fn a_return_is_judged_with_every_thread_where_it_is() {
    let options = Options { properties: Properties::only(Property::Returned), ..OPTIONS };
    let (mut n_broken, mut n_by_lot) = (0, 0);
    for entry in policies() {
        let spec = LaneSpec { policy: entry.name.into(), core: None };
        let program = compile_lane(&spec).expect("compiles");
        let world = making();
        let is_broken = |run: &Run, thread: usize| {
            let machine = run.lane(0).machine();
            now(Property::Returned, machine, Some(thread), false) == Now::Broken
        };
        let start = Run::of_programs(world.clone(), vec![(spec, program.clone())]);
        let verdict = check(&Arc::new(program), &world, options, 10_000);
        assert_ne!(kind(&verdict), "bounded", "{}", entry.name);
        if let Verdict::Broken(broken) = &verdict {
            let mut run = start.clone();
            for mv in &broken.schedule {
                run.apply(mv);
            }
            let thread = broken.thread.expect("one returned");
            assert!(is_broken(&run, thread), "{}: {}", entry.name, broken.words);
            n_broken += 1;
        }
        let mut lots = Lots(7);
        for _ in 0..400 {
            let mut run = start.clone();
            while let Some(mv) = move_by_lot(&run, &mut lots) {
                let report = run.apply(&mv);
                let Some(thread) = run.world().thread(mv.thread()) else { continue };
                if report.lanes[0].returned.is_some() && is_broken(&run, thread) {
                    assert_eq!(kind(&verdict), "returned", "{}", entry.name);
                    n_by_lot += 1;
                }
            }
        }
    }
    assert!(n_broken > 0 && n_by_lot > 0, "{n_broken} {n_by_lot}");
}
