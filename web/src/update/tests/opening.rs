//! Links of all kinds, the gallery, figures, scripts.

use super::{Page, SMALL, fragment};
use crate::keys::Command;
use crate::model::import::Import;
use crate::model::{DialogKind, Freedom, Mode};
use crate::msg::{
    Brought, EditMsg, Effect, Heard, ImportMsg, LookMsg, Msg, Opened, ScriptMsg, Slot, TextMsg,
    Theme, TimeMsg, TraceMsg,
};
use crate::script;

fn opened(fragment: &str) -> Page {
    Page::new(Mode::Playground, Opened { fragment: fragment.into(), ..Opened::default() })
}

#[test]
fn a_cut_link_shows_what_could_be_read() {
    let whole = fragment(SMALL);
    for n_bytes in [0, 1, 2, 3, 10, whole.len() / 2, whole.len() - 3] {
        let page = opened(&whole[..n_bytes]);
        assert!(page.model.playback().is_some() || n_bytes > 0, "{n_bytes}");
        if n_bytes > 0 {
            assert_eq!(
                page.notices().len(),
                1 + usize::from(page.notices().len() > 1),
                "{n_bytes}: {:?}",
                page.notices()
            );
        }
    }
}

#[test]
fn a_link_of_the_future_says_so_and_the_page_opens() {
    let page = opened("99:abcdef");
    assert_eq!(page.notices(), ["The link could not be read."]);
    assert!(page.model.troubles[0].lines[0].contains("version 99"));
    assert!(page.model.playback().is_some(), "with its own story");
}

#[test]
fn a_link_followed_later_can_be_undone() {
    let mut page = Page::showing(SMALL);
    let other = fragment(&SMALL.replace("Small", "Other"));
    page.tell(Msg::Heard(Heard::LinkFollowed(other)));
    assert_eq!(page.model.document.scenario().title, "Other");
    page.key(Command::Undo);
    assert_eq!(page.text(), SMALL);
}

#[test]
fn every_scenario_of_the_gallery_opens_and_runs() {
    for (at, item) in memcg_scenario::gallery().iter().enumerate() {
        let mut page = Page::showing(SMALL);
        page.tell(Msg::Look(LookMsg::Dialog(DialogKind::Gallery)));
        page.tell(Msg::Look(LookMsg::Did(format!("gallery {at}"))));
        assert_eq!(page.notices(), Vec::<String>::new(), "{}", item.name);
        page.key(Command::ToEnd);
        let (cursor, n_moves) = page.place();
        assert_eq!(cursor, n_moves, "{}", item.name);
        assert!(n_moves > 0, "{}", item.name);
    }
}

/// The link of the figure that the sheet offers.
fn embedded(page: &mut Page, mode: &str) -> String {
    page.tell(Msg::Look(LookMsg::Dialog(DialogKind::Share)));
    page.tell(Msg::Look(LookMsg::Did(format!("share frame {mode} mode"))));
    let (_, rest) = page.model.sheet.html.split_once("embed.html#").expect("a frame");
    rest.split_once('&').expect("its end").0.to_owned()
}

fn figure(steppable: bool) -> Page {
    let mut page = Page::showing(SMALL);
    let fragment = embedded(&mut page, if steppable { "steppable" } else { "figure" });
    let address = "https://a.example/memcg/".into();
    Page::new(Mode::Embed(Freedom::Watch), Opened { address, fragment, ..Opened::default() })
}

#[test]
fn a_figure_keeps_to_itself() {
    let mut page = figure(false);
    page.key(Command::Forward(None));
    page.key(Command::Choose(1));
    page.key(Command::Help);
    page.key(Command::Undo);
    page.tell(Msg::Heard(Heard::Pasted(Brought::whole(SMALL.into()))));
    page.tell(Msg::Text(TextMsg::Typed("scenario: Another\n".into())));
    page.tell(Msg::Edit(EditMsg::ClearedSchedule));
    page.wait();
    assert_eq!(page.place(), (1, 4), "it plays what is recorded and nothing else");
    assert_eq!(page.model.dialog, None);
    let quiet = |effect: &Effect| matches!(effect, Effect::Theme(_) | Effect::Title(_));
    assert!(page.asked().iter().all(quiet), "no storage, no history, no focus");
}

#[test]
fn a_figure_may_let_its_readers_step() {
    let mut page = figure(true);
    page.key(Command::Forward(None));
    page.key(Command::Choose(1));
    assert_eq!(page.place(), (2, 2));
}

#[test]
fn an_editable_figure_follows_its_text_and_no_dialog() {
    let mut page = figure(false);
    page.model.mode = Mode::Embed(Freedom::Edit);
    page.tell(Msg::Text(TextMsg::Typed(SMALL.replace("Small", "Typed"))));
    page.wait();
    assert_eq!(page.model.document.scenario().title, "Typed");
    page.tell(Msg::Text(TextMsg::Typed("hierarchy: here".into())));
    page.wait();
    assert_eq!(page.model.document.scenario().title, "Typed", "a mistake takes nothing away");
    page.tell(Msg::Look(LookMsg::Dialog(DialogKind::Share)));
    page.key(Command::Help);
    assert_eq!(page.model.dialog, None);
    page.key(Command::Undo);
    assert_eq!(page.model.document.scenario().title, "Small");
}

#[test]
fn a_link_carries_the_theme_that_was_chosen_and_a_figure_does_not() {
    let mut page = Page::showing(SMALL);
    page.tell(Msg::Look(LookMsg::Theme(Theme::Dark)));
    let fragment = crate::update::link(&page.model).expect("it is small");
    let there = opened(&fragment);
    assert_eq!(there.model.look.theme, Theme::Dark);
    let kept = |effect: &Effect| matches!(effect, Effect::Store(Slot::Theme, _));
    assert!(!there.asked.iter().any(kept), "it is not the reader's own choice");
    let figure = embedded(&mut page, "figure");
    assert_eq!(opened(&figure).model.look.theme, Theme::System);
}

#[test]
fn a_figure_says_why_its_link_shows_nothing() {
    let opened = Opened { fragment: "2:abc".into(), ..Opened::default() };
    let page = Page::new(Mode::Embed(Freedom::Watch), opened);
    assert!(page.model.playback().is_none(), "another scenario is no answer");
    assert_eq!(page.notices(), ["The link could not be read."]);
}

#[test]
fn a_script_loads_steps_and_looks() {
    let mut page = Page::new(Mode::Playground, Opened::default());
    page.tell(Msg::Script(ScriptMsg::Load(SMALL.into())));
    page.tell(Msg::Script(ScriptMsg::Step(3)));
    page.tell(Msg::Script(ScriptMsg::Step(-1)));
    assert_eq!(page.place(), (2, 4));
    let step =
        ScriptMsg::StepThread { thread: "admin".into(), grain: crate::model::Grain::Call, lane: 0 };
    page.tell(Msg::Script(step));
    assert_eq!(page.place(), (3, 3));
    let state = format!("{:?}", script::state(&page.model));
    assert!(state.contains("branches: [\"main\", \"fork 1\"]"), "{state}");
    page.tell(Msg::Script(ScriptMsg::Load(format!("https://a.example/#{}", fragment(SMALL)))));
    assert_eq!(page.place(), (0, 4));
}

#[test]
fn a_script_in_a_name_is_text() {
    let text = SMALL.replace("ct-1", "\"<script>alert(1)</script>\"").replace("</script>", "<");
    let page = opened(&fragment(&text));
    assert!(page.text().contains("<script>alert(1)<"));
}

#[test]
fn a_long_way_is_gone_in_frames() {
    let text = SMALL.replace("kswapd0 x4", "kswapd0 x60000");
    let mut page = Page::showing(&text);
    assert_eq!(page.place(), (0, 60_000));
    page.tell(Msg::Time(TimeMsg::Sought(50_000)));
    assert_eq!(page.place().0, 50_000);
}

#[test]
fn an_unreadable_link_opens_the_draft_and_says_so() {
    let mine = fragment(&SMALL.replace("Small", "Mine"));
    let opened = Opened { fragment: "1:AAAA".into(), draft: Some(mine), ..Opened::default() };
    let page = Page::new(Mode::Playground, opened);
    assert_eq!(page.model.document.scenario().title, "Mine");
    assert_eq!(page.notices(), ["This is your work of last time.", "The link could not be read."]);
}

#[test]
fn a_policy_is_picked_from_the_family_for_a_lane() {
    let mut page = Page::showing(SMALL);
    page.tell(Msg::Look(LookMsg::Policies(1)));
    let open = page.model.sheet.open.clone();
    assert_eq!(open, "vz7-nullify");
    assert!(page.model.sheet.html.contains("It runs in this lane."));
    for is_open in [true, false, true] {
        page.asked();
        page.tell(Msg::Look(LookMsg::Did("policy v6.12-unpinned".into())));
        assert_eq!(page.model.sheet.html.contains("put 1 v6.12-unpinned"), is_open);
        assert!(page.asked().contains(&Effect::Focus("sheet-open")), "the keyboard stays there");
    }
    page.tell(Msg::Look(LookMsg::Did("put 1 v6.12-unpinned".into())));
    assert_eq!(page.section("compare"), "rhel7-dead-count\nv6.12-unpinned");
    assert_eq!(page.model.dialog, None);
}

#[test]
fn a_scenario_that_a_policy_names_is_opened_from_its_page() {
    let mut page = Page::showing(SMALL);
    page.tell(Msg::Look(LookMsg::Dialog(DialogKind::Policies)));
    page.tell(Msg::Look(LookMsg::Did("gallery 1".into())));
    assert_ne!(page.model.document.scenario().title, "Small");
    assert_eq!(page.model.dialog, None);
}

#[test]
fn a_comparison_leads_to_a_move() {
    let mut page = Page::showing(SMALL);
    page.tell(Msg::Look(LookMsg::Dialog(DialogKind::Compare)));
    assert!(page.model.sheet.html.contains("after 4 moves"));
    page.asked();
    page.tell(Msg::Look(LookMsg::Did("compare 1".into())));
    assert!(page.asked().contains(&Effect::Focus("sheet-open")), "the keyboard stays there");
    page.tell(Msg::Look(LookMsg::Did("seek 3".into())));
    assert_eq!((page.place().0, page.model.dialog), (3, None));
    // An answer to an earlier question is dropped.
    let html = page.model.sheet.html.clone();
    page.tell(Msg::Look(LookMsg::Did("nonsense".into())));
    assert_eq!(page.model.sheet.html, html);
}

#[test]
fn a_pasted_trace_is_gone_through_beside_a_policy() {
    let mut page = Page::showing(SMALL);
    let text = include_str!("../../sheet/small.ftrace.txt");
    page.tell(Msg::Heard(Heard::Pasted(Brought::whole(text.into()))));
    assert_eq!(page.model.dialog, Some(DialogKind::Trace));
    let trace = &page.model.trace;
    assert_eq!((trace.busy, trace.asked, trace.first), (None, 0, 0));
    assert!(trace.n_calls > 10, "{}", trace.html);
    page.tell(Msg::Look(LookMsg::Did("seek 7".into())));
    assert_eq!(page.model.trace.place.n_calls, 7);
    page.tell(Msg::Trace(TraceMsg::Policy("rhel7-dead-count".into())));
    assert!(page.model.trace.html.contains("rhel7-dead-count explains"));
    page.tell(Msg::Trace(TraceMsg::AsScenario));
    assert_eq!(page.model.dialog, None);
    assert!(page.model.document.scenario().hierarchy.n_groups() > 1);
    assert_eq!(page.section("compare"), "rhel7-dead-count\nvz7-nullify", "the lanes stay");
}

#[test]
fn a_place_that_is_asked_for_while_the_worker_is_busy_is_asked_for_afterwards() {
    let mut page = Page::showing(SMALL);
    page.tell(Msg::Heard(Heard::FileIsTrace("node.trace".into())));
    let asked = page.asked();
    assert!(asked.iter().any(|effect| matches!(effect, Effect::AskAboutFile(_))));
    page.tell(Msg::Trace(TraceMsg::Policy("v4.4-weak".into())));
    assert!(page.model.trace.again);
    page.tell(Msg::Trace(TraceMsg::Cancelled));
    assert_eq!((page.model.dialog, page.model.trace.asked), (None, 0));
}

#[test]
fn an_edited_listing_of_a_link_runs_in_its_lane_and_goes_on_in_the_next_link() {
    let base = memcg_core::registry::policy("vz7-nullify").expect("it is shipped").text;
    let text = base.replace("rcu_read_lock_sched();", "rcu_read_lock();");
    let edit = memcg_scenario::link::ListingEdit::between("vz7-nullify", "mine", base, &text);
    let mut scenario = memcg_scenario::parse(SMALL).scenario;
    scenario.lanes[1].policy = "mine".into();
    let shared = memcg_scenario::link::Shared { scenario, edits: vec![edit], ..Default::default() };
    let mut link = memcg_scenario::link::encode(&shared).expect("it is small");
    for _ in 0..2 {
        let page = opened(&link);
        assert_eq!(page.notices(), Vec::<String>::new());
        let playback = page.model.playback().expect("it runs");
        assert_eq!(playback.player.run().lanes()[1].program().files[0].text, text);
        link = crate::update::link(&page.model).expect("it is small");
    }
}

/// A link whose first lane runs an edited listing under the shipped one's own name.
fn edited_in_place(mark: &str) -> String {
    let base = memcg_core::registry::policy("vz7-nullify").expect("it is shipped").text;
    let text = base.replacen("// ", &format!("// {mark} "), 1);
    let edit =
        memcg_scenario::link::ListingEdit::between("vz7-nullify", "vz7-nullify", base, &text);
    let scenario = memcg_scenario::parse(SMALL).scenario;
    let shared = memcg_scenario::link::Shared { scenario, edits: vec![edit], ..Default::default() };
    memcg_scenario::link::encode(&shared).expect("it is small")
}

#[test]
fn an_edited_listing_is_the_link_s_own_and_comes_and_goes_with_it() {
    let runs = |page: &Page, mark: &str| {
        let playback = page.model.playback().expect("it runs");
        playback.player.run().lanes()[1].program().files[0].text.contains(&format!("// {mark} "))
    };
    let mut page = opened(&edited_in_place("first"));
    assert!(runs(&page, "first"));
    page.tell(Msg::Heard(Heard::LinkFollowed(edited_in_place("second"))));
    assert!(runs(&page, "second") && !runs(&page, "first"));
    page.tell(Msg::Heard(Heard::LinkFollowed(fragment(SMALL))));
    assert!(!runs(&page, "first") && !runs(&page, "second"), "the shipped text runs again");
    page.key(Command::Undo);
    assert!(runs(&page, "second"));
    page.key(Command::Redo);
    assert!(!runs(&page, "second"));
}

#[test]
fn a_link_says_when_its_schedule_no_longer_comes_to_the_same_end() {
    let scenario = memcg_scenario::parse(SMALL).scenario;
    let run = memcg_core::run::Run::new(scenario.world().0, &scenario.lanes).expect("it runs");
    let mut proof = memcg_core::replay::prove(run, &scenario.schedule);
    let link = |proof| {
        let scenario = memcg_scenario::parse(SMALL).scenario;
        let shared =
            memcg_scenario::link::Shared { scenario, proof: Some(proof), ..Default::default() };
        memcg_scenario::link::encode(&shared).expect("it is small")
    };
    assert_eq!(opened(&link(proof.clone())).notices(), Vec::<String>::new());
    proof.fingerprint ^= 1;
    let notices = opened(&link(proof)).notices();
    assert_eq!(notices, ["This link comes out otherwise than when it was made."]);
}

#[test]
fn a_trace_can_be_come_back_to_until_its_worker_ends() {
    let mut page = Page::showing(SMALL);
    let text = include_str!("../../sheet/small.ftrace.txt");
    page.tell(Msg::Heard(Heard::Pasted(Brought::whole(text.into()))));
    page.key(Command::Close);
    assert_eq!(page.model.dialog, None);
    page.tell(Msg::Look(LookMsg::Dialog(DialogKind::Trace)));
    page.tell(Msg::Trace(TraceMsg::Went(3)));
    assert_eq!(page.model.trace.place.n_calls, 3);
    page.tell(Msg::Heard(Heard::WorkerFailed("gone".into())));
    assert!(page.model.trace.failed && page.model.trace.html.is_empty());
}

#[test]
fn a_trace_that_is_not_read_yet_is_given_up_when_its_dialog_closes() {
    let mut page = Page::showing(SMALL);
    page.tell(Msg::Heard(Heard::FileComing("node.trace".into())));
    page.tell(Msg::Heard(Heard::FileIsTrace("node.trace".into())));
    page.asked();
    page.key(Command::Close);
    assert!(page.asked().contains(&Effect::EndWork));
    assert!(page.model.trace.name.is_empty());
    assert_eq!(page.model.import, Import::Idle, "the box for listings waits for nothing");
}

/// A picture as `memcg render` makes it, as far as it matters.
fn drawn(body: &str) -> String {
    let escaped = body.replace('&', "&amp;").replace('<', "&lt;");
    format!(
        "<svg>\n<metadata><memcg:scenario cursor=\"2\">{escaped}</memcg:scenario></metadata>\n</svg>"
    )
}

#[test]
fn a_picture_opens_its_scenario_where_it_was_drawn() {
    let mut page = Page::showing("hierarchy:\n  other\nthreads:\n  k: reclaim /\n");
    page.tell(Msg::Heard(Heard::Pasted(Brought::whole(drawn(SMALL)))));
    assert_eq!((page.text().as_str(), page.place()), (SMALL, (2, 4)));
    assert_eq!((page.model.dialog, page.notices().len()), (None, 0));
    // As a file: its bytes are the worker's.
    let mut page = Page::showing(&SMALL.replace("Small", "Other"));
    page.tell(Msg::Heard(Heard::FileComing("a.svg".into())));
    page.tell(Msg::Heard(Heard::FileIsPicture("a.svg".into(), 9)));
    let asked = page.asked();
    let Some(Effect::AskAboutFile(question)) =
        asked.iter().find(|e| matches!(e, Effect::AskAboutFile(_)))
    else {
        panic!("the worker is not asked: {asked:?}");
    };
    let answer = crate::work::of_picture(question, drawn(SMALL).as_bytes());
    page.tell(Msg::Heard(Heard::Worker(answer.clone())));
    assert_eq!(page.text(), SMALL);
    page.key(Command::Undo);
    page.tell(Msg::Heard(Heard::Worker(answer)));
    assert_ne!(page.text(), SMALL, "an answer that nobody waits for does nothing");
}

#[test]
fn a_picture_without_a_scenario_says_so_and_takes_nothing_away() {
    for (text, why) in [
        ("<svg></svg>", "there is no scenario in it"),
        ("<svg><memcg:scenario>cut", "it ends too early"),
    ] {
        let mut page = Page::showing(SMALL);
        page.tell(Msg::Look(LookMsg::Dialog(DialogKind::Import)));
        page.tell(Msg::Import(ImportMsg::Typed(text.into())));
        page.tell(Msg::Import(ImportMsg::Read));
        let Import::Asking { failed: Some(failed), .. } = &page.model.import else {
            panic!("{:?}", page.model.import);
        };
        assert!(failed.contains(why), "{failed}");
        assert_eq!(page.text(), SMALL);
    }
    let mut page = Page::showing(SMALL);
    page.tell(Msg::Heard(Heard::Pasted(Brought::whole("<p>some markup</p>".into()))));
    assert_eq!(page.model.dialog, None, "other markup may be pasted by mistake");
    let mistaken = SMALL.replace("rmdir machine/ct-4", "rmdir nowhere <");
    page.tell(Msg::Heard(Heard::Pasted(Brought::whole(drawn(&mistaken)))));
    assert_eq!(page.notices()[0], "Not all of the scenario in the picture makes sense here.");
}
