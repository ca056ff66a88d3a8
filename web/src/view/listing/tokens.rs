//! Which words of a listing are drawn how: a light reading for the eye, not a parse.

use std::ops::Range;

/// How a piece is drawn.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(super) enum Ink {
    /// As it is.
    Plain,
    /// A word of the language.
    Keyword,
    /// A type.
    Type,
    /// The name of something called.
    Call,
    /// What follows an arrow.
    Field,
    /// A number or a constant.
    Constant,
    /// A comment.
    Comment,
    /// The key of a line in the head of the file.
    Key,
}

impl Ink {
    /// The class; nothing for plain text.
    pub(super) const fn class(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Keyword => Some("ink-key"),
            Self::Type => Some("ink-type"),
            Self::Call => Some("ink-call"),
            Self::Field => Some("ink-field"),
            Self::Constant => Some("ink-lit"),
            Self::Comment => Some("ink-note"),
            Self::Key => Some("ink-head"),
        }
    }
}

const KEYWORDS: [&str; 12] = [
    "if", "else", "while", "do", "return", "break", "continue", "goto", "hook", "stage", "per",
    "for",
];
const TYPES: [&str; 7] = ["memcg", "slot", "cookie", "int", "bool", "void", "global"];
const CONSTANTS: [&str; 3] = ["NULL", "true", "false"];

/// The pieces of a line, without gaps. A head line is `key: value`.
pub(super) fn pieces(line: &str, in_head: bool) -> Vec<(Range<usize>, Ink)> {
    let mut out: Vec<(Range<usize>, Ink)> = Vec::new();
    let mut push = |range: Range<usize>, ink: Ink| match out.last_mut() {
        Some((last, was)) if *was == ink && last.end == range.start => last.end = range.end,
        _ => out.push((range, ink)),
    };
    if in_head {
        let colon = line.find(':').map_or(0, |at| at + 1);
        push(0..colon, Ink::Key);
        push(colon..line.len(), Ink::Plain);
        return out.into_iter().filter(|(range, _)| !range.is_empty()).collect();
    }
    let mut at = 0;
    let mut after_arrow = false;
    while at < line.len() {
        let rest = &line[at..];
        if rest.starts_with("//") {
            push(at..line.len(), Ink::Comment);
            break;
        }
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let n_word = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        if n_word == 0 {
            let n = rest.chars().next().map_or(1, char::len_utf8);
            push(at..at + n, Ink::Plain);
            after_arrow = line[..at + n].ends_with("->") || line[..at + n].ends_with('.');
            at += n;
            continue;
        }
        push(at..at + n_word, ink(&rest[..n_word], &rest[n_word..], after_arrow));
        after_arrow = false;
        at += n_word;
    }
    out
}

fn ink(word: &str, after: &str, after_arrow: bool) -> Ink {
    if after_arrow {
        return Ink::Field;
    }
    // `break(root, prev)` and `hook offline(dead)` are names here, not words of the language.
    if after.starts_with('(') {
        return Ink::Call;
    }
    if KEYWORDS.contains(&word) {
        return Ink::Keyword;
    }
    if TYPES.contains(&word) {
        return Ink::Type;
    }
    if CONSTANTS.contains(&word) || word.starts_with(|c: char| c.is_ascii_digit()) {
        return Ink::Constant;
    }
    Ink::Plain
}

/// Where the word stands in the line that a label means by its last part, `last_visited` for
/// `load_position.last_visited` and `tryget` for `next_live.tryget#2`.
pub(super) fn access(line: &str, label: &str) -> Option<Range<usize>> {
    let last = label.rsplit('.').next()?.split('#').next()?.trim();
    if last.is_empty() {
        return None;
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let code = line.find("//").map_or(line, |at| &line[..at]);
    code.match_indices(last)
        .map(|(at, found)| at..at + found.len())
        .find(|r| !code[..r.start].ends_with(is_word) && !code[r.end..].starts_with(is_word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inked(line: &str) -> String {
        pieces(line, false)
            .into_iter()
            .map(|(range, ink)| match ink.class() {
                None => line[range].to_owned(),
                Some(class) => format!("[{} {}]", class.trim_start_matches("ink-"), &line[range]),
            })
            .collect()
    }

    #[test]
    fn a_line_is_read_lightly() {
        assert_eq!(
            inked("\tif (pos && !tryget(pos)) // gone"),
            "\tif (pos && !tryget(pos)) // gone"
                .replace("if (", "[key if] (")
                .replace("tryget", "[call tryget]")
                .replace("// gone", "[note // gone]")
        );
        assert_eq!(inked("iter->generation++;"), "iter->[field generation]++;");
        assert_eq!(inked("memcg *last = NULL;"), "[type memcg] *last = [lit NULL];");
    }

    #[test]
    fn a_label_finds_its_word() {
        let line = "\tmemcg *pos = iter->last_visited; // last_visited";
        assert_eq!(access(line, "load_position.last_visited"), Some(20..32));
        assert_eq!(access("while (pos && !tryget(pos));", "next_live.tryget#2"), Some(15..21));
        assert_eq!(access("x = my_tryget(pos);", "f.tryget"), None);
    }
}
