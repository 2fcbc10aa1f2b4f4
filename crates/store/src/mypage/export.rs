//! Blocks of an export, oldest first.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{EntryRow, ExportCursor, StoreError};

use super::page::{Place, end_ms, id_of, start_ms};
use super::row::{columns, read};
use crate::error::corrupt;
use crate::raw::{Raw, binds};
use crate::words::limit;

pub(super) fn count(
    raw: &mut Raw<'_>,
    customer: Option<CustomerId>,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) -> Result<u64, StoreError> {
    let (from, until) = (start_ms(from), end_ms(until));
    let count = match customer {
        None => raw.row("SELECT count(*) FROM entry WHERE at_ms >= ?1 AND at_ms < ?2", binds![from, until], |row| {
            Ok(row.int(0))
        })?,
        Some(customer) => raw.row(
            "SELECT count(*) FROM entry WHERE customer_id = ?3 AND at_ms >= ?1 AND at_ms < ?2",
            binds![from, until, customer.0],
            |row| Ok(row.int(0)),
        )?,
    };
    u64::try_from(count.unwrap_or_default()).map_err(corrupt)
}

pub(super) fn block(
    raw: &mut Raw<'_>,
    customer: Option<CustomerId>,
    (from, until): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    after: Option<ExportCursor>,
    rows: usize,
) -> Result<Vec<EntryRow>, StoreError> {
    // One bound for the beginning of the dates and for the cursor, as in a page.
    let start: Place = (start_ms(from), None);
    let after = after.map_or(start, |after| start.max((after.at_ms, Some(after.entry_id))));
    let (until, rows) = (end_ms(until), limit(rows));
    match customer {
        None => raw.rows(
            concat!(
                "SELECT ",
                columns!(),
                " FROM entry WHERE (at_ms, entry_id) > (?1, ?2) AND at_ms < ?3 ORDER BY at_ms, entry_id LIMIT ?4"
            ),
            binds![after.0, id_of(&after), until, rows],
            read,
        ),
        Some(customer) => raw.rows(
            concat!(
                "SELECT ",
                columns!(),
                " FROM entry WHERE customer_id = ?5 AND (at_ms, entry_id) > (?1, ?2) AND at_ms < ?3 \
                 ORDER BY at_ms, entry_id LIMIT ?4"
            ),
            binds![after.0, id_of(&after), until, rows, customer.0],
            read,
        ),
    }
}
