//! The text tab and imports.

use super::{Page, SMALL};
use crate::keys::Command;
use crate::model::import::Import;
use crate::model::text::Verdict;
use crate::msg::{Brought, EditMsg, Heard, ImportMsg, Msg, TextMsg};
use memcg_scenario::Severity;

fn type_text(page: &mut Page, text: &str) {
    page.tell(Msg::Text(TextMsg::Typed(text.into())));
    page.wait();
}

#[test]
fn a_text_is_taken_over_when_it_has_no_mistakes() {
    let mut page = Page::showing(SMALL);
    let longer = SMALL.replace("    ct-4\n", "    ct-4\n    ct-5 # a comment\n");
    type_text(&mut page, &longer);
    assert!(page.section("hierarchy").ends_with("ct-5"));
    let typed = page.model.text.typed.as_ref().expect("what was typed stays as it was typed");
    assert_eq!(typed.text, longer);
    page.key(Command::Undo);
    assert_eq!(page.text(), SMALL);
    assert_eq!(page.model.text.typed, None, "the text follows the picture");
}

#[test]
fn a_text_with_mistakes_is_kept_and_harms_nothing() {
    let mut page = Page::showing(SMALL);
    page.key(Command::Forward(None));
    let wrong = SMALL.replace("rmdir machine/ct-4", "rmdirr machine/ct-4");
    type_text(&mut page, &wrong);
    let typed = page.model.text.typed.clone().expect("it is kept");
    assert_eq!(typed.verdict, Verdict::Wrong);
    let error = typed.diagnostics.iter().find(|d| d.severity == Severity::Error);
    let at = error.and_then(|d| d.at).expect("a text has places");
    assert_eq!((at.line, at.column), (13, 10));
    assert_eq!((page.text().as_str(), page.place()), (SMALL, (1, 4)), "the picture stays");
    page.tell(Msg::Edit(EditMsg::TypedTitle("Another".into())));
    assert_eq!(
        page.model.text.unsaved(),
        Some(wrong.as_str()),
        "other edits leave the draft alone"
    );
    page.tell(Msg::Text(TextMsg::Dropped));
    assert_eq!(page.model.text.typed, None);
}

#[test]
fn letters_in_a_row_are_one_edit() {
    let mut page = Page::showing(SMALL);
    type_text(&mut page, &SMALL.replace("Small", "Smal"));
    type_text(&mut page, &SMALL.replace("Small", "Sma"));
    page.key(Command::Undo);
    assert_eq!(page.text(), SMALL);
}

#[test]
fn an_unknown_policy_is_said_and_the_others_run() {
    let mut page = Page::showing(SMALL);
    type_text(&mut page, &SMALL.replace("vz7-nullify\n", "vz7-nulify\n"));
    assert_eq!(page.model.playback().map(|p| p.places.clone()), Some(vec![0]));
    let lines: Vec<String> = page.model.troubles.iter().flat_map(|t| t.lines.clone()).collect();
    assert_eq!(lines, ["there is no policy \"vz7-nulify\"; did you mean \"vz7-nullify\"?"]);
}

fn find_listing(n: usize) -> String {
    let lines: Vec<String> =
        (0..n).map(|at| format!("/sys/fs/cgroup/machine.slice/ct-{at}")).collect();
    lines.join("\n")
}

#[test]
fn a_pasted_listing_is_offered_read_and_used() {
    let mut page = Page::showing(SMALL);
    page.tell(Msg::Heard(Heard::Pasted(Brought::whole(find_listing(1000)))));
    assert_eq!(page.notices(), ["What you pasted looks like a listing of cgroups: 1000 lines."]);
    page.tell(Msg::Import(ImportMsg::Accepted));
    let Import::Read(listing, _) = &page.model.import else {
        panic!("it is read: {:?}", page.model.import)
    };
    assert_eq!((listing.tree.n_groups(), listing.notes.len()), (1002, 0));
    page.tell(Msg::Import(ImportMsg::Used));
    assert_eq!(page.model.document.scenario().hierarchy.n_groups(), 1002);
    assert!(page.section("threads").starts_with("kswapd0"), "who can still walk, walks");
    assert_eq!(page.section("schedule"), "");
    page.key(Command::Undo);
    assert_eq!(page.text(), SMALL);
}

#[test]
fn lines_that_cannot_be_used_are_shown() {
    let mut page = Page::showing(SMALL);
    page.tell(Msg::Import(ImportMsg::Opened));
    let text = format!("{}\n/sys/fs/cgroup/{}\n", find_listing(3), "x".repeat(300));
    page.tell(Msg::Import(ImportMsg::Typed(text)));
    page.tell(Msg::Import(ImportMsg::Read));
    let Import::Read(listing, _) = &page.model.import else { panic!("it is read") };
    assert_eq!(listing.notes.len(), 1);
    assert_eq!((listing.notes[0].line, listing.notes[0].text.chars().count()), (4, 81));
}

#[test]
fn other_pastes_are_left_alone() {
    let mut page = Page::showing(SMALL);
    for text in ["a word", "two\nlines", "https://example.org/a/b"] {
        page.tell(Msg::Heard(Heard::Pasted(Brought::whole(text.into()))));
        assert_eq!(page.notices(), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn nothing_readable_is_said() {
    let mut page = Page::showing(SMALL);
    page.tell(Msg::Import(ImportMsg::Opened));
    page.tell(Msg::Import(ImportMsg::Typed("\u{7}\n\n".into())));
    page.tell(Msg::Import(ImportMsg::Read));
    assert!(!matches!(page.model.import, Import::Reading { .. }));
}
