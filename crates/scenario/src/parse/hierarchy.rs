//! The `hierarchy:` section: one group a line, by indent or by path.
//!
//! Groups are created in the order of the lines, which is all that this file knows of time.

use super::Line;
use crate::{
    diagnostic::{Problem, Problems, Span},
    tree::{Builder, Refusal},
    word::{Kind, Words},
};
use alloc::{format, string::String, vec::Vec};
use memcg_core::hierarchy::{GroupId, Hierarchy, TreeError};
use memcg_core::words::thousands;

/// A line whose children may follow.
#[derive(Debug)]
struct Open<'t> {
    indent: &'t str,
    /// `None` if the line could not be used: neither can those below it.
    group: Option<GroupId>,
}

#[derive(Debug)]
pub(super) struct TreeReader<'t> {
    builder: Builder,
    open: Vec<Open<'t>>,
    /// The first line that found the tree full, and how many lines did.
    full: Option<(Span, usize)>,
    /// Lines that named a group.
    n_used: usize,
}

impl<'t> TreeReader<'t> {
    pub(super) fn new() -> Self {
        Self { builder: Builder::new(), open: Vec::new(), full: None, n_used: 0 }
    }

    pub(super) fn line(&mut self, text: &'t str, line: Line<'t>, problems: &mut Problems) {
        self.close(line, problems);
        let mut words = Words::new(text, line.span);
        let Some(word) = words.next(false, problems) else { return };
        let rest = words.rest_span();
        let more = words.next(false, problems);
        if let Some(more) = more.or_else(|| (word.kind == Kind::Semicolon).then(|| word.clone())) {
            let path = text[line.span.start..rest.end].trim_end();
            problems.note(|| {
                let problem = Problem::error(more.span, "one group a line".into());
                let quotable = path.len() <= 80 && !path.contains(['"', '#', ';', '\\']);
                problem.suggest(quotable.then(|| format!("did you mean \"{path}\"?")))
            });
            self.open.push(Open { indent: line.indent, group: None });
            return;
        }
        let base = match self.open.last() {
            _ if word.text.starts_with('/') => Some(GroupId::ROOT),
            Some(open) => open.group,
            None => Some(GroupId::ROOT),
        };
        let group = base.and_then(|base| self.add(base, &word.text, word.span, problems));
        if base.is_none() {
            self.below_unused(word.span, problems);
        }
        self.n_used += usize::from(group.is_some());
        self.open.push(Open { indent: line.indent, group });
    }

    /// Closes the lines that this one is not below.
    fn close(&mut self, line: Line<'t>, problems: &mut Problems) {
        let depth = line.indent.len();
        let mut closed = None;
        while let Some(open) = self.open.pop_if(|open| open.indent.len() >= depth) {
            closed = Some(open.indent);
        }
        let span = Span::new(line.span.start - depth, line.span.start);
        let mixed = match (closed, self.open.last()) {
            (Some(sibling), _) if sibling.len() == depth => sibling != line.indent,
            (Some(_), _) => {
                problems.note(|| {
                    let message = "this indent is that of no line above".into();
                    Problem::error(span, message)
                        .suggest(Some("indent siblings by the same width".into()))
                });
                return;
            }
            (None, Some(above)) => !line.indent.starts_with(above.indent),
            (None, None) => false,
        };
        if mixed {
            problems.note(|| {
                let message = "this indent mixes tabs and spaces unlike the lines above".into();
                Problem::error(span, message)
            });
        }
    }

    fn add(
        &mut self,
        base: GroupId,
        path: &str,
        span: Span,
        problems: &mut Problems,
    ) -> Option<GroupId> {
        let refusal = match self.builder.add_path(base, path) {
            Ok(id) => return Some(id),
            Err(Refusal::Exists(GroupId::ROOT)) => return Some(GroupId::ROOT),
            Err(refusal) => refusal,
        };
        match refusal {
            Refusal::Tree(TreeError::Full(_)) => {
                self.full.get_or_insert((span, 0)).1 += 1;
                None
            }
            Refusal::Exists(id) => {
                problems.note(|| Problem::error(span, refusal_words(&refusal, path)));
                Some(id)
            }
            Refusal::Tree(_) | Refusal::LongPath => {
                problems.note(|| Problem::error(span, refusal_words(&refusal, path)));
                None
            }
        }
    }

    /// A line below one that could not be used.
    fn below_unused(&mut self, span: Span, problems: &mut Problems) {
        match &mut self.full {
            Some((_, n)) => *n += 1,
            None => problems.note(|| {
                Problem::error(span, "not used, since the line that it is below is not".into())
            }),
        }
    }

    /// Indents of another part of the section do not refer to this one.
    pub(super) fn end_section(&mut self) {
        self.open.clear();
    }

    pub(super) fn finish(self, problems: &mut Problems) -> Hierarchy {
        if let Some((span, n)) = self.full {
            problems.note(|| Problem::error(span, too_many(self.builder.tree.n_groups() - 1, n)));
        }
        self.builder.tree
    }
}

/// The one message for a tree that is too large.
pub(crate) fn too_many(n_used: usize, n_more: usize) -> String {
    let (used, all) = (thousands(n_used as u64), thousands((n_used + n_more) as u64));
    format!("used the first {used} of {all} cgroups, as many as are possible here")
}

/// Reads a list without a header: what `hierarchy:` would hold. Also says how many lines were used.
pub(crate) fn read_list(text: &str) -> (Hierarchy, usize, Problems) {
    let mut problems = Problems::default();
    let mut reader = TreeReader::new();
    let mut at = if text.starts_with('\u{feff}') { 3 } else { 0 };
    for line in text[at..].split_inclusive('\n') {
        let body = line.trim();
        let indent = &line[..line.len() - line.trim_start().len()];
        if !body.is_empty() && !body.starts_with('#') {
            let start = at + indent.len();
            let span = Span::new(start, start + body.len());
            reader.line(text, Line { indent, span }, &mut problems);
        }
        at += line.len();
    }
    let n_used = reader.n_used;
    (reader.finish(&mut problems), n_used, problems)
}

fn refusal_words(refusal: &Refusal, path: &str) -> String {
    match refusal {
        Refusal::Exists(_) if path.len() <= 80 => format!("\"{path}\" is there already"),
        _ => format!("{refusal}"),
    }
}
