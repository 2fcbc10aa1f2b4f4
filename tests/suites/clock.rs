//! A clock that tests set and move. Unless the clock is stopped, each reading advances it by a millisecond, so that
//! facts have distinct times.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_ports::{Clock, SystemClock};

/// 2026-11-20 10:00 in Seoul.
const START_MS: i64 = 1_795_136_400_000;

#[derive(Debug)]
pub struct TestClock {
    ms: AtomicI64,
    stopped: AtomicBool,
    /// How much longer the program has run than it really has.
    ran_ms: AtomicU64,
}

impl Default for TestClock {
    fn default() -> Self {
        Self { ms: AtomicI64::new(START_MS), stopped: AtomicBool::new(false), ran_ms: AtomicU64::new(0) }
    }
}

impl TestClock {
    pub fn pass(&self, time: TimeDelta) {
        self.ms.fetch_add(time.num_milliseconds(), Ordering::SeqCst);
    }

    /// Lets the program run for this long, which sets no clock.
    pub fn run(&self, time: Duration) {
        self.ran_ms.fetch_add(u64::try_from(time.as_millis()).unwrap(), Ordering::SeqCst);
    }

    /// Stops the clock at this time until it is moved.
    pub fn stop_at(&self, at: DateTime<Utc>) {
        self.stopped.store(true, Ordering::SeqCst);
        self.ms.store(at.timestamp_millis(), Ordering::SeqCst);
    }

    /// Lets a stopped clock advance with each reading again.
    pub fn go_on(&self) {
        self.stopped.store(false, Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        let step = i64::from(!self.stopped.load(Ordering::SeqCst));
        DateTime::from_timestamp_millis(self.ms.fetch_add(step, Ordering::SeqCst)).unwrap()
    }

    fn uptime(&self) -> Duration {
        SystemClock.uptime() + Duration::from_millis(self.ran_ms.load(Ordering::SeqCst))
    }
}
