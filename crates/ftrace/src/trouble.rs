//! What is wrong with a trace: where, what kind, why. Bounded: of every kind the first few are kept, the rest counted.

use alloc::{string::String, vec::Vec};
use core::fmt;

/// Most troubles of one kind that are kept in words; the rest are only counted.
pub const N_KEPT_PER_KIND_MAX: u32 = 20;

/// The kinds of trouble.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Kind {
    /// The kernel dropped events, or a part of the file is missing: what follows starts from an unknown state.
    Lost,
    /// The file ends in the middle of a line, or a line lacks a field.
    Truncated,
    /// A line that no tracer wrote.
    Garbage,
    /// A line longer than [`crate::lines::LINE_BYTES_MAX`].
    TooLong,
    /// Times go backwards.
    BackInTime,
    /// A call without its return, or a return without its call.
    Unpaired,
    /// An address that no `online` event introduced.
    UnknownPointer,
    /// A group whose creation or whose path was not recorded.
    UnknownGroup,
    /// A group is made where one is, or removed twice.
    Contradiction,
    /// Events of other cgroup hierarchies than the memory controller's.
    OtherHierarchy,
    /// A bound was reached: the rest is not used.
    Full,
}

impl Kind {
    /// All kinds, the gravest first.
    pub const ALL: [Self; 11] = [
        Self::Lost,
        Self::Full,
        Self::Truncated,
        Self::Garbage,
        Self::TooLong,
        Self::BackInTime,
        Self::Unpaired,
        Self::UnknownPointer,
        Self::UnknownGroup,
        Self::Contradiction,
        Self::OtherHierarchy,
    ];

    /// In words, for a heading.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Lost => "lost events",
            Self::Truncated => "truncated lines",
            Self::Garbage => "lines that no tracer wrote",
            Self::TooLong => "lines that are too long",
            Self::BackInTime => "times that go backwards",
            Self::Unpaired => "calls without return, or returns without call",
            Self::UnknownPointer => "unknown pointers",
            Self::UnknownGroup => "groups of unknown origin",
            Self::Contradiction => "contradictions",
            Self::OtherHierarchy => "other hierarchies",
            Self::Full => "bounds reached",
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Trouble {
    /// What kind.
    pub kind: Kind,
    /// Line, from 1; 0 for the trace as a whole.
    pub line: u32,
    /// What is wrong, and what is made of it.
    pub message: String,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.message),
            line => write!(f, "line {line}: {}", self.message),
        }
    }
}

/// All that is wrong with a trace.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Troubles {
    kept: Vec<Trouble>,
    counts: [u32; Kind::ALL.len()],
}

impl Troubles {
    /// Notes a trouble; its words are made only if there is room for them.
    pub(crate) fn note(&mut self, kind: Kind, line: u32, words: impl FnOnce() -> String) {
        let count = &mut self.counts[kind as usize];
        *count = count.saturating_add(1);
        if *count <= N_KEPT_PER_KIND_MAX {
            self.kept.push(Trouble { kind, line, message: words() });
        }
    }

    /// The troubles that were kept, in the order in which they were met.
    pub fn kept(&self) -> &[Trouble] {
        &self.kept
    }

    /// How many there were of a kind.
    pub const fn count(&self, kind: Kind) -> u32 {
        self.counts[kind as usize]
    }

    /// How many were not kept.
    pub fn n_more(&self) -> u32 {
        self.counts.iter().fold(0, |sum, n| sum + n.saturating_sub(N_KEPT_PER_KIND_MAX))
    }

    /// Whether the trace is sound.
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
}
