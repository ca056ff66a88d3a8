//! Real cgroup trees from what people can paste: `find`, `systemd-cgls`, `lscgroup`, plain lists.
//!
//! Reads names and nothing else: which group was created first is not in any of these listings, so
//! siblings are taken in the order of their lines. Never fails; lines that cannot be read are
//! reported and the rest is used.

mod detect;
mod paths;
mod sink;
mod tree_art;

pub use detect::detect;

use crate::{
    diagnostic::{Diagnostic, Problem, Span},
    parse::TEXT_BYTES_MAX,
};
use alloc::{borrow::Cow, format, string::String, vec::Vec};
use memcg_core::hierarchy::Hierarchy;
use sink::Sink;

/// What wrote a listing.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
pub enum Format {
    /// `find /sys/fs/cgroup -type d`, or any list of paths.
    Find,
    /// `systemd-cgls`, or `tree -d`: branches drawn with lines.
    SystemdCgls,
    /// `lscgroup` of libcgroup: `controllers:/path`.
    Lscgroup,
    /// A list of names, indented where one is below another.
    Indented,
}

impl Format {
    /// The name for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Find => "a list of paths, as find -type d prints it",
            Self::SystemdCgls => "a drawn tree, as systemd-cgls prints it",
            Self::Lscgroup => "controllers and paths, as lscgroup prints them",
            Self::Indented => "an indented list of names",
        }
    }
}

/// A tree as read from a listing.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The tree.
    pub hierarchy: Hierarchy,
    /// What the listing looks like; `None` for one that is empty or too long.
    pub format: Option<Format>,
    /// Lines that are not blank.
    pub n_lines: usize,
    /// Lines that named a group which is in the tree.
    pub n_used: usize,
    /// What could not be read, at most [`crate::N_DIAGNOSTICS_MAX`].
    pub problems: Vec<Diagnostic>,
    /// Further problems, not kept.
    pub n_more: usize,
}

/// Reads a listing in whatever format it is.
pub fn read(text: &str) -> Imported {
    let mut sink = Sink::new();
    if text.len() > TEXT_BYTES_MAX {
        let message = format!(
            "the listing has {} bytes; at most {TEXT_BYTES_MAX} are read, so nothing was",
            text.len()
        );
        sink.problems.note(|| Problem::error(Span::default(), message));
        return sink.finish(text, None, 0);
    }
    let lines = lines(text);
    let format = detect::of_lines(&lines);
    match format {
        None => {}
        Some(Format::Find) => paths::find(&lines, &mut sink),
        Some(Format::Lscgroup) => paths::lscgroup(&lines, &mut sink),
        Some(Format::SystemdCgls) => tree_art::read(&lines, &mut sink),
        Some(Format::Indented) => {
            return indented(text, &lines);
        }
    }
    sink.finish(text, format, lines.len())
}

/// A line that is not blank.
#[derive(Clone, Debug)]
struct Line<'t> {
    /// Without its end, and without colours.
    text: Cow<'t, str>,
    span: Span,
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let mut out = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let span = Span::new(at, at + line.trim_end().len());
        at += line.len();
        let line = line.trim_end().trim_start_matches('\u{feff}');
        if line.trim_start().is_empty() {
            continue;
        }
        out.push(Line { text: without_colours(line), span });
    }
    out
}

/// Drops the escape sequences of a terminal.
fn without_colours(line: &str) -> Cow<'_, str> {
    if !line.contains('\u{1b}') {
        return line.into();
    }
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        if c != '\u{1b}' {
            out.push(c);
            continue;
        }
        // `ESC [ … letter`, or `ESC ] … BEL` for links in a terminal.
        match chars.next() {
            Some('[') => drop(chars.find(char::is_ascii_alphabetic)),
            Some(']') => drop(chars.find(|c| matches!(c, '\u{7}' | '\\'))),
            _ => {}
        }
    }
    out.into()
}

/// A plain list has the syntax of a scenario's `hierarchy:`.
fn indented(text: &str, lines: &[Line<'_>]) -> Imported {
    let (hierarchy, n_used, problems) = crate::parse::read_list(text);
    let (problems, n_more) = problems.locate(text);
    Imported {
        hierarchy,
        format: Some(Format::Indented),
        n_lines: lines.len(),
        n_used,
        problems,
        n_more,
    }
}
