//! Penalties that lapse: after a number of days, what is outstanding of them counts 0.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::days::Days;

/// When a penalty lapses. A penalty fact carries this, so that later rules change nothing about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Lapse {
    pub days: Days,
    pub how: How,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "contract.ts"))]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// The days begin with the penalty's own day.
    Fixed,
    /// The days are counted again from each further penalty that comes before they have ended.
    Quiet,
}

/// The days (Asia/Seoul) on which a customer's penalties were imposed, without voided ones, each with the number of
/// penalties. Settled ones are among them, because they too delay a quiet lapse.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PenaltyDays(BTreeMap<NaiveDate, u32>);

impl PenaltyDays {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn add(&mut self, day: NaiveDate) {
        *self.0.entry(day).or_default() += 1;
    }

    pub(crate) fn remove(&mut self, day: NaiveDate) {
        if let Some(count) = self.0.get_mut(&day) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.0.remove(&day);
            }
        }
    }

    /// The last day on which a penalty of `day` still counts.
    ///
    /// With a quiet lapse this looks for the row of penalties that begins with this one, in which each came before the
    /// row so far had ended. A penalty that came later is in no row with it, so what has lapsed never comes back.
    pub fn last_day(&self, day: NaiveDate, lapse: Lapse) -> NaiveDate {
        let mut last = lapse.days.last_from(day);
        if lapse.how == How::Quiet {
            for further in self.0.range(day..).map(|(day, _)| *day) {
                if further > last {
                    break;
                }
                last = lapse.days.last_from(further);
            }
        }
        last
    }
}

impl FromIterator<NaiveDate> for PenaltyDays {
    fn from_iter<T: IntoIterator<Item = NaiveDate>>(days: T) -> Self {
        let mut all = Self::default();
        days.into_iter().for_each(|day| all.add(day));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn lapse(days: u32, how: How) -> Lapse {
        Lapse { days: Days::new(days).unwrap(), how }
    }

    #[test]
    fn a_quiet_lapse_waits_for_the_end_of_the_row() {
        let days: PenaltyDays = ["2026-01-01", "2026-01-11", "2026-01-21", "2026-02-01"].map(day).into_iter().collect();
        let last = |of: &str, how| days.last_day(day(of), lapse(10, how)).to_string();
        assert_eq!(last("2026-01-01", How::Fixed), "2026-01-11");
        assert_eq!(last("2026-01-01", How::Quiet), "2026-01-31", "2026-02-01 came one day late");
        assert_eq!(last("2026-02-01", How::Quiet), "2026-02-11");
    }

    #[test]
    fn a_day_counts_until_its_last_penalty_is_removed() {
        let mut days: PenaltyDays = ["2026-01-01", "2026-01-11", "2026-01-11"].map(day).into_iter().collect();
        let last = |days: &PenaltyDays| days.last_day(day("2026-01-01"), lapse(10, How::Quiet)).to_string();
        days.remove(day("2026-01-11"));
        assert_eq!(last(&days), "2026-01-21");
        days.remove(day("2026-01-11"));
        assert_eq!(last(&days), "2026-01-11");
        days.remove(day("2026-01-11"));
        assert_eq!(days, [day("2026-01-01")].into_iter().collect());
    }
}
