//! Time: steps forward and back, seeking, playing, branches.

use super::{keep, look};
use crate::geometry::zoom::Zoom;
use crate::keys::Command;
use crate::model::playback::{Play, Playback};
use crate::model::{Grain, Model};
use crate::msg::{Alarm, Effect, TimeMsg};
use memcg_core::run::Possible;
use memcg_core::schedule::Move;

pub(super) fn message(model: &mut Model, message: TimeMsg) -> Vec<Effect> {
    match message {
        TimeMsg::Sought(target) => seek(model, target),
        TimeMsg::ChoseGrain(grain) => {
            model.look.grain = grain;
            keep::touched(model)
        }
        TimeMsg::ChoseSpeed(speed) => {
            model.look.speed = speed;
            if model.playback().is_some_and(Playback::is_playing) {
                set_beat(model)
            } else {
                Vec::new()
            }
        }
        TimeMsg::ChoseThread(thread) => {
            model.look.thread = Some(thread);
            model.look.file = None;
            Vec::new()
        }
        TimeMsg::Chose(place) => choose(model, place),
        TimeMsg::WatchedChoice(place) => {
            let choice = model.playback().and_then(|p| p.shown.choices.get(place).cloned());
            if let Some(choice) = choice {
                watch(model, choice.mv.thread());
            }
            Vec::new()
        }
        TimeMsg::ChoseZoom(zoom) => zoomed(model, zoom),
        TimeMsg::ChoseBranch(branch) => {
            let Some(playback) = model.playback_mut() else { return Vec::new() };
            playback.play = Play::Paused;
            playback.switch(branch);
            on_the_way(model)
        }
    }
}

pub(super) fn command(model: &mut Model, command: Command) -> Vec<Effect> {
    match command {
        Command::TogglePlay => toggle(model),
        Command::Forward(grain) => {
            pause(model);
            let grain = grain.unwrap_or(model.look.grain);
            forward(model, grain)
        }
        Command::Back(grain) => {
            pause(model);
            let grain = grain.unwrap_or(model.look.grain);
            let Some(playback) = model.playback() else { return Vec::new() };
            let target = earlier(playback, grain);
            seek(model, target)
        }
        Command::ToStart => seek(model, 0),
        Command::ToEnd => seek(model, usize::MAX),
        Command::NextMark => {
            let target = model.playback().map(|p| next_mark(p, p.destination()));
            target.map_or_else(Vec::new, |target| seek(model, target))
        }
        Command::PreviousMark => {
            let target = model.playback().map(|p| previous_mark(p, p.destination()));
            target.map_or_else(Vec::new, |target| seek(model, target))
        }
        Command::Choose(place) => choose(model, place),
        Command::ZoomFit => zoomed(model, Zoom::Fit),
        Command::ZoomIn | Command::ZoomOut => {
            let n_moves = model.playback().map_or(0, |playback| playback.player.len());
            let larger = command == Command::ZoomIn;
            let zoom = model.look.zoom.next(larger, n_moves, model.timeline_px());
            zoomed(model, zoom)
        }
        _ => Vec::new(),
    }
}

fn zoomed(model: &mut Model, zoom: Zoom) -> Vec<Effect> {
    model.look.zoom = zoom;
    keep::touched(model)
}

fn pause(model: &mut Model) {
    if let Some(playback) = model.playback_mut() {
        playback.play = Play::Paused;
    }
}

fn seek(model: &mut Model, target: usize) -> Vec<Effect> {
    let Some(playback) = model.playback_mut() else { return Vec::new() };
    playback.play = Play::Paused;
    playback.seek(target);
    on_the_way(model)
}

/// After a change of place: goes on in the next frame if it is not there yet.
fn on_the_way(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    if model.playback().is_some_and(|p| p.target.is_some()) {
        effects.push(Effect::Frame);
    }
    effects.extend(look::in_sight(model));
    effects.extend(keep::touched(model));
    effects
}

pub(super) fn frame(model: &mut Model) -> Vec<Effect> {
    let Some(playback) = model.playback_mut() else { return Vec::new() };
    if playback.go() { Vec::new() } else { vec![Effect::Frame] }
}

/// Keeps the thread of the last move in view.
fn watch(model: &mut Model, thread: &str) {
    if let Some(thread) = model.playback().and_then(|p| p.thread(thread)) {
        model.look.thread = Some(thread);
        model.look.file = None;
    }
}

/// One step on: what is recorded, or else the watched thread's.
fn forward(model: &mut Model, grain: Grain) -> Vec<Effect> {
    let may_step = model.may_step();
    let (lane, watched) = (model.look.lane, model.look.thread);
    let Some(playback) = model.playback_mut() else { return Vec::new() };
    if playback.target.is_some() {
        // Still on its way: the step is counted from where it is going.
        let target = playback.destination() + 1;
        return seek(model, target);
    }
    let cursor = playback.cursor();
    let recorded = playback.moves().get(cursor).cloned();
    match recorded {
        Some(one)
            if grain == Grain::Call
                || !may_step
                || !is_whole(&one)
                || is_over(playback, lane, &one) =>
        {
            watch(model, one.thread());
            seek(model, cursor + 1)
        }
        Some(one) => match playback.player.run().step_move(lane, one.thread(), grain, true) {
            Some(fine) => {
                watch(model, one.thread());
                insert(model, fine)
            }
            None => seek(model, cursor + 1),
        },
        None => {
            let thread = watched.or_else(|| first_able(playback));
            thread.map_or_else(Vec::new, |thread| step(model, thread, grain))
        }
    }
}

/// A move that a finer step can be taken inside.
const fn is_whole(one: &Move) -> bool {
    matches!(one, Move::Call { .. } | Move::Work { .. })
}

/// Whether fine steps have brought this lane to the end of the recorded call already.
fn is_over(playback: &Playback, lane: usize, recorded: &Move) -> bool {
    playback.player.last().is_some_and(|report| {
        !is_whole(&report.mv)
            && report.mv.thread() == recorded.thread()
            && report.lanes.get(lane).is_some_and(|lane| lane.ended.is_some())
    })
}

fn first_able(playback: &Playback) -> Option<usize> {
    let able = playback.shown.choices.iter().find(|choice| choice.lanes.iter().any(is_possible))?;
    playback.thread(able.mv.thread())
}

const fn is_possible(possible: &Possible) -> bool {
    matches!(possible, Possible::Yes(_))
}

/// A key or a button chose who goes next.
fn choose(model: &mut Model, place: usize) -> Vec<Effect> {
    pause(model);
    let grain = model.look.grain;
    let Some(playback) = model.playback() else { return Vec::new() };
    let Some(one) = playback.shown.choices.get(place).map(|choice| choice.mv.clone()) else {
        return Vec::new();
    };
    watch(model, one.thread());
    let Some(thread) = model.playback().and_then(|p| p.thread(one.thread())) else {
        return Vec::new();
    };
    match one {
        Move::Work { .. } => take(model, one),
        Move::Call { .. } | Move::Begin { .. } | Move::To { .. } => step(model, thread, grain),
    }
}

/// A step of this thread, whatever is recorded. The worker takes the first of its items that can go.
pub(super) fn step(model: &mut Model, thread: usize, grain: Grain) -> Vec<Effect> {
    let lane = model.look.lane;
    let Some(playback) = model.playback() else { return Vec::new() };
    let name = playback.thread_name(thread).to_owned();
    let choice = |p: &Playback| {
        let mut of_thread = p.shown.choices.iter().filter(|c| c.mv.thread() == name);
        of_thread.find(|c| c.lanes.iter().any(is_possible)).map(|c| c.mv.clone())
    };
    let fine = match grain {
        Grain::Call => None,
        Grain::Access | Grain::Statement => {
            playback.player.run().step_move(lane, &name, grain, true)
        }
    };
    match fine.or_else(|| choice(playback)) {
        Some(one) => take(model, one),
        // It cannot go; why not stands on its button.
        None => Vec::new(),
    }
}

/// Takes a move: the recorded one, a finer step inside it, or another, which forks.
pub(super) fn take(model: &mut Model, one: Move) -> Vec<Effect> {
    if !model.may_step() {
        return Vec::new();
    }
    let Some(playback) = model.playback_mut() else { return Vec::new() };
    if playback.target.is_some() {
        playback.seek(playback.destination());
        playback.go_all_the_way();
    }
    let recorded = playback.moves().get(playback.cursor());
    let inside = !is_whole(&one)
        && recorded.is_some_and(|recorded| is_whole(recorded) && recorded.thread() == one.thread());
    if inside {
        return insert(model, one);
    }
    playback.play = Play::Paused;
    playback.take(one);
    let mut effects = keep::touched(model);
    effects.extend(look::in_sight(model));
    effects
}

/// A finer step before the rest of the recorded call.
fn insert(model: &mut Model, fine: Move) -> Vec<Effect> {
    let Some(playback) = model.playback_mut() else { return Vec::new() };
    playback.play = Play::Paused;
    playback.put_in(fine);
    let target = playback.cursor() + 1;
    playback.seek(target);
    on_the_way(model)
}

/// Where a step back leads.
fn earlier(playback: &Playback, grain: Grain) -> usize {
    let moves = playback.moves();
    let at = playback.destination();
    let Some(mut to) = at.checked_sub(1) else { return 0 };
    if grain != Grain::Call {
        return to;
    }
    // To before the first of the finer steps that make up a call.
    while let (Some(last), Some(before)) =
        (moves.get(to), to.checked_sub(1).and_then(|b| moves.get(b)))
    {
        let same_call = !is_whole(before) && before.thread() == last.thread();
        let ended = playback
            .player
            .report(to - 1)
            .is_some_and(|r| r.lanes.iter().any(|l| l.ended.is_some()));
        if !same_call || ended {
            break;
        }
        to -= 1;
    }
    to
}

fn has_mark(playback: &Playback, at: usize) -> bool {
    playback
        .player
        .report(at)
        .is_some_and(|report| report.lanes.iter().any(|lane| !lane.marks.is_empty()))
}

/// The place after the next marked move; the end if there is none.
fn next_mark(playback: &Playback, from: usize) -> usize {
    let n_moves = playback.player.len();
    (from..n_moves).find(|at| has_mark(playback, *at)).map_or(n_moves, |at| at + 1)
}

fn previous_mark(playback: &Playback, from: usize) -> usize {
    (0..from.saturating_sub(1)).rev().find(|at| has_mark(playback, *at)).map_or(0, |at| at + 1)
}

fn toggle(model: &mut Model) -> Vec<Effect> {
    let may_step = model.may_step();
    let Some(playback) = model.playback_mut() else { return Vec::new() };
    if playback.is_playing() {
        playback.play = Play::Paused;
        return keep::touched(model);
    }
    playback.play = match (playback.is_at_end(), may_step) {
        (false, _) => Play::Recorded,
        (true, true) => Play::InTurns,
        (true, false) => {
            playback.seek(0);
            Play::Recorded
        }
    };
    set_beat(model)
}

/// Sets the next beat; those set before count no more.
pub(super) fn set_beat(model: &mut Model) -> Vec<Effect> {
    model.n_beats = model.n_beats.wrapping_add(1);
    vec![Effect::Alarm(Alarm::Beat(model.n_beats), model.look.speed.step_ms())]
}

/// A beat of playing.
pub(super) fn beat(model: &mut Model, n: u32) -> Vec<Effect> {
    if n != model.n_beats {
        return Vec::new();
    }
    let Some(playback) = model.playback_mut().filter(|p| p.is_playing()) else { return Vec::new() };
    if playback.target.is_some() {
        // Slower than the beat: nothing is skipped.
        let mut effects = set_beat(model);
        effects.push(Effect::Frame);
        return effects;
    }
    let cursor = playback.cursor();
    if let Some(one) = playback.moves().get(cursor).cloned() {
        playback.seek(cursor + 1);
        let under_way = playback.target.is_some();
        watch(model, one.thread());
        let mut effects = set_beat(model);
        effects.extend(under_way.then_some(Effect::Frame));
        effects.extend(look::in_sight(model));
        return effects;
    }
    if playback.play == Play::InTurns
        && let Some(one) = in_turn(playback)
    {
        playback.take(one.clone());
        watch(model, one.thread());
        let mut effects = set_beat(model);
        effects.extend(look::in_sight(model));
        return effects;
    }
    let was_story = playback.play == Play::Story;
    playback.play = Play::Paused;
    if was_story { Vec::new() } else { keep::touched(model) }
}

/// The next move when threads go in turn: after the thread that moved last, the next that can.
fn in_turn(playback: &Playback) -> Option<Move> {
    let choices = &playback.shown.choices;
    let last = playback.cursor().checked_sub(1).and_then(|at| playback.moves().get(at));
    let thread = last.map_or("", Move::thread);
    let from = choices.iter().rposition(|c| c.mv.thread() == thread).map_or(0, |at| at + 1);
    let turn = choices.iter().cycle().skip(from).take(choices.len());
    turn.filter(|c| c.lanes.iter().any(is_possible)).map(|c| c.mv.clone()).next()
}
