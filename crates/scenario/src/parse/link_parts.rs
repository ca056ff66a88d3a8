//! The optional parts of a link's text: what the schedule came to, and edited listings.

use super::reader::Reader;
use crate::{
    diagnostic::{Problem, Span},
    link::{Hunk, ListingEdit, Sign},
    word::Words,
};
use memcg_core::replay::Proof;

impl Reader<'_> {
    /// `state: FINGERPRINT MOVE…`
    pub(super) fn state(&mut self, value: Span) {
        let mut words = Words::new(self.text, value);
        let first = words.next(false, &mut self.problems);
        let fingerprint = first.and_then(|word| u32::from_str_radix(&word.text, 16).ok());
        let mut idle = alloc::vec::Vec::new();
        let mut is_sound = fingerprint.is_some();
        while let Some(word) = words.next(false, &mut self.problems) {
            match word.text.parse() {
                Ok(at) => idle.push(at),
                Err(_) => is_sound = false,
            }
        }
        match fingerprint {
            Some(fingerprint) if is_sound => self.page.proof = Some(Proof { fingerprint, idle }),
            _ => self.problems.note(|| {
                let message =
                    "the state is a checksum of 8 hexadecimal digits, then numbers of moves";
                Problem::error(value, message.into())
            }),
        }
    }

    /// `edit: BASE [as NAME]`; false if it names nothing.
    pub(super) fn edit_header(&mut self, value: Span) -> bool {
        let mut words = Words::new(self.text, value);
        let base = words.next(false, &mut self.problems);
        let mut name = base.clone();
        if let Some(word) = words.next(false, &mut self.problems) {
            name = if word.is("as") { words.next(false, &mut self.problems) } else { None };
        }
        let (Some(base), Some(name)) = (base, name) else {
            self.problems.note(|| {
                let message = "an edit names the listing it was made from, and perhaps \"as\" and its own name";
                Problem::error(value, message.into())
            });
            return false;
        };
        self.no_more(&mut words);
        let (base, name) = (base.text.into_owned(), name.text.into_owned());
        self.page.edits.push(ListingEdit { base, name, hunks: alloc::vec::Vec::new() });
        true
    }

    /// `@LINE`, or a line that stays, goes or comes.
    pub(super) fn edit_line(&mut self, span: Span) {
        let line = &self.text[span.start..span.end];
        let (mark, rest) = line.split_at(line.chars().next().map_or(0, char::len_utf8));
        let mark = mark.chars().next().unwrap_or(' ');
        let Some(edit) = self.page.edits.last_mut() else { return };
        let taken = match (mark, Sign::of(mark)) {
            ('@', _) => rest.parse().ok().map(|at| {
                edit.hunks.push(Hunk { at, lines: alloc::vec::Vec::new() });
            }),
            (_, Some(sign)) => {
                edit.hunks.last_mut().map(|hunk| hunk.lines.push((sign, rest.into())))
            }
            _ => None,
        };
        if taken.is_none() {
            self.problems.note(|| {
                let message = "a line of an edit is @ and a line's number, then lines with = - or + before them";
                Problem::error(span, message.into())
            });
        }
    }
}
