//! The foot of a lane: its slots, what the kernel's worker has to do, and who holds the chosen group.

use super::{LaneEvent, Props, watches, words};
use crate::view::mark::names;
use memcg_core::check::Now;
use memcg_core::picture::{FieldPicture, PinPicture, WorkPicture};
use yew::{Html, classes, html};

/// Slots listed before the others are folded away.
const N_SLOTS_OPEN: usize = 3;
/// Items of the worker listed before the others are counted only.
const N_WORK_OPEN: usize = 3;

pub(super) fn foot(props: &Props) -> Html {
    let pins = &props.picture.pins;
    let (first, rest) = pins.split_at(pins.len().min(N_SLOTS_OPEN));
    let alone = pins.len() == 1;
    let slot = |(at, pin)| slot(props, at, pin, alone);
    html! {
        <footer class="lane__foot">
            { watches::watches(props) }
            if !pins.is_empty() {
                <ul class="slots" aria-label="Slots">
                    { for first.iter().enumerate().map(slot) }
                </ul>
            }
            if !rest.is_empty() {
                <details class="lane__more">
                    <summary>{ words::count(i64::try_from(rest.len()).unwrap_or(0), "more slot") }</summary>
                    <ul class="slots">{ for rest.iter().enumerate().map(|(at, pin)| slot((at + N_SLOTS_OPEN, pin))) }</ul>
                </details>
            }
            { work(props) }
            { chosen(props) }
            { now(props) }
        </footer>
    }
}

fn slot(props: &Props, at: usize, pin: &PinPicture, alone: bool) -> Html {
    let place = match pin.group {
        Some(group) => {
            let class = if pin.dangling { "slot__at slot__at--dangling" } else { "slot__at" };
            let on = props.on.reform(move |_| LaneEvent::Reveal(group));
            let name = words::name(&props.world, group);
            html! {
                <button type="button" {class} onclick={on} title={props.world.path(group).to_owned()}>
                    { name }{ if pin.dangling { " (freed memory)" } else { "" } }
                </button>
            }
        }
        None => html! { <span class="slot__at slot__at--none">{ "none" }</span> },
    };
    html! {
        <li class="slot">
            if !alone {
                <span class="slot__n">{ at + 1 }</span>
            }
            <span class="slot__key">{ &pin.key }</span>
            <span class="slot__arrow"><span class="visually-hidden">{ "points at" }</span><span aria-hidden="true">{ "→" }</span></span>
            { place }
            if let Some(generation) = pin.generation {
                <span class="slot__field"><i>{ "gen " }</i>{ generation }</span>
            }
            { for pin.fields.iter().filter(|f| !is_said(props, pin, f)).map(|field| html! {
                <span class="slot__field"><i>{ &field.name }{ " " }</i>{ &field.value }</span>
            }) }
        </li>
    }
}

/// The pin says where it points and its generation; what is left are fields of the policy's own.
fn is_said(props: &Props, pin: &PinPicture, field: &FieldPicture) -> bool {
    let value = field.value.as_str();
    let is_position = pin.group.is_some_and(|group| props.world.path(group) == value);
    is_position
        || value == "none"
        || value.ends_with("(freed memory)")
        || (pin.generation.is_some() && field.name == "generation")
}

fn work(props: &Props) -> Html {
    let items = &props.picture.work;
    if items.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="work" aria-label="Work of the kernel's worker">
            { for items.iter().take(N_WORK_OPEN).map(|item| work_item(props, item)) }
            if items.len() > N_WORK_OPEN {
                <li class="work__item">{ format!("and {} more", items.len() - N_WORK_OPEN) }</li>
            }
        </ul>
    }
}

fn work_item(props: &Props, item: &WorkPicture) -> Html {
    let class = classes!("work__item", (!item.waits_for.is_empty()).then_some("work__item--waits"));
    html! {
        <li {class}>
            <b>{ &item.stage }</b>{ " " }{ words::name(&props.world, item.group) }
            if item.running {
                <span class="work__state">{ "running" }</span>
            } else if !item.waits_for.is_empty() {
                <span class="work__state">{ format!("waits for {}", names(&props.marks, &item.waits_for)) }</span>
            }
        </li>
    }
}

/// What this state says of the properties that a check looks at.
fn now(props: &Props) -> Html {
    if props.now.is_empty() {
        return Html::default();
    }
    html! {
        <ul class="now" aria-label="Properties in this state">
            { for props.now.iter().map(|(property, now)| {
                let (sign, class, words) = match now {
                    Now::Holds => ("✓", "now--holds", "not broken here"),
                    Now::Broken => ("✗", "now--broken", "broken here"),
                    Now::Open => ("·", "now--open", "this state alone cannot say"),
                };
                html! {
                    <li {class} title={format!("{}: {words}", property.words())}>
                        <span aria-hidden="true">{ sign }</span>{ " " }{ property.name() }
                        <span class="visually-hidden">{ ": " }{ words }</span>
                    </li>
                }
            }) }
        </ul>
    }
}

fn chosen(props: &Props) -> Html {
    let Some(group) = props.selected else { return Html::default() };
    html! {
        <p class="lane__chosen">
            <b>{ words::name(&props.world, group) }</b>{ " " }
            { words::holders(&props.world, &props.marks, &props.picture, group) }
        </p>
    }
}
