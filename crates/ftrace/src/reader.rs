//! Reads a trace piece by piece: lines become groups, calls and events.
//!
//! Holds one line and what it has made of the others; the text itself is never kept.

use crate::draft::Drafts;
use crate::line::{self, Line};
use crate::lines::{LINE_BYTES_MAX, Lines, Whole};
use crate::pointers::Walks;
use crate::trace::Trace;
use crate::trouble::Kind;
use alloc::{format, string::String};

/// Reads a trace that comes in pieces.
#[derive(Debug)]
pub struct Reader {
    lines: Lines,
    work: Work,
}

/// Everything but the line in hand.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) drafts: Drafts,
    pub(crate) walks: Walks,
    pub(crate) line: u32,
    pub(crate) time_ns: u64,
    n_begun: u32,
    /// Entries that the header promises, since the last header.
    promised: Option<u64>,
    n_since: u64,
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

/// Reads a trace that is at hand as a whole.
pub fn read(text: &[u8]) -> Trace {
    let mut reader = Reader::new();
    reader.feed(text);
    reader.finish()
}

impl Reader {
    /// A reader at the beginning of a trace.
    pub fn new() -> Self {
        let work = Work {
            drafts: Drafts::new(),
            walks: Walks::default(),
            line: 0,
            time_ns: 0,
            n_begun: 0,
            promised: None,
            n_since: 0,
        };
        Self { lines: Lines::default(), work }
    }

    /// Takes the next bytes, as many as there are.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.work.drafts.facts.n_bytes += bytes.len() as u64;
        let work = &mut self.work;
        self.lines.feed(bytes, |line| work.whole(line, true));
    }

    /// Bytes taken so far.
    pub const fn n_bytes(&self) -> u64 {
        self.work.drafts.facts.n_bytes
    }

    /// Events taken so far.
    pub const fn n_events(&self) -> u32 {
        self.work.drafts.facts.n_events
    }

    /// The text is at its end.
    pub fn finish(mut self) -> Trace {
        let work = &mut self.work;
        if let Some(last) = self.lines.last() {
            work.whole(last, false);
        }
        work.check_promise();
        work.drafts.facts.n_lines = work.line;
        self.work.drafts.finish()
    }
}

impl Work {
    fn whole(&mut self, line: Whole<'_>, is_complete: bool) {
        self.line = self.line.saturating_add(1);
        match line {
            Whole::Line(line) => self.line(line, is_complete),
            Whole::TooLong => {
                let words = || format!("longer than {LINE_BYTES_MAX} bytes: not used");
                self.drafts.troubles.note(Kind::TooLong, self.line, words);
            }
        }
    }

    fn line(&mut self, text: &[u8], is_complete: bool) {
        let line = self.line;
        match line::parse(text) {
            Line::Nothing => {}
            Line::Event(record) => {
                self.n_since += 1;
                self.event(&record, is_complete);
            }
            Line::Garbage if !is_complete => {
                let words = || "the file ends in the middle of this line: not used".into();
                self.drafts.troubles.note(Kind::Truncated, line, words);
            }
            Line::Garbage => {
                let words = || format!("no event of a trace: \"{}\"", shown(text));
                self.drafts.troubles.note(Kind::Garbage, line, words);
            }
            Line::Begins => {
                self.n_begun += 1;
                if self.n_begun > 1 {
                    self.check_promise();
                    let words = || {
                        "another trace begins here: walks under way are not followed over the gap"
                            .into()
                    };
                    self.drafts.troubles.note(Kind::Lost, line, words);
                    self.drafts.lost(self.time_ns, line);
                }
                self.n_since = 0;
            }
            Line::Entries { kept, written } => {
                self.promised = Some(kept);
                if written > kept {
                    let words = || {
                        let n = written - kept;
                        format!(
                            "the kernel wrote {written} entries and kept {kept}: the oldest {n} are gone; give the buffer more room (buffer_size_kb)"
                        )
                    };
                    self.drafts.troubles.note(Kind::Lost, line, words);
                }
            }
            Line::Lost { cpu, n } => {
                let words = || {
                    let n = n.map_or_else(|| "an unknown number of".into(), |n| format!("{n}"));
                    format!(
                        "CPU {cpu} lost {n} events: walks under way and positions are not known from here on"
                    )
                };
                self.drafts.troubles.note(Kind::Lost, line, words);
                self.drafts.lost(self.time_ns, line);
            }
            Line::BufferStarts { cpu } => {
                // At the very beginning this says only which CPU came later.
                if self.n_since > 0 && self.drafts.facts.n_events > 0 {
                    let words = || {
                        format!(
                            "the buffer of CPU {cpu} begins only here: what it did before is not known"
                        )
                    };
                    self.drafts.troubles.note(Kind::Lost, line, words);
                    self.drafts.lost(self.time_ns, line);
                }
            }
        }
    }

    /// The header says how many entries follow.
    fn check_promise(&mut self) {
        let n_read = self.n_since;
        if let Some(promised) = self.promised.take()
            && promised != n_read
        {
            let words = || {
                format!(
                    "the header promises {promised} entries, {n_read} were read: lines are missing, or were added"
                )
            };
            self.drafts.troubles.note(Kind::Lost, 0, words);
        }
    }
}

/// The beginning of a text, for a message.
pub(crate) fn shown(text: &[u8]) -> String {
    const N_SHOWN_MAX: usize = 60;
    let text = text.trim_ascii();
    let mut out = String::from_utf8_lossy(&text[..text.len().min(N_SHOWN_MAX)]).into_owned();
    if text.len() > N_SHOWN_MAX {
        out.push('…');
    }
    out.replace(char::is_control, "·")
}
