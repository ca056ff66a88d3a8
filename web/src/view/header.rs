//! The header: what is shown, and the ways to other things.

use super::On;
use crate::effect::events;
use crate::keys::Command;
use crate::model::{DialogKind, Model};
use crate::msg::{EditMsg, LookMsg, Msg, Theme};
use crate::view::icons::{Icon, icon};
use yew::{Html, html};

pub(super) fn header(model: &Model, on: &On) -> Html {
    let title = &model.document.scenario().title;
    html! {
        <header class="top">
            <h1 class="top__brand">{ "memcg playground" }</h1>
            <label class="top__title">
                <span class="visually-hidden">{ "Title of the scenario" }</span>
                <input class="top__field" value={title.clone()} placeholder="untitled" autocomplete="off" spellcheck="false"
                    oninput={on.send.reform(|event: yew::InputEvent| Msg::Edit(EditMsg::TypedTitle(events::value(&event))))} />
            </label>
            if model.look.search.is_some() {
                { search(model, on) }
            }
            <div class="top__tools">
                { opener(on, DialogKind::Gallery, Icon::Tree, "Gallery", "Scenarios to begin with") }
                { opener(on, DialogKind::Policies, Icon::Branch, "Policies", "Every iterator there was, what replaced it and why") }
                { opener(on, DialogKind::Check, Icon::Check, "Check", "Every run of these threads: does it hold, or how does it break (c)") }
                { opener(on, DialogKind::Compare, Icon::Table, "Compare", "The policies under this schedule, as a table") }
                { opener(on, DialogKind::Import, Icon::Plus, "Import", "Bring your own cgroups: paste a listing or drop a file") }
                { undo(on, "Undo", "u", Icon::Undo, Command::Undo, model.document.undoable()) }
                { undo(on, "Redo", "U", Icon::Redo, Command::Redo, model.document.redoable()) }
                <button type="button" class="button button--icon button--quiet" aria-label="Find a group" title="Find a group (/)"
                    onclick={on.say(Msg::Command(Command::Find))}>{ icon(Icon::Search) }</button>
                { theme(model, on) }
                <button type="button" id={DialogKind::Keys.button()} class="button button--icon button--quiet" aria-label="All keys"
                    title="All keys (?)" onclick={on.say(Msg::Command(Command::Help))}>{ icon(Icon::Help) }</button>
                { opener(on, DialogKind::Share, Icon::Share, "Share", "A link, or a figure for a page of yours") }
                { side(model, on) }
            </div>
        </header>
    }
}

fn opener(
    on: &On,
    kind: DialogKind,
    symbol: Icon,
    name: &'static str,
    title: &'static str,
) -> Html {
    html! {
        <button type="button" id={kind.button()} class="button button--quiet top__opener" {title} aria-haspopup="dialog"
            onclick={on.say(Msg::Look(LookMsg::Dialog(kind)))}>{ icon(symbol) }<span class="top__word">{ name }</span></button>
    }
}

fn undo(
    on: &On,
    name: &'static str,
    key: &'static str,
    symbol: Icon,
    command: Command,
    what: Option<&str>,
) -> Html {
    let label = match what {
        Some(what) => format!("{name}: {what}"),
        None => name.to_owned(),
    };
    html! {
        <button type="button" class="button button--icon button--quiet" title={format!("{label} ({key})")} aria-label={label}
            disabled={what.is_none()} onclick={on.say(Msg::Command(command))}>{ icon(symbol) }</button>
    }
}

fn theme(model: &Model, on: &On) -> Html {
    let (next, now) = match model.look.theme {
        Theme::System => (Theme::Light, "as the system"),
        Theme::Light => (Theme::Dark, "light"),
        Theme::Dark => (Theme::System, "dark"),
    };
    let label = format!("Theme: {now}");
    html! {
        <button type="button" class="button button--icon button--quiet" title={label.clone()} aria-label={label}
            onclick={on.say(Msg::Look(LookMsg::Theme(next)))}>{ icon(Icon::Theme) }</button>
    }
}

fn side(model: &Model, on: &On) -> Html {
    let open = model.look.side;
    html! {
        <button type="button" class="button button--quiet top__side" aria-expanded={open.to_string()} aria-controls="side"
            onclick={on.say(Msg::Look(LookMsg::Side(!open)))}>{ "Panel" }</button>
    }
}

fn search(model: &Model, on: &On) -> Html {
    let Some(search) = &model.look.search else { return Html::default() };
    let found = match (search.text.trim().is_empty(), search.found.len()) {
        (true, _) => String::new(),
        (false, 0) => "none".to_owned(),
        (false, n) => format!("{} of {n}", search.at + 1),
    };
    let keys = on.when(|event: yew::KeyboardEvent| match event.key().as_str() {
        "Enter" => Some(Msg::Look(LookMsg::SearchNext)),
        "Escape" => Some(Msg::Look(LookMsg::SearchClosed)),
        _ => None,
    });
    html! {
        <div class="top__search" role="search">
            <input id="search-field" class="input" type="search" placeholder="Find a group" aria-label="Find a group by a part of its path"
                autocomplete="off" spellcheck="false" value={search.text.clone()} onkeydown={keys}
                oninput={on.send.reform(|event: yew::InputEvent| Msg::Look(LookMsg::Search(events::value(&event))))} />
            <span class="top__found" role="status">{ found }</span>
        </div>
    }
}
