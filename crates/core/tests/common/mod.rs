//! Small worlds for the tests: text in, text out.

#![allow(dead_code, reason = "every test file uses some of it")]

use expect_test::Expect;
use memcg_core::check::{Check, Options, Questions};
use memcg_core::hierarchy::{GroupId, Hierarchy};
use memcg_core::picture::Next;
use memcg_core::program::Program;
use memcg_core::run::{Grain, Run};
use memcg_core::schedule::{LaneSpec, Move};
use memcg_core::search::Progress;
use memcg_core::world::{Cookie, Op, Preemption, Role, ThreadSpec, Until, World};
use std::fmt::Write as _;
use std::sync::Arc;

/// A world with groups by path (parents first) and a kswapd0 over all of them.
pub(crate) fn world(paths: &[&str]) -> World {
    let mut tree = Hierarchy::new();
    for path in paths {
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        let parent = tree.find(parent).expect("parents come first");
        tree.add(parent, name).expect("a good name");
    }
    World::new(&tree)
}

/// Adds a thread that walks from the global root in whole rounds.
pub(crate) fn kswapd(mut world: World, name: &str) -> World {
    let cookie = Cookie { node: 0, n_zones: 1, priority_from: 12, priority_to: 12 };
    let role =
        Role::Reclaimer { root: GroupId::ROOT, cookie: Some(cookie), until: Until::Rounds(None) };
    world.threads.push(ThreadSpec { name: name.into(), role });
    world
}

/// Adds a thread that walks from the global root and leaves after some groups.
pub(crate) fn limit(mut world: World, name: &str, n_visits: u32) -> World {
    let cookie = Cookie { node: 0, n_zones: 1, priority_from: 12, priority_to: 12 };
    let until = Until::Visits { n_visits, n_walks: Some(1) };
    let role = Role::Reclaimer { root: GroupId::ROOT, cookie: Some(cookie), until };
    world.threads.push(ThreadSpec { name: name.into(), role });
    world
}

/// Adds a thread that removes groups.
pub(crate) fn remover(mut world: World, name: &str, paths: &[&str]) -> World {
    let ops = paths.iter().map(|p| Op::Rmdir(world.group(p).expect("exists"))).collect();
    world.threads.push(ThreadSpec { name: name.into(), role: Role::Admin(ops) });
    world
}

/// A root with a group: walkers of both, and somebody who does something to groups.
pub(crate) fn small(untils: &[Until], ops: Vec<Op>, preemption: Preemption) -> World {
    let mut world = world(&["ct0"]);
    world.preemption = preemption;
    let cookie = Cookie { node: 0, n_zones: 1, priority_from: 0, priority_to: 0 };
    for (at, until) in untils.iter().enumerate() {
        let role = Role::Reclaimer { root: GroupId::ROOT, cookie: Some(cookie), until: *until };
        world.threads.push(ThreadSpec { name: format!("walker{at}"), role });
    }
    world.threads.push(ThreadSpec { name: "admin".into(), role: Role::Admin(ops) });
    world
}

/// The same with walks that keep their place to themselves.
pub(crate) fn private(mut world: World) -> World {
    for thread in &mut world.threads {
        if let Role::Reclaimer { cookie, .. } = &mut thread.role {
            *cookie = None;
        }
    }
    world
}

/// A check that has come to its end.
pub(crate) fn checked(
    program: &Arc<Program>,
    world: &World,
    options: Options,
    questions: Questions,
) -> Check {
    let world = Arc::new(world.clone());
    let mut check = Check::asking(Arc::clone(program), world, options, questions);
    while check.run(1000) == Progress::More {}
    check
}

pub(crate) fn lanes(specs: &[&str]) -> Vec<LaneSpec> {
    let lane = |spec: &&str| match spec.split_once(" on ") {
        Some((policy, core)) => LaneSpec { policy: policy.into(), core: Some(core.into()) },
        None => LaneSpec { policy: (*spec).into(), core: None },
    };
    specs.iter().map(lane).collect()
}

/// A schedule: one move a line, in the words of scenario files.
pub(crate) fn moves(text: &str) -> Vec<Move> {
    text.lines().map(str::trim).filter(|l| !l.is_empty()).map(one_move).collect()
}

fn one_move(line: &str) -> Move {
    let (line, lane) = match line.split_once(" in ") {
        Some((line, lane)) => (line, Some(lane.to_string())),
        None => (line, None),
    };
    let words: Vec<&str> = line.split(' ').collect();
    let thread = words[0].to_string();
    match words.as_slice() {
        [_] => Move::Call { thread },
        [_, "begin"] => Move::Begin { thread },
        [_, "to", label] => Move::To { thread, label: (*label).into(), lane },
        [_, stage, group] => Move::Work { stage: (*stage).into(), group: (*group).into() },
        _ => panic!("no move: {line}"),
    }
}

/// Plays a schedule and tells every move in one sentence, then the figures of every lane.
pub(crate) fn play(world: World, specs: &[&str], schedule: &str) -> String {
    let mut run = Run::new(world, &lanes(specs)).expect("lanes compile");
    let mut out = String::new();
    for mv in moves(schedule) {
        let report = run.apply(&mv);
        writeln!(out, "{}", memcg_core::words::sentence(&run, &report)).expect("a string");
    }
    for lane in 0..run.n_lanes() {
        let picture = run.picture(lane);
        let c = picture.counters;
        writeln!(
            out,
            "{}: rounds {} restarts {} visits {} wiped {}{}",
            run.lane(lane).spec(),
            c.n_rounds,
            c.n_restarts,
            c.n_visits,
            c.n_wiped,
            picture.fault.map_or(String::new(), |f| format!(" fault {}", f.name)),
        )
        .expect("a string");
    }
    out
}

/// A fixed sequence of numbers that look drawn.
pub(crate) struct Lots(pub(crate) u64);

impl Lots {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % n
    }
}

/// A move of one access by lot; `None` if no thread can step.
pub(crate) fn move_by_lot(run: &Run, lots: &mut Lots) -> Option<Move> {
    let threads = run.world().threads.iter().map(|t| t.name.clone());
    let names: Vec<String> = threads.chain([World::WORKER.into()]).collect();
    let picture = run.picture(0);
    let can = |at: usize| match picture.threads.get(at) {
        Some(thread) => matches!(thread.next, Next::Access { .. }),
        None => picture.work.iter().any(|w| w.running || w.waits_for.is_empty()),
    };
    let ready: Vec<usize> = (0..names.len()).filter(|at| can(*at)).collect();
    if ready.is_empty() || picture.fault.is_some() {
        return None;
    }
    let name = &names[ready[lots.below(ready.len())]];
    let mv = run.step_move(0, name, Grain::Access, false);
    Some(mv.unwrap_or(Move::Call { thread: name.clone() }))
}

/// Holds what was told to a snapshot.
#[expect(clippy::needless_pass_by_value, reason = "a snapshot is written in place")]
pub(crate) fn check(actual: String, expected: Expect) {
    expected.assert_eq(&actual);
}
