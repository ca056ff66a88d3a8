//! What is looked up is what is so, and what is left out is known, for every policy on every core.

use super::{Choice, Limits, Mark, Order, Progress, Search, Space, StateId, Watch};
use crate::hierarchy::{GroupId, Hierarchy};
use crate::machine::{FaultInfo, Machine, ThreadId};
use crate::picture::Returned;
use crate::program::Program;
use crate::registry::{compile_text, cores, policies};
use crate::world::{Cookie, Op, Preemption, Role, ThreadSpec, Until, World};
use alloc::{sync::Arc, vec, vec::Vec};
use std::collections::BTreeMap;

/// Looks at everything; a mark is the number of what each thread has returned last.
#[derive(Default)]
struct All {
    marks: BTreeMap<(Mark, ThreadId, Option<u32>), Mark>,
    keeps_marks: bool,
    n_faults: usize,
    rests: Vec<StateId>,
}

impl Watch for All {
    fn returned(&mut self, mark: Mark, thread: ThreadId, returned: Returned) -> Option<Mark> {
        if !self.keeps_marks {
            return Some(mark);
        }
        let group = match returned {
            Returned::Group(group) => Some(group.0),
            Returned::Nothing => None,
        };
        let next = Mark::try_from(self.marks.len() + 1).expect("few marks");
        Some(*self.marks.entry((mark, thread, group)).or_insert(next))
    }

    fn is_wanted(&mut self, _: Mark) -> bool {
        true
    }

    fn fault(&mut self, _: StateId, _: Choice, _: &FaultInfo) {
        self.n_faults += 1;
    }

    fn rest(&mut self, at: StateId, _: Mark, _: &Machine) {
        self.rests.push(at);
    }

    fn is_over(&self) -> bool {
        false
    }
}

/// Two walkers below a root with two children, the first of which has a child of its own; that child is removed, or its
/// parent's sibling is, or a group is made and removed while another is pinned.
fn worlds() -> Vec<World> {
    let mut tree = Hierarchy::new();
    let a = tree.add(GroupId::ROOT, "a").expect("a new name");
    let inner = tree.add(a, "inner").expect("a new name");
    let b = tree.add(GroupId::ROOT, "b").expect("a new name");
    let cookie = Cookie { node: 0, n_zones: 1, priority_from: 0, priority_to: 0 };
    let walker = |calls| Role::Reclaimer {
        root: GroupId::ROOT,
        cookie: Some(cookie),
        until: Until::Calls(calls),
    };
    let private = Role::Reclaimer { root: a, cookie: None, until: Until::Rounds(Some(1)) };
    let mut tree_with_made = tree.clone();
    let made = tree_with_made.add(GroupId::ROOT, "made").expect("a new name");
    let worlds = [
        (&tree, 4, vec![walker(2), walker(1), Role::Admin(vec![Op::Rmdir(inner)])]),
        (&tree, 4, vec![walker(2), private, Role::Admin(vec![Op::Rmdir(b)])]),
        (&tree_with_made, 4, vec![walker(2), Role::Admin(vec![Op::Mkdir(made), Op::Rmdir(made)])]),
        (
            &tree,
            4,
            vec![
                walker(2),
                Role::Admin(vec![Op::Pin(b), Op::Unpin(b)]),
                Role::Admin(vec![Op::Rmdir(b)]),
            ],
        ),
    ];
    let named = |(tree, n_initial, roles): (&Hierarchy, usize, Vec<Role>)| {
        let mut world = World::new(tree);
        world.n_initial = n_initial;
        world.threads = (0_u8..)
            .zip(roles)
            .map(|(at, role)| ThreadSpec { name: alloc::format!("t{at}"), role })
            .collect();
        world
    };
    worlds.into_iter().map(named).collect()
}

/// Every policy on every core that it compiles on, in every world under both models of preemption, with every access a
/// step and without.
fn every_space(mut then: impl FnMut(&str, &dyn Fn() -> Space)) {
    for (at, policy) in policies().iter().enumerate() {
        let all = core::iter::once(None).chain(cores().iter().map(|core| Some(core.name)));
        for core in all {
            let Ok(program) = compile_text(policy.text, core) else { continue };
            let program: Arc<Program> = Arc::new(program);
            for (number, mut world) in worlds().into_iter().enumerate() {
                // Each core meets each world, each policy both models; not everything meets everything.
                if (number + at) % 4 != 0 && core.is_some() {
                    continue;
                }
                world.preemption =
                    if number % 2 == 0 { Preemption::Full } else { Preemption::None };
                let world = Arc::new(world);
                for reduced in [true, false] {
                    let name = alloc::format!("{} {core:?} {number} {reduced}", policy.name);
                    then(&name, &|| Space::new(Arc::clone(&program), Arc::clone(&world), reduced));
                }
            }
        }
    }
}

const LIMITS: Limits = Limits { n_states_max: 4000, n_bytes_max: 1 << 28 };

fn searched(mut search: Search, keeps_marks: bool) -> (Search, All) {
    let mut watch = All { keeps_marks, ..All::default() };
    while search.run(100, &mut watch) == Progress::More {}
    (search, watch)
}

/// A step that is looked up by what a step like it has looked at comes to what the machine comes to in this very state.
#[test]
fn steps_looked_up_are_the_steps_that_are_made() {
    every_space(|name, space| {
        let (mut search, _) = searched(Search::new(space(), Order::BreadthFirst, LIMITS), false);
        let n_threads = search.space.n_threads();
        for state in 0..u32::try_from(search.n_states()).expect("few states") {
            let words = search.numbers(state);
            for thread in 0..n_threads {
                for item in 0..2 {
                    let (local, shared) = (words[2 + thread], words[1]);
                    let known = search.space.step(thread, local, shared, item);
                    let afresh = search.space.step_afresh(thread, local, shared, item);
                    assert_eq!(
                        known, afresh,
                        "{name}, state {state}, thread {thread}, item {item}"
                    );
                }
            }
        }
    });
}

/// Putting threads to sleep leaves out steps and nothing else: the same states with the same numbers, come to by the
/// same steps, the same faults and ends.
#[test]
fn sleep_leaves_every_state_as_it_is() {
    let mut n_asleep = 0;
    every_space(|name, space| {
        for keeps_marks in [false, true] {
            let search = Search::new(space(), Order::BreadthFirst, LIMITS);
            let (with, found) = searched(search, keeps_marks);
            let search = Search::new(space(), Order::BreadthFirst, LIMITS).sleepless();
            let (without, found_without) = searched(search, keeps_marks);
            let states = |search: &Search| -> Vec<Vec<u32>> {
                (0..).take(search.n_states()).map(|at| search.numbers(at)).collect()
            };
            assert_eq!(states(&with), states(&without), "{name}");
            let ways = |search: &Search| -> Vec<(StateId, u16)> {
                search.arrivals.iter().map(|arrival| (arrival.parent, arrival.by)).collect()
            };
            assert_eq!(ways(&with), ways(&without), "{name}");
            assert_eq!(found.rests, found_without.rests, "{name}");
            assert_eq!(found.n_faults, found_without.n_faults, "{name}");
            assert_eq!(with.n_steps(), without.n_steps(), "{name}");
            assert!(without.arrivals.iter().all(|arrival| arrival.asleep == 0));
            n_asleep += with.arrivals.iter().filter(|arrival| arrival.asleep != 0).count();
        }
    });
    assert!(n_asleep > 10_000, "{n_asleep}");
}
