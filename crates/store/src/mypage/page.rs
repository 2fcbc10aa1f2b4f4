//! Reads pages of entries, newest first. A page begins at a position, so every page costs the same.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{AreaId, CustomerId};
use nosmoke_ports::contract::{MypageCounts, MypageFilter};
use nosmoke_ports::{EntryRow, PageQuery, StoreError};
use uuid::Uuid;

use super::row::{columns, filtered, read};
use crate::error::corrupt;
use crate::sqlite::{Connection, params};
use crate::words::limit;

/// A position in the order of entries; without an id it is before all entries of its time.
pub(super) type Position = (i64, Option<Uuid>);

/// Returns the id as a blob to compare with the column; for no id an empty blob, which sorts before every id.
pub(super) fn id_of(position: &Position) -> &[u8] {
    position.1.as_ref().map_or(&[], |id| id.as_bytes())
}

pub(super) fn start_ms(from: Option<DateTime<Utc>>) -> i64 {
    from.map_or(i64::MIN, |from| from.timestamp_millis())
}

pub(super) fn end_ms(until: Option<DateTime<Utc>>) -> i64 {
    until.map_or(i64::MAX, |until| until.timestamp_millis())
}

pub(super) fn page(db: &mut Connection, query: &PageQuery) -> Result<Vec<EntryRow>, StoreError> {
    // The end date and the cursor are combined into one upper bound, at which every page begins in the index.
    let end: Position = (end_ms(query.until), None);
    let before = query.after.map_or(end, |after| end.min((after.at_ms, Some(after.entry_id))));
    let (customer, start, rows) = (query.customer_id.0, start_ms(query.from), limit(query.limit));
    match filtered(query.filter) {
        None => db.rows(
            concat!(
                "SELECT ",
                columns!(),
                " FROM entry WHERE customer_id = ?1 AND at_ms >= ?2 AND (at_ms, entry_id) < (?3, ?4) \
                 ORDER BY at_ms DESC, entry_id DESC LIMIT ?5"
            ),
            params![customer, start, before.0, id_of(&before), rows],
            read,
        ),
        Some(history) => db.rows(
            concat!(
                "SELECT ",
                columns!(),
                " FROM entry WHERE customer_id = ?1 AND at_ms >= ?2 AND (at_ms, entry_id) < (?3, ?4) \
                 AND history = ?6 ORDER BY at_ms DESC, entry_id DESC LIMIT ?5"
            ),
            params![customer, start, before.0, id_of(&before), rows, history],
            read,
        ),
    }
}

pub(super) fn counts(
    db: &mut Connection,
    customer: CustomerId,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) -> Result<MypageCounts, StoreError> {
    let rows = db.rows(
        "SELECT history, count(*) FROM entry \
         WHERE customer_id = ?1 AND history IN (1, 2, 3) AND at_ms >= ?2 AND at_ms < ?3 GROUP BY history",
        params![customer.0, start_ms(from), end_ms(until)],
        |row| Ok((row.int(0), u32::try_from(row.int(1)).map_err(corrupt)?)),
    )?;
    let of = |filter: MypageFilter| rows.iter().find(|row| row.0 == i64::from(filter.code())).map_or(0, |row| row.1);
    let (visits, payments) = (of(MypageFilter::Visits), of(MypageFilter::Payments));
    let penalties = of(MypageFilter::Penalties);
    Ok(MypageCounts { all: visits + payments + penalties, visits, payments, penalties })
}

/// Counts the visits since a time that weren't voided.
pub(super) fn visits_since(db: &mut Connection, customer: CustomerId, since: DateTime<Utc>) -> Result<u32, StoreError> {
    let count = db.row(
        "SELECT count(*) FROM entry \
         WHERE customer_id = ?1 AND started_at_ms >= ?2 AND kind = 0 AND status <> 'VOIDED'",
        params![customer.0, since.timestamp_millis()],
        |row| Ok(row.int(0)),
    )?;
    u32::try_from(count.unwrap_or_default()).map_err(corrupt)
}

/// Counts the penalties of each area, the area with the most first.
pub(super) fn penalties_by_area(db: &mut Connection, since: DateTime<Utc>) -> Result<Vec<(AreaId, u32)>, StoreError> {
    db.rows(
        "SELECT area_id, count(*) FROM entry \
         WHERE began_ms >= ?1 AND kind = 4 AND status <> 'VOIDED' AND area_id IS NOT NULL \
         GROUP BY area_id ORDER BY count(*) DESC, area_id",
        params![since.timestamp_millis()],
        |row| Ok((AreaId(row.id(0)?), u32::try_from(row.int(1)).map_err(corrupt)?)),
    )
}
