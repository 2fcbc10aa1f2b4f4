//! Time and ids of a simulated terminal.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use fastrand::Rng;
use nosmoke_ports::{Clock, Ids};
use uuid::Uuid;

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;

/// The time that it is, by which the cluster stamps records.
#[derive(Debug, Clone)]
pub(super) struct Truth(Arc<AtomicI64>);

impl Truth {
    pub(super) fn new() -> Self {
        // 2026-11-20, 00:00 UTC.
        Self(Arc::new(AtomicI64::new(1_795_132_800_000)))
    }

    pub(super) fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds * SECOND, Ordering::Relaxed);
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        at(self.0.load(Ordering::Relaxed))
    }
}

fn at(ms: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms).unwrap_or_default()
}

/// A terminal's clock, which may lie.
#[derive(Debug)]
pub(super) struct Lying {
    truth: Truth,
    began: i64,
    off_ms: AtomicI64,
    /// Seconds an hour.
    drift: AtomicI64,
}

impl Lying {
    pub(super) fn new(truth: Truth, rng: &mut Rng) -> Self {
        let began = truth.0.load(Ordering::Relaxed);
        let clock = Self { truth, began, off_ms: AtomicI64::new(0), drift: AtomicI64::new(0) };
        clock.set(rng);
        clock
    }

    /// Somebody sets it.
    pub(super) fn set(&self, rng: &mut Rng) {
        let off = match rng.u8(..10) {
            0 => 2 * HOUR,
            1 => -DAY,
            2 => 3_653 * DAY,
            3 => rng.i64(-HOUR..HOUR),
            _ => rng.i64(-2 * SECOND..2 * SECOND),
        };
        self.off_ms.store(off, Ordering::Relaxed);
        self.drift.store(if rng.u8(..8) == 0 { rng.i64(-60..60) } else { 0 }, Ordering::Relaxed);
    }
}

impl Clock for Lying {
    fn now(&self) -> DateTime<Utc> {
        let truth = self.truth.0.load(Ordering::Relaxed);
        let drifted = (truth - self.began) * self.drift.load(Ordering::Relaxed) / 3_600;
        at(truth + drifted + self.off_ms.load(Ordering::Relaxed))
    }
}

/// Ids that the seed makes.
#[derive(Debug)]
pub(super) struct Seeded(Mutex<Rng>);

impl Seeded {
    pub(super) fn new(rng: &mut Rng) -> Self {
        Self(Mutex::new(rng.fork()))
    }

    fn draw(&self) -> [u8; 16] {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).u128(..).to_be_bytes()
    }
}

impl Ids for Seeded {
    fn ordered(&self, now: DateTime<Utc>) -> Uuid {
        let mut random = [0; 10];
        random.copy_from_slice(&self.draw()[..10]);
        let ms = u64::try_from(now.timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(ms, &random).into_uuid()
    }

    fn random(&self) -> Uuid {
        uuid::Builder::from_random_bytes(self.draw()).into_uuid()
    }
}
