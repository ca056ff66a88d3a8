//! Without `use_hierarchy`: the global root's slots are a case of their own.

mod common;

use common::{check, kswapd, limit, moves, play, remover, world};
use expect_test::expect;
use memcg_core::hierarchy::GroupId;
use memcg_core::machine::{Machine, ThreadId};
use memcg_core::registry;
use memcg_core::schedule::Move;
use memcg_core::world::{Role, Until, World};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// A late walker ends a round that another has just begun; that one stops and leaves the slot at `a`,
/// which nobody holds: no walk is broken off.
const LATE_WALKER: &str = "
    r1
    r2
    r1
    r2 to load_position.tryget
    r1
    r1
    r1
    r2
    r1
    admin
    admin
    kworker release a
    kworker free a
    r1";

fn two_walkers(use_hierarchy: bool) -> World {
    let mut world = remover(kswapd(kswapd(world(&["a", "b"]), "r1"), "r2"), "admin", &["a"]);
    world.use_hierarchy = use_hierarchy;
    world
}

/// Without `use_hierarchy` a group has no parent to forget it, but the global root's slots hold it.
#[test]
fn global_root_slots_without_use_hierarchy() {
    check(
        play(two_walkers(false), &["v4.4-weak", "v5.3-weak"], LATE_WALKER),
        expect![[r#"
        r1 visits /.
        r2 visits a.
        r1 visits b.
        r2: tryget(b) gives true.
        r1 finishes its round.
        r1 visits /.
        r1 visits a.
        r2 finishes its round.
        r1 is too late for its round and gets none.
        admin kills a: tryget fails on it from now on.
        a goes offline.
        v4.4-weak: nobody holds a any more: its memory waits for readers; v5.3-weak: nobody holds a any more: it wipes node0/prio12, and its memory waits for readers.
        kworker frees a.
        v4.4-weak: fault, r1 touches freed memory: tryget(a), but a is freed; v5.3-weak: r1 visits /.
        v4.4-weak: rounds 2 restarts 0 visits 5 wiped 0 fault UAF css_tryget
        v5.3-weak: rounds 2 restarts 0 visits 6 wiped 1
    "#]],
    );
}

/// With it, the global root is an ancestor like others, and 4.4 forgets as well.
#[test]
fn global_root_slots_with_use_hierarchy() {
    check(
        play(two_walkers(true), &["v4.4-weak", "v5.3-weak"], LATE_WALKER),
        expect![[r#"
        r1 visits /.
        r2 visits a.
        r1 visits b.
        r2: tryget(b) gives true.
        r1 finishes its round.
        r1 visits /.
        r1 visits a.
        r2 finishes its round.
        r1 is too late for its round and gets none.
        admin kills a: tryget fails on it from now on.
        a goes offline.
        nobody holds a any more: it wipes node0/prio12, and its memory waits for readers.
        kworker frees a.
        r1 visits /.
        v4.4-weak: rounds 2 restarts 0 visits 6 wiped 1
        v5.3-weak: rounds 2 restarts 0 visits 6 wiped 1
    "#]],
    );
}

/// Steps until the call is over or the access with this label is made.
fn step_on(machine: &mut Machine, thread: ThreadId, label: Option<&str>) {
    while machine.fault().is_none() {
        let is_last = label == Some(machine.program().label(machine.pc(thread)));
        if machine.step(thread, &mut ()).ended.is_some() || is_last {
            return;
        }
    }
}

/// What fault an edited listing comes to on a schedule.
fn fault_of(text: &str, world: World, schedule: &str) -> Option<String> {
    let program = registry::compile_text(text, None).expect("compiles");
    let mut machine = Machine::new(program.into(), world.into());
    for mv in moves(schedule) {
        let thread = machine.world().thread(mv.thread()).unwrap_or(machine.worker());
        match mv {
            Move::Call { .. } | Move::Begin { .. } => step_on(&mut machine, thread, None),
            Move::To { label, .. } => step_on(&mut machine, thread, Some(&label)),
            Move::Work { stage, group } => {
                let stage = machine.program().stage(&stage).expect("a stage");
                let group = machine.world().group(&group).expect("exists");
                let item = machine.work().position(|(s, g, _)| (s, g) == (stage, group));
                assert!(machine.take_work(item.expect("queued")));
                step_on(&mut machine, thread, None);
            }
        }
    }
    machine.fault().map(|fault| machine.fault_name(fault))
}

/// The first of the two repairs clears the dying group's own slots, which nobody can reach any more:
/// the fault is still there. The second clears the global root's, and it is gone.
#[test]
fn own_slots_are_not_enough() {
    let whole = registry::policy("v5.3-weak").expect("exists").text;
    let second = "\t\tforget(global_root(), dead);\n";
    assert!(whole.contains(second) && whole.contains("\tforget(dead, dead);\n"));
    let fault = |text: &str| fault_of(text, two_walkers(false), LATE_WALKER);
    assert_eq!(fault(&whole.replace(second, "")), Some("UAF css_tryget".into()));
    assert_eq!(fault(&whole.replace("\tforget(dead, dead);\n", "")), None);
    assert_eq!(fault(whole), None);
}

/// The same end by a walk that breaks off, for the policy whose walkers take other steps.
#[test]
fn global_root_slots_after_a_break() {
    let mut world = kswapd(limit(world(&["a", "b"]), "l1", 2), "kswapd0");
    world = remover(world, "admin", &["a"]);
    world.use_hierarchy = false;
    let schedule = "
        l1
        l1
        l1
        admin
        admin
        kworker release a
        kworker free a
        kswapd0";
    let specs = ["v4.4-weak", "v5.3-weak", "v6.12-unpinned", "kinsey-v3-restart"];
    check(
        play(world, &specs, schedule),
        expect![[r#"
        l1 visits /.
        l1 visits a.
        l1 has enough and leaves its walk.
        admin kills a: tryget fails on it from now on.
        a goes offline.
        v4.4-weak: nobody holds a any more: its memory waits for readers; v5.3-weak: nobody holds a any more: it wipes node0/prio12, and its memory waits for readers; v6.12-unpinned and kinsey-v3-restart: nobody holds a any more: it wipes node0, and its memory waits for readers.
        kworker frees a.
        v4.4-weak: fault, kswapd0 touches freed memory: tryget(a), but a is freed; v5.3-weak, v6.12-unpinned and kinsey-v3-restart: kswapd0 is back at /: restart.
        v4.4-weak: rounds 0 restarts 0 visits 2 wiped 0 fault UAF css_tryget
        v5.3-weak: rounds 0 restarts 1 visits 3 wiped 1
        v6.12-unpinned: rounds 0 restarts 1 visits 3 wiped 1
        kinsey-v3-restart: rounds 0 restarts 1 visits 3 wiped 1
    "#]],
    );
}

/// Below any other group a walk without `use_hierarchy` is that group alone; 6.12 does not know it any more.
#[test]
fn a_walk_below_a_group_without_use_hierarchy() {
    let mut world = kswapd(world(&["a", "a/x"]), "r");
    world.use_hierarchy = false;
    let a = world.group("a").expect("exists");
    let Role::Reclaimer { root, until, .. } = &mut world.threads[0].role else {
        panic!("a reclaimer");
    };
    (*root, *until) = (a, Until::Rounds(Some(1)));
    assert_ne!(a, GroupId::ROOT);
    let mut out = String::new();
    for policy in registry::policies() {
        let told = play(world.clone(), &[policy.name], "r\nr\nr");
        out += told.lines().last().expect("figures");
        out.push('\n');
    }
    check(
        out,
        expect![[r#"
            hocko-2013-repoint: rounds 1 restarts 0 visits 1 wiped 0
            kinsey-v3-restart: rounds 1 restarts 0 visits 2 wiped 0
            rhel7-dead-count: rounds 1 restarts 0 visits 1 wiped 0
            tejun-2013-xchg: rounds 1 restarts 0 visits 1 wiped 0
            v2.6.29-pinned-child: rounds 1 restarts 0 visits 1 wiped 0
            v2.6.32-css-id-victim: rounds 1 restarts 0 visits 1 wiped 0
            v3.10-dead-count: rounds 1 restarts 0 visits 1 wiped 0
            v3.10rc-pinned: rounds 1 restarts 0 visits 1 wiped 0
            v3.13-dead-count: rounds 1 restarts 0 visits 1 wiped 0
            v3.16-dead-count: rounds 1 restarts 0 visits 1 wiped 0
            v3.19-pinned: rounds 1 restarts 0 visits 1 wiped 0
            v3.3-css-id: rounds 1 restarts 0 visits 1 wiped 0
            v4.4-weak: rounds 1 restarts 0 visits 1 wiped 0
            v5.3-weak: rounds 1 restarts 0 visits 1 wiped 0
            v6.12-unpinned: rounds 1 restarts 0 visits 2 wiped 0
            vz7-nullify: rounds 1 restarts 0 visits 1 wiped 0
            vz7-seed-commit: rounds 1 restarts 0 visits 1 wiped 0
        "#]],
    );
}
