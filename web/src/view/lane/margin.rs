//! The margin beside the rows: pins of slots and walkers' tokens, drawn over the whole tree.
//!
//! Each is placed by its `transform` attribute alone, which the style sheet sets in motion (nested
//! drawings placed by `x` and `y` would jump).

use super::Props;
use crate::geometry::gutter::{self, GUTTER_PX, PIN_PX, PinMark, TokenMark};
use crate::view::mark::ThreadMark;
use yew::{Html, classes, html};

/// Radius of a token.
const TOKEN_PX: u32 = 8;

/// The margin; silent for screen readers, because the rows say where things point.
pub(super) fn margin(props: &Props) -> Html {
    let rows = props.outline.rows().len();
    let walkers: Vec<bool> = props.marks.iter().map(|m| m.walks).collect();
    let pins = gutter::pins(&props.picture, &props.outline);
    let tokens = gutter::tokens(&props.picture, &props.outline, &walkers);
    html! {
        <svg class="margin" width={GUTTER_PX.to_string()} height={props.viewport.top_px(rows).to_string()}
            aria-hidden="true">
            { for pins.iter().rev().map(|mark| pin(props, mark)) }
            { for tokens.iter().filter_map(|mark| Some(token(props, mark, props.marks.get(mark.thread)?))) }
        </svg>
    }
}

fn centre_px(props: &Props, row: Option<usize>) -> u32 {
    row.map_or(0, |row| props.viewport.top_px(row)) + props.viewport.density.row_px() / 2
}

fn pin(props: &Props, mark: &PinMark) -> Html {
    const HALF_PX: u32 = 9;
    let (end, tip) = (PIN_PX - 8, PIN_PX - 1);
    let y_px = centre_px(props, mark.row) - HALF_PX;
    let class = classes!(
        "pin",
        mark.dangling.then_some("pin--dangling"),
        mark.row.is_none().then_some("pin--none")
    );
    let key = &props.picture.pins[mark.pin].key;
    html! {
        <g key={format!("pin{}", mark.pin)} {class} transform={format!("translate({} {y_px})", mark.x_px)}>
            <title>{ key }</title>
            <path class="pin__flag" d={format!("M3 1.5h{}L{tip} 9l-{} 7.5H3a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2z", end - 3, tip - end)} />
            <text class="pin__label" x={(end / 2 + 1).to_string()} y="12.5">{ &mark.label }</text>
        </g>
    }
}

fn token(props: &Props, token: &TokenMark, mark: &ThreadMark) -> Html {
    let y_px = centre_px(props, token.row);
    html! {
        <g key={format!("token{}", token.thread)} class={classes!("token", mark.tone)}
            transform={format!("translate({} {y_px})", token.x_px)}>
            <title>{ &mark.name }</title>
            <circle class="token__disc" r={TOKEN_PX.to_string()} />
            <text class="token__letter" y="4">{ &mark.letter }</text>
        </g>
    }
}
