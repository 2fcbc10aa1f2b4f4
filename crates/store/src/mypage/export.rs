//! Blocks of an export, oldest first.

use chrono::{DateTime, Utc};
use nosmoke_application::ports::{EntryRow, ExportCursor, StoreError};
use nosmoke_domain::ids::CustomerId;
use sqlx::sqlite::SqlitePool;

use super::apply::bytes;
use super::page::{Place, end_ms, start_ms};
use super::row::{columns, read};
use crate::error::{corrupt, from_sqlx};
use crate::words::limit;

pub(super) async fn count(
    pool: &SqlitePool,
    customer: Option<CustomerId>,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) -> Result<u64, StoreError> {
    let sql = match customer {
        None => sqlx::query_scalar("SELECT count(*) FROM entry WHERE at_ms >= ?1 AND at_ms < ?2"),
        Some(_) => {
            sqlx::query_scalar("SELECT count(*) FROM entry WHERE customer_id = ?3 AND at_ms >= ?1 AND at_ms < ?2")
        }
    };
    let mut sql = sql.bind(start_ms(from)).bind(end_ms(until));
    if let Some(customer) = customer {
        sql = sql.bind(bytes(customer.0));
    }
    let count: i64 = sql.fetch_one(pool).await.map_err(|error| from_sqlx(&error))?;
    u64::try_from(count).map_err(corrupt)
}

pub(super) async fn block(
    pool: &SqlitePool,
    customer: Option<CustomerId>,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
    after: Option<ExportCursor>,
    rows: usize,
) -> Result<Vec<EntryRow>, StoreError> {
    // One bound for the beginning of the dates and for the cursor, as in a page.
    let start: Place = (start_ms(from), Vec::new());
    let after = after.map_or(start.clone(), |after| start.max((after.at_ms, bytes(after.entry_id))));
    let sql = match customer {
        None => sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM entry WHERE (at_ms, entry_id) > (?1, ?2) AND at_ms < ?3 ORDER BY at_ms, entry_id LIMIT ?4"
        )),
        Some(_) => sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM entry WHERE customer_id = ?5 AND (at_ms, entry_id) > (?1, ?2) AND at_ms < ?3 \
             ORDER BY at_ms, entry_id LIMIT ?4"
        )),
    };
    let mut sql = sql.bind(after.0).bind(after.1).bind(end_ms(until)).bind(limit(rows));
    if let Some(customer) = customer {
        sql = sql.bind(bytes(customer.0));
    }
    let rows = sql.fetch_all(pool).await.map_err(|error| from_sqlx(&error))?;
    rows.iter().map(read).collect()
}
