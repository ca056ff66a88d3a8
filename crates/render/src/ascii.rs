//! ASCII race diagrams, as kernel commit messages have them: a column for every thread, time runs downwards.

use crate::story::{Event, Kind, Story, name, tell};
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use core::fmt::Write as _;
use memcg_core::run::{Grain, Run};
use memcg_core::schedule::Move;
use memcg_core::trace::Record;
use memcg_core::world::World;

/// Characters of a line, as far as the threads leave a choice.
const LINE_CHARS: usize = 100;
/// Narrowest column.
const COLUMN_CHARS_MIN: usize = 24;
/// Widest column: a diagram of two threads need not be wider than it is read.
const COLUMN_CHARS_MAX: usize = 48;

/// The diagrams of all lanes, one below the other, after this many moves of the schedule.
///
/// The run is taken at its start. The result is ASCII but for what people have named.
pub fn race(run: Run, schedule: &[Move], n_moves: usize, grain: Grain) -> String {
    let world = run.world().clone();
    let mut out = String::new();
    for story in tell(run, schedule, n_moves) {
        if !out.is_empty() {
            out.push('\n');
        }
        let _ = writeln!(out, "{}", plain(&story.lane));
        if grain != Grain::Call {
            for (slot, number) in story.slots.iter().zip(1..) {
                let number =
                    if story.slots.len() == 1 { String::new() } else { format!("{number}") };
                let _ = writeln!(out, "  slot{number}: {}", plain(slot));
            }
        }
        out.push('\n');
        diagram(&mut out, &world, &story, grain);
    }
    out
}

/// A cell of the diagram: its column, how far it is indented, and its text.
struct Line {
    column: usize,
    indent: usize,
    text: String,
}

/// What a thread did last in the diagram.
struct Teller {
    lines: Vec<Line>,
    grain: Grain,
    /// The column that is running.
    running: Option<usize>,
    /// Per column: its call, while it is in one.
    calls: Vec<Option<String>>,
    /// Per column: the listing in which its call began, whose functions need no name.
    homes: Vec<Option<String>>,
    /// Per column: a grace period has begun that its next call waits for.
    waits: Vec<bool>,
    /// Per column: marks that wait for the line of their call, where a call is one line.
    marks: Vec<Vec<String>>,
    slots: Vec<String>,
    /// The statement told last: column, file and line.
    statement: Option<(usize, String, u32)>,
}

fn diagram(out: &mut String, world: &World, story: &Story, grain: Grain) {
    let columns = columns(world, story);
    let column_of = |thread: usize| columns.iter().position(|t| *t == thread).unwrap_or(0);
    let mut teller = Teller {
        lines: Vec::new(),
        grain,
        running: None,
        calls: vec![None; columns.len()],
        homes: vec![None; columns.len()],
        waits: vec![false; columns.len()],
        marks: vec![Vec::new(); columns.len()],
        slots: story.slots.clone(),
        statement: None,
    };
    for event in &story.events {
        match event {
            Event::Move(_) => {}
            Event::Begin { thread, call, .. } => teller.begin(column_of(*thread), call),
            Event::Access(record) => teller.access(column_of(record.thread), record),
            Event::End { thread, result } => teller.end(column_of(*thread), result.as_deref()),
            Event::Mark { thread, words, kind } => {
                teller.mark(column_of(*thread), words, *kind);
            }
            Event::Idle { thread, why } => teller.line(column_of(*thread), 0, format!("({why})")),
        }
    }
    for (column, thread) in columns.iter().enumerate() {
        teller.late_marks(column);
        if let Some(why) = &story.ends[*thread] {
            teller.line(column, 0, format!("({why})"));
        }
    }
    let names: Vec<&str> = columns.iter().map(|t| name(world, *t)).collect();
    write(out, &names, &teller.lines);
}

/// Threads that do something, in the world's order.
fn columns(world: &World, story: &Story) -> Vec<usize> {
    let acts = |thread: usize| {
        story.events.iter().any(|event| match event {
            Event::Move(_) => false,
            Event::Access(record) => record.thread == thread,
            Event::Begin { thread: t, .. }
            | Event::End { thread: t, .. }
            | Event::Mark { thread: t, .. }
            | Event::Idle { thread: t, .. } => *t == thread,
        })
    };
    (0..=world.threads.len()).filter(|thread| acts(*thread)).collect()
}

impl Teller {
    fn line(&mut self, column: usize, indent: usize, text: String) {
        self.lines.push(Line { column, indent, text });
    }

    /// Another thread runs from here on: the one before says why it stopped.
    fn switch(&mut self, to: usize) {
        if let Some(from) = self.running.replace(to)
            && from != to
        {
            let why = match &self.calls[from] {
                Some(call) => format!("switch (preempted in {})", call.trim_end_matches("()")),
                None if self.waits[from] => "switch (waits for readers)".to_string(),
                None => "switch (between calls)".to_string(),
            };
            self.line(from, 0, why);
            self.statement = None;
        }
    }

    fn begin(&mut self, column: usize, call: &str) {
        self.switch(column);
        self.calls[column] = Some(call.to_string());
        self.homes[column] = None;
        self.waits[column] = false;
        if self.grain != Grain::Call {
            self.line(column, 0, format!("{call} {{"));
        }
    }

    fn access(&mut self, column: usize, record: &Record) {
        self.switch(column);
        let seen = match record.seen.as_str() {
            "" => String::new(),
            seen => format!(" -> {seen}"),
        };
        if self.grain == Grain::Call {
            return;
        }
        // The function is named where it is not the call itself.
        let call = self.calls[column].as_deref().unwrap_or_default();
        let home = self.homes[column].get_or_insert_with(|| record.file.clone());
        let is_own = call.split_once('(').is_some_and(|(name, _)| name == record.function)
            && *home == record.file;
        let function = if is_own { "" } else { &record.function };
        let text = with_short_slots(
            &format!("{function}:{} {}{seen}", record.line, record.access),
            &self.slots,
        );
        let statement = (column, record.file.clone(), record.line);
        let goes_on = self.statement.as_ref() == Some(&statement);
        self.statement = Some(statement);
        // Of a statement with several accesses the last is told, which decides what comes of it.
        if self.grain == Grain::Statement && goes_on {
            if let Some(last) = self.lines.last_mut() {
                last.text = text;
            }
        } else {
            self.line(column, 2, text);
        }
    }

    fn end(&mut self, column: usize, result: Option<&str>) {
        let call = self.calls[column].take().unwrap_or_default();
        self.statement = None;
        let text = match (self.grain, result) {
            (Grain::Call, Some(result)) => format!("{call} -> {result}"),
            (Grain::Call, None) => call,
            (_, Some(result)) => format!("}} -> {result}"),
            (_, None) => "}".to_string(),
        };
        self.line(column, 0, text);
        self.late_marks(column);
    }

    fn mark(&mut self, column: usize, words: &str, kind: Kind) {
        self.waits[column] |= kind == Kind::Wait;
        self.statement = None;
        match kind {
            // Nothing comes after a fault.
            Kind::Fault => {
                self.late_marks(column);
                self.line(column, 0, format!("*** {words} ***"));
            }
            _ if self.grain == Grain::Call && self.calls[column].is_some() => {
                self.marks[column].push(format!("* {words}"));
            }
            _ => {
                let indent = if self.calls[column].is_some() { 2 } else { 0 };
                self.line(column, indent, format!("* {words}"));
            }
        }
    }

    fn late_marks(&mut self, column: usize) {
        for mark in core::mem::take(&mut self.marks[column]) {
            self.line(column, 0, mark);
        }
    }
}

/// Slots by their short names.
pub(crate) fn with_short_slots(text: &str, slots: &[String]) -> String {
    let mut out = text.to_string();
    for (slot, number) in slots.iter().zip(1..) {
        if !out.contains("->") {
            break;
        }
        let short = if slots.len() == 1 { "slot".into() } else { format!("slot{number}") };
        out = out.replace(&format!("{slot}->"), &format!("{short}->"));
    }
    out
}

fn write(out: &mut String, names: &[&str], lines: &[Line]) {
    let n = names.len().max(1);
    let width = (LINE_CHARS / n).clamp(COLUMN_CHARS_MIN, COLUMN_CHARS_MAX);
    // The last column ends the line: it needs no space behind it.
    let room = width - 2;
    let mut put = |cells: &[(usize, String)]| {
        let mut line = String::new();
        for (column, text) in cells {
            let n_chars = line.chars().count();
            line.extend(core::iter::repeat_n(' ', (column * width).saturating_sub(n_chars)));
            line.push_str(text);
        }
        let _ = writeln!(out, "{}", line.trim_end());
    };
    let names: Vec<String> = names.iter().map(|name| clip(&plain(name), room)).collect();
    put(&names.iter().cloned().enumerate().collect::<Vec<_>>());
    let dashes = |name: &String| "-".repeat(name.chars().count());
    put(&names.iter().map(dashes).enumerate().collect::<Vec<_>>());
    for line in lines {
        for (part, at) in break_line(&plain(&line.text), room - line.indent).iter().zip(0..) {
            let indent = line.indent + if at > 0 { 4 } else { 0 };
            put(&[(line.column, format!("{}{part}", " ".repeat(indent)))]);
        }
    }
}

/// Parts of at most `room` characters, the later ones four shorter: what an access gave stays in one piece,
/// anything else is broken at spaces where there are any.
fn break_line(text: &str, room: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut rest: Vec<char> = text.chars().collect();
    loop {
        let room = if out.is_empty() { room } else { room - 4 };
        if rest.len() <= room {
            out.push(rest.into_iter().collect());
            return out;
        }
        let is_space = |at: &usize| rest[*at] == ' ' && *at > room / 3;
        let before_sign = |at: &usize| {
            is_space(at) && matches!(rest.get(*at + 1..=*at + 2), Some(['-', '>'] | ['=', ' ']))
        };
        let space = (0..=room).rev().find(before_sign).or_else(|| (0..=room).rev().find(is_space));
        let end = space.unwrap_or(room);
        out.push(rest[..end].iter().collect());
        rest = rest[end + usize::from(space.is_some())..].to_vec();
    }
}

fn clip(text: &str, room: usize) -> String {
    if text.chars().count() <= room { text.into() } else { text.chars().take(room).collect() }
}

/// Names without what would break a line or turn it round.
fn plain(text: &str) -> String {
    let seen = |c: char| match c {
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '?',
        c if c.is_control() => '?',
        c => c,
    };
    text.chars().map(seen).collect()
}
