//! The states that are kept, each a few numbers in as many bits as the largest of their kind needs.

use super::StateId;
use super::index::{Index, finish, mix};
use alloc::{vec, vec::Vec};

/// Where a number stands in a state's words.
#[derive(Copy, Clone, Debug)]
struct Field {
    word: usize,
    shift: u32,
    /// As many bits as it has, the lowest ones.
    mask: u64,
}

impl Field {
    #[inline(always)]
    const fn read(self, words: &[u64]) -> u32 {
        lower(words[self.word] >> self.shift & self.mask)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a field has at most 32 bits")]
#[inline(always)]
const fn lower(word: u64) -> u32 {
    word as u32
}

/// Different states, numbered in the order in which they came.
#[derive(Clone, Debug)]
pub(super) struct States {
    fields: Vec<Field>,
    n_words: usize,
    words: Vec<u64>,
    n: usize,
    index: Index,
    scratch: Vec<u64>,
}

/// What was found of a state.
#[derive(Copy, Clone)]
pub(super) enum Found {
    /// It is known.
    Known(StateId),
    /// It is new, and has this number from now on.
    New(StateId),
}

impl States {
    /// For states of numbers which are to have this many bits at first.
    pub(super) fn new(widths: impl IntoIterator<Item = u32>) -> Self {
        let (mut word, mut shift) = (0, 0);
        let mut fields = Vec::new();
        for width in widths {
            if shift + width > u64::BITS {
                (word, shift) = (word + 1, 0);
            }
            fields.push(Field { word, shift, mask: (1 << width) - 1 });
            shift += width;
        }
        Self {
            fields,
            n_words: word + 1,
            words: Vec::new(),
            n: 0,
            index: Index::new(),
            scratch: vec![0; word + 1],
        }
    }

    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.index.clear();
        self.n = 0;
    }

    /// One of a state's numbers.
    #[inline(always)]
    pub(super) fn number(&self, state: StateId, at: usize) -> u32 {
        self.fields[at].read(self.of(state))
    }

    /// All of them.
    pub(super) fn read(&self, state: StateId, out: &mut [u32]) {
        let words = self.of(state);
        out.iter_mut().zip(&self.fields).for_each(|(to, field)| *to = field.read(words));
    }

    #[inline(always)]
    fn of(&self, state: StateId) -> &[u64] {
        let at = state as usize * self.n_words;
        &self.words[at..at + self.n_words]
    }

    /// The state with these numbers, if it is known.
    pub(super) fn find(&mut self, numbers: &[u32]) -> Option<StateId> {
        self.pack(numbers);
        self.look_up().1.ok()
    }

    /// The state with these numbers, kept if it is new.
    pub(super) fn add(&mut self, numbers: &[u32]) -> Found {
        self.pack(numbers);
        self.add_packed()
    }

    /// The state in `scratch`, kept if it is new.
    #[inline(always)]
    fn add_packed(&mut self) -> Found {
        let (hash, found) = self.look_up();
        match found {
            Ok(state) => Found::Known(state),
            Err(cell) => {
                let state = u32::try_from(self.n).expect("no more than N_STATES_MAX states");
                match self.scratch[..] {
                    [word] => self.words.push(word),
                    _ => self.words.extend_from_slice(&self.scratch),
                }
                self.n += 1;
                self.index.insert(cell, hash, state);
                Found::New(state)
            }
        }
    }

    /// The state that differs from this one in these numbers (by their places), kept if it is new.
    #[inline(always)]
    pub(super) fn add_changed(&mut self, from: StateId, changes: [(usize, u32); 3]) -> Found {
        let at = from as usize * self.n_words;
        let mut over = 0;
        self.scratch.copy_from_slice(&self.words[at..at + self.n_words]);
        for (place, number) in changes {
            let (field, number) = (self.fields[place], u64::from(number));
            over |= number & !field.mask;
            let word = &mut self.scratch[field.word];
            *word = *word & !(field.mask << field.shift) | number << field.shift;
        }
        if over != 0 {
            let mut numbers = vec![0; self.fields.len()];
            self.read(from, &mut numbers);
            for (place, number) in changes {
                numbers[place] = number;
            }
            return self.add(&numbers);
        }
        self.add_packed()
    }

    #[inline(always)]
    fn look_up(&self) -> (u32, Result<StateId, usize>) {
        let hash = hash(&self.scratch);
        let (words, scratch, n) = (&self.words, &self.scratch, self.n_words);
        let found = self.index.find(hash, |state| {
            let at = state as usize * n;
            words[at..at + n].iter().zip(scratch).all(|(a, b)| a == b)
        });
        (hash, found)
    }

    /// Puts the numbers into `scratch`, making room for those that are too large.
    fn pack(&mut self, numbers: &[u32]) {
        let mut over = 0;
        self.scratch.fill(0);
        for (field, number) in self.fields.iter().zip(numbers) {
            let number = u64::from(*number);
            over |= number & !field.mask;
            self.scratch[field.word] |= number << field.shift;
        }
        if over != 0 {
            self.widen(numbers);
            self.pack(numbers);
        }
    }

    /// Lays the fields out anew, so that these numbers fit with room for twice as many, and all states with them.
    fn widen(&mut self, numbers: &[u32]) {
        let widths = self.fields.iter().zip(numbers).map(|(field, number)| {
            let (width, needed) = (field.mask.count_ones(), u32::BITS - number.leading_zeros());
            if needed > width { (needed + 1).min(u32::BITS) } else { width }
        });
        let wider = Self::new(widths);
        let known = core::mem::replace(self, wider);
        let mut numbers = vec![0; self.fields.len()];
        for state in (0..).take(known.n) {
            known.read(state, &mut numbers);
            self.add(&numbers);
        }
    }

    pub(super) fn n_bytes(&self) -> usize {
        self.words.len() * size_of::<u64>() + self.index.n_bytes()
    }
}

#[inline(always)]
fn hash(words: &[u64]) -> u32 {
    finish(words.iter().fold(0, |hash, word| mix(hash, *word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// States keep their numbers and what they hold, however large the numbers become.
    #[test]
    fn states_stay_as_they_are_while_fields_widen() {
        let mut states = States::new([0, 3, 8, 1, 2]);
        let numbers = |at: u32| [at % 3, at, at.wrapping_mul(at), u32::from(at > 500) * !at, 7];
        for turn in [true, false] {
            for at in 0..1000 {
                match states.add(&numbers(at)) {
                    Found::New(state) => assert!(turn && state == at),
                    Found::Known(state) => assert!(!turn && state == at),
                }
            }
        }
        assert_eq!(states.n, 1000);
        let mut out = [0; 5];
        for at in 0..1000 {
            states.read(at, &mut out);
            assert_eq!(out, numbers(at));
            assert_eq!(states.number(at, 2), at.wrapping_mul(at));
            assert_eq!(states.find(&out), Some(at));
        }
        assert_eq!(states.find(&[0, 0, 0, 0, 6]), None);
    }
}
