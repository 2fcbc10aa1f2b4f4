//! What facts say about a clock: whether it can be right, and which facts were stamped by one that was ahead.

use chrono::{DateTime, TimeDelta, Utc};

/// A clock that is at most this far behind a fact isn't doubted: computers set their clocks back by seconds.
const BEHIND_TOLERANCE: TimeDelta = TimeDelta::minutes(1);
/// Without any fact for longer than this, the clock may have been set ahead.
const LONGEST_PAUSE: TimeDelta = TimeDelta::days(60);
/// A fact further ahead of the present moment than this is marked.
const AHEAD_TOLERANCE: TimeDelta = TimeDelta::minutes(10);

/// Why a clock may be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClockDoubt {
    /// The clock is before the newest fact.
    Behind,
    /// The clock is over 60 days after the newest fact.
    LongAfter,
}

/// Returns why the clock may be wrong at a start, if this terminal's newest fact was recorded at `newest`.
pub fn doubt(newest: DateTime<Utc>, now: DateTime<Utc>) -> Option<ClockDoubt> {
    let since = now.signed_duration_since(newest);
    if since < -BEHIND_TOLERANCE {
        Some(ClockDoubt::Behind)
    } else if since > LONGEST_PAUSE {
        Some(ClockDoubt::LongAfter)
    } else {
        None
    }
}

/// Whether a fact is more than 10 minutes ahead of the present moment, so that a wrong clock has stamped it.
pub fn is_ahead(fact_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    fact_at.signed_duration_since(now) > AHEAD_TOLERANCE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::minutes(minutes)
    }

    #[test]
    fn a_clock_before_the_newest_fact_or_over_60_days_after_it_is_doubted() {
        let newest = at(0);
        let sixty_days = 60 * 24 * 60;
        assert_eq!(doubt(newest, at(-2)), Some(ClockDoubt::Behind));
        assert_eq!(doubt(newest, at(-1)), None, "clocks are set back by seconds all the time");
        assert_eq!(doubt(newest, at(sixty_days)), None);
        assert_eq!(doubt(newest, at(sixty_days + 1)), Some(ClockDoubt::LongAfter));
    }

    #[test]
    fn a_fact_over_ten_minutes_ahead_is_marked() {
        assert!(!is_ahead(at(10), at(0)));
        assert!(is_ahead(at(11), at(0)));
        assert!(!is_ahead(at(0), at(11)));
        assert!(!is_ahead(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC));
    }
}
