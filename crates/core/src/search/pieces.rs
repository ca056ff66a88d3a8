//! The part of a state that threads share, in pieces: each group, each slot, the globals, each thread's sections and what
//! waits. Each different text of a piece has a number; a shared part is a row of these numbers.

use super::index::{Index, finish, is_same, term};
use crate::machine::Machine;
use alloc::{vec, vec::Vec};

/// A piece of the shared part.
#[derive(Copy, Clone, Eq, PartialEq, Debug)]
pub(super) enum Piece {
    /// A group with its fields.
    Group(usize),
    /// A slot, and whether the memory that it lives in is freed.
    Slot(usize),
    /// All globals.
    Globals,
    /// In which sections a thread is.
    Thread(usize),
    /// What waits for a grace period or for its turn: the stage that follows each thread's own, and the worker's queue.
    Waits,
}

/// Where pieces stand in a row: groups, then slots, the globals, threads, what waits.
#[derive(Copy, Clone, Debug)]
pub(super) struct Pieces {
    /// The first slot's place, the globals', that of what waits.
    slots: usize,
    globals: usize,
    waits: usize,
}

impl Pieces {
    pub(super) fn new(machine: &Machine) -> Self {
        let slots = machine.groups.len();
        let globals = slots + machine.layout.slots.len();
        Self { slots, globals, waits: globals + 1 + machine.threads.len() }
    }

    /// Pieces of a row.
    pub(super) const fn len(self) -> usize {
        self.waits + 1
    }

    #[inline]
    pub(super) const fn place(self, piece: Piece) -> usize {
        match piece {
            Piece::Group(at) => at,
            Piece::Slot(at) => self.slots + at,
            Piece::Globals => self.globals,
            Piece::Thread(at) => self.globals + 1 + at,
            Piece::Waits => self.waits,
        }
    }

    pub(super) const fn at(self, place: usize) -> Piece {
        if place < self.slots {
            Piece::Group(place)
        } else if place < self.globals {
            Piece::Slot(place - self.slots)
        } else if place == self.globals {
            Piece::Globals
        } else if place < self.waits {
            Piece::Thread(place - self.globals - 1)
        } else {
            Piece::Waits
        }
    }
}

/// Rows of numbers, each kept once and called by a number of its own.
#[derive(Clone, Debug)]
pub(super) struct Rows {
    n_pieces: usize,
    words: Vec<u32>,
    /// A sum over what each piece adds, so that a row which differs in a few has its sum from theirs.
    sums: Vec<u64>,
    index: Index,
    scratch: Vec<u32>,
}

impl Rows {
    pub(super) fn new(n_pieces: usize) -> Self {
        Self {
            n_pieces,
            words: Vec::new(),
            sums: Vec::new(),
            index: Index::new(),
            scratch: vec![0; n_pieces],
        }
    }

    #[inline(always)]
    pub(super) fn get(&self, row: u32) -> &[u32] {
        let at = row as usize * self.n_pieces;
        &self.words[at..at + self.n_pieces]
    }

    pub(super) fn len(&self) -> usize {
        self.sums.len()
    }

    pub(super) fn n_bytes(&self) -> usize {
        self.words.len() * size_of::<u32>()
            + self.sums.len() * size_of::<u64>()
            + self.index.n_bytes()
    }

    /// The number of a row, a new one if it is not here yet.
    pub(super) fn number(&mut self, row: &[u32]) -> u32 {
        self.scratch.copy_from_slice(row);
        let sum = row
            .iter()
            .enumerate()
            .fold(0_u64, |sum, (place, number)| sum.wrapping_add(term(place, *number)));
        self.number_of_scratch(sum)
    }

    /// The number of a row with these pieces (by their places) exchanged for others.
    #[inline(always)]
    pub(super) fn changed(&mut self, row: u32, pieces: &[(u32, u32)]) -> u32 {
        let at = row as usize * self.n_pieces;
        self.scratch.copy_from_slice(&self.words[at..at + self.n_pieces]);
        let mut sum = self.sums[row as usize];
        for (place, number) in pieces {
            let place = *place as usize;
            let cell = &mut self.scratch[place];
            sum = sum.wrapping_sub(term(place, *cell)).wrapping_add(term(place, *number));
            *cell = *number;
        }
        self.number_of_scratch(sum)
    }

    #[inline(always)]
    fn number_of_scratch(&mut self, sum: u64) -> u32 {
        let hash = finish(sum);
        let (words, scratch, n) = (&self.words, &self.scratch, self.n_pieces);
        let is = |row: u32| is_same(&words[row as usize * n..(row as usize + 1) * n], scratch);
        match self.index.find(hash, is) {
            Ok(row) => row,
            Err(cell) => {
                let row = u32::try_from(self.sums.len()).expect("fewer rows than bytes");
                self.words.extend_from_slice(&self.scratch);
                self.sums.push(sum);
                self.index.insert(cell, hash, row);
                row
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_one_number_however_it_is_come_to() {
        let mut rows = Rows::new(4);
        let first = rows.number(&[1, 2, 3, 4]);
        for at in 0..3000_u32 {
            let other = rows.changed(first, &[(1, at), (3, at % 7)]);
            assert_eq!(rows.get(other), [1, at, 3, at % 7]);
            assert_eq!(rows.number(&[1, at, 3, at % 7]), other);
            assert_eq!(rows.changed(other, &[(3, 4), (1, 2)]), first);
        }
        assert_eq!(rows.len(), 3001);
    }
}
