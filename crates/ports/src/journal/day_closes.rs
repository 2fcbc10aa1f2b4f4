//! The closes of days at this terminal. They aren't facts and are never replicated.

use chrono::{DateTime, NaiveDate, Utc};
use nosmoke_domain::ids::RecorderId;

use crate::StoreError;
use crate::contract::DayReport;

/// A close of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCloseRow {
    /// A date in Seoul.
    pub day: NaiveDate,
    /// 1 for the first close of the day.
    pub number: u32,
    pub closed_at: DateTime<Utc>,
    pub recorder_id: RecorderId,
    /// The last change that the figures include.
    pub last_change: i64,
    pub report: DayReport,
}

/// Reads closes.
pub trait ReadDayCloses {
    /// Returns the closes of a day, the latest first.
    fn day_closes(&mut self, day: NaiveDate) -> Result<Vec<DayCloseRow>, StoreError>;
}

/// Adds closes. None is ever changed.
pub trait WriteDayCloses: ReadDayCloses {
    fn add_day_close(&mut self, close: &DayCloseRow) -> Result<(), StoreError>;
}
