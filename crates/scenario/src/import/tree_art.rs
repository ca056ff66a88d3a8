//! Trees drawn with lines: `systemd-cgls`, in Unicode and in ASCII, and `tree -d`.
//!
//! A line's place is the column of its branch, so that it does not matter how wide a level is or
//! whether the whole drawing is indented. Processes and attributes are passed over.

use super::{Line, sink::Sink};
use crate::diagnostic::Problem;
use alloc::vec::Vec;
use memcg_core::hierarchy::GroupId;

/// The branch's column and what hangs on it.
fn branch(line: &str) -> Option<(usize, &str)> {
    let mut chars = line.char_indices().enumerate().peekable();
    while let Some((column, (_, c))) = chars.next() {
        let next = chars.peek().map(|(_, (_, c))| *c);
        match (c, next) {
            ('├' | '└' | '╰', _) | ('|' | '`' | '+' | '\\', Some('-')) => {
                let (_, (at, first)) = chars.next()?;
                let rest = line.get(at..)?;
                // One dash of ASCII: a name may begin with the next. tree draws two and a space.
                let rest = match first {
                    '-' => rest.strip_prefix("-- ").unwrap_or(rest.get(1..)?),
                    _ => rest.trim_start_matches('─'),
                };
                return Some((column, rest.trim()));
            }
            ('│' | '|', _) => {}
            (c, _) if c.is_whitespace() => {}
            _ => return None,
        }
    }
    None
}

pub(super) fn is_branch(line: &str) -> bool {
    branch(line).is_some()
}

/// The path in a header such as `Control group /machine.slice:` or `CGroup: /system.slice/x`.
pub(super) fn header(line: &str) -> Option<&str> {
    let line = line.trim();
    let at = ["Control group ", "CGroup ", "CGroup: ", "Unit "].iter().find_map(|word| {
        let at = line.find(word)?;
        (at == 0 || line.starts_with("Controller ")).then_some(at + word.len())
    })?;
    let path = line.get(at..)?;
    let path = path.get(path.find('/')?..)?;
    Some(path.trim_end_matches([':', ')']))
}

/// Whether a line is a process: its number, then its command.
fn is_process(content: &str) -> bool {
    let n_digits = content.bytes().take_while(u8::is_ascii_digit).count();
    n_digits > 0 && content[n_digits..].starts_with(char::is_whitespace)
}

/// A group's name without what systemd-cgls puts behind it: `…` for delegation, `(#1234)`.
fn name(content: &str) -> &str {
    let mut name = content;
    if let Some((before, id)) = name.rsplit_once(" (#")
        && id.strip_suffix(')').is_some_and(|id| id.bytes().all(|b| b.is_ascii_digit()))
    {
        name = before.trim_end();
    }
    for mark in [" …", " ..."] {
        name = name.strip_suffix(mark).unwrap_or(name).trim_end();
    }
    name
}

/// A branch that others may hang on.
struct Open {
    column: usize,
    /// `None` if it is not in the tree.
    group: Option<GroupId>,
}

pub(super) fn read(lines: &[Line<'_>], sink: &mut Sink) {
    let mut base = Some(GroupId::ROOT);
    let mut open: Vec<Open> = Vec::new();
    for line in lines {
        let Some((column, content)) = branch(&line.text) else {
            let content =
                line.text.trim_matches(|c: char| matches!(c, '│' | '|') || c.is_whitespace());
            if let Some(path) = header(content) {
                open.clear();
                base = subtree(path, line, sink);
            } else if matches!(content, "-.slice" | "/" | ".") || content.starts_with("/sys/") {
                open.clear();
                base = Some(GroupId::ROOT);
                sink.root();
            } else if !is_passed_over(content) {
                sink.not_read(line.span, "no branch of a tree leads here");
            }
            continue;
        };
        if is_process(content) || is_passed_over(content) {
            continue;
        }
        while open.pop_if(|above| above.column >= column).is_some() {}
        let parent = open.last().map_or(base, |above| above.group);
        let name = name(content);
        let group = if name == "-.slice" && open.is_empty() {
            sink.root();
            base
        } else if name.contains('/') {
            sink.not_read(line.span, "a name cannot hold \"/\", which separates levels");
            None
        } else if let Some(parent) = parent {
            if name.contains('…') || name.ends_with("...") {
                sink.problems.note(|| {
                    Problem::warning(line.span, "this name was cut to fit a terminal".into())
                        .suggest(Some("use systemd-cgls -l --no-pager".into()))
                });
            }
            sink.group(parent, name, line.span)
        } else {
            sink.below_unused(line.span);
            None
        };
        open.push(Open { column, group });
    }
}

/// The group that a header names; the listing goes on below it.
fn subtree(path: &str, line: &Line<'_>, sink: &mut Sink) -> Option<GroupId> {
    if path.trim_matches('/').is_empty() {
        sink.root();
        return Some(GroupId::ROOT);
    }
    sink.group(GroupId::ROOT, path, line.span)
}

/// Attributes, processes without a branch, what a pager leaves, the last line of `tree`.
fn is_passed_over(content: &str) -> bool {
    content.starts_with(['→', '►', '('])
        || content.starts_with("->")
        || content.starts_with("lines ")
        || content.starts_with("Working directory ")
        || matches!(content, "" | "…" | "..." | "[...]")
        || content.ends_with(" directories")
        || is_process(content)
}
