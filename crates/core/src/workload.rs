//! A fixed amount of work for benches. Whoever measures brings the clock.

use crate::hierarchy::{GroupId, Hierarchy};
use crate::machine::{Can, Machine};
use crate::program::Program;
use crate::world::{Cookie, Role, ThreadSpec, Until, World};
use alloc::{format, sync::Arc};

/// Two reclaimers that share a slot over this many groups, whole rounds for ever.
pub fn world(n_groups: u32) -> World {
    let mut tree = Hierarchy::new();
    let mut parent = GroupId::ROOT;
    for at in 0..n_groups {
        // Every tenth group is a parent of the nine that follow.
        let above = if at % 10 == 0 { GroupId::ROOT } else { parent };
        if let Ok(id) = tree.add(above, &format!("ct-{at}"))
            && at % 10 == 0
        {
            parent = id;
        }
    }
    let mut world = World::new(&tree);
    let cookie = Cookie { node: 0, n_zones: 1, priority_from: 12, priority_to: 12 };
    for name in ["kswapd0", "kswapd1"] {
        let until = Until::Rounds(None);
        let role = Role::Reclaimer { root: GroupId::ROOT, cookie: Some(cookie), until };
        world.threads.push(ThreadSpec { name: name.into(), role });
    }
    world
}

/// Makes `n_steps` micro-steps, the two reclaimers in turn; gives how many were made and a digest of the end.
pub fn run(program: Arc<Program>, n_groups: u32, n_steps: u64) -> (u64, u64) {
    let mut machine = Machine::new(program, Arc::new(world(n_groups)));
    let mut n_done = 0;
    let mut digest = 0_u64;
    while n_done < n_steps && machine.fault().is_none() {
        for thread in [0, 1] {
            if machine.can_step(thread) != Can::Step {
                return (n_done, digest);
            }
            machine.step(thread, &mut ());
            digest = digest.rotate_left(5) ^ u64::from(machine.pc(thread));
            n_done += 1;
        }
    }
    (n_done, digest)
}
