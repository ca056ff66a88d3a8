//! Some runs of a world that is too large: what is found so is real, what is not found is never called a proof.

mod common;

use common::small;
use memcg_core::check::{Bound, Check, Manner, Options, Properties, Property, Verdict};
use memcg_core::hierarchy::GroupId;
use memcg_core::program::Program;
use memcg_core::registry::{compile_lane, policies};
use memcg_core::run::Run;
use memcg_core::schedule::LaneSpec;
use memcg_core::search::{Limits, Progress};
use memcg_core::world::{Op, Preemption, Until, World};
use std::sync::Arc;

const LIMITS: Limits = Limits { n_states_max: 500_000, n_bytes_max: 1 << 29 };

fn world() -> World {
    small(&[Until::Calls(1); 2], vec![Op::Rmdir(GroupId(1))], Preemption::default())
}

fn check(program: &Arc<Program>, manner: Manner, reduced: bool, limits: Limits) -> Verdict {
    let properties = Properties::only(Property::Safety).and(Properties::only(Property::Leak));
    let options = Options { properties, limits, reduced, symmetric: true, manner };
    let mut check = Check::new(Arc::clone(program), Arc::new(world()), options);
    while check.run(1000) == Progress::More {}
    check.verdict().expect("it is over").clone()
}

/// Lanes come to the same by the schedule.
fn replays(lane: &LaneSpec, program: &Program, verdict: &Verdict) {
    let Verdict::Broken(broken) = verdict else { return };
    let mut run = Run::of_programs(world(), vec![(lane.clone(), program.clone())]);
    broken.schedule.iter().for_each(|mv| drop(run.apply(mv)));
    let machine = run.lanes()[0].machine();
    match machine.fault() {
        Some(fault) => assert_eq!(machine.fault_name(fault), broken.name, "{lane}"),
        None => assert_eq!(broken.property, Property::Leak, "{lane}"),
    }
}

/// With more and more preemptions there comes a number with which something is found, if there is something; up to
/// there nothing is said to hold that does not; and with enough of them the search is complete.
#[test]
fn preemptions_are_a_bound() {
    let (mut n_bounded, mut n_broken) = (0, 0);
    for entry in policies() {
        for core in [None, Some("bias")] {
            let lane = LaneSpec { policy: entry.name.into(), core: core.map(String::from) };
            let program = Arc::new(compile_lane(&lane).expect("compiles"));
            let every = check(&program, Manner::Every, true, LIMITS);
            let mut fewest = None;
            for n in [0, 1, 2, 200] {
                let verdict = check(&program, Manner::Preemptions(n), false, LIMITS);
                replays(&lane, &program, &verdict);
                match &verdict {
                    Verdict::Bounded { by, n_waiting, .. } => {
                        assert_eq!(*by, Bound::Preemptions, "{lane}");
                        assert!(*n_waiting > 0 && fewest.is_none(), "{lane}");
                        n_bounded += 1;
                    }
                    Verdict::Broken(_) => fewest = fewest.or(Some(n)),
                    Verdict::Holds(_) => {
                        assert!(matches!(every, Verdict::Holds(_)), "{lane}: {n} preemptions");
                    }
                }
            }
            assert_eq!(fewest.is_some(), matches!(every, Verdict::Broken(_)), "{lane}");
            n_broken += u32::from(fewest.is_some());
        }
    }
    assert!(n_bounded > 20 && n_broken > 3, "{n_bounded} bounded, {n_broken} broken");
}

/// What is drawn is real and replays; nothing drawn is no proof.
#[test]
fn what_is_drawn_is_real() {
    let mut n_broken = 0;
    for entry in policies() {
        for core in [None, Some("bias")] {
            let lane = LaneSpec { policy: entry.name.into(), core: core.map(String::from) };
            let program = Arc::new(compile_lane(&lane).expect("compiles"));
            let verdict = check(&program, Manner::Drawn(20_000), true, LIMITS);
            replays(&lane, &program, &verdict);
            match &verdict {
                Verdict::Broken(_) => n_broken += 1,
                Verdict::Bounded { by, extent, .. } => {
                    assert!(matches!(by, Bound::Drawn { n_walks } if *n_walks > 20), "{by:?}");
                    assert_eq!(extent.n_steps, 20_000);
                }
                Verdict::Holds(_) => panic!("{lane}: drawn walks prove nothing"),
            }
            if let Verdict::Broken(_) = verdict {
                let every = check(&program, Manner::Every, true, LIMITS);
                assert!(matches!(every, Verdict::Broken(_)), "{lane}");
            }
        }
    }
    assert!(n_broken > 3, "{n_broken} broken");
}

/// A search that is cut says up to which step it has looked at everything, and about how much there is.
#[test]
fn a_cut_search_says_how_far_it_came() {
    let lane = LaneSpec { policy: "vz7-nullify".into(), core: None };
    let program = Arc::new(compile_lane(&lane).expect("compiles"));
    let Verdict::Holds(all) = check(&program, Manner::Every, true, LIMITS) else {
        panic!("it holds")
    };
    let limits = Limits { n_states_max: all.n_states / 2, ..LIMITS };
    let properties = Properties::only(Property::Safety);
    let options =
        Options { properties, limits, reduced: true, symmetric: true, manner: Manner::Every };
    let mut check = Check::new(program, Arc::new(world()), options);
    while check.run(100) == Progress::More {}
    assert!(matches!(check.verdict(), Some(Verdict::Bounded { by: Bound::States, .. })));
    let front = check.front().expect("nearest first");
    assert!(0 < front.n_steps_done && front.n_steps_done < front.n_steps_longest, "{front:?}");
    let about = usize::try_from(front.n_states_about).expect("a small world");
    assert!(all.n_states / 3 < about && about < all.n_states * 3, "{front:?} of {all:?}");
}
