//! Importing: from a paste or a file over the worker to the tree. The big text is never shown.

use super::{check, edit, look, open, sheet, text, trace};
use crate::model::import::Import;
use crate::model::trace::TraceView;
use crate::model::trouble::{self, About, Offer, Tone, Trouble};
use crate::model::{DialogKind, Model, Tab};
use crate::msg::{Brought, Effect, ImportMsg, Preset};
use crate::update::threads;
use crate::work::{Answer, Question, Task};
use memcg_scenario::{Diagnostic, RoleText, Scenario, Severity, TEXT_BYTES_MAX, import};

/// What a pasted or dropped text seems to be.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(super) enum Kind {
    /// A link of the playground.
    Link,
    /// A scenario.
    Scenario,
    /// A listing of cgroups.
    Listing,
    /// A trace of a running kernel.
    Trace,
    /// A picture, or a page, that may carry a scenario.
    Picture,
    /// Nothing of these.
    Other,
}

/// The beginning of a file, read as text, tells whether it may carry a scenario as pictures do.
pub fn is_picture(start: &str) -> bool {
    // What a bitmap begins with is no UTF-8.
    start.starts_with("\u{fffd}PNG")
        || start.trim_start_matches('\u{feff}').trim_start().starts_with('<')
}

/// Judges a text by its first lines.
pub(super) fn kind_of(text: &str) -> Kind {
    let start = text.trim_start();
    if !start.contains('\n') && (start.contains("#1:") || start.contains("#1t:")) {
        return Kind::Link;
    }
    if is_picture(start) {
        return Kind::Picture;
    }
    let keys = ["scenario:", "hierarchy:", "threads:", "compare:", "schedule:", "note:"];
    if start.lines().take(40).any(|line| keys.iter().any(|key| line.starts_with(key))) {
        return Kind::Scenario;
    }
    if start.lines().nth(1).is_none() {
        return Kind::Other;
    }
    if trace::is_trace(start) {
        return Kind::Trace;
    }
    match import::detect(start) {
        Some(import::Format::Find | import::Format::SystemdCgls | import::Format::Lscgroup) => {
            Kind::Listing
        }
        Some(import::Format::Indented) | None => Kind::Other,
    }
}

/// Something was pasted, and not into a field (or too much for one).
pub(super) fn pasted(model: &mut Model, pasted: Brought) -> Vec<Effect> {
    let kind = kind_of(&pasted.start);
    if model.dialog == Some(DialogKind::Import) {
        return read(model, task_of(kind), pasted);
    }
    match kind {
        // Other markup may be pasted by mistake.
        Kind::Picture if !pasted.start.contains("memcg:scenario") => Vec::new(),
        Kind::Picture => read(model, Task::Picture, pasted),
        Kind::Link => open::followed(model, &pasted.start),
        Kind::Scenario => open_text(model, pasted),
        Kind::Trace => trace::pasted(model, pasted),
        Kind::Listing => {
            let size = size_words(&pasted);
            let title = format!("What you pasted looks like a listing of cgroups: {size}.");
            model.import = Import::Offered(pasted);
            let trouble = Trouble::new(About::Paste, Tone::Note, title).offering(Offer::Import);
            trouble::note(&mut model.troubles, trouble);
            Vec::new()
        }
        Kind::Other => Vec::new(),
    }
}

/// What the worker is asked about a text that nothing else is done with.
fn task_of(kind: Kind) -> Task {
    if kind == Kind::Picture { Task::Picture } else { Task::Import }
}

fn size_words(text: &Brought) -> String {
    if text.is_whole() {
        format!("{} lines", text.start.lines().count())
    } else {
        format!("{} kB", text.n_bytes / 1000)
    }
}

/// A scenario's text goes where it can be seen and mended, unless it is too long to be shown.
fn open_text(model: &mut Model, text: Brought) -> Vec<Effect> {
    if !text.is_whole() {
        return read(model, Task::Parse, text);
    }
    look::show(model, Tab::Text);
    model.dialog = None;
    text::typed(model, text.start)
}

/// The box opens.
pub(super) fn opened(model: &mut Model) -> Vec<Effect> {
    if matches!(model.import, Import::Idle | Import::Offered(_)) {
        model.import = Import::Asking { text: String::new(), failed: None };
    }
    model.dialog = Some(DialogKind::Import);
    vec![Effect::Dialog, Effect::Focus("import-text")]
}

/// The box closes; what the worker is at ends.
pub(super) fn closed(model: &mut Model) -> Vec<Effect> {
    let was_reading = matches!(model.import, Import::Reading { .. });
    model.import = Import::Idle;
    if was_reading { vec![trace::end_work(model)] } else { Vec::new() }
}

pub(super) fn message(model: &mut Model, message: ImportMsg) -> Vec<Effect> {
    match message {
        ImportMsg::Opened => opened(model),
        ImportMsg::Typed(text) => {
            model.import = Import::Asking { text, failed: None };
            Vec::new()
        }
        ImportMsg::Accepted => {
            trouble::clear(&mut model.troubles, About::Paste);
            match std::mem::take(&mut model.import) {
                Import::Offered(text) => read(model, Task::Import, text),
                other => {
                    model.import = other;
                    opened(model)
                }
            }
        }
        ImportMsg::Read => match &model.import {
            Import::Asking { text, .. } if !text.trim().is_empty() => {
                let text = Brought::whole(text.clone());
                read(model, task_of(kind_of(&text.start)), text)
            }
            _ => Vec::new(),
        },
        ImportMsg::Cancelled => {
            let mut effects = closed(model);
            model.import = Import::Asking { text: String::new(), failed: None };
            effects.push(Effect::Focus("import-text"));
            effects
        }
        ImportMsg::Used => used(model),
    }
}

/// The worker shall read it.
fn read(model: &mut Model, task: Task, text: Brought) -> Vec<Effect> {
    model.dialog = Some(DialogKind::Import);
    if text.n_bytes > TEXT_BYTES_MAX {
        let n = TEXT_BYTES_MAX / 1024 / 1024;
        return failed(model, format!("The text is longer than {n} MB; nothing of it was read."));
    }
    model.n_questions = model.n_questions.wrapping_add(1);
    let id = model.n_questions;
    model.import = Import::Reading { id, n_bytes: text.n_bytes };
    let ask = if text.is_whole() {
        Effect::Ask(Question { task, id, text: text.start })
    } else {
        Effect::AskAboutBrought(Question { task, id, text: String::new() })
    };
    vec![ask, Effect::Dialog, Effect::Focus("import-cancel")]
}

/// A file is on its way.
pub(super) fn coming(model: &mut Model, name: String) -> Vec<Effect> {
    model.dialog = Some(DialogKind::Import);
    model.import = Import::Loading(name);
    vec![Effect::Dialog]
}

/// A file is here.
pub(super) fn arrived(model: &mut Model, name: &str, text: Brought) -> Vec<Effect> {
    if !matches!(&model.import, Import::Loading(coming) if coming == name) {
        return Vec::new();
    }
    match kind_of(&text.start) {
        Kind::Link => {
            model.dialog = None;
            model.import = Import::Idle;
            open::followed(model, &text.start)
        }
        Kind::Scenario => {
            model.import = Import::Idle;
            open_text(model, text)
        }
        Kind::Trace => trace::pasted(model, text),
        kind @ (Kind::Picture | Kind::Listing | Kind::Other) => read(model, task_of(kind), text),
    }
}

/// A picture is here; the shell holds the file.
pub(super) fn picture(model: &mut Model, name: &str, n_bytes: usize) -> Vec<Effect> {
    if !matches!(&model.import, Import::Loading(coming) if coming == name) {
        return Vec::new();
    }
    model.n_questions = model.n_questions.wrapping_add(1);
    let id = model.n_questions;
    model.import = Import::Reading { id, n_bytes };
    let question = Question { task: Task::Picture, id, text: String::new() };
    vec![Effect::AskAboutFile(question), Effect::Dialog, Effect::Focus("import-cancel")]
}

/// What the worker found in a picture: a link, or why there is none.
fn seen(model: &mut Model, answer: &Answer) -> Vec<Effect> {
    if answer.n_lines == 0 {
        return failed(model, format!("No scenario was opened: {}.", answer.words));
    }
    model.import = Import::Idle;
    model.dialog = None;
    let mut effects = open::followed(model, &answer.words);
    let about = |trouble: &&mut Trouble| trouble.about == About::Link;
    if let Some(trouble) = model.troubles.iter_mut().find(about) {
        trouble.title.clear();
        trouble.title.push_str("Not all of the scenario in the picture makes sense here.");
    }
    effects.push(Effect::Focus("stage"));
    effects
}

/// It came to nothing.
pub(super) fn failed(model: &mut Model, why: String) -> Vec<Effect> {
    model.dialog = Some(DialogKind::Import);
    model.import = Import::Asking { text: String::new(), failed: Some(why) };
    vec![Effect::Dialog, Effect::Focus("import-text")]
}

pub(super) fn worker_failed(model: &mut Model, why: String) -> Vec<Effect> {
    // The worker held it.
    if !model.trace.name.is_empty() {
        model.trace = TraceView { failed: true, ..TraceView::default() };
    }
    model.sheet.failed = true;
    if matches!(model.import, Import::Reading { .. }) {
        let mut effects = failed(model, why);
        effects.push(Effect::EndWork);
        return effects;
    }
    trouble::note(&mut model.troubles, Trouble::new(About::Worker, Tone::Bad, why));
    vec![Effect::EndWork]
}

pub(super) fn answered(model: &mut Model, answer: Answer) -> Vec<Effect> {
    let asked = matches!(model.import, Import::Reading { id, .. } if id == answer.id);
    match (answer.task, asked) {
        (Task::Trace | Task::Replay | Task::TraceScenario | Task::Progress, _) => {
            trace::answered(model, answer)
        }
        (Task::Proof, _) => open::proven(model, answer.words),
        (Task::Shipped, _) => open::shipped(model, &answer.words),
        (
            Task::Policies
            | Task::Compare
            | Task::CompareAll
            | Task::Gallery
            | Task::Keys
            | Task::Share,
            _,
        ) => sheet::came(model, answer.id, answer.words),
        (
            Task::CheckForm
            | Task::CheckRows
            | Task::Passing
            | Task::Check
            | Task::CheckStop
            | Task::CheckProgress,
            _,
        ) => check::answered(model, answer),
        (Task::Import | Task::Picture, false) => Vec::new(),
        (Task::Picture, true) => seen(model, &answer),
        (Task::Import, true) => {
            if answer.tree.n_groups() <= 1 && answer.notes.is_empty() {
                return failed(model, "No cgroup could be found in the text.".to_owned());
            }
            let tree = Box::new(answer.tree.hierarchy());
            model.import = Import::Read(Box::new(answer), tree);
            vec![Effect::Focus("import-use")]
        }
        (Task::Parse, asked) => {
            let scenario = answer.scenario();
            let diagnostics: Vec<Diagnostic> = answer.notes.into_iter().map(Into::into).collect();
            if asked {
                return parsed(model, scenario, &diagnostics, answer.n_more);
            }
            text::read(model, answer.id, scenario, diagnostics, answer.n_more)
        }
    }
}

/// A scenario too long to be shown as a text: taken over if it has no mistakes.
fn parsed(
    model: &mut Model,
    scenario: Scenario,
    diagnostics: &[Diagnostic],
    n_more: usize,
) -> Vec<Effect> {
    let mut errors = diagnostics.iter().filter(|d| d.severity == Severity::Error);
    if let Some(first) = errors.next() {
        let n = errors.count() + n_more;
        return failed(
            model,
            format!("The scenario has mistakes, the first of them at {first}; {n} more."),
        );
    }
    model.import = Import::Idle;
    model.dialog = None;
    let none = vec![None; model.document.scenario().hierarchy.n_groups()];
    edit::fresh(model, "open a scenario", scenario, &none)
}

/// What was read becomes the hierarchy. Threads stay if their groups are still there.
fn used(model: &mut Model) -> Vec<Effect> {
    let Import::Read(listing, tree) = std::mem::take(&mut model.import) else { return Vec::new() };
    model.dialog = None;
    let mut after = (*model.scenario()).clone();
    after.hierarchy = *tree;
    after.schedule.clear();
    after.expectations.clear();
    after.title = format!("{} cgroups", after.hierarchy.n_groups() - 1);
    after.notes.clear();
    let tree = &after.hierarchy;
    let mut gone = Vec::new();
    after.threads.retain(|thread| {
        let stays = match &thread.role {
            RoleText::Reclaimer { root, .. } => tree.find(root).is_some(),
            RoleText::Admin(_) => false,
        };
        if !stays {
            gone.push(format!("thread {}", thread.name));
        }
        stays
    });
    if !after.threads.iter().any(|t| matches!(t.role, RoleText::Reclaimer { .. })) {
        let thread =
            threads::preset_thread(Preset::Kswapd, &after, memcg_core::hierarchy::GroupId::ROOT);
        after.threads.push(thread);
    }
    if after.lanes.is_empty() {
        after.lanes = memcg_scenario::parse(memcg_scenario::opening().text).scenario.lanes;
    }
    model.look.folded = std::rc::Rc::default();
    model.look.group = None;
    let words = format!("import {} cgroups", after.hierarchy.n_groups() - 1);
    let none = vec![None; model.document.scenario().hierarchy.n_groups()];
    let mut effects = edit::fresh(model, &words, after, &none);
    let title =
        format!("{} cgroups have taken the place of the others.", listing.tree.n_groups() - 1);
    threads::say_dropped(model, &title, gone);
    effects.push(Effect::Focus("stage"));
    effects
}
