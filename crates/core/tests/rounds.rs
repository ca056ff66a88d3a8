//! Properties of rounds: the same verdict with and without reductions, counter-examples that count as much in lanes, and
//! nothing said to hold that lanes driven by lot do not keep.

mod common;

use common::{checked, private, small};
use memcg_core::check::{
    Check, EqualThreads, Manner, Options, Properties, Property, Questions, Verdict,
};
use memcg_core::compare::{Row, compare};
use memcg_core::hierarchy::GroupId;
use memcg_core::program::Program;
use memcg_core::registry::{compile_lane, policies};
use memcg_core::run::Run;
use memcg_core::schedule::{LaneSpec, Move};
use memcg_core::search::Limits;
use memcg_core::world::{Op, Preemption, Until, World};
use std::sync::Arc;

fn options(property: Property) -> Options {
    Options {
        properties: Properties::only(property),
        limits: Limits { n_states_max: 500_000, n_bytes_max: 1 << 29 },
        reduced: true,
        symmetric: true,
        manner: Manner::Every,
    }
}

fn ask(program: &Arc<Program>, world: &World, options: Options, n_restarts_max: u32) -> Check {
    let questions = Questions { n_restarts_max, ..Questions::default() };
    checked(program, world, options, questions)
}

fn schedule(check: &Check) -> Option<&[Move]> {
    match check.verdict() {
        Some(Verdict::Holds(_)) => None,
        Some(Verdict::Broken(broken)) => Some(&broken.schedule),
        other => panic!("{other:?}"),
    }
}

fn counted(lane: &LaneSpec, world: &World, moves: &[Move]) -> Row {
    let run = Run::new(world.clone(), std::slice::from_ref(lane)).expect("compiles");
    compare(run, moves).remove(0)
}

fn count(property: Property, row: &Row) -> u32 {
    match property {
        Property::Coverage => row.n_skipped,
        Property::DoubleVisits => row.n_doubles,
        _ => row.n_restarts,
    }
}

fn worlds() -> Vec<World> {
    let rmdir = || vec![Op::Rmdir(GroupId(1))];
    let mut made = small(&[Until::Rounds(Some(2))], vec![Op::Mkdir(GroupId(1))], Preemption::None);
    made.n_initial = 1;
    vec![
        small(&[Until::Rounds(Some(1)), Until::Calls(2)], Vec::new(), Preemption::None),
        small(&[Until::Calls(2); 2], Vec::new(), Preemption::None),
        small(&[Until::Rounds(Some(2))], rmdir(), Preemption::Full),
        small(&[Until::Visits { n_visits: 1, n_walks: Some(3) }], rmdir(), Preemption::None),
        private(small(&[Until::Calls(2); 2], Vec::new(), Preemption::None)),
        made,
    ]
}

/// Each verdict is the same without reductions, and lanes count what breaks it.
#[test]
fn reductions_change_no_verdict() {
    let (mut n_broken, mut n_held, mut n_merged) = (0, 0, 0);
    for entry in policies() {
        let lane = LaneSpec { policy: entry.name.into(), core: None };
        let program = Arc::new(compile_lane(&lane).expect("compiles"));
        for (place, world) in worlds().into_iter().enumerate() {
            for (property, n_max) in [
                (Property::Coverage, 0),
                (Property::DoubleVisits, 0),
                (Property::Restarts, 0),
                (Property::Restarts, 1),
            ] {
                let plain = Options { reduced: false, symmetric: false, ..options(property) };
                let full = ask(&program, &world, plain, n_max);
                let reduced = ask(&program, &world, options(property), n_max);
                let told = format!("{lane} world {place} {property:?} {n_max}");
                assert_eq!(schedule(&reduced).is_some(), schedule(&full).is_some(), "{told}");
                for moves in [schedule(&full), schedule(&reduced)].into_iter().flatten() {
                    let row = counted(&lane, &world, moves);
                    assert!(count(property, &row) > n_max, "{told} {row:?}");
                    n_broken += 1;
                }
                n_held += u32::from(schedule(&full).is_none());
                n_merged += u32::from(reduced.extent().equal_threads == EqualThreads::Merged);
            }
        }
    }
    assert!(n_broken > 50 && n_held > 50 && n_merged > 20, "{n_broken} {n_held} {n_merged}");
}

/// Lanes that are driven by lot, a call or an access at a time, count nothing that is said not to happen.
#[test]
fn lanes_driven_by_lot_agree() {
    let mut lots = common::Lots(11);
    for entry in policies() {
        let lane = LaneSpec { policy: entry.name.into(), core: None };
        let program = Arc::new(compile_lane(&lane).expect("compiles"));
        for world in worlds() {
            let held: Vec<Property> = Property::OF_ROUNDS
                .into_iter()
                .filter(|p| schedule(&ask(&program, &world, options(*p), 0)).is_none())
                .collect();
            for _ in 0..20 {
                let mut run =
                    Run::new(world.clone(), std::slice::from_ref(&lane)).expect("compiles");
                run.keep_records(false);
                let mut moves = Vec::new();
                while let Some(mv) = common::move_by_lot(&run, &mut lots) {
                    run.apply(&mv);
                    moves.push(mv);
                }
                let row = counted(&lane, &world, &moves);
                for property in &held {
                    assert_eq!(count(*property, &row), 0, "{lane} {property:?} {moves:?}");
                }
            }
        }
    }
}
