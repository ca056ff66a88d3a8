//! One group's row: life, name, place in this round, visits and references.

use super::{LaneEvent, Props, words};
use crate::effect::events;
use crate::geometry::rows::{Fold, Row};
use crate::view::icons::{Icon, icon};
use memcg_core::picture::{GroupPicture, Life};
use memcg_core::world::World;
use std::rc::Rc;
use yew::{Callback, Html, Properties, classes, function_component, html};

/// Depth from which rows are indented no further.
const DEPTH_MAX: usize = 12;

/// Letters of a name, two for each level above, for which every lane has room that is not a narrow one.
const N_LETTERS_SURE: usize = 14;

/// The line above the root: headings, and the place of positions that are none.
pub(super) fn heading() -> Html {
    html! {
        <div class="row row--heading" aria-hidden="true">
            <span class="row__none">{ "no position" }</span>
            <span class="row__visit">{ "nth" }</span>
            <span class="row__visits">{ "visits" }</span>
            <span class="row__refs">{ "refs" }</span>
        </div>
    }
}

/// What a row is drawn from: only what it shows, so that most rows stay as they are in a step.
#[derive(Clone, PartialEq, Debug, Properties)]
pub(super) struct RowProps {
    id: String,
    row: Row,
    shown: GroupPicture,
    world: Rc<World>,
    /// What points at it and holds it, in words.
    around: String,
    /// How hot it is, in percent of the most visited group.
    heat: u32,
    selected: bool,
    changed: bool,
    dangling: bool,
    on: Callback<LaneEvent>,
}

/// The row of a group.
pub(super) fn row(props: &Props, row: &Row) -> Html {
    let Some(shown) = props.picture.groups.get(row.place) else { return Html::default() };
    let group = row.group;
    let changed = props
        .before
        .as_ref()
        .and_then(|before| before.groups.get(row.place))
        .is_some_and(|before| before != shown);
    let heat = match props.n_visits_max {
        0 => 0,
        max => shown.n_visits.saturating_mul(100).div_ceil(max).min(100),
    };
    html! {
        <RowView key={group.0} id={props.row_id(group)} row={*row} shown={shown.clone()} world={props.world.clone()}
            around={words::around(&props.marks, &props.picture, group)} {heat} selected={props.selected == Some(group)} {changed}
            dangling={props.picture.pins.iter().any(|p| p.dangling && p.group == Some(group))} on={props.on.clone()} />
    }
}

#[function_component(RowView)]
fn row_view(props: &RowProps) -> Html {
    let RowProps { row, shown, selected, changed, dangling, .. } = props;
    let (selected, changed, dangling) = (*selected, *changed, *dangling);
    let group = row.group;
    let (n, of) = row.sibling;
    let expanded = match row.fold {
        Fold::Leaf => None,
        Fold::Open => Some("true"),
        Fold::Closed { .. } => Some("false"),
    };
    let class = classes!(
        "row",
        life_class(shown.life),
        selected.then_some("is-selected"),
        changed.then_some("is-changed"),
        shown.visit.is_some().then_some("row--visited"),
        dangling.then_some("row--dangling"),
    );
    html! {
        <li id={props.id.clone()} {class} role="treeitem"
            aria-level={(row.depth + 1).to_string()} aria-posinset={n.to_string()} aria-setsize={of.to_string()}
            aria-expanded={expanded} aria-selected={if selected { "true" } else { "false" }}
            aria-label={words::row(&props.world, shown, &props.around)}
            onclick={props.on.reform(move |_| LaneEvent::SelectGroup(group))}>
            { tree_cell(props) }
            { figures(props) }
        </li>
    }
}

fn tree_cell(props: &RowProps) -> Html {
    let RowProps { row, shown, .. } = props;
    let group = row.group;
    let fold = match row.fold {
        Fold::Leaf => Html::default(),
        Fold::Open | Fold::Closed { .. } => {
            let symbol = if row.fold == Fold::Open { Icon::Down } else { Icon::Right };
            let on = props.on.reform(move |event| {
                events::keep_here(&event);
                LaneEvent::Fold(group)
            });
            html! { <span class="row__fold" onclick={on}>{ icon(symbol) }</span> }
        }
    };
    let depth = row.depth.min(DEPTH_MAX);
    let leaf = (row.fold == Fold::Leaf).then_some("row__tree--leaf");
    let name = words::name(&props.world, group);
    let mark = match (props.dangling, shown.life) {
        (_, Life::Unborn) => "",
        (true, _) => "freed!",
        (false, life) => words::life_mark(life),
    };
    let is_far = name.len() + 2 * depth > N_LETTERS_SURE
        || !mark.is_empty()
        || matches!(row.fold, Fold::Closed { .. });
    html! {
        <span class={classes!("row__tree", format!("d{depth}"), leaf, is_far.then_some("row__tree--far"))} aria-hidden="true">
            { fold }
            <span class="glyph" />
            if shown.life == Life::Unborn {
                <svg class="row__absent" height="14"><line x1="0" x2="100%" y1="7.5" y2="7.5" /></svg>
            } else {
                <span class="row__name" title={props.world.path(group).to_owned()}>
                    { name }
                </span>
            }
            if let Fold::Closed { n_hidden } = row.fold {
                <span class="row__hidden">{ format!("+{n_hidden}") }</span>
            }
            if !mark.is_empty() {
                <span class="row__life">{ mark }</span>
            }
        </span>
    }
}

/// The bar of visits is the cell's background, in twentieths: a drawing of its own in every row
/// would be most of what the browser has to lay out.
fn figures(props: &RowProps) -> Html {
    let shown = &props.shown;
    if shown.life == Life::Unborn {
        return Html::default();
    }
    let heat = format!("h{}", props.heat.div_ceil(5));
    let zero = (shown.n_visits == 0).then_some("row__visits--zero");
    html! {
        <>
            <span class="row__visit" aria-hidden="true">{ shown.visit.map(words::short) }</span>
            <span class={classes!("row__visits", heat, zero)} aria-hidden="true">{ words::short(shown.n_visits) }</span>
            <span class="row__refs" aria-hidden="true">{ refs(shown) }</span>
        </>
    }
}

fn refs(shown: &GroupPicture) -> String {
    match (shown.life, u32::try_from(shown.n_refs)) {
        (Life::Freed, _) => String::new(),
        (_, Ok(n_refs)) => words::short(n_refs),
        // An underflow: a fault, told as it is.
        (_, Err(_)) => shown.n_refs.to_string(),
    }
}

const fn life_class(life: Life) -> &'static str {
    match life {
        Life::Unborn => "life-unborn",
        Life::Coming => "life-coming",
        Life::Alive => "life-alive",
        Life::Dying => "life-dying",
        Life::Offline => "life-offline",
        Life::Unlinked => "life-unlinked",
        Life::Freed => "life-freed",
    }
}
