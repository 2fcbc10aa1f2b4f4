//! A line of Mypage as its row holds it.

use chrono::{DateTime, Utc};
use nosmoke_application::contract::{EntryKind, MypageFilter};
use nosmoke_application::ports::{EntryRow, StoreError};
use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId, NoteId, StaffId};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use uuid::Uuid;

use crate::error::{corrupt, from_sqlx};
use crate::words::{from_text, time};

/// Columns in the order of [`read`]; `history` follows where rows are written.
macro_rules! columns {
    () => {
        "entry_id, customer_id, subject, kind, other_id, at_ms, started_at_ms, ended_at_ms, area_id, status, points, \
         penalty_points, code, ground, note_id, incarnation, staff_id, accrued_after"
    };
}
pub(super) use columns;

const KINDS: [EntryKind; 7] = [
    EntryKind::Visit,
    EntryKind::Payment,
    EntryKind::PaymentVoid,
    EntryKind::Adjustment,
    EntryKind::Penalty,
    EntryKind::PenaltyDeduction,
    EntryKind::PenaltyVoid,
];

pub(super) const fn kind_code(kind: EntryKind) -> i64 {
    match kind {
        EntryKind::Visit => 0,
        EntryKind::Payment => 1,
        EntryKind::PaymentVoid => 2,
        EntryKind::Adjustment => 3,
        EntryKind::Penalty => 4,
        EntryKind::PenaltyDeduction => 5,
        EntryKind::PenaltyVoid => 6,
    }
}

pub(super) fn kind_of(code: i64) -> Result<EntryKind, StoreError> {
    let kind = usize::try_from(code).ok().and_then(|code| KINDS.get(code));
    kind.copied().ok_or_else(|| corrupt(format!("kind {code}")))
}

/// The history that a kind is shown in.
pub(super) const fn history(kind: EntryKind) -> i64 {
    match kind {
        EntryKind::Visit => VISITS,
        EntryKind::Payment | EntryKind::PaymentVoid | EntryKind::Adjustment => PAYMENTS,
        EntryKind::Penalty | EntryKind::PenaltyDeduction | EntryKind::PenaltyVoid => PENALTIES,
    }
}

pub(super) const VISITS: i64 = 1;
pub(super) const PAYMENTS: i64 = 2;
pub(super) const PENALTIES: i64 = 3;

pub(super) const fn filtered(filter: MypageFilter) -> Option<i64> {
    match filter {
        MypageFilter::All => None,
        MypageFilter::Visits => Some(VISITS),
        MypageFilter::Payments => Some(PAYMENTS),
        MypageFilter::Penalties => Some(PENALTIES),
    }
}

pub(super) fn read(row: &SqliteRow) -> Result<EntryRow, StoreError> {
    Ok(EntryRow {
        entry_id: id(row, 0)?,
        customer_id: CustomerId(id(row, 1)?),
        subject: id(row, 2)?,
        kind: kind_of(int(row, 3)?)?,
        other_id: optional_id(row, 4)?,
        at: time(int(row, 5)?)?,
        started_at: optional_time(row, 6)?,
        ended_at: optional_time(row, 7)?,
        area_id: optional_id(row, 8)?.map(AreaId),
        status: row.try_get(9).map_err(|error| from_sqlx(&error))?,
        points: int(row, 10)?,
        penalty_points: int(row, 11)?,
        code: word(row, 12)?,
        ground: word(row, 13)?,
        note_id: optional_id(row, 14)?.map(NoteId),
        incarnation: IncarnationId(id(row, 15)?),
        staff_id: StaffId(id(row, 16)?),
        accrued_after: row.try_get(17).map_err(|error| from_sqlx(&error))?,
    })
}

pub(super) fn int(row: &SqliteRow, column: usize) -> Result<i64, StoreError> {
    row.try_get(column).map_err(|error| from_sqlx(&error))
}

fn id(row: &SqliteRow, column: usize) -> Result<Uuid, StoreError> {
    optional_id(row, column)?.ok_or_else(|| corrupt(format!("column {column} is empty")))
}

fn optional_id(row: &SqliteRow, column: usize) -> Result<Option<Uuid>, StoreError> {
    let bytes: Option<&[u8]> = row.try_get(column).map_err(|error| from_sqlx(&error))?;
    bytes.map(Uuid::from_slice).transpose().map_err(corrupt)
}

fn optional_time(row: &SqliteRow, column: usize) -> Result<Option<DateTime<Utc>>, StoreError> {
    let ms: Option<i64> = row.try_get(column).map_err(|error| from_sqlx(&error))?;
    ms.map(time).transpose()
}

fn word<T: for<'de> serde::Deserialize<'de>>(row: &SqliteRow, column: usize) -> Result<Option<T>, StoreError> {
    let text: Option<&str> = row.try_get(column).map_err(|error| from_sqlx(&error))?;
    text.map(from_text).transpose()
}
