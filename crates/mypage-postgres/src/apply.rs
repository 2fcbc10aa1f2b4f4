//! Writes to the read model. One step of the projector is one transaction of a few statements, whatever its size.

use std::collections::BTreeMap;

use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId, NoteId};
use nosmoke_ports::{EntryRow, ForkProgress, ProjectionBatch, SumChanges};
use sqlx::postgres::PgConnection;
use sqlx::{Connection, Error};
use uuid::Uuid;

use crate::day_sums;
use crate::row::{columns, decided_text, read_all, to_text};

/// Most rows inserted by one statement.
const INSERT_BATCH: usize = 5_000;

pub(crate) async fn checkpoint(reader: &mut PgConnection) -> Result<i64, Error> {
    sqlx::query_scalar("SELECT checkpoint FROM source").fetch_one(reader).await
}

pub(crate) async fn fork_progress(reader: &mut PgConnection) -> Result<BTreeMap<IncarnationId, ForkProgress>, Error> {
    let rows: Vec<(Uuid, Option<Uuid>)> =
        sqlx::query_as("SELECT incarnation, looked_to FROM fork").fetch_all(reader).await?;
    let progress = |to: Option<Uuid>| to.map_or(ForkProgress::All, |customer| ForkProgress::UpTo(CustomerId(customer)));
    Ok(rows.into_iter().map(|(incarnation, to)| (IncarnationId(incarnation), progress(to))).collect())
}

/// Applies a step of the projector. Returns false and writes nothing if the stored checkpoint isn't the one at which
/// the step began.
pub(crate) async fn apply(writer: &mut PgConnection, batch: &ProjectionBatch) -> Result<bool, Error> {
    let mut tx = writer.begin().await?;
    if checkpoint(&mut tx).await? != batch.after {
        return Ok(false);
    }
    let delete = concat!("DELETE FROM entry WHERE subject = ANY($1) RETURNING ", columns!());
    let removed = read_all(&sqlx::query(delete).bind(&batch.subjects).fetch_all(&mut *tx).await?)?;
    for rows in batch.rows.chunks(INSERT_BATCH) {
        insert_in_tx(&mut tx, rows).await?;
    }
    day_sums::change_in_tx(&mut tx, &SumChanges::between(&removed, &batch.rows)).await?;
    put_checkpoint_in_tx(&mut tx, batch.checkpoint).await?;
    for (incarnation, progress) in &batch.forks {
        put_fork_in_tx(&mut tx, *incarnation, *progress).await?;
    }
    tx.commit().await?;
    Ok(true)
}

pub(crate) async fn clear(writer: &mut PgConnection) -> Result<(), Error> {
    let mut tx = writer.begin().await?;
    // Deleting millions of rows would take longer than a statement may.
    sqlx::query("TRUNCATE entry, fork, day_sum, hour_presence").execute(&mut *tx).await?;
    put_checkpoint_in_tx(&mut tx, 0).await?;
    tx.commit().await
}

async fn put_checkpoint_in_tx(tx: &mut PgConnection, checkpoint: i64) -> Result<(), Error> {
    sqlx::query("UPDATE source SET checkpoint = $1").bind(checkpoint).execute(tx).await.map(drop)
}

async fn put_fork_in_tx(
    tx: &mut PgConnection,
    incarnation: IncarnationId,
    progress: ForkProgress,
) -> Result<(), Error> {
    let looked_to = match progress {
        ForkProgress::UpTo(customer) => Some(customer.0),
        ForkProgress::All => None,
    };
    let put = "INSERT INTO fork (incarnation, looked_to) VALUES ($1, $2) \
               ON CONFLICT (incarnation) DO UPDATE SET looked_to = excluded.looked_to";
    sqlx::query(put).bind(incarnation.0).bind(looked_to).execute(tx).await.map(drop)
}

async fn insert_in_tx(tx: &mut PgConnection, rows: &[EntryRow]) -> Result<(), Error> {
    fn each<T>(rows: &[EntryRow], of: impl Fn(&EntryRow) -> T) -> Vec<T> {
        rows.iter().map(of).collect()
    }
    let ids = |of: fn(&EntryRow) -> Uuid| each(rows, of);
    let numbers = |of: fn(&EntryRow) -> i64| each(rows, of);
    let words = |of: fn(&EntryRow) -> Result<Option<String>, Error>| rows.iter().map(of).collect::<Result<Vec<_>, _>>();
    let insert = concat!(
        "INSERT INTO entry (",
        columns!(),
        ", history) SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::smallint[], $5::uuid[], $6::bigint[], \
         $7::bigint[], $8::bigint[], $9::uuid[], $10::text[], $11::bigint[], $12::bigint[], $13::text[], $14::text[], \
         $15::uuid[], $16::uuid[], $17::uuid[], $18::bigint[], $19::bigint[], $20::text[], $21::smallint[])"
    );
    sqlx::query(insert)
        .bind(ids(|row| row.entry_id))
        .bind(ids(|row| row.customer_id.0))
        .bind(ids(|row| row.subject))
        .bind(each(rows, |row| row.kind.code()))
        .bind(each(rows, |row| row.other_id))
        .bind(numbers(|row| row.at.timestamp_millis()))
        .bind(each(rows, |row| row.started_at.map(|at| at.timestamp_millis())))
        .bind(each(rows, |row| row.ended_at.map(|at| at.timestamp_millis())))
        .bind(each(rows, |row| row.area_id.map(|AreaId(id)| id)))
        .bind(each(rows, |row| row.status.clone()))
        .bind(numbers(|row| row.points))
        .bind(numbers(|row| row.penalty_points))
        .bind(words(|row| row.code.as_ref().map(to_text).transpose())?)
        .bind(words(|row| row.ground.as_ref().map(to_text).transpose())?)
        .bind(each(rows, |row| row.note_id.map(|NoteId(id)| id)))
        .bind(ids(|row| row.incarnation.0))
        .bind(ids(|row| row.recorder_id.0))
        .bind(each(rows, |row| row.accrued_after))
        .bind(each(rows, |row| row.entered_at.map(|at| at.timestamp_millis())))
        .bind(words(|row| decided_text(row.decided))?)
        .bind(each(rows, |row| row.kind.history().code()))
        .execute(tx)
        .await
        .map(drop)
}
