//! Text to tokens, with the comments and blank lines that printing back needs.

use super::{Diagnostic, Span};
use alloc::{
    format,
    string::{String, ToString},
    vec::Vec,
};

/// What a token is.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(super) enum TokenKind {
    Word,
    Number,
    Punct,
    End,
}

/// A token and the trivia before it.
#[derive(Clone, Debug)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind,
    pub(super) text: &'t str,
    pub(super) span: Span,
    /// Comment lines since the token before, without slashes.
    pub(super) comments: Vec<String>,
    /// A blank line stands before the token (and its comments).
    pub(super) blank: bool,
    /// The comment, on the same line as the token before, belongs behind that one.
    pub(super) behind_previous: Option<String>,
}

const PUNCTS: [&str; 24] = [
    "->", "++", "--", "==", "!=", "<=", ">=", "&&", "||", "{", "}", "(", ")", ";", ",", ":", "*",
    "=", "!", "<", ">", "+", "-", "?",
];

/// Splits `text` from byte `from` on.
pub(super) fn lex<'t>(
    text: &'t str,
    from: usize,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Token<'t>> {
    let mut tokens: Vec<Token<'t>> = Vec::new();
    let mut at = from;
    let mut comments = Vec::new();
    let mut blank = false;
    let mut behind = None;
    let mut n_newlines = 1;
    loop {
        let rest = &text[at..];
        let Some(first) = rest.chars().next() else { break };
        if first == '\n' {
            n_newlines += 1;
            if n_newlines == 2 && comments.is_empty() {
                blank = true;
            }
            at += 1;
            continue;
        }
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        if let Some(comment) = rest.strip_prefix("//") {
            let end = comment.find('\n').unwrap_or(comment.len());
            let body = comment[..end].trim_end();
            let body = body.strip_prefix(' ').unwrap_or(body).to_string();
            if n_newlines == 0 && !tokens.is_empty() {
                behind = Some(body);
            } else {
                comments.push(body);
            }
            at += 2 + end;
            n_newlines = 0;
            continue;
        }
        let (kind, len) = if first.is_ascii_alphabetic() || first == '_' {
            let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
            (TokenKind::Word, rest.find(|c| !word(c)).unwrap_or(rest.len()))
        } else if first.is_ascii_digit() {
            let digit = |c: char| c.is_ascii_alphanumeric();
            (TokenKind::Number, rest.find(|c| !digit(c)).unwrap_or(rest.len()))
        } else if let Some(punct) = PUNCTS.iter().find(|p| rest.starts_with(**p)) {
            (TokenKind::Punct, punct.len())
        } else {
            let span = Span { start: at, end: at + first.len_utf8() };
            let message =
                format!("the character '{}' has no meaning in a listing", first.escape_debug());
            diagnostics.push(Diagnostic::new(text, span, message));
            at = span.end;
            continue;
        };
        let span = Span { start: at, end: at + len };
        tokens.push(Token {
            kind,
            text: &rest[..len],
            span,
            comments: core::mem::take(&mut comments),
            blank: core::mem::take(&mut blank),
            behind_previous: behind.take(),
        });
        at = span.end;
        n_newlines = 0;
    }
    let span = Span { start: text.len(), end: text.len() };
    tokens.push(Token {
        kind: TokenKind::End,
        text: "",
        span,
        comments,
        blank,
        behind_previous: behind,
    });
    tokens
}
