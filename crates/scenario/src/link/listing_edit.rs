//! An edited listing as its difference to the one that it was made from.
//!
//! Knows no listing: the base is an argument. Lines that a difference takes away or stands beside
//! are kept in it, so that it can be found a place again when the base has changed a little.

use crate::word::write_word;
use alloc::{
    string::{String, ToString},
    vec,
    vec::Vec,
};
use core::fmt::{self, Write as _};

/// What a line of a difference does.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub enum Sign {
    /// It stays, and shows the place.
    Keep,
    /// It goes.
    Cut,
    /// It comes.
    Add,
}

impl Sign {
    /// The character that a link writes before the line.
    pub const fn char(self) -> char {
        match self {
            Self::Keep => '=',
            Self::Cut => '-',
            Self::Add => '+',
        }
    }

    pub(crate) const fn of(c: char) -> Option<Self> {
        match c {
            '=' => Some(Self::Keep),
            '-' => Some(Self::Cut),
            '+' => Some(Self::Add),
            _ => None,
        }
    }
}

/// One place that differs.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct Hunk {
    /// Line of the base, from 1, at which it begins.
    pub at: usize,
    /// The lines, without white space at their ends.
    pub lines: Vec<(Sign, String)>,
}

/// A listing that somebody has edited.
#[derive(Clone, Eq, PartialEq, Debug, Default)]
pub struct ListingEdit {
    /// Name of the listing that was edited.
    pub base: String,
    /// What lanes call the edited one; the base's name if it takes its place.
    pub name: String,
    /// How it differs, from the top.
    pub hunks: Vec<Hunk>,
}

/// Why a difference cannot be made to a base.
#[derive(Clone, Eq, PartialEq, Debug)]
pub struct Misfit {
    /// Name of the listing.
    pub base: String,
    /// Which part of the difference, from 1.
    pub hunk: usize,
    /// The first line that was looked for.
    pub line: String,
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { base, hunk, line } = self;
        write!(
            f,
            "the listing {base} has changed since it was edited: part {hunk} of the edit belongs at \
             \"{}\", which is no longer there",
            line.trim_start()
        )
    }
}

/// Largest table of the search for what two texts share; beyond it everything between is one part.
const N_CELLS_MAX: usize = 4_000_000;

impl ListingEdit {
    /// The difference from `base` to `edited`.
    pub fn between(base_name: &str, name: &str, base: &str, edited: &str) -> Self {
        let old: Vec<&str> = base.lines().map(str::trim_end).collect();
        let new: Vec<&str> = edited.lines().map(str::trim_end).collect();
        let hunks = hunks(&old, &new);
        Self { base: base_name.to_string(), name: name.to_string(), hunks }
    }

    /// The edited listing.
    ///
    /// # Errors
    /// If the lines that a part stands for are nowhere in the base below the part before.
    pub fn apply(&self, base: &str) -> Result<String, Misfit> {
        let old: Vec<&str> = base.lines().map(str::trim_end).collect();
        let mut out: Vec<&str> = Vec::new();
        // Lines of the base used so far, and how far parts stand from where they were.
        let (mut n_used, mut shift) = (0_usize, 0_isize);
        for (hunk, number) in self.hunks.iter().zip(1..) {
            let is_old = |line: &&(Sign, String)| line.0 != Sign::Add;
            let wanted: Vec<&str> =
                hunk.lines.iter().filter(is_old).map(|(_, l)| l.as_str()).collect();
            let expected = hunk.at.saturating_sub(1).saturating_add_signed(shift);
            let Some(at) = place(&old, &wanted, n_used, expected) else {
                let line = wanted.first().copied().unwrap_or_default().to_string();
                return Err(Misfit { base: self.base.clone(), hunk: number, line });
            };
            shift += at.cast_signed() - expected.cast_signed();
            out.extend(&old[n_used..at]);
            n_used = at + wanted.len();
            let is_new = |line: &&(Sign, String)| line.0 != Sign::Cut;
            out.extend(hunk.lines.iter().filter(is_new).map(|(_, l)| l.as_str()));
        }
        out.extend(&old[n_used..]);
        let mut text = out.join("\n");
        text.push('\n');
        Ok(text)
    }

    /// The difference as a link's text holds it.
    pub(crate) fn write(&self, out: &mut String) {
        out.push_str("edit:");
        write_word(out, &self.base);
        if self.name != self.base {
            out.push_str(" as ");
            write_word(out, &self.name);
        }
        out.push('\n');
        for hunk in &self.hunks {
            let _ = writeln!(out, " @{}", hunk.at);
            for (sign, line) in &hunk.lines {
                out.push(' ');
                out.push(sign.char());
                out.push_str(line);
                out.push('\n');
            }
        }
    }
}

/// Where these lines stand at or after `from`, nearest to `expected`.
fn place(old: &[&str], wanted: &[&str], from: usize, expected: usize) -> Option<usize> {
    let last = old.len().checked_sub(wanted.len())?;
    if wanted.is_empty() {
        return (from..=last).contains(&expected).then_some(expected);
    }
    let found = (from..=last).filter(|at| old[*at..].starts_with(wanted));
    found.min_by_key(|at| at.abs_diff(expected))
}

fn hunks(old: &[&str], new: &[&str]) -> Vec<Hunk> {
    let n_head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (mid_old, mid_new) = (&old[n_head..], &new[n_head..]);
    let n_tail = mid_old.iter().rev().zip(mid_new.iter().rev()).take_while(|(a, b)| a == b).count();
    let mid_old = &mid_old[..mid_old.len() - n_tail];
    let mid_new = &mid_new[..mid_new.len() - n_tail];
    let mut out: Vec<Hunk> = Vec::new();
    // Line of the base, from 0, that comes next.
    let mut at = n_head;
    let mut open: Option<Hunk> = None;
    for (sign, line) in steps(mid_old, mid_new) {
        if sign == Sign::Keep {
            out.extend(open.take());
            at += 1;
            continue;
        }
        let hunk = open.get_or_insert_with(|| Hunk { at: at + 1, lines: Vec::new() });
        hunk.lines.push((sign, line.to_string()));
        at += usize::from(sign == Sign::Cut);
    }
    out.extend(open);
    anchored(out, old)
}

/// Gives every part that only adds a line by which its place is known: the one before it, or at the top the one after.
fn anchored(parts: Vec<Hunk>, old: &[&str]) -> Vec<Hunk> {
    let mut out: Vec<Hunk> = Vec::new();
    // Lines of the base before this one belong to the parts so far.
    let mut n_used = 0;
    for mut part in parts {
        if part.lines.iter().all(|(sign, _)| *sign == Sign::Add) {
            if n_used == part.at - 1
                && let Some(before) = out.last_mut()
            {
                before.lines.append(&mut part.lines);
                continue;
            }
            if part.at > 1 {
                part.at -= 1;
                part.lines.insert(0, (Sign::Keep, old[part.at - 1].to_string()));
            } else if let Some(after) = old.first() {
                part.lines.push((Sign::Keep, (*after).to_string()));
            }
        }
        let n_old = part.lines.iter().filter(|(sign, _)| *sign != Sign::Add).count();
        n_used = part.at - 1 + n_old;
        out.push(part);
    }
    out
}

/// From one list of lines to another by way of the longest list that both hold.
fn steps<'l>(old: &[&'l str], new: &[&'l str]) -> Vec<(Sign, &'l str)> {
    let cut = |line: &&'l str| (Sign::Cut, *line);
    let add = |line: &&'l str| (Sign::Add, *line);
    let width = new.len() + 1;
    if old.len().saturating_mul(width) > N_CELLS_MAX {
        return old.iter().map(cut).chain(new.iter().map(add)).collect();
    }
    // `shared[a * width + b]`: lines that old from a and new from b have in common.
    let mut shared = vec![0_u32; (old.len() + 1) * width];
    for a in (0..old.len()).rev() {
        for b in (0..new.len()).rev() {
            shared[a * width + b] = if old[a] == new[b] {
                shared[(a + 1) * width + b + 1] + 1
            } else {
                shared[(a + 1) * width + b].max(shared[a * width + b + 1])
            };
        }
    }
    let mut out = Vec::new();
    let (mut a, mut b) = (0, 0);
    while a < old.len() && b < new.len() {
        if old[a] == new[b] {
            out.push((Sign::Keep, old[a]));
            (a, b) = (a + 1, b + 1);
        } else if shared[(a + 1) * width + b] >= shared[a * width + b + 1] {
            out.push(cut(&old[a]));
            a += 1;
        } else {
            out.push(add(&new[b]));
            b += 1;
        }
    }
    out.extend(old[a..].iter().map(cut));
    out.extend(new[b..].iter().map(add));
    out
}
