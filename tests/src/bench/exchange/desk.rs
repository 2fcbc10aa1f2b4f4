//! A desk that goes on working while something else happens.

use std::time::Duration;

use crate::facility::{Facility, Guest};
use crate::measure::timed;

/// Customers who take turns: a decision folds what came after a snapshot, and the workers may be far behind.
const GUESTS: usize = 256;
/// Between two commands: a busy desk, and time for the other work.
const PAUSE: Duration = Duration::from_millis(2);

pub(super) struct Desk {
    guests: Vec<Guest>,
    next: usize,
}

impl Desk {
    pub(super) async fn new(facility: &Facility) -> Self {
        Self { guests: facility.guests(GUESTS).await, next: 0 }
    }

    /// How long each of the commands took that were given until the work ended.
    pub(super) async fn during(&mut self, facility: &Facility, work: impl Future<Output = ()>) -> Vec<Duration> {
        let mut took = Vec::new();
        tokio::pin!(work);
        loop {
            took.push(timed(self.guests[self.next].step(facility)).await.0);
            self.next = (self.next + 1) % GUESTS;
            tokio::select! {
                () = &mut work => return took,
                () = tokio::time::sleep(PAUSE) => {}
            }
        }
    }
}

/// What 99 of 100 stay below.
pub(super) fn p99(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() * 99 / 100]
}
