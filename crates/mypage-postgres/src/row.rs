//! Converts between the rows of the table and Mypage's entries.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId, NoteId, RecorderId};
use nosmoke_ports::contract::EntryKind;
use nosmoke_ports::{Decided, EntryRow};
use serde::de::IntoDeserializer;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use sqlx::{Error, Row};

/// The columns in the order in which they are read and written; inserts append `history`.
macro_rules! columns {
    () => {
        "entry_id, customer_id, subject, kind, other_id, at_ms, started_at_ms, ended_at_ms, area_id, status, points, \
         penalty_points, code, ground, note_id, incarnation, staff_id, accrued_after, entered_at_ms, decided"
    };
}
pub(crate) use columns;

/// Reads an entry from the columns of the table `entry`.
///
/// # Errors
/// `Decode` or `ColumnDecode` if a column isn't as this program writes it.
pub fn read(row: &PgRow) -> Result<EntryRow, Error> {
    let optional_time = |column: &str| row.try_get::<Option<i64>, _>(column)?.map(time).transpose();
    Ok(EntryRow {
        entry_id: row.try_get("entry_id")?,
        customer_id: CustomerId(row.try_get("customer_id")?),
        subject: row.try_get("subject")?,
        kind: kind(row.try_get("kind")?)?,
        other_id: row.try_get("other_id")?,
        at: time(row.try_get("at_ms")?)?,
        started_at: optional_time("started_at_ms")?,
        ended_at: optional_time("ended_at_ms")?,
        area_id: row.try_get::<Option<_>, _>("area_id")?.map(AreaId),
        status: row.try_get("status")?,
        points: row.try_get("points")?,
        penalty_points: row.try_get("penalty_points")?,
        code: word(row, "code")?,
        ground: word(row, "ground")?,
        note_id: row.try_get::<Option<_>, _>("note_id")?.map(NoteId),
        incarnation: IncarnationId(row.try_get("incarnation")?),
        recorder_id: RecorderId(row.try_get("staff_id")?),
        accrued_after: row.try_get("accrued_after")?,
        entered_at: optional_time("entered_at_ms")?,
        decided: decided_of(row.try_get::<Option<&str>, _>("decided")?.unwrap_or_default())?,
    })
}

pub(crate) fn read_all(rows: &[PgRow]) -> Result<Vec<EntryRow>, Error> {
    rows.iter().map(read).collect()
}

pub(crate) fn kind(code: i16) -> Result<EntryKind, Error> {
    EntryKind::from_code(code).ok_or_else(|| corrupt(format!("unknown kind of entry: {code}")))
}

pub(crate) fn time(ms: i64) -> Result<DateTime<Utc>, Error> {
    DateTime::from_timestamp_millis(ms).ok_or_else(|| corrupt(format!("{ms} ms isn't a valid time")))
}

/// Serialises an enum of the domain to the word that facts use for it.
///
/// # Errors
/// `Encode` if it isn't a word.
pub fn to_text<T: Serialize>(word: &T) -> Result<String, Error> {
    match serde_json::to_value(word) {
        Ok(serde_json::Value::String(text)) => Ok(text),
        other => Err(Error::Encode(format!("a word isn't stored as text but as {other:?}").into())),
    }
}

/// Writes how something was decided as JSON.
///
/// # Errors
/// `Encode` if it can't be written.
pub fn decided_text(decided: Option<Decided>) -> Result<Option<String>, Error> {
    decided.map(|decided| serde_json::to_string(&decided).map_err(|error| Error::Encode(error.into()))).transpose()
}

/// Reads what [`decided_text`] wrote; `None` for an empty text.
pub(crate) fn decided_of(text: &str) -> Result<Option<Decided>, Error> {
    let parse = |text| serde_json::from_str(text).map_err(|error| corrupt(error.to_string()));
    (!text.is_empty()).then(|| parse(text)).transpose()
}

/// Parses a word; `None` for an empty text.
pub(crate) fn word_of<T: for<'de> Deserialize<'de>>(text: &str) -> Result<Option<T>, Error> {
    let parse = |text: &str| {
        T::deserialize(IntoDeserializer::<serde::de::value::Error>::into_deserializer(text))
            .map_err(|error| corrupt(error.to_string()))
    };
    (!text.is_empty()).then(|| parse(text)).transpose()
}

fn word<T: for<'de> Deserialize<'de>>(row: &PgRow, column: &str) -> Result<Option<T>, Error> {
    word_of(row.try_get::<Option<&str>, _>(column)?.unwrap_or_default())
}

/// The error of a row that this program didn't write so.
pub fn corrupt(detail: String) -> Error {
    Error::Decode(detail.into())
}
