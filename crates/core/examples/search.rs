//! States per second of the exhaustive search on one core: two reclaimers of three calls, a root with three children,
//! one removal, for every policy. Prints figures, judges nothing.

use memcg_core::hierarchy::{GroupId, Hierarchy};
use memcg_core::machine::{FaultInfo, Machine};
use memcg_core::picture::Returned;
use memcg_core::registry;
use memcg_core::search::{Choice, Limits, Mark, Order, Progress, Search, Space, StateId, Watch};
use memcg_core::world::{Cookie, Op, Role, ThreadSpec, Until, World};
use std::sync::Arc;
use std::time::Instant;

/// Counts faults and ends.
#[derive(Default)]
struct Count {
    n_faults: u64,
    n_rests: u64,
}

impl Watch for Count {
    fn returned(&mut self, mark: Mark, _: usize, _: Returned) -> Option<Mark> {
        Some(mark)
    }

    fn is_wanted(&mut self, _: Mark) -> bool {
        true
    }

    fn fault(&mut self, _: StateId, _: Choice, _: &FaultInfo) {
        self.n_faults += 1;
    }

    fn rest(&mut self, _: StateId, _: Mark, _: &Machine) {
        self.n_rests += 1;
    }

    fn is_over(&self) -> bool {
        false
    }
}

fn world() -> World {
    let mut tree = Hierarchy::new();
    for name in ["a", "b", "c"] {
        tree.add(GroupId::ROOT, name).expect("a new name");
    }
    let mut world = World::new(&tree);
    let cookie = Cookie { node: 0, n_zones: 1, priority_from: 0, priority_to: 0 };
    for name in ["walker0", "walker1"] {
        let role =
            Role::Reclaimer { root: GroupId::ROOT, cookie: Some(cookie), until: Until::Calls(3) };
        world.threads.push(ThreadSpec { name: name.into(), role });
    }
    let role = Role::Admin(vec![Op::Rmdir(GroupId(2))]);
    world.threads.push(ThreadSpec { name: "rmdir".into(), role });
    world
}

fn main() {
    let world = Arc::new(world());
    for reduced in [true, false] {
        println!("{}", if reduced { "reduced" } else { "every access a step" });
        let only = std::env::args().nth(1).unwrap_or_default();
        for policy in registry::policies().iter().filter(|p| p.name.contains(&only)) {
            let program = registry::compile_text(policy.text, None).expect("listings compile");
            let begun = Instant::now();
            let space = Space::new(Arc::new(program), Arc::clone(&world), reduced);
            let space =
                if std::env::args().any(|a| a == "sym") { space.with_symmetry() } else { space };
            let limits = Limits { n_states_max: 20_000_000, n_bytes_max: 2 << 30 };
            let mut search = Search::new(space, Order::BreadthFirst, limits);
            let mut watch = Count::default();
            let progress = loop {
                match search.run(100_000, &mut watch) {
                    Progress::More => {}
                    done => break done,
                }
            };
            let seconds = begun.elapsed().as_secs_f64();
            println!("{:?} steps {}", search.space().n_parts(), search.n_steps());
            #[expect(clippy::cast_precision_loss, reason = "a figure to be read")]
            let rate = search.n_states() as f64 / seconds / 1e6;
            println!(
                "  {:20} {progress:?}: {:9} states, {rate:5.2} M states/s, {} bytes a state, {} faults, {} ends",
                policy.name,
                search.n_states(),
                search.n_bytes_per_state(),
                watch.n_faults,
                watch.n_rests
            );
        }
    }
}
