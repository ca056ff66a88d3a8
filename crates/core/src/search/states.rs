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
        let hash = self.pack(numbers).unwrap_or_else(|| self.pack_wider(numbers));
        self.look_up(&self.scratch, hash).ok()
    }

    /// The state with these numbers, kept if it is new.
    pub(super) fn add(&mut self, numbers: &[u32]) -> Found {
        let hash = self.pack(numbers).unwrap_or_else(|| self.pack_wider(numbers));
        let words = core::mem::take(&mut self.scratch);
        let found = self.add_packed(&words, hash);
        self.scratch = words;
        found
    }

    /// The state with these words, kept if it is new.
    #[inline(always)]
    pub(super) fn add_packed(&mut self, words: &[u64], hash: u32) -> Found {
        match self.look_up(words, hash) {
            Ok(state) => Found::Known(state),
            Err(cell) => {
                let state = u32::try_from(self.n).expect("no more than N_STATES_MAX states");
                self.words.extend_from_slice(words);
                self.n += 1;
                self.index.insert(cell, hash, state);
                Found::New(state)
            }
        }
    }

    #[inline(always)]
    fn look_up(&self, words: &[u64], hash: u32) -> Result<StateId, usize> {
        let n = self.n_words;
        self.index.find(hash, |state| {
            let at = state as usize * n;
            self.words[at..at + n].iter().zip(words).all(|(a, b)| a == b)
        })
    }

    /// Has the memory fetched in which a state with this hash will be looked for.
    #[inline(always)]
    pub(super) fn ask_for(&self, hash: u32) {
        core::hint::black_box(self.index.peek(hash));
    }

    /// Has the words fetched of a state that may be the one with this hash.
    #[inline(always)]
    pub(super) fn ask_for_words(&self, hash: u32) {
        if let Some(state) = self.index.number(hash) {
            core::hint::black_box(self.words[state as usize * self.n_words]);
        }
    }

    /// Words of a state.
    #[inline(always)]
    pub(super) const fn n_words(&self) -> usize {
        self.n_words
    }

    /// The state that was packed last.
    #[inline(always)]
    pub(super) fn packed(&self) -> &[u64] {
        &self.scratch
    }

    /// Packs the state that differs from this one in these numbers (by their places); its hash, or `None` if a number is
    /// too large for its place.
    #[inline(always)]
    pub(super) fn pack_changed(
        &mut self,
        from: StateId,
        changes: [(usize, u32); 3],
    ) -> Option<u32> {
        let at = from as usize * self.n_words;
        let mut over = 0;
        self.scratch.copy_from_slice(&self.words[at..at + self.n_words]);
        for (place, number) in changes {
            let (field, number) = (self.fields[place], u64::from(number));
            over |= number & !field.mask;
            let word = &mut self.scratch[field.word];
            *word = *word & !(field.mask << field.shift) | number << field.shift;
        }
        (over == 0).then(|| hash(&self.scratch))
    }

    /// Packs a state; its hash, or `None` if a number is too large for its place.
    pub(super) fn pack(&mut self, numbers: &[u32]) -> Option<u32> {
        let mut over = 0;
        self.scratch.fill(0);
        for (field, number) in self.fields.iter().zip(numbers) {
            let number = u64::from(*number);
            over |= number & !field.mask;
            self.scratch[field.word] |= number << field.shift;
        }
        (over == 0).then(|| hash(&self.scratch))
    }

    /// As [`Self::pack`], making room first.
    #[cold]
    fn pack_wider(&mut self, numbers: &[u32]) -> u32 {
        self.widen(numbers);
        self.pack(numbers).expect("there is room now")
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
