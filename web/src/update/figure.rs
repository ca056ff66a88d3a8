//! What messages mean to a figure in somebody's page: time, lanes and looks, and the scenario's text if its
//! readers may change that. Nothing else is done, whoever asks; so its program need hold nothing else.

use super::{edit, lanes, look, open, script, text, time};
use crate::keys::Command;
use crate::model::{Model, Stage};
use crate::msg::{Alarm, Effect, Heard, KeepMsg, LookMsg, Msg, Opened, TextMsg};

/// Takes a message in.
pub fn figure(model: &mut Model, message: Msg) -> Vec<Effect> {
    match message {
        Msg::Command(command) => command_given(model, command),
        Msg::Heard(Heard::Opened(opened)) => opened_as(model, *opened),
        Msg::Heard(Heard::Resized { width_px, height_px }) => {
            look::resized(model, width_px, height_px)
        }
        Msg::Rang(Alarm::Beat(n), _) => time::beat(model, n),
        Msg::Rang(Alarm::Come, _) => edit::come(model),
        Msg::Rang(Alarm::Settled(n), _) if n == model.text.n_typed => text::read_here(model),
        Msg::Frame(_) => time::frame(model),
        Msg::Lane(lane, event) => lanes::looked(model, lane, event),
        Msg::Time(message) => time::message(model, message),
        Msg::Text(message) if model.may_edit() => text_message(model, message),
        Msg::Look(message) => looked(model, &message),
        Msg::Keep(KeepMsg::Dismissed(id)) => {
            model.troubles.retain(|trouble| trouble.id != id);
            Vec::new()
        }
        Msg::Script(message) => script::with(model, message, open_link),
        Msg::Heard(_)
        | Msg::Rang(..)
        | Msg::Text(_)
        | Msg::Edit(_)
        | Msg::Tree(_)
        | Msg::Listing(_)
        | Msg::Import(_)
        | Msg::Trace(_)
        | Msg::Keep(_)
        | Msg::Nothing => Vec::new(),
    }
}

/// Whether a key that asks for this is the figure's; others are the page's around it, which may search by `/`.
pub fn figure_hears(model: &Model, command: Command) -> bool {
    match command {
        Command::Undo | Command::Redo => model.may_edit(),
        Command::Choose(_) => model.may_step(),
        Command::EditListing | Command::Check | Command::Find | Command::Help | Command::Close => {
            false
        }
        _ => true,
    }
}

fn command_given(model: &mut Model, command: Command) -> Vec<Effect> {
    match command {
        _ if !figure_hears(model, command) => Vec::new(),
        Command::NextLane => lanes::turn(model, 1),
        Command::PreviousLane => lanes::turn(model, -1),
        Command::Undo => edit::undo(model),
        Command::Redo => edit::redo(model),
        _ => time::command(model, command),
    }
}

fn opened_as(model: &mut Model, opened: Opened) -> Vec<Effect> {
    model.around.address = opened.address;
    model.around.reduced_motion = opened.reduced_motion;
    model.around.width_px = opened.width_px;
    model.around.height_px = opened.height_px;
    model.around.coarse = opened.coarse;
    model.look.viewport.height_px = opened.height_px;
    model.look.side = false;
    open_link(model, &opened.fragment)
}

/// Opens a link. Where nothing of it can be shown, what is here stays.
fn open_link(model: &mut Model, fragment: &str) -> Vec<Effect> {
    if fragment.is_empty() {
        model.stage = Stage::Bare(vec!["The address of this figure names no scenario.".to_owned()]);
        return Vec::new();
    }
    let Some(shared) = open::read_link(model, fragment, None) else {
        if model.playback().is_none() {
            model.stage = Stage::Bare(Vec::new());
        }
        return Vec::new();
    };
    open::adopt(model, shared)
}

fn text_message(model: &mut Model, message: TextMsg) -> Vec<Effect> {
    match message {
        TextMsg::Typed(typed) => text::typed(model, typed),
        TextMsg::Dropped => {
            model.text.typed = None;
            Vec::new()
        }
        TextMsg::ShownAnyway => {
            model.text.shown_anyway = true;
            Vec::new()
        }
        TextMsg::Copied => Vec::new(),
    }
}

fn looked(model: &mut Model, message: &LookMsg) -> Vec<Effect> {
    match message {
        LookMsg::Tab(tab) => look::show(model, *tab),
        LookMsg::Side(open) => model.look.side = *open,
        LookMsg::Scrolled(scroll_px, height_px) => {
            model.look.viewport.scroll_px = *scroll_px;
            model.look.viewport.height_px = *height_px;
        }
        LookMsg::File(file) => model.look.file = Some(*file),
        _ => {}
    }
    Vec::new()
}
