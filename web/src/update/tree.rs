//! The tree editor: what keys, buttons and drags mean. The scenario carries every change through
//! threads and moves.

use super::{edit, remove, threads};
use crate::model::Model;
use crate::model::tree::{Drag, Entry, Purpose};
use crate::msg::{Effect, TreeAct, TreeMsg, Way};
use memcg_core::hierarchy::{GroupId, Hierarchy, TreeError, check_name};
use memcg_scenario::Scenario;

/// Id of the field in which a name is typed.
const FIELD: &str = "build-name";
/// Id of the tree, which holds the keyboard.
const TREE: &str = "build-tree";
/// Most younger siblings that are passed one by one when a group changes its place among them.
const N_SIBLINGS_MAX: usize = 200;

pub(super) fn message(model: &mut Model, message: TreeMsg) -> Vec<Effect> {
    match message {
        TreeMsg::Went(group) => {
            let effects = settle(model, group);
            if model.tree.entry.is_none() {
                went(model, group);
                model.tree.has_tab = true;
            }
            effects
        }
        TreeMsg::Folded(group) => {
            if !model.tree.folded.remove(&group) {
                model.tree.folded.insert(group);
            }
            refresh(model);
            Vec::new()
        }
        TreeMsg::Did(act) => did(model, act),
        TreeMsg::Typed(text) => typed(model, text),
        TreeMsg::LeftEntry { take } => left(model, take),
        TreeMsg::DragBegan(group) => {
            if group != GroupId::ROOT {
                // It is not chosen yet: what a choice shows would move the rows under the finger.
                model.tree.drag = Some(Drag { group, over: None });
            }
            Vec::new()
        }
        TreeMsg::DraggedOver(over) => {
            let tree = &model.document.scenario().hierarchy;
            if let Some(drag) = &mut model.tree.drag {
                drag.over = over.filter(|over| !tree.is_at_or_below(*over, drag.group));
            }
            Vec::new()
        }
        TreeMsg::Dropped => match model.tree.drag.take() {
            Some(Drag { group, over: Some(parent) }) => move_to(model, group, parent),
            _ => Vec::new(),
        },
        TreeMsg::DragGivenUp => {
            model.tree.drag = None;
            Vec::new()
        }
        TreeMsg::Scrolled(scroll_px, height_px) => {
            model.tree.viewport.scroll_px = scroll_px;
            model.tree.viewport.height_px = height_px;
            Vec::new()
        }
        TreeMsg::RemovedNow(group) => remove::now(model, group),
    }
}

/// Somebody goes elsewhere in the middle of a name: it is taken over if it can be, else it stays.
fn settle(model: &mut Model, to: GroupId) -> Vec<Effect> {
    let is_typed = model.tree.entry.as_ref().is_some_and(|entry| !entry.text.is_empty());
    if !is_typed || model.tree.is_renaming(to) {
        if !model.tree.is_renaming(to) {
            model.tree.entry = None;
        }
        return Vec::new();
    }
    let mut effects = left(model, true);
    // An outliner's next field is not wanted by one who goes away.
    if model.tree.error.is_none() {
        model.tree.entry = None;
        effects.retain(|effect| !matches!(effect, Effect::Focus(_)));
    }
    effects
}

fn went(model: &mut Model, group: GroupId) {
    if model.tree.at != group {
        model.tree.entry = None;
    }
    model.tree.at = group;
    model.tree.error = None;
    model.look.group = Some(group);
}

fn refresh(model: &mut Model) {
    let scenario = model.document.scenario().clone();
    model.tree.follow(&scenario.hierarchy, None);
}

fn did(model: &mut Model, act: TreeAct) -> Vec<Effect> {
    model.tree.error = None;
    model.tree.has_tab = act != TreeAct::Leave;
    let at = model.tree.at;
    let tree = model.document.scenario().clone();
    let tree = &tree.hierarchy;
    match act {
        TreeAct::NewSibling => enter(model, tree.parent(at).unwrap_or(at)),
        TreeAct::NewChild => {
            if model.tree.folded.remove(&at) {
                refresh(model);
            }
            enter(model, at)
        }
        TreeAct::EntryDeeper => deeper(model, tree),
        TreeAct::EntryHigher => higher(model, tree),
        TreeAct::Rename => {
            if at == GroupId::ROOT {
                return refuse(model, &TreeError::IsRoot);
            }
            let text = tree.name(at).to_owned();
            model.tree.entry = Some(Entry { purpose: Purpose::Rename, text });
            vec![Effect::Select(FIELD)]
        }
        TreeAct::Remove => removed(model, at),
        TreeAct::Go(way) => go(model, tree, way),
        TreeAct::Older => reorder(model, tree, at, true),
        TreeAct::Younger => reorder(model, tree, at, false),
        TreeAct::Outdent => match tree.parent(at).and_then(|p| tree.parent(p)) {
            Some(parent) => move_to(model, at, parent),
            None => Vec::new(),
        },
        TreeAct::Indent => match older_sibling(tree, at) {
            Some(parent) => move_to(model, at, parent),
            None => Vec::new(),
        },
        TreeAct::Leave => {
            model.tree.entry = None;
            model.tree.drag = None;
            Vec::new()
        }
    }
}

fn refuse(model: &mut Model, error: &TreeError) -> Vec<Effect> {
    model.tree.error = Some(error.to_string());
    Vec::new()
}

fn older_sibling(tree: &Hierarchy, group: GroupId) -> Option<GroupId> {
    let siblings = tree.children(tree.parent(group)?);
    let place = siblings.iter().position(|s| *s == group)?;
    place.checked_sub(1).map(|before| siblings[before])
}

/// A field for a new group below this parent.
fn enter(model: &mut Model, parent: GroupId) -> Vec<Effect> {
    model.tree.entry = Some(Entry { purpose: Purpose::New { parent }, text: String::new() });
    vec![Effect::Focus(FIELD)]
}

/// The new group goes below the youngest of those beside it.
fn deeper(model: &mut Model, tree: &Hierarchy) -> Vec<Effect> {
    let Some(Entry { purpose: Purpose::New { parent }, .. }) = &mut model.tree.entry else {
        return Vec::new();
    };
    if let Some(youngest) = tree.children(*parent).last() {
        *parent = *youngest;
        if model.tree.folded.remove(youngest) {
            refresh(model);
        }
    }
    vec![Effect::Focus(FIELD)]
}

fn higher(model: &mut Model, tree: &Hierarchy) -> Vec<Effect> {
    if let Some(Entry { purpose: Purpose::New { parent }, .. }) = &mut model.tree.entry {
        *parent = tree.parent(*parent).unwrap_or(*parent);
    }
    vec![Effect::Focus(FIELD)]
}

fn typed(model: &mut Model, text: String) -> Vec<Effect> {
    let Some(entry) = &mut model.tree.entry else { return Vec::new() };
    // What a name cannot hold is said at once; that it is missing or taken, only when it is done.
    model.tree.error = match check_name(&text) {
        Err(error @ (TreeError::BadCharacter(_) | TreeError::LongName)) => Some(error.to_string()),
        Err(_) | Ok(()) => None,
    };
    entry.text = text;
    Vec::new()
}

/// Done with a name. An outliner's way: after a new group comes the next one.
fn left(model: &mut Model, take: bool) -> Vec<Effect> {
    let Some(entry) = model.tree.entry.take() else { return Vec::new() };
    model.tree.error = None;
    if !take || entry.text.is_empty() {
        return vec![Effect::Focus(TREE)];
    }
    let mut after = (*model.scenario()).clone();
    match entry.purpose {
        Purpose::New { parent } => match after.add_group(parent, &entry.text) {
            Ok((group, _)) => {
                let words = format!("add {}", after.hierarchy.path(group));
                let mut effects = edit::change(model, &words, None, after, None);
                went(model, group);
                effects.extend(enter(model, parent));
                effects
            }
            Err(error) => keep_entry(model, entry, &error),
        },
        Purpose::Rename => match after.rename_group(model.tree.at, &entry.text) {
            Ok(_) => {
                let words = format!("rename to {}", entry.text);
                let mut effects = edit::change(model, &words, None, after, None);
                effects.push(Effect::Focus(TREE));
                effects
            }
            Err(error) => keep_entry(model, entry, &error),
        },
    }
}

/// What was typed stays, with what is wrong.
fn keep_entry(model: &mut Model, entry: Entry, error: &TreeError) -> Vec<Effect> {
    model.tree.entry = Some(entry);
    model.tree.error = Some(error.to_string());
    vec![Effect::Focus(FIELD)]
}

fn removed(model: &mut Model, group: GroupId) -> Vec<Effect> {
    let mut after = (*model.scenario()).clone();
    let path = after.hierarchy.path(group);
    let next = neighbour(&after.hierarchy, group);
    match after.remove_group(group) {
        Ok(report) => {
            let n = report.ids.iter().filter(|id| id.is_none()).count();
            let title = match n {
                1 => format!("{path} is removed."),
                n => format!("{path} is removed, with {} groups below it.", n - 1),
            };
            let at = report.ids.get(next.index()).copied().flatten();
            let words = format!("remove {path}");
            let mut effects = edit::change(model, &words, None, after, Some(&report.ids));
            went(model, at.unwrap_or(GroupId::ROOT));
            model.tree.said = Some(title.clone());
            threads::say_dropped(model, &title, report.dropped);
            effects.push(Effect::Focus(TREE));
            effects
        }
        Err(error) => refuse(model, &error),
    }
}

/// Where the keyboard goes when a group is removed.
fn neighbour(tree: &Hierarchy, group: GroupId) -> GroupId {
    let Some(parent) = tree.parent(group) else { return GroupId::ROOT };
    let siblings = tree.children(parent);
    let place = siblings.iter().position(|s| *s == group).unwrap_or(0);
    siblings
        .get(place + 1)
        .or_else(|| siblings.get(place.checked_sub(1)?))
        .copied()
        .unwrap_or(parent)
}

fn move_to(model: &mut Model, group: GroupId, parent: GroupId) -> Vec<Effect> {
    let mut after = (*model.scenario()).clone();
    let path = after.hierarchy.path(group);
    match after.move_group(group, parent) {
        Ok(report) => {
            if model.tree.folded.remove(&parent) {
                refresh(model);
            }
            let words =
                format!("move {path} into {}", model.document.scenario().hierarchy.path(parent));
            let to = report.ids.get(group.index()).copied().flatten().unwrap_or(group);
            let effects = edit::change(model, &words, None, after, Some(&report.ids));
            went(model, to);
            threads::say_dropped(model, &format!("{path} has moved."), report.dropped);
            effects
        }
        Err(error) => refuse(model, &error),
    }
}

/// Changes places with the sibling before or after it: the others are moved behind, in order.
fn reorder(model: &mut Model, tree: &Hierarchy, group: GroupId, older: bool) -> Vec<Effect> {
    let Some(parent) = tree.parent(group) else { return refuse(model, &TreeError::IsRoot) };
    let siblings = tree.children(parent);
    let place = siblings.iter().position(|s| *s == group).unwrap_or(0);
    let first = if older { place.checked_sub(1) } else { Some(place) };
    let Some(first) = first.filter(|first| first + 1 < siblings.len()) else { return Vec::new() };
    let behind = [&siblings[first..=first], &siblings[first + 2..]].concat();
    if behind.len() > N_SIBLINGS_MAX {
        let why = format!(
            "it has more than {N_SIBLINGS_MAX} younger siblings, which would all be made anew"
        );
        model.tree.error = Some(why);
        return Vec::new();
    }
    let mut after: Scenario = (*model.scenario()).clone();
    let mut ids: Vec<Option<GroupId>> = after.hierarchy.ids().map(Some).collect();
    for sibling in behind {
        let (Some(now), Some(below)) = (ids[sibling.index()], ids[parent.index()]) else {
            continue;
        };
        match after.move_group(now, below) {
            Ok(report) => {
                let then = |id: GroupId| report.ids.get(id.index()).copied().flatten();
                for id in &mut ids {
                    *id = id.and_then(then);
                }
            }
            Err(error) => return refuse(model, &error),
        }
    }
    let at = ids[group.index()].unwrap_or(GroupId::ROOT);
    let effects = edit::change(model, "the order of siblings", None, after, Some(&ids));
    went(model, at);
    effects
}

fn go(model: &mut Model, tree: &Hierarchy, way: Way) -> Vec<Effect> {
    let at = model.tree.at;
    let outline = model.tree.outline.clone();
    let is_folded = model.tree.folded.contains(&at);
    let children = tree.children(at);
    let to = match way {
        Way::Up => outline.neighbour(at, -1),
        Way::Down => outline.neighbour(at, 1),
        Way::First => GroupId::ROOT,
        Way::Last => outline.neighbour(at, isize::MAX),
        Way::Left if !is_folded && !children.is_empty() => {
            return message(model, TreeMsg::Folded(at));
        }
        Way::Left => tree.parent(at).unwrap_or(at),
        Way::Right if is_folded => return message(model, TreeMsg::Folded(at)),
        Way::Right => children.first().copied().unwrap_or(at),
    };
    went(model, to);
    vec![Effect::Reveal(format!("build-g{}", to.0))]
}
