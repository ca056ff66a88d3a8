//! The lanes' rows: the walk as a line of visits, the first group at the top and the last at the
//! bottom, so that a finished round is a slope and a restart a tooth; below it brackets of grace
//! periods; over it marks.

use super::{NAMES_PX, Props, plot};
use crate::geometry::thin::{Stroke, gravest, strokes, thinned};
use crate::geometry::timeline::{Grace, Kind, Mark, Rows, Window, percent};
use crate::view::mark::names as thread_names;
use yew::{Html, classes, html};

pub(super) fn names(props: &Props, rows: Rows) -> Html {
    html! {
        { for props.lanes.iter().enumerate().map(|(at, name)| {
            let class = classes!("tl__name", "tl__name--lane", (at == props.lane).then_some("is-current"));
            html! {
                <svg key={format!("l{at}")} x="8" y={rows.lane_px(at).to_string()} width={(NAMES_PX - 12).to_string()} height={rows.lane_height_px().to_string()}>
                    <text {class} x="0" y="15">{ name }</text>
                </svg>
            }
        }) }
    }
}

pub(super) fn plot(props: &plot::Props) -> Html {
    let (story, window, rows) = (&props.story, props.window, props.rows);
    let n_merged = window.n_merged(props.width_px);
    let visits = story.visits.iter().filter(|v| window.moves().contains(&v.at));
    let marks = story.marks.iter().filter(|m| window.moves().contains(&m.at));
    let end = |grace: &Grace| grace.to.map_or(story.n_told.max(grace.from), |to| to) + 1;
    let graces = story.graces.iter().filter(|g| window.shows(g.from, end(g)));
    html! {
        <>
            { for (0..props.n_lanes).map(|at| html! {
                <rect class={classes!("tl__walk", (at == props.lane).then_some("is-current"))} x="0" width="100%"
                    y={rows.lane_px(at).to_string()} height={rows.walk_height_px().to_string()} />
            }) }
            { for strokes(visits, n_merged).into_iter().map(|s| stroke(props, n_merged, s)) }
            { for thinned(graces, n_merged, |g| (g.lane, g.from)).map(|g| grace(props, window, rows, g, end(g))) }
            { parting(props, window, rows) }
            { for gravest(marks, window.n_marked(props.width_px)).into_iter().map(|(m, n_more)| mark(window, rows, m, n_more)) }
        </>
    }
}

/// A visit, or those of moves that are drawn as one.
fn stroke(props: &plot::Props, n_merged: usize, Stroke { visit, to }: Stroke) -> Html {
    let (window, rows) = (props.window, props.rows);
    let down = |place| rows.visit_px(place, props.story.n_groups);
    let (top, bottom) = (down(visit.place), down(to));
    let y = rows.lane_px(visit.lane) + top;
    let tone = props.marks.get(visit.thread).map(|m| m.tone);
    let class = classes!("tl__visit", tone);
    html! {
        <rect {class} x={percent(window.x(visit.at))} width={percent(10_000 * n_merged / window.n_cells)}
            y={y.saturating_sub(1).to_string()} height={(bottom - top + 3).to_string()} />
    }
}

/// From where it began to wait to the reader that let it go.
fn grace(props: &plot::Props, window: Window, rows: Rows, grace: &Grace, end: usize) -> Html {
    let top = rows.lane_px(grace.lane) + rows.walk_height_px() + 1;
    // The middle of the cell in which it begins, and of that in which it ends.
    let half = 5_000 / window.n_cells;
    let from = if grace.from < window.start { 0 } else { window.x(grace.from) + half };
    let to = window.x(end).saturating_sub(if window.x(end) == 10_000 { 0 } else { half });
    let ends_by = grace.to.and(grace.waits_for.last()).and_then(|at| props.marks.get(*at));
    let words = match grace.to {
        None if grace.waits_for.is_empty() => grace.words.clone(),
        None => {
            format!("{}: waits for {}", grace.words, thread_names(&props.marks, &grace.waits_for))
        }
        Some(_) => {
            format!("{}: waited for {}", grace.words, thread_names(&props.marks, &grace.waits_for))
        }
    };
    let class = classes!(
        "tl__grace",
        grace.to.is_none().then_some("tl__grace--open"),
        ends_by.map(|m| m.tone)
    );
    html! {
        <svg {class} x={percent(from)} width={percent(to.saturating_sub(from))} y={top.to_string()} height="7">
            <title>{ words }</title>
            <line class="tl__wait" x1="0" x2="0" y1="0" y2="6" />
            <line class="tl__wait tl__wait--span" x1="0" x2="100%" y1="5.5" y2="5.5" />
            if grace.to.is_some() {
                <line class="tl__wait tl__wait--end" x1="100%" x2="100%" y1="0" y2="6" />
            }
        </svg>
    }
}

/// A dotted line through all lanes where their results differ first.
fn parting(props: &plot::Props, window: Window, rows: Rows) -> Html {
    let Some(at) = props.story.parted_at.filter(|at| window.moves().contains(at)) else {
        return Html::default();
    };
    let x = percent(window.x(at));
    html! {
        <g class="tl__parting">
            <title>{ format!("Lanes part at move {}", at + 1) }</title>
            <line x1={x.clone()} x2={x.clone()} y1="15" y2={rows.height_px().to_string()} />
            <svg x={x} y="10" width="10" height="10"><path d="M-4 0h8l-4 6z" /></svg>
        </g>
    }
}

/// Each kind has its own outline, drawn about its middle; colour only repeats it.
fn mark(window: Window, rows: Rows, mark: &Mark, n_more: usize) -> Html {
    let (class, shape) = match mark.kind {
        Kind::Restart => ("tl__mark--restart", "M-3.9 7.5a4 4 0 1 0 1.3-3M-4 2.4v2.4h2.4"),
        Kind::RoundEnd => ("tl__mark--round", "M-4 13V2.5l7 3-7 3"),
        Kind::Wiped => ("tl__mark--wiped", "M0 2.5 4.5 7 0 11.5-4.5 7z"),
        Kind::Freed => ("tl__mark--freed", "m-2.5 4.5 5 5m0-5-5 5"),
        Kind::Fault => ("tl__mark--fault", "M0 1.5 6.5 12.5h-13zM0 5.5v3m0 1.6v.2"),
    };
    let middle = window.x(mark.at) + 5_000 / window.n_cells;
    let y = rows.lane_px(mark.lane)
        + if mark.kind == Kind::Freed { rows.walk_height_px() - 6 } else { 4 };
    html! {
        <svg class={classes!("tl__mark", class)} x={percent(middle)} y={y.to_string()} width="14" height="14">
            <title>
                { &mark.words }
                if n_more > 0 { { format!("; {n_more} more here") } }
            </title>
            <path d={shape} />
        </svg>
    }
}
