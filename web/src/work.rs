//! What the worker does, as plain questions and answers. Pure: the same code answers here and there.

use memcg_core::hierarchy::{GroupId, Hierarchy};
use memcg_core::registry;
use memcg_scenario::{Diagnostic, Place, Scenario, Severity, import, parse, print_compact};
use serde::{Deserialize, Serialize};
use std::fmt::Write;

/// What the page asks.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Question {
    /// What the text is.
    pub task: Task,
    /// Comes back with the answer.
    pub id: u32,
    /// The text.
    pub text: String,
}

/// What a text is.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Serialize, Deserialize)]
pub enum Task {
    /// A listing of cgroups, to be imported.
    Import,
    /// A scenario, to be parsed.
    Parse,
}

/// What the worker answers.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub enum Answer {
    /// A listing as read.
    Imported {
        /// Of the question.
        id: u32,
        /// What was read.
        listing: Listing,
    },
    /// A scenario as read.
    Parsed {
        /// Of the question.
        id: u32,
        /// Its groups.
        tree: Tree,
        /// All else of it, as a text.
        rest: String,
        /// What is wrong with it.
        notes: Vec<Note>,
        /// Further notes, not kept.
        n_more: usize,
    },
}

/// A listing of cgroups as read.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Listing {
    /// What it was taken for, in words; empty if it held nothing.
    pub what: String,
    /// The groups.
    pub tree: Tree,
    /// Lines that are not blank.
    pub n_lines: usize,
    /// Lines that named a group.
    pub n_used: usize,
    /// Lines that could not be used.
    pub problems: Vec<Problem>,
    /// Further ones, only counted.
    pub n_more: usize,
}

/// A line that could not be used.
#[derive(Clone, Eq, PartialEq, Debug, Serialize, Deserialize)]
pub struct Problem {
    /// Its number, from 1.
    pub line: u32,
    /// The line, or its beginning.
    pub text: String,
    /// Why.
    pub why: String,
}

/// A tree in a form that crosses quickly: one text, however many groups there are.
#[derive(Clone, Eq, PartialEq, Debug, Default, Serialize, Deserialize)]
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

/// A diagnostic in a form that crosses.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Note {
    is_error: bool,
    /// First byte, byte after the last, line, column.
    at: Option<(usize, usize, u32, u32)>,
    message: String,
    suggestion: Option<String>,
}

impl From<Diagnostic> for Note {
    fn from(d: Diagnostic) -> Self {
        Self {
            is_error: d.severity == Severity::Error,
            at: d.at.map(|p| (p.start, p.end, p.line, p.column)),
            message: d.message,
            suggestion: d.suggestion,
        }
    }
}

impl From<Note> for Diagnostic {
    fn from(note: Note) -> Self {
        Self {
            severity: if note.is_error { Severity::Error } else { Severity::Warning },
            at: note.at.map(|(start, end, line, column)| Place { start, end, line, column }),
            message: note.message,
            suggestion: note.suggestion,
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

/// Reads a scenario's text. Policies that do not exist are noted, and no reason to refuse the rest.
pub fn read_text(text: &str) -> Read {
    let parsed = parse(text);
    let names = |entries: &[registry::Entry]| entries.iter().map(|e| e.name).collect::<Vec<_>>();
    let unknown = parsed.check_names(&names(registry::policies()), &names(registry::cores()));
    let mut diagnostics = parsed.diagnostics;
    diagnostics
        .extend(unknown.into_iter().map(|d| Diagnostic { severity: Severity::Warning, ..d }));
    Read { scenario: parsed.scenario, diagnostics, n_more: parsed.n_more }
}

/// Puts a scenario together that came in two parts.
pub fn joined(tree: &Tree, rest: &str) -> Scenario {
    Scenario { hierarchy: tree.hierarchy(), ..parse(rest).scenario }
}

/// Reads a listing of cgroups.
pub fn read_listing(text: &str) -> Listing {
    let imported = import::read(text);
    let problems = imported.problems.into_iter().map(|d| problem(text, d)).collect();
    Listing {
        what: imported.format.map_or("", import::Format::words).to_owned(),
        tree: Tree::of(&imported.hierarchy),
        n_lines: imported.n_lines,
        n_used: imported.n_used,
        problems,
        n_more: imported.n_more,
    }
}

/// Longest part of a line that is shown with its problem.
const LINE_CHARS_MAX: usize = 80;

fn problem(text: &str, diagnostic: Diagnostic) -> Problem {
    let (line, shown) =
        diagnostic.at.map_or((0, ""), |at| (at.line, text.get(at.start..at.end).unwrap_or("")));
    let mut shown: String = shown.chars().take(LINE_CHARS_MAX + 1).collect();
    if shown.chars().count() > LINE_CHARS_MAX {
        shown.pop();
        shown.push('…');
    }
    let why = match diagnostic.suggestion {
        Some(suggestion) => format!("{}; {suggestion}", diagnostic.message),
        None => diagnostic.message,
    };
    Problem { line, text: shown, why }
}

/// Answers a question.
pub fn answer(question: &Question) -> Answer {
    let (id, text) = (question.id, &question.text);
    match question.task {
        Task::Import => Answer::Imported { id, listing: read_listing(text) },
        Task::Parse => {
            let Read { mut scenario, diagnostics, n_more } = read_text(text);
            let tree = Tree::of(&std::mem::take(&mut scenario.hierarchy));
            let notes = diagnostics.into_iter().map(Note::from).collect();
            Answer::Parsed { id, tree, rest: print_compact(&scenario), notes, n_more }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str =
        "scenario: two\nhierarchy:\n  a\n    b\n  c\nthreads:\n  k: reclaim a\nschedule:\n  k\n";

    #[test]
    fn a_scenario_crosses_in_two_parts() {
        let Answer::Parsed { tree, rest, notes, .. } =
            answer(&Question { task: Task::Parse, id: 1, text: TEXT.into() })
        else {
            panic!("a parse is answered by a parse");
        };
        assert_eq!(notes, []);
        assert_eq!(joined(&tree, &rest), parse(TEXT).scenario);
    }

    #[test]
    fn a_listing_crosses_with_its_problems() {
        let text = "/sys/fs/cgroup/a\n/sys/fs/cgroup/a/b\n\u{7}\u{7}\n/sys/fs/cgroup/c\n";
        let listing = read_listing(text);
        assert_eq!(listing.tree.n_groups(), 4);
        assert_eq!(listing.tree.hierarchy().pre_order().len(), 4);
        assert_eq!(listing.problems.len(), 1);
        assert_eq!(listing.problems[0].line, 3);
    }

    #[test]
    fn an_unknown_policy_is_noted_and_the_rest_is_read() {
        let read = read_text("hierarchy:\n  a\ncompare:\n  no-such-policy\n");
        assert_eq!(read.scenario.lanes.len(), 1);
        assert!(
            read.diagnostics.iter().all(|d| d.severity == Severity::Warning),
            "{:?}",
            read.diagnostics
        );
        assert_eq!(read.diagnostics.len(), 1);
    }
}
