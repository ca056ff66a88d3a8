//! What is looked at: panels, dialogs, folds, the search, the window's size.

use super::{check, import, keep, sheet, trace};
use crate::geometry::rows::{Density, Outline};
use crate::keys::Command;
use crate::model::{DialogKind, Model, Search, Tab};
use crate::msg::{Effect, LookMsg, Slot};
use memcg_core::hierarchy::GroupId;
use std::rc::Rc;

/// The scroll container of the lanes.
const LANES: &str = ".stage__lanes";

/// Height of what stands above the rows in that container.
const HEAD_PX: u32 = 130;

/// The scroll container of the tree editor.
const TREE: &str = ".build__scroll";

/// Most groups that a search goes through one by one.
const N_FOUND_MAX: usize = 1_000;

/// Lanes with more rows than this are drawn dense.
const N_ROWS_ROOMY_MAX: usize = 48;

pub(super) fn message(model: &mut Model, message: LookMsg) -> Vec<Effect> {
    match message {
        LookMsg::Tab(tab) => {
            model.look.tab = tab;
            model.look.side = true;
            keep::touched(model)
        }
        LookMsg::TabByKey(tab) => {
            model.look.tab = tab;
            vec![Effect::Focus(tab.button())]
        }
        LookMsg::Skipped => vec![Effect::Focus("stage")],
        LookMsg::Side(open) => {
            model.look.side = open;
            Vec::new()
        }
        LookMsg::Dialog(DialogKind::Import) => import::opened(model),
        LookMsg::Dialog(DialogKind::Policies) => sheet::policies(model, None),
        LookMsg::Dialog(
            kind @ (DialogKind::Compare
            | DialogKind::Gallery
            | DialogKind::Keys
            | DialogKind::Share),
        ) => sheet::shown(model, kind),
        LookMsg::Dialog(DialogKind::Check) => check::shown(model),
        LookMsg::Policies(lane) => sheet::policies(model, Some(lane)),
        LookMsg::Did(deed) => sheet::done(model, &deed),
        LookMsg::Dialog(kind) => {
            model.dialog = Some(kind);
            vec![Effect::Dialog]
        }
        LookMsg::DialogClosed => close_dialog(model),
        LookMsg::Theme(theme) => {
            model.look.theme = theme;
            let kept = theme.attribute().map(ToOwned::to_owned);
            vec![Effect::Theme(theme), Effect::Store(Slot::Theme, kept)]
        }
        LookMsg::Search(text) => search(model, text),
        LookMsg::SearchNext => search_next(model),
        LookMsg::SearchClosed => {
            model.look.search = None;
            vec![Effect::Focus("stage")]
        }
        LookMsg::Scrolled(scroll_px, height_px) => {
            model.look.viewport.scroll_px = scroll_px;
            model.look.viewport.height_px = height_px;
            Vec::new()
        }
        LookMsg::File(file) => {
            model.look.file = Some(file);
            Vec::new()
        }
    }
}

pub(super) fn command(model: &mut Model, command: Command) -> Vec<Effect> {
    match command {
        Command::Find => {
            model.look.search.get_or_insert_default();
            vec![Effect::Select("search-field")]
        }
        Command::Help => sheet::shown(model, DialogKind::Keys),
        Command::Close if model.dialog.is_some() => close_dialog(model),
        Command::Close => {
            model.look.search = None;
            model.tree.drag = None;
            Vec::new()
        }
        _ => Vec::new(),
    }
}

pub(super) fn close_dialog(model: &mut Model) -> Vec<Effect> {
    let kind = model.dialog.take();
    let mut effects = Vec::new();
    if kind == Some(DialogKind::Import) {
        effects.extend(import::closed(model));
    }
    if kind == Some(DialogKind::Trace) {
        effects.extend(trace::closed(model));
    }
    effects.extend(kind.map(|_| Effect::FocusBack));
    effects
}

/// Folds or unfolds a group in all lanes.
pub(super) fn folded(model: &mut Model, group: GroupId) -> Vec<Effect> {
    let folded = Rc::make_mut(&mut model.look.folded);
    if !folded.remove(&group) {
        folded.insert(group);
    }
    outline(model);
    Vec::new()
}

fn outline(model: &mut Model) {
    let folded = model.look.folded.clone();
    if let Some(playback) = model.playback_mut() {
        playback.outline = Rc::new(Outline::new(&playback.world, &folded));
    }
    density(model);
}

/// How tall the rows are.
pub(super) fn density(model: &mut Model) {
    let n_rows = model.playback().map_or(0, |p| p.outline.rows().len());
    model.look.viewport.density = if model.around.is_narrow() || model.around.coarse {
        Density::Touch
    } else if n_rows > N_ROWS_ROOMY_MAX {
        Density::Dense
    } else {
        Density::Roomy
    };
}

/// Chooses a group and brings it into view, unfolding what hides it.
pub(super) fn reveal(model: &mut Model, group: GroupId) -> Vec<Effect> {
    model.look.group = Some(group);
    let mut effects = in_editor(model, group);
    let Some(playback) = model.playback() else { return effects };
    let parent = |group: GroupId| playback.world.groups.get(group.index()).and_then(|g| g.parent);
    let above: Vec<GroupId> = std::iter::successors(parent(group), |g| parent(*g)).collect();
    if above.iter().any(|g| model.look.folded.contains(g)) {
        let folded = Rc::make_mut(&mut model.look.folded);
        for group in &above {
            folded.remove(group);
        }
        outline(model);
    }
    let Some(playback) = model.playback() else { return effects };
    let top_px = model.look.viewport.centred_px(playback.outline.row_of(group));
    effects.push(Effect::Scroll(LANES, top_px));
    effects
}

/// The lanes scroll back to where they were.
pub(super) fn back_to_place(model: &Model) -> Effect {
    Effect::Scroll(LANES, model.look.viewport.scroll_px)
}

/// Where a walker has gone out of sight, in a tree larger than its part of the page: scrolls to it.
pub(super) fn in_sight(model: &Model) -> Option<Effect> {
    let playback = model.playback().filter(|p| p.target.is_none())?;
    let view = model.look.viewport;
    let row_px = view.density.row_px();
    let n_rows = u32::try_from(playback.outline.rows().len()).ok()?;
    let picture = playback.shown.pictures.get(model.look.lane)?;
    let group = picture.threads.get(model.look.thread?)?.holds?;
    let top_px = view.top_px(playback.outline.row_of(group));
    let seen =
        view.scroll_px..(view.scroll_px + view.height_px).saturating_sub(HEAD_PX + 2 * row_px);
    if view.height_px == 0 || n_rows * row_px + HEAD_PX <= view.height_px || seen.contains(&top_px)
    {
        return None;
    }
    Some(Effect::Scroll(LANES, view.centred_px(playback.outline.row_of(group))))
}

/// The tree editor goes to the group too, if the group is there at the start.
fn in_editor(model: &mut Model, group: GroupId) -> Vec<Effect> {
    if group.index() >= model.document.scenario().hierarchy.n_groups() || model.tree.entry.is_some()
    {
        return Vec::new();
    }
    model.tree.at = group;
    model.tree.error = None;
    if model.look.tab != Tab::Build || !model.look.side {
        return Vec::new();
    }
    let row = u32::try_from(model.tree.outline.row_of(group)).unwrap_or(0);
    let top_px =
        (row * model.around.tree_row_px()).saturating_sub(model.tree.viewport.height_px / 2);
    vec![Effect::Scroll(TREE, top_px)]
}

fn search(model: &mut Model, text: String) -> Vec<Effect> {
    let wanted = text.trim().to_ascii_lowercase();
    let mut search = Search { text, ..Search::default() };
    if let Some(playback) = model.playback().filter(|_| !wanted.is_empty()) {
        let fits =
            |group: &GroupId| playback.world.path(*group).to_ascii_lowercase().contains(&wanted);
        search.found =
            playback.world.pre_order().into_iter().filter(fits).take(N_FOUND_MAX).collect();
    }
    let first = search.found.first().copied();
    model.look.search = Some(search);
    first.map_or_else(Vec::new, |group| reveal(model, group))
}

fn search_next(model: &mut Model) -> Vec<Effect> {
    let Some(search) = model.look.search.as_mut().filter(|s| !s.found.is_empty()) else {
        return Vec::new();
    };
    search.at = (search.at + 1) % search.found.len();
    let group = search.found[search.at];
    reveal(model, group)
}

pub(super) fn resized(model: &mut Model, width_px: u32, height_px: u32) -> Vec<Effect> {
    model.around.width_px = width_px;
    model.around.height_px = height_px;
    density(model);
    Vec::new()
}

/// Opens the panel at a tab.
pub(super) fn show(model: &mut Model, tab: Tab) {
    model.look.tab = tab;
    model.look.side = true;
}
