//! Reads entries for an export in batches, in the order in which they began.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{ExportBlock, ExportCursor, StoreError};

use super::apply::checkpoint;
use super::page::{Position, end_ms, id_of, start_ms};
use super::row::{columns, read};
use crate::error::corrupt;
use crate::sqlite::{Connection, params};
use crate::words::limit;

pub(super) fn count(
    db: &mut Connection,
    customer: Option<CustomerId>,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) -> Result<u64, StoreError> {
    let (from, until) = (start_ms(from), end_ms(until));
    let count = match customer {
        None => db.row("SELECT count(*) FROM entry WHERE at_ms >= ?1 AND at_ms < ?2", params![from, until], |row| {
            Ok(row.int(0))
        })?,
        Some(customer) => db.row(
            "SELECT count(*) FROM entry WHERE customer_id = ?3 AND at_ms >= ?1 AND at_ms < ?2",
            params![from, until, customer.0],
            |row| Ok(row.int(0)),
        )?,
    };
    u64::try_from(count.unwrap_or_default()).map_err(corrupt)
}

pub(super) fn block(
    db: &mut Connection,
    customer: Option<CustomerId>,
    (from, until): (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    after: Option<ExportCursor>,
    rows: usize,
) -> Result<ExportBlock, StoreError> {
    // In one transaction, so that the checkpoint says which changes the rows include.
    db.execute("BEGIN", params![])?;
    let checkpoint = checkpoint(db)?;
    let after: Position = after.map_or((i64::MIN, None), |after| (after.began_ms, Some(after.entry_id)));
    let (from, until, rows) = (start_ms(from), end_ms(until), limit(rows));
    let rows = match customer {
        None => db.rows(
            concat!(
                "SELECT ",
                columns!(),
                " FROM entry INDEXED BY entry_by_began WHERE (began_ms, entry_id) > (?1, ?2) \
                 AND at_ms >= ?3 AND at_ms < ?4 ORDER BY began_ms, entry_id LIMIT ?5"
            ),
            params![after.0, id_of(&after), from, until, rows],
            read,
        ),
        Some(customer) => db.rows(
            concat!(
                "SELECT ",
                columns!(),
                " FROM entry INDEXED BY entry_by_customer WHERE customer_id = ?6 AND (began_ms, entry_id) > (?1, ?2) \
                 AND at_ms >= ?3 AND at_ms < ?4 ORDER BY began_ms, entry_id LIMIT ?5"
            ),
            params![after.0, id_of(&after), from, until, rows, customer.0],
            read,
        ),
    }?;
    Ok(ExportBlock { rows, checkpoint })
}
