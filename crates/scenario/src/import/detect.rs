//! Which program wrote a listing, judged by its first lines.

use super::{Format, Line, lines, paths, tree_art};

/// Lines that are looked at.
const N_LINES_MAX: usize = 200;

/// What a listing looks like; `None` if it holds nothing.
pub fn detect(text: &str) -> Option<Format> {
    // A prefix will do; cut where a character begins.
    let mut end = text.len().min(64 * 1024);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    of_lines(&lines(&text[..end]))
}

pub(super) fn of_lines(lines: &[Line<'_>]) -> Option<Format> {
    let first = lines.get(..lines.len().min(N_LINES_MAX)).unwrap_or_default();
    let count = |is: fn(&str) -> bool| first.iter().filter(|line| is(&line.text)).count();
    if first.is_empty() {
        return None;
    }
    // One drawn branch is enough: no other format has any.
    if count(|line| tree_art::is_branch(line) || tree_art::header(line).is_some()) > 0 {
        return Some(Format::SystemdCgls);
    }
    let half = first.len().div_ceil(2);
    if count(|line| paths::controllers(line).is_some()) >= half {
        return Some(Format::Lscgroup);
    }
    if count(|line| line.starts_with('/') || line.starts_with("./")) >= half {
        return Some(Format::Find);
    }
    let n_indented = count(|line| line.starts_with([' ', '\t']));
    if n_indented == 0 && count(|line| line.contains('/') && !line.contains('"')) >= half {
        return Some(Format::Find);
    }
    Some(Format::Indented)
}
