//! A row of the tree editor, and the row in which a new group is typed.

use super::On;
use crate::effect::events;
use crate::geometry::rows::{Fold, Row};
use crate::model::Model;
use crate::model::tree::{Entry, Purpose};
use crate::msg::{Msg, TreeAct, TreeMsg};
use crate::view::icons::{Icon, icon};
use memcg_core::hierarchy::GroupId;
use yew::{Html, classes, html};

/// Depth from which rows are indented no further.
const DEPTH_MAX: usize = 12;

/// The row of a group.
pub(super) fn row(model: &Model, on: &On, row: &Row) -> Html {
    let (editor, tree) = (&model.tree, &model.document.scenario().hierarchy);
    let group = row.group;
    let here = editor.at == group;
    let dragged = editor.drag.is_some_and(|drag| drag.group == group);
    let over = editor.drag.is_some_and(|drag| drag.over == Some(group));
    let class = classes!(
        "build__row",
        format!("d{}", row.depth.min(DEPTH_MAX)),
        here.then_some("is-selected"),
        dragged.then_some("is-dragged"),
        over.then_some("is-drop-into"),
    );
    let name = if group == GroupId::ROOT { "/" } else { tree.name(group) };
    let (n, of) = row.sibling;
    let expanded = match row.fold {
        Fold::Leaf => None,
        Fold::Open => Some("true"),
        Fold::Closed { .. } => Some("false"),
    };
    html! {
        <li key={group.0} id={format!("build-g{}", group.0)} data-group={group.0.to_string()} {class} role="treeitem"
            aria-level={(row.depth + 1).to_string()} aria-posinset={n.to_string()} aria-setsize={of.to_string()}
            aria-expanded={expanded} aria-selected={here.to_string()} aria-label={label(row, name)}
            onclick={on.say(Msg::Tree(TreeMsg::Went(group)))} ondblclick={on.say(Msg::Tree(TreeMsg::Did(TreeAct::Rename)))}>
            { handle(on, group) }
            { fold(on, row) }
            { match editor.entry.as_ref().filter(|_| editor.is_renaming(group)) {
                Some(entry) => field(on, entry, editor.error.is_some()),
                None => html! { <span class="build__name">{ name.to_owned() }</span> },
            } }
            if let Fold::Closed { n_hidden } = row.fold { <span class="build__note">{ format!("+{n_hidden}") }</span> }
            if here && editor.new_below().is_none() {
                if let Some(error) = &editor.error { <span class="build__error" role="alert">{ error }</span> }
            }
        </li>
    }
}

fn label(row: &Row, name: &str) -> String {
    match row.fold {
        Fold::Closed { n_hidden } => format!("{name}, {n_hidden} groups folded"),
        Fold::Leaf | Fold::Open => name.to_owned(),
    }
}

/// The handle that drags: the pointer is kept, so that it works the same for mouse and finger.
fn handle(on: &On, group: GroupId) -> Html {
    if group == GroupId::ROOT {
        return html! { <span class="build__handle build__handle--none" aria-hidden="true" /> };
    }
    let down = on.send.reform(move |event: yew::PointerEvent| {
        event.prevent_default();
        events::keep_pointer(&event);
        Msg::Tree(TreeMsg::DragBegan(group))
    });
    html! { <span class="build__handle" data-ground="" aria-hidden="true" title="Drag to another parent" onpointerdown={down} /> }
}

fn fold(on: &On, row: &Row) -> Html {
    let group = row.group;
    let symbol = match row.fold {
        Fold::Leaf => return html! { <span class="build__fold" aria-hidden="true" /> },
        Fold::Open => Icon::Down,
        Fold::Closed { .. } => Icon::Right,
    };
    let click = on.send.reform(move |event: yew::MouseEvent| {
        event.stop_propagation();
        Msg::Tree(TreeMsg::Folded(group))
    });
    html! { <span class="build__fold" aria-hidden="true" onclick={click}>{ icon(symbol) }</span> }
}

/// The last row drawn below a parent, after which its new child is typed.
pub(super) fn last_below(model: &Model, parent: GroupId) -> GroupId {
    let tree = &model.document.scenario().hierarchy;
    let mut at = parent;
    while let Some(youngest) = tree.children(at).last().filter(|_| !model.tree.folded.contains(&at))
    {
        at = *youngest;
    }
    at
}

/// The row in which a new group is typed.
pub(super) fn new_row(model: &Model, on: &On) -> Html {
    let (Some(entry), Some(parent)) = (&model.tree.entry, model.tree.new_below()) else {
        return Html::default();
    };
    let depth = model.document.scenario().hierarchy.depth(parent) + 1;
    html! {
        <li key="new" class={classes!("build__row", "build__row--new", format!("d{}", depth.min(DEPTH_MAX)))} role="presentation">
            <span class="build__handle build__handle--none" aria-hidden="true" />
            <span class="build__fold" aria-hidden="true" />
            { field(on, entry, model.tree.error.is_some()) }
            if let Some(error) = &model.tree.error { <span class="build__error" role="alert">{ error }</span> }
        </li>
    }
}

/// The field in which a name is typed.
fn field(on: &On, entry: &Entry, is_wrong: bool) -> Html {
    let is_new = matches!(entry.purpose, Purpose::New { .. });
    let keys = on.when(move |event: yew::KeyboardEvent| {
        event.stop_propagation();
        let message = match (event.key().as_str(), event.shift_key()) {
            ("Enter", _) => TreeMsg::LeftEntry { take: true },
            ("Escape", _) => TreeMsg::LeftEntry { take: false },
            ("Tab", false) if is_new => TreeMsg::Did(TreeAct::EntryDeeper),
            ("Tab", true) if is_new => TreeMsg::Did(TreeAct::EntryHigher),
            _ => return None,
        };
        events::take(&event);
        Some(Msg::Tree(message))
    });
    let click = yew::Callback::from(|event: yew::MouseEvent| event.stop_propagation());
    html! {
        <input id="build-name" class="build__edit" value={entry.text.clone()} aria-label={if is_new { "Name of the new group" } else { "New name" }}
            autocomplete="off" autocapitalize="off" spellcheck="false" aria-invalid={is_wrong.to_string()} onkeydown={keys} onclick={click.clone()} ondblclick={click}
            oninput={on.send.reform(|event: yew::InputEvent| Msg::Tree(TreeMsg::Typed(events::value(&event))))} />
    }
}
