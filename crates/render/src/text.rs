//! Text for XML and for a place of bounded width.

use alloc::{string::String, vec::Vec};

/// Appends text so that XML reads it back as it is. Characters that XML cannot hold become U+FFFD.
pub(crate) fn escape_into(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\r' => out.push_str("&#13;"),
            '\t' | '\n' => out.push(c),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
}

/// As [`escape_into`], for text that people see on one line: what turns its direction or cannot be seen is replaced.
pub(crate) fn line_into(out: &mut String, text: &str) {
    let shown: String = text
        .chars()
        .map(|c| match c {
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect();
    escape_into(out, &shown);
}

/// Width of a text in hundredths of its font size, in `DejaVu Sans`, the widest of the fonts asked for.
pub(crate) fn width_hundredths(text: &str) -> u32 {
    text.chars().map(char_hundredths).sum()
}

const fn char_hundredths(c: char) -> u32 {
    match c {
        'i' | 'j' | 'l' | '\'' => 28,
        ' ' | '.' | ',' | ':' | ';' | '/' | '|' | '·' => 34,
        'f' | 't' | 'r' | '-' | '(' | ')' | '[' | ']' | '!' | 'I' | 'J' => 42,
        'c' | 's' | 'z' | '_' => 55,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '#' | '+' | '=' | '<' | '>' | '…'
        // Scripts of square characters.
        | '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}' | '\u{ff00}'..='\u{ff60}' => 100,
        'A'..='Z' => 77,
        '\u{1f000}'..='\u{1faff}' => 130,
        _ => 64,
    }
}

/// Width in pixels at this font size.
pub(crate) fn width_px(text: &str, size_px: u32) -> u32 {
    (width_hundredths(text).saturating_mul(size_px)).div_ceil(100)
}

/// The text, or its two ends with an ellipsis between, so that it takes at most this width.
pub(crate) fn fit(text: &str, size_px: u32, max_px: u32) -> String {
    if width_px(text, size_px) <= max_px {
        return text.into();
    }
    let chars: Vec<char> = text.chars().collect();
    // The end tells names such as a1.service and a2.service apart: it gets more than the beginning.
    for n_kept in (0..chars.len()).rev() {
        let n_tail = (n_kept * 3).div_ceil(5);
        let n_head = n_kept - n_tail;
        let mut out: String = chars[..n_head].iter().collect();
        out.push('…');
        out.extend(&chars[chars.len() - n_tail..]);
        if width_px(&out, size_px) <= max_px || n_kept == 0 {
            return out;
        }
        // A very long name is cut down in large steps first.
        if n_kept > 400 {
            return fit(
                &chars[..200].iter().chain(&chars[chars.len() - 200..]).collect::<String>(),
                size_px,
                max_px,
            );
        }
    }
    text.into()
}

/// Lines of at most this width, broken at spaces; at most `n_lines_max`, the last with an ellipsis if there is more.
pub(crate) fn wrap(text: &str, size_px: u32, max_px: u32, n_lines_max: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|w| !w.is_empty()) {
        let mut longer = line.clone();
        if !longer.is_empty() {
            longer.push(' ');
        }
        longer.push_str(word);
        if width_px(&longer, size_px) <= max_px {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            out.push(core::mem::take(&mut line));
        }
        if out.len() == n_lines_max {
            break;
        }
        line = fit(word, size_px, max_px);
    }
    if !line.is_empty() {
        out.push(line);
    }
    if out.len() > n_lines_max
        || out.iter().map(|l| l.split(' ').count()).sum::<usize>()
            < text.split(' ').filter(|w| !w.is_empty()).count()
    {
        out.truncate(n_lines_max);
        if let Some(last) = out.last_mut() {
            last.push_str(" …");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hostile_is_text() {
        let mut out = String::new();
        line_into(&mut out, "</svg><script a='\"&\u{202e}\u{0}\n");
        assert_eq!(out, "&lt;/svg&gt;&lt;script a=&#39;&quot;&amp;\u{fffd}\u{fffd}\u{fffd}");
    }

    #[test]
    fn a_long_name_keeps_both_ends() {
        assert_eq!(fit("machine", 10, 100), "machine");
        assert_eq!(fit("system-serial-getty@ttyS0.service", 10, 100), "system…0.service");
        assert_eq!(fit(&"x".repeat(100_000), 10, 30), "x…xx");
    }

    #[test]
    fn lines_end_at_spaces() {
        assert_eq!(wrap("one two three", 10, 45, 9), ["one two", "three"]);
        assert_eq!(wrap("one two three four", 10, 45, 2), ["one two", "three …"]);
        assert_eq!(wrap("", 10, 45, 2), Vec::<String>::new());
    }
}
