//! Deletes the oldest traces when there are more spans than the limit.

use nosmoke_ports::StoreError;
use serde_json::json;

use super::page::trace_id;
use crate::sqlite::{Connection, params};

/// A trace with more spans is deleted in parts, oldest spans first, so that the work of one call is bounded.
const WHOLE_TRACE_SPANS_MAX: i64 = 2_048;

pub(super) const OLDEST_TRACES: &str = "SELECT trace_id, spans FROM trace ORDER BY began_us, trace_id LIMIT ?1";
pub(super) const DELETE_TRACES: [&str; 2] = [
    "DELETE FROM span WHERE trace_id IN (SELECT unhex(value) FROM json_each(?1))",
    "DELETE FROM trace WHERE trace_id IN (SELECT unhex(value) FROM json_each(?1))",
];
pub(super) const DELETE_OLDEST_SPANS: &str = "DELETE FROM span WHERE trace_id = ?1 AND span_id IN \
     (SELECT span_id FROM span WHERE trace_id = ?1 ORDER BY began_us, ended_us DESC LIMIT ?2)";

pub(super) fn prune_in_tx(db: &mut Connection, spans_max: u64) -> Result<(), StoreError> {
    let stored = db.row("SELECT spans FROM kept", params![], |row| Ok(row.int(0)))?.unwrap_or_default();
    let mut excess = stored.saturating_sub_unsigned(spans_max);
    if excess <= 0 {
        return Ok(());
    }
    // Each trace has at least one span, so no more than `excess` traces are needed.
    let oldest = db.rows(OLDEST_TRACES, params![excess], |row| Ok((trace_id(row.column(0))?, row.int(1))))?;
    let mut whole = Vec::new();
    let mut deleted = 0;
    for (trace, spans) in oldest {
        if excess <= 0 {
            break;
        }
        if spans > WHOLE_TRACE_SPANS_MAX.max(excess) {
            shorten_in_tx(db, &trace.to_bytes(), excess)?;
            deleted += excess;
            break;
        }
        whole.push(trace.to_string());
        (excess, deleted) = (excess - spans, deleted + spans);
    }
    let whole = json!(whole).to_string();
    for delete in DELETE_TRACES {
        db.execute(delete, params![whole])?;
    }
    db.execute("UPDATE kept SET spans = spans - ?1", params![deleted]).map(|_| ())
}

/// Deletes a trace's oldest spans.
fn shorten_in_tx(db: &mut Connection, trace: &[u8], spans: i64) -> Result<(), StoreError> {
    db.execute(DELETE_OLDEST_SPANS, params![trace, spans])?;
    db.execute("UPDATE trace SET spans = spans - ?2 WHERE trace_id = ?1", params![trace, spans]).map(|_| ())
}
