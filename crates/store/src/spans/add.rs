//! Adding: one call is one transaction, and its work doesn't grow with what is kept.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use nosmoke_ports::{Span, StoreError};
use opentelemetry::trace::{SpanId, TraceId};
use serde_json::{Value, json};

use super::leave::leave_in_tx;
use super::page::{span_id, trace_id};
use crate::raw::{Raw, Row, binds};

/// Rows that one statement binds.
const ROWS: usize = 512;

pub(super) fn add(raw: &mut Raw<'_>, spans: &[Span], spans_max: u64) -> Result<(), StoreError> {
    raw.execute("BEGIN IMMEDIATE", binds![])?;
    for spans in spans.chunks(ROWS) {
        let traces = insert_in_tx(raw, spans)?;
        count_in_tx(raw, traces)?;
    }
    leave_in_tx(raw, spans_max)?;
    raw.execute("COMMIT", binds![]).map(|_| ())
}

pub(super) const KEPT: &str = "SELECT trace_id, name, began_us, first_ended_us, first_span_id, ended_us, spans, failed \
                               FROM trace WHERE trace_id IN (SELECT unhex(value) FROM json_each(?1))";

/// What is kept of a trace, or what a batch adds to it.
struct Part {
    name: String,
    /// By it the first span is found: of two that began in the same microsecond the longer one, which may be the other's
    /// parent.
    first: (i64, Reverse<i64>, SpanId),
    ended_us: i64,
    spans: i64,
    failed: bool,
}

type Parts = HashMap<TraceId, Part>;

impl Part {
    fn join(&mut self, other: Self) {
        if key(&other.first) < key(&self.first) {
            self.first = other.first;
            self.name = other.name;
        }
        self.ended_us = self.ended_us.max(other.ended_us);
        self.spans += other.spans;
        self.failed |= other.failed;
    }
}

fn key((began_us, ended_us, id): &(i64, Reverse<i64>, SpanId)) -> (i64, Reverse<i64>, [u8; 8]) {
    (*began_us, *ended_us, id.to_bytes())
}

/// Adds those that aren't there yet, and tells what they add to their traces.
fn insert_in_tx(raw: &mut Raw<'_>, spans: &[Span]) -> Result<Parts, StoreError> {
    let rows: Vec<Value> = spans.iter().map(row).collect();
    let mut traces = Parts::new();
    let added = raw.rows(
        "INSERT INTO span (trace_id, span_id, parent_id, name, began_us, ended_us, problem, attributes, links) \
         SELECT unhex(value ->> 0), unhex(value ->> 1), unhex(value ->> 2), value ->> 3, value ->> 4, value ->> 5, \
         value ->> 6, value -> 7, value -> 8 FROM json_each(?1) WHERE TRUE \
         ON CONFLICT DO NOTHING RETURNING trace_id, span_id, name, began_us, ended_us, problem IS NOT NULL",
        binds![Value::Array(rows).to_string()],
        |row| {
            let first = (row.int(3), Reverse(row.int(4)), span_id(row, 1)?);
            let name = row.text(2)?.to_owned();
            Ok((trace_id(row, 0)?, Part { name, first, ended_us: row.int(4), spans: 1, failed: row.bool(5) }))
        },
    )?;
    for (trace, part) in added {
        join(&mut traces, trace, part);
    }
    Ok(traces)
}

fn row(span: &Span) -> Value {
    let links: Vec<String> = span.links.iter().map(ToString::to_string).collect();
    json!([
        span.trace_id.to_string(),
        span.span_id.to_string(),
        span.parent_id.map(|id| id.to_string()),
        span.name,
        span.began_at.timestamp_micros(),
        span.ended_at.timestamp_micros(),
        span.problem,
        span.attributes,
        links,
    ])
}

fn join(traces: &mut Parts, trace: TraceId, part: Part) {
    match traces.entry(trace) {
        Entry::Occupied(mut there) => there.get_mut().join(part),
        Entry::Vacant(place) => {
            place.insert(part);
        }
    }
}

/// Joins what was added to what is kept of the traces.
fn count_in_tx(raw: &mut Raw<'_>, mut traces: Parts) -> Result<(), StoreError> {
    let added: i64 = traces.values().map(|part| part.spans).sum();
    let ids: Vec<String> = traces.keys().map(ToString::to_string).collect();
    let kept = raw.rows(KEPT, binds![json!(ids).to_string()], |row| Ok((trace_id(row, 0)?, part(row)?)))?;
    for (trace, part) in kept {
        join(&mut traces, trace, part);
    }
    let rows: Vec<Value> = traces
        .iter()
        .map(|(trace, part)| {
            let (began_us, Reverse(first_ended_us), first) = part.first;
            let first = first.to_string();
            let Part { name, ended_us, spans, failed, .. } = part;
            json!([trace.to_string(), name, began_us, first_ended_us, first, ended_us, spans, i64::from(*failed)])
        })
        .collect();
    raw.execute(
        "INSERT OR REPLACE INTO trace \
         (trace_id, name, began_us, first_ended_us, first_span_id, ended_us, spans, failed) \
         SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, unhex(value ->> 4), value ->> 5, \
         value ->> 6, value ->> 7 FROM json_each(?1)",
        binds![Value::Array(rows).to_string()],
    )?;
    raw.execute("UPDATE kept SET spans = spans + ?1", binds![added]).map(|_| ())
}

fn part(row: &Row<'_>) -> Result<Part, StoreError> {
    Ok(Part {
        name: row.text(1)?.to_owned(),
        first: (row.int(2), Reverse(row.int(3)), span_id(row, 4)?),
        ended_us: row.int(5),
        spans: row.int(6),
        failed: row.bool(7),
    })
}
