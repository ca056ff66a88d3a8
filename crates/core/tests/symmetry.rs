//! Threads that do the same are interchangeable: not an outcome is lost by that, no verdict changed, and schedules name
//! the threads that make them.

mod common;

use common::small;
use memcg_core::check::{Check, EqualThreads, Manner, Options, Properties, Property, Verdict, Why};
use memcg_core::hierarchy::GroupId;
use memcg_core::machine::{FaultInfo, Machine};
use memcg_core::picture::Returned;
use memcg_core::program::Program;
use memcg_core::registry::{compile_text, policies, policy};
use memcg_core::run::Run;
use memcg_core::schedule::{LaneSpec, Move};
use memcg_core::search::{Choice, Limits, Mark, Order, Progress, Search, Space, StateId, Watch};
use memcg_core::world::{Op, Preemption, Until, World};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

const LIMITS: Limits = Limits { n_states_max: 2_000_000, n_bytes_max: 1 << 30 };

/// What is found, whoever it is that finds it: a mark is what has been returned so far, by one thread or the other.
struct Outcomes {
    names: Machine,
    histories: Vec<Vec<u32>>,
    marks: BTreeMap<Vec<u32>, Mark>,
    found: BTreeSet<String>,
    faults: Vec<(StateId, Choice, String)>,
}

impl Watch for Outcomes {
    fn returned(&mut self, mark: Mark, _: usize, returned: Returned) -> Option<Mark> {
        let mut history = self.histories[mark as usize].clone();
        history.push(match returned {
            Returned::Group(group) => group.0 + 1,
            Returned::Nothing => 0,
        });
        history.sort_unstable();
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
        let name = self.names.fault_name(fault);
        if self.found.insert(name.clone()) {
            self.faults.push((from, choice, name));
        }
    }

    fn rest(&mut self, _: StateId, mark: Mark, machine: &Machine) {
        let n_groups = u32::try_from(machine.world().groups.len()).expect("few groups");
        let kept: Vec<_> = (0..n_groups).map(|g| machine.n_refs(GroupId(g))).collect();
        let pins: Vec<_> = machine.pins().into_iter().map(|pin| pin.group).collect();
        let history = &self.histories[mark as usize];
        self.found.insert(format!("{history:?} leaves {kept:?} and {pins:?}"));
    }

    fn is_over(&self) -> bool {
        false
    }
}

fn search(space: Space) -> (Search, Outcomes) {
    let mut watch = Outcomes {
        names: space.start(),
        histories: vec![Vec::new()],
        marks: BTreeMap::from([(Vec::new(), 0)]),
        found: BTreeSet::new(),
        faults: Vec::new(),
    };
    let mut search = Search::new(space, Order::BreadthFirst, LIMITS);
    while search.run(1000, &mut watch) == Progress::More {}
    assert_eq!(search.run(1, &mut watch), Progress::Complete);
    (search, watch)
}

/// Walkers at the root of a group, with somebody between them who removes it.
fn world(untils: &[Until], preemption: Preemption) -> World {
    let mut world = small(untils, vec![Op::Rmdir(GroupId(1))], preemption);
    let admin = world.threads.pop().expect("somebody who removes");
    world.threads.insert(1, admin);
    world
}

fn program(name: &str, core: Option<&str>) -> Arc<Program> {
    let entry = policy(name).expect("a policy of the tree");
    Arc::new(compile_text(entry.text, core).expect("compiles"))
}

/// Drives lanes by the first schedule to each fault: they come to the same.
fn replay(lane: &LaneSpec, world: &World, search: &Search, watch: &Outcomes) {
    for (from, choice, fault) in &watch.faults {
        let path = search.path_with(*from, Some(*choice));
        let mut run = Run::new(world.clone(), std::slice::from_ref(lane)).expect("compiles");
        let mut moves = search.space().moves(&path);
        if fault == "HANG" {
            moves.push(Move::Call {
                thread: world.threads[path[path.len() - 1].thread].name.clone(),
            });
        }
        for mv in &moves {
            drop(run.apply(mv));
        }
        let machine = run.lanes()[0].machine();
        let met = machine.fault().map(|f| machine.fault_name(f));
        assert_eq!(met.as_deref(), Some(&**fault), "{lane}: {path:?}");
    }
}

#[test]
fn symmetry_loses_no_outcome() {
    let mut n_faults = 0;
    let mut compare = |lane: &LaneSpec, untils: &[Until], preemption, reduced| {
        let world = world(untils, preemption);
        let program = program(&lane.policy, lane.core.as_deref());
        let space = || Space::new(Arc::clone(&program), Arc::new(world.clone()), reduced);
        let (full, wanted) = search(space());
        let (folded, found) = search(space().with_symmetry());
        assert!(folded.space().is_symmetric());
        assert_eq!(found.found, wanted.found, "{lane} {untils:?} {preemption:?}");
        let n_turns: usize = (1..=untils.len()).product();
        assert!(folded.n_states() < full.n_states(), "{lane}");
        assert!(folded.n_states() * n_turns >= full.n_states(), "{lane}");
        replay(lane, &world, &folded, &found);
        n_faults += found.faults.len();
    };
    for entry in policies() {
        let lane = |core: Option<&str>| LaneSpec {
            policy: entry.name.into(),
            core: core.map(String::from),
        };
        compare(&lane(None), &[Until::Calls(2); 2], Preemption::None, true);
        compare(&lane(Some("bias")), &[Until::Calls(1); 2], Preemption::None, false);
        compare(&lane(None), &[Until::Calls(1); 3], Preemption::Full, true);
    }
    assert!(n_faults > 10, "{n_faults} faults");
}

fn check(program: &Arc<Program>, world: &World, only: Property, symmetric: bool) -> Verdict {
    let options = Options {
        properties: Properties::only(only),
        limits: LIMITS,
        reduced: true,
        symmetric,
        manner: Manner::Every,
    };
    let mut check = Check::new(Arc::clone(program), Arc::new(world.clone()), options);
    while check.run(1000) == Progress::More {}
    check.verdict().expect("it is over").clone()
}

/// What a verdict says apart from how far the search had to go: the property, steps and switches.
fn says(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Holds(_) => "holds".into(),
        Verdict::Broken(b) => {
            format!("{} {} {} {}", b.property.name(), b.n_steps, b.n_switches, b.is_fewest)
        }
        Verdict::Bounded { .. } => panic!("{verdict:?}"),
    }
}

/// Property by property, for every policy: the same verdict, as short a schedule, as few switches.
#[test]
fn symmetry_changes_no_verdict() {
    let mut n_broken = 0;
    for entry in policies() {
        for (core, n_calls) in [(None, 2), (Some("bias"), 1)] {
            let world = world(&[Until::Calls(n_calls); 2], Preemption::None);
            let program = program(entry.name, core);
            for property in Property::ALL {
                let folded = check(&program, &world, property, true);
                let full = check(&program, &world, property, false);
                assert_eq!(says(&folded), says(&full), "{} {core:?} {property:?}", entry.name);
                n_broken += u32::from(matches!(full, Verdict::Broken(_)));
            }
        }
    }
    assert!(n_broken > 5, "{n_broken} verdicts that something is broken");
}

/// A thread that waits for its like: whether the wait is fair cannot be said where both are one. They are told apart
/// then, and the verdict says so.
#[test]
fn fairness_tells_equal_threads_apart() {
    let text = policy("vz7-nullify").expect("a policy").text;
    let begin = "memcg *found = NULL;\n";
    let end = "\tif (prev && prev != root)\n\t\tput(prev);\n\treturn found;";
    assert!(text.contains(begin) && text.contains(end));
    let locked = |unlock: &str| {
        let text = text
            .replace("cookie {", "global int taken;\n\ncookie {")
            .replace(begin, &format!("{begin}\twhile (cmpxchg(taken, 0, 1))\n\t\tbarrier();\n"))
            .replace(end, &format!("{unlock}{end}"));
        Arc::new(compile_text(&text, None).expect("compiles"))
    };
    let world = world(&[Until::Calls(1); 2], Preemption::Full);
    for (unlock, wanted) in [("\ttaken = 0;\n", "holds"), ("", "call-returns")] {
        let program = locked(unlock);
        let verdict = check(&program, &world, Property::CallReturns, true);
        let extent = match &verdict {
            Verdict::Holds(extent) => *extent,
            Verdict::Broken(broken) => broken.extent,
            Verdict::Bounded { .. } => panic!("{verdict:?}"),
        };
        assert!(says(&verdict).starts_with(wanted), "{verdict:?}");
        let alone = check(&program, &world, Property::CallReturns, false);
        assert_eq!(says(&verdict), says(&alone));
        if wanted == "holds" {
            assert_eq!(extent.equal_threads, EqualThreads::Apart(Why::Fairness));
        }
    }
    let verdict = check(&program("vz7-nullify", None), &world, Property::CallReturns, true);
    let Verdict::Holds(extent) = verdict else { panic!("{verdict:?}") };
    assert_eq!(extent.equal_threads, EqualThreads::Merged);
}
