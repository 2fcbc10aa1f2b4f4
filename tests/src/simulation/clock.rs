//! The clock and the id generator of a simulated terminal.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use fastrand::Rng;
use nosmoke_ports::{Clock, Ids};
use parking_lot::Mutex;
use uuid::Uuid;

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;

/// The correct time. The cluster gives messages their timestamps by it.
#[derive(Debug, Clone)]
pub(super) struct TrueTime(Arc<AtomicI64>);

impl TrueTime {
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

/// A terminal's clock, which may be wrong and may drift.
#[derive(Debug)]
pub(super) struct SkewedClock {
    true_time: TrueTime,
    began: i64,
    /// When the terminal's process began, by the true time.
    process_began: AtomicI64,
    off_ms: AtomicI64,
    /// Seconds per hour by which the clock runs too fast or, if negative, too slow.
    drift: AtomicI64,
}

impl SkewedClock {
    pub(super) fn new(true_time: TrueTime, rng: &mut Rng) -> Self {
        let began = true_time.0.load(Ordering::Relaxed);
        let process_began = AtomicI64::new(began);
        let clock = Self { true_time, began, process_began, off_ms: AtomicI64::new(0), drift: AtomicI64::new(0) };
        clock.set(rng);
        clock
    }

    /// Sets the clock to a random offset and drift, as a person might who sets a computer's clock.
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

impl SkewedClock {
    /// Sets the clock to the true time.
    pub(super) fn set_right(&self) {
        self.off_ms.store(0, Ordering::Relaxed);
        self.drift.store(0, Ordering::Relaxed);
    }

    /// Called when the terminal starts: its process time begins again.
    pub(super) fn process_begins(&self) {
        self.process_began.store(self.true_time.0.load(Ordering::Relaxed), Ordering::Relaxed);
    }
}

impl Clock for SkewedClock {
    fn now(&self) -> DateTime<Utc> {
        let true_time = self.true_time.0.load(Ordering::Relaxed);
        let drifted = (true_time - self.began) * self.drift.load(Ordering::Relaxed) / 3_600;
        at(true_time + drifted + self.off_ms.load(Ordering::Relaxed))
    }

    fn uptime(&self) -> Duration {
        let passed = self.true_time.0.load(Ordering::Relaxed) - self.process_began.load(Ordering::Relaxed);
        Duration::from_millis(u64::try_from(passed).unwrap_or_default())
    }
}

/// Generates ids from the seed, so that a run is reproducible.
#[derive(Debug)]
pub(super) struct SeededIds(Mutex<Rng>);

impl SeededIds {
    pub(super) fn new(rng: &mut Rng) -> Self {
        Self(Mutex::new(rng.fork()))
    }

    fn draw(&self) -> [u8; 16] {
        self.0.lock().u128(..).to_be_bytes()
    }
}

impl Ids for SeededIds {
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
