//! Random numbers and ids for the simulation.

use nosmoke_domain::ids::CustomerId;
use uuid::{Builder, Uuid};

/// A source of random numbers; the same seed gives the same numbers.
#[derive(Debug)]
pub(super) struct Draw(fastrand::Rng);

impl Draw {
    pub(super) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// Returns true with a probability of `chance` in a thousand.
    pub(super) fn per_mille(&mut self, chance: u32) -> bool {
        self.0.u32(0..1000) < chance
    }

    pub(super) fn from(&mut self, least: i64, beyond: i64) -> i64 {
        if least < beyond { self.0.i64(least..beyond) } else { least }
    }

    pub(super) fn index(&mut self, length: usize) -> usize {
        self.0.usize(0..length.max(1))
    }

    pub(super) fn of<T: Copy>(&mut self, all: &[T], otherwise: T) -> T {
        all.get(self.index(all.len())).copied().unwrap_or(otherwise)
    }

    /// Returns a random number from 0 up to, but not including, 1.
    pub(super) fn share(&mut self) -> f64 {
        self.0.f64()
    }

    /// Returns `expected` rounded down or up at random, so that the mean is `expected`.
    pub(super) fn about(&mut self, expected: f64) -> usize {
        let mut count = 0;
        let mut rest = expected;
        while rest >= 1.0 {
            count += 1;
            rest -= 1.0;
        }
        count + usize::from(self.share() < rest)
    }

    /// Returns a UUIDv7 for a time.
    pub(super) fn ordered<Id: From<Uuid>>(&mut self, at_ms: i64) -> Id {
        let at_ms = u64::try_from(at_ms).unwrap_or_default();
        let random: [u8; 10] = std::array::from_fn(|_| self.0.u8(..));
        Builder::from_unix_timestamp_millis(at_ms, &random).into_uuid().into()
    }

    pub(super) fn customer(&mut self) -> CustomerId {
        Builder::from_random_bytes(self.0.u128(..).to_be_bytes()).into_uuid().into()
    }
}
