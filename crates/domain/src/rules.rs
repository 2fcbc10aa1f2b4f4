//! Rules: immutable sets, numbered by generation. A new set doesn't apply to earlier facts (ADR 0006): a penalty fact
//! carries the levels that were in force, so that a fold reads no rules.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::points::Points;
use crate::words::PenaltyCode;

/// The levels of outstanding penalty points from which a customer is warned and prohibited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Levels {
    pub warn_at: Points,
    pub prohibit_at: Points,
}

/// A rule set. Amounts in points (P) and penalty points (점), times in minutes and hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    pub generation: u64,
    pub points_per_visit: Points,
    /// The points that one customer can earn in one day (Asia/Seoul); `None` means no cap.
    pub daily_cap: Option<Points>,
    /// Visits shorter than this earn nothing; `None` means no minimum.
    pub minimum_stay_minutes: Option<u32>,
    pub forgotten_after_hours: u32,
    pub basic: Points,
    pub repeat: Points,
    pub aggravated: Points,
    pub levels: Levels,
    pub void_window_minutes: u32,
    pub stale_after_hours: u32,
    /// The price of one penalty point in points (P), if a deduction is paid for; `None` means that deductions can't be
    /// paid for.
    pub price_per_penalty_point: Option<Points>,
    /// Whether a check-in may name an area that isn't known yet.
    pub unknown_areas_allowed: bool,
}

/// Upper bound for the points that staff give at a check-out instead of the points of the rules.
pub const MAX_VISIT_POINTS: u64 = 1_000_000;
/// Upper bound for the points that staff give a penalty instead of the points of its code.
pub const MAX_PENALTY_POINTS: u64 = 1_000;

const fn points(amount: u64) -> Points {
    match Points::new(amount) {
        Ok(points) => points,
        Err(_) => Points::ONE,
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            generation: 1,
            points_per_visit: points(100),
            daily_cap: None,
            minimum_stay_minutes: None,
            forgotten_after_hours: 12,
            basic: points(10),
            repeat: points(20),
            aggravated: points(30),
            levels: Levels { warn_at: points(20), prohibit_at: points(40) },
            void_window_minutes: 15,
            stale_after_hours: 24,
            price_per_penalty_point: None,
            unknown_areas_allowed: true,
        }
    }
}

impl Rules {
    pub fn points_of(&self, code: PenaltyCode) -> Points {
        match code {
            PenaltyCode::Basic => self.basic,
            PenaltyCode::Repeat => self.repeat,
            PenaltyCode::Aggravated => self.aggravated,
        }
    }

    pub fn forgotten(&self, since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        now.signed_duration_since(since) > TimeDelta::hours(i64::from(self.forgotten_after_hours))
    }

    pub fn void_window_passed(&self, recorded: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        now.signed_duration_since(recorded) > TimeDelta::minutes(i64::from(self.void_window_minutes))
    }
}

/// The date in Korea, which has no daylight saving time.
pub fn seoul_date(at: DateTime<Utc>) -> NaiveDate {
    at.naive_utc().checked_add_signed(SEOUL_OFFSET).unwrap_or(NaiveDateTime::MAX).date()
}

/// The instant at which a date begins in Korea.
pub fn seoul_midnight(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).checked_sub_signed(SEOUL_OFFSET).unwrap_or(NaiveDateTime::MIN).and_utc()
}

/// The offset of Korea from UTC.
const SEOUL_OFFSET: TimeDelta = TimeDelta::hours(9);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_seoul_begins_at_15_utc() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        assert_eq!(seoul_date(at("2026-11-20T14:59:59.999Z")).to_string(), "2026-11-20");
        assert_eq!(seoul_date(at("2026-11-20T15:00:00Z")).to_string(), "2026-11-21");
        assert_eq!(seoul_midnight(seoul_date(at("2026-11-20T15:00:00Z"))), at("2026-11-20T15:00:00Z"));
    }

    #[test]
    fn the_first_and_the_last_day_of_all_have_a_date() {
        assert_eq!(seoul_date(DateTime::<Utc>::MAX_UTC), NaiveDate::MAX);
        assert_eq!(seoul_midnight(NaiveDate::MIN), NaiveDateTime::MIN.and_utc());
    }
}
