//! The sums of Mypage's lines by day and the time inside by hour, as a store keeps them, and what it answers of a period.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use nosmoke_domain::days::seoul_midnight;
use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId};
use nosmoke_domain::words::{Ground, PenaltyCode};
use serde::{Deserialize, Serialize};

use crate::contract::{EntryKind, TopBy};

/// How the points of a visit or a penalty were decided. The rules of that generation say whether this departs from them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct Decided {
    /// The generation of the rules.
    pub rules: u64,
    /// The points of the check-out or the penalty; `None` if the visit earns nothing or hasn't ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<u64>,
    /// Whether the daily cap limited the points.
    #[serde(skip_serializing_if = "is_false")]
    pub capped: bool,
    /// Whether a prohibited customer was admitted.
    #[serde(skip_serializing_if = "is_false")]
    pub admitted: bool,
}

const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// Lines with the same key are summed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DayKey {
    /// The date in Seoul of [`EntryRow::at`].
    pub day: NaiveDate,
    pub kind: EntryKind,
    pub voided: bool,
    pub area_id: Option<AreaId>,
    pub code: Option<PenaltyCode>,
    pub ground: Option<Ground>,
    pub decided: Option<Decided>,
    pub incarnation: IncarnationId,
}

/// The sums of some lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DaySum {
    pub lines: i64,
    /// Lines that changed the balance.
    pub with_points: i64,
    /// Lines that were entered after they happened.
    pub entered_afterwards: i64,
    pub points: i128,
    pub penalty_points: i128,
}

impl DaySum {
    /// Adds other sums, `times` times; -1 takes them away.
    pub fn add(&mut self, other: Self, times: i64) {
        self.lines += times * other.lines;
        self.with_points += times * other.with_points;
        self.entered_afterwards += times * other.entered_afterwards;
        self.points += i128::from(times) * other.points;
        self.penalty_points += i128::from(times) * other.penalty_points;
    }
}

/// Returns the days from 1970-01-01 to a date, by which the stores keep dates.
pub fn day_number(day: NaiveDate) -> i32 {
    i32::try_from((day - NaiveDate::default()).num_days()).unwrap_or(i32::MAX)
}

/// Returns the date that is some days after 1970-01-01; `None` beyond the calendar.
pub fn day_from_number(number: i32) -> Option<NaiveDate> {
    NaiveDate::default().checked_add_signed(TimeDelta::days(number.into()))
}

/// An hour of a day in an area. The hour is 0 to 23, in Seoul.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HourKey {
    pub day: NaiveDate,
    pub area_id: AreaId,
    pub hour: u8,
}

/// Asks for the figures of some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodQuery {
    pub from: NaiveDate,
    /// Not included.
    pub until: NaiveDate,
    pub top_by: TopBy,
    /// The greatest number of customers.
    pub top: usize,
}

impl PeriodQuery {
    /// The half-open range of time of the days.
    pub fn range(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        (seoul_midnight(self.from), seoul_midnight(self.until))
    }
}

/// A customer's figures in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CustomerSums {
    pub customer_id: CustomerId,
    /// Visits that weren't voided.
    pub visits: i64,
    pub earned: i64,
    /// What was paid, less what voids gave back; not negative, unless only the void is in the period.
    pub paid: i64,
    /// Penalty points that were imposed, less those of voided penalties.
    pub penalty_points: i64,
}

/// The figures of some days, all of the same moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PeriodRows {
    pub days: BTreeMap<DayKey, DaySum>,
    /// Milliseconds inside, by area and hour, of visits that ended.
    pub hours: BTreeMap<(AreaId, u8), i64>,
    /// Those with the most first; equal ones by id. Nobody with 0 or less.
    pub top: Vec<CustomerSums>,
    /// The read model includes the changes up to this one.
    pub checkpoint: i64,
}
