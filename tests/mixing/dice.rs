//! Chance that can be repeated: the same seed throws the same.

/// A generator of numbers (SplitMix64).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Others of the same seed, with which something can be added without changing what these throw.
    pub fn apart(&self) -> Self {
        Self(!self.0)
    }

    pub fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.throw() % end as u64) as usize
    }

    /// A number between two, both included.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        first + (self.throw() % (last - first + 1) as u64) as i64
    }

    /// Whether something happens that happens so often of a hundred.
    pub fn percent(&mut self, often: u64) -> bool {
        self.throw() % 100 < often
    }

    pub fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    pub fn shuffle<T>(&mut self, all: &mut [T]) {
        for last in (1..all.len()).rev() {
            all.swap(last, self.below(last + 1));
        }
    }
}
