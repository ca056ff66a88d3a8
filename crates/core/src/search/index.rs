//! A table from keys to numbers, the keys being kept elsewhere; and texts of bytes that get numbers.
//!
//! Open addressing with linear probing. A cell holds half of the hash beside the number, so that growing needs no
//! keys and most cells that do not fit are passed over without looking at the key. Nothing is seeded: the same keys
//! in the same order give the same table everywhere.

use alloc::{vec, vec::Vec};

const EMPTY: u64 = 0;

/// Mixes one more word into a hash.
#[inline(always)]
pub(super) fn mix(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(23) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The end of a hash: its upper half decides the place.
#[inline(always)]
pub(super) fn finish(hash: u64) -> u32 {
    let hash = (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    upper(hash ^ (hash >> 32))
}

/// What a number adds to a sum of terms at this place: the sum of a row that differs in a few is known from theirs.
#[inline(always)]
pub(super) fn term(place: usize, number: u32) -> u64 {
    let word = mix(place as u64 + 1, u64::from(number) + 1);
    (word ^ (word >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// Whether words are the same: few are compared sooner than a function for it is called.
#[inline(always)]
pub(super) fn is_same(a: &[u32], b: &[u32]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a == b)
}

#[inline(always)]
const fn upper(word: u64) -> u32 {
    (word >> 32) as u32
}

#[expect(clippy::cast_possible_truncation, reason = "the lower half of a word is half a word")]
#[inline(always)]
const fn lower(word: u64) -> u32 {
    word as u32
}

/// Numbers by the hash of their keys.
#[derive(Clone, Debug)]
pub(super) struct Index {
    /// Empty, or the hash above the number plus one.
    cells: Vec<u64>,
    n: usize,
}

impl Index {
    pub(super) fn new() -> Self {
        Self { cells: vec![EMPTY; 1024], n: 0 }
    }

    /// The number whose key is meant, or else the cell where it belongs.
    #[inline(always)]
    pub(super) fn find(&self, hash: u32, mut is: impl FnMut(u32) -> bool) -> Result<u32, usize> {
        let mask = self.cells.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let cell = self.cells[at];
            if cell == EMPTY {
                return Err(at);
            }
            if upper(cell) == hash && is(lower(cell) - 1) {
                return Ok(lower(cell) - 1);
            }
            at = (at + 1) & mask;
        }
    }

    /// The first cell where a key with this hash can be.
    #[inline(always)]
    pub(super) fn peek(&self, hash: u32) -> u64 {
        self.cells[hash as usize & (self.cells.len() - 1)]
    }

    /// The number in that cell, if its key has this hash.
    #[inline(always)]
    pub(super) fn number(&self, hash: u32) -> Option<u32> {
        let cell = self.peek(hash);
        (upper(cell) == hash && cell != EMPTY).then(|| lower(cell) - 1)
    }

    /// Puts a number into the cell that [`Self::find`] gave.
    pub(super) fn insert(&mut self, cell: usize, hash: u32, number: u32) {
        self.cells[cell] = (u64::from(hash) << 32) | (u64::from(number) + 1);
        self.n += 1;
        if self.n * 4 > self.cells.len() * 3 {
            self.grow();
        }
    }

    fn grow(&mut self) {
        let mask = self.cells.len() * 2 - 1;
        let mut cells = vec![EMPTY; mask + 1];
        for cell in self.cells.iter().filter(|c| **c != EMPTY) {
            let mut at = upper(*cell) as usize & mask;
            while cells[at] != EMPTY {
                at = (at + 1) & mask;
            }
            cells[at] = *cell;
        }
        self.cells = cells;
    }

    pub(super) fn clear(&mut self) {
        // A table that is far too large would have to be wiped for every small search.
        self.cells.truncate(1024.max((self.n * 2).next_power_of_two().min(self.cells.len())));
        self.cells.fill(EMPTY);
        self.n = 0;
    }

    pub(super) fn n_bytes(&self) -> usize {
        self.cells.len() * size_of::<u64>()
    }
}

/// Texts of bytes, each kept once and called by its number.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    index: Index,
    bytes: Vec<u8>,
    /// Where each text ends.
    ends: Vec<u32>,
}

impl Pool {
    pub(super) fn new() -> Self {
        Self { index: Index::new(), bytes: Vec::new(), ends: Vec::new() }
    }

    pub(super) fn get(&self, number: u32) -> &[u8] {
        let at = number as usize;
        let begin = at.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.bytes[begin..self.ends[at] as usize]
    }

    /// The number of a text, a new one if it is not here yet; and whether it is new.
    pub(super) fn number(&mut self, text: &[u8]) -> (u32, bool) {
        let hash = text.chunks(8).fold(text.len() as u64, |hash, chunk| {
            mix(hash, chunk.iter().fold(0, |word, byte| (word << 8) | u64::from(*byte)))
        });
        let hash = finish(hash);
        match self.index.find(hash, |number| self.get(number) == text) {
            Ok(number) => (number, false),
            Err(cell) => {
                let number = u32::try_from(self.ends.len()).expect("fewer texts than bytes");
                self.bytes.extend_from_slice(text);
                let end =
                    u32::try_from(self.bytes.len()).expect("parts of states stay below 4 GiB");
                self.ends.push(end);
                self.index.insert(cell, hash, number);
                (number, true)
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn n_bytes(&self) -> usize {
        self.bytes.len() + self.ends.len() * size_of::<u32>() + self.index.n_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

    #[test]
    fn texts_keep_their_numbers_while_the_table_grows() {
        let mut pool = Pool::new();
        for turn in [true, false] {
            for at in 0..5000_u32 {
                assert_eq!(pool.number(format!("text {at}").as_bytes()), (at, turn));
            }
        }
        assert_eq!(pool.get(4711), b"text 4711");
        assert_eq!(pool.len(), 5000);
    }

    #[test]
    fn keys_with_one_hash_are_told_apart_by_looking_at_them() {
        let keys = ["a", "b"];
        let mut index = Index::new();
        for (at, key) in (0_u32..).zip(keys) {
            let Err(cell) = index.find(7, |n| keys[n as usize] == key) else {
                panic!("{key} is new")
            };
            index.insert(cell, 7, at);
        }
        assert_eq!(index.find(7, |n| keys[n as usize] == "b"), Ok(1));
        assert!(index.find(7, |n| keys[n as usize] == "c").is_err());
    }
}
