//! Checks: begun, told, stopped, kept, and what they find played in the lanes.

use super::{Page, fragment};
use crate::check::Kind;
use crate::keys::Command;
use crate::model::{DialogKind, Mode};
use crate::msg::{Alarm, EditMsg, Effect, Heard, KeepMsg, LookMsg, Msg, Opened, Slot};
use crate::sheet::Deed;
use crate::work::{Answer, Question, Task};
use memcg_scenario::gallery_item;

fn did(page: &mut Page, deed: &Deed) {
    page.tell(Msg::Look(LookMsg::Did(deed.written())));
}

/// A page that shows a scenario with a policy that has a bug and the one that cured it.
fn torn_pair() -> Page {
    let text = gallery_item("torn-pair").expect("in the gallery").text;
    let mut scenario = memcg_scenario::parse(text).scenario;
    scenario.expectations.clear();
    let lane = |name: &str| memcg_core::schedule::LaneSpec { policy: name.into(), core: None };
    scenario.lanes = vec![lane("rhel7-dead-count"), lane("v4.4-weak")];
    let mut page = Page::showing(&memcg_scenario::print(&scenario));
    page.key(Command::Check);
    page
}

fn kinds(page: &Page) -> Vec<Kind> {
    page.model.check.records.iter().map(|record| record.kind).collect()
}

fn kept(page: &mut Page) -> Option<String> {
    page.asked().into_iter().rev().find_map(|effect| match effect {
        Effect::Store(Slot::Check, text) => text,
        _ => None,
    })
}

fn asked_of_checkers(page: &mut Page) -> Vec<(usize, Question)> {
    let asked = page.asked().into_iter().filter_map(|effect| match effect {
        Effect::AskChecker(at, question) => Some((at, question)),
        _ => None,
    });
    asked.collect()
}

#[test]
fn the_sheet_is_there_before_anything_is_checked() {
    let page = torn_pair();
    assert_eq!(page.model.dialog, Some(DialogKind::Check));
    assert!(page.model.check.form.html.contains("data-set=\"leak\""));
    assert_eq!(page.model.check.rows.html.matches("Not checked yet.").count(), 2);
}

#[test]
fn a_bug_is_found_and_its_schedule_becomes_a_branch_that_undo_takes_back() {
    let mut page = torn_pair();
    did(&mut page, &Deed::Check);
    assert_eq!(kinds(&page), [Kind::Broken, Kind::Holds]);
    let rows = page.model.check.rows.html.clone();
    assert!(rows.contains("broken: UAF css_tryget"), "{rows}");
    assert!(rows.contains("holds for this tree"), "{rows}");
    let before = (page.text(), page.model.branches().all.len());

    let link = page.model.check.records[0].link.clone();
    did(&mut page, &Deed::Load(link.clone()));
    assert_eq!(page.model.dialog, None);
    page.model.playback_mut().expect("it runs").go_all_the_way();
    let pictures = &page.model.playback().expect("it runs").shown.pictures;
    assert!(pictures[0].fault.is_some(), "the lane shows it");
    assert!(pictures[1].fault.is_none(), "the cure does not");
    assert_eq!(page.model.branches().all.len(), before.1 + 1);
    let subjects = &page.model.check.subjects;
    assert_eq!(subjects[0], page.model.check.records[0].subject, "the verdict is still of this");

    // A second time it is the branch that is there.
    did(&mut page, &Deed::Load(link));
    assert_eq!(page.model.branches().all.len(), before.1 + 1);
    page.key(Command::Undo);
    page.key(Command::Undo);
    assert_eq!(page.text(), before.0);
}

#[test]
fn a_changed_scenario_makes_verdicts_out_of_date_and_undo_makes_them_true_again() {
    let mut page = torn_pair();
    did(&mut page, &Deed::Check);
    let fresh = |page: &Page| page.model.check.subjects[0] == page.model.check.records[0].subject;
    assert!(fresh(&page));
    page.tell(Msg::Edit(EditMsg::TypedTitle("another title".into())));
    assert!(fresh(&page), "a title changes nothing");
    page.tell(Msg::Edit(EditMsg::ChosePreemption(true)));
    assert!(!fresh(&page));
    page.key(Command::Check);
    assert!(page.model.check.rows.html.contains("Out of date"));
    page.key(Command::Undo);
    assert!(fresh(&page));
    // The link of what was found opens as a scenario of its own when the lanes' is another.
    page.tell(Msg::Edit(EditMsg::ChosePreemption(true)));
    let link = page.model.check.records[0].link.clone();
    did(&mut page, &Deed::Load(link));
    assert!(
        page.model.document.scenario().title.contains("touches freed memory"),
        "{}",
        page.text()
    );
    page.key(Command::Undo);
    assert!(page.text().contains("preemption: full"));
}

#[test]
fn stop_is_answered_by_the_worker_or_else_the_worker_is_ended() {
    let mut page = torn_pair();
    page.checkers_answer = false;
    did(&mut page, &Deed::Check);
    let asked = asked_of_checkers(&mut page);
    assert_eq!(asked.len(), 1, "one worker by default");
    let (id, task) = (asked[0].1.id, Task::CheckProgress);
    let question = Question { task, id, text: String::new() };
    page.tell(Msg::Heard(Heard::Worker(Answer::words(&question, "12 states".into()))));
    assert_eq!(page.model.check.running[0].words, "12 states");
    did(&mut page, &Deed::CheckStop);
    let stops = asked_of_checkers(&mut page);
    assert_eq!(
        stops.iter().map(|(_, q)| (q.task, q.id)).collect::<Vec<_>>(),
        [(Task::CheckStop, id)]
    );
    assert_eq!(page.model.check.running.len(), 1, "it has a moment");
    page.tell(Msg::Rang(Alarm::Unstopped(id), 0.0));
    assert!(page.model.check.running.is_empty());
    assert!(page.asked().contains(&Effect::EndCheckers));
    assert_eq!(kinds(&page), [Kind::Open, Kind::Open]);
    assert_eq!(page.model.check.records[0].lines, ["12 states"]);
    // What a later check does is nothing to that alarm.
    did(&mut page, &Deed::Check);
    page.tell(Msg::Rang(Alarm::Unstopped(id), 0.0));
    assert_eq!(page.model.check.running.len(), 1);
}

#[test]
fn several_workers_check_side_by_side_on_request() {
    let mut page = torn_pair();
    page.checkers_answer = false;
    did(&mut page, &Deed::Set("parallel=1".into()));
    did(&mut page, &Deed::Check);
    let asked = asked_of_checkers(&mut page);
    assert_eq!(asked.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 1]);
    // They share the memory.
    assert!(asked.iter().all(|(_, q)| crate::check::Asked::read(&q.text).n_workers == 2));
    page.tell(Msg::Heard(Heard::CheckerFailed("its worker has ended".into())));
    assert_eq!(kinds(&page), [Kind::Cut, Kind::Cut]);
    assert!(page.asked().contains(&Effect::EndCheckers));
}

#[test]
fn options_and_verdicts_are_there_when_the_page_is_opened_again() {
    let mut page = torn_pair();
    did(&mut page, &Deed::Set("rounds=2".into()));
    did(&mut page, &Deed::Set("rounds=1".into()));
    did(&mut page, &Deed::Check);
    let text = kept(&mut page).expect("it is kept");
    let fragment = super::super::link(&page.model).expect("a link");
    let opened = Opened { fragment, check: Some(text), ..Opened::default() };
    let mut again = Page::new(Mode::Playground, opened);
    assert_eq!(again.model.check.options, "rounds=1");
    assert_eq!(again.model.check.records, page.model.check.records);
    assert_eq!(again.model.check.subjects, page.model.check.subjects);
    again.key(Command::Check);
    assert!(again.model.check.rows.html.contains("broken: UAF css_tryget"));
}

#[test]
fn a_check_that_was_cut_by_closing_the_page_is_said() {
    let mut page = torn_pair();
    page.checkers_answer = false;
    did(&mut page, &Deed::Check);
    let text = kept(&mut page).expect("it is kept while it runs");
    let fragment = super::super::link(&page.model).expect("a link");
    let opened = Opened { fragment, check: Some(text), ..Opened::default() };
    let mut again = Page::new(Mode::Playground, opened);
    assert_eq!(kinds(&again), [Kind::Cut, Kind::Cut]);
    again.key(Command::Check);
    assert!(again.model.check.rows.html.contains("the page was closed before the check was over"));
}

#[test]
fn what_is_kept_and_makes_no_sense_is_left_alone() {
    for text in ["", "\n\n", "nonsense", "rounds=x\n\nholds\n\n\n1\n2\n3"] {
        let fragment = fragment(super::SMALL);
        let opened = Opened { fragment, check: Some(text.into()), ..Opened::default() };
        let mut page = Page::new(Mode::Playground, opened);
        page.key(Command::Check);
        assert_eq!(page.model.check.rows.html.matches("Not checked yet.").count(), 2, "{text:?}");
    }
}

#[test]
fn what_was_found_is_copied_as_a_link_or_a_diagram() {
    let mut page = torn_pair();
    page.model.around.address = "http://here/".into();
    did(&mut page, &Deed::Copy("#1:x".into()));
    did(&mut page, &Deed::Copy("two\nlines".into()));
    let copied: Vec<String> = page
        .asked()
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Copy(_, text) => Some(text),
            _ => None,
        })
        .collect();
    assert_eq!(copied, ["http://here/#1:x", "two\nlines"]);
    page.tell(Msg::Keep(KeepMsg::Copy(crate::msg::CopyOf::Found)));
    assert_eq!(page.model.check.refused.as_deref(), Some("two\nlines"));
}

#[test]
fn a_run_that_passes_can_be_looked_at() {
    let mut page = torn_pair();
    did(&mut page, &Deed::Passing(1));
    let html = page.model.check.passing.html.clone();
    let link = html.split("data-do=\"load ").nth(3).and_then(|rest| rest.split('"').next());
    did(&mut page, &Deed::Load(link.expect("a run").to_owned()));
    page.model.playback_mut().expect("it runs").go_all_the_way();
    let pictures = &page.model.playback().expect("it runs").shown.pictures;
    assert!(pictures[1].fault.is_none());
    assert!(page.place().1 > 0 && page.place().0 == page.place().1, "at its end");
}
