//! Listings edited in the page: compiled as they are typed, run at once, shared, undone.

use super::{Page, SMALL};
use crate::keys::Command;
use crate::model::Mode;
use crate::model::listing::{Draft, Verdict};
use crate::msg::{Effect, ListingMsg, Msg, Opened, Slot};
use crate::update::{draft_place, link};
use crate::view::lane::LaneEvent;
use memcg_scenario::link::decode;

fn lanes(page: &Page) -> Vec<String> {
    let playback = page.model.playback().expect("something runs");
    playback.player.run().lanes().iter().map(|lane| lane.spec().to_string()).collect()
}

fn draft(page: &Page) -> &Draft {
    &page.model.listing.all[draft_place(&page.model).expect("a draft")]
}

/// The text of the first lane's policy as it runs.
fn running(page: &Page) -> String {
    let playback = page.model.playback().expect("something runs");
    playback.player.run().lane(0).program().files[0].text.clone()
}

fn type_in(page: &mut Page, text: &str) {
    page.tell(Msg::Listing(ListingMsg::Typed(text.into())));
    page.wait();
}

/// A page with the first lane's listing open.
fn open() -> Page {
    let mut page = Page::showing(SMALL);
    page.key(Command::EditListing);
    page
}

/// The listing with another comment, which changes nothing that runs.
fn commented(page: &Page) -> String {
    running(page).replacen("\n\n", "\n\n// mine\n", 1)
}

#[test]
fn an_edited_listing_is_a_lane_of_its_own_name() {
    let mut page = open();
    assert!(page.asked().contains(&Effect::Focus("listing-text")));
    assert_eq!(draft(&page).text, running(&page));
    let text = commented(&page);
    page.tell(Msg::Listing(ListingMsg::Typed(text.clone())));
    assert_eq!(draft(&page).verdict, Verdict::Unread);
    assert_eq!(lanes(&page), ["rhel7-dead-count", "vz7-nullify"], "not while it is typed");
    page.wait();
    assert_eq!(draft(&page).verdict, Verdict::Runs);
    assert_eq!(lanes(&page), ["rhel7-dead-count-edited", "vz7-nullify"]);
    assert_eq!(running(&page), text);
    assert_eq!(page.model.document.undoable(), Some("the listing"));

    // A row of edits is one.
    let more = text.replace("mine", "mine, more");
    type_in(&mut page, &more);
    assert_eq!(running(&page), more);
    page.key(Command::Undo);
    assert_eq!(lanes(&page), ["rhel7-dead-count", "vz7-nullify"]);
    assert_eq!(draft(&page).text, running(&page), "the field follows");
    page.key(Command::Redo);
    assert_eq!(running(&page), more);
    assert_eq!(draft(&page).text, more);
}

#[test]
fn a_text_with_mistakes_stays_a_draft_and_its_lane_runs_on() {
    let mut page = open();
    let sound = running(&page);
    let wrong = sound.replacen("\treturn", "\tretrun", 1);
    type_in(&mut page, &wrong);
    assert_eq!((draft(&page).verdict, &draft(&page).text), (Verdict::Wrong, &wrong));
    let line = wrong.lines().position(|line| line.contains("retrun")).expect("a line") + 1;
    assert_eq!(draft(&page).mistakes[0].line as usize, line, "{:?}", draft(&page).mistakes);
    assert_eq!((running(&page), lanes(&page).remove(0)), (sound, "rhel7-dead-count".into()));
    // Turning to another lane and back, closing the field: it is still there.
    page.tell(Msg::Lane(1, LaneEvent::Focus));
    assert_eq!(draft_place(&page.model), None);
    page.tell(Msg::Lane(0, LaneEvent::Focus));
    page.tell(Msg::Listing(ListingMsg::Closed));
    assert_eq!((draft(&page).open, &draft(&page).text), (false, &wrong));
    page.key(Command::EditListing);
    assert_eq!(draft(&page).text, wrong);
    page.tell(Msg::Listing(ListingMsg::Dropped));
    assert_eq!(draft_place(&page.model), None);
}

#[test]
fn mistakes_have_a_place_and_a_cause() {
    let mut page = open();
    let sound = running(&page);
    let mut said = |text: String| {
        type_in(&mut page, &text);
        let mistakes = &draft(&page).mistakes;
        mistakes.first().map(|m| format!("{}: {}", m.line, m.message)).unwrap_or_default()
    };
    let other_core = sound.replacen("core: ", "core: no-such-", 1);
    let line = other_core.lines().position(|line| line.starts_with("core:")).expect("a core") + 1;
    assert!(said(other_core).starts_with(&format!("{line}: there is no core \"no-such-")));
    assert_eq!(
        said(String::new()),
        "1: a listing begins with `policy: name`, `core: name` or `walk: name`"
    );
    let no_core = sound.lines().filter(|line| !line.starts_with("core:")).collect::<Vec<_>>();
    assert_eq!(said(no_core.join("\n")), "1: the header names no core");
    assert_eq!(
        said("x".repeat(70_000)),
        "0: This listing has 70 kB; longer than 32 kB it is kept as typed, and not compiled."
    );
    let calls_itself = format!("{sound}\nint again(int n)\n{{\n\treturn again(n);\n}}\n");
    let used = calls_itself.replacen("{\n", "{\n\tagain(1);\n", 3);
    assert!(said(used).contains("again"), "a function that calls itself is refused");
    assert_eq!(said(sound), "");
}

#[test]
fn a_link_holds_the_edit_and_gives_it_back() {
    let mut page = open();
    let text = commented(&page);
    type_in(&mut page, &text);
    let fragment = link(&page.model).expect("a link");
    let shared = decode(&fragment).shared.expect("sound");
    assert_eq!(shared.edits.len(), 1);
    assert_eq!(
        (shared.edits[0].base.as_str(), shared.edits[0].name.as_str()),
        ("rhel7-dead-count", "rhel7-dead-count-edited")
    );
    let there = Page::new(Mode::Playground, Opened { fragment, ..Opened::default() });
    assert_eq!(running(&there), text);
    assert_eq!(there.notices(), [""; 0]);
}

#[test]
fn reverted_is_as_shipped_and_can_be_undone() {
    let mut page = open();
    let (shipped, text) = (running(&page), commented(&page));
    type_in(&mut page, &text);
    type_in(&mut page, "nonsense");
    page.tell(Msg::Listing(ListingMsg::Reverted));
    assert_eq!(
        (lanes(&page).remove(0), running(&page)),
        ("rhel7-dead-count".into(), shipped.clone())
    );
    assert_eq!((&draft(&page).text, draft(&page).verdict), (&shipped, Verdict::Runs));
    page.key(Command::Undo);
    assert_eq!(running(&page), text);
    // Typed back to what is shipped, it is the shipped one again.
    type_in(&mut page, &shipped);
    assert_eq!(lanes(&page).remove(0), "rhel7-dead-count");
    assert!(page.model.document.edits().is_empty());
}

#[test]
fn the_shipped_listing_stands_beside_the_edited_one() {
    let mut page = open();
    let text = commented(&page);
    type_in(&mut page, &text);
    page.tell(Msg::Listing(ListingMsg::Compared));
    assert_eq!(lanes(&page), ["rhel7-dead-count-edited", "rhel7-dead-count", "vz7-nullify"]);
    assert_eq!(running(&page), text);
    // The shipped one can be edited too, and is another edit.
    page.tell(Msg::Lane(1, LaneEvent::Focus));
    page.key(Command::EditListing);
    let other = draft(&page).text.replacen("\n\n", "\n\n// other\n", 1);
    type_in(&mut page, &other);
    assert_eq!(lanes(&page)[1], "rhel7-dead-count-edited-2");
    assert_eq!(running(&page), text);
}

#[test]
fn a_step_that_is_no_longer_possible_is_said() {
    let steps =
        "kswapd0\n  kswapd0 to load_position.last_visited in rhel7-dead-count\n  kswapd0 x2";
    let mut page = Page::showing(&SMALL.replace("kswapd0 x4", steps));
    page.key(Command::EditListing);
    let commented = commented(&page);
    type_in(&mut page, &commented);
    assert_eq!(page.notices(), [""; 0], "the step follows the lane's new name");
    assert!(page.section("schedule").contains("in rhel7-dead-count-edited"));
    type_in(&mut page, &commented.replace("load_position", "position_of"));
    let trouble = page.model.troubles.first().expect("a notice");
    assert_eq!(
        trouble.title,
        "Move 2 is no longer possible in rhel7-dead-count-edited; it is left out there."
    );
    assert_eq!(trouble.lines, ["kswapd0 has no step \"load_position.last_visited\" here"]);
    type_in(&mut page, &commented);
    assert_eq!(page.notices(), [""; 0]);
}

#[test]
fn drafts_with_mistakes_are_kept_with_the_work() {
    let mut page = open();
    let text = commented(&page);
    type_in(&mut page, &text);
    let wrong = format!("{text}\n<script>alert(1)</script>");
    type_in(&mut page, &wrong);
    page.wait();
    page.wait();
    let asked = page.asked();
    let stored = |slot: Slot| {
        asked.iter().rev().find_map(|effect| match effect {
            Effect::Store(at, text) if *at == slot => text.clone(),
            _ => None,
        })
    };
    let opened = Opened {
        draft: stored(Slot::Draft),
        listings: stored(Slot::Listings),
        ..Opened::default()
    };
    assert!(opened.draft.is_some() && opened.listings.is_some());
    let again = Page::new(Mode::Playground, opened.clone());
    assert_eq!((&draft(&again).text, draft(&again).verdict), (&wrong, Verdict::Wrong));
    assert_eq!(running(&again), text);

    // Another link opened: the drafts are its work's no longer, and come back with the work.
    let fragment = super::fragment(SMALL);
    let mut other = Page::new(Mode::Playground, Opened { fragment, ..opened });
    assert_eq!(draft_place(&other.model), None);
    other.tell(Msg::Keep(crate::msg::KeepMsg::BroughtBack));
    assert_eq!(draft(&other).text, wrong);
}
