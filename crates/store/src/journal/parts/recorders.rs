//! The facts by who recorded or approved them.

use std::collections::BTreeSet;
use std::iter;

use nosmoke_domain::fact::Fact;
use nosmoke_ports::{RecordedQuery, StoreError};
use uuid::Uuid;

use crate::sqlite::{Connection, params};
use crate::words::limit;

/// Adds a new fact, once under its recorder and once under another person who approved it.
pub(super) fn add(db: &mut Connection, fact: &Fact, change_seq: i64) -> Result<(), StoreError> {
    let recorder = fact.recorded_by.id().0;
    let approver = fact.approved_by.map(|approver| approver.id.0).filter(|approver| *approver != recorder);
    for id in iter::once(recorder).chain(approver) {
        db.execute(
            "INSERT INTO fact_of_recorder (recorder_id, at_ms, change_seq) VALUES (?1, ?2, ?3)",
            params![id, fact.recorded_at.timestamp_millis(), change_seq],
        )?;
    }
    Ok(())
}

/// Returns the changes that a query asks for, newest first.
///
/// Those of everybody are merged from the newest of each recorder: recorders are few, and an index by time alone would
/// make every command slower.
pub(super) fn newest(db: &mut Connection, query: &RecordedQuery) -> Result<Vec<i64>, StoreError> {
    let from = query.from.map_or(i64::MIN, |at| at.timestamp_millis());
    let until = query.until.map_or(i64::MAX, |at| at.timestamp_millis());
    let (at_ms, change_seq) = query.before.unwrap_or((i64::MAX, i64::MAX));
    let ids = match query.by {
        Some(recorder) => vec![recorder.0],
        None => all(db)?,
    };
    // A set, because a fact stands under its recorder and under its approver.
    let mut newest = BTreeSet::new();
    for id in ids {
        newest.extend(db.rows(
            "SELECT at_ms, change_seq FROM fact_of_recorder WHERE recorder_id = ?1 AND at_ms >= ?2 AND at_ms < ?3 \
             AND (at_ms, change_seq) < (?4, ?5) ORDER BY at_ms DESC, change_seq DESC LIMIT ?6",
            params![id, from, until, at_ms, change_seq, limit(query.limit)],
            |row| Ok((row.int(0), row.int(1))),
        )?);
    }
    Ok(newest.into_iter().rev().take(query.limit).map(|(_, change_seq)| change_seq).collect())
}

/// Skips through the index from recorder to recorder.
pub(super) fn all(db: &mut Connection) -> Result<Vec<Uuid>, StoreError> {
    db.rows(
        "WITH RECURSIVE known (id) AS ( \
         SELECT min(recorder_id) FROM fact_of_recorder \
         UNION ALL SELECT (SELECT min(recorder_id) FROM fact_of_recorder WHERE recorder_id > known.id) FROM known \
         WHERE id IS NOT NULL) SELECT id FROM known WHERE id IS NOT NULL",
        params![],
        |row| row.id(0),
    )
}
