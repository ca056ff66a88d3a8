//! The threads' rows: their calls as blocks, with a tick at every move inside a call, and their
//! read-side sections as thin bars.

use super::{NAMES_PX, Props, plot};
use crate::geometry::thin::thinned;
use crate::geometry::timeline::{Block, Rows, Section, THREAD_PX, percent};
use yew::{Html, classes, html};

/// Height of a block.
const BLOCK_PX: u32 = 13;
/// A narrower block has no outline, or there would be nothing within it.
const OUTLINED_PX: usize = 5;
/// From one tick to the next, at least.
const TICKS_PX: usize = 4;
/// Width of a letter of a block's name, roughly.
const LETTER_PX: usize = 7;

pub(super) fn names(props: &Props, rows: Rows) -> Html {
    html! {
        { for props.marks.iter().enumerate().map(|(at, mark)| {
            let y = rows.thread_px(at);
            html! {
                <g key={format!("t{at}")} class={classes!("tl__thread", mark.tone)}>
                    <circle class="token__disc" cx="16" cy={(y + THREAD_PX / 2).to_string()} r="7" />
                    <text class="token__letter" x="16" y={(y + THREAD_PX / 2 + 4).to_string()}>{ &mark.letter }</text>
                    <svg x="30" y={y.to_string()} width={(NAMES_PX - 34).to_string()} height={THREAD_PX.to_string()}>
                        <text class="tl__name" x="0" y="13">{ &mark.name }</text>
                    </svg>
                </g>
            }
        }) }
    }
}

pub(super) fn plot(props: &plot::Props) -> Html {
    let (window, rows) = (props.window, props.rows);
    let n_merged = window.n_merged(props.width_px);
    let blocks = props.story.blocks.iter().filter(|b| window.shows(b.from, b.to));
    let end = |section: &Section| section.to.unwrap_or(props.story.n_told.max(section.from + 1));
    let sections = props.story.sections.iter().filter(|s| window.shows(s.from, end(s)));
    html! {
        <>
            { for (0..props.marks.len()).map(|at| {
                let y = (rows.thread_px(at) + THREAD_PX).to_string();
                html! { <line class="tl__rule" x1="0" x2="100%" y1={y.clone()} y2={y} /> }
            }) }
            { for thinned(blocks, n_merged, |b| (b.thread, b.from)).map(|b| block(props, n_merged, b)) }
            { for thinned(sections, n_merged, |s| (s.thread, s.from)).map(|s| {
                let (from, to) = (window.x(s.from), window.x(end(s).max(s.from + n_merged)));
                let tone = props.marks.get(s.thread).map(|m| m.tone);
                html! {
                    <rect class={classes!("tl__section", tone)} x={percent(from)} width={percent(to - from)}
                        y={(rows.thread_px(s.thread) + THREAD_PX - 3).to_string()} height="2" />
                }
            }) }
        </>
    }
}

fn block(props: &plot::Props, n_merged: usize, block: &Block) -> Html {
    let (window, rows) = (props.window, props.rows);
    let n_moves = block.to - block.from;
    let (from, to) = (window.x(block.from), window.x(block.from + n_moves.max(n_merged)));
    let tone = props.marks.get(block.thread).map(|m| m.tone);
    let width_px = (to - from) * props.width_px as usize / 10_000;
    let class = classes!(
        "tl__block",
        tone,
        block.open.then_some("tl__block--open"),
        (width_px < OUTLINED_PX).then_some("tl__block--thin")
    );
    // Ticks closer than this would be a grey bar.
    let ticked = width_px >= n_moves * TICKS_PX;
    let ticks = if ticked { block.from + 1..block.to } else { 0..0 };
    let fits = width_px > block.name.len() * LETTER_PX + 6;
    let y = rows.thread_px(block.thread) + 2;
    let at = |down: u32| (y + down).to_string();
    // Pieces side by side and no drawing within the drawing: each would be clipped, and clips cost at every step.
    html! {
        <g key={format!("b{}", block.from)} {class}>
            <title>{ &block.words }</title>
            <rect class="tl__call" x={percent(from)} width={percent(to - from)} y={y.to_string()} height={BLOCK_PX.to_string()} rx="2.5" />
            { for ticks.filter(|n| window.moves().contains(n)).map(|n| {
                let x = percent(window.x(n));
                html! { <line class="tl__tick" x1={x.clone()} x2={x} y1={at(11)} y2={at(13)} /> }
            }) }
            if fits {
                <text class="tl__call-name" x={percent(from)} dx="5" y={at(10)}>{ &block.name }</text>
            }
        </g>
    }
}
