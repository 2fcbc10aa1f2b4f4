//! The bound: what is beyond it leaves, the oldest traces first.

use nosmoke_ports::StoreError;
use serde_json::json;

use super::page::trace_id;
use crate::raw::{Raw, binds};

/// A trace of so many spans leaves as a whole; a longer one in parts, its oldest spans first, so that one call's work stays
/// bounded.
const WHOLE_MAX: i64 = 2_048;

pub(super) const OLDEST: &str = "SELECT trace_id, spans FROM trace ORDER BY began_us, trace_id LIMIT ?1";
pub(super) const LEAVE: [&str; 2] = [
    "DELETE FROM span WHERE trace_id IN (SELECT unhex(value) FROM json_each(?1))",
    "DELETE FROM trace WHERE trace_id IN (SELECT unhex(value) FROM json_each(?1))",
];
pub(super) const CUT: &str = "DELETE FROM span WHERE trace_id = ?1 AND span_id IN \
                              (SELECT span_id FROM span WHERE trace_id = ?1 ORDER BY began_us, ended_us DESC LIMIT ?2)";

pub(super) fn leave_in_tx(raw: &mut Raw<'_>, spans_max: u64) -> Result<(), StoreError> {
    let kept = raw.row("SELECT spans FROM kept", binds![], |row| Ok(row.int(0)))?.unwrap_or_default();
    let mut over = kept.saturating_sub_unsigned(spans_max);
    if over <= 0 {
        return Ok(());
    }
    // Each has a span at least.
    let oldest = raw.rows(OLDEST, binds![over], |row| Ok((trace_id(row, 0)?, row.int(1))))?;
    let mut whole = Vec::new();
    let mut left = 0;
    for (trace, spans) in oldest {
        if over <= 0 {
            break;
        }
        if spans > WHOLE_MAX.max(over) {
            cut_in_tx(raw, &trace.to_bytes(), over)?;
            left += over;
            break;
        }
        whole.push(trace.to_string());
        (over, left) = (over - spans, left + spans);
    }
    let whole = json!(whole).to_string();
    for leave in LEAVE {
        raw.execute(leave, binds![whole.as_str()])?;
    }
    raw.execute("UPDATE kept SET spans = spans - ?1", binds![left]).map(|_| ())
}

/// Takes a trace's oldest spans away.
fn cut_in_tx(raw: &mut Raw<'_>, trace: &[u8], spans: i64) -> Result<(), StoreError> {
    raw.execute(CUT, binds![trace, spans])?;
    raw.execute("UPDATE trace SET spans = spans - ?2 WHERE trace_id = ?1", binds![trace, spans]).map(|_| ())
}
