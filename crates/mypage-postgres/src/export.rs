//! Reads the entries of an export in batches, in the order in which they began.

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{ExportBlock, ExportCursor};
use sqlx::postgres::PgConnection;
use sqlx::{Connection, Error};
use uuid::Uuid;

use crate::apply::checkpoint;
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

pub(crate) async fn batch(
    reader: &mut PgConnection,
    customer: Option<CustomerId>,
    (from, until): (i64, i64),
    after: Option<ExportCursor>,
    rows: usize,
) -> Result<ExportBlock, Error> {
    // Both statements see the same state, so that the checkpoint says which changes the rows include.
    let mut tx = reader.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
    let checkpoint = checkpoint(&mut tx).await?;
    let after = after.map_or((i64::MIN, Uuid::nil()), |after| (after.began_ms, after.entry_id));
    let all = concat!(
        "SELECT ",
        columns!(),
        " FROM entry WHERE (began_ms, entry_id) > ($1, $2) AND at_ms >= $3 AND at_ms < $4 \
         ORDER BY began_ms, entry_id LIMIT $5"
    );
    let one = concat!(
        "SELECT ",
        columns!(),
        " FROM entry WHERE customer_id = $6 AND (began_ms, entry_id) > ($1, $2) AND at_ms >= $3 AND at_ms < $4 \
         ORDER BY began_ms, entry_id LIMIT $5"
    );
    let asked = sqlx::query(if customer.is_some() { one } else { all })
        .bind(after.0)
        .bind(after.1)
        .bind(from)
        .bind(until)
        .bind(limit(rows));
    let asked = match customer {
        Some(CustomerId(id)) => asked.bind(id),
        None => asked,
    };
    let rows = read_all(&asked.fetch_all(&mut *tx).await?)?;
    tx.rollback().await?;
    Ok(ExportBlock { rows, checkpoint })
}
