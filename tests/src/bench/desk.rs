//! A desk that goes on working while something else happens.

use std::time::{Duration, Instant};

use crate::facility::{Facility, Guest};
use crate::measure::timed;

/// Customers who take turns: a decision folds what came after a snapshot, and the workers may be far behind.
const GUESTS: usize = 256;
/// Between two commands: a busy desk, and time for the other work.
const PAUSE: Duration = Duration::from_millis(2);
/// Of one measurement: long enough for some hundred commands, and over before the other work is.
const SPAN: Duration = Duration::from_secs(3);

pub(crate) struct Desk {
    guests: Vec<Guest>,
    next: usize,
}

impl Desk {
    pub(crate) async fn new(facility: &Facility) -> Self {
        Self { guests: facility.guests(GUESTS).await, next: 0 }
    }

    /// How long each of the commands took that were given for a while.
    pub(crate) async fn works(&mut self, facility: &Facility) -> Vec<Duration> {
        let mut took = Vec::new();
        let began = Instant::now();
        while began.elapsed() < SPAN {
            took.push(timed(self.guests[self.next].step(facility)).await.0);
            self.next = (self.next + 1) % GUESTS;
            tokio::time::sleep(PAUSE).await;
        }
        took
    }
}

/// What 99 of 100 stay below.
pub(crate) fn p99(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() * 99 / 100]
}
