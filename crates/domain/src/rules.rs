//! Rules: immutable sets with a generation, effective forward only (ADR 0006). A fact carries what its fold needs, so a
//! fold never looks a rule up.

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
    /// Points one customer can earn in one day (Asia/Seoul); `None` is off.
    pub daily_cap: Option<Points>,
    /// Shorter visits earn nothing; `None` is off.
    pub minimum_stay_minutes: Option<u32>,
    pub forgotten_after_hours: u32,
    pub basic: Points,
    pub repeat: Points,
    pub aggravated: Points,
    pub levels: Levels,
    pub void_window_minutes: u32,
    pub stale_after_hours: u32,
    /// What a terminal keeps of a customer inside when another asks for points.
    pub reserve: u64,
    /// What one penalty point costs when it is deducted by paying; `None` is off.
    pub price_per_penalty_point: Option<Points>,
    /// A check-in may name an area that isn't known yet.
    pub unknown_areas_allowed: bool,
}

/// Largest amount that a check-out may be given instead of what the rules say.
pub const MAX_VISIT_POINTS: u64 = 1_000_000;
/// Largest penalty that may be given instead of the code's.
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
            reserve: 300,
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
    at.naive_utc().checked_add_signed(SEOUL).unwrap_or(NaiveDateTime::MAX).date()
}

/// The first instant of a date in Korea.
pub fn seoul_midnight(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).checked_sub_signed(SEOUL).unwrap_or(NaiveDateTime::MIN).and_utc()
}

/// How far Korea is ahead of UTC.
const SEOUL: TimeDelta = TimeDelta::hours(9);

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
