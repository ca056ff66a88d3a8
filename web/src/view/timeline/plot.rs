//! What the timeline's plot tells of the story. It knows nothing of the playhead, so that playing what is
//! recorded draws none of it anew.

use super::{lanes, threads};
use crate::geometry::timeline::{RULER_PX, Rows, Story, Window, percent};
use crate::view::mark::ThreadMark;
use std::rc::Rc;
use yew::{Html, Properties, classes, function_component, html};

/// What the plot is drawn from.
#[derive(Clone, PartialEq, Debug, Properties)]
pub(super) struct Props {
    /// What happened.
    pub(super) story: Rc<Story>,
    /// Moves in view.
    pub(super) window: Window,
    /// Where the rows stand.
    pub(super) rows: Rows,
    /// Threads' marks, the worker's last.
    pub(super) marks: Rc<Vec<ThreadMark>>,
    /// Lanes.
    pub(super) n_lanes: usize,
    /// The lane whose listing is shown.
    pub(super) lane: usize,
    /// Width of the plot, roughly.
    pub(super) width_px: u32,
}

/// The plot, inside the timeline's drawing.
#[function_component(Plot)]
pub(super) fn plot(props: &Props) -> Html {
    html! {
        <g>
            { ruler(props) }
            { threads::plot(props) }
            { lanes::plot(props) }
        </g>
    }
}

/// Numbers as near to each other as can be read, and where the schedule ends.
fn ruler(props: &Props) -> Html {
    let (window, n_moves, width_px) = (props.window, props.story.n_moves, props.width_px);
    let every = window.every(width_px);
    let first = window.start.div_ceil(every) * every;
    let last = window.moves().end.min(n_moves);
    html! {
        <>
            <rect class="tl__future" x={percent(window.x(last))} y="0" height="100%"
                width={percent(10_000 - window.x(last))} />
            { for (first..=last).step_by(every).filter(|n| *n > 0).map(|n| html! {
                <g key={n}>
                    <line class="tl__grid" x1={percent(window.x(n))} x2={percent(window.x(n))} y1={RULER_PX.to_string()} y2="100%" />
                    <text class={classes!("tl__number", window.is_at_edge(n, width_px).then_some("tl__number--last"))}
                        x={percent(window.x(n))} y="12">{ n }</text>
                </g>
            }) }
        </>
    }
}
