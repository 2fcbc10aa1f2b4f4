//! Writing: one step of the projector is one transaction.

use nosmoke_application::ports::{EntryRow, ProjectionBatch, StoreError};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Connection, QueryBuilder, Sqlite};
use uuid::Uuid;

use super::row::{columns, history, kind_code};
use crate::error::from_sqlx;
use crate::words::{id_list, to_text};

/// Rows that one statement inserts: enough that the change of thread for a statement costs little.
const ROWS: usize = 64;

/// Keeps what was projected from this journal, up to `last_change` at most; else begins anew.
pub(super) async fn claim(
    connection: &mut SqliteConnection,
    store_id: Uuid,
    last_change: i64,
) -> Result<(), StoreError> {
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await.map_err(|error| from_sqlx(&error))?;
    let source: Option<(Vec<u8>, i64)> = sqlx::query_as("SELECT store_id, checkpoint FROM source")
        .fetch_optional(&mut *tx)
        .await
        .map_err(|error| from_sqlx(&error))?;
    if !source.is_some_and(|(id, checkpoint)| id == store_id.as_bytes() && checkpoint <= last_change) {
        sqlx::query("DELETE FROM entry").execute(&mut *tx).await.map_err(|error| from_sqlx(&error))?;
        sqlx::query("DELETE FROM source").execute(&mut *tx).await.map_err(|error| from_sqlx(&error))?;
        sqlx::query("INSERT INTO source (only, store_id, checkpoint) VALUES (1, ?, 0)")
            .bind(store_id.as_bytes().as_slice())
            .execute(&mut *tx)
            .await
            .map_err(|error| from_sqlx(&error))?;
    }
    tx.commit().await.map_err(|error| from_sqlx(&error))
}

pub(super) async fn checkpoint(pool: &SqlitePool) -> Result<i64, StoreError> {
    sqlx::query_scalar("SELECT checkpoint FROM source").fetch_one(pool).await.map_err(|error| from_sqlx(&error))
}

pub(super) async fn apply(pool: &SqlitePool, batch: ProjectionBatch) -> Result<(), StoreError> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.map_err(|error| from_sqlx(&error))?;
    sqlx::query("DELETE FROM entry WHERE subject IN (SELECT unhex(value) FROM json_each(?))")
        .bind(id_list(batch.subjects))
        .execute(&mut *tx)
        .await
        .map_err(|error| from_sqlx(&error))?;
    for rows in batch.rows.chunks(ROWS) {
        insert_in_tx(&mut tx, rows).await?;
    }
    put_checkpoint_in_tx(&mut tx, batch.checkpoint).await?;
    tx.commit().await.map_err(|error| from_sqlx(&error))
}

pub(super) async fn clear(pool: &SqlitePool) -> Result<(), StoreError> {
    let mut tx = pool.begin_with("BEGIN IMMEDIATE").await.map_err(|error| from_sqlx(&error))?;
    sqlx::query("DELETE FROM entry").execute(&mut *tx).await.map_err(|error| from_sqlx(&error))?;
    put_checkpoint_in_tx(&mut tx, 0).await?;
    tx.commit().await.map_err(|error| from_sqlx(&error))
}

async fn put_checkpoint_in_tx(tx: &mut SqliteConnection, checkpoint: i64) -> Result<(), StoreError> {
    let put = sqlx::query("UPDATE source SET checkpoint = ?").bind(checkpoint).execute(tx).await;
    put.map(|_| ()).map_err(|error| from_sqlx(&error))
}

async fn insert_in_tx(tx: &mut SqliteConnection, rows: &[EntryRow]) -> Result<(), StoreError> {
    let mut words = Vec::with_capacity(rows.len());
    for row in rows {
        words.push((row.code.as_ref().map(to_text).transpose()?, row.ground.as_ref().map(to_text).transpose()?));
    }
    let mut insert = QueryBuilder::<Sqlite>::new(concat!("INSERT INTO entry (", columns!(), ", history) "));
    insert.push_values(rows.iter().zip(words), |mut values, (row, (code, ground))| {
        values
            .push_bind(bytes(row.entry_id))
            .push_bind(bytes(row.customer_id.0))
            .push_bind(bytes(row.subject))
            .push_bind(kind_code(row.kind))
            .push_bind(row.other_id.map(bytes))
            .push_bind(row.at.timestamp_millis())
            .push_bind(row.started_at.map(|at| at.timestamp_millis()))
            .push_bind(row.ended_at.map(|at| at.timestamp_millis()))
            .push_bind(row.area_id.map(|id| bytes(id.0)))
            .push_bind(row.status.clone())
            .push_bind(row.points)
            .push_bind(row.penalty_points)
            .push_bind(code)
            .push_bind(ground)
            .push_bind(row.note_id.map(|id| bytes(id.0)))
            .push_bind(bytes(row.incarnation.0))
            .push_bind(bytes(row.staff_id.0))
            .push_bind(row.accrued_after)
            .push_bind(history(row.kind));
    });
    // Only the statement for a full block comes again.
    let inserted = insert.build().persistent(rows.len() == ROWS).execute(tx).await;
    inserted.map(|_| ()).map_err(|error| from_sqlx(&error))
}

pub(super) fn bytes(id: Uuid) -> Vec<u8> {
    id.as_bytes().to_vec()
}
