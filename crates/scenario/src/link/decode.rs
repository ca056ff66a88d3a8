//! Reads links: whole, cut, damaged, or from another time.
//!
//! Whatever can be read is handed on, and what is wrong is said beside it.

use super::{
    BASE64, Decoded, FRAGMENT_BYTES_MAX, LINK_TEXT_BYTES_MAX, Shared, Trouble, crc32,
    deflate::{self, End},
    percent,
};
use crate::parse::{PageState, Whose, read};
use alloc::string::String;
use base64::Engine;

/// Reads a fragment, with or without its `#`, or a whole address that has one.
pub fn decode(fragment: &str) -> Decoded {
    let mut out = Decoded::default();
    if fragment.len() > FRAGMENT_BYTES_MAX {
        out.trouble.push(Trouble::TooLong { n_bytes: fragment.len() });
        return out;
    }
    let mut fragment = fragment.trim();
    if let Some(rest) = fragment.strip_prefix('#') {
        fragment = rest;
    } else if version(fragment).is_none()
        && let Some((_, rest)) = fragment.split_once('#')
    {
        fragment = rest;
    }
    if fragment.is_empty() {
        return out;
    }
    let Some((number, plain, body)) = version(fragment) else {
        out.trouble.push(Trouble::NotALink);
        return out;
    };
    out.version = Some(number);
    match number {
        0 => out.trouble.push(Trouble::NotALink),
        1 if plain => plain_body(body, &mut out),
        1 => packed_body(body, &mut out),
        _ => out.trouble.push(Trouble::Newer { version: number }),
    }
    out
}

/// Splits `1:` or `1t:` off; chat programs may write the colon as `%3A`.
fn version(fragment: &str) -> Option<(u32, bool, &str)> {
    let n_digits = fragment.bytes().take_while(u8::is_ascii_digit).count();
    let number = fragment.get(..n_digits)?.parse().ok()?;
    let rest = fragment.get(n_digits..)?;
    let (plain, rest) = match rest.strip_prefix('t') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let body = [":", "%3A", "%3a"].into_iter().find_map(|colon| rest.strip_prefix(colon))?;
    Some((number, plain, body))
}

fn plain_body(body: &str, out: &mut Decoded) {
    let (bytes, n_bad) = percent::decode(body);
    if n_bad > 0 {
        out.trouble.push(Trouble::BadPercent { n: n_bad });
    }
    if bytes.len() > LINK_TEXT_BYTES_MAX {
        out.trouble.push(Trouble::TooMuchText);
        return;
    }
    read_text(&bytes, out);
}

fn packed_body(body: &str, out: &mut Decoded) {
    let mut digits = String::with_capacity(body.len());
    for (at, c) in body.char_indices() {
        match c {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '_' => digits.push(c),
            // The other base64 alphabet, and what mail programs put into long lines.
            '+' => digits.push('-'),
            '/' => digits.push('_'),
            '=' => {}
            c if c.is_whitespace() => {}
            found => {
                out.trouble.push(Trouble::BadCharacter { found, at });
                break;
            }
        }
    }
    // A single digit left over holds no whole byte.
    if digits.len() % 4 == 1 {
        digits.pop();
    }
    let bytes = BASE64.decode(&digits).unwrap_or_default();
    let Some((sum, packed)) = bytes.split_first_chunk::<4>() else {
        out.trouble.push(Trouble::Cut { n_lines: 0 });
        return;
    };
    let (mut text, end) = deflate::expand(packed, LINK_TEXT_BYTES_MAX);
    if end == End::Whole && crc32::crc32(&text) == u32::from_be_bytes(*sum) {
        read_text(&text, out);
        return;
    }
    // The last line may be half a line, which could mean something else.
    let n_whole = text.iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
    if end != End::Whole {
        text.truncate(n_whole);
    }
    let n_lines = text.split(|b| *b == b'\n').count() - 1;
    out.trouble.push(match end {
        End::Whole | End::Damaged => Trouble::Damaged { n_lines },
        End::Cut => Trouble::Cut { n_lines },
        End::TooLong => Trouble::TooMuchText,
    });
    if !text.is_empty() {
        read_text(&text, out);
    }
}

pub(super) fn read_text(bytes: &[u8], out: &mut Decoded) {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (parsed, page) = read(&text, Whose::Link);
    let PageState { cursor, branch, view, edits, proof } = page;
    out.shared = Some(Shared { scenario: parsed.scenario, cursor, branch, view, edits, proof });
    out.diagnostics = parsed.diagnostics;
    out.n_more = parsed.n_more;
    out.text = text;
}
