//! A desk that gives commands while other work, such as replication, runs.

use std::time::{Duration, Instant};

use crate::facility::{Facility, Guest};
use crate::measure::timed;

/// The number of customers, who take turns. Few would slow the commands: a decision folds all of a customer's facts
/// newer than the snapshot, and the workers, which write snapshots, may lag far behind.
const GUESTS: usize = 256;
/// Pause between two commands: a busy desk that leaves time for other work.
const COMMAND_INTERVAL: Duration = Duration::from_millis(2);
/// Long enough for several hundred commands, and shorter than the work that runs meanwhile.
const MEASURED_TIME: Duration = Duration::from_secs(3);

pub(crate) struct Desk {
    guests: Vec<Guest>,
    next: usize,
}

impl Desk {
    pub(crate) async fn new(facility: &Facility) -> Self {
        Self { guests: facility.guests(GUESTS).await, next: 0 }
    }

    /// Gives commands for a while, and returns how long each took.
    pub(crate) async fn latencies(&mut self, facility: &Facility) -> Vec<Duration> {
        let began = Instant::now();
        self.latencies_until(facility, || began.elapsed() >= MEASURED_TIME).await
    }

    /// Gives commands until something has ended, and returns how long each took.
    pub(crate) async fn latencies_until(&mut self, facility: &Facility, has_ended: impl Fn() -> bool) -> Vec<Duration> {
        let mut took = Vec::new();
        while !has_ended() {
            took.push(timed(self.guests[self.next].step(facility)).await.0);
            self.next = (self.next + 1) % GUESTS;
            tokio::time::sleep(COMMAND_INTERVAL).await;
        }
        took
    }
}

/// The 99th percentile.
pub(crate) fn p99(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() * 99 / 100]
}
