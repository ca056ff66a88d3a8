//! The panel "Build": the tree edited in place, threads, lanes, and the kernel's options.

use super::{On, lane_list, thread_list, tree_row, watch_list};
use crate::effect::{events, pointer};
use crate::model::DialogKind;
use crate::model::Model;
use crate::model::tree::Purpose;
use crate::msg::{EditMsg, LookMsg, Msg, TreeAct, TreeMsg, Way};
use memcg_core::hierarchy::GroupId;
use memcg_core::world::Preemption;
use yew::{Html, html};

/// Trees with fewer rows are drawn whole.
const N_ROWS_WHOLE: usize = 120;
/// Rows drawn above and below those that can be seen.
const N_ROWS_SPARE: usize = 15;

pub(super) fn build(model: &Model, on: &On) -> Html {
    html! {
        <div class="build">
            { tools(model, on) }
            { tree(model, on) }
            <p class="build__tools build__hint" id="build-hint">{ hint(model) }</p>
            { thread_list::threads(model, on) }
            { watch_list::watches(model, on) }
            { lane_list::lanes(model, on) }
            { options(model, on) }
        </div>
    }
}

fn hint(model: &Model) -> &'static str {
    match (model.tree.entry.as_ref().map(|e| e.purpose), model.tree.has_tab) {
        (Some(Purpose::New { .. }), _) => {
            "Enter takes the name over and begins the next. Tab goes a level deeper, Shift Tab higher, Esc gives up."
        }
        (Some(Purpose::Rename), _) => "Enter takes the name over, Esc gives up.",
        (None, true) => {
            "Enter: new sibling. Tab: child. F2: rename. Del: remove. Alt and arrows, or dragging the handle: move. Esc leaves, then Tab moves on."
        }
        (None, false) => {
            "Arrows choose a group, Enter begins a new one beside it. A listing of cgroups can be pasted anywhere."
        }
    }
}

fn tools(model: &Model, on: &On) -> Html {
    let at = model.tree.at;
    let is_root = at == GroupId::ROOT;
    let n_groups = model.document.scenario().hierarchy.n_groups();
    let tool = |name: &'static str, title: &'static str, act: TreeAct, off: bool| {
        html! {
            <button type="button" class="button button--small" {title} disabled={off}
                onclick={on.say(Msg::Tree(TreeMsg::Did(act)))}>{ name }</button>
        }
    };
    html! {
        <div class="build__tools" role="toolbar" aria-label="Change the tree">
            { tool("Sibling", "A new group beside the chosen one (Enter)", TreeAct::NewSibling, is_root) }
            { tool("Child", "A new group below the chosen one (Tab)", TreeAct::NewChild, false) }
            { tool("Rename", "Another name (F2, double click)", TreeAct::Rename, is_root) }
            { tool("Delete", "Away with it and all below, as if it had never been (Del)", TreeAct::Remove, is_root) }
            { tool("↑", "Make it older than the sibling before it (Alt ↑)", TreeAct::Older, is_root) }
            { tool("↓", "Make it younger than the sibling after it (Alt ↓)", TreeAct::Younger, is_root) }
            { tool("←", "Move it beside its parent (Alt ←)", TreeAct::Outdent, is_root) }
            { tool("→", "Move it below the sibling before it (Alt →)", TreeAct::Indent, is_root) }
            if n_groups == 1 {
                <button type="button" class="button button--small button--primary"
                    onclick={on.say(Msg::Look(LookMsg::Dialog(DialogKind::Import)))}>{ "Import cgroups" }</button>
            }
            if !is_root && model.playback().is_some() {
                <button type="button" class="button button--small button--danger" onclick={on.say(Msg::Tree(TreeMsg::RemovedNow(at)))}
                    title="An administrator's rmdir at this moment of the schedule: kill, offline, free">{ "rmdir now" }</button>
            }
        </div>
    }
}

fn tree(model: &Model, on: &On) -> Html {
    let editor = &model.tree;
    let rows = editor.outline.rows();
    let row_px = model.around.tree_row_px();
    let drawn = drawn(rows.len(), editor.viewport.scroll_px, editor.viewport.height_px, row_px);
    let keys = {
        let (has_tab, is_typing) = (editor.has_tab, editor.entry.is_some());
        on.when(move |event: yew::KeyboardEvent| {
            let message = key(&event, has_tab, is_typing)?;
            events::take(&event);
            Some(Msg::Tree(message))
        })
    };
    let scrolled = on.send.reform(|event: yew::Event| {
        let (scroll_px, height_px) = events::scrolled_px(&event);
        Msg::Tree(TreeMsg::Scrolled(scroll_px, height_px))
    });
    let moved = editor.drag.is_some().then(|| {
        on.send.reform(|event: yew::PointerEvent| {
            Msg::Tree(TreeMsg::DraggedOver(pointer::group_under(&event).map(GroupId)))
        })
    });
    let active = format!("build-g{}", editor.at.0);
    let new_after = editor.new_below().map(|parent| tree_row::last_below(model, parent));
    html! {
        <div class="build__scroll" onscroll={scrolled}>
            <ul class="build__tree" id="build-tree" role="tree" tabindex="0" aria-label="Groups at the start" aria-describedby="build-hint"
                aria-activedescendant={active} onkeydown={keys} onpointermove={moved}
                onpointerup={on.say::<yew::PointerEvent>(Msg::Tree(TreeMsg::Dropped))}
                onpointercancel={on.say::<yew::PointerEvent>(Msg::Tree(TreeMsg::DragGivenUp))}>
                { space(drawn.start, row_px) }
                { for rows[drawn.clone()].iter().map(|row| html! {
                    <>
                        { tree_row::row(model, on, row) }
                        if new_after == Some(row.group) { { tree_row::new_row(model, on) } }
                    </>
                }) }
                { space(rows.len() - drawn.end, row_px) }
            </ul>
        </div>
    }
}

/// Takes the place of rows that are not drawn.
fn space(n_rows: usize, row_px: u32) -> Html {
    let height_px = n_rows * row_px as usize;
    html! {
        if height_px > 0 {
            <li role="presentation"><svg width="1" height={height_px.to_string()} aria-hidden="true" /></li>
        }
    }
}

/// The rows worth drawing.
fn drawn(n_rows: usize, scroll_px: u32, height_px: u32, row_px: u32) -> std::ops::Range<usize> {
    if n_rows <= N_ROWS_WHOLE {
        return 0..n_rows;
    }
    let first = (scroll_px / row_px) as usize;
    let n_seen = height_px.div_ceil(row_px) as usize;
    let end = (first + n_seen + N_ROWS_SPARE).min(n_rows);
    first.saturating_sub(N_ROWS_SPARE).min(end)..end
}

/// What a key means in the tree. Tab is taken only while the editor has it, and Escape gives it back.
fn key(event: &yew::KeyboardEvent, has_tab: bool, is_typing: bool) -> Option<TreeMsg> {
    if is_typing || event.ctrl_key() || event.meta_key() {
        return None;
    }
    let act = match (event.key().as_str(), event.alt_key()) {
        ("ArrowUp", true) => TreeAct::Older,
        ("ArrowDown", true) => TreeAct::Younger,
        ("ArrowLeft", true) => TreeAct::Outdent,
        ("ArrowRight", true) => TreeAct::Indent,
        ("ArrowUp", false) => TreeAct::Go(Way::Up),
        ("ArrowDown", false) => TreeAct::Go(Way::Down),
        ("ArrowLeft", false) => TreeAct::Go(Way::Left),
        ("ArrowRight", false) => TreeAct::Go(Way::Right),
        ("Home", false) => TreeAct::Go(Way::First),
        ("End", false) => TreeAct::Go(Way::Last),
        ("Enter", false) => TreeAct::NewSibling,
        ("Tab", false) if has_tab && !event.shift_key() => TreeAct::NewChild,
        ("F2", false) => TreeAct::Rename,
        ("Delete" | "Backspace", false) => TreeAct::Remove,
        ("Escape", false) if has_tab => TreeAct::Leave,
        _ => return None,
    };
    Some(TreeMsg::Did(act))
}

fn options(model: &Model, on: &On) -> Html {
    let scenario = model.document.scenario();
    let check = |words: &'static str,
                 title: &'static str,
                 checked: bool,
                 message: fn(bool) -> EditMsg| {
        let changed =
            on.send.reform(move |event: yew::Event| Msg::Edit(message(events::checked(&event))));
        html! { <label class="check" {title}><input type="checkbox" {checked} onchange={changed} />{ words }</label> }
    };
    html! {
        <section class="build__threads" aria-labelledby="build-options">
            <h3 class="panel__title" id="build-options">{ "Kernel" }</h3>
            { check("Preemptible RCU", "An RCU reader may be preempted: only RCU-sched readers delay the confirmation of a kill",
                scenario.preemption == Preemption::Full, EditMsg::ChosePreemption) }
            { check("use_hierarchy", "A walk below a group sees the groups below it", scenario.use_hierarchy, EditMsg::ChoseHierarchy) }
            <p class="toolbar">
                <button type="button" class="button button--small" disabled={model.playback().is_none_or(|p| p.player.is_empty())}
                    onclick={on.say(Msg::Edit(EditMsg::ClearedSchedule))}>{ "Clear the schedule" }</button>
            </p>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_tree_is_drawn_in_part() {
        assert_eq!(drawn(100, 0, 480, 28), 0..100);
        assert_eq!(drawn(10_000, 28_000, 480, 28), 985..1033);
        assert_eq!(drawn(10_000, 900_000, 480, 28).end, 10_000);
    }
}
