//! Follows a diagram of ours cell by cell: every line is an access, the begin or the end of a call.

use super::follow::{Follow, Found};
use super::kernel::guess;
use super::notes::Notes;
use super::said::{AccessSaid, Said, said, squeezed};
use super::sheet::{Cell, Line, Sheet};
use crate::ascii::with_short_slots;
use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use memcg_core::listing::nearest;
use memcg_core::machine::Call;
use memcg_core::run::Grain;
use memcg_core::trace::Record;
use memcg_core::world::World;
use memcg_scenario::Place;

/// Calls that may be missing before the first one of a thread that the text tells of.
const N_CALLS_MISSING_MAX: usize = 8;

/// An access as it is told, and all that a line can be compared with.
#[derive(Copy, Clone, Eq, PartialEq, Ord, PartialOrd, Debug)]
enum Fit {
    Not,
    /// Line and access, but something else was seen.
    OtherSeen,
    /// The access, on another line of the listing.
    OtherLine,
    /// As far as the line goes: it was cut off.
    Begins,
    Same,
}

/// Reads one diagram.
#[derive(Debug)]
pub(super) struct Reader<'t> {
    pub(super) follow: Follow,
    pub(super) sheet: &'t Sheet,
    lines: &'t [Line],
    pub(super) notes: Notes,
    /// Lines that tell of a step, and those of them that were followed.
    pub(super) n_lines: usize,
    pub(super) n_used: usize,
    /// Slots by their words in accesses.
    slots: Vec<String>,
    /// Per column: its thread.
    threads: Vec<Option<usize>>,
    /// Per column: the thread that its lines tell of, where that is another.
    pub(super) acting: Vec<Option<usize>>,
    /// Per thread: a call has begun that is not over.
    pub(super) open: Vec<bool>,
    /// Per thread: the rest of this call is passed over, since it could not begin.
    pub(super) skips: Vec<bool>,
    /// Per thread: a problem in this call has been told.
    pub(super) told: Vec<bool>,
    /// Per thread: steps are left out before the next line.
    elided: Vec<bool>,
    /// Accesses were told, or only the last of each statement.
    has_accesses: bool,
    has_statements: bool,
    /// Lines of the listing have other numbers than in the text; told once.
    has_moved: bool,
}

impl<'t> Reader<'t> {
    pub(super) fn new(follow: Follow, sheet: &'t Sheet, lines: &'t [Line]) -> Self {
        let n_threads = follow.machine.world().threads.len() + 1;
        let n_slots = follow.machine.layout().slots.len();
        Self {
            slots: (0..n_slots).map(|slot| follow.machine.slot_words(slot)).collect(),
            follow,
            sheet,
            lines,
            notes: Notes::default(),
            n_lines: 0,
            n_used: 0,
            threads: Vec::new(),
            acting: vec![None; sheet.heads.len()],
            open: vec![false; n_threads],
            skips: vec![false; n_threads],
            told: vec![false; n_threads],
            elided: vec![false; n_threads],
            has_accesses: false,
            has_statements: false,
            has_moved: false,
        }
    }

    /// How fine the diagram is.
    pub(super) fn grain(&self) -> Grain {
        match (self.has_accesses, self.has_statements) {
            (false, _) => Grain::Call,
            (true, true) => Grain::Statement,
            (true, false) => Grain::Access,
        }
    }

    /// Where a cell stands in the text.
    pub(super) fn place(&self, cell: &Cell) -> Place {
        self.place_of(cell.line, cell.at)
    }

    fn place_of(&self, line: usize, at: usize) -> Place {
        let line = &self.lines[line];
        let column = u32::try_from(line.n_cut + at + 1).unwrap_or(u32::MAX);
        Place { start: line.start, end: line.start + line.n_bytes, line: line.number, column }
    }

    /// Follows all cells.
    pub(super) fn read(&mut self) {
        self.columns();
        for cell in &self.sheet.cells {
            if self.notes.is_full() {
                let place = self.place(cell);
                self.notes.error(Some(place), String::new);
                break;
            }
            if let Some(thread) = self.threads[cell.column] {
                self.cell(cell, thread);
            } else if !matches!(said(&cell.text), Said::Switch | Said::Mark | Said::Idle(_)) {
                self.n_lines += 1;
            }
        }
        let is_cut = |cell: &&Cell| cell.text.starts_with("switch (preempted in");
        if !self.has_accesses
            && let Some(cell) = self.sheet.cells.iter().find(is_cut)
        {
            let message = "a diagram of whole calls does not say where in a call: each is made as a whole, where it ends";
            self.warn(cell, message.to_string());
        }
    }

    /// Which thread every column is.
    fn columns(&mut self) {
        let world = self.follow.machine.world().clone();
        let names: Vec<&str> =
            world.threads.iter().map(|t| t.name.as_str()).chain([World::WORKER]).collect();
        let known: Vec<Option<usize>> =
            self.sheet.heads.iter().map(|head| thread_of(&names, &head.text)).collect();
        let texts = self.sheet.heads.iter().enumerate().map(|(column, head)| {
            let own = self.sheet.cells.iter().filter(|cell| cell.column == column);
            (head.text.clone(), own.map(|cell| cell.text.clone()).collect())
        });
        let texts: Vec<(String, Vec<String>)> = texts.collect();
        // A diagram of ours names its threads.
        let guessed =
            if self.sheet.title.is_some() { known.clone() } else { guess(&world, &texts, &known) };
        for (column, head) in self.sheet.heads.iter().enumerate() {
            let place = self.lines.get(head.line).map(|_| self.place_of(head.line, head.at));
            let is_empty = texts[column].1.is_empty();
            let head = if head.text.is_empty() { "without a heading" } else { &head.text };
            match guessed[column] {
                None if !is_empty => {
                    self.notes.error(place, || {
                        let names = names.join(", ");
                        format!("there is no thread for the column {head}, so it is left out; there are {names}")
                    });
                    let meant = nearest(head, names.iter().copied());
                    self.notes.suggest(meant.map(|name| format!("did you mean {name}?")));
                }
                Some(thread) if known[column].is_none() && !is_empty => {
                    let name = names[thread];
                    self.notes.warning(place, || format!("the column {head} is taken for {name}"));
                }
                _ => {}
            }
        }
        self.threads = guessed;
    }

    fn cell(&mut self, cell: &Cell, thread: usize) {
        let is_foreign = self.sheet.title.is_none();
        match said(&cell.text) {
            // A line in brackets says that nothing was done, which takes no move.
            Said::Switch | Said::Mark | Said::Idle(_) => {}
            Said::Elided => self.elided[thread] = true,
            Said::Fault => self.fault(cell, thread),
            Said::Begin(_) | Said::Whole(..) if is_foreign => self.foreign(cell, thread),
            Said::End(_) if is_foreign => {}
            Said::Begin(call) => {
                self.begin(cell, thread, &call);
            }
            Said::End(result) => self.end(cell, thread, result.as_deref()),
            Said::Whole(call, result) => self.whole(cell, thread, &call, Some(&result)),
            Said::Access(access) => {
                self.has_accesses = true;
                self.access(cell, thread, &access);
            }
            Said::Words => self.words(cell, thread),
        }
    }

    /// Notes that a line cannot be followed, if it is the first such line of a call; whether it was noted.
    pub(super) fn cannot(
        &mut self,
        cell: &Cell,
        thread: usize,
        why: impl FnOnce(&Self) -> String,
    ) -> bool {
        if core::mem::replace(&mut self.told[thread], true) {
            return false;
        }
        let message = format!("{}: {}", cell.text, why(self));
        let place = self.place(cell);
        self.notes.error(Some(place), || message);
        true
    }

    pub(super) fn warn(&mut self, cell: &Cell, message: String) {
        let place = self.place(cell);
        self.notes.warning(Some(place), || message);
    }

    /// One access of a thread, which the caller knows to be possible.
    pub(super) fn step(&mut self, thread: usize) {
        if let Some(made) = self.follow.make(thread) {
            self.open[thread] = !made.ended;
        }
    }

    fn is_open(&self, thread: usize) -> bool {
        self.open[thread] || self.follow.machine.is_inside(thread)
    }

    /// Runs the call to its end, and says if accesses are missing in the text.
    pub(super) fn finish(&mut self, cell: &Cell, thread: usize) {
        let was_inside = self.follow.machine.is_inside(thread);
        let n = self.follow.finish(thread);
        self.open[thread] = false;
        let is_elided = core::mem::take(&mut self.elided[thread]);
        if n > 0 && was_inside && self.has_accesses && !is_elided {
            self.missing(cell, thread, n);
        }
    }

    fn missing(&mut self, cell: &Cell, thread: usize, n: usize) {
        let accesses = counted(n, "access", "accesses");
        let name = self.follow.name(thread);
        self.warn(cell, format!("the diagram leaves out {accesses} of {name} before this line"));
    }

    /// Begins a call; whether it could be.
    pub(super) fn begin(&mut self, cell: &Cell, thread: usize, call: &str) -> bool {
        (self.skips[thread], self.told[thread]) = (false, false);
        self.n_lines += 1;
        if self.is_open(thread) {
            self.finish(cell, thread);
        }
        match self.to_call(thread, call) {
            Ok(n_missing) => {
                if n_missing > 0 {
                    let calls = counted(n_missing, "call", "calls");
                    let name = self.follow.name(thread);
                    self.warn(
                        cell,
                        format!("the diagram leaves out {calls} of {name} before this one"),
                    );
                }
                self.n_used += 1;
                self.open[thread] = true;
                true
            }
            Err(why) => {
                self.cannot(cell, thread, |_| why);
                self.skips[thread] = true;
                false
            }
        }
    }

    /// Makes this call the thread's next, if need be by the calls before it; how many those were, or why it cannot be.
    fn to_call(&mut self, thread: usize, call: &str) -> Result<usize, String> {
        let follow = &mut self.follow;
        if thread == follow.machine.worker() && follow.machine.call(thread) == Call::None {
            let items = follow.items();
            if let Some(item) = items.iter().find(|item| squeezed(item) == squeezed(call)) {
                follow.take(Some(item));
                return Ok(0);
            }
            let only = || format!("the worker can do only {} here", items.join(", "));
            return Err(follow.why_not(thread).unwrap_or_else(only));
        }
        let is_call = |words: Option<String>| words.is_some_and(|w| squeezed(&w) == squeezed(call));
        let mut copy = Follow::new(follow.machine.clone());
        for n_missing in 0..=N_CALLS_MISSING_MAX {
            let why = copy.why_not(thread);
            if is_call(copy.call_words(thread)) {
                for _ in 0..n_missing {
                    follow.finish(thread);
                }
                return why.map_or(Ok(n_missing), Err);
            }
            if why.is_some() {
                break;
            }
            copy.finish(thread);
        }
        let name = follow.name(thread);
        Err(match (follow.why_not(thread), follow.call_words(thread)) {
            (Some(why), _) => why,
            (None, Some(words)) => format!("the next call of {name} is {words}"),
            (None, None) => format!("{name} has nothing to do"),
        })
    }

    fn end(&mut self, cell: &Cell, thread: usize, result: Option<&str>) {
        if core::mem::take(&mut self.skips[thread]) {
            return;
        }
        if self.is_open(thread) {
            if let Some(why) = self.follow.why_not(thread) {
                self.cannot(cell, thread, |_| why);
                return;
            }
            self.finish(cell, thread);
        }
        self.result(cell, thread, result);
    }

    fn result(&mut self, cell: &Cell, thread: usize, result: Option<&str>) {
        if let (Some(said), Some(here)) = (result, self.follow.returned(thread))
            && squeezed(said) != squeezed(&here)
        {
            self.warn(
                cell,
                format!("the diagram says that {said} is returned, but here it is {here}"),
            );
        }
    }

    /// A whole call on one line, which stands at its end.
    fn whole(&mut self, cell: &Cell, thread: usize, call: &str, result: Option<&str>) {
        let is_own = self.follow.machine.is_inside(thread)
            && self.follow.call_words(thread).is_some_and(|own| squeezed(&own) == squeezed(call));
        if is_own {
            self.n_lines += 1;
            self.n_used += 1;
        } else if !self.begin(cell, thread, call) {
            return;
        }
        self.finish(cell, thread);
        self.result(cell, thread, result);
    }

    fn access(&mut self, cell: &Cell, thread: usize, access: &AccessSaid) {
        self.n_lines += 1;
        if self.skips[thread] {
            return;
        }
        if let Some(why) = self.follow.why_not(thread) {
            self.cannot(cell, thread, |_| why);
            return;
        }
        let slots = &self.slots;
        let call = self.follow.call_words(thread);
        let call =
            call.as_deref().and_then(|call| call.split_once('(')).map_or("", |(name, _)| name);
        let is_fit = |record: &Record| fit(access, record, call, slots);
        let rank = |record: &Record| match is_fit(record) {
            Fit::Same => u8::MAX,
            other => other as u8,
        };
        // Nearly always it is the next; looking ahead needs a copy of the machine.
        let is_next =
            !self.elided[thread] && !self.has_statements && self.is_next(thread, access, call);
        let next = Found { n_before: 0, rank: 0, same_line: true };
        let found = if is_next { Some(next) } else { self.follow.ahead(thread, 0, rank) };
        let Some(found) = found else {
            self.cannot(cell, thread, |this| this.next_instead(thread));
            return;
        };
        for _ in 0..found.n_before {
            self.step(thread);
        }
        let is_elided = core::mem::take(&mut self.elided[thread]);
        if found.n_before > 0 && found.same_line {
            self.has_statements = true;
        } else if found.n_before > 0 && !is_elided {
            self.missing(cell, thread, found.n_before);
        }
        let made = self.follow.make(thread);
        self.n_used += 1;
        let Some(made) = made else { return };
        self.open[thread] = !made.ended;
        if let Some(record) = made.record {
            let call = call.to_string();
            match fit(access, &record, &call, &self.slots) {
                Fit::OtherSeen => {
                    let seen = record.seen;
                    self.warn(cell, format!("something else is seen here: {seen}"));
                }
                Fit::OtherLine if !core::mem::replace(&mut self.has_moved, true) => {
                    let line = format!("{}:{}", record.function, record.line);
                    self.warn(cell, format!("this access is on another line of the listing now, {line}; it is taken by its words"));
                }
                _ => {}
            }
        }
    }

    /// Whether the thread's next access is this one, whatever it will see.
    fn is_next(&self, thread: usize, access: &AccessSaid, call: &str) -> bool {
        let machine = &self.follow.machine;
        let program = machine.program();
        if machine.call(thread) == Call::None {
            return false;
        }
        let pc = machine.pc(thread);
        let origin = usize::try_from(pc).ok().and_then(|pc| program.origins.get(pc));
        let Some(origin) = origin.filter(|origin| origin.line == access.line) else { return false };
        let frame = usize::try_from(origin.frame).ok().and_then(|frame| program.frames.get(frame));
        let function = if access.function.is_empty() { call } else { &access.function };
        let words = with_short_slots(&machine.access_words(thread, pc), &self.slots);
        frame.is_some_and(|frame| frame.function == function) && access.is_of(&squeezed(&words))
    }

    /// What the thread would do next, instead of what a line says.
    pub(super) fn next_instead(&self, thread: usize) -> String {
        let name = self.follow.name(thread);
        let mut next = None;
        self.follow.ahead(thread, 0, |record| {
            next.get_or_insert_with(|| told(record, &self.slots));
            u8::MAX
        });
        match next {
            Some(next) => {
                format!("{name} makes no such step in this call; its next is {next}")
            }
            None => format!("{name} makes no such step in this call"),
        }
    }

    /// `*** UAF … ***`: the thread's next access that can be one is the fault.
    fn fault(&mut self, cell: &Cell, thread: usize) {
        if self.follow.machine.fault().is_some() {
            return;
        }
        self.n_lines += 1;
        let mut copy = Follow::new(self.follow.machine.clone());
        if copy.why_not(thread).is_none() {
            copy.finish(thread);
        }
        if copy.machine.fault().is_none() {
            self.cannot(cell, thread, |this| {
                format!("{} comes to no fault here", this.follow.name(thread))
            });
            return;
        }
        self.n_used += 1;
        self.follow.finish(thread);
    }

    /// A line of another form: a call without result, or something that is not ours.
    fn words(&mut self, cell: &Cell, thread: usize) {
        let text = cell.text.as_str();
        if self.sheet.title.is_none() {
            self.foreign(cell, thread);
        } else if text.ends_with(')') && text.contains('(') && !text.contains("->") {
            self.whole(cell, thread, text, None);
        } else {
            self.n_lines += 1;
            self.cannot(cell, thread, |_| "this is no line of a race diagram".to_string());
        }
    }
}

fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// The thread that a heading means: by its name, or by the part of it that there was room for.
fn thread_of(names: &[&str], head: &str) -> Option<usize> {
    let exact = names.iter().position(|name| *name == head);
    let begins = || {
        let mut found = names.iter().enumerate().filter(|(_, name)| name.starts_with(head));
        let (first, other) = (found.next(), found.next());
        first.filter(|_| other.is_none() && head.chars().count() >= 20).map(|(at, _)| at)
    };
    exact.or_else(begins)
}

/// An access as a diagram tells it.
fn told(record: &Record, slots: &[String]) -> String {
    let text = match record.seen.as_str() {
        "" => record.access.clone(),
        seen => format!("{} -> {seen}", record.access),
    };
    format!("{}:{} {}", record.function, record.line, with_short_slots(&text, slots))
}

impl AccessSaid {
    /// Whether it is the access with these words (without spaces), whatever was seen.
    fn is_of(&self, words: &str) -> bool {
        self.rest.strip_prefix(words).is_some_and(|seen| seen.is_empty() || seen.starts_with("->"))
    }
}

/// How well an access fits what a line says.
fn fit(said: &AccessSaid, record: &Record, call: &str, slots: &[String]) -> Fit {
    let function = if said.function.is_empty() { call } else { &said.function };
    if function != record.function {
        return Fit::Not;
    }
    let words = squeezed(&with_short_slots(&record.access, slots));
    let whole = match record.seen.as_str() {
        "" => words.clone(),
        seen => squeezed(&format!("{words}->{seen}")),
    };
    let is_line = said.line == record.line;
    match () {
        () if said.rest == whole && is_line => Fit::Same,
        () if said.rest == whole => Fit::OtherLine,
        () if is_line && !said.rest.is_empty() && whole.starts_with(&said.rest) => Fit::Begins,
        () if is_line && said.is_of(&words) => Fit::OtherSeen,
        () => Fit::Not,
    }
}
