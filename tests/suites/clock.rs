//! A clock that stands until it is moved; every look lets a millisecond pass, so that records have an order.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_application::ports::Clock;

/// 2026-11-20 10:00 in Seoul.
const START_MS: i64 = 1_795_136_400_000;

#[derive(Debug)]
pub struct TestClock(AtomicI64);

impl Default for TestClock {
    fn default() -> Self {
        Self(AtomicI64::new(START_MS))
    }
}

impl TestClock {
    pub fn pass(&self, time: TimeDelta) {
        self.0.fetch_add(time.num_milliseconds(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.fetch_add(1, Ordering::SeqCst)).unwrap()
    }
}
