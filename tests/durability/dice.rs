//! Choices that a seed repeats.

use std::time::{SystemTime, UNIX_EPOCH};

/// The variable that names the seed to repeat.
const SEED: &str = "DYNAMINI_TEST_SEED";

/// A sequence of choices (`SplitMix64`, by Steele, Lea and Flood).
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Returns dice of a new seed, or of the one to repeat, and prints it.
    pub fn of_this_run(test: &str) -> Self {
        let now = || u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos() % 1_000_000_007);
        let seed = std::env::var(SEED).map_or_else(|_| now().unwrap(), |seed| seed.parse().unwrap());
        println!("{test}: {SEED}={seed}");
        Self(seed)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }

    /// Returns whether one in so many came up.
    pub fn one_in(&mut self, chances: u64) -> bool {
        self.below(chances) == 0
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let index = self.below(u64::try_from(from.len()).unwrap());
        &from[usize::try_from(index).unwrap()]
    }
}
