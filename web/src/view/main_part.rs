//! The stage with its lanes and the sentence, the dock with time, and the listing: what the drawing
//! views are given, worked out from the model.

use super::listing::{self, Changes, Cursor, Listing, SourceFile};
use super::on::GRAINS;
use super::sentence::{Parting, Sentence};
use super::threads::{Can, Choice, Threads};
use super::timeline::Timeline;
use super::transport::{Choices, Transport};
use super::{On, lanes, mark, page};
use crate::geometry::timeline::BranchRow;
use crate::model::playback::Playback;
use crate::model::{DialogKind, Model, Speed, Stage, Tab};
use crate::msg::{KeepMsg, LookMsg, Msg};
use memcg_core::picture::Next;
use memcg_core::run::Possible;
use memcg_core::schedule::Move;
use std::rc::Rc;
use yew::{AttrValue, Classes, Html, classes, html};

/// Playing faster than this, steps are not announced one by one: nobody could listen.
const ANNOUNCED_MS_MIN: u32 = 400;

/// Class of what the stage is in.
pub(super) fn stage_class(model: &Model) -> Classes {
    classes!("stage", (!model.troubles.is_empty()).then_some("stage--noted"))
}

/// What is on the stage: notices, lanes, the sentence.
pub(super) fn stage(model: &Model, on: &On) -> Html {
    html! {
        <>
            { page::notices(model, on) }
            { match &model.stage {
                Stage::Set(playback) => html! {
                    <>
                        <div class="stage__lanes" onscroll={on.scroll.clone()}>{ lanes::lanes(model, on, playback) }</div>
                        { sentence(model, on, playback) }
                    </>
                },
                Stage::Bare(reasons) => bare(model, on, reasons),
                Stage::Coming { .. } => coming(model),
            } }
        </>
    }
}

/// A large scenario is being set up.
fn coming(model: &Model) -> Html {
    let n_groups = model.document.scenario().hierarchy.n_groups();
    html! {
        <div class="loading stage__lanes" role="status">
            <p class="loading__title">{ format!("Setting up {n_groups} groups …") }</p>
        </div>
    }
}

/// Nothing runs: why, and what to do.
fn bare(model: &Model, on: &On, reasons: &[String]) -> Html {
    html! {
        <div class="failed stage__lanes">
            <p class="failed__title">{ "Nothing can run yet" }</p>
            <p class="failed__text">{ reasons.join("\n") }</p>
            if !model.is_embedded() {
                <div class="failed__tools">
                    <button type="button" class="button button--primary" onclick={on.say(Msg::Look(LookMsg::Tab(Tab::Build)))}>{ "Choose policies" }</button>
                    <button type="button" class="button" onclick={on.say(Msg::Look(LookMsg::Dialog(DialogKind::Gallery)))}>{ "Gallery" }</button>
                    <button type="button" class="button" onclick={on.say(Msg::Keep(KeepMsg::Story))}>{ "The opening story" }</button>
                </div>
            }
        </div>
    }
}

fn sentence(model: &Model, on: &On, playback: &Playback) -> Html {
    let words: AttrValue = match (playback.shown.sentence.as_str(), playback.cursor()) {
        ("", 0) if playback.player.is_empty() => {
            "No move is recorded yet: let a thread go, or press Space to let them go in turn."
                .into()
        }
        ("", 0) => "At the start. Space plays, → takes a step.".into(),
        (words, _) => words.to_owned().into(),
    };
    let live = !playback.is_playing() || model.look.speed.step_ms() >= ANNOUNCED_MS_MIN;
    let parting = playback.player.divergence().map(|d| Parting { at: d.at, words: d.words.into() });
    html! { <Sentence {words} {live} {parting} on_seek={on.seek.clone()} /> }
}

/// Who goes next, time, and what stands below them.
pub(super) fn dock(model: &Model, on: &On, below: Html) -> Html {
    let Some(playback) = model.playback() else {
        return html! { <section class="dock" aria-label="Time" /> };
    };
    let marks = Rc::new(mark::of(&playback.world));
    let branches = playback.player.branches();
    let rows = branches.iter().map(|b| BranchRow {
        name: b.name.clone(),
        fork_at: b.fork_at,
        n_moves: b.moves.len(),
    });
    let names =
        playback.player.run().lanes().iter().map(|lane| AttrValue::from(lane.spec().to_string()));
    let words: AttrValue = playback.shown.sentence.clone().into();
    let (zoom, width_px) = (model.look.zoom, model.timeline_px());
    let recorded = recorded(playback);
    let watched = model.look.thread.and_then(|thread| {
        playback.shown.choices.iter().position(|c| playback.thread(c.mv.thread()) == Some(thread))
    });
    html! {
        <section class="dock" aria-label="Time">
            if model.may_step() {
                <div class="dock__threads">
                    <Threads choices={Rc::new(choices(model, playback))} marks={marks.clone()} {watched} {recorded} on={on.threads.clone()} />
                </div>
            }
            <div class="dock__time">
                <Timeline story={playback.chronicle.story.clone()} at={playback.cursor()} {marks} lanes={Rc::new(names.collect::<Vec<_>>())}
                    lane={model.look.lane} branches={Rc::new(rows.collect::<Vec<_>>())} branch={playback.player.branch()}
                    words={words.clone()} {zoom} {width_px} on={on.timeline.clone()} />
                { transport(model, on, playback, words) }
                { below }
            </div>
        </section>
    }
}

fn transport(model: &Model, on: &On, playback: &Playback, words: AttrValue) -> Html {
    let name = |name: &str| AttrValue::from(name.to_owned());
    let grains = Choices {
        names: if model.may_step() {
            GRAINS.iter().map(|(_, n)| name(n)).collect()
        } else {
            Vec::new()
        },
        chosen: GRAINS.iter().position(|(grain, _)| *grain == model.look.grain).unwrap_or(2),
    };
    let speeds = Choices {
        names: Speed::all().map(|speed| name(&format!("{}/s", speed.name()))).collect(),
        chosen: model.look.speed.place(),
    };
    let branches = Choices {
        names: playback.player.branches().iter().map(|b| name(&b.name)).collect(),
        chosen: playback.player.branch(),
    };
    let seeking = playback.target.map(|target| (playback.cursor().min(target), target));
    html! {
        <Transport at={playback.destination()} n_moves={playback.player.len()} playing={playback.is_playing()} {seeking}
            {grains} {speeds} {branches} {words} on={on.transport.clone()} />
    }
}

/// The choice that the recorded schedule takes next.
fn recorded(playback: &Playback) -> Option<usize> {
    let next = playback.moves().get(playback.cursor())?;
    playback.shown.choices.iter().position(|choice| match next {
        Move::Work { .. } => choice.mv == *next,
        Move::Call { .. } | Move::Begin { .. } | Move::To { .. } => {
            choice.mv.thread() == next.thread()
        }
    })
}

fn choices(model: &Model, playback: &Playback) -> Vec<Choice> {
    let lane = model.look.lane;
    let names: Vec<String> =
        playback.player.run().lanes().iter().map(|l| l.spec().to_string()).collect();
    let one = |choice: &memcg_core::run::Choice| {
        let thread = playback.thread(choice.mv.thread()).unwrap_or(0);
        let goes = |possible: &Possible| match possible {
            Possible::Yes(words) => Some(words.clone()),
            Possible::No(_) => None,
        };
        let here = choice.lanes.get(lane).and_then(goes);
        let words = here.or_else(|| choice.lanes.iter().find_map(goes)).unwrap_or_default();
        let call = match &choice.mv {
            Move::Work { stage, group } => format!("{stage} {group}"),
            Move::Call { .. } | Move::Begin { .. } | Move::To { .. } => {
                let picture = playback.shown.pictures.get(lane).and_then(|p| p.threads.get(thread));
                picture.and_then(|t| t.next_call.clone()).unwrap_or_default()
            }
        };
        Choice {
            thread,
            words: words.into(),
            call: call.into(),
            can: can(playback, choice, thread, &names),
        }
    };
    playback.shown.choices.iter().map(one).collect()
}

fn can(
    playback: &Playback,
    choice: &memcg_core::run::Choice,
    thread: usize,
    names: &[String],
) -> Can {
    let stopped: Vec<(usize, &String)> = choice
        .lanes
        .iter()
        .enumerate()
        .filter_map(|(at, possible)| match possible {
            Possible::No(why) => Some((at, why)),
            Possible::Yes(_) => None,
        })
        .collect();
    let Some((first, why)) = stopped.first().copied() else { return Can::Go };
    if stopped.len() < choice.lanes.len() {
        let lanes: Vec<String> =
            stopped.iter().filter_map(|(at, _)| names.get(*at).cloned()).collect();
        return Can::GoInSome(format!("not in {}: {why}", memcg_core::words::join(&lanes)).into());
    }
    let next =
        playback.shown.pictures.get(first).and_then(|p| p.threads.get(thread)).map(|t| &t.next);
    let freed_by = match (&choice.mv, next) {
        (Move::Work { stage, group }, _) => {
            let work =
                playback.shown.pictures.get(first).map(|p| p.work.iter()).into_iter().flatten();
            let mut same =
                work.filter(|w| w.stage == *stage && playback.world.path(w.group) == group);
            same.next().map_or_else(Vec::new, |w| w.waits_for.clone())
        }
        (_, Some(Next::Done)) => return Can::Done,
        (_, Some(Next::Waits { threads, .. })) => threads.clone(),
        (_, Some(Next::Access { .. } | Next::Blocked(_)) | None) => Vec::new(),
    };
    Can::Wait { why: why.clone().into(), freed_by }
}

/// The listing of the lane turned to.
pub(super) fn listing(model: &Model, on: &On) -> Html {
    match listing_props(model, on) {
        Some(props) => html! { <Listing ..props /> },
        None => {
            html! { <div class="empty"><p class="empty__text">{ "No lane, no listing." }</p></div> }
        }
    }
}

/// What it is drawn from.
pub(super) fn listing_props(model: &Model, on: &On) -> Option<listing::Props> {
    let playback = model.playback()?;
    let lane = playback.player.run().lanes().get(model.look.lane)?;
    let program = lane.program();
    let role = |at: usize| match at {
        0 => "policy",
        at if at + 1 == program.files.len() => "core",
        _ => "walking helper",
    };
    let edit = model.document.edits().iter().find(|edit| edit.name == lane.spec().policy);
    let changes = edit.map(|edit| {
        let shows_gone = model.listing.shows_gone;
        Rc::new(Changes { shows_gone, ..Changes::of(edit) })
    });
    let files = program.files.iter().enumerate().map(|(at, file)| SourceFile {
        name: file.name.clone().into(),
        role: role(at).into(),
        text: file.text.clone().into(),
        changes: changes.clone().filter(|_| at == 0),
    });
    let picture = playback.shown.pictures.get(model.look.lane);
    let cursors: Vec<Cursor> = picture
        .map(|p| p.threads.iter())
        .into_iter()
        .flatten()
        .enumerate()
        .filter_map(|(thread, picture)| {
            let (name, line) = picture.line.as_ref()?;
            let file = program.files.iter().position(|f| f.name == *name)?;
            let (words, label) = match &picture.next {
                Next::Access { words, label } => (words.clone(), label.clone()),
                Next::Waits { .. } | Next::Blocked(_) | Next::Done => {
                    (String::new(), String::new())
                }
            };
            let locals = picture
                .locals
                .iter()
                .map(|l| (l.name.clone().into(), l.value.clone().into()))
                .collect();
            Some(Cursor {
                thread,
                file,
                line: *line,
                label: label.into(),
                words: words.into(),
                locals,
            })
        })
        .collect();
    let watched = model.look.thread.or_else(|| cursors.first().map(|c| c.thread));
    let followed = cursors.iter().find(|c| Some(c.thread) == watched).map(|c| c.file);
    let file = model.look.file.or(followed).unwrap_or(0);
    Some(listing::Props {
        files: Rc::new(files.collect()),
        file,
        cursors: Rc::new(cursors),
        marks: Rc::new(mark::of(&playback.world)),
        watched,
        on: on.listing.clone(),
    })
}
