//! A circuit breaker: a callee that fails again and again isn't called for a while, so that its callers get their answer at
//! once. No clock of its own: every call says when it is.

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_ports::contract::{BreakerState, BreakerView};

/// Failed calls in a row that open it.
const FAILURES: u32 = 3;
/// How long it stays open; doubled each time that the trial fails too.
const FIRST_PAUSE: TimeDelta = TimeDelta::seconds(1);
const LONGEST_PAUSE: TimeDelta = TimeDelta::seconds(30);
/// A trial that was given up by its caller is waited for so long.
const TRIAL: TimeDelta = TimeDelta::seconds(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed,
    Open {
        opened_at: DateTime<Utc>,
        retry_at: DateTime<Utc>,
    },
    /// A trial is under way.
    HalfOpen {
        opened_at: DateTime<Utc>,
        trial_ends: DateTime<Utc>,
    },
}

#[derive(Debug)]
pub struct Breaker {
    state: State,
    failures: u32,
    pause: TimeDelta,
}

impl Default for Breaker {
    fn default() -> Self {
        Self { state: State::Closed, failures: 0, pause: FIRST_PAUSE }
    }
}

impl Breaker {
    /// Whether a call may go through; each that may is answered by [`Self::succeeded`] or [`Self::failed`].
    ///
    /// # Errors
    /// It is open: how long until the next try.
    pub fn admit(&mut self, now: DateTime<Utc>) -> Result<(), TimeDelta> {
        match self.state {
            State::Closed => Ok(()),
            State::Open { opened_at, retry_at: until } | State::HalfOpen { opened_at, trial_ends: until } => {
                // A clock that was set back says nothing of how long it has been open.
                if now < until && now >= opened_at {
                    return Err(until - now);
                }
                self.state = State::HalfOpen { opened_at: opened_at.min(now), trial_ends: now + TRIAL };
                Ok(())
            }
        }
    }

    pub fn succeeded(&mut self) {
        // An answer to a call from before it opened closes nothing.
        if !matches!(self.state, State::Open { .. }) {
            *self = Self::default();
        }
    }

    pub fn failed(&mut self, now: DateTime<Utc>) {
        match self.state {
            State::Closed => {
                self.failures += 1;
                if self.failures >= FAILURES {
                    self.open(now, now);
                }
            }
            State::HalfOpen { opened_at, .. } => {
                self.failures += 1;
                self.pause = (self.pause * 2).min(LONGEST_PAUSE);
                self.open(opened_at, now);
            }
            State::Open { .. } => {}
        }
    }

    /// The callee was started anew: the next call goes through to see.
    pub fn try_next(&mut self, now: DateTime<Utc>) {
        if let State::Open { opened_at, .. } = self.state {
            self.state = State::Open { opened_at, retry_at: now };
        }
    }

    pub fn view(&self) -> BreakerView {
        let (state, opened_at, retry_at) = match self.state {
            State::Closed => (BreakerState::Closed, None, None),
            State::Open { opened_at, retry_at } => (BreakerState::Open, Some(opened_at), Some(retry_at)),
            State::HalfOpen { opened_at, .. } => (BreakerState::HalfOpen, Some(opened_at), None),
        };
        let ms = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp_millis());
        BreakerView { state, failures: self.failures, opened_at: ms(opened_at), retry_at: ms(retry_at) }
    }

    fn open(&mut self, opened_at: DateTime<Utc>, now: DateTime<Utc>) {
        self.state = State::Open { opened_at, retry_at: now + self.pause };
    }
}

#[cfg(test)]
mod tests {
    use super::Breaker;
    use chrono::{DateTime, TimeDelta, Utc};
    use nosmoke_ports::contract::BreakerState::{self, Closed, HalfOpen, Open};

    #[derive(Debug, Clone, Copy)]
    enum Does {
        /// A call is let through, or told to wait for so many ms.
        Admits,
        Refuses(i64),
        Succeeds,
        Fails,
        StartsAnew,
    }
    use Does::{Admits, Fails, Refuses, StartsAnew, Succeeds};

    /// At which ms what happens, and what it is then.
    fn play(steps: &[(i64, Does, BreakerState)]) {
        let mut breaker = Breaker::default();
        let begin = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_000);
        for (number, (at, does, expected)) in steps.iter().enumerate() {
            let now = begin + TimeDelta::milliseconds(*at);
            match does {
                Admits => assert_eq!(breaker.admit(now), Ok(()), "step {number}"),
                Refuses(wait) => assert_eq!(breaker.admit(now), Err(TimeDelta::milliseconds(*wait)), "step {number}"),
                Succeeds => breaker.succeeded(),
                Fails => breaker.failed(now),
                StartsAnew => breaker.try_next(now),
            }
            assert_eq!(breaker.view().state, *expected, "step {number}: {does:?} at {at}");
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
            // One call alone is let through.
            (1_003, Refuses(999), HalfOpen),
            (1_004, Succeeds, Closed),
            (1_004, Admits, Closed),
        ]);
    }

    #[test]
    fn failures_that_are_not_in_a_row_open_nothing() {
        play(&[(0, Fails, Closed), (0, Fails, Closed), (0, Succeeds, Closed), (0, Fails, Closed), (0, Fails, Closed)]);
    }

    #[test]
    fn its_pause_grows_up_to_half_a_minute_and_begins_anew_once_it_has_closed() {
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
    fn a_trial_that_is_given_up_and_a_clock_that_is_set_back_leave_it_open_for_no_longer() {
        let open = [(0, Fails, Closed), (0, Fails, Closed), (0, Fails, Open)];
        play(
            &[&open[..], &[(1_000, Admits, HalfOpen), (1_999, Refuses(1), HalfOpen), (2_000, Admits, HalfOpen)]]
                .concat(),
        );
        play(&[&open[..], &[(-5_000, Admits, HalfOpen), (-5_000, Succeeds, Closed)]].concat());
    }

    #[test]
    fn late_answers_change_nothing_and_a_start_lets_the_next_call_through() {
        let open = [(0, Fails, Closed), (0, Fails, Closed), (0, Fails, Open)];
        play(&[&open[..], &[(1, Succeeds, Open), (1, Fails, Open), (1, Refuses(999), Open)]].concat());
        play(&[&open[..], &[(1, StartsAnew, Open), (1, Admits, HalfOpen)]].concat());
        play(&[(0, StartsAnew, Closed)]);
    }
}
