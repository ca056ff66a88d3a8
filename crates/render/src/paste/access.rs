//! A line of ours that tells of an access: found in the thread's call, and made.

use super::follow::Found;
use super::reader::Reader;
use super::said::{AccessSaid, squeezed};
use super::sheet::Cell;
use crate::ascii::with_short_slots;
use alloc::{
    format,
    string::{String, ToString},
};
use memcg_core::machine::Call;
use memcg_core::trace::Record;

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

impl Reader<'_> {
    pub(super) fn access(&mut self, cell: &Cell, thread: usize, access: &AccessSaid) {
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
        let mut made = self.follow.make(thread);
        self.n_used += 1;
        while self.is_of_all()
            && made.as_ref().is_some_and(|made| !made.ended && !made.faulted)
            && self.repeats(thread, access, call)
        {
            made = self.follow.make(thread);
            self.has_statements = true;
        }
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

    /// Whether the thread's next access is this one as well, with the same seen.
    fn repeats(&self, thread: usize, access: &AccessSaid, call: &str) -> bool {
        let is_same = |record: &Record| fit(access, record, call, &self.slots) == Fit::Same;
        let rank = |record: &Record| if is_same(record) { u8::MAX } else { 0 };
        self.follow.ahead(thread, 0, rank).is_some_and(|found| found.n_before == 0)
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
