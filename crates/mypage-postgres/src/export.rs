//! Blocks of an export, oldest first.

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{EntryRow, ExportCursor};
use sqlx::Error;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use crate::bounds::limit;
use crate::row::{columns, corrupt, read_all};

pub(crate) async fn count(
    reader: &mut PgConnection,
    customer: Option<CustomerId>,
    from: i64,
    until: i64,
) -> Result<u64, Error> {
    let all = "SELECT count(*) FROM entry WHERE at_ms >= $1 AND at_ms < $2";
    let one = "SELECT count(*) FROM entry WHERE at_ms >= $1 AND at_ms < $2 AND customer_id = $3";
    let asked = sqlx::query_scalar(if customer.is_some() { one } else { all }).bind(from).bind(until);
    let asked = match customer {
        Some(CustomerId(id)) => asked.bind(id),
        None => asked,
    };
    let count: i64 = asked.fetch_one(reader).await?;
    u64::try_from(count).map_err(|error| corrupt(error.to_string()))
}

pub(crate) async fn block(
    reader: &mut PgConnection,
    customer: Option<CustomerId>,
    (from, until): (i64, i64),
    after: Option<ExportCursor>,
    rows: usize,
) -> Result<Vec<EntryRow>, Error> {
    // One bound for the beginning of the dates and for the cursor: after the last possible entry of the millisecond before.
    let start = (from.saturating_sub(1), Uuid::max());
    let after = after.map_or(start, |after| start.max((after.at_ms, after.entry_id)));
    let all = concat!(
        "SELECT ",
        columns!(),
        " FROM entry WHERE (at_ms, entry_id) > ($1, $2) AND at_ms < $3 ORDER BY at_ms, entry_id LIMIT $4"
    );
    let one = concat!(
        "SELECT ",
        columns!(),
        " FROM entry WHERE customer_id = $5 AND (at_ms, entry_id) > ($1, $2) AND at_ms < $3 \
         ORDER BY at_ms, entry_id LIMIT $4"
    );
    let asked = sqlx::query(if customer.is_some() { one } else { all })
        .bind(after.0)
        .bind(after.1)
        .bind(until)
        .bind(limit(rows));
    let asked = match customer {
        Some(CustomerId(id)) => asked.bind(id),
        None => asked,
    };
    read_all(&asked.fetch_all(reader).await?)
}
