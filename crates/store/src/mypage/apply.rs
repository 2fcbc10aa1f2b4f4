//! Writing: one step of the projector is one transaction.

use nosmoke_ports::{EntryRow, ProjectionBatch, StoreError};
use uuid::Uuid;

use super::row::columns;
use crate::raw::{Raw, binds};
use crate::words::{id_list, to_text};

/// Keeps what was projected from this journal, up to `last_change` at most; else begins anew.
pub(super) fn claim(raw: &mut Raw<'_>, store_id: Uuid, last_change: i64) -> Result<(), StoreError> {
    raw.execute("BEGIN IMMEDIATE", binds![])?;
    let source = raw.row("SELECT store_id, checkpoint FROM source", binds![], |row| Ok((row.id(0)?, row.int(1))))?;
    if !source.is_some_and(|(id, checkpoint)| id == store_id && checkpoint <= last_change) {
        raw.execute("DELETE FROM entry", binds![])?;
        raw.execute("DELETE FROM source", binds![])?;
        raw.execute("INSERT INTO source (only, store_id, checkpoint) VALUES (1, ?1, 0)", binds![store_id])?;
    }
    raw.execute("COMMIT", binds![]).map(|_| ())
}

/// Whose journal it is made of.
pub(super) fn source(raw: &mut Raw<'_>) -> Result<Option<Uuid>, StoreError> {
    raw.row("SELECT store_id FROM source", binds![], |row| row.id(0))
}

pub(super) fn checkpoint(raw: &mut Raw<'_>) -> Result<i64, StoreError> {
    Ok(raw.row("SELECT checkpoint FROM source", binds![], |row| Ok(row.int(0)))?.unwrap_or_default())
}

pub(super) fn go_back(raw: &mut Raw<'_>, change_seq: i64) -> Result<(), StoreError> {
    raw.execute("UPDATE source SET checkpoint = min(checkpoint, ?1)", binds![change_seq]).map(|_| ())
}

pub(super) fn apply(raw: &mut Raw<'_>, batch: ProjectionBatch) -> Result<bool, StoreError> {
    raw.execute("BEGIN IMMEDIATE", binds![])?;
    if checkpoint(raw)? != batch.after {
        return raw.execute("ROLLBACK", binds![]).map(|_| false);
    }
    raw.execute(
        "DELETE FROM entry WHERE subject IN (SELECT unhex(value) FROM json_each(?1))",
        binds![id_list(batch.subjects)],
    )?;
    for row in &batch.rows {
        insert_in_tx(raw, row)?;
    }
    put_checkpoint_in_tx(raw, batch.checkpoint)?;
    raw.execute("COMMIT", binds![]).map(|_| true)
}

pub(super) fn clear(raw: &mut Raw<'_>) -> Result<(), StoreError> {
    raw.execute("BEGIN IMMEDIATE", binds![])?;
    raw.execute("DELETE FROM entry", binds![])?;
    put_checkpoint_in_tx(raw, 0)?;
    raw.execute("COMMIT", binds![]).map(|_| ())
}

fn put_checkpoint_in_tx(raw: &mut Raw<'_>, checkpoint: i64) -> Result<(), StoreError> {
    raw.execute("UPDATE source SET checkpoint = ?1", binds![checkpoint]).map(|_| ())
}

fn insert_in_tx(raw: &mut Raw<'_>, row: &EntryRow) -> Result<(), StoreError> {
    raw.execute(
        concat!(
            "INSERT INTO entry (",
            columns!(),
            ", history) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)"
        ),
        binds![
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
            row.staff_id.0,
            row.accrued_after,
            i64::from(row.kind.history().code()),
        ],
    )?;
    Ok(())
}
