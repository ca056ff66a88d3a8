//! What the worker does, as plain questions and answers. Pure: the same code answers here and there.

mod wire;

use crate::programs::program;
use crate::sheet;
use memcg_core::hierarchy::{GroupId, Hierarchy};
use memcg_core::run::Run;
use memcg_core::schedule::LaneSpec;
use memcg_core::{registry, replay};
use memcg_scenario::{Diagnostic, Place, Scenario, Severity, import, link, parse, print_compact};
use std::fmt::Write;

/// What the page asks.
#[derive(Clone, PartialEq, Debug)]
pub struct Question {
    /// What the text is.
    pub task: Task,
    /// Comes back with the answer.
    pub id: u32,
    /// The text.
    pub text: String,
}

/// An enum with a list of all it can be.
macro_rules! listed {
    ($(#[$of:meta])* pub enum $name:ident { $($(#[$doc:meta])* $one:ident,)* }) => {
        $(#[$of])* pub enum $name { $($(#[$doc])* $one,)* }
        impl $name {
            /// All of them, in their order.
            pub const ALL: &[Self] = &[$(Self::$one),*];
        }
    };
}

listed! {
/// What a text is.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Task {
    /// A listing of cgroups, to be imported.
    Import,
    /// A picture that may carry a scenario, as text or as a file: a link, or why there is none.
    Picture,
    /// A scenario, to be parsed.
    Parse,
    /// The title of the scenario that is shown: the gallery's sheet.
    Gallery,
    /// The place of a scenario in the gallery: its text.
    Shipped,
    /// No text: the sheet of keys.
    Keys,
    /// A question about policies: the sheet is asked for.
    Policies,
    /// A link: the sheet that compares its lanes.
    Compare,
    /// A link: the sheet that compares all policies.
    CompareAll,
    /// What is chosen of the forms, the page's address, and a link, a line each: the sheet that offers what to copy.
    Share,
    /// A link that says what its schedule came to: whether it still does.
    Proof,
    /// A trace of a kernel, to be held by the worker.
    Trace,
    /// A place in that trace: the sheet that shows it.
    Replay,
    /// That trace as a scenario.
    TraceScenario,
    /// Never asked: how far the worker is, in percent.
    Progress,
    /// Options of checks: the part of the sheet that asks for them.
    CheckForm,
    /// Lanes and what came of checking them: the part of the sheet that tells it.
    CheckRows,
    /// A lane to check: complete runs of it that pass.
    Passing,
    /// A lane to check, of a worker that does nothing else.
    Check,
    /// The check under way is to be stopped.
    CheckStop,
    /// Never asked: how far a check is, in words.
    CheckProgress,
}
}

/// What the worker answers, to any task.
#[derive(Clone, PartialEq, Debug)]
pub struct Answer {
    /// Of the question.
    pub task: Task,
    /// Of the question.
    pub id: u32,
    /// What a listing was taken for, in words; or all of a scenario but its tree, as a text; or a sheet.
    pub words: String,
    /// The groups.
    pub tree: Tree,
    /// Lines of a listing that are not blank; or calls of a trace; or percent; or 1 if a picture holds a scenario.
    pub n_lines: usize,
    /// What could not be used, or is wrong.
    pub notes: Vec<Note>,
    /// Further notes, only counted; or calls of a trace up to the first that the policy does not explain.
    pub n_more: usize,
}

/// Something about a line.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Note {
    is_error: bool,
    /// Line, from 1; 0 for none.
    pub line: u32,
    column: u32,
    /// The part of the text concerned, or its beginning.
    pub text: String,
    /// What is wrong and why.
    pub why: String,
    /// What to write instead; may be empty.
    pub help: String,
}

/// A tree in a form that crosses quickly: one text, however many groups there are.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Tree {
    /// A line for every group but the root, in the order of creation: its parent's number, a space, its name.
    lines: String,
    n_groups: usize,
}

impl Tree {
    /// Packs a tree.
    pub fn of(hierarchy: &Hierarchy) -> Self {
        let mut lines = String::new();
        for group in hierarchy.ids().skip(1) {
            let parent = hierarchy.parent(group).map_or(0, |p| p.0);
            let _ = writeln!(lines, "{parent} {}", hierarchy.name(group));
        }
        Self { lines, n_groups: hierarchy.n_groups() }
    }

    /// Groups, the root included.
    pub const fn n_groups(&self) -> usize {
        self.n_groups
    }

    /// Every group but the root: its parent's number, and its name.
    pub fn groups(&self) -> impl Iterator<Item = (u32, &str)> {
        let lines = self.lines.split_terminator('\n').filter_map(|line| line.split_once(' '));
        lines.map(|(parent, name)| (parent.parse().unwrap_or(0), name))
    }

    /// Unpacks it. What a sound tree cannot hold is left out.
    pub fn hierarchy(&self) -> Hierarchy {
        let mut out = Hierarchy::new();
        for (parent, name) in self.groups() {
            let _ = out.add(GroupId(parent), name);
        }
        out
    }
}

/// Longest part of a line that is shown with its note.
const LINE_CHARS_MAX: usize = 80;

impl Note {
    fn of(text: &str, diagnostic: Diagnostic) -> Self {
        let at = diagnostic.at.unwrap_or(Place { start: 0, end: 0, line: 0, column: 0 });
        let concerned = text.get(at.start..at.end).unwrap_or("");
        let mut shown: String = concerned.chars().take(LINE_CHARS_MAX).collect();
        if shown.len() < concerned.len() {
            shown.push('…');
        }
        Self {
            is_error: diagnostic.severity == Severity::Error,
            line: at.line,
            column: at.column,
            text: shown,
            why: diagnostic.message,
            help: diagnostic.suggestion.unwrap_or_default(),
        }
    }
}

impl From<Note> for Diagnostic {
    fn from(note: Note) -> Self {
        let Note { is_error, line, column, why, help, .. } = note;
        Self {
            severity: if is_error { Severity::Error } else { Severity::Warning },
            at: (line > 0).then_some(Place { start: 0, end: 0, line, column }),
            message: why,
            suggestion: (!help.is_empty()).then_some(help),
        }
    }
}

/// A scenario's text as read.
#[derive(Clone, Debug)]
pub struct Read {
    /// All that is sound.
    pub scenario: Scenario,
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
    /// Further diagnostics, not kept.
    pub n_more: usize,
}

/// Reads a scenario's text. Policies that do not exist are noted, and no reason to refuse the rest. `edited` are
/// names of edited listings, which do.
pub fn read_text(text: &str, edited: &[&str]) -> Read {
    let parsed = parse(text);
    let names = |entries: &[registry::Entry]| entries.iter().map(|e| e.name).collect::<Vec<_>>();
    let policies = [&names(registry::policies()), edited].concat();
    let unknown = parsed.check_names(&policies, &names(registry::cores()));
    let mut diagnostics = parsed.diagnostics;
    diagnostics
        .extend(unknown.into_iter().map(|d| Diagnostic { severity: Severity::Warning, ..d }));
    Read { scenario: parsed.scenario, diagnostics, n_more: parsed.n_more }
}

impl Answer {
    /// How far the worker is with a question.
    pub fn progress(id: u32, percent: u32) -> Self {
        let question = Question { task: Task::Progress, id, text: String::new() };
        Self { n_lines: percent as usize, ..Self::words(&question, String::new()) }
    }

    /// An answer that is only words.
    pub fn words(question: &Question, words: String) -> Self {
        let Question { task, id, .. } = *question;
        Self { task, id, words, tree: Tree::default(), n_lines: 0, notes: Vec::new(), n_more: 0 }
    }

    /// Puts the scenario together that came in two parts.
    pub fn scenario(&self) -> Scenario {
        Scenario { hierarchy: self.tree.hierarchy(), ..parse(&self.words).scenario }
    }
}

/// What has changed in the model since a link was made; `None` if nothing has, or it does not say.
fn changed_since(fragment: &str) -> Option<String> {
    let link::Shared { scenario, edits, proof, .. } = link::decode(fragment).shared?;
    let lane = |lane: &LaneSpec| Some((lane.clone(), program(lane, &edits).ok()?));
    // A lane that does not run is a trouble of its own.
    let lanes = scenario.lanes.iter().map(lane).collect::<Option<Vec<_>>>()?;
    let run = Run::of_programs(scenario.world().0, lanes);
    replay::check(run, &scenario.schedule, &proof?).map(|changed| changed.to_string())
}

/// What a picture holds.
pub fn of_picture(question: &Question, bytes: &[u8]) -> Answer {
    match sheet::picture(bytes) {
        Ok(fragment) => Answer { n_lines: 1, ..Answer::words(question, fragment) },
        Err(why) => Answer::words(question, why),
    }
}

/// Answers a question, telling on the way how far it is.
pub fn answer(desk: &mut sheet::Desk, question: &Question, tell: &mut dyn FnMut(Answer)) -> Answer {
    let (task, id, text) = (question.task, question.id, &question.text);
    let notes = |list: Vec<Diagnostic>| list.into_iter().map(|d| Note::of(text, d)).collect();
    match task {
        Task::Import => {
            let imported = import::read(text);
            Answer {
                task,
                id,
                words: imported.format.map_or("", import::Format::words).to_owned(),
                tree: Tree::of(&imported.hierarchy),
                n_lines: imported.n_lines,
                notes: notes(imported.problems),
                n_more: imported.n_more,
            }
        }
        Task::Picture => of_picture(question, text.as_bytes()),
        Task::Parse => {
            let Read { mut scenario, diagnostics, n_more } = read_text(text, &[]);
            let tree = Tree::of(&std::mem::take(&mut scenario.hierarchy));
            let words = print_compact(&scenario);
            Answer { task, id, words, tree, n_lines: 0, notes: notes(diagnostics), n_more }
        }
        Task::Gallery => Answer::words(question, sheet::gallery(text)),
        Task::Shipped => Answer::words(question, sheet::gallery_text(text).to_owned()),
        Task::Keys => Answer::words(question, sheet::keys()),
        Task::Policies => Answer::words(question, sheet::policies(&sheet::Asked::read(text))),
        Task::Compare => Answer::words(question, sheet::compare(text, false)),
        Task::CompareAll => Answer::words(question, sheet::compare(text, true)),
        Task::Share => Answer::words(question, sheet::share(text)),
        Task::Proof => Answer::words(question, changed_since(text).unwrap_or_default()),
        Task::Trace => {
            // Its bytes have come before, unless it was pasted.
            if !text.is_empty() {
                desk.feed(text.as_bytes());
            }
            desk.finish();
            Answer::words(question, String::new())
        }
        Task::Replay => {
            let shown = desk.show(text, &mut |percent| tell(Answer::progress(id, percent)));
            let words = Answer::words(question, shown.html);
            Answer { n_lines: shown.n_calls, n_more: shown.first, ..words }
        }
        Task::TraceScenario => {
            let mut scenario = desk.scenario().unwrap_or_default();
            let tree = Tree::of(&std::mem::take(&mut scenario.hierarchy));
            Answer { tree, ..Answer::words(question, print_compact(&scenario)) }
        }
        Task::CheckForm => Answer::words(question, sheet::check_form(text)),
        Task::CheckRows => Answer::words(question, sheet::check_rows(text)),
        Task::Passing => Answer::words(question, sheet::passing(text)),
        // The clock is the worker's shell's, and so are these.
        Task::Progress | Task::Check | Task::CheckStop | Task::CheckProgress => {
            Answer::words(question, String::new())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "scenario: two\nhierarchy:\n  a\n    b\n  c\nthreads:\n  k: reclaim a\nschedule:\n  k\n";

    fn ask(task: Task, text: &str) -> Answer {
        answer(
            &mut sheet::Desk::default(),
            &Question { task, id: 1, text: text.into() },
            &mut |_| {},
        )
    }

    #[test]
    fn a_scenario_crosses_in_two_parts() {
        let answer = ask(Task::Parse, TEXT);
        assert_eq!(answer.notes, []);
        assert_eq!(answer.scenario(), parse(TEXT).scenario);
    }

    #[test]
    fn a_listing_crosses_with_its_problems() {
        let text = "/sys/fs/cgroup/a\n/sys/fs/cgroup/a/b\n\u{7}\u{7}\n/sys/fs/cgroup/c\n";
        let answer = ask(Task::Import, text);
        assert_eq!(answer.tree.n_groups(), 4);
        assert_eq!(answer.tree.hierarchy().pre_order().len(), 4);
        assert_eq!(answer.notes.iter().map(|n| n.line).collect::<Vec<_>>(), [3]);
    }

    #[test]
    fn an_unknown_policy_is_noted_and_the_rest_is_read() {
        let read = read_text("hierarchy:\n  a\ncompare:\n  no-such-policy\n", &[]);
        assert_eq!(read.scenario.lanes.len(), 1);
        let warnings = read.diagnostics.iter().filter(|d| d.severity == Severity::Warning);
        assert_eq!((warnings.count(), read.diagnostics.len()), (1, 1));
    }
}
