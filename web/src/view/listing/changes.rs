//! How an edited listing differs from the shipped one, line by line.

use memcg_scenario::link::{ListingEdit, Sign};
use yew::AttrValue;

/// How a text differs from the one it was made from.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Changes {
    /// Lines that are new, from 1, in order.
    pub new: Vec<u32>,
    /// Lines that are gone, each with the line above which it was; one past the last line for the end.
    pub gone: Vec<(u32, AttrValue)>,
    /// Lines that are gone are shown among the others.
    pub shows_gone: bool,
}

/// What there is to mark at a line.
#[derive(Copy, Clone, Eq, PartialEq, Debug, Default)]
pub(super) enum Change {
    /// It is as shipped.
    #[default]
    None,
    /// It is new, or another than shipped.
    New,
    /// Lines are gone above it.
    GoneAbove,
}

impl Changes {
    /// What an edit changes.
    pub fn of(edit: &ListingEdit) -> Self {
        let mut out = Self::default();
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        for hunk in &edit.hunks {
            let mut at =
                (narrow(hunk.at) + narrow(out.new.len())).saturating_sub(narrow(out.gone.len()));
            for (sign, line) in &hunk.lines {
                match sign {
                    Sign::Keep => {}
                    Sign::Add => out.new.push(at),
                    Sign::Cut => {
                        out.gone.push((at, line.clone().into()));
                        continue;
                    }
                }
                at = at.saturating_add(1);
            }
        }
        out
    }

    /// Lines that differ: new, changed or gone ones.
    pub fn n_lines(&self) -> usize {
        let replaced = |line: &&(u32, AttrValue)| self.new.binary_search(&line.0).is_ok();
        let n_only_gone = self.gone.iter().filter(|line| !replaced(line)).count();
        self.new.len() + n_only_gone
    }

    /// What there is to mark at a line.
    pub(super) fn at(&self, number: u32) -> Change {
        if self.new.binary_search(&number).is_ok() {
            return Change::New;
        }
        if self.gone_above(number).next().is_some() { Change::GoneAbove } else { Change::None }
    }

    /// Lines that were above this one.
    pub(super) fn gone_above(&self, number: u32) -> impl Iterator<Item = &AttrValue> {
        let from = self.gone.partition_point(|(line, _)| *line < number);
        self.gone[from..].iter().take_while(move |(line, _)| *line == number).map(|(_, text)| text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_marked_where_they_are_and_were() {
        let base = "a\nb\nc\nd\ne\n";
        let edit = |text| Changes::of(&ListingEdit::between("x", "y", base, text));
        let changes = edit("new\na\nB\nd\ne\n");
        assert_eq!(changes.new, [1, 3]);
        assert_eq!(changes.gone, [(3, "b".into()), (3, "c".into())]);
        assert_eq!(changes.at(3), Change::New);
        let gone = edit("a\nc\nd\n");
        assert_eq!((gone.at(2), gone.at(3), gone.n_lines()), (Change::GoneAbove, Change::None, 2));
        assert_eq!(gone.gone_above(4).collect::<Vec<_>>(), ["e"]);
        assert_eq!(edit(base), Changes::default());
    }
}
