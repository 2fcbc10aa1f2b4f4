//! Converts rows to Mypage's entries.

use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId, NoteId, RecorderId};
use nosmoke_ports::contract::{EntryKind, MypageFilter};
use nosmoke_ports::{Decided, EntryRow, StoreError};

use crate::error::corrupt;
use crate::sqlite::{Column, Row};
use crate::words::{from_text, time};

/// The columns in the order in which [`read`] expects them. Inserts append `history`.
macro_rules! columns {
    () => {
        "entry_id, customer_id, subject, kind, other_id, at_ms, started_at_ms, ended_at_ms, area_id, status, points, \
         penalty_points, code, ground, note_id, incarnation, staff_id, accrued_after, entered_at_ms, decided"
    };
}
pub(super) use columns;

pub(super) fn kind_of(code: i64) -> Result<EntryKind, StoreError> {
    let kind = i16::try_from(code).ok().and_then(EntryKind::from_code);
    kind.ok_or_else(|| corrupt(format!("unknown kind of entry: {code}")))
}

/// Returns the code of the history that a filter shows; `None` for all entries.
pub(super) fn filtered(filter: MypageFilter) -> Option<i64> {
    (filter != MypageFilter::All).then(|| i64::from(filter.code()))
}

/// Writes how something was decided as JSON.
pub(super) fn decided_text(decided: Option<Decided>) -> Result<Option<String>, StoreError> {
    decided.map(|decided| serde_json::to_string(&decided).map_err(corrupt)).transpose()
}

/// Reads what [`decided_text`] wrote; `None` for an empty text.
pub(super) fn decided_of(text: &str) -> Result<Option<Decided>, StoreError> {
    if text.is_empty() { Ok(None) } else { serde_json::from_str(text).map(Some).map_err(corrupt) }
}

pub(super) fn read(row: &Row<'_>) -> Result<EntryRow, StoreError> {
    let optional_time = |column: Column<'_>| time(column.int());
    Ok(EntryRow {
        entry_id: row.id(0)?,
        customer_id: CustomerId(row.id(1)?),
        subject: row.id(2)?,
        kind: kind_of(row.int(3))?,
        other_id: row.optional(4, Column::id)?,
        at: time(row.int(5))?,
        started_at: row.optional(6, optional_time)?,
        ended_at: row.optional(7, optional_time)?,
        area_id: row.optional(8, Column::id)?.map(AreaId),
        status: row.text(9)?.to_owned(),
        points: row.int(10),
        penalty_points: row.int(11),
        code: row.optional(12, |column| from_text(column.text()?))?,
        ground: row.optional(13, |column| from_text(column.text()?))?,
        note_id: row.optional(14, Column::id)?.map(NoteId),
        incarnation: IncarnationId(row.id(15)?),
        recorder_id: RecorderId(row.id(16)?),
        accrued_after: row.optional(17, |column| Ok(column.int()))?,
        entered_at: row.optional(18, optional_time)?,
        decided: decided_of(row.text(19)?)?,
    })
}
