//! What is wrong with a text: where, why, and what to write instead.
//!
//! Readers note problems by byte span while they work; lines and columns are counted once, at the
//! end, so that a text full of mistakes costs no more than a clean one.

use alloc::{string::String, vec::Vec};
use core::fmt;

/// Most diagnostics kept of one text; the rest are only counted.
pub const N_DIAGNOSTICS_MAX: usize = 200;

/// How bad it is.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Severity {
    /// The part of the text at the place is not used.
    Error,
    /// It is used, but does perhaps not what was meant.
    Warning,
}

/// A place in a text.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub struct Place {
    /// First byte.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// One thing that is wrong.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Where; `None` for a scenario that was not read from a text.
    pub at: Option<Place>,
    /// What is wrong and why.
    pub message: String,
    /// What to write instead, as a question or an instruction.
    pub suggestion: Option<String>,
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(at) = self.at {
            write!(f, "{}:{}: ", at.line, at.column)?;
        }
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        write!(f, "{severity}: {}", self.message)?;
        match &self.suggestion {
            Some(suggestion) => write!(f, "; {suggestion}"),
            None => Ok(()),
        }
    }
}

/// Bytes `start..end` of a text.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub(crate) struct Span {
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Span {
    pub(crate) const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// From the start of this span to the end of the other.
    pub(crate) const fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }
}

/// A diagnostic whose line and column are not counted yet.
#[derive(Debug)]
pub(crate) struct Problem {
    pub(crate) severity: Severity,
    pub(crate) span: Option<Span>,
    pub(crate) message: String,
    pub(crate) suggestion: Option<String>,
}

impl Problem {
    pub(crate) const fn error(span: Span, message: String) -> Self {
        Self { severity: Severity::Error, span: Some(span), message, suggestion: None }
    }

    pub(crate) const fn warning(span: Span, message: String) -> Self {
        Self { severity: Severity::Warning, span: Some(span), message, suggestion: None }
    }

    pub(crate) fn suggest(mut self, suggestion: Option<String>) -> Self {
        self.suggestion = suggestion;
        self
    }
}

/// Collects problems up to [`N_DIAGNOSTICS_MAX`] and counts those beyond.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    list: Vec<Problem>,
    n_more: usize,
}

impl Problems {
    /// Notes a problem; its words are made only if there is room for them.
    pub(crate) fn note(&mut self, make: impl FnOnce() -> Problem) {
        if self.list.len() < N_DIAGNOSTICS_MAX {
            self.list.push(make());
        } else {
            self.n_more += 1;
        }
    }

    /// Whether nothing is wrong.
    pub(crate) const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The diagnostics in the order of the text, and how many more there were.
    pub(crate) fn locate(self, text: &str) -> (Vec<Diagnostic>, usize) {
        let list = memcg_core::order::ordered_by_key(self.list, |p| p.span.map_or(0, |s| s.start));
        let mut counter = Counter::new(text);
        let diagnostics = list
            .into_iter()
            .map(|p| Diagnostic {
                severity: p.severity,
                at: p.span.map(|span| counter.place(span)),
                message: p.message,
                suggestion: p.suggestion,
            })
            .collect();
        (diagnostics, self.n_more)
    }

    /// The diagnostics of a scenario that has no text.
    pub(crate) fn unplaced(self) -> Vec<Diagnostic> {
        let mut list = self;
        for problem in &mut list.list {
            problem.span = None;
        }
        list.locate("").0
    }
}

/// Counts lines and columns for spans that come in ascending order.
pub(crate) struct Counter<'t> {
    text: &'t str,
    at: usize,
    line: u32,
    column: u32,
}

impl<'t> Counter<'t> {
    pub(crate) const fn new(text: &'t str) -> Self {
        Self { text, at: 0, line: 1, column: 1 }
    }

    pub(crate) fn place(&mut self, span: Span) -> Place {
        for c in self.text.get(self.at..span.start).unwrap_or("").chars() {
            if c == '\n' {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            } else {
                self.column = self.column.saturating_add(1);
            }
        }
        self.at = self.at.max(span.start);
        Place { start: span.start, end: span.end, line: self.line, column: self.column }
    }
}
