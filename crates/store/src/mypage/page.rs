//! Pages by position, newest first: the hundredth costs what the first costs.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{MypageCounts, MypageFilter};
use nosmoke_ports::{EntryRow, PageQuery, StoreError};
use uuid::Uuid;

use super::row::{columns, filtered, read};
use crate::error::corrupt;
use crate::raw::{Raw, binds};
use crate::words::limit;

/// A place in the order of entries: before every entry of its time where it names none.
pub(super) type Place = (i64, Option<Uuid>);

/// As columns compare it: an empty blob comes before every id.
pub(super) fn id_of(place: &Place) -> &[u8] {
    place.1.as_ref().map_or(&[], |id| id.as_bytes())
}

pub(super) fn start_ms(from: Option<DateTime<Utc>>) -> i64 {
    from.map_or(i64::MIN, |from| from.timestamp_millis())
}

pub(super) fn end_ms(until: Option<DateTime<Utc>>) -> i64 {
    until.map_or(i64::MAX, |until| until.timestamp_millis())
}

pub(super) fn page(raw: &mut Raw<'_>, query: &PageQuery) -> Result<Vec<EntryRow>, StoreError> {
    // One bound for the end of the dates and for the cursor: the index is entered at it, wherever the page lies.
    let end: Place = (end_ms(query.until), None);
    let before = query.after.map_or(end, |after| end.min((after.at_ms, Some(after.entry_id))));
    let (customer, start, rows) = (query.customer_id.0, start_ms(query.from), limit(query.limit));
    match filtered(query.filter) {
        None => raw.rows(
            concat!(
                "SELECT ",
                columns!(),
                " FROM entry WHERE customer_id = ?1 AND at_ms >= ?2 AND (at_ms, entry_id) < (?3, ?4) \
                 ORDER BY at_ms DESC, entry_id DESC LIMIT ?5"
            ),
            binds![customer, start, before.0, id_of(&before), rows],
            read,
        ),
        Some(history) => raw.rows(
            concat!(
                "SELECT ",
                columns!(),
                " FROM entry WHERE customer_id = ?1 AND at_ms >= ?2 AND (at_ms, entry_id) < (?3, ?4) \
                 AND history = ?6 ORDER BY at_ms DESC, entry_id DESC LIMIT ?5"
            ),
            binds![customer, start, before.0, id_of(&before), rows, history],
            read,
        ),
    }
}

pub(super) fn counts(
    raw: &mut Raw<'_>,
    customer: CustomerId,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) -> Result<MypageCounts, StoreError> {
    let rows = raw.rows(
        "SELECT history, count(*) FROM entry \
         WHERE customer_id = ?1 AND history IN (1, 2, 3) AND at_ms >= ?2 AND at_ms < ?3 GROUP BY history",
        binds![customer.0, start_ms(from), end_ms(until)],
        |row| Ok((row.int(0), u32::try_from(row.int(1)).map_err(corrupt)?)),
    )?;
    let of = |filter: MypageFilter| rows.iter().find(|row| row.0 == i64::from(filter.code())).map_or(0, |row| row.1);
    let (visits, payments) = (of(MypageFilter::Visits), of(MypageFilter::Payments));
    let penalties = of(MypageFilter::Penalties);
    Ok(MypageCounts { all: visits + payments + penalties, visits, payments, penalties })
}

/// Visits that weren't voided.
pub(super) fn visits_since(raw: &mut Raw<'_>, customer: CustomerId, since: DateTime<Utc>) -> Result<u32, StoreError> {
    let count = raw.row(
        "SELECT count(*) FROM entry \
         WHERE customer_id = ?1 AND started_at_ms >= ?2 AND kind = 0 AND status <> 'VOIDED'",
        binds![customer.0, since.timestamp_millis()],
        |row| Ok(row.int(0)),
    )?;
    u32::try_from(count.unwrap_or_default()).map_err(corrupt)
}
