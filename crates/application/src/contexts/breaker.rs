//! A circuit breaker: after repeated failures it refuses calls for a while, so that callers get an error at once
//! instead of after a timeout. It has no clock: the caller passes the time.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_ports::Backoff;
use nosmoke_ports::contract::{BreakerState, BreakerView};

/// The breaker opens after this many failed calls in a row.
const OPEN_AFTER_FAILURES: u32 = 3;
/// How long the breaker stays open before a trial call; longer after each failed trial.
const OPEN_BACKOFF: Backoff = Backoff::new(Duration::from_secs(1), Duration::from_secs(30));
/// If a trial call hasn't reported a result after this time, another trial is let through: the caller may have given
/// up.
const TRIAL_TIMEOUT: TimeDelta = TimeDelta::seconds(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Closed,
    Open {
        opened_at: DateTime<Utc>,
        retry_at: DateTime<Utc>,
    },
    /// A trial call is running.
    HalfOpen {
        opened_at: DateTime<Utc>,
        trial_ends: DateTime<Utc>,
    },
}

#[derive(Debug)]
pub struct Breaker {
    state: Phase,
    failures: u32,
}

impl Default for Breaker {
    fn default() -> Self {
        Self { state: Phase::Closed, failures: 0 }
    }
}

impl Breaker {
    /// Returns whether a call may go through. If so, its result must be reported to [`Self::succeeded`] or
    /// [`Self::failed`].
    ///
    /// # Errors
    /// Returns the time until the next trial, if the breaker is open.
    pub fn admit(&mut self, now: DateTime<Utc>) -> Result<(), TimeDelta> {
        match self.state {
            Phase::Closed => Ok(()),
            Phase::Open { opened_at, retry_at: until } | Phase::HalfOpen { opened_at, trial_ends: until } => {
                // If `now` is before `opened_at`, the clock was set back and `until` may be far away: then a trial is
                // let through.
                if now < until && now >= opened_at {
                    return Err(until - now);
                }
                self.state = Phase::HalfOpen { opened_at: opened_at.min(now), trial_ends: now + TRIAL_TIMEOUT };
                Ok(())
            }
        }
    }

    pub fn succeeded(&mut self) {
        // While the breaker is open, this is a late answer to a call made before it opened, and doesn't close it.
        if !matches!(self.state, Phase::Open { .. }) {
            *self = Self::default();
        }
    }

    pub fn failed(&mut self, now: DateTime<Utc>) {
        match self.state {
            Phase::Closed => {
                self.failures += 1;
                if self.failures >= OPEN_AFTER_FAILURES {
                    self.open(now, now);
                }
            }
            Phase::HalfOpen { opened_at, .. } => {
                self.failures += 1;
                self.open(opened_at, now);
            }
            Phase::Open { .. } => {}
        }
    }

    /// Lets the next call through as a trial at once, because the callee was started again.
    pub fn try_next(&mut self, now: DateTime<Utc>) {
        if let Phase::Open { opened_at, .. } = self.state {
            self.state = Phase::Open { opened_at, retry_at: now };
        }
    }

    pub fn view(&self) -> BreakerView {
        let (state, opened_at, retry_at) = match self.state {
            Phase::Closed => (BreakerState::Closed, None, None),
            Phase::Open { opened_at, retry_at } => (BreakerState::Open, Some(opened_at), Some(retry_at)),
            Phase::HalfOpen { opened_at, .. } => (BreakerState::HalfOpen, Some(opened_at), None),
        };
        let ms = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp_millis());
        BreakerView { state, failures: self.failures, opened_at: ms(opened_at), retry_at: ms(retry_at) }
    }

    fn open(&mut self, opened_at: DateTime<Utc>, now: DateTime<Utc>) {
        let trials = self.failures.saturating_sub(OPEN_AFTER_FAILURES);
        self.state = Phase::Open { opened_at, retry_at: now + OPEN_BACKOFF.after(trials + 1) };
    }
}

#[cfg(test)]
mod tests {
    use super::Breaker;
    use chrono::{DateTime, TimeDelta, Utc};
    use nosmoke_ports::contract::BreakerState::{self, Closed, HalfOpen, Open};

    #[derive(Debug, Clone, Copy)]
    enum Event {
        /// Asks to make a call, which is let through.
        Admits,
        /// Asks to make a call, which is refused; the next trial is this many ms later.
        Refuses(i64),
        Succeeds,
        Fails,
        Restarts,
    }
    use Event::{Admits, Fails, Refuses, Restarts, Succeeds};

    /// Runs steps on a new breaker: each has the time in ms, the event, and the expected state after the event.
    fn play(steps: &[(i64, Event, BreakerState)]) {
        let mut breaker = Breaker::default();
        let begin = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_000);
        for (number, (at, event, expected)) in steps.iter().enumerate() {
            let now = begin + TimeDelta::milliseconds(*at);
            match event {
                Admits => assert_eq!(breaker.admit(now), Ok(()), "step {number}"),
                Refuses(wait) => assert_eq!(breaker.admit(now), Err(TimeDelta::milliseconds(*wait)), "step {number}"),
                Succeeds => breaker.succeeded(),
                Fails => breaker.failed(now),
                Restarts => breaker.try_next(now),
            }
            assert_eq!(breaker.view().state, *expected, "step {number}: {event:?} at {at}");
        }
    }

    #[test]
    fn s03_it_opens_after_failures_in_a_row_and_closes_after_a_trial() {
        play(&[
            (0, Admits, Closed),
            (0, Fails, Closed),
            (1, Fails, Closed),
            (2, Fails, Open),
            (3, Refuses(999), Open),
            (1_001, Refuses(1), Open),
            (1_002, Admits, HalfOpen),
            // Only one trial call is let through.
            (1_003, Refuses(999), HalfOpen),
            (1_004, Succeeds, Closed),
            (1_004, Admits, Closed),
        ]);
    }

    #[test]
    fn failures_that_are_not_in_a_row_do_not_open_it() {
        play(&[(0, Fails, Closed), (0, Fails, Closed), (0, Succeeds, Closed), (0, Fails, Closed), (0, Fails, Closed)]);
    }

    #[test]
    fn its_pause_grows_to_30_seconds_and_starts_over_after_it_closed() {
        let mut steps = vec![(0, Fails, Closed), (0, Fails, Closed), (0, Fails, Open)];
        let mut at = 0;
        for pause in [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000] {
            steps.extend([(at, Refuses(pause), Open), (at + pause, Admits, HalfOpen), (at + pause, Fails, Open)]);
            at += pause;
        }
        steps.extend([(at + 30_000, Admits, HalfOpen), (at + 30_000, Succeeds, Closed)]);
        at += 30_000;
        steps.extend([(at, Fails, Closed), (at, Fails, Closed), (at, Fails, Open), (at, Refuses(1_000), Open)]);
        play(&steps);
    }

    #[test]
    fn neither_an_abandoned_trial_nor_a_clock_set_back_keeps_it_open() {
        let open = [(0, Fails, Closed), (0, Fails, Closed), (0, Fails, Open)];
        play(
            &[&open[..], &[(1_000, Admits, HalfOpen), (1_999, Refuses(1), HalfOpen), (2_000, Admits, HalfOpen)]]
                .concat(),
        );
        play(&[&open[..], &[(-5_000, Admits, HalfOpen), (-5_000, Succeeds, Closed)]].concat());
    }

    #[test]
    fn late_answers_change_nothing_and_a_restart_lets_the_next_call_through() {
        let open = [(0, Fails, Closed), (0, Fails, Closed), (0, Fails, Open)];
        play(&[&open[..], &[(1, Succeeds, Open), (1, Fails, Open), (1, Refuses(999), Open)]].concat());
        play(&[&open[..], &[(1, Restarts, Open), (1, Admits, HalfOpen)]].concat());
        play(&[(0, Restarts, Closed)]);
    }
}
