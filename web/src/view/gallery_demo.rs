//! A page of all views in the moments worth looking at, for eyes: `target/views.html`.

use super::lane::{Lane, Title};
use super::listing::{Cursor, Draft, LineNote, Listing, SourceFile};
use super::rendered::markup;
use super::sentence::{Parting, Sentence};
use super::threads::Threads;
use super::timeline::Timeline;
use super::transport::{Choices, Transport};
use super::{mark, sample};
use crate::geometry::rows::{Density, Outline, Viewport};
use crate::geometry::story::BranchRow;
use memcg_core::hierarchy::GroupId;
use memcg_core::picture::LanePicture;
use memcg_core::world::World;
use std::collections::BTreeSet;
use std::rc::Rc;
use yew::{Html, html};

const SHEETS: [&str; 13] = [
    "base", "build", "controls", "dialog", "lane", "listing", "page", "panel", "print", "threads",
    "timeline", "tokens", "tree",
];

fn title(policy: &'static str, years: &'static str, line: &'static str) -> Rc<Title> {
    Rc::new(Title { policy: policy.into(), core: None, years: years.into(), line: line.into() })
}

fn lanes(world: &Rc<World>, density: Density, shown: Vec<(Rc<Title>, LanePicture)>) -> Html {
    let outline = Rc::new(Outline::new(world, &BTreeSet::new()));
    let marks = Rc::new(mark::of(world));
    let before = Rc::new(sample::walking(world, 6));
    let viewport = Viewport { density, scroll_px: 0, height_px: 600 };
    html! {
        <div class={yew::classes!("lanes", density.class())}>
            { for shown.into_iter().enumerate().map(|(at, (title, picture))| html! {
                <Lane lane={at} {title} pickable=true world={world.clone()} outline={outline.clone()}
                    marks={marks.clone()} picture={Rc::new(picture)} before={(at == 2).then(|| before.clone())}
                    {viewport} n_visits_max={9} selected={(at < 9).then_some(GroupId(7))} current={at == 0}
                    note={(at == 1).then_some("kswapd0 was brought along to the end of its call first")}
                    removable={true} />
            }) }
        </div>
    }
}

fn page() -> Html {
    let world = Rc::new(sample::world());
    let story = vec![
        (
            title("rhel7-dead-count", "2014–2020", "restarts whenever any group is removed"),
            sample::restarted(&world, 7, 9),
        ),
        (
            title("vz7-seed-commit", "2021", "wipes the slot, still compares the counter"),
            sample::faulty(&world),
        ),
        (
            title("vz7-nullify", "2021–", "only a removed position is forgotten"),
            sample::dying(&world),
        ),
    ];
    html! {
        <div class="page">
            <header class="top">
                <h1 class="top__brand">{ "memcg playground" }</h1>
                <p class="top__title">{ "One removal, three policies" }</p>
                <div class="top__tools">
                    { for ["Gallery", "Check", "Share", "?"].map(|name| html! {
                        <button class="button button--quiet">{ name }</button> }) }
                </div>
            </header>
            <main class="stage" id="stage"><div class="stage__lanes" tabindex="0">
                { lanes(&world, Density::Roomy, story) }
            </div>
            <Sentence words="vzctl removed ct-104; under rhel7-dead-count every walk begins at the root again."
                parting={Parting { at: 8, words: "rhel7-dead-count returned the root, vz7-nullify ct-105".into() }} /></main>
            <aside class="side">
                <div class="tabs" role="tablist" aria-label="Panel">
                    { for ["Listing", "Build", "Scenario", "Check"].iter().enumerate().map(|(at, name)| html! {
                        <button class="tabs__tab" role="tab" aria-selected={(at == 0).to_string()}>{ *name }</button> }) }
                </div>
                <div class="tabs__panel">{ listing(&world, false) }</div>
            </aside>
            <section class="dock" aria-label="Time">
                <div class="dock__threads"><Threads choices={Rc::new(sample::choices())} marks={Rc::new(mark::of(&world))}
                    watched={Some(0)} recorded={Some(0)} /></div>
                <div class="dock__time">{ timeline(&world) }{ transport() }</div>
            </section>
        </div>
    }
}

fn transport() -> Html {
    let choices = |names: &[&'static str], chosen| Choices {
        names: names.iter().map(|n| (*n).into()).collect(),
        chosen,
    };
    html! {
        <Transport at={27} n_moves={40} grains={choices(&["access", "statement", "call"], 2)}
            speeds={choices(&["½×", "1×", "2×", "8×"], 1)} branches={choices(&["main", "what if"], 0)} />
    }
}

fn timeline(world: &World) -> Html {
    let branch = |name: &str, fork_at, n_moves| BranchRow { name: name.into(), fork_at, n_moves };
    html! {
        <Timeline story={Rc::new(sample::story(world))} at={27} marks={Rc::new(mark::of(world))}
            lanes={Rc::new(vec!["rhel7-dead-count".into(), "vz7-seed-commit".into(), "vz7-nullify".into()])} lane={0}
            branches={Rc::new(vec![branch("main", 0, 40), branch("what if", 18, 30)])} branch={0} width_px={880} />
    }
}

fn listing(world: &World, editing: bool) -> Html {
    let text = include_str!("../../../crates/core/listings/policies/vz7-nullify.lst");
    // Without its head, so that the marked lines are in view.
    let text = text.split_once("\n\n").map_or(text, |(_, code)| code);
    let file = |name: &'static str, role: &'static str, editable| SourceFile {
        name: name.into(),
        role: role.into(),
        text: text.into(),
        changed: editable,
        editable,
    };
    let cursor = |thread, line, label: &'static str, words: &'static str| Cursor {
        thread,
        file: 0,
        line,
        label: label.into(),
        words: words.into(),
        locals: vec![("pos".into(), "ct-103".into()), ("root".into(), "/".into())],
    };
    let draft = editing.then(|| {
        Rc::new(Draft {
            text: text.into(),
            notes: vec![LineNote {
                line: 13,
                text: "there is no `iterr`".into(),
                help: Some("write `iter`".into()),
            }],
        })
    });
    html! {
        <Listing files={Rc::new(vec![file("vz7-nullify", "policy", true), file("stale", "walk", false), file("percpu-ref", "core", false)])}
            cursors={Rc::new(vec![cursor(0, 15, "load_position.tryget", "tryget(ct-103)"), cursor(1, 13, "load_position.last_visited", "")])}
            marks={Rc::new(mark::of(world))} watched={Some(0)} {draft} />
    }
}

/// The parts that the first page has no room for.
fn parts() -> Html {
    let world = sample::world();
    let wide = Rc::new(sample::wide_world(1_000));
    let wide_lanes = (0..4)
        .map(|at| {
            (
                title("v6.12-unpinned", "2024–", "never holds a reference"),
                sample::walking(&wide, 15 + at),
            )
        })
        .collect();
    html! {
        <div class="parts">
            <section class="part part--code">{ listing(&world, false) }</section>
            <section class="part part--code">{ listing(&world, true) }</section>
            <section class="part part--lanes"><div class="stage__lanes">{ lanes(&wide, Density::Dense, wide_lanes) }</div></section>
            <section class="part">{ controls() }</section>
            <section class="part">{ panel() }</section>
            <section class="part part--dialogs">{ dialog() }</section>
        </div>
    }
}

fn controls() -> Html {
    let button = |class: &'static str, name: &'static str| {
        html! {
            <button class={yew::classes!("button", class)}>{ name }</button>
        }
    };
    html! {
        <div class="panel">
            <div class="toolbar">
                { button("button--primary", "Check") }{ button("", "Share") }{ button("button--quiet", "Cancel") }
                { button("button--danger", "Remove") }{ button("button--small", "Small") }
                <button class="button" disabled={true}>{ "Off" }</button>
                <button class="button" aria-pressed="true">{ "Pressed" }</button>
            </div>
            <label class="field"><span class="field__label">{ "Title" }</span><input class="input" value="One removal" />
                <span class="field__hint">{ "Shown in links" }</span></label>
            <label class="field"><span class="field__label">{ "Thread" }</span><input class="input input--mono" aria-invalid="true" value="kswapd0 walk /" />
                <span class="field__error">{ "a walk needs a root" }</span></label>
            <label class="check"><input type="checkbox" checked={true} />{ "Preemptible kernel" }</label>
            <div class="toolbar">
                { for [("chip--ok", "holds"), ("chip--bad", "fails"), ("chip--warn", "bound hit"), ("chip--accent", "edited")]
                    .map(|(class, name)| html! { <span class={yew::classes!("chip", class)}>{ name }</span> }) }
            </div>
            <div class="notice"><p class="notice__title">{ "This looks like a list of cgroups" }</p>
                <p class="notice__text">{ "214 lines, 198 groups. Import them?" }</p>
                <div class="notice__tools">{ button("button--small button--primary", "Import") }{ button("button--small", "No") }</div></div>
            <div class="notice notice--bad"><p class="notice__title">{ "The worker ended" }</p><p class="notice__text">{ "Search is off." }</p></div>
            <div class="notice notice--warn"><p class="notice__text">{ "The link is long." }</p></div>
        </div>
    }
}

fn panel() -> Html {
    let row = |depth: usize, name: &'static str, class: &'static str| {
        html! {
            <li class={yew::classes!("build__row", class, format!("d{depth}"))} role="treeitem">
                <span class="build__handle" /><span class="build__fold" /><span class="build__name">{ name }</span>
                <span class="build__note">{ "made 3rd" }</span>
            </li>
        }
    };
    html! {
        <div class="build">
            <div class="build__tools"><button class="button button--small">{ "Sibling" }</button>
                <button class="button button--small">{ "Child" }</button></div>
            <ul class="build__tree" role="tree" aria-label="Groups">
                { row(0, "/", "") }{ row(1, "system", "") }{ row(2, "sshd", "is-selected") }
                { row(1, "machine", "is-drop-into") }{ row(2, "ct-101", "is-drop-before") }
                <li class="build__row d2" role="treeitem"><span class="build__handle" /><span class="build__fold" />
                    <input class="build__edit" aria-invalid="true" value="ct-1/1" aria-label="Name" /><span class="build__error">{ "a name cannot hold \"/\"" }</span></li>
            </ul>
            <ul class="diagnostics panel">
                <li class="diagnostic diagnostic--error"><span class="diagnostic__place">{ "line 4" }</span>
                    <span class="diagnostic__text">{ "no group is called ct-999" }</span><span class="diagnostic__help">{ "did you mean ct-99?" }</span></li>
                <li class="diagnostic diagnostic--warning"><span class="diagnostic__place">{ "line 9" }</span>
                    <span class="diagnostic__text">{ "this thread never moves" }</span></li>
            </ul>
            <div class="failed"><p class="failed__title">{ "This link cannot be read" }</p><p class="failed__text">{ "Its checksum does not match." }</p></div>
        </div>
    }
}

fn dialog() -> Html {
    html! {
        <div class="dialog dialog--wide" role="dialog" aria-label="Gallery">
            <div class="dialog__head"><h2 class="dialog__title">{ "Gallery" }</h2><button class="button button--quiet">{ "Close" }</button></div>
            <div class="dialog__body">
                <div class="gallery">
                    { for ["One removal", "Torn pair", "Leak after break"].map(|name| html! {
                        <button class="card"><span class="card__title">{ name }</span><span class="card__text">{ "A walker late by one round wipes the position." }</span>
                            <span class="card__meta">{ "7 · dead-count family" }</span></button> }) }
                </div>
                <table class="verdicts"><thead><tr><th>{ "Property" }</th><th>{ "rhel7" }</th></tr></thead><tbody>
                    { for [("holds", "no freed memory is touched"), ("fails", "a round visits everyone"), ("bound", "a walk ends"), ("running", "no leak")]
                        .map(|(class, name)| html! {
                        <tr class={format!("verdict verdict--{class}")}><td>{ name }</td><td><span class="verdict__name">{ class }</span>
                            <span class="verdict__bounds">{ " 12,044 states, complete" }</span></td></tr> }) }
                </tbody></table>
                <dl class="keys">{ for [("Space", "Play or pause"), ("→", "One step on"), ("Shift →", "One statement on")].map(|(key, words)| html! {
                    <div><dt><kbd>{ key }</kbd></dt><dd>{ words }</dd></div> }) }</dl>
            </div>
            <div class="dialog__foot"><button class="button button--primary">{ "Open" }</button></div>
        </div>
    }
}

#[test]
#[ignore = "writes pages to be looked at"]
fn all_views_on_pages() {
    let link = |name: &&str| format!("<link rel=\"stylesheet\" href=\"../web/style/{name}.css\">");
    let links = SHEETS.iter().map(link).collect::<Vec<_>>().join("\n");
    for (name, html) in [("views", page()), ("parts", parts())] {
        let body = markup(html);
        let text = format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{name}</title>\
             <meta name=\"viewport\" content=\"width=device-width\">{links}<body class=\"demo\">{body}</body></html>"
        );
        let folder = std::env::var("VIEWS_TO").unwrap_or_else(|_| "../target".into());
        std::fs::write(format!("{folder}/{name}.html"), text).expect("target/ exists");
    }
}
