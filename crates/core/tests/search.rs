//! The search finds all there is, with and without its reduction, and what it finds can be replayed.

use memcg_core::hierarchy::{GroupId, Hierarchy};
use memcg_core::machine::{FaultInfo, Machine};
use memcg_core::picture::Returned;
use memcg_core::program::Program;
use memcg_core::registry::{compile_text, policies, policy};
use memcg_core::run::Run;
use memcg_core::schedule::LaneSpec;
use memcg_core::search::{
    Choice, Limits, Mark, Order, Progress, Search, Space, StateId, Wander, Watch,
};
use memcg_core::world::{Cookie, Op, Preemption, Role, ThreadSpec, Until, World};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a run comes to: what each thread's calls returned and which groups were never freed, or a kind of fault.
type Outcome = String;

/// Takes note of every outcome; a mark is what has been returned so far.
struct Outcomes {
    names: Machine,
    histories: Vec<Vec<(usize, u32)>>,
    marks: BTreeMap<Vec<(usize, u32)>, Mark>,
    found: BTreeSet<Outcome>,
    first_fault: Option<(StateId, Choice)>,
}

impl Outcomes {
    fn new(space: &Space) -> Self {
        let marks = BTreeMap::from([(Vec::new(), 0)]);
        let found = BTreeSet::new();
        let names = space.start();
        Self { names, histories: vec![Vec::new()], marks, found, first_fault: None }
    }
}

impl Watch for Outcomes {
    fn returned(&mut self, mark: Mark, thread: usize, returned: Returned) -> Option<Mark> {
        let mut history = self.histories[mark as usize].clone();
        history.push((
            thread,
            match returned {
                Returned::Group(group) => group.0 + 1,
                Returned::Nothing => 0,
            },
        ));
        // In which order threads returned does not belong to an outcome.
        history.sort_by_key(|(thread, _)| *thread);
        let next = Mark::try_from(self.histories.len()).expect("few histories");
        let mark = *self.marks.entry(history.clone()).or_insert(next);
        if mark == next {
            self.histories.push(history);
        }
        Some(mark)
    }

    fn is_wanted(&mut self, _: Mark) -> bool {
        true
    }

    fn fault(&mut self, from: StateId, choice: Choice, fault: &FaultInfo) {
        self.found.insert(self.names.fault_name(fault));
        self.first_fault.get_or_insert((from, choice));
    }

    fn rest(&mut self, _: StateId, mark: Mark, machine: &Machine) {
        let n_groups = u32::try_from(machine.world().groups.len()).expect("few groups");
        let kept = (0..n_groups).filter(|g| !machine.is_freed(GroupId(*g)));
        let kept: Vec<u32> = kept.collect();
        self.found.insert(format!("{:?} keeps {kept:?}", self.histories[mark as usize]));
    }

    fn is_over(&self) -> bool {
        false
    }
}

/// Walkers of so many calls at the root of `n_groups` groups side by side; the first is removed.
fn world(n_groups: u32, calls: &[u32], preemption: Preemption) -> Arc<World> {
    let mut tree = Hierarchy::new();
    for at in 0..n_groups {
        tree.add(GroupId::ROOT, &format!("ct{at}")).expect("a new name");
    }
    let mut world = World::new(&tree);
    world.preemption = preemption;
    let cookie = Cookie { node: 0, n_zones: 1, priority_from: 0, priority_to: 0 };
    for (at, calls) in calls.iter().enumerate() {
        let until = Until::Calls(*calls);
        let role = Role::Reclaimer { root: GroupId::ROOT, cookie: Some(cookie), until };
        world.threads.push(ThreadSpec { name: format!("walker{at}"), role });
    }
    let role = Role::Admin(vec![Op::Rmdir(GroupId(1))]);
    world.threads.push(ThreadSpec { name: "rmdir".into(), role });
    Arc::new(world)
}

fn program(name: &str, core: Option<&str>) -> Arc<Program> {
    let entry = policy(name).expect("a policy of the tree");
    Arc::new(compile_text(entry.text, core).expect("compiles"))
}

const LIMITS: Limits = Limits { n_states_max: 3_000_000, n_bytes_max: 1 << 30 };

fn outcomes(space: Space, order: Order) -> (Search, Outcomes) {
    let mut watch = Outcomes::new(&space);
    let mut search = Search::new(space, order, LIMITS);
    while search.run(1000, &mut watch) == Progress::More {}
    assert_eq!(search.run(1, &mut watch), Progress::Complete);
    (search, watch)
}

/// What commutes takes no step of its own, and not an outcome is lost by that, faults and leaks included; nor does the
/// order matter in which states are looked at.
#[test]
fn the_reduction_loses_no_outcome() {
    for entry in policies() {
        for preemption in [Preemption::None, Preemption::Full] {
            let world = world(1, &[2, 1], preemption);
            let space =
                |reduced| Space::new(program(entry.name, None), Arc::clone(&world), reduced);
            let (full, wanted) = outcomes(space(false), Order::BreadthFirst);
            for order in [Order::BreadthFirst, Order::FewestPreemptions, Order::DepthFirst] {
                let (search, found) = outcomes(space(true), order);
                if !search.space().is_reduction_void() {
                    assert_eq!(found.found, wanted.found, "{} {order:?}", entry.name);
                }
                assert!(search.n_states() < full.n_states(), "{}", entry.name);
            }
        }
    }
}

/// Without its second read lock the position is stored behind the wiping. Lanes that are driven by the schedule which
/// was found come to the same fault.
#[test]
fn a_counter_example_replays_in_a_lane() {
    let spec = LaneSpec { policy: "vz7-nullify".into(), core: Some("bias".into()) };
    let world = world(2, &[3, 4], Preemption::None);
    let space = Space::new(program(&spec.policy, spec.core.as_deref()), Arc::clone(&world), true);
    let mut watch = Outcomes::new(&space);
    let mut search = Search::new(space, Order::BreadthFirst, LIMITS);
    while watch.first_fault.is_none() && search.run(1000, &mut watch) == Progress::More {}
    let (from, last) = watch.first_fault.expect("a use after free");
    let mut path = search.path(from);
    path.push(last);
    let mut run = Run::new(World::clone(&world), &[spec]).expect("compiles");
    for mv in search.space().moves(&path) {
        run.apply(&mv);
    }
    let machine = run.lanes()[0].machine();
    let fault = machine.fault().expect("the lane comes to the fault");
    assert!(watch.found.contains(&machine.fault_name(fault)), "{:?}", watch.found);
}

/// Exact numbers: a changed count is a changed model, or a changed reduction.
#[test]
fn the_number_of_states_is_known() {
    let count = |name, reduced| {
        let world = world(2, &[2, 2], Preemption::None);
        let (search, found) =
            outcomes(Space::new(program(name, None), world, reduced), Order::BreadthFirst);
        assert!(search.n_bytes_per_state() <= 64, "{} bytes", search.n_bytes_per_state());
        (search.n_states(), found.found.len())
    };
    let counts = [count("vz7-nullify", true), count("v6.12-unpinned", true)];
    expect_test::expect!["[(17901, 36), (9278, 15)]"].assert_eq(&format!("{counts:?}"));
}

/// A search that is cut says so, and never that it is complete.
#[test]
fn a_bound_is_not_a_proof() {
    let world = world(2, &[2, 2], Preemption::None);
    let space = Space::new(program("vz7-nullify", None), world, true);
    let mut watch = Outcomes::new(&space);
    let limits = Limits { n_states_max: 500, ..LIMITS };
    let mut search = Search::new(space, Order::DepthFirst, limits);
    while search.run(10, &mut watch) == Progress::More {}
    assert_eq!(search.run(10, &mut watch), Progress::Full);
    assert!(search.n_waiting() > 0);
}

/// Walks drawn by lot find nothing that the search does not, and much of what it does.
#[test]
fn drawn_walks_stay_inside_the_space() {
    let world = world(1, &[2, 2], Preemption::None);
    let space = Space::new(program("vz7-nullify", None), world, true);
    let (_, all) = outcomes(space.clone(), Order::BreadthFirst);
    let mut watch = Outcomes::new(&space);
    let mut wander = Wander::new(space, 1, 1 << 30);
    assert_eq!(wander.run(200_000, &mut watch), Progress::More);
    assert!(watch.found.is_subset(&all.found));
    assert!(watch.found.len() * 10 > all.found.len() * 9, "{} walks", wander.n_walks());
}
