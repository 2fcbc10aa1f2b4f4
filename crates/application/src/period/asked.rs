//! The period that is asked for, and its parts.

use chrono::{Datelike, Days, Months, NaiveDate};
use nosmoke_ports::PeriodQuery;
use nosmoke_ports::contract::{AppError, PeriodInput, PeriodUnit};

use crate::day::{day_of, invalid};
use crate::queries::Queries;

/// The greatest number of days of a period: three years.
const PERIOD_DAYS_MAX: i64 = 1_100;
/// Customers who are shown.
const TOP: usize = 20;

/// A period, both days included, and its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    /// The first and the last day of each.
    pub(super) parts: Vec<(NaiveDate, NaiveDate)>,
}

impl Period {
    pub(super) fn of(queries: &Queries, input: &PeriodInput) -> Result<Self, AppError> {
        let (from, to) = (day_of(queries, &input.from)?, day_of(queries, &input.to)?);
        if from > to {
            return Err(invalid(format!("{from} is after {to}")));
        }
        if (to - from).num_days() >= PERIOD_DAYS_MAX {
            return Err(invalid(format!("a period has at most {PERIOD_DAYS_MAX} days")));
        }
        Ok(Self { from, to, parts: parts(from, to, input.unit) })
    }

    pub(super) fn query(&self, input: &PeriodInput) -> PeriodQuery {
        let until = self.to.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
        PeriodQuery { from: self.from, until, top_by: input.top_by, top: TOP }
    }

    /// The part that a day belongs to; `None` outside the period.
    pub(super) fn part_of(&self, day: NaiveDate) -> Option<usize> {
        let part = self.parts.partition_point(|(_, last)| *last < day);
        self.parts.get(part).filter(|(first, _)| *first <= day).map(|_| part)
    }
}

fn parts(from: NaiveDate, to: NaiveDate, unit: PeriodUnit) -> Vec<(NaiveDate, NaiveDate)> {
    let (mut first, mut parts) = (from, Vec::new());
    while first <= to {
        let next = next_begin(first, unit).unwrap_or(NaiveDate::MAX);
        parts.push((first, next.pred_opt().unwrap_or(to).min(to)));
        first = next;
    }
    parts
}

/// The first day of the next day, week or month.
fn next_begin(day: NaiveDate, unit: PeriodUnit) -> Option<NaiveDate> {
    match unit {
        PeriodUnit::Day => day.succ_opt(),
        PeriodUnit::Week => day.checked_add_days(Days::new(7 - u64::from(day.weekday().num_days_from_monday()))),
        PeriodUnit::Month => day.with_day(1)?.checked_add_months(Months::new(1)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use proptest::prelude::*;

    use super::*;

    fn shown(from: &str, to: &str, unit: PeriodUnit) -> Vec<String> {
        let parts = parts(from.parse().unwrap(), to.parse().unwrap(), unit);
        parts.iter().map(|(first, last)| format!("{first}..{last}")).collect()
    }

    #[test]
    fn weeks_begin_on_monday_and_the_first_and_last_part_may_be_short() {
        // 2026-03-04 is a Wednesday.
        let weeks = shown("2026-03-04", "2026-03-17", PeriodUnit::Week);
        assert_eq!(weeks, ["2026-03-04..2026-03-08", "2026-03-09..2026-03-15", "2026-03-16..2026-03-17"]);
        let months = shown("2027-12-31", "2028-02-29", PeriodUnit::Month);
        assert_eq!(months, ["2027-12-31..2027-12-31", "2028-01-01..2028-01-31", "2028-02-01..2028-02-29"]);
        assert_eq!(shown("2026-03-04", "2026-03-04", PeriodUnit::Day), ["2026-03-04..2026-03-04"]);
    }

    proptest! {
        #[test]
        fn each_day_is_in_exactly_one_part(first in 730_000_i32..740_000, days in 0_i32..1_100, unit in 0_usize..3) {
            let day = |number| NaiveDate::from_num_days_from_ce_opt(number).unwrap();
            let (from, to) = (day(first), day(first + days));
            let unit = [PeriodUnit::Day, PeriodUnit::Week, PeriodUnit::Month][unit];
            let period = Period { from, to, parts: parts(from, to, unit) };
            for number in first..=first + days {
                let (part_first, part_last) = period.parts[period.part_of(day(number)).unwrap()];
                prop_assert!((part_first..=part_last).contains(&day(number)));
            }
            prop_assert_eq!(period.part_of(day(first - 1)), None);
            prop_assert_eq!(period.part_of(day(first + days + 1)), None);
            let all: i64 = period.parts.iter().map(|(first, last)| (*last - *first).num_days() + 1).sum();
            prop_assert_eq!(all, i64::from(days) + 1);
        }
    }
}
