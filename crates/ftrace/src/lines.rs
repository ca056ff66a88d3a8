//! From pieces of bytes to whole lines, never more than one line held.

use alloc::vec::Vec;

/// Longest line that is read; what goes beyond is passed over.
pub(crate) const LINE_BYTES_MAX: usize = 16 * 1024;

/// What has come of a text that is not complete yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lines {
    /// The beginning of a line whose end has not come yet.
    rest: Vec<u8>,
    /// The line in hand is longer than the bound.
    is_long: bool,
}

/// A line as it came: without its end, or too long to be kept.
#[derive(Copy, Clone, Debug)]
pub(crate) enum Whole<'b> {
    Line(&'b [u8]),
    TooLong,
}

impl Lines {
    /// Gives every line that is complete with this piece.
    pub(crate) fn feed(&mut self, mut bytes: &[u8], mut take: impl FnMut(Whole<'_>)) {
        while let Some(end) = bytes.iter().position(|b| *b == b'\n') {
            let (head, tail) = bytes.split_at(end);
            bytes = &tail[1..];
            if self.is_long || self.rest.len() + head.len() > LINE_BYTES_MAX {
                take(Whole::TooLong);
            } else if self.rest.is_empty() {
                take(Whole::Line(trimmed(head)));
            } else {
                self.rest.extend_from_slice(head);
                take(Whole::Line(trimmed(&self.rest)));
            }
            self.rest.clear();
            self.is_long = false;
        }
        if self.is_long || self.rest.len() + bytes.len() > LINE_BYTES_MAX {
            self.is_long = true;
            self.rest.clear();
        } else {
            self.rest.extend_from_slice(bytes);
        }
    }

    /// What is left at the end of the text: a last line without its end.
    pub(crate) fn last(&self) -> Option<Whole<'_>> {
        if self.is_long {
            return Some(Whole::TooLong);
        }
        let line = trimmed(&self.rest);
        (!line.is_empty()).then_some(Whole::Line(line))
    }
}

/// Without the `\r` of Windows.
fn trimmed(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}
