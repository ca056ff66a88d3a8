//! Traces made by the machine itself, with calls interleaved at every access: what happened there can be explained.

use crate::make;
use memcg_core::hierarchy::GroupId;
use memcg_core::machine::{Can, Machine};
use memcg_core::picture::Returned;
use memcg_core::program::Program;
use memcg_core::registry;
use memcg_core::schedule::LaneSpec;
use memcg_core::world::{Bounds, GroupSpec, Preemption, Role, ThreadSpec, World};
use memcg_ftrace::replay::{Mode, Outcome, Replay};
use std::fmt::Write as _;
use std::sync::Arc;

const N_CALLERS: usize = 3;
const N_GROUPS: u32 = 7;

/// Numbers that look like chance and are the same everywhere.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("fits") % n
    }
}

fn program() -> Arc<Program> {
    let lane = LaneSpec { policy: "v6.12-unpinned".into(), core: None };
    Arc::new(registry::compile_lane(&lane).expect("compiles"))
}

const fn address(group: u32) -> u32 {
    0x1000 + group * 0x100
}

/// Several callers walk below one root; one after the other, by chance, gets up to so many steps.
fn recorded(seed: u64, n_calls: usize, n_steps: usize) -> String {
    let parent = |g: u32| match g {
        0 => None,
        1 => Some(GroupId::ROOT),
        2 | 3 => Some(GroupId(1)),
        _ => Some(GroupId(2)),
    };
    let spec = |g: u32| GroupSpec { path: format!("g{g}"), parent: parent(g) };
    let thread = |_| ThreadSpec { name: String::new(), role: Role::Admin(Vec::new()) };
    let world = World {
        groups: (0..=N_GROUPS).map(spec).collect(),
        n_initial: N_GROUPS as usize + 1,
        threads: (0..N_CALLERS).map(thread).collect(),
        preemption: Preemption::None,
        use_hierarchy: true,
        bounds: Bounds::default(),
    };
    let root = GroupId(1);
    let mut lines = Vec::new();
    for g in 1..=N_GROUPS {
        let mut path = format!("g{g}");
        let mut above = parent(g);
        while let Some(up) = above.filter(|up| up.0 > 0) {
            path = format!("g{}/{path}", up.0);
            above = parent(up.0);
        }
        lines.extend(make(&path, address(g)));
    }
    let mut machine = Machine::with_slots(program(), Arc::new(world), &[root]);
    let mut chance = Chance(seed);
    let mut busy = [false; N_CALLERS];
    let mut held = [None; N_CALLERS];
    let mut cookies = vec![vec![0]; N_CALLERS];
    let mut n_done = 0;
    while n_done < n_calls || busy.contains(&true) {
        let at = chance.below(N_CALLERS);
        let word = |g: Option<GroupId>| g.map_or(0, |g| address(g.0));
        if !busy[at] {
            if n_done >= n_calls {
                continue;
            }
            if held[at].is_some() && chance.below(10) == 0 {
                machine.begin_leave(at, root, held[at]);
                while machine.can_step(at) == Can::Step {
                    machine.step(at, &mut ());
                }
                let (r, p) = (address(1), word(held[at].take()));
                lines.push(format!("c{at}-{} brk: (f+0x4/0x70) root=0x{r:x} prev=0x{p:x}", at + 1));
                continue;
            }
            if held[at].is_none() {
                cookies[at].fill(0);
            }
            machine.begin_next(at, root, held[at], Some(&cookies[at]));
            busy[at] = true;
            let (r, p) = (address(1), word(held[at]));
            lines.push(format!(
                "c{at}-{} iter_in: (f+0x4/0x2) root=0x{r:x} prev=0x{p:x} reclaim=0x77{at}",
                at + 1
            ));
            continue;
        }
        // A few accesses at a time: switches in the middle of calls are rare in a kernel, too.
        for _ in 0..=chance.below(n_steps) {
            let stepped = machine.step(at, &mut ());
            if stepped.ended.is_none() {
                continue;
            }
            held[at] = match stepped.returned {
                Some(Returned::Group(group)) => Some(group),
                _ => None,
            };
            cookies[at] = machine.cookie(at).to_vec();
            busy[at] = false;
            n_done += 1;
            let value = word(held[at]);
            let who = format!("c{at}-{}", at + 1);
            lines.push(format!(
                "{who} iter_out: (shrink_node+0x1/0x2 <- mem_cgroup_iter) ret=0x{value:x}"
            ));
            break;
        }
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    crate::text(&lines)
}

/// Nearly every call overlaps others here and is interrupted, far more than in a kernel: a few then need three things in
/// another order, which is not looked for.
#[test]
fn interleaved_calls_are_explained() {
    let mut told = String::new();
    for (seed, n_steps) in (1..=3).flat_map(|s| [(s, 30), (s, 12), (s, 5)]) {
        let trace = memcg_ftrace::read(recorded(seed, 300, n_steps).as_bytes());
        let overlapping = trace.facts.n_overlapping;
        let mut replay = Replay::new(Arc::new(trace), program(), Mode::Judge);
        replay.run();
        let counts = replay.counts();
        let (n_same, n) = (counts.of(Outcome::Same), counts.n_compared());
        let _ = writeln!(
            told,
            "{n_same} of {n}, {overlapping} overlap, {} resolved",
            counts.n_resolved
        );
    }
    expect_test::expect![[r#"
        301 of 301, 278 overlap, 6 resolved
        302 of 302, 297 overlap, 19 resolved
        302 of 302, 302 overlap, 20 resolved
        302 of 302, 283 overlap, 6 resolved
        301 of 301, 296 overlap, 14 resolved
        299 of 302, 301 overlap, 17 resolved
        301 of 301, 290 overlap, 6 resolved
        300 of 300, 292 overlap, 21 resolved
        301 of 301, 301 overlap, 18 resolved
    "#]]
    .assert_eq(&told);
}
