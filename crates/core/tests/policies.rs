//! Policies that no run of real code judges: small schedules that show what each header says.

mod common;

use common::{check, kswapd, lanes, limit, moves, play, remover, world};
use expect_test::expect;
use memcg_core::run::Run;
use memcg_core::world::Role;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

/// A dead group is kept until the next reclaim of the same root, which goes back to the first child.
#[test]
fn pinned_child_is_dropped_by_the_next_reclaim() {
    let world = limit(limit(world(&["a", "b", "c"]), "l1", 3), "l2", 2);
    let world = remover(world, "admin", &["b"]);
    let schedule = "
        l1
        l1
        l1
        l1
        admin
        admin
        kworker release b
        l2
        l2
        kworker release b
        kworker free b";
    check(
        play(world, &["v2.6.29-pinned-child"], schedule),
        expect![[r#"
        l1 visits /.
        l1 visits a.
        l1 visits b.
        l1 has enough and leaves its walk.
        admin kills b: tryget fails on it from now on.
        b goes offline, and is unlinked.
        kworker cannot go: b still has references, 1: 1 in flight, pinned or held by a slot.
        l2 is back at /: restart.
        l2 visits a.
        nobody holds b any more: its memory waits for readers.
        kworker frees b.
        v2.6.29-pinned-child: rounds 0 restarts 1 visits 5 wiped 0
    "#]],
    );
}

/// One pointer a root: whoever reclaims goes on behind the last child that anybody scanned.
#[test]
fn pinned_child_is_shared_by_all() {
    let mut world = limit(limit(world(&["a", "b", "c"]), "l1", 2), "l2", 2);
    let Role::Reclaimer { cookie: Some(cookie), .. } = &mut world.threads[1].role else {
        panic!("a reclaimer");
    };
    (cookie.node, cookie.priority_from, cookie.priority_to) = (1, 3, 3);
    let schedule = "
        l1
        l1
        l2
        l2";
    let specs = ["v2.6.29-pinned-child", "v2.6.32-css-id-victim", "v3.3-css-id"];
    check(
        play(world, &specs, schedule),
        expect![[r#"
        l1 visits /.
        l1 visits a.
        v2.6.29-pinned-child: l2 is back at /: restart; v2.6.32-css-id-victim: l2 visits b; v3.3-css-id: l2 visits /.
        v2.6.29-pinned-child: l2 visits b; v2.6.32-css-id-victim: l2 visits c; v3.3-css-id: l2 visits a.
        v2.6.29-pinned-child: rounds 0 restarts 1 visits 4 wiped 0
        v2.6.32-css-id-victim: rounds 0 restarts 0 visits 4 wiped 0
        v3.3-css-id: rounds 0 restarts 0 visits 4 wiped 0
    "#]],
    );
}

/// Ids are given in the order of creation, and a dead one is passed over.
#[test]
fn css_ids_come_in_the_order_of_creation() {
    let world = kswapd(world(&["a", "b", "a/x", "b/y"]), "kswapd0");
    let world = remover(world, "admin", &["a/x"]);
    let schedule = "
        kswapd0
        kswapd0
        kswapd0
        admin
        admin
        kswapd0
        kswapd0";
    check(
        play(world, &["v2.6.32-css-id-victim"], schedule),
        expect![[r#"
        kswapd0 visits /.
        kswapd0 visits a.
        kswapd0 visits b.
        admin kills a/x: tryget fails on it from now on.
        a/x goes offline, and is unlinked.
        kswapd0 visits b/y.
        kswapd0 finishes its round.
        v2.6.32-css-id-victim: rounds 1 restarts 0 visits 4 wiped 0
    "#]],
    );
}

/// The removed group goes only when a walk comes by its slot.
#[test]
fn a_pinned_group_waits_for_a_walk() {
    let world = kswapd(limit(world(&["a", "b"]), "l1", 2), "kswapd0");
    let world = remover(world, "admin", &["a"]);
    let schedule = "
        l1
        l1
        l1
        admin
        admin
        kworker release a
        kswapd0
        kworker release a
        kworker free a";
    let specs = ["v3.10rc-pinned", "tejun-2013-xchg"];
    check(
        play(world, &specs, schedule),
        expect![[r#"
        l1 visits /.
        l1 visits a.
        l1 has enough and leaves its walk.
        admin kills a: tryget fails on it from now on.
        a goes offline, and is unlinked.
        kworker cannot go: a still has references, 1: 1 in flight, pinned or held by a slot.
        kswapd0 visits b.
        nobody holds a any more: its memory waits for readers.
        kworker frees a.
        v3.10rc-pinned: rounds 0 restarts 0 visits 3 wiped 0
        tejun-2013-xchg: rounds 0 restarts 0 visits 3 wiped 0
    "#]],
    );
}

/// The slot goes back to where the sibling before ends, and the walk goes on as if nothing were.
#[test]
fn a_removal_moves_the_slot_to_the_predecessor() {
    let world = kswapd(limit(world(&["a", "a/x", "b", "c"]), "l1", 4), "kswapd0");
    let world = remover(world, "admin", &["b", "a/x", "a"]);
    let schedule = "
        l1
        l1
        l1
        l1
        l1
        admin
        admin to repoint.cmpxchg-last_visited
        admin
        kworker release b
        kworker free b
        admin
        admin to repoint.cmpxchg-last_visited
        admin
        admin
        admin to repoint.cmpxchg-last_visited
        admin
        kworker release a/x
        kworker free a/x
        kworker release a
        kworker free a
        kswapd0
        kswapd0";
    check(
        play(world, &["hocko-2013-repoint"], schedule),
        expect![[r#"
        l1 visits /.
        l1 visits a.
        l1 visits a/x.
        l1 visits b.
        l1 has enough and leaves its walk.
        admin kills b: tryget fails on it from now on.
        admin: cmpxchg(node0/zone0/prio12->last_visited, b, a/x) gives b.
        b goes offline, and is unlinked.
        nobody holds b any more: its memory waits for readers.
        kworker frees b.
        admin kills a/x: tryget fails on it from now on.
        admin: cmpxchg(node0/zone0/prio12->last_visited, a/x, a) gives a/x.
        a/x goes offline, and is unlinked.
        admin kills a: tryget fails on it from now on.
        admin: cmpxchg(node0/zone0/prio12->last_visited, a, /) gives a.
        a goes offline, and is unlinked.
        nobody holds a/x any more: its memory waits for readers.
        kworker frees a/x.
        nobody holds a any more: its memory waits for readers.
        kworker frees a.
        kswapd0 visits c.
        kswapd0 finishes its round.
        hocko-2013-repoint: rounds 1 restarts 0 visits 5 wiped 0
    "#]],
    );
}

/// A removal elsewhere restarts nothing, and from a dead position the walk goes on by serial number.
#[test]
fn xchg_goes_on_from_a_dead_group() {
    let world = kswapd(world(&["a", "b", "c"]), "kswapd0");
    let world = remover(world, "admin", &["a", "b"]);
    let schedule = "
        kswapd0
        kswapd0
        admin
        admin
        admin
        admin
        kworker release b
        kworker free b
        kswapd0
        kswapd0";
    check(
        play(world, &["tejun-2013-xchg"], schedule),
        expect![[r#"
        kswapd0 visits /.
        kswapd0 visits a.
        admin kills a: tryget fails on it from now on.
        a goes offline, and is unlinked.
        admin kills b: tryget fails on it from now on.
        b goes offline, and is unlinked.
        nobody holds b any more: its memory waits for readers.
        kworker frees b.
        kswapd0 visits c.
        kswapd0 finishes its round.
        tejun-2013-xchg: rounds 1 restarts 0 visits 3 wiped 0
    "#]],
    );
}

/// The css walker of 3.13 takes a reference on the root with every visit, and nobody puts it.
#[test]
fn the_root_is_leaked_by_3_13() {
    for (policy, n_leaked) in [("v3.13-dead-count", 3), ("v3.16-dead-count", 0)] {
        let mut run = Run::new(kswapd(world(&["a"]), "k"), &lanes(&[policy])).expect("compiles");
        let n_before = run.picture(0).groups[0].n_refs;
        // Three rounds of two groups and none.
        for mv in moves(&"k\n".repeat(9)) {
            run.apply(&mv);
        }
        assert_eq!(run.picture(0).counters.n_rounds, 3);
        assert_eq!(run.picture(0).groups[0].n_refs - n_before, n_leaked, "{policy}");
    }
}
