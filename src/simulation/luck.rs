//! Repeatable chance: what happens to a citizen depends on the seed, on who it is and on which call it
//! is, and not on what a policy did before. So every policy meets the same people.

/// A stream of numbers (SplitMix64).
pub(super) struct Luck(u64);

impl Luck {
    /// The stream of one seed for one thing, such as the third call to a household.
    pub(super) fn of(seed: u64, who: usize, what: u64) -> Self {
        let mut luck = Self(seed);
        for part in [who as u64, what] {
            luck.0 = luck.bits() ^ part.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        }
        luck
    }

    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    /// Between 0 and 1, 1 not included.
    pub(super) fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// True with that chance.
    pub(super) fn hits(&mut self, chance: f64) -> bool {
        self.uniform() < chance
    }

    /// The place in a list of weights that add up to 1.
    pub(super) fn pick(&mut self, weights: &[f64]) -> usize {
        let mut left = self.uniform();
        for (place, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return place;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// From Beta(a, b) with a and b above 1, by rejection.
    pub(super) fn beta(&mut self, a: f64, b: f64) -> f64 {
        let density = |x: f64| x.powf(a - 1.0) * (1.0 - x).powf(b - 1.0);
        let highest = density((a - 1.0) / (a + b - 2.0));
        loop {
            let x = self.uniform();
            if self.uniform() * highest <= density(x) {
                return x;
            }
        }
    }

    /// Log-normal with that median; `sigma` is the deviation of the logarithm (Box and Muller).
    pub(super) fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        let normal = radius * (std::f64::consts::TAU * self.uniform()).cos();
        median * (sigma * normal).exp()
    }
}
