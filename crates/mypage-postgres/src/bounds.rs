//! From when, until when and how many rows, as a statement takes them.

use chrono::{DateTime, Utc};

/// Milliseconds before and at which nothing lies, for ends that are open.
pub(crate) fn start_ms(from: Option<DateTime<Utc>>) -> i64 {
    from.map_or(i64::MIN, |from| from.timestamp_millis())
}

pub(crate) fn end_ms(until: Option<DateTime<Utc>>) -> i64 {
    until.map_or(i64::MAX, |until| until.timestamp_millis())
}

pub(crate) fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
