//! The head of a lane: which policy, its figures, and what went wrong.

use super::{LaneEvent, Props};
use crate::effect::events;
use crate::geometry::spectrum::{Heat, Spectrum};
use crate::view::icons::{Icon, icon};
use memcg_core::picture::{Counters, Fault};
use yew::{AttrValue, Callback, Html, classes, html};

/// Trees with fewer groups are seen whole; a strip would say nothing new.
const N_GROUPS_STRIP_MIN: usize = 40;

pub(super) fn head(props: &Props) -> Html {
    html! {
        <header class="lane__head">
            <div class="lane__title">
                { name(props) }
                if props.title.edited {
                    <span class="chip chip--warn">{ "edited" }</span>
                }
                if let Some(badge) = &props.badge {
                    <button type="button" class={classes!("badge", badge.class)} title={badge.title.clone()} aria-haspopup="dialog"
                        onclick={props.on.reform(|_| LaneEvent::Check)}>{ &badge.words }</button>
                }
                if props.removable {
                    <button type="button" class="button button--icon button--quiet lane__close"
                        aria-label={format!("Remove lane {}", props.title.policy)} title="Remove this lane"
                        onclick={props.on.reform(|_| LaneEvent::Remove)}>{ icon(Icon::Close) }</button>
                }
            </div>
            <p class="lane__line" title={props.title.line.clone()}>
                <span class="lane__years">{ &props.title.years }</span>
                if let Some(core) = &props.title.core {
                    <span class="lane__core">{ format!("on {core}") }</span>
                }
                { &props.title.line }
            </p>
            { counters(props.picture.counters, props.before.as_ref().map(|p| p.counters)) }
            if props.picture.groups.len() >= N_GROUPS_STRIP_MIN {
                { strip(props) }
            }
            { remark(props.picture.fault.as_ref(), props.note.as_ref()) }
        </header>
    }
}

fn name(props: &Props) -> Html {
    let policy = &props.title.policy;
    if !props.pickable {
        return html! { <h2 class="lane__name lane__name--plain">{ policy }</h2> };
    }
    html! {
        <h2 class="lane__name">
            <button type="button" class="lane__policy" aria-haspopup="dialog" title="What it is, and another policy for this lane"
                onclick={props.on.reform(|_| LaneEvent::Policy)}>{ policy }</button>
        </h2>
    }
}

fn counters(now: Counters, before: Option<Counters>) -> Html {
    let counter = |name: &'static str,
                   class: &'static str,
                   title: &'static str,
                   figure: fn(&Counters) -> u32| {
        let n = figure(&now);
        let changed = before.is_some_and(|before| figure(&before) != n);
        let class = classes!(
            "counter",
            class,
            (n == 0).then_some("counter--zero"),
            changed.then_some("is-changed")
        );
        html! { <div {class} {title}><dt>{ name }</dt><dd>{ n }</dd></div> }
    };
    html! {
        <dl class="counters">
            { counter("rounds", "counter--rounds", "Rounds that ended", |c| c.n_rounds) }
            { counter("restarts", "counter--restarts", "Times a walk was back at its root before its round was finished", |c| c.n_restarts) }
            { counter("visits", "counter--visits", "Groups returned by the iterator", |c| c.n_visits) }
            { counter("wiped", "counter--wiped", "Positions set to none by a removal", |c| c.n_wiped) }
        </dl>
    }
}

/// The whole tree in one line; a click goes there.
fn strip(props: &Props) -> Html {
    let spectrum = Spectrum::new(&props.picture, props.n_visits_max);
    let n_cells = spectrum.n_cells.max(1);
    let picture = props.picture.clone();
    let on = props.on.clone();
    let reveal = Callback::from(move |event| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a fraction of a list"
        )]
        let place = (events::across(&event) * picture.groups.len() as f64) as usize;
        if let Some(shown) = picture.groups.get(place) {
            on.emit(LaneEvent::Reveal(shown.group));
        }
    });
    let permille = |group| Spectrum::place_permille(&props.picture, &props.outline, group);
    html! {
        <svg class="strip" data-ground="" viewBox="0 0 1000 20" preserveAspectRatio="none" role="img" onclick={reveal}
            aria-label={strip_words(props)}>
            { for spectrum.runs.iter().map(|run| {
                let class = match run.heat {
                    Heat::Level(n) => format!("strip__run strip__run--{n}"),
                    Heat::Gone => "strip__run strip__run--gone".into(),
                };
                html! { <rect {class} x={(run.from * 1000 / n_cells).to_string()} y="6" height="14"
                    width={((run.from + run.n_cells) * 1000 / n_cells - run.from * 1000 / n_cells).to_string()} /> }
            }) }
            { for props.picture.pins.iter().filter_map(|pin| Some((pin, permille(pin.group?)))).map(|(pin, x)| html! {
                <rect class={classes!("strip__pin", pin.dangling.then_some("strip__pin--dangling"))}
                    x={x.saturating_sub(3).to_string()} y="0" width="6" height="20" />
            }) }
            { for props.picture.threads.iter().zip(props.marks.iter())
                .filter_map(|(thread, mark)| Some((mark, permille(thread.holds?)))).map(|(mark, x)| html! {
                <rect class={classes!("strip__walker", mark.tone)} x={x.saturating_sub(4).to_string()} y="0" width="8" height="6" />
            }) }
        </svg>
    }
}

fn strip_words(props: &Props) -> String {
    let n_all = props.picture.groups.len();
    let n_never = props.picture.groups.iter().filter(|g| g.n_visits == 0).count();
    format!(
        "Visits from the first group to the last: {n_never} of {n_all} groups were never visited"
    )
}

fn remark(fault: Option<&Fault>, note: Option<&AttrValue>) -> Html {
    match (fault, note) {
        (Some(fault), _) => html! {
            <p class="lane__fault" role="alert">
                { icon(Icon::Alert) }<span><b>{ &fault.name }</b>{ " " }{ &fault.words }</span>
            </p>
        },
        (None, Some(note)) => html! { <p class="lane__note">{ note }</p> },
        (None, None) => Html::default(),
    }
}
