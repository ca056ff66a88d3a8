//! Links, drafts, copies.

use super::{Page, SMALL, fragment};
use crate::geometry::zoom::Zoom;
use crate::keys::Command;
use crate::model::Mode;
use crate::model::{Grain, Tab};
use crate::msg::{
    CopyOf, EditMsg, Effect, Heard, KeepMsg, LookMsg, Msg, Opened, Slot, TextMsg, TimeMsg,
};
use crate::update::link;

#[test]
fn the_whole_state_is_in_the_link() {
    let mut page = Page::showing(SMALL);
    page.key(Command::Forward(None));
    page.key(Command::Forward(None));
    page.tell(Msg::Time(TimeMsg::ChoseGrain(Grain::Statement)));
    page.tell(Msg::Look(LookMsg::Tab(Tab::Build)));
    page.key(Command::NextLane);
    let fragment = link(&page.model).expect("it is small");
    let again =
        Page::new(Mode::Playground, Opened { fragment: fragment.clone(), ..Opened::default() });
    assert_eq!(again.text(), page.text());
    assert_eq!(again.place(), page.place());
    assert_eq!(
        (
            again.model.look.grain,
            again.model.look.tab,
            again.model.look.lane,
            again.model.look.thread
        ),
        (Grain::Statement, Tab::Build, 1, Some(0))
    );
    assert_eq!(link(&again.model), Ok(fragment));
}

#[test]
fn work_is_kept_a_moment_after_it_was_done_and_only_once() {
    let mut page = Page::showing(SMALL);
    page.asked();
    page.tell(Msg::Edit(EditMsg::TypedTitle("Mine".into())));
    page.tell(Msg::Edit(EditMsg::TypedTitle("Mine!".into())));
    assert!(!page.asked().iter().any(|e| matches!(e, Effect::Store(..) | Effect::Address(_))));
    page.wait();
    assert_eq!(page.asked(), [], "the second change has put it off");
    page.wait();
    let kept = link(&page.model).expect("it is small");
    let asked = page.asked();
    assert!(asked.contains(&Effect::Store(Slot::Draft, Some(kept.clone()))), "{asked:?}");
    assert!(asked.contains(&Effect::Address(kept)));
    page.wait();
    assert_eq!(page.asked(), []);
}

#[test]
fn a_mistaken_text_survives_a_reload() {
    let mut page = Page::showing(SMALL);
    page.tell(Msg::Text(TextMsg::Typed("hierarchy:\n  a/b/\u{1}".into())));
    page.wait();
    page.wait();
    let asked = page.asked();
    let text = asked.iter().find_map(|e| match e {
        Effect::Store(Slot::Text, Some(text)) => Some(text.clone()),
        _ => None,
    });
    let fragment = link(&page.model).expect("it is small");
    let draft = Some(fragment.clone());
    let opened = Opened { fragment, draft, text: text.clone(), ..Opened::default() };
    let mut again = Page::new(Mode::Playground, opened);
    again.wait();
    assert_eq!(again.model.text.unsaved(), text.as_deref());
    assert_eq!(again.model.look.tab, Tab::Text);
    assert_eq!(again.text(), SMALL);
}

#[test]
fn leaving_keeps_at_once() {
    let mut page = Page::showing(SMALL);
    page.asked();
    page.tell(Msg::Edit(EditMsg::TypedTitle("Mine".into())));
    page.tell(Msg::Heard(Heard::Leaving));
    assert!(page.asked().iter().any(|e| matches!(e, Effect::Store(Slot::Draft, Some(_)))));
}

#[test]
fn a_link_leaves_the_draft_alone_and_it_comes_back() {
    let mine = fragment(&SMALL.replace("Small", "Mine"));
    let opened =
        Opened { fragment: fragment(SMALL), draft: Some(mine.clone()), ..Opened::default() };
    let mut page = Page::new(Mode::Playground, opened);
    assert_eq!(page.model.document.scenario().title, "Small");
    assert_eq!(page.notices(), ["A link was opened. Your own work is kept."]);
    page.wait();
    assert!(
        !page.asked().iter().any(|e| matches!(e, Effect::Store(..))),
        "looking at a link writes nothing"
    );
    page.tell(Msg::Edit(EditMsg::TypedTitle("Theirs, changed".into())));
    page.wait();
    let asked = page.asked();
    assert!(asked.contains(&Effect::Store(Slot::DraftBefore, Some(mine))), "{asked:?}");
    page.tell(Msg::Keep(KeepMsg::BroughtBack));
    assert_eq!(page.model.document.scenario().title, "Mine");
    page.key(Command::Undo);
    assert_eq!(page.model.document.scenario().title, "Theirs, changed");
}

#[test]
fn without_a_link_the_draft_opens() {
    let mine = fragment(&SMALL.replace("Small", "Mine"));
    let mut page = Page::new(Mode::Playground, Opened { draft: Some(mine), ..Opened::default() });
    assert_eq!(page.model.document.scenario().title, "Mine");
    page.wait();
    assert_eq!(page.place().0, 0, "it does not play by itself");
    page.tell(Msg::Keep(KeepMsg::Story));
    assert_ne!(page.model.document.scenario().title, "Mine");
}

#[test]
fn a_clipboard_that_refuses_leaves_a_selected_field() {
    let mut page = Page::showing(SMALL);
    page.asked();
    page.tell(Msg::Keep(KeepMsg::Copy(CopyOf::Link)));
    assert!(
        matches!(page.asked().as_slice(), [Effect::Copy(CopyOf::Link, text)] if text.contains("#1:"))
    );
    page.tell(Msg::Heard(Heard::Copied(CopyOf::Link, false)));
    assert_eq!(page.asked(), [Effect::Select("share-link")]);
}

#[test]
fn a_full_storage_is_said_once() {
    let mut page = Page::showing(SMALL);
    page.tell(Msg::Heard(Heard::NotKept("full".into())));
    let id = page.model.troubles[0].id;
    page.tell(Msg::Keep(KeepMsg::Dismissed(id)));
    page.tell(Msg::Heard(Heard::NotKept("full".into())));
    assert_eq!(page.notices(), Vec::<String>::new());
}

#[test]
fn the_zoom_of_the_timeline_goes_with_the_link() {
    let mut page = Page::showing(SMALL);
    let plain = link(&page.model).expect("it is small");
    assert_eq!(plain, fragment(SMALL), "as usual is not told, so that links stay as they were");
    page.key(Command::ZoomFit);
    let fit = link(&page.model).expect("it is small");
    page.tell(Msg::Heard(Heard::LinkFollowed(plain)));
    assert_eq!(page.model.look.zoom, Zoom::One);
    page.tell(Msg::Heard(Heard::LinkFollowed(fit)));
    assert_eq!(page.model.look.zoom, Zoom::Fit);
    assert_eq!(page.notices(), Vec::<String>::new());
}

#[test]
fn keys_zoom_from_what_is_shown() {
    let mut page = Page::showing(SMALL);
    page.tell(Msg::Heard(Heard::Resized { width_px: 1_440, height_px: 900 }));
    page.key(Command::ZoomIn);
    page.key(Command::ZoomIn);
    page.key(Command::ZoomIn);
    assert_eq!(page.model.look.zoom, Zoom::Four);
    page.key(Command::ZoomFit);
    page.key(Command::ZoomOut);
    // Four moves whole are as large as with zoom 2 already.
    assert_eq!(page.model.look.zoom, Zoom::One);
}

#[test]
fn a_zoom_of_another_time_is_told_and_changes_nothing() {
    let mut shared = memcg_scenario::link::decode(&fragment(SMALL)).shared.expect("it is whole");
    shared.view.set("zoom", "a<b 7");
    let strange = memcg_scenario::link::encode(&shared).expect("it is small");
    let page = Page::new(Mode::Playground, Opened { fragment: strange, ..Opened::default() });
    assert_eq!(page.model.look.zoom, Zoom::One);
    assert_eq!(page.notices(), ["The link is sound, but not all in it makes sense here."]);
    assert_eq!(
        page.model.troubles[0].lines,
        ["view: zoom is none of fit, 1/2, 1, 2, 4, but \"a<b 7\": it stays at 1"]
    );
}
