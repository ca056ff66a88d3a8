//! The timeline: who moved when, how each lane's walk went up and down, and what came of it.
//!
//! Drag anywhere to scrub; the handle on the ruler is a native slider, so the keyboard and screen
//! readers have it too.

mod lanes;
mod plot;
mod threads;

use crate::effect::events;
use crate::geometry::timeline::{BranchRow, RULER_PX, Rows, Story, Window, Zoom, percent};
use crate::view::mark::ThreadMark;
use plot::Plot;
use std::rc::Rc;
use yew::{AttrValue, Callback, Html, Properties, classes, function_component, html};

/// What a person did to the timeline.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum TimelineEvent {
    /// Wants to be where this many moves are made (never more than there are).
    Seek(usize),
    /// Chose a branch.
    Branch(usize),
    /// Chose how large moves are drawn.
    Zoom(Zoom),
}

/// What the timeline is drawn from.
#[derive(Clone, PartialEq, Debug, Properties)]
pub struct Props {
    /// What happened.
    pub story: Rc<Story>,
    /// Moves made: where the playhead is.
    pub at: usize,
    /// Threads' marks, the worker's last.
    pub marks: Rc<Vec<ThreadMark>>,
    /// Names of the lanes.
    pub lanes: Rc<Vec<AttrValue>>,
    /// The lane whose listing is shown.
    #[prop_or_default]
    pub lane: usize,
    /// Branches; one is no choice and is not shown.
    #[prop_or_default]
    pub branches: Rc<Vec<BranchRow>>,
    /// The branch that is played.
    #[prop_or_default]
    pub branch: usize,
    /// The last move in words, for the slider.
    #[prop_or_default]
    pub words: AttrValue,
    /// How large moves are drawn.
    #[prop_or_default]
    pub zoom: Zoom,
    /// Width of the plot, roughly: how many moves fit.
    #[prop_or(900)]
    pub width_px: u32,
    /// Told what a person does.
    #[prop_or_default]
    pub on: Callback<TimelineEvent>,
}

impl Props {
    fn rows(&self) -> Rows {
        Rows::new(self.marks.len(), self.lanes.len())
    }
}

/// Width of the names at the left.
const NAMES_PX: u32 = 132;

/// The timeline.
#[function_component(Timeline)]
pub fn timeline(props: &Props) -> Html {
    let window = Window::new(props.story.n_moves, props.at, props.width_px, props.zoom);
    let rows = props.rows();
    let height = rows.height_px().to_string();
    html! {
        <div class="tl" role="group" aria-label="Timeline">
            <div class="tl__frame">
                <svg class="tl__names" width={NAMES_PX.to_string()} height={height.clone()} aria-hidden="true">
                    { threads::names(props, rows) }
                    { lanes::names(props, rows) }
                </svg>
                { zooms(props) }
            </div>
            <div class="tl__frame">
                { frame(props, window, rows, height) }
                { slider(props, window) }
            </div>
            { branches(props, window) }
        </div>
    }
}

/// What moves with the playhead, over a plot that stays as it is.
fn frame(props: &Props, window: Window, rows: Rows, height: String) -> Html {
    let n_moves = props.story.n_moves;
    let seek = {
        let on = props.on.clone();
        move |across: f64| on.emit(TimelineEvent::Seek(window.made_at(across).min(n_moves)))
    };
    let down = {
        let seek = seek.clone();
        Callback::from(move |event| {
            events::keep_pointer(&event);
            seek(events::across(&event));
        })
    };
    let drag = Callback::from(move |event| {
        if events::is_pressed(&event) {
            seek(events::across(&event));
        }
    });
    let at = window.x(props.at);
    let end = window.x(n_moves.max(props.at));
    let x = percent(at);
    html! {
        <>
            <svg class="tl__plot" data-ground="" width="100%" height={height.clone()} aria-hidden="true" onpointerdown={down} onpointermove={drag}>
                <Plot story={props.story.clone()} {window} {rows} marks={props.marks.clone()} n_lanes={props.lanes.len()}
                    lane={props.lane} width_px={props.width_px} />
            </svg>
            <svg class="tl__now" width="100%" {height} aria-hidden="true">
                if end > at {
                    <rect class="tl__ahead" x={x.clone()} width={percent(end - at)} y={RULER_PX.to_string()} height="100%" />
                }
                <line class="tl__head" x1={x.clone()} x2={x} y1="4" y2={rows.height_px().to_string()} />
            </svg>
        </>
    }
}

/// How large moves are drawn: in the corner above the names, left of the ruler.
fn zooms(props: &Props) -> Html {
    html! {
        <div class="tl__zooms" role="group" aria-label="Zoom of the timeline">
            { for Zoom::ALL.into_iter().map(|zoom| {
                let (shown, words) = match zoom {
                    Zoom::Fit => ("fit", "The whole schedule (0)"),
                    Zoom::Half => ("½", "Zoom ½ (+ and −)"),
                    Zoom::One => ("1", "Zoom 1 (+ and −)"),
                    Zoom::Two => ("2", "Zoom 2 (+ and −)"),
                    Zoom::Four => ("4", "Zoom 4 (+ and −)"),
                };
                html! {
                    <button type="button" class="tl__zoom" title={words} aria-pressed={(zoom == props.zoom).to_string()}
                        onclick={props.on.reform(move |_| TimelineEvent::Zoom(zoom))}>{ shown }</button>
                }
            }) }
        </div>
    }
}

fn slider(props: &Props, window: Window) -> Html {
    let n_moves = props.story.n_moves;
    let text = match (props.at, props.words.is_empty()) {
        (0, _) => format!("start, {n_moves} moves recorded"),
        (at, true) => format!("move {at} of {n_moves}"),
        (at, false) => format!("move {at} of {n_moves}: {}", props.words),
    };
    let on = props.on.reform(move |event| {
        TimelineEvent::Seek(events::value(&event).parse().unwrap_or(0).min(n_moves))
    });
    html! {
        <input class="tl__slider" type="range" aria-label="Moves made" aria-valuetext={text}
            min={window.start.to_string()} max={window.moves().end.to_string()} step="1"
            value={props.at.to_string()} oninput={on} />
    }
}

/// Branches below the plot: a thin line from where each one left, and its name.
fn branches(props: &Props, window: Window) -> Html {
    if props.branches.len() < 2 {
        return Html::default();
    }
    html! {
        <ul class="tl__branches" aria-label="Branches of the schedule">
            { for props.branches.iter().enumerate().map(|(at, branch)| {
                let current = at == props.branch;
                let from = window.x(branch.fork_at);
                let width = window.x(branch.n_moves).saturating_sub(from);
                html! {
                    <li key={at} class={classes!("tl__branch", current.then_some("is-current"))}>
                        <button type="button" class="tl__branch-name" aria-pressed={current.to_string()}
                            title={format!("{}: leaves after move {}, {} moves", branch.name, branch.fork_at, branch.n_moves)}
                            onclick={props.on.reform(move |_| TimelineEvent::Branch(at))}>{ &branch.name }</button>
                        <svg class="tl__branch-line" width="100%" height="16" aria-hidden="true">
                            <rect x={percent(from)} y="7" width={percent(width)} height="3" />
                            <circle cx={percent(from)} cy="8.5" r="3" />
                        </svg>
                    </li>
                }
            }) }
        </ul>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::timeline::{Block, Grace, Mark, Visit};
    use crate::view::{mark, rendered, sample};

    fn timeline(at: usize) -> String {
        zoomed(at, Zoom::One, sample::story(&sample::world()))
    }

    fn zoomed(at: usize, zoom: Zoom, story: Story) -> String {
        rendered::markup(html! {
            <Timeline story={Rc::new(story)} {at} {zoom} marks={Rc::new(mark::of(&sample::world()))}
                lanes={Rc::new(vec!["one".into(), "two".into(), "three".into()])} words="kswapd0 visits app" />
        })
    }

    #[test]
    fn a_screen_reader_gets_a_slider_with_words() {
        let text = timeline(27);
        assert!(text.contains("aria-valuetext=\"move 27 of 40: kswapd0 visits app\""), "{text}");
    }

    #[test]
    fn every_kind_of_mark_has_an_outline_of_its_own() {
        let text = timeline(27);
        for class in ["restart", "round", "wiped", "freed", "fault"] {
            assert!(text.contains(&format!("tl__mark--{class}")), "{class}");
        }
        assert!(!text.contains("style="), "the page's security policy forbids them");
    }

    #[test]
    fn what_is_still_to_come_lies_under_a_veil() {
        assert!(!timeline(40).contains("tl__ahead"));
        let veil = r#"<rect x="75%" width="25%" y="18" height="100%" class="tl__ahead">"#;
        assert!(timeline(30).contains(veil));
    }

    #[test]
    fn a_schedule_of_any_length_fits_in_as_few_pieces_as_can_be_told_apart() {
        let short = sample::story(&sample::world());
        let mut long = Story { n_moves: 40_000, n_told: 40_000, ..short.clone() };
        for n in 0..1_000 {
            let by = n * short.n_moves;
            let block = |b: &Block| Block { from: b.from + by, to: b.to + by, ..b.clone() };
            long.blocks.extend(short.blocks.iter().map(block));
            long.visits.extend(short.visits.iter().map(|v| Visit { at: v.at + by, ..*v }));
            long.marks.extend(short.marks.iter().map(|m| Mark { at: m.at + by, ..m.clone() }));
            long.graces
                .extend(short.graces.iter().map(|g| Grace { from: g.from + by, ..g.clone() }));
        }
        let text = zoomed(20_000, Zoom::Fit, long);
        let n_pieces = text.matches("<rect").count() + text.matches("<svg").count();
        assert!(n_pieces < 6_000, "{n_pieces}");
        assert!(
            text.contains(">40000</text>") && text.contains("tl__number--last"),
            "the end is told"
        );
        assert_eq!(text.matches("aria-pressed=\"true\"").count(), 1);
    }
}
