//! Converts date ranges and row limits to parameters of SQL statements.

use chrono::{DateTime, Utc};

/// Returns the first millisecond of a range; `i64::MIN` if it is open.
pub(crate) fn start_ms(from: Option<DateTime<Utc>>) -> i64 {
    from.map_or(i64::MIN, |from| from.timestamp_millis())
}

/// Returns the millisecond after the last one of a range; `i64::MAX` if it is open.
pub(crate) fn end_ms(until: Option<DateTime<Utc>>) -> i64 {
    until.map_or(i64::MAX, |until| until.timestamp_millis())
}

pub(crate) fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
