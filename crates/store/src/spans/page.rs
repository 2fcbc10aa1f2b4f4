//! Reads pages of traces, newest first, and the spans of one trace.

use chrono::{DateTime, Utc};
use nosmoke_ports::{Span, StoreError, Trace, TraceCursor};
use opentelemetry::trace::{SpanId, TraceId};

use crate::error::corrupt;
use crate::sqlite::{Column, Connection, Row, params};
use crate::words;

macro_rules! columns {
    () => {
        "trace_id, name, began_us, ended_us, spans, failed"
    };
}

pub(super) const TRACES: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM trace WHERE (began_us, trace_id) < (?1, ?2) ORDER BY began_us DESC, trace_id DESC LIMIT ?3"
);
pub(super) const FAILED: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM trace WHERE failed = 1 AND (began_us, trace_id) < (?1, ?2) ORDER BY began_us DESC, trace_id DESC LIMIT ?3"
);
pub(super) const TRACE: &str = concat!("SELECT ", columns!(), " FROM trace WHERE trace_id = ?1");
pub(super) const SPANS: &str = "SELECT trace_id, span_id, parent_id, name, began_us, ended_us, problem, attributes, links \
     FROM span WHERE trace_id = ?1 ORDER BY began_us, ended_us DESC, span_id LIMIT ?2";

pub(super) fn traces(
    db: &mut Connection,
    before: Option<TraceCursor>,
    failed: bool,
    limit: usize,
) -> Result<Vec<Trace>, StoreError> {
    let (began_us, id) = before.map_or((i64::MAX, TraceId::INVALID), |(at, id)| (at.timestamp_micros(), id));
    let page = if failed { FAILED } else { TRACES };
    db.rows(page, params![began_us, &id.to_bytes()[..], words::limit(limit)], read_trace)
}

pub(super) fn trace(db: &mut Connection, trace: TraceId) -> Result<Option<Trace>, StoreError> {
    db.row(TRACE, params![&trace.to_bytes()[..]], read_trace)
}

pub(super) fn spans(db: &mut Connection, trace: TraceId, limit: usize) -> Result<Vec<Span>, StoreError> {
    db.rows(SPANS, params![&trace.to_bytes()[..], words::limit(limit)], read_span)
}

fn read_trace(row: &Row<'_>) -> Result<Trace, StoreError> {
    Ok(Trace {
        trace_id: trace_id(row.column(0))?,
        name: row.text(1)?.to_owned(),
        began_at: time(row, 2)?,
        ended_at: time(row, 3)?,
        spans: u32::try_from(row.int(4)).map_err(corrupt)?,
        failed: row.bool(5),
    })
}

fn read_span(row: &Row<'_>) -> Result<Span, StoreError> {
    let links: Vec<String> = serde_json::from_str(row.text(8)?).map_err(corrupt)?;
    Ok(Span {
        trace_id: trace_id(row.column(0))?,
        span_id: span_id(row.column(1))?,
        parent_id: row.optional(2, span_id)?,
        name: row.text(3)?.to_owned(),
        began_at: time(row, 4)?,
        ended_at: time(row, 5)?,
        problem: row.optional(6, |column| column.text().map(str::to_owned))?,
        attributes: serde_json::from_str(row.text(7)?).map_err(corrupt)?,
        links: links.iter().map(|id| TraceId::from_hex(id).map_err(corrupt)).collect::<Result<_, _>>()?,
    })
}

pub(super) fn trace_id(column: Column<'_>) -> Result<TraceId, StoreError> {
    let bytes = column.blob().try_into().map_err(|_| corrupt("a trace id isn't 16 bytes"))?;
    Ok(TraceId::from_bytes(bytes))
}

pub(super) fn span_id(column: Column<'_>) -> Result<SpanId, StoreError> {
    let bytes = column.blob().try_into().map_err(|_| corrupt("a span id isn't 8 bytes"))?;
    Ok(SpanId::from_bytes(bytes))
}

fn time(row: &Row<'_>, column: usize) -> Result<DateTime<Utc>, StoreError> {
    let us = row.int(column);
    DateTime::from_timestamp_micros(us).ok_or_else(|| corrupt(format!("{us} µs isn't a valid time")))
}
