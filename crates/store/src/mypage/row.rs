//! A line of Mypage as its row holds it.

use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId, NoteId, StaffId};
use nosmoke_ports::contract::{EntryKind, MypageFilter};
use nosmoke_ports::{EntryRow, StoreError};

use crate::error::corrupt;
use crate::raw::Row;
use crate::words::{from_text, time};

/// Columns in the order of [`read`]; `history` follows where rows are written.
macro_rules! columns {
    () => {
        "entry_id, customer_id, subject, kind, other_id, at_ms, started_at_ms, ended_at_ms, area_id, status, points, \
         penalty_points, code, ground, note_id, incarnation, staff_id, accrued_after"
    };
}
pub(super) use columns;

pub(super) fn kind_of(code: i64) -> Result<EntryKind, StoreError> {
    let kind = i16::try_from(code).ok().and_then(EntryKind::from_code);
    kind.ok_or_else(|| corrupt(format!("kind {code}")))
}

/// The history that is asked for, if it is one.
pub(super) fn filtered(filter: MypageFilter) -> Option<i64> {
    (filter != MypageFilter::All).then(|| i64::from(filter.code()))
}

pub(super) fn read(row: &Row<'_>) -> Result<EntryRow, StoreError> {
    let optional_time = |row: &Row<'_>, column| time(row.int(column));
    Ok(EntryRow {
        entry_id: row.id(0)?,
        customer_id: CustomerId(row.id(1)?),
        subject: row.id(2)?,
        kind: kind_of(row.int(3))?,
        other_id: row.optional(4, Row::id)?,
        at: time(row.int(5))?,
        started_at: row.optional(6, optional_time)?,
        ended_at: row.optional(7, optional_time)?,
        area_id: row.optional(8, Row::id)?.map(AreaId),
        status: row.text(9)?.to_owned(),
        points: row.int(10),
        penalty_points: row.int(11),
        code: row.optional(12, |row, column| from_text(row.text(column)?))?,
        ground: row.optional(13, |row, column| from_text(row.text(column)?))?,
        note_id: row.optional(14, Row::id)?.map(NoteId),
        incarnation: IncarnationId(row.id(15)?),
        staff_id: StaffId(row.id(16)?),
        accrued_after: row.optional(17, |row, column| Ok(row.int(column)))?,
    })
}
