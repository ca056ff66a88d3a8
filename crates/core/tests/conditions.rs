//! Conditions of a person: the same verdict with and without reductions, counter-examples and witnesses that lanes come
//! to, and nothing said to hold that a lane drawn by lot does not keep.

mod common;

use common::{checked, private, small};
use expect_test::expect;
use memcg_core::check::{
    Check, EqualThreads, Manner, Options, Properties, Property, Questions, Verdict, Witness,
};
use memcg_core::condition::{Comparison, Condition, Measure, Mode, Slot, Subject, Term, Value};
use memcg_core::hierarchy::GroupId;
use memcg_core::picture::{LanePicture, Life};
use memcg_core::program::Program;
use memcg_core::registry::{compile_lane, policies};
use memcg_core::run::Run;
use memcg_core::schedule::{LaneSpec, Move};
use memcg_core::search::Limits;
use memcg_core::world::{Op, Preemption, Until, World};
use std::sync::Arc;

const OPTIONS: Options = Options {
    properties: Properties::NONE,
    limits: Limits { n_states_max: 500_000, n_bytes_max: 1 << 29 },
    reduced: true,
    symmetric: true,
    manner: Manner::Every,
};

const CT0: GroupId = GroupId(1);

use Comparison::{AtLeast, AtMost, Equal, NotEqual};

fn number(subject: Subject, comparison: Comparison, number: u32) -> Term {
    Term { subject, comparison, value: Value::Number(number) }
}

fn measure(measure: Measure, comparison: Comparison, n: u32) -> Term {
    number(Subject::Measure(measure), comparison, n)
}

fn life(comparison: Comparison, life: Life) -> Term {
    Term { subject: Subject::Life(CT0), comparison, value: Value::Life(life) }
}

fn position(comparison: Comparison, value: Value) -> Term {
    let slot = Slot { root: GroupId::ROOT, node: Some(0), zone: Some(0), priority: Some(0) };
    Term { subject: Subject::Position(slot), comparison, value }
}

fn thread(subject: Subject, value: Value) -> Term {
    Term { subject, comparison: Equal, value }
}

fn condition(mode: Mode, any: Vec<Vec<Term>>) -> Condition {
    Condition { mode, any }
}

/// One of every kind, about a world of a root and one group.
fn conditions() -> Vec<Condition> {
    let all = |mode, terms: Vec<Term>| condition(mode, vec![terms]);
    vec![
        all(Mode::Always, vec![number(Subject::Visits(CT0), AtMost, 1)]),
        all(Mode::Always, vec![measure(Measure::Visits, AtMost, 3)]),
        all(Mode::Always, vec![measure(Measure::Faults, Equal, 0)]),
        all(Mode::Always, vec![number(Subject::Refs(CT0), AtMost, 2)]),
        condition(
            Mode::Always,
            vec![
                vec![position(NotEqual, Value::Group(CT0))],
                vec![life(Comparison::Less, Life::Freed)],
            ],
        ),
        all(Mode::Sometimes, vec![measure(Measure::Rounds, AtLeast, 1)]),
        all(Mode::Sometimes, vec![measure(Measure::Restarts, AtLeast, 1)]),
        all(Mode::Sometimes, vec![measure(Measure::Wiped, Equal, 1)]),
        all(
            Mode::Sometimes,
            vec![
                thread(Subject::Held(0), Value::Group(CT0)),
                life(AtLeast, Life::Dying),
                position(Equal, Value::None),
            ],
        ),
        all(
            Mode::Sometimes,
            vec![
                thread(Subject::Returned(0), Value::None),
                measure(Measure::Kept, AtLeast, 1),
                number(Subject::Visits(CT0), Equal, 0),
            ],
        ),
        all(Mode::Eventually, vec![life(Equal, Life::Freed)]),
        all(Mode::Eventually, vec![measure(Measure::Kept, AtLeast, 1)]),
        all(Mode::Eventually, vec![measure(Measure::Rounds, AtLeast, 1)]),
    ]
}

fn program(lane: &LaneSpec) -> Arc<Program> {
    Arc::new(compile_lane(lane).expect("compiles"))
}

fn ask(program: &Arc<Program>, world: &World, options: Options, one: &Condition) -> Check {
    let questions = Questions { conditions: Arc::new([one.clone()]), ..Questions::default() };
    checked(program, world, options, questions)
}

fn kind(check: &Check) -> &'static str {
    match check.verdict().expect("it is over") {
        Verdict::Holds(_) => "holds",
        Verdict::Broken(broken) => {
            assert_eq!((broken.property, broken.condition), (Property::Condition, Some(0)));
            "broken"
        }
        Verdict::Bounded { .. } => "bounded",
    }
}

fn played(lane: &LaneSpec, world: &World, moves: &[Move]) -> LanePicture {
    let mut run = Run::new(world.clone(), std::slice::from_ref(lane)).expect("compiles");
    for mv in moves {
        run.apply(mv);
    }
    run.picture(0)
}

/// Lanes come to where a condition is broken, or seen to hold.
fn replay(lane: &LaneSpec, world: &World, one: &Condition, check: &Check) {
    for Witness { schedule, .. } in check.witnesses() {
        assert!(one.on(&played(lane, world, &schedule)).holds, "{lane} {one:?} {schedule:?}");
    }
    let Some(Verdict::Broken(broken)) = check.verdict() else { return };
    let holds = one.on(&played(lane, world, &broken.schedule)).holds;
    match one.mode {
        Mode::Always => assert!(!holds, "{lane} {one:?} {broken:?}"),
        Mode::Sometimes => assert!(broken.schedule.is_empty() && check.witnesses().is_empty()),
        Mode::Eventually => {
            let mut run = Run::new(world.clone(), std::slice::from_ref(lane)).expect("compiles");
            for mv in &broken.schedule {
                run.apply(mv);
                assert!(!one.on(&run.picture(0)).holds, "{lane} {one:?} {broken:?}");
            }
        }
    }
}

fn worlds() -> Vec<World> {
    let rmdir = || vec![Op::Rmdir(CT0)];
    let mut made = small(&[Until::Rounds(Some(1))], vec![Op::Mkdir(CT0)], Preemption::None);
    made.n_initial = 1;
    vec![
        small(&[Until::Rounds(Some(2))], rmdir(), Preemption::None),
        small(&[Until::Visits { n_visits: 2, n_walks: Some(2) }], rmdir(), Preemption::None),
        small(&[Until::Calls(1), Until::Calls(1)], rmdir(), Preemption::Full),
        made,
        private(small(&[Until::Calls(2)], rmdir(), Preemption::Full)),
    ]
}

/// With and without commuting accesses merged, and equal threads taken for each other.
#[test]
fn reductions_change_no_verdict() {
    let (mut n_broken, mut n_held, mut n_merged, mut n_bounded) = (0, 0, 0, 0);
    for entry in policies() {
        for core in [None, Some("bias")] {
            let lane = LaneSpec { policy: entry.name.into(), core: core.map(String::from) };
            let program = program(&lane);
            for (place, world) in worlds().into_iter().enumerate() {
                if core.is_some() && place > 1 {
                    continue;
                }
                for one in conditions() {
                    let plain = Options { reduced: false, symmetric: false, ..OPTIONS };
                    let full = ask(&program, &world, plain, &one);
                    let reduced = ask(&program, &world, OPTIONS, &one);
                    assert_eq!(kind(&reduced), kind(&full), "{lane} world {place}: {one:?}");
                    replay(&lane, &world, &one, &full);
                    replay(&lane, &world, &one, &reduced);
                    n_broken += u32::from(kind(&full) == "broken");
                    n_held += u32::from(kind(&full) == "holds");
                    n_bounded += u32::from(kind(&full) == "bounded");
                    let extent = reduced.extent();
                    n_merged += u32::from(extent.equal_threads == EqualThreads::Merged);
                    let names = one.terms().any(|term| term.subject.thread().is_some());
                    assert!(!names || extent.equal_threads != EqualThreads::Merged);
                }
            }
        }
    }
    assert!(n_broken > 100 && n_held > 100 && n_merged > 50, "{n_broken} {n_held} {n_merged}");
    assert_eq!(n_bounded, 0);
}

/// What is said to hold holds at every access of lanes that are driven by lot, and what is said never to hold does not.
#[test]
fn lanes_driven_by_lot_agree() {
    let mut lots = common::Lots(7);
    for entry in policies() {
        let lane = LaneSpec { policy: entry.name.into(), core: None };
        let program = program(&lane);
        for world in worlds() {
            let asked: Vec<(Condition, bool)> = conditions()
                .into_iter()
                .filter(|one| one.mode != Mode::Eventually)
                .map(|one| {
                    let holds = kind(&ask(&program, &world, OPTIONS, &one)) == "holds";
                    (one, holds)
                })
                .collect();
            for _ in 0..12 {
                let mut run =
                    Run::new(world.clone(), std::slice::from_ref(&lane)).expect("compiles");
                run.keep_records(false);
                while let Some(mv) = common::move_by_lot(&run, &mut lots) {
                    run.apply(&mv);
                    let picture = run.picture(0);
                    for (one, holds) in &asked {
                        let seen = one.on(&picture).holds;
                        // A call may be over in the same move that comes to a fault.
                        let agrees =
                            if one.mode == Mode::Always { seen || !holds } else { !seen || *holds };
                        assert!(agrees, "{lane}: {one:?}");
                    }
                }
            }
        }
    }
}

/// What a condition says is put into words with the values it found.
#[test]
fn what_is_broken_is_said_with_its_values() {
    let lane = LaneSpec { policy: "v3.10-dead-count".into(), core: None };
    let world = small(&[Until::Rounds(Some(2))], vec![Op::Rmdir(CT0)], Preemption::None);
    let said = |one: &Condition| match ask(&program(&lane), &world, OPTIONS, one).verdict() {
        Some(Verdict::Broken(broken)) => {
            format!("{} ({} moves)\n", broken.words, broken.schedule.len())
        }
        other => panic!("{other:?}"),
    };
    let mut out = String::new();
    for one in [
        condition(Mode::Always, vec![vec![number(Subject::Visits(CT0), AtMost, 1)]]),
        condition(
            Mode::Always,
            vec![
                vec![position(NotEqual, Value::Group(CT0))],
                vec![thread(Subject::Held(0), Value::None), life(Equal, Life::Alive)],
            ],
        ),
        condition(Mode::Sometimes, vec![vec![measure(Measure::Rounds, AtLeast, 3)]]),
        condition(Mode::Eventually, vec![vec![measure(Measure::Wiped, AtLeast, 1)]]),
        condition(Mode::Always, vec![vec![life(NotEqual, Life::Alive)]]),
    ] {
        out += &said(&one);
    }
    expect![[r#"
        "always visits of ct0 <= 1" does not hold: visits of ct0 is 2 (5 moves)
        "always position of / node 0 zone 0 priority 0 != ct0 or held by walker0 = none and life of ct0 = online" does not hold: position of / node 0 zone 0 priority 0 is ct0, held by walker0 is /, life of ct0 is online (11 moves)
        "sometimes rounds >= 3" does not hold: no run comes to it (0 moves)
        "eventually wiped >= 1" does not hold: nothing can run any more, and it never has (8 moves)
        "always life of ct0 != online" does not hold: life of ct0 is online (0 moves)
    "#]].assert_eq(&out);
}

/// A condition that every run comes to under a fair scheduler, and one that some fair run goes round without.
#[test]
fn eventually_is_fair() {
    let dying = || {
        let mut world = common::world(&["a", "a/b"]);
        world = common::kswapd(world, "kswapd0");
        let root = world.group("a").expect("there");
        if let memcg_core::world::Role::Reclaimer { root: at, .. } = &mut world.threads[0].role {
            *at = root;
        }
        common::remover(world, "admin", &["a/b", "a"])
    };
    let (world, _) = memcg_core::check::WalkBound::Rounds(1).apply(&dying());
    let done = condition(Mode::Eventually, vec![vec![measure(Measure::Rounds, AtLeast, 1)]]);
    for (policy, wanted) in [("v3.10-dead-count", "broken"), ("v3.16-dead-count", "holds")] {
        let lane = LaneSpec { policy: policy.into(), core: None };
        let check = ask(&program(&lane), &world, OPTIONS, &done);
        assert_eq!(kind(&check), wanted, "{policy}: {:?}", check.verdict());
        if let Some(Verdict::Broken(broken)) = check.verdict() {
            assert!(broken.goes_round_from.is_some(), "{broken:?}");
        }
    }
}

/// What is drawn by lot is seen by lanes too; nothing drawn says that nothing comes to a condition.
#[test]
fn drawn_walks_see_conditions() {
    let lane = LaneSpec { policy: "vz7-nullify".into(), core: None };
    let world = small(&[Until::Rounds(Some(2))], vec![Op::Rmdir(CT0)], Preemption::None);
    let options = Options { manner: Manner::Drawn(20_000), ..OPTIONS };
    let mut n_seen = 0;
    for one in conditions() {
        let check = ask(&program(&lane), &world, options, &one);
        let every = kind(&ask(&program(&lane), &world, OPTIONS, &one));
        replay(&lane, &world, &one, &check);
        // What holds is never proven by drawing, but that something is seen is; what is rare may be missed.
        match (one.mode, kind(&check)) {
            (_, "bounded") => {}
            (Mode::Sometimes, drawn) => {
                assert_eq!((drawn, every), ("holds", "holds"));
                n_seen += 1;
            }
            (_, drawn) => assert_eq!((drawn, every), ("broken", "broken")),
        }
    }
    assert!(n_seen >= 3, "{n_seen}");
}
