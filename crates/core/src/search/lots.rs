//! Lots, the same from the same seed: xorshift64.

use super::index::mix;

/// Numbers drawn one after the other.
#[derive(Clone, Debug)]
pub(super) struct Lots(u64);

impl Lots {
    pub(super) fn new(seed: u64) -> Self {
        // Any number but 0 will do.
        Self(mix(seed, 1).max(1))
    }

    /// A number below `n`, which is not 0.
    pub(super) fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let n = u64::try_from(n).unwrap_or(u64::MAX);
        usize::try_from((self.0 >> 16) % n).unwrap_or(0)
    }
}
