//! Pages by position, newest first: the hundredth costs what the first costs.

use chrono::{DateTime, Utc};
use nosmoke_application::contract::MypageCounts;
use nosmoke_application::ports::{EntryRow, PageQuery, StoreError};
use nosmoke_domain::ids::CustomerId;
use sqlx::Row as _;
use sqlx::sqlite::SqlitePool;

use super::apply::bytes;
use super::row::{PAYMENTS, PENALTIES, VISITS, columns, filtered, read};
use crate::error::{corrupt, from_sqlx};
use crate::words::limit;

/// A place in the order of entries. An empty id comes before every other.
pub(super) type Place = (i64, Vec<u8>);

pub(super) fn start_ms(from: Option<DateTime<Utc>>) -> i64 {
    from.map_or(i64::MIN, |from| from.timestamp_millis())
}

pub(super) fn end_ms(until: Option<DateTime<Utc>>) -> i64 {
    until.map_or(i64::MAX, |until| until.timestamp_millis())
}

pub(super) async fn page(pool: &SqlitePool, query: PageQuery) -> Result<Vec<EntryRow>, StoreError> {
    // One bound for the end of the dates and for the cursor: the index is entered at it, wherever the page lies.
    let end: Place = (end_ms(query.until), Vec::new());
    let before = query.after.map_or(end.clone(), |after| end.min((after.at_ms, bytes(after.entry_id))));
    let sql = match filtered(query.filter) {
        None => sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM entry WHERE customer_id = ?1 AND at_ms >= ?2 AND (at_ms, entry_id) < (?3, ?4) \
             ORDER BY at_ms DESC, entry_id DESC LIMIT ?5"
        )),
        Some(_) => sqlx::query(concat!(
            "SELECT ",
            columns!(),
            " FROM entry WHERE customer_id = ?1 AND at_ms >= ?2 AND (at_ms, entry_id) < (?3, ?4) AND history = ?6 \
             ORDER BY at_ms DESC, entry_id DESC LIMIT ?5"
        )),
    };
    let mut sql = sql
        .bind(bytes(query.customer_id.0))
        .bind(start_ms(query.from))
        .bind(before.0)
        .bind(before.1)
        .bind(limit(query.limit));
    if let Some(history) = filtered(query.filter) {
        sql = sql.bind(history);
    }
    let rows = sql.fetch_all(pool).await.map_err(|error| from_sqlx(&error))?;
    rows.iter().map(read).collect()
}

pub(super) async fn counts(
    pool: &SqlitePool,
    customer: CustomerId,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
) -> Result<MypageCounts, StoreError> {
    let rows = sqlx::query(
        "SELECT history, count(*) FROM entry \
         WHERE customer_id = ? AND history IN (1, 2, 3) AND at_ms >= ? AND at_ms < ? GROUP BY history",
    )
    .bind(bytes(customer.0))
    .bind(start_ms(from))
    .bind(end_ms(until))
    .fetch_all(pool)
    .await
    .map_err(|error| from_sqlx(&error))?;
    let mut counts = MypageCounts::default();
    for row in rows {
        let count: i64 = row.try_get(1).map_err(|error| from_sqlx(&error))?;
        let count = u32::try_from(count).map_err(corrupt)?;
        match row.try_get::<i64, _>(0).map_err(|error| from_sqlx(&error))? {
            VISITS => counts.visits = count,
            PAYMENTS => counts.payments = count,
            PENALTIES => counts.penalties = count,
            other => return Err(corrupt(format!("history {other}"))),
        }
    }
    counts.all = counts.visits + counts.payments + counts.penalties;
    Ok(counts)
}

/// Visits that weren't voided.
pub(super) async fn visits_since(
    pool: &SqlitePool,
    customer: CustomerId,
    since: DateTime<Utc>,
) -> Result<u32, StoreError> {
    let count: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM entry \
         WHERE customer_id = ? AND started_at_ms >= ? AND kind = 0 AND status <> 'VOIDED'",
    )
    .bind(bytes(customer.0))
    .bind(since.timestamp_millis())
    .fetch_one(pool)
    .await
    .map_err(|error| from_sqlx(&error))?;
    u32::try_from(count).map_err(corrupt)
}
