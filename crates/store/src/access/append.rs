//! Adds rows, each chained to the one before, checks the chain, and deletes old rows from its beginning.

use std::ops::ControlFlow;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::fact::Hash;
use nosmoke_ports::{AccessRow, StoreError};

use super::row::{Columns, columns};
use crate::error::corrupt;
use crate::sqlite::{Connection, params};
use crate::words;

/// At most so much of the log is deleted at a time.
const PRUNED_AT_ONCE: TimeDelta = TimeDelta::days(31);

pub(super) const INSERT: &str =
    concat!("INSERT INTO access (", columns!(), ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)");
pub(super) const LAST: &str = "SELECT number, hash FROM access ORDER BY number DESC LIMIT 1";
pub(super) const FIRST: &str = "SELECT at_ms FROM access ORDER BY number LIMIT 1";
pub(super) const PRUNED: &str = "SELECT number, hash, at_ms FROM pruned WHERE only = 1";

pub(super) fn append(db: &mut Connection, rows: &[AccessRow]) -> Result<(), StoreError> {
    db.execute("BEGIN IMMEDIATE", params![])?;
    let (mut number, mut hash) = match db.row(LAST, params![], |row| Ok((row.int(0), words::hash(row.column(1))?)))? {
        Some(last) => last,
        None => pruned(db)?.0,
    };
    for row in rows {
        number += 1;
        let columns = Columns::of(number, row)?;
        hash = columns.hash(hash);
        let Columns { number, at_ms, by_kind, by_id, terminal_id, act, whose, outcome, code, reason, count } = columns;
        db.execute(
            INSERT,
            params![number, at_ms, by_kind, by_id, terminal_id, act, whose, outcome, code, reason, count, &hash.0[..]],
        )?;
    }
    db.execute("COMMIT", params![]).map(|_| ())
}

/// The number and hash of the last deleted row, and when rows were deleted last.
fn pruned(db: &mut Connection) -> Result<((i64, Hash), i64), StoreError> {
    let pruned = db.row(PRUNED, params![], |row| Ok(((row.int(0), words::hash(row.column(1))?), row.int(2))))?;
    pruned.ok_or_else(|| corrupt("the access log doesn't say where it begins"))
}

/// Returns the number of the first row whose hash, or whose place in the numbering, isn't as it was written.
pub(crate) fn verify(db: &mut Connection) -> Result<Option<i64>, StoreError> {
    let ((mut number, mut hash), _) = pruned(db)?;
    let mut changed = None;
    let sql = concat!("SELECT ", columns!(), " FROM access ORDER BY number");
    db.each(sql, params![], |row| {
        number += 1;
        let (columns, stored) = Columns::read(row)?;
        hash = columns.hash(hash);
        if columns.number == number && stored == hash {
            return Ok(ControlFlow::Continue(()));
        }
        changed = Some(number);
        Ok(ControlFlow::Break(()))
    })?;
    Ok(changed)
}

pub(super) fn prune(db: &mut Connection, now: DateTime<Utc>, cutoff: DateTime<Utc>) -> Result<u64, StoreError> {
    db.execute("BEGIN IMMEDIATE", params![])?;
    let deleted = prune_in_tx(db, now, cutoff)?;
    db.execute("COMMIT", params![])?;
    Ok(deleted)
}

fn prune_in_tx(db: &mut Connection, now: DateTime<Utc>, cutoff: DateTime<Utc>) -> Result<u64, StoreError> {
    let (_, last_ms) = pruned(db)?;
    let Some(oldest_ms) = db.row(FIRST, params![], |row| Ok(row.int(0)))? else { return Ok(0) };
    let cutoff_ms = cutoff.timestamp_millis().min(oldest_ms.saturating_add(PRUNED_AT_ONCE.num_milliseconds()));
    let is_today = now.timestamp_millis() - last_ms < TimeDelta::hours(23).num_milliseconds();
    if is_today || oldest_ms >= cutoff_ms {
        return Ok(0);
    }
    // Only a beginning of the chain can go.
    let mut end = None;
    db.each("SELECT number, hash, at_ms FROM access ORDER BY number", params![], |row| {
        if row.int(2) >= cutoff_ms {
            return Ok(ControlFlow::Break(()));
        }
        end = Some((row.int(0), words::hash(row.column(1))?));
        Ok(ControlFlow::Continue(()))
    })?;
    let Some((number, hash)) = end else { return Ok(0) };
    let set = "UPDATE pruned SET number = ?1, hash = ?2, at_ms = ?3 WHERE only = 1";
    db.execute(set, params![number, &hash.0[..], now.timestamp_millis()])?;
    db.execute("DELETE FROM access WHERE number <= ?1", params![number])
}
