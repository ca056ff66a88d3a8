//! What Tab and Enter write into a field that holds code. Places are in UTF-16 units, as fields count.

use std::ops::Range;

/// A key.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Key {
    /// Tab.
    Indent,
    /// Shift and Tab.
    Outdent,
    /// Enter.
    Break,
}

/// What is written.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Write {
    /// What it takes the place of.
    pub at: Range<usize>,
    /// The text.
    pub text: String,
    /// What is selected then; `None` for nothing, after the text.
    pub selected: Option<Range<usize>>,
}

/// What a key writes, with this part of the text selected; `None` for nothing.
pub fn write(text: &str, selected: Range<usize>, key: Key) -> Option<Write> {
    const TAB: u16 = 9;
    let units: Vec<u16> = text.encode_utf16().collect();
    let newline = u16::from(b'\n');
    let end = selected.end.min(units.len());
    let start = selected.start.min(end);
    let line = units[..start].iter().rposition(|u| *u == newline).map_or(0, |at| at + 1);
    let written = |units: &[u16]| String::from_utf16_lossy(units);
    if key == Key::Break {
        let blank = |u: &&u16| **u == TAB || **u == u16::from(b' ');
        let n_blank = units[line..start].iter().take_while(blank).count();
        let text = format!("\n{}", written(&units[line..line + n_blank]));
        return Some(Write { at: start..end, text, selected: None });
    }
    let several = units[start..end].contains(&newline);
    if key == Key::Indent && !several {
        return Some(Write { at: start..end, text: "\t".to_owned(), selected: None });
    }
    // To the end of the last line, if any of it is selected.
    let last = if end > start && units[end - 1] == newline { end - 1 } else { end };
    let to = units[last..].iter().position(|u| *u == newline).map_or(units.len(), |n| last + n);
    let lines = units[line..to].split(|u| *u == newline).map(|line| match key {
        Key::Indent if !line.is_empty() => [&[TAB], line].concat(),
        Key::Outdent => line.strip_prefix(&[TAB]).unwrap_or(line).to_vec(),
        Key::Indent | Key::Break => line.to_vec(),
    });
    let new = lines.collect::<Vec<_>>().join(&newline);
    if new == units[line..to] {
        return None;
    }
    let selected = if several {
        line..line + new.len()
    } else {
        start.saturating_sub(1).max(line)..end.saturating_sub(1).max(line)
    };
    Some(Write { at: line..to, text: written(&new), selected: Some(selected) })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with `[` and `]` around what is selected, before and after a key.
    fn press(marked: &str, key: Key) -> String {
        let units = |text: &str| text.encode_utf16().count();
        let (before, rest) = marked.split_once('[').expect("a start");
        let (inside, after) = rest.split_once(']').expect("an end");
        let text = [before, inside, after].concat();
        let selected = units(before)..units(before) + units(inside);
        let Some(write) = write(&text, selected, key) else { return marked.to_owned() };
        let old: Vec<u16> = text.encode_utf16().collect();
        let new: Vec<u16> = write.text.encode_utf16().collect();
        let end = write.at.start + new.len();
        let all = [&old[..write.at.start], &new, &old[write.at.end..]].concat();
        let selected = write.selected.unwrap_or(end..end);
        let part = |range: Range<usize>| String::from_utf16_lossy(&all[range]);
        let (a, b) = (selected.start, selected.end);
        format!("{}[{}]{}", part(0..a), part(a..b), part(b..all.len()))
    }

    #[test]
    fn tab_indents_what_is_selected() {
        assert_eq!(press("ab[]c", Key::Indent), "ab\t[]c");
        assert_eq!(press("a[b]c", Key::Indent), "a\t[]c");
        assert_eq!(press("a\nb[x\n\ny]z\nc", Key::Indent), "a\n[\tbx\n\n\tyz]\nc");
        assert_eq!(press("[a\n]b", Key::Indent), "[\ta]\nb");
        assert_eq!(press("💥 [a\nb]", Key::Indent), "[\t💥 a\n\tb]");
    }

    #[test]
    fn shift_tab_takes_one_back() {
        assert_eq!(press("a\n\t\tb[]c", Key::Outdent), "a\n\tb[]c");
        assert_eq!(press("[]\tb", Key::Outdent), "[]b");
        assert_eq!(press("ab[]c", Key::Outdent), "ab[]c", "nothing to take");
        assert_eq!(press("\ta[\n\n\tb]", Key::Outdent), "[a\n\nb]");
    }

    #[test]
    fn enter_keeps_the_indent() {
        assert_eq!(press("\tif (x)[]", Key::Break), "\tif (x)\n\t[]");
        assert_eq!(press("\t[\t]y", Key::Break), "\t\n\t[]y");
        assert_eq!(press("[]", Key::Break), "\n[]");
    }
}
