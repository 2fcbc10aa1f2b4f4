//! Days in Korea, which has no daylight saving time, and periods of days.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The offset of Korea from UTC.
const SEOUL_OFFSET: TimeDelta = TimeDelta::hours(9);

/// The date in Korea.
pub fn seoul_date(at: DateTime<Utc>) -> NaiveDate {
    at.naive_utc().checked_add_signed(SEOUL_OFFSET).unwrap_or(NaiveDateTime::MAX).date()
}

/// The instant at which a date begins in Korea.
pub fn seoul_midnight(date: NaiveDate) -> DateTime<Utc> {
    date.and_time(NaiveTime::MIN).checked_sub_signed(SEOUL_OFFSET).unwrap_or(NaiveDateTime::MIN).and_utc()
}

/// The last millisecond of a date in Korea. Lines of a history for what ended with a day are dated by it.
pub fn end_of_day(date: NaiveDate) -> DateTime<Utc> {
    date.succ_opt().map_or(DateTime::<Utc>::MAX_UTC, seoul_midnight) - TimeDelta::milliseconds(1)
}

/// The last day of the month that comes `months` after the month of `date`.
pub(crate) fn end_of_month(date: NaiveDate, months: u32) -> NaiveDate {
    let first = date.with_day(1).and_then(|first| first.checked_add_months(Months::new(months)));
    let next = first.and_then(|first| first.checked_add_months(Months::new(1)));
    next.and_then(|next| next.pred_opt()).unwrap_or(NaiveDate::MAX)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a valid number of days: 1 to {MAX_DAYS} are allowed")]
pub struct NotANumberOfDays(u32);

/// The longest period: a hundred years.
const MAX_DAYS: u32 = 36_500;

/// The length of a period in days: 1 to 36,500. A period of N days ends with the day N after its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Days(u32);

impl Days {
    /// Checks a number of days.
    ///
    /// # Errors
    /// Returns `NotANumberOfDays` if it is 0 or above 36,500.
    pub const fn new(days: u32) -> Result<Self, NotANumberOfDays> {
        if days == 0 || days > MAX_DAYS { Err(NotANumberOfDays(days)) } else { Ok(Self(days)) }
    }

    pub const fn get(self) -> u32 {
        self.0
    }

    /// The last day of the period that begins with `first`.
    pub fn last_from(self, first: NaiveDate) -> NaiveDate {
        first.checked_add_days(chrono::Days::new(self.0.into())).unwrap_or(NaiveDate::MAX)
    }
}

impl TryFrom<u32> for Days {
    type Error = NotANumberOfDays;

    fn try_from(days: u32) -> Result<Self, NotANumberOfDays> {
        Self::new(days)
    }
}

impl From<Days> for u32 {
    fn from(days: Days) -> Self {
        days.0
    }
}

impl JsonSchema for Days {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Days".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer", "minimum": 1, "maximum": MAX_DAYS })
    }
}

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
        assert_eq!(Days(1).last_from(NaiveDate::MAX), NaiveDate::MAX);
        assert_eq!(end_of_month(NaiveDate::MAX, 12), NaiveDate::MAX);
    }

    #[test]
    fn a_period_ends_with_the_day_n_after_its_first() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(Days(1).last_from(day("2026-02-28")), day("2026-03-01"));
        assert_eq!(Days(365).last_from(day("2027-01-01")), day("2028-01-01"));
        for json in ["0", "36501", "-1", "1.5", "\"1\"", "null"] {
            assert!(serde_json::from_str::<Days>(json).is_err(), "{json}");
        }
        assert_eq!(serde_json::from_str::<Days>("36500").unwrap().get(), 36_500);
    }

    #[test]
    fn months_end_with_their_last_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (from, months, end) in [
            ("2026-11-01", 0, "2026-11-30"),
            ("2026-11-30", 12, "2027-11-30"),
            ("2026-12-31", 2, "2027-02-28"),
            ("2027-01-31", 13, "2028-02-29"),
        ] {
            assert_eq!(end_of_month(day(from), months), day(end), "{from} {months}");
        }
    }
}
