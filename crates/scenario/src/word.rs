//! Words of a line: bare or quoted, read and written.
//!
//! A word ends at white space or `;`. Quotes may stand anywhere in it, as in a shell; inside
//! them `\" \\ \n \r \t \u{…}` are escapes. Outside them a backslash is itself, since systemd's
//! unit names are full of them. `#` at the start of a word begins a comment.

use crate::diagnostic::{Problem, Problems, Span};
use alloc::{borrow::Cow, string::String};
use core::fmt::Write;

/// What a word is.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(crate) enum Kind {
    /// A word without quotes: the only kind that can be a keyword.
    Bare,
    /// A word with quotes.
    Quoted,
    /// A `;`.
    Semicolon,
    /// The `:` after a name.
    Colon,
}

/// A word and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Word<'t> {
    pub(crate) text: Cow<'t, str>,
    pub(crate) span: Span,
    pub(crate) kind: Kind,
}

impl Word<'_> {
    /// Whether it is this keyword.
    pub(crate) fn is(&self, keyword: &str) -> bool {
        self.kind == Kind::Bare && self.text == keyword
    }

    /// Its text if it may be a keyword.
    pub(crate) fn keyword(&self) -> Option<&str> {
        (self.kind == Kind::Bare).then_some(&*self.text)
    }
}

/// Reads the words of one line.
#[derive(Clone, Debug)]
pub(crate) struct Words<'t> {
    text: &'t str,
    at: usize,
    end: usize,
}

impl<'t> Words<'t> {
    /// The words of this part of the text.
    pub(crate) const fn new(text: &'t str, span: Span) -> Self {
        Self { text, at: span.start, end: span.end }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..self.end).unwrap_or("")
    }

    /// What is left, without white space around it and without a comment.
    pub(crate) fn rest_span(&self) -> Span {
        let rest = self.rest();
        let start = self.at + (rest.len() - rest.trim_start().len());
        Span::new(start, start.max(self.at + rest.trim_end().len()))
    }

    /// The next word; with `colon`, a `:` outside quotes ends a word and is one.
    pub(crate) fn next(&mut self, colon: bool, problems: &mut Problems) -> Option<Word<'t>> {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start().len();
        let rest = self.rest();
        let start = self.at;
        let mark = match rest.chars().next()? {
            '#' => {
                self.at = self.end;
                return None;
            }
            ';' => Some(Kind::Semicolon),
            ':' if colon => Some(Kind::Colon),
            _ => None,
        };
        if let Some(kind) = mark {
            self.at += 1;
            return Some(Word { text: rest[..1].into(), span: Span::new(start, self.at), kind });
        }
        let ends = |c: char| c.is_whitespace() || c == ';' || (colon && c == ':');
        let plain = rest.find(|c| ends(c) || c == '"').unwrap_or(rest.len());
        self.at += plain;
        if !rest[plain..].starts_with('"') {
            let span = Span::new(start, self.at);
            return Some(Word { text: rest[..plain].into(), span, kind: Kind::Bare });
        }
        let mut out = String::from(&rest[..plain]);
        while let Some(c) = self.rest().chars().next().filter(|c| !ends(*c)) {
            self.at += c.len_utf8();
            if c == '"' {
                self.quoted(&mut out, problems);
            } else {
                out.push(c);
            }
        }
        Some(Word { text: out.into(), span: Span::new(start, self.at), kind: Kind::Quoted })
    }

    /// Reads on to the closing quote.
    fn quoted(&mut self, out: &mut String, problems: &mut Problems) {
        let opened = self.at.saturating_sub(1);
        while let Some(c) = self.rest().chars().next() {
            let start = self.at;
            self.at += c.len_utf8();
            match c {
                '"' => return,
                '\\' => match self.escape() {
                    Some(c) => out.push(c),
                    None => problems.note(|| {
                        let span = Span::new(start, self.at);
                        Problem::error(span, "no such escape".into())
                            .suggest(Some("known are \\\" \\\\ \\n \\r \\t \\u{hex}".into()))
                    }),
                },
                _ => out.push(c),
            }
        }
        problems.note(|| {
            let span = Span::new(opened, self.end);
            Problem::error(span, "the closing quote is missing on this line".into())
        });
    }

    fn escape(&mut self) -> Option<char> {
        let rest = self.rest();
        let c = rest.chars().next()?;
        self.at += c.len_utf8();
        match c {
            '"' | '\\' => Some(c),
            'n' => Some('\n'),
            'r' => Some('\r'),
            't' => Some('\t'),
            'u' => {
                let digits = rest.strip_prefix("u{")?;
                let digits = &digits[..digits.find('}')?];
                let found = u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?;
                self.at += digits.len() + 2;
                Some(found)
            }
            _ => None,
        }
    }
}

/// Characters that are written as escapes: those that cannot be seen or that turn text round.
fn is_unseen(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Writes a word so that it is read back as it is, with quotes only where they are needed.
pub(crate) fn write_word(out: &mut String, word: &str) {
    let special = |c: char| c.is_whitespace() || is_unseen(c) || matches!(c, '"' | ';' | ':');
    if word.is_empty() || word.starts_with('#') || word.contains(special) {
        write_quoted(out, word);
    } else {
        out.push_str(word);
    }
}

/// Writes a line of free text, which needs quotes only where trimming would harm it.
pub(crate) fn write_line(out: &mut String, text: &str) {
    if text.is_empty()
        || text.starts_with('"')
        || text.trim().len() != text.len()
        || text.contains(is_unseen)
    {
        write_quoted(out, text);
    } else {
        out.push_str(text);
    }
}

/// Writes a word in quotes.
pub(crate) fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_unseen(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// Reads a line of free text: quoted if all of it is, else as it stands.
pub(crate) fn read_line(text: &str, span: Span, problems: &mut Problems) -> String {
    let line = text.get(span.start..span.end).unwrap_or("");
    if !line.starts_with('"') {
        return line.into();
    }
    let mut words = Words::new(text, span);
    words.at += 1;
    let mut out = String::new();
    words.quoted(&mut out, problems);
    let rest = words.rest_span();
    if rest.start < rest.end {
        problems
            .note(|| Problem::error(rest, "nothing can follow the closing quote of a text".into()));
    }
    out
}
