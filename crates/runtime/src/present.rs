//! The present moment: this PC's clock, corrected by what was last measured against the cluster in this run.
//!
//! Balances, standings, bans, lapses and expiry are judged at this moment. Facts are stamped by the clock as it is, since
//! a later measurement can't change them; `nosmoke_domain::clock` marks those that are ahead.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_ports::Clock;
use parking_lot::Mutex;

/// One reading of the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Present {
    /// The PC's clock, by which facts are stamped.
    pub clock: DateTime<Utc>,
    /// The present moment.
    pub moment: DateTime<Utc>,
}

impl Present {
    /// The present of what judges no balance and no standing.
    pub const fn uncorrected(clock: DateTime<Utc>) -> Self {
        Self { clock, moment: clock }
    }
}

/// A measurement against the cluster.
#[derive(Debug, Clone, Copy)]
struct Measured {
    /// The PC's clock minus the cluster's.
    off: TimeDelta,
    /// The cluster's time at process time `up`, which counts the computer's sleep where the system can tell.
    cluster: DateTime<Utc>,
    up: Duration,
}

impl Measured {
    /// The least that the time can be: the measured one, and what has passed since. On some systems a computer's sleep is
    /// missing in it.
    fn least(&self, up: Duration) -> DateTime<Utc> {
        let ran = TimeDelta::from_std(up.saturating_sub(self.up)).unwrap_or_default();
        self.cluster.checked_add_signed(ran).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Corrects a clock. It may have been set since the measurement: if it is then nearer to the least time than the
    /// corrected clock is, it was set right.
    fn correct(&self, clock: DateTime<Utc>, up: Duration) -> DateTime<Utc> {
        let least = self.least(up);
        let corrected = clock.checked_sub_signed(self.off).unwrap_or(clock);
        let distance = |at: &DateTime<Utc>| at.signed_duration_since(least).abs();
        [corrected, clock].into_iter().min_by_key(distance).unwrap_or(clock).max(least)
    }
}

/// How far the clock is ahead of the cluster's, which stored a message between its sending and its reading. What was
/// measured before is kept if it is possible, so that a message that waited changes nothing.
fn off(before: Option<TimeDelta>, sent: DateTime<Utc>, read: DateTime<Utc>, appended_at: DateTime<Utc>) -> TimeDelta {
    let (least, most) = (sent.signed_duration_since(appended_at), read.signed_duration_since(appended_at));
    match before {
        Some(before) if least <= most => before.clamp(least, most),
        // The first one; or the clock was set back meanwhile.
        _ => least,
    }
}

/// Reads the present moment.
#[derive(Debug)]
pub struct PresentMoment {
    clock: Arc<dyn Clock>,
    measured: Mutex<Option<Measured>>,
    /// The time of this terminal's newest fact, if it made the clock doubtful when the program started and nobody has
    /// answered since.
    doubted_since: Mutex<Option<DateTime<Utc>>>,
}

impl PresentMoment {
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, measured: Mutex::default(), doubted_since: Mutex::default() }
    }

    pub fn read(&self) -> Present {
        let (clock, up) = (self.clock.now(), self.clock.uptime_with_sleep());
        let moment = self.measured.lock().map_or(clock, |measured| measured.correct(clock, up));
        Present { clock, moment }
    }

    pub fn moment(&self) -> DateTime<Utc> {
        self.read().moment
    }

    /// Called when a heartbeat of this terminal was read back, which it sent at `sent` by its clock.
    pub fn measured(&self, sent: DateTime<Utc>, appended_at: DateTime<Utc>) {
        let (read, up) = (self.clock.now(), self.clock.uptime_with_sleep());
        let mut measured = self.measured.lock();
        let off = off(measured.map(|it| it.off), sent, read, appended_at);
        *measured = Some(Measured { off, cluster: appended_at, up });
    }

    /// How far the clock is ahead of the present moment, in ms (negative: behind); `None` before a measurement.
    pub fn off_ms(&self) -> Option<i64> {
        let Present { clock, moment } = self.read();
        self.measured.lock().map(|_| clock.signed_duration_since(moment).num_milliseconds())
    }

    pub fn doubted_since(&self) -> Option<DateTime<Utc>> {
        *self.doubted_since.lock()
    }

    pub fn set_doubted_since(&self, newest_fact: Option<DateTime<Utc>>) {
        *self.doubted_since.lock() = newest_fact;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const YEARS: i64 = 10 * 365 * 24 * 3_600;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(2 * YEARS + seconds)
    }

    /// Measured at second 0, when the clock was `off` seconds ahead; then the clock shows `clock` when the process has
    /// run `ran` seconds.
    fn moment(off: i64, ran: u64, clock: i64) -> DateTime<Utc> {
        let measured = Measured { off: TimeDelta::seconds(off), cluster: at(0), up: Duration::from_secs(5) };
        measured.correct(at(clock), Duration::from_secs(5 + ran))
    }

    #[test]
    fn a_clock_is_corrected_by_what_was_measured() {
        assert_eq!(moment(YEARS, 60, YEARS + 60), at(60));
        assert_eq!(moment(-YEARS, 60, -YEARS + 60), at(60));
        assert_eq!(moment(0, 60, 60), at(60));
    }

    #[test]
    fn a_clock_that_is_set_right_is_followed_although_nothing_was_measured_since() {
        assert_eq!(moment(YEARS, 60, 60), at(60));
        assert_eq!(moment(-YEARS, 60, 60), at(60));
    }

    #[test]
    fn a_clock_that_is_set_back_doesnt_bring_back_what_is_over() {
        assert_eq!(moment(0, 60, -YEARS), at(60));
        assert_eq!(moment(3_600, 60, -YEARS), at(60));
    }

    #[test]
    fn the_time_that_a_computer_sleeps_passes() {
        assert_eq!(moment(0, 60, 90_000), at(90_000));
        assert_eq!(moment(YEARS, 60, YEARS + 90_000), at(90_000));
        assert_eq!(moment(-YEARS, 60, -YEARS + 90_000), at(90_000));
    }

    #[test]
    fn a_heartbeat_that_waited_to_be_sent_or_read_moves_no_moment() {
        let seconds = TimeDelta::seconds;
        let of = |before: Option<i64>, sent, read| off(before.map(seconds), at(sent), at(read), at(100)).num_seconds();
        assert_eq!(of(None, 103, 104), 3);
        // It waited 60 seconds for the cluster, or lay 60 seconds behind other messages.
        assert_eq!(of(Some(3), 43, 104), 3);
        assert_eq!(of(Some(3), 103, 163), 3);
        // The clock was set by an hour before it was sent, or set back between.
        assert_eq!((of(Some(3), 3_700, 3_701), of(Some(3), -3_500, -3_499)), (3_600, -3_599));
        assert_eq!(of(Some(3), 103, -3_500), 3);
    }

    /// A computer of which only the clock with its sleep goes on.
    #[derive(Debug, Default)]
    struct Sleeper {
        clock: Mutex<i64>,
        awake: Mutex<u64>,
        slept: Mutex<u64>,
    }

    impl Clock for Sleeper {
        fn now(&self) -> DateTime<Utc> {
            at(*self.clock.lock())
        }

        fn uptime(&self) -> Duration {
            Duration::from_secs(*self.awake.lock())
        }

        fn uptime_with_sleep(&self) -> Duration {
            Duration::from_secs(*self.awake.lock() + *self.slept.lock())
        }
    }

    #[test]
    fn a_clock_that_is_set_back_after_a_sleep_brings_back_nothing_that_is_over() {
        let computer = Arc::new(Sleeper::default());
        let present = PresentMoment::new(computer.clone());
        present.measured(at(0), at(0));
        *computer.awake.lock() = 60;
        *computer.slept.lock() = 90_000;
        *computer.clock.lock() = 90_060;
        assert_eq!(present.moment(), at(90_060));
        *computer.clock.lock() = -YEARS;
        assert_eq!(present.moment(), at(90_060), "the sleep counts although the clock is wrong");
    }
}
