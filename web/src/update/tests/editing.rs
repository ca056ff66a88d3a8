//! The tree, threads and lanes, and undo.

use super::{Page, SMALL};
use crate::keys::Command;
use crate::model::Lines;
use crate::msg::{EditMsg, LookMsg, Msg, Preset, TreeAct, TreeMsg};
use expect_test::expect;
use memcg_core::hierarchy::GroupId;

fn group(page: &Page, path: &str) -> GroupId {
    page.model.document.scenario().hierarchy.find(path).expect("the group is there")
}

fn act(page: &mut Page, path: &str, act: TreeAct) {
    let at = group(page, path);
    page.tell(Msg::Tree(TreeMsg::Went(at)));
    page.tell(Msg::Tree(TreeMsg::Did(act)));
}

fn name(page: &mut Page, text: &str) {
    page.tell(Msg::Tree(TreeMsg::Typed(text.into())));
    page.tell(Msg::Tree(TreeMsg::LeftEntry { take: true }));
}

#[test]
fn groups_are_typed_as_in_an_outliner() {
    let mut page = Page::showing(SMALL);
    act(&mut page, "machine/ct-4", TreeAct::NewSibling);
    name(&mut page, "ct-5");
    page.tell(Msg::Tree(TreeMsg::Did(TreeAct::EntryDeeper)));
    name(&mut page, "init");
    page.tell(Msg::Tree(TreeMsg::LeftEntry { take: false }));
    expect![[r"
        machine
        ct-1
        ct-2
        ct-3
        ct-4
        ct-5
        init"]]
    .assert_eq(&page.section("hierarchy"));
    assert!(group(&page, "machine/ct-5/init").0 > 0);
    page.key(Command::Undo);
    page.key(Command::Undo);
    assert_eq!(page.text(), SMALL);
    page.key(Command::Redo);
    assert!(page.section("hierarchy").ends_with("ct-5"));
}

#[test]
fn a_name_that_cannot_be_stays_with_what_is_wrong() {
    let mut page = Page::showing(SMALL);
    act(&mut page, "machine/ct-4", TreeAct::NewSibling);
    name(&mut page, "ct-1");
    assert_eq!(page.model.tree.error.as_deref(), Some("its parent already has a child \"ct-1\""));
    page.tell(Msg::Tree(TreeMsg::Typed("a/b".into())));
    assert_eq!(
        page.model.tree.error.as_deref(),
        Some("a name cannot hold \"/\", which separates levels")
    );
    let elsewhere = group(&page, "machine");
    page.tell(Msg::Tree(TreeMsg::Went(elsewhere)));
    assert_eq!(
        page.model.tree.entry.as_ref().map(|e| e.text.as_str()),
        Some("a/b"),
        "nothing typed is lost"
    );
    name(&mut page, "ct-5");
    assert!(page.section("hierarchy").ends_with("ct-5"));
}

#[test]
fn a_group_that_moves_takes_its_references_along() {
    let mut page = Page::showing(SMALL);
    let (from, to) = (group(&page, "machine/ct-4"), group(&page, "machine/ct-2"));
    page.tell(Msg::Tree(TreeMsg::DragBegan(from)));
    page.tell(Msg::Tree(TreeMsg::DraggedOver(Some(to))));
    page.tell(Msg::Tree(TreeMsg::Dropped));
    assert!(page.section("threads").ends_with("admin: rmdir machine/ct-2/ct-4"));
    let (machine, below) = (group(&page, "machine"), group(&page, "machine/ct-2/ct-4"));
    page.tell(Msg::Tree(TreeMsg::DragBegan(machine)));
    page.tell(Msg::Tree(TreeMsg::DraggedOver(Some(below))));
    page.tell(Msg::Tree(TreeMsg::Dropped));
    assert!(
        page.section("threads").ends_with("admin: rmdir machine/ct-2/ct-4"),
        "no group goes below itself"
    );
}

#[test]
fn siblings_change_places() {
    let mut page = Page::showing(SMALL);
    act(&mut page, "machine/ct-3", TreeAct::Older);
    assert_eq!(page.section("hierarchy"), "machine\nct-1\nct-3\nct-2\nct-4");
    act(&mut page, "machine/ct-3", TreeAct::Younger);
    act(&mut page, "machine/ct-3", TreeAct::Younger);
    assert_eq!(page.section("hierarchy"), "machine\nct-1\nct-2\nct-4\nct-3");
}

#[test]
fn what_goes_along_with_a_removed_group_is_said_and_comes_back() {
    let mut page = Page::showing(SMALL);
    act(&mut page, "machine/ct-4", TreeAct::Remove);
    assert_eq!(
        page.notices(),
        ["machine/ct-4 is removed. What referred to what is gone went along:"]
    );
    assert!(page.model.troubles[0].lines.iter().any(|line| line.contains("rmdir machine/ct-4")));
    page.key(Command::Undo);
    assert_eq!(page.text(), SMALL);
    assert_eq!(page.notices(), Vec::<String>::new());
}

#[test]
fn a_group_is_removed_at_this_moment_and_the_rest_follows() {
    let mut page = Page::showing(SMALL);
    page.key(Command::Forward(None));
    page.key(Command::Forward(None));
    let victim = group(&page, "machine/ct-3");
    page.tell(Msg::Tree(TreeMsg::RemovedNow(victim)));
    expect![[r"
        kswapd0: reclaim / node 0 zones 1 priority 12 rounds forever
        admin: rmdir machine/ct-4
        admin2: rmdir machine/ct-3"]]
    .assert_eq(&page.section("threads"));
    expect![[r"
        kswapd0 x2
        admin2 x2
        kworker release machine/ct-3
        kworker free machine/ct-3
        kswapd0 x2"]]
    .assert_eq(&page.section("schedule"));
    assert_eq!(page.place(), (6, 8));
    let names: Vec<String> = page.model.branches().all.into_iter().map(|b| b.name).collect();
    assert_eq!(names, ["main", "fork 1"]);
    page.key(Command::Undo);
    assert_eq!((page.text().as_str(), page.place()), (SMALL, (2, 4)));
}

#[test]
fn rmdir_begins_with_the_children() {
    let mut page = Page::showing(SMALL);
    let machine = group(&page, "machine");
    page.tell(Msg::Tree(TreeMsg::RemovedNow(machine)));
    let threads = page.model.document.scenario().threads.clone();
    let line = threads.last().map(crate::update::line_of).unwrap_or_default();
    let rest = "rmdir machine/ct-3; rmdir machine/ct-2; rmdir machine/ct-1; rmdir machine";
    assert_eq!(line, format!("admin2: rmdir machine/ct-4; {rest}"));
    let picture = page.model.playback().expect("it runs").shown.pictures[1].clone();
    let n_alive =
        picture.groups.iter().filter(|g| g.life == memcg_core::picture::Life::Alive).count();
    assert_eq!(n_alive, 1, "the root");
}

#[test]
fn threads_are_lines_of_the_scenario() {
    let mut page = Page::showing(SMALL);
    page.tell(Msg::Edit(EditMsg::AddedThread(Preset::Private)));
    page.tell(Msg::Edit(EditMsg::TypedLine("stat: reclaim machin private".into())));
    page.tell(Msg::Edit(EditMsg::LeftLine { take: true }));
    let errors = page.model.line.as_ref().map(|entry| entry.errors.clone()).unwrap_or_default();
    assert_eq!(errors, ["there is no cgroup \"machin\"; did you mean \"machine\"?"]);
    page.tell(Msg::Edit(EditMsg::TypedLine("walker: reclaim machine private rounds 2".into())));
    page.tell(Msg::Edit(EditMsg::LeftLine { take: true }));
    assert!(
        page.section("threads").ends_with("walker: reclaim machine private rounds 2"),
        "{}",
        page.section("threads")
    );
    page.tell(Msg::Edit(EditMsg::RemovedLine(Lines::Threads, 0)));
    assert_eq!(page.section("schedule"), "");
    assert_eq!(page.notices().len(), 1);
}

#[test]
fn lanes_come_and_go() {
    let mut page = Page::showing(SMALL);
    page.tell(Msg::Look(LookMsg::Did("add vz7-seed-commit".into())));
    page.tell(Msg::Edit(EditMsg::ChangedCore(2, Some("bias".into()))));
    page.tell(Msg::Edit(EditMsg::MovedLane(2, -2)));
    page.tell(Msg::Edit(EditMsg::RemovedLane(1)));
    assert_eq!(page.section("compare"), "vz7-seed-commit on bias\nvz7-nullify");
    assert_eq!(page.model.playback().map(|p| p.places.len()), Some(2));
    page.tell(Msg::Edit(EditMsg::RemovedLane(0)));
    page.tell(Msg::Edit(EditMsg::RemovedLane(0)));
    assert!(page.model.playback().is_none(), "nothing is left to run");
    page.key(Command::Undo);
    assert!(page.model.playback().is_some());
    assert_eq!(page.section("schedule"), "kswapd0 x4", "moves wait while nothing runs");
}

#[test]
fn a_large_tree_is_set_up_a_frame_later_and_loses_nothing() {
    let groups: String = (0..5_000).fold(String::new(), |all, n| all + &format!("    g{n}\n"));
    let text = SMALL.replace("    ct-3\n", &format!("    ct-3\n{groups}"));
    let mut page = Page::showing(&text);
    page.key(Command::Forward(None));
    act(&mut page, "machine/g77", TreeAct::Rename);
    name(&mut page, "renamed");
    assert_eq!(page.place(), (1, 4));
    let victim = group(&page, "machine/g4999");
    page.tell(Msg::Tree(TreeMsg::RemovedNow(victim)));
    assert_eq!(page.place(), (5, 8));
    page.key(Command::Undo);
    page.key(Command::Undo);
    assert_eq!((page.text(), page.place()), (text, (1, 4)));
}

#[test]
fn what_is_watched_is_a_line_and_goes_along_with_names_links_and_undo() {
    let mut page = Page::showing(SMALL);
    let ct_2 = group(&page, "machine/ct-2");
    page.tell(Msg::Tree(TreeMsg::Went(ct_2)));
    page.tell(Msg::Edit(EditMsg::AddedWatch));
    assert_eq!(page.section("watch"), "refs of machine/ct-2");
    page.tell(Msg::Edit(EditMsg::TypedLine("vists of machine/ct-2 <= 1".into())));
    page.tell(Msg::Edit(EditMsg::LeftLine { take: true }));
    let errors = page.model.line.as_ref().map(|entry| entry.errors.clone()).unwrap_or_default();
    assert!(errors.len() == 1 && errors[0].contains("did you mean \"visits\""), "{errors:?}");
    page.tell(Msg::Edit(EditMsg::TypedLine("visits of machine/ct-2 <= 1 and wiped = 0".into())));
    page.tell(Msg::Edit(EditMsg::LeftLine { take: true }));
    assert_eq!(page.model.line, None);
    act(&mut page, "machine/ct-2", TreeAct::Rename);
    name(&mut page, "other");
    assert_eq!(page.section("watch"), "visits of machine/other <= 1 and wiped = 0");
    let link = crate::update::link(&page.model).expect("it is small");
    let mut there = Page::new(
        crate::model::Mode::Playground,
        crate::msg::Opened { fragment: link, ..Default::default() },
    );
    there.key(Command::ToEnd);
    let playback = there.model.playback().expect("it runs");
    assert_eq!(playback.watches.len(), 1);
    page.tell(Msg::Edit(EditMsg::RemovedLine(Lines::Watches, 0)));
    assert_eq!(
        (page.section("watch").as_str(), page.model.playback().map(|p| p.watches.len())),
        ("", Some(0))
    );
    page.key(Command::Undo);
    assert_eq!(page.model.playback().map(|p| p.watches.len()), Some(1));
    act(&mut page, "machine/other", TreeAct::Remove);
    assert_eq!(page.section("watch"), "", "what is about a group that is gone goes along");
    for _ in 0..40 {
        page.tell(Msg::Edit(EditMsg::AddedWatch));
    }
    assert_eq!(page.section("watch").lines().count(), 16);
}
