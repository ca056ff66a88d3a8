//! Threads: added from presets, written in a line of the scenario's own grammar, removed.

use super::{edit, line};
use crate::model::trouble::{self, About, Offer, Tone, Trouble};
use crate::model::{Lines, Model};
use crate::msg::{Effect, Preset};
use memcg_core::hierarchy::{GroupId, Hierarchy};
use memcg_core::world::{Cookie, Until, World};
use memcg_scenario::{OpText, RoleText, Scenario, Severity, ThreadText, Verb, parse, print};

/// The cookie of a kswapd of node 0 with one zone.
const COOKIE: Cookie = Cookie { node: 0, n_zones: 1, priority_from: 12, priority_to: 12 };

/// Groups reclaimed by a limit reclaimer before it has enough.
const N_ENOUGH: u32 = 3;

pub(super) fn added(model: &mut Model, preset: Preset) -> Vec<Effect> {
    let scenario = model.scenario();
    if scenario.threads.len() >= World::N_THREADS_MAX {
        return Vec::new();
    }
    let thread = preset_thread(preset, &scenario, model.tree.at);
    let at = scenario.threads.len();
    let words = format!("add the thread {}", thread.name);
    let mut effects = edit::with(model, &words, None, |scenario| scenario.threads.push(thread));
    effects.extend(line::opened(model, Lines::Threads, at));
    effects
}

/// A thread of this kind with a name of its own; where it needs a group, the chosen one.
pub(super) fn preset_thread(preset: Preset, scenario: &Scenario, chosen: GroupId) -> ThreadText {
    let tree = &scenario.hierarchy;
    let reclaimer = |root: String, cookie, until| RoleText::Reclaimer { root, cookie, until };
    let (name, role) = match preset {
        Preset::Kswapd => ("kswapd", reclaimer("/".into(), Some(COOKIE), Until::Rounds(None))),
        Preset::Limit => {
            let until = Until::Visits { n_visits: N_ENOUGH, n_walks: None };
            ("limit", reclaimer(tree.path(parent_for(tree, chosen)), Some(COOKIE), until))
        }
        Preset::Private => ("stat", reclaimer("/".into(), None, Until::Rounds(Some(1)))),
        Preset::Admin => {
            let group = if chosen == GroupId::ROOT { leaf_of(tree) } else { chosen };
            ("admin", RoleText::Admin(vec![OpText { verb: Verb::Rmdir, group: tree.path(group) }]))
        }
    };
    ThreadText { name: free_name(name, &scenario.threads), role }
}

/// The chosen group if something is below it, else what it is in.
fn parent_for(tree: &Hierarchy, chosen: GroupId) -> GroupId {
    if chosen.index() >= tree.n_groups() {
        return GroupId::ROOT;
    }
    if tree.children(chosen).is_empty() { tree.parent(chosen).unwrap_or(chosen) } else { chosen }
}

fn leaf_of(tree: &Hierarchy) -> GroupId {
    tree.pre_order()
        .into_iter()
        .rev()
        .find(|g| tree.children(*g).is_empty())
        .unwrap_or(GroupId::ROOT)
}

/// `admin`, or `admin2` and so on; a kernel's kswapd has its node's number.
pub(super) fn free_name(stem: &str, threads: &[ThreadText]) -> String {
    let of_node = stem == "kswapd";
    let name = |n: usize| match (n, of_node) {
        (_, true) => format!("{stem}{n}"),
        (0, false) => stem.to_owned(),
        (n, false) => format!("{stem}{}", n + 1),
    };
    // One more than there are threads is enough to find a free one.
    let free = (0..=threads.len()).map(name).find(|name| threads.iter().all(|t| t.name != *name));
    free.unwrap_or_else(|| stem.to_owned())
}

/// A thread as its line of the scenario.
pub fn line_of(thread: &ThreadText) -> String {
    let text = print(&Scenario { threads: vec![thread.clone()], ..Scenario::default() });
    let mut lines =
        text.lines().skip_while(|line| line.trim() != "threads:").skip(1).map(str::trim);
    let mut out = lines.next().unwrap_or_default().to_owned();
    // Operations that go on in further lines stand in one here.
    for line in lines {
        out.push_str(if out.ends_with(':') { " " } else { "; " });
        out.push_str(line.trim_end_matches(';').trim_end());
    }
    out
}

pub(super) fn removed(model: &mut Model, thread: usize) -> Vec<Effect> {
    let mut after = (*model.scenario()).clone();
    let Some(name) = after.threads.get(thread).map(|t| t.name.clone()) else { return Vec::new() };
    let report = after.remove_thread(&name);
    let words = format!("remove the thread {name}");
    let effects = edit::change(model, &words, None, after, None);
    model.line = None;
    say_dropped(model, &format!("The thread {name} is removed."), report.dropped);
    effects
}

/// Says what went along with something removed; undo brings it back.
pub(super) fn say_dropped(model: &mut Model, title: &str, dropped: Vec<String>) {
    if dropped.is_empty() {
        return;
    }
    let trouble = Trouble::new(
        About::Edit,
        Tone::Note,
        format!("{title} What referred to what is gone went along:"),
    );
    trouble::note(&mut model.troubles, trouble.with(dropped).offering(Offer::Undo));
}

/// Takes a written line over in the place of a thread's.
///
/// # Errors
/// What is wrong with it.
pub(super) fn written(
    model: &mut Model,
    at: usize,
    text: &str,
) -> Result<Vec<Effect>, Vec<String>> {
    let scenario = model.scenario();
    let new = read_line(&scenario, at, text)?;
    let mut after = (*scenario).clone();
    if let Some(old) = scenario.threads.get(at).filter(|old| old.name != new.name) {
        // Moves follow the name; that it is free was checked with the line.
        let _ = after.rename_thread(&old.name, &new.name);
    }
    let words = format!("the thread {}", new.name);
    after.threads[at] = new;
    Ok(edit::change(model, &words, None, after, None))
}

/// Reads a thread's line as if it stood in the scenario.
fn read_line(scenario: &Scenario, thread: usize, line: &str) -> Result<ThreadText, Vec<String>> {
    let around = Scenario { hierarchy: scenario.hierarchy.clone(), ..Scenario::default() };
    let mut text = print(&around);
    text.push_str("threads:\n");
    let mut at = 0;
    for (place, other) in scenario.threads.iter().enumerate() {
        if place == thread {
            at = text.lines().count() + 1;
        }
        let line = if place == thread { line.to_owned() } else { line_of(other) };
        text.push_str("  ");
        text.push_str(line.trim());
        text.push('\n');
    }
    let mut parsed = parse(&text);
    let errors: Vec<String> = parsed
        .diagnostics
        .iter()
        .filter(|d| {
            d.severity == Severity::Error && d.at.is_some_and(|p| usize::try_from(p.line) == Ok(at))
        })
        .map(line::told)
        .collect();
    let in_step = parsed.scenario.threads.len() == scenario.threads.len();
    match (errors.is_empty(), in_step) {
        (true, true) => Ok(parsed.scenario.threads.swap_remove(thread)),
        (true, false) => Err(vec!["a thread is written \"name: what it does\"".to_owned()]),
        (false, _) => Err(errors),
    }
}
