//! Steps, seeking, playing, branches.

use super::{Page, SMALL};
use crate::keys::Command;
use crate::model::{Grain, Mode};
use crate::msg::{LookMsg, Msg, Opened, TimeMsg};
use expect_test::expect;

#[test]
fn a_step_follows_what_is_recorded() {
    let mut page = Page::showing(SMALL);
    assert_eq!(page.place(), (0, 4));
    page.key(Command::Forward(None));
    assert_eq!((page.place(), page.sentence().as_str()), ((1, 4), "kswapd0 visits /."));
    page.key(Command::ToEnd);
    assert_eq!((page.place(), page.sentence().as_str()), ((4, 4), "kswapd0 visits machine/ct-2."));
    page.key(Command::Back(None));
    page.key(Command::Back(None));
    assert_eq!((page.place(), page.sentence().as_str()), ((2, 4), "kswapd0 visits machine."));
}

#[test]
fn at_the_end_a_step_goes_on() {
    let mut page = Page::showing(SMALL);
    page.key(Command::ToEnd);
    page.key(Command::Forward(None));
    assert_eq!((page.place(), page.sentence().as_str()), ((5, 5), "kswapd0 visits machine/ct-3."));
}

#[test]
fn another_choice_forks_and_loses_nothing() {
    let mut page = Page::showing(SMALL);
    page.key(Command::Forward(None));
    page.key(Command::Choose(1));
    assert_eq!(page.place(), (2, 2));
    let branches = page.model.branches();
    let names: Vec<(&str, usize)> =
        branches.all.iter().map(|b| (b.name.as_str(), b.moves.len())).collect();
    assert_eq!(names, [("main", 4), ("fork 1", 2)]);
    page.tell(Msg::Time(TimeMsg::ChoseBranch(0)));
    page.key(Command::ToEnd);
    assert_eq!(page.place(), (4, 4));
}

#[test]
fn finer_steps_go_into_the_recorded_call_and_the_rest_stays() {
    let mut page = Page::showing(SMALL);
    page.key(Command::Forward(None));
    page.tell(Msg::Time(TimeMsg::ChoseGrain(Grain::Access)));
    page.key(Command::Forward(None));
    page.key(Command::Forward(None));
    assert_eq!(page.place(), (3, 6), "two accesses were put before the rest of the call");
    page.key(Command::Forward(Some(Grain::Call)));
    assert_eq!(page.sentence(), "kswapd0 visits machine.");
    page.key(Command::Back(Some(Grain::Call)));
    assert_eq!((page.place(), page.sentence().as_str()), ((1, 6), "kswapd0 visits /."));
    assert_eq!(page.model.branches().all.len(), 2, "the recorded schedule is still there");
}

#[test]
fn access_by_access_comes_to_the_end_of_a_call_and_into_the_next() {
    let mut page = Page::showing(SMALL);
    page.tell(Msg::Time(TimeMsg::ChoseGrain(Grain::Access)));
    let mut n_visits = Vec::new();
    for _ in 0..60 {
        page.key(Command::Forward(None));
        let playback = page.model.playback().expect("it runs");
        n_visits.push(playback.shown.pictures[0].counters.n_visits);
    }
    assert!(n_visits.last() > Some(&2), "{n_visits:?}");
    assert!(n_visits.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{n_visits:?}");
}

#[test]
fn the_story_plays_until_somebody_does_something() {
    let mut page = Page::new(Mode::Playground, Opened::default());
    let start = page.place().0;
    page.wait();
    page.wait();
    assert_eq!(page.place().0, start + 2);
    page.tell(Msg::Look(LookMsg::Scrolled(10, 500)));
    page.wait();
    assert_eq!(page.place().0, start + 3, "scrolling is no answer");
    page.key(Command::TogglePlay);
    page.wait();
    page.wait();
    assert_eq!(page.place().0, start + 3, "the key that takes over stops it");
    page.key(Command::TogglePlay);
    page.wait();
    assert_eq!(page.place().0, start + 4);
}

#[test]
fn nothing_moves_by_itself_for_those_who_want_no_motion() {
    let mut page =
        Page::new(Mode::Playground, Opened { reduced_motion: true, ..Opened::default() });
    page.wait();
    assert_eq!(page.place().0, 0);
}

#[test]
fn beyond_the_end_threads_go_in_turn_when_asked_again() {
    let mut page = Page::showing(SMALL);
    page.key(Command::TogglePlay);
    for _ in 0..8 {
        page.wait();
    }
    assert_eq!(page.place(), (4, 4), "it stops at the end");
    page.key(Command::TogglePlay);
    for _ in 0..3 {
        page.wait();
    }
    expect![[r"
        kswapd0 x4
        admin
        kswapd0
        admin"]]
    .assert_eq(&page.section("schedule"));
}

#[test]
fn two_plays_in_a_row_do_not_beat_twice() {
    let mut page = Page::showing(SMALL);
    page.key(Command::TogglePlay);
    page.key(Command::TogglePlay);
    page.key(Command::TogglePlay);
    page.wait();
    assert_eq!(page.place().0, 1);
}
