//! Time travel: branches, and where lanes part.

mod common;

use common::{kswapd, lanes, limit, moves, remover, world};
use memcg_core::player::{Player, Taken};
use memcg_core::run::Run;
use memcg_core::world::World;
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn player(world: World, specs: &[&str], schedule: &str) -> Player {
    Player::new(Run::new(world, &lanes(specs)).expect("lanes compile"), moves(schedule))
}

const SCHEDULE: &str = "kswapd0\nkswapd0\nkswapd0\nadmin\nadmin\nkswapd0";

fn story() -> Player {
    let world = remover(kswapd(world(&["a", "b", "c"]), "kswapd0"), "admin", &["c"]);
    player(world, &["rhel7-dead-count", "vz7-nullify"], SCHEDULE)
}

#[test]
fn going_back_and_forth_gives_the_same_pictures() {
    let mut there = story();
    let mut pictures = Vec::new();
    for at in 0..=6 {
        there.go_to(at);
        pictures.push(there.run().picture(0));
    }
    for at in [3, 0, 6, 1, 5, 2, 4] {
        there.go_to(at);
        assert_eq!((there.cursor(), there.run().picture(0)), (at, pictures[at].clone()));
    }
}

#[test]
fn choosing_otherwise_forks_and_loses_nothing() {
    let mut there = story();
    there.go_to(2);
    assert_eq!(there.take(moves("kswapd0").remove(0)), Taken::Followed);
    assert_eq!(there.take(moves("kswapd0").remove(0)), Taken::Forked(1));
    assert_eq!((there.cursor(), there.len()), (4, 4));
    there.switch(0);
    assert_eq!((there.cursor(), there.len()), (3, 6));
    there.go_to(6);
    assert_eq!(there.branches().len(), 2);
    assert_eq!(there.branches()[1].fork_at, 3);
}

#[test]
fn lanes_part_where_what_is_returned_differs() {
    let mut there = story();
    there.go_to(6);
    assert_eq!(there.divergence().map(|d| d.at), Some(5));
}

/// A lane that was brought along has returned the same, only earlier: that is no difference yet.
#[test]
fn being_ahead_is_not_parting() {
    let world = remover(limit(world(&["a", "b"]), "r", 2), "admin", &["a"]);
    let schedule =
        "r\nr to next_live.tryget\nadmin\nadmin\nr\nr\nkworker release a\nkworker free a";
    let mut there = player(world, &["vz7-nullify", "vz7-nullify on bias"], schedule);
    there.go_to(8);
    assert_eq!(there.divergence(), None);
}
