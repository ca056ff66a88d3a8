//! The import box: a text or a file in, what was read and what was not out.

use super::On;
use crate::effect::events;
use crate::model::import::{Import, N_ROWS_SHOWN_MAX};
use crate::model::{DialogKind, Model};
use crate::msg::{ImportMsg, LookMsg, Msg};
use crate::work::{Answer, Note};
use yew::{Html, html};

pub(super) fn import(model: &Model, on: &On) -> Html {
    match &model.import {
        Import::Idle | Import::Offered(_) => ask(model, on, "", None),
        Import::Asking { text, failed } => ask(model, on, text, failed.as_deref()),
        Import::Loading(name) => html! {
            <div class="dialog__body"><p role="status">{ format!("Opening {name} …") }</p></div>
        },
        Import::Reading { n_bytes, .. } => reading(on, *n_bytes),
        Import::Read(listing, _) => report(on, listing),
    }
}

fn ask(model: &Model, on: &On, text: &str, failed: Option<&str>) -> Html {
    html! {
        <>
            <div class="dialog__body">
                <p class="panel__text">
                    { "Paste what one of these prints, or drop a file with it anywhere on the page; a trace of a running kernel (ftrace) or a picture made by memcg render as well. It stays in this browser." }
                </p>
                <ul class="import__commands">
                    { for ["find /sys/fs/cgroup -type d", "systemd-cgls", "lscgroup"].map(|line| html! { <li><code>{ line }</code></li> }) }
                </ul>
                <label class="field">
                    <span class="field__label">{ "Listing" }</span>
                    <textarea id="import-text" class="textarea textarea--mono" rows="8" spellcheck="false" autocomplete="off" autocapitalize="off"
                        value={text.to_owned()} aria-invalid={failed.is_some().to_string()}
                        oninput={on.send.reform(|event: yew::InputEvent| Msg::Import(ImportMsg::Typed(events::value(&event))))} />
                </label>
                if let Some(why) = failed {
                    <p class="field__error" role="alert">{ why }</p>
                }
            </div>
            <footer class="dialog__foot">
                if !model.trace.html.is_empty() {
                    <button type="button" class="button" onclick={on.say(Msg::Look(LookMsg::Dialog(DialogKind::Trace)))}>{ "Back to the trace" }</button>
                }
                <label class="button">{ "Choose a file" }<input class="visually-hidden" type="file" id="import-file" /></label>
                <button type="button" class="button button--primary" disabled={text.trim().is_empty()}
                    onclick={on.say(Msg::Import(ImportMsg::Read))}>{ "Read it" }</button>
            </footer>
        </>
    }
}

fn reading(on: &On, n_bytes: usize) -> Html {
    html! {
        <>
            <div class="dialog__body">
                <p role="status">{ format!("Reading {} …", bytes(n_bytes)) }</p>
                <progress aria-label="Reading the listing" />
            </div>
            <footer class="dialog__foot">
                <button type="button" id="import-cancel" class="button" onclick={on.say(Msg::Import(ImportMsg::Cancelled))}>{ "Cancel" }</button>
            </footer>
        </>
    }
}

fn bytes(n: usize) -> String {
    if n < 1_000_000 {
        format!("{} kB", n.div_ceil(1000))
    } else {
        format!("{}.{} MB", n / 1_000_000, n / 100_000 % 10)
    }
}

fn report(on: &On, listing: &Answer) -> Html {
    let n_groups = listing.tree.n_groups() - 1;
    let n_problems = listing.notes.len() + listing.n_more;
    html! {
        <>
            <div class="dialog__body">
                <p role="status">
                    <b>{ format!("{n_groups} cgroups") }</b>
                    { format!(" from {} lines, read as {}.", listing.n_lines, listing.words) }
                    if n_problems > 0 {
                        { match n_problems {
                            1 => " One line could not be used.".to_owned(),
                            n => format!(" {n} lines could not be used."),
                        } }
                    }
                </p>
                <div class="import__report">
                    <section aria-label="What was read">
                        <h3 class="panel__title">{ "Read" }</h3>
                        { tree(listing) }
                    </section>
                    if n_problems > 0 {
                        <section aria-label="What could not be used">
                            <h3 class="panel__title">{ "Not used" }</h3>
                            { problems(listing) }
                        </section>
                    }
                </div>
            </div>
            <footer class="dialog__foot">
                <button type="button" class="button" onclick={on.say(Msg::Import(ImportMsg::Cancelled))}>{ "Another text" }</button>
                <button type="button" id="import-use" class="button button--primary" disabled={n_groups == 0}
                    onclick={on.say(Msg::Import(ImportMsg::Used))}>{ format!("Use these {n_groups} cgroups") }</button>
            </footer>
        </>
    }
}

/// The first groups, in the order of the listing.
fn tree(listing: &Answer) -> Html {
    let tree = &listing.tree;
    let mut depths = vec![0_usize];
    let rows: Html = tree
        .groups()
        .take(N_ROWS_SHOWN_MAX)
        .map(|(parent, name)| {
            let depth = depths.get(parent as usize).copied().unwrap_or(0);
            depths.push(depth + 1);
            html! { <li class={format!("d{}", depth.min(12))}>{ name.to_owned() }</li> }
        })
        .collect();
    let n_more = (tree.n_groups() - 1).saturating_sub(N_ROWS_SHOWN_MAX);
    html! {
        <ul class="import__tree" tabindex="0" aria-label="The first groups">
            { rows }
            if n_more > 0 { <li>{ format!("… and {n_more} more") }</li> }
        </ul>
    }
}

fn problems(listing: &Answer) -> Html {
    html! {
        <ul class="diagnostics import__problems" tabindex="0" aria-label="Lines that could not be used">
            { for listing.notes.iter().map(|problem: &Note| html! {
                <li class="diagnostic diagnostic--warning">
                    <span class="diagnostic__place">{ format!("line {}", problem.line) }</span>
                    <span class="diagnostic__text">{ &problem.why }</span>
                    if !problem.text.is_empty() {
                        <code class="diagnostic__help">{ &problem.text }</code>
                    }
                </li>
            }) }
            if listing.n_more > 0 { <li class="diagnostic">{ format!("… and {} more", listing.n_more) }</li> }
        </ul>
    }
}
