//! Where all importers put what they read, and note what they cannot.

use super::{Format, Imported};
use crate::{
    diagnostic::{Problem, Problems, Span},
    parse::too_many,
    tree::{Builder, Refusal},
};
use alloc::format;
use memcg_core::hierarchy::{GroupId, TreeError};

#[derive(Debug)]
pub(super) struct Sink {
    pub(super) problems: Problems,
    builder: Builder,
    n_used: usize,
    /// The first line for which there was no room, and how many there were.
    full: Option<(Span, usize)>,
}

impl Sink {
    pub(super) fn new() -> Self {
        Self { problems: Problems::default(), builder: Builder::new(), n_used: 0, full: None }
    }

    /// Adds a group and those above it; a group that is there already is no mistake.
    pub(super) fn group(&mut self, base: GroupId, path: &str, span: Span) -> Option<GroupId> {
        match self.builder.add_path(base, path) {
            Ok(id) | Err(Refusal::Exists(id)) => {
                self.n_used += 1;
                Some(id)
            }
            Err(Refusal::Tree(TreeError::Full(_))) => {
                self.full.get_or_insert((span, 0)).1 += 1;
                None
            }
            Err(refusal) => {
                self.problems.note(|| Problem::error(span, format!("not used: {refusal}")));
                None
            }
        }
    }

    /// A line that names the root.
    pub(super) const fn root(&mut self) {
        self.n_used += 1;
    }

    /// A group below one that is not in the tree.
    pub(super) fn below_unused(&mut self, span: Span) {
        match &mut self.full {
            Some((_, n)) => *n += 1,
            None => self.not_read(span, "the line that it is below is not, either"),
        }
    }

    /// Lines of hierarchies that are not needed, from the first on.
    pub(super) fn others(&mut self, first: Option<Span>, n: usize) {
        if let Some(span) = first {
            self.problems.note(|| {
                let message = "lines of other controllers than memory, which are not needed";
                Problem::warning(span, format!("{message}: {n}"))
            });
        }
    }

    pub(super) fn not_read(&mut self, span: Span, why: &str) {
        self.problems.note(|| Problem::error(span, format!("not used: {why}")));
    }

    pub(super) fn finish(mut self, text: &str, format: Option<Format>, n_lines: usize) -> Imported {
        let hierarchy = self.builder.tree;
        if let Some((span, n)) = self.full {
            let n_groups = hierarchy.n_groups() - 1;
            self.problems.note(|| Problem::error(span, too_many(n_groups, n)));
        }
        let (problems, n_more) = self.problems.locate(text);
        Imported { hierarchy, format, n_lines, n_used: self.n_used, problems, n_more }
    }
}
