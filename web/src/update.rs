//! What every message means: changes the model, and says what is asked of the browser.
//!
//! Pure: no browser, no clock; time comes with the messages. One file for each kind of message.

mod branches;
mod check;
mod edit;
mod figure;
mod import;
mod keep;
mod lanes;
mod line;
mod listing;
mod look;
mod open;
mod remove;
mod script;
mod sheet;
mod text;
mod threads;
mod time;
mod trace;
mod tree;
mod watches;

#[cfg(test)]
mod tests;

use crate::keys::Command;
use crate::model::Model;
use crate::model::playback::Play;
use crate::msg::{Effect, Heard, ListingMsg, LookMsg, Msg, TreeMsg};

pub use figure::{figure, figure_hears};
pub use import::is_picture;
pub use keep::link;
pub use listing::{draft_place, turned_to};
pub use threads::line_of;
pub use trace::is_trace;

/// Takes a message in.
pub fn update(model: &mut Model, message: Msg) -> Vec<Effect> {
    let was_story = take_over(model, &message);
    let effects = match message {
        // The key that takes over from the story has stopped it already.
        Msg::Command(Command::TogglePlay) if was_story => Vec::new(),
        Msg::Command(command) => command_given(model, command),
        Msg::Heard(heard) => heard_of(model, heard),
        Msg::Rang(alarm, _) => rang(model, alarm),
        Msg::Frame(_) => time::frame(model),
        Msg::Lane(lane, event) => lanes::event(model, lane, event),
        Msg::Time(message) => time::message(model, message),
        Msg::Edit(message) => edit::message(model, message),
        Msg::Tree(message) => tree::message(model, message),
        Msg::Text(message) => text::message(model, message),
        Msg::Listing(message) => listing::message(model, message),
        Msg::Import(message) => import::message(model, message),
        Msg::Look(message) => look::message(model, message),
        Msg::Trace(message) => trace::message(model, message),
        Msg::Keep(message) => keep::message(model, message),
        Msg::Script(message) => script::message(model, message),
        Msg::Nothing => Vec::new(),
    };
    listing::follow(model);
    effects
}

/// Whatever a person does ends the opening story's playing by itself. `true` if it did.
fn take_over(model: &mut Model, message: &Msg) -> bool {
    let by_person = match message {
        Msg::Heard(Heard::Pasted(_) | Heard::FileComing(_) | Heard::LinkFollowed(_)) => true,
        Msg::Heard(_)
        | Msg::Rang(..)
        | Msg::Frame(_)
        | Msg::Nothing
        | Msg::Look(LookMsg::Scrolled(..))
        | Msg::Tree(TreeMsg::Scrolled(..)) => false,
        _ => true,
    };
    let Some(playback) = model.playback_mut().filter(|p| by_person && p.play == Play::Story) else {
        return false;
    };
    playback.play = Play::Paused;
    true
}

fn command_given(model: &mut Model, command: Command) -> Vec<Effect> {
    match command {
        Command::TogglePlay
        | Command::Forward(_)
        | Command::Back(_)
        | Command::ToStart
        | Command::ToEnd
        | Command::NextMark
        | Command::PreviousMark
        | Command::ZoomFit
        | Command::ZoomIn
        | Command::ZoomOut
        | Command::Choose(_) => time::command(model, command),
        Command::NextLane => lanes::turn(model, 1),
        Command::PreviousLane => lanes::turn(model, -1),
        Command::Undo => edit::undo(model),
        Command::Redo => edit::redo(model),
        Command::EditListing => listing::message(model, ListingMsg::Opened),
        Command::Check => check::shown(model),
        Command::Find | Command::Help | Command::Close => look::command(model, command),
    }
}

fn heard_of(model: &mut Model, heard: Heard) -> Vec<Effect> {
    match heard {
        Heard::Opened(opened) => open::opened(model, *opened),
        Heard::LinkFollowed(fragment) => open::followed(model, &fragment),
        Heard::Leaving => keep::keep_now(model),
        Heard::Resized { width_px, height_px } => look::resized(model, width_px, height_px),
        Heard::Pasted(text) => import::pasted(model, text),
        Heard::FileComing(name) => import::coming(model, name),
        Heard::FileRead { name, text } => import::arrived(model, &name, text),
        Heard::FileFailed(why) => import::failed(model, why),
        Heard::FileIsTrace(name) => trace::dropped(model, name),
        Heard::FileIsPicture(name, n_bytes) => import::picture(model, &name, n_bytes),
        Heard::Worker(answer) => import::answered(model, answer),
        Heard::WorkerFailed(why) => import::worker_failed(model, why),
        Heard::CheckerFailed(why) => check::failed(model, &why),
        Heard::NotKept(why) => keep::refused(model, why),
        Heard::Copied(what, done) => keep::copied(model, what, done),
    }
}

fn rang(model: &mut Model, alarm: crate::msg::Alarm) -> Vec<Effect> {
    use crate::msg::Alarm;
    match alarm {
        Alarm::Beat(n) => time::beat(model, n),
        Alarm::Settled(n) => text::settled(model, n),
        Alarm::ListingSettled(n) => listing::settled(model, n),
        Alarm::Come => edit::come(model),
        Alarm::Unstopped(n) => check::unstopped(model, n),
        Alarm::Keep => keep::rang(model),
        Alarm::CopyWords(n) => keep::forget_copied(model, n),
    }
}
