//! Random numbers and ids: the same seed gives the same ones.

use uuid::{Builder, Uuid};

#[derive(Debug)]
pub(super) struct Draw(fastrand::Rng);

impl Draw {
    /// The numbers of one person of a facility, whoever else there is.
    pub(super) fn of_person(seed: u64, person: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed ^ person.wrapping_mul(0x9e37_79b9_7f4a_7c15)))
    }

    /// Returns true with a probability of `chance` in a thousand.
    pub(super) fn per_mille(&mut self, chance: u32) -> bool {
        self.0.u32(0..1_000) < chance
    }

    pub(super) fn from(&mut self, least: i64, beyond: i64) -> i64 {
        self.0.i64(least..beyond)
    }

    pub(super) fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.0.usize(..all.len())]
    }

    /// Returns a UUIDv7 for a time.
    pub(super) fn ordered<Id: From<Uuid>>(&mut self, at_ms: i64) -> Id {
        let random = self.0.u128(..).to_be_bytes();
        let at_ms = u64::try_from(at_ms).expect("a time after 1970");
        Builder::from_unix_timestamp_millis(at_ms, random.first_chunk().expect("16 bytes")).into_uuid().into()
    }

    /// Returns a UUIDv4.
    pub(super) fn random<Id: From<Uuid>>(&mut self) -> Id {
        Builder::from_random_bytes(self.0.u128(..).to_be_bytes()).into_uuid().into()
    }
}
