//! Writes to Mypage's read model: one transaction per step of the projector.

use std::collections::BTreeMap;

use nosmoke_domain::ids::{CustomerId, IncarnationId};
use nosmoke_ports::{EntryRow, ForkProgress, ProjectionBatch, StoreError};
use uuid::Uuid;

use super::day_sums;
use super::row::{columns, decided_text, read};
use crate::sqlite::{Column, Connection, params};
use crate::words::{id_list, to_text};

/// Ties the file to a journal. Clears it unless it was projected from this journal, up to `last_change` at most.
pub(super) fn claim(db: &mut Connection, store_id: Uuid, last_change: i64) -> Result<(), StoreError> {
    db.execute("BEGIN IMMEDIATE", params![])?;
    let source = db.row("SELECT store_id, checkpoint FROM source", params![], |row| Ok((row.id(0)?, row.int(1))))?;
    if !source.is_some_and(|(id, checkpoint)| id == store_id && checkpoint <= last_change) {
        db.execute("DELETE FROM entry", params![])?;
        db.execute("DELETE FROM fork", params![])?;
        day_sums::clear_in_tx(db)?;
        db.execute("DELETE FROM source", params![])?;
        db.execute("INSERT INTO source (only, store_id, checkpoint) VALUES (1, ?1, 0)", params![store_id])?;
    }
    db.execute("COMMIT", params![]).map(|_| ())
}

/// Reads the store id of the journal that the file was projected from.
pub(super) fn source(db: &mut Connection) -> Result<Option<Uuid>, StoreError> {
    db.row("SELECT store_id FROM source", params![], |row| row.id(0))
}

pub(super) fn checkpoint(db: &mut Connection) -> Result<i64, StoreError> {
    Ok(db.row("SELECT checkpoint FROM source", params![], |row| Ok(row.int(0)))?.unwrap_or_default())
}

pub(super) fn fork_progress(db: &mut Connection) -> Result<BTreeMap<IncarnationId, ForkProgress>, StoreError> {
    let rows = db.rows("SELECT incarnation, looked_to FROM fork", params![], |row| {
        let looked_to = row.optional(1, Column::id)?;
        let progress = looked_to.map_or(ForkProgress::All, |customer| ForkProgress::UpTo(CustomerId(customer)));
        Ok((IncarnationId(row.id(0)?), progress))
    })?;
    Ok(rows.into_iter().collect())
}

pub(super) fn go_back(db: &mut Connection, change_seq: i64) -> Result<(), StoreError> {
    db.execute("UPDATE source SET checkpoint = min(checkpoint, ?1)", params![change_seq]).map(|_| ())
}

pub(super) fn apply(db: &mut Connection, batch: ProjectionBatch) -> Result<bool, StoreError> {
    db.execute("BEGIN IMMEDIATE", params![])?;
    if checkpoint(db)? != batch.after {
        return db.execute("ROLLBACK", params![]).map(|_| false);
    }
    let removed = db.rows(
        concat!("DELETE FROM entry WHERE subject IN (SELECT unhex(value) FROM json_each(?1)) RETURNING ", columns!()),
        params![id_list(batch.subjects)],
        read,
    )?;
    for row in &batch.rows {
        insert_in_tx(db, row)?;
    }
    day_sums::change_in_tx(db, &removed, &batch.rows)?;
    put_checkpoint_in_tx(db, batch.checkpoint)?;
    for (incarnation, progress) in &batch.forks {
        put_fork_in_tx(db, *incarnation, *progress)?;
    }
    db.execute("COMMIT", params![]).map(|_| true)
}

pub(super) fn clear(db: &mut Connection) -> Result<(), StoreError> {
    db.execute("BEGIN IMMEDIATE", params![])?;
    db.execute("DELETE FROM entry", params![])?;
    db.execute("DELETE FROM fork", params![])?;
    day_sums::clear_in_tx(db)?;
    put_checkpoint_in_tx(db, 0)?;
    db.execute("COMMIT", params![]).map(|_| ())
}

fn put_checkpoint_in_tx(db: &mut Connection, checkpoint: i64) -> Result<(), StoreError> {
    db.execute("UPDATE source SET checkpoint = ?1", params![checkpoint]).map(|_| ())
}

fn put_fork_in_tx(db: &mut Connection, incarnation: IncarnationId, progress: ForkProgress) -> Result<(), StoreError> {
    let looked_to = match progress {
        ForkProgress::UpTo(customer) => Some(customer.0),
        ForkProgress::All => None,
    };
    let sql = "INSERT INTO fork (incarnation, looked_to) VALUES (?1, ?2) \
               ON CONFLICT (incarnation) DO UPDATE SET looked_to = excluded.looked_to";
    db.execute(sql, params![incarnation.0, looked_to]).map(|_| ())
}

fn insert_in_tx(db: &mut Connection, row: &EntryRow) -> Result<(), StoreError> {
    db.execute(
        concat!(
            "INSERT INTO entry (",
            columns!(),
            ", history) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)"
        ),
        params![
            row.entry_id,
            row.customer_id.0,
            row.subject,
            i64::from(row.kind.code()),
            row.other_id,
            row.at.timestamp_millis(),
            row.started_at.map(|at| at.timestamp_millis()),
            row.ended_at.map(|at| at.timestamp_millis()),
            row.area_id.map(|id| id.0),
            row.status.as_str(),
            row.points,
            row.penalty_points,
            row.code.as_ref().map(to_text).transpose()?,
            row.ground.as_ref().map(to_text).transpose()?,
            row.note_id.map(|id| id.0),
            row.incarnation.0,
            row.recorder_id.0,
            row.accrued_after,
            row.entered_at.map(|at| at.timestamp_millis()),
            decided_text(row.decided)?,
            i64::from(row.kind.history().code()),
        ],
    )?;
    Ok(())
}
