//! Reads the entries of an export in batches, in the order in which they began.

use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{ExportBlock, ExportCursor};
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Error};
use uuid::Uuid;

use crate::apply::checkpoint;
use crate::bounds::limit;
use crate::row::{columns, corrupt, read_all};

/// Most rows that are counted; beyond it the planner's estimate is returned, because the total is only shown as progress.
const MAX_COUNTED: i64 = 100_000;

/// Counts the entries of an export, or estimates their number if there are many.
pub(crate) async fn count(
    reader: &mut PgConnection,
    customer: Option<CustomerId>,
    from: i64,
    until: i64,
) -> Result<u64, Error> {
    const ALL: &str = "SELECT 1 FROM entry WHERE at_ms >= $1 AND at_ms < $2";
    const ONE: &str = "SELECT 1 FROM entry WHERE at_ms >= $1 AND at_ms < $2 AND customer_id = $3";
    let chosen = if customer.is_some() { ONE } else { ALL };
    // Both texts are constants.
    let counted = format!("SELECT count(*) FROM ({chosen} LIMIT {MAX_COUNTED}) AS bounded");
    let asked = sqlx::query_scalar::<_, i64>(AssertSqlSafe(counted)).bind(from).bind(until);
    let asked = match customer {
        Some(CustomerId(id)) => asked.bind(id),
        None => asked,
    };
    let count = asked.fetch_one(&mut *reader).await?;
    let count = if count < MAX_COUNTED { count } else { estimate(reader, customer, (from, until)).await?.max(count) };
    u64::try_from(count).map_err(|error| corrupt(error.to_string()))
}

/// Returns the planner's estimate, which reads statistics only.
async fn estimate(
    reader: &mut PgConnection,
    customer: Option<CustomerId>,
    (from, until): (i64, i64),
) -> Result<i64, Error> {
    // EXPLAIN takes no parameters; numbers and an id can be written out safely.
    let one = customer.map(|CustomerId(id)| format!(" AND customer_id = '{id}'")).unwrap_or_default();
    let asked = format!("EXPLAIN SELECT 1 FROM entry WHERE at_ms >= {from} AND at_ms < {until}{one}");
    // The first line is the plan's outermost node: `Index Only Scan … (cost=0.43..8.45 rows=1 width=4)`.
    let plan: String = sqlx::query_scalar(AssertSqlSafe(asked)).fetch_one(reader).await?;
    let rows = plan.split_once(" rows=").and_then(|(_, rest)| rest.split(' ').next()?.parse().ok());
    Ok(rows.unwrap_or_default())
}

pub(crate) async fn batch(
    reader: &mut PgConnection,
    customer: Option<CustomerId>,
    (from, until): (i64, i64),
    after: Option<ExportCursor>,
    rows: usize,
) -> Result<ExportBlock, Error> {
    // The first batch of a late range, and the last one of an early range, pass over the entries outside it, within the
    // index; with millions of them that takes longer than a query may.
    sqlx::query("SET statement_timeout = '60s'").execute(&mut *reader).await?;
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
    sqlx::query("RESET statement_timeout").execute(reader).await?;
    Ok(ExportBlock { rows, checkpoint })
}
