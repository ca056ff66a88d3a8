//! What scripts and tests see of the page, as plain objects. Documented in `docs/page-api.md`.

use crate::model::Model;
use crate::model::playback::Playback;
use crate::model::text::Verdict;
use memcg_core::hierarchy::GroupId;
use memcg_core::picture::{
    Fault, GroupPicture, LanePicture, Life, Next, PinPicture, ThreadPicture,
};
use memcg_core::run::Possible;
use memcg_core::world::World;
use serde::Serialize;

/// The version of this interface.
pub const VERSION: u32 = 1;

/// The page.
#[derive(Clone, Debug, Serialize)]
pub struct State {
    title: String,
    /// Moves taken.
    cursor: usize,
    /// Moves recorded on the branch shown.
    #[serde(rename = "nMoves")]
    n_moves: usize,
    branch: String,
    branches: Vec<String>,
    playing: bool,
    /// What the last move did.
    sentence: String,
    /// Where lanes first differ, among the moves played so far.
    divergence: Option<Parting>,
    /// Names of all threads, in order.
    threads: Vec<String>,
    choices: Vec<ChoiceState>,
    lanes: Vec<LaneState>,
    /// Titles of the notices on the page.
    notices: Vec<String>,
    /// The text tab holds a text with mistakes.
    #[serde(rename = "textIsWrong")]
    text_is_wrong: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Parting {
    at: usize,
    words: String,
}

#[derive(Clone, Debug, Serialize)]
struct ChoiceState {
    thread: String,
    /// By lane: the next step in words, or why there is none.
    lanes: Vec<PossibleState>,
}

#[derive(Clone, Debug, Serialize)]
struct PossibleState {
    possible: bool,
    words: String,
}

#[derive(Clone, Debug, Serialize)]
struct LaneState {
    lane: String,
    counters: CounterState,
    fault: Option<FaultState>,
    groups: Vec<GroupState>,
    pins: Vec<PinState>,
    threads: Vec<ThreadState>,
}

#[derive(Clone, Debug, Serialize)]
struct CounterState {
    rounds: u32,
    restarts: u32,
    visits: u32,
    wiped: u32,
}

#[derive(Clone, Debug, Serialize)]
struct FaultState {
    name: String,
    words: String,
}

#[derive(Clone, Debug, Serialize)]
struct GroupState {
    path: String,
    life: &'static str,
    refs: i32,
    /// Place in its round, from 1.
    visit: Option<u32>,
    visits: u32,
}

#[derive(Clone, Debug, Serialize)]
struct PinState {
    root: String,
    key: String,
    group: Option<String>,
    dangling: bool,
    generation: Option<u32>,
}

#[derive(Clone, Debug, Serialize)]
struct ThreadState {
    name: String,
    holds: Option<String>,
    call: Option<String>,
    line: Option<(String, u32)>,
    next: String,
}

/// The page as it is.
pub fn state(model: &Model) -> State {
    let playback = model.playback();
    let branches = model.branches();
    State {
        title: model.document.scenario().title.clone(),
        cursor: model.cursor(),
        n_moves: playback.map_or(0, |p| p.player.len()),
        branch: branches.all.get(branches.shown).map_or_else(String::new, |b| b.name.clone()),
        branches: branches.all.iter().map(|b| b.name.clone()).collect(),
        playing: playback.is_some_and(Playback::is_playing),
        sentence: playback.map_or_else(String::new, |p| p.shown.sentence.clone()),
        divergence: playback
            .and_then(|p| p.player.divergence())
            .map(|d| Parting { at: d.at, words: d.words }),
        threads: playback
            .map(|p| p.world.threads.iter().map(|t| t.name.clone()).collect())
            .unwrap_or_default(),
        choices: playback.map(choices).unwrap_or_default(),
        lanes: playback.map(lanes).unwrap_or_default(),
        notices: model.troubles.iter().map(|t| t.title.clone()).collect(),
        text_is_wrong: model.text.typed.as_ref().is_some_and(|t| t.verdict == Verdict::Wrong),
    }
}

fn choices(playback: &Playback) -> Vec<ChoiceState> {
    let possible = |possible: &Possible| match possible {
        Possible::Yes(words) => PossibleState { possible: true, words: words.clone() },
        Possible::No(why) => PossibleState { possible: false, words: why.clone() },
    };
    let choices = playback.shown.choices.iter();
    choices
        .map(|c| ChoiceState {
            thread: c.mv.thread().to_owned(),
            lanes: c.lanes.iter().map(possible).collect(),
        })
        .collect()
}

fn lanes(playback: &Playback) -> Vec<LaneState> {
    let lanes = playback.player.run().lanes().iter();
    lanes
        .zip(&playback.shown.pictures)
        .map(|(lane, picture)| lane_state(&playback.world, lane.spec().to_string(), picture))
        .collect()
}

fn lane_state(world: &World, lane: String, picture: &LanePicture) -> LaneState {
    let counters = picture.counters;
    LaneState {
        lane,
        counters: CounterState {
            rounds: counters.n_rounds,
            restarts: counters.n_restarts,
            visits: counters.n_visits,
            wiped: counters.n_wiped,
        },
        fault: picture.fault.as_ref().map(|Fault { name, words, .. }| FaultState {
            name: name.clone(),
            words: words.clone(),
        }),
        groups: picture.groups.iter().map(|group| group_state(world, group)).collect(),
        pins: picture.pins.iter().map(|pin| pin_state(world, pin)).collect(),
        threads: picture
            .threads
            .iter()
            .enumerate()
            .map(|(at, thread)| thread_state(world, at, thread))
            .collect(),
    }
}

fn path(world: &World, group: GroupId) -> String {
    world.path(group).to_owned()
}

fn group_state(world: &World, group: &GroupPicture) -> GroupState {
    let life = match group.life {
        Life::Unborn => "unborn",
        Life::Coming => "coming",
        Life::Alive => "alive",
        Life::Dying => "dying",
        Life::Offline => "offline",
        Life::Unlinked => "unlinked",
        Life::Freed => "freed",
    };
    GroupState {
        path: path(world, group.group),
        life,
        refs: group.n_refs,
        visit: group.visit,
        visits: group.n_visits,
    }
}

fn pin_state(world: &World, pin: &PinPicture) -> PinState {
    PinState {
        root: path(world, pin.root),
        key: pin.key.clone(),
        group: pin.group.map(|group| path(world, group)),
        dangling: pin.dangling,
        generation: pin.generation,
    }
}

fn thread_state(world: &World, at: usize, thread: &ThreadPicture) -> ThreadState {
    ThreadState {
        name: world.threads.get(at).map_or_else(String::new, |t| t.name.clone()),
        holds: thread.holds.map(|group| path(world, group)),
        call: thread.call.clone(),
        line: thread.line.clone(),
        next: match &thread.next {
            Next::Access { words, .. } => words.clone(),
            Next::Waits { stage, group, .. } => {
                format!("waits: {stage} of {}", path(world, *group))
            }
            Next::Blocked(why) => format!("blocked: {why}"),
            Next::Done => "done".to_owned(),
        },
    }
}
