//! A pasted text as columns of cells: quotes of mails, tabs, line ends and headings are dealt with here.
//!
//! Knows where things stand, not what they say.

use super::said::{Said, said};
use super::term::{Term, term};
use alloc::{
    string::{String, ToString},
    vec::Vec,
};

/// Characters from which on a line may have been broken by a mail program.
const LONG_CHARS: usize = 60;
/// A tab ends at a multiple of so many columns.
const TAB_CHARS: usize = 8;
/// Spaces that part two cells of a line, at least.
const GAP_CHARS: usize = 3;
/// From the left edge of one column to the next, at least, where no heading says where they are.
const COLUMN_CHARS_MIN: usize = 16;

/// A line of the text, as it would stand outside a mail.
#[derive(Debug)]
pub(super) struct Line {
    /// Its number, from 1.
    pub(super) number: u32,
    /// Byte of the text at which the line begins.
    pub(super) start: usize,
    /// Bytes of the line without its end.
    pub(super) n_bytes: usize,
    pub(super) chars: Vec<char>,
    /// Characters that were cut off in front: `> ` of a mail.
    pub(super) n_cut: usize,
}

/// What stands in one column of a line.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// Index of the line.
    pub(super) line: usize,
    /// First character.
    pub(super) at: usize,
    /// Index into [`Sheet::heads`].
    pub(super) column: usize,
    /// Spaces between the column's edge and the text.
    pub(super) indent: usize,
    /// That of the next cell below in the column.
    pub(super) below: Option<usize>,
    pub(super) text: String,
}

/// What stands above a column.
#[derive(Clone, Debug, Default)]
pub(super) struct Head {
    pub(super) text: String,
    /// Index of the line.
    pub(super) line: usize,
    /// First character.
    pub(super) at: usize,
}

/// One diagram.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// The line above the heading, which names the lane in diagrams of ours.
    pub(super) title: Option<String>,
    /// The headings; empty where a column has none.
    pub(super) heads: Vec<Head>,
    pub(super) cells: Vec<Cell>,
    /// It has a heading with dashes below.
    pub(super) is_ruled: bool,
}

/// All lines, without what mail programs and terminals do to them.
pub(super) fn lines(text: &str) -> Vec<Line> {
    let mut out = Vec::new();
    let mut start = 0;
    for (raw, number) in text.split('\n').zip(1..) {
        let line = raw.trim_end().trim_start_matches('\u{feff}');
        let unquoted = unquoted(line);
        out.push(Line {
            number,
            start,
            n_bytes: raw.trim_end().len(),
            n_cut: line.chars().count() - unquoted.chars().count(),
            chars: expanded(unquoted),
        });
        start += raw.len() + 1;
    }
    out
}

/// A line without `> ` in front, however often it was quoted; no line of a diagram begins so.
fn unquoted(line: &str) -> &str {
    let mut rest = line;
    while let Some(inner) = rest.trim_start().strip_prefix('>') {
        rest = inner.strip_prefix(' ').unwrap_or(inner);
    }
    rest
}

fn expanded(line: &str) -> Vec<char> {
    let mut out = Vec::new();
    for c in line.chars() {
        match c {
            '\t' => {
                let n = TAB_CHARS - out.len() % TAB_CHARS;
                out.extend(core::iter::repeat_n(' ', n));
            }
            '\u{a0}' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

impl Line {
    fn is_blank(&self) -> bool {
        self.chars.iter().all(|c| *c == ' ')
    }

    fn text(&self, from: usize, to: usize) -> String {
        let to = to.min(self.chars.len());
        self.chars.get(from..to).unwrap_or_default().iter().collect::<String>().trim().to_string()
    }

    /// First character that is no space.
    fn first(&self) -> usize {
        self.chars.iter().take_while(|c| **c == ' ').count()
    }

    /// Where texts begin that are `gap` spaces or more apart.
    fn starts(&self, gap: usize) -> Vec<usize> {
        let mut out = Vec::new();
        let mut n_spaces = gap;
        for (at, c) in self.chars.iter().enumerate() {
            if *c == ' ' {
                n_spaces += 1;
            } else {
                if n_spaces >= gap {
                    out.push(at);
                }
                n_spaces = 0;
            }
        }
        out
    }

    /// Only dashes, in groups.
    fn is_rule(&self) -> bool {
        let is_dash =
            |c: &char| matches!(c, '-' | '=' | '_' | '\u{2013}' | '\u{2014}' | '\u{2500}');
        !self.is_blank() && self.chars.iter().all(|c| *c == ' ' || is_dash(c))
    }
}

/// The diagrams of a text: those with ruled headings, or all of the text as one without.
pub(super) fn sheets(lines: &[Line]) -> Vec<Sheet> {
    let mut out = of_lines(lines);
    for sheet in &mut out {
        let mut below = alloc::vec![None; sheet.heads.len()];
        for cell in sheet.cells.iter_mut().rev() {
            cell.below = below[cell.column].replace(cell.indent);
        }
    }
    out
}

fn of_lines(lines: &[Line]) -> Vec<Sheet> {
    let ruled = |at: &usize| {
        lines[*at].is_rule() && *at > 0 && !lines[at - 1].is_blank() && !lines[at - 1].is_rule()
    };
    let rules: Vec<usize> = (0..lines.len()).filter(ruled).collect();
    if rules.is_empty() {
        return alloc::vec![unruled(lines)];
    }
    let ends = rules.iter().skip(1).map(|rule| title_line(lines, *rule));
    let ends: Vec<usize> = ends.chain([lines.len()]).collect();
    rules.iter().zip(ends).map(|(rule, end)| below(lines, *rule, end)).collect()
}

/// The line that names the lane of the heading above this rule, or the heading itself if there is none.
fn title_line(lines: &[Line], rule: usize) -> usize {
    let is_slot = |line: &Line| line.text(0, usize::MAX).starts_with("slot");
    let above = lines[..rule - 1].iter().rposition(|line| !line.is_blank() && !is_slot(line));
    // A title stands near its heading; what is farther up belongs to something else.
    let is_near = |at: &usize| {
        lines[*at + 1..rule - 1].iter().all(|line| line.is_blank() || is_slot(line))
            && said(&lines[*at].text(0, usize::MAX)) == Said::Words
    };
    above.filter(is_near).unwrap_or(rule - 1)
}

fn below(lines: &[Line], rule: usize, end: usize) -> Sheet {
    let title = title_line(lines, rule);
    let edges = lines[rule].starts(1);
    let head = &lines[rule - 1];
    // The rule says where columns begin, unless the names above it stand otherwise.
    let names = head.starts(2);
    let starts = if names.len() == edges.len() { &names } else { &edges };
    let heads = starts.iter().enumerate().map(|(n, at)| {
        let end = starts.get(n + 1).copied().unwrap_or(usize::MAX);
        Head { text: head.text(*at, end), line: rule - 1, at: *at }
    });
    let mut sheet = Sheet {
        title: (title < rule - 1).then(|| lines[title].text(0, usize::MAX)),
        heads: heads.collect(),
        cells: Vec::new(),
        is_ruled: true,
    };
    let mut was_blank = false;
    for (at, line) in lines.iter().enumerate().take(end).skip(rule + 1) {
        if line.is_blank() {
            was_blank = true;
            continue;
        }
        let cells = cells(lines, at, &edges);
        // Below the diagram the mail goes on.
        if was_blank
            && cells.iter().all(|cell| said(&cell.text) == Said::Words && is_prose(&cell.text))
        {
            break;
        }
        was_blank = false;
        sheet.cells.extend(cells);
    }
    join(&mut sheet, lines);
    sheet
}

/// Words of a sentence, without anything that code has.
fn is_prose(text: &str) -> bool {
    let is_code = text.contains(['(', '=', '_', '[']) || text.contains("->") || text.contains("//");
    !is_code && text.split(' ').filter(|word| !word.is_empty()).count() > 3
}

/// The cells of a line, given where columns begin.
fn cells(lines: &[Line], at: usize, edges: &[usize]) -> Vec<Cell> {
    let line = &lines[at];
    // A little to the left of its edge still belongs to a column.
    let column_of = |start: usize| edges.iter().rposition(|edge| *edge <= start + 1).unwrap_or(0);
    let mut out: Vec<Cell> = Vec::new();
    let mut starts: Vec<(usize, usize)> = Vec::new();
    for start in line.starts(GAP_CHARS) {
        let column = column_of(start);
        // What is further right in the same column is a comment to what stands before it.
        if starts.last().is_none_or(|(_, before)| *before < column) {
            starts.push((start, column));
        }
    }
    for (n, (start, column)) in starts.iter().enumerate() {
        let end = starts.get(n + 1).map_or(usize::MAX, |(next, _)| *next);
        out.push(Cell {
            line: at,
            at: *start,
            column: *column,
            below: None,
            indent: start.saturating_sub(edges.get(*column).copied().unwrap_or(0)),
            text: line.text(*start, end),
        });
    }
    out
}

/// Lines that were broken become one again: by us, four to the right of their beginning, or by a mail program,
/// anywhere.
fn join(sheet: &mut Sheet, lines: &[Line]) {
    let mut out: Vec<Cell> = Vec::new();
    // The indent of the first part, and whether the part before may have been broken by others.
    let mut first_indent = 0;
    for cell in core::mem::take(&mut sheet.cells) {
        if let Some(before) = out.last_mut()
            && before.line < cell.line
            && said(&before.text) != Said::Elided
        {
            // Nothing of ours begins there.
            let is_ours = sheet.title.is_some()
                && cell.column == before.column
                && cell.indent == first_indent + 4;
            let is_theirs = cell.at == 0
                && (said(&cell.text), said(&before.text) != Said::Words) == (Said::Words, true)
                && lines[cell.line - 1].chars.len() >= LONG_CHARS;
            if is_ours || is_theirs {
                before.text.push(' ');
                before.text.push_str(&cell.text);
                continue;
            }
        }
        first_indent = cell.indent;
        out.push(cell);
    }
    sheet.cells = out;
}

/// A diagram without a rule: the edges of columns are guessed from where lines begin.
fn unruled(lines: &[Line]) -> Sheet {
    let edges = guessed_edges(lines);
    let mut sheet = Sheet { heads: alloc::vec![Head::default(); edges.len()], ..Sheet::default() };
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_blank()) {
        for cell in cells(lines, at, &edges) {
            // What stands first in a column heads it, unless it is a step.
            let is_first = sheet.cells.iter().all(|known| known.column != cell.column);
            let head = &mut sheet.heads[cell.column];
            let heads = is_first && head.text.is_empty() && is_heading(&cell.text);
            if heads {
                *head = Head { text: cell.text.clone(), line: at, at: cell.at };
            }
            // `[rmdir A]` is what the column is about, and happens there.
            if heads && !is_removal(&cell.text) {
                continue;
            }
            if !is_prose(&line.text(0, usize::MAX)) {
                sheet.cells.push(cell);
            }
        }
    }
    sheet
}

/// `CPU0`, `[rmdir A]`, `Thread 1:`, or a bare word: something that heads a column.
fn is_heading(text: &str) -> bool {
    let bare = text.trim_end_matches(':');
    (text.starts_with('[') && text.ends_with(']') && text.len() > 3)
        || (!bare.is_empty()
            && bare
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | ' ' | '-' | '.' | '/'))
            && bare.split(' ').count() <= 3)
}

/// A heading that is a step as well.
fn is_removal(text: &str) -> bool {
    matches!(term(text), Term::Named(name, _) if name == "rmdir")
}

/// Columns begin where lines do, with a wide gap to those that begin further left.
fn guessed_edges(lines: &[Line]) -> Vec<usize> {
    let mut starts: Vec<usize> = Vec::new();
    for line in lines.iter().filter(|line| !line.is_blank()) {
        let first = line.first();
        let more = line.starts(COLUMN_CHARS_MIN / 2).into_iter().skip(1);
        let is_comment =
            |at: &usize| matches!(line.chars.get(*at), Some('/' | '#' | '*' | '[' | '-' | '<'));
        starts.extend([first].into_iter().chain(more.filter(|at| !is_comment(at))));
    }
    let starts = memcg_core::order::ordered_by_key(starts, |at| *at);
    let mut out: Vec<usize> = Vec::new();
    let mut before = None;
    for at in starts {
        if before.is_none_or(|before: usize| at >= before + COLUMN_CHARS_MIN) {
            out.push(at);
        }
        before = Some(at);
    }
    if out.is_empty() {
        out.push(0);
    }
    out
}
