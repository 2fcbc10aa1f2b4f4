//! Adds spans: one transaction per call, whose cost doesn't grow with the number of stored spans.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use nosmoke_ports::{Span, StoreError};
use opentelemetry::trace::{SpanId, TraceId};
use serde_json::{Value, json};

use super::page::{span_id, trace_id};
use super::prune::prune_in_tx;
use crate::sqlite::{Connection, Row, params};

/// Spans inserted by one statement.
const INSERT_BATCH: usize = 512;

pub(super) fn add(db: &mut Connection, spans: &[Span], spans_max: u64) -> Result<(), StoreError> {
    db.execute("BEGIN IMMEDIATE", params![])?;
    for spans in spans.chunks(INSERT_BATCH) {
        let traces = insert_in_tx(db, spans)?;
        count_in_tx(db, traces)?;
    }
    prune_in_tx(db, spans_max)?;
    db.execute("COMMIT", params![]).map(|_| ())
}

pub(super) const STORED: &str = "SELECT trace_id, name, began_us, first_ended_us, first_span_id, ended_us, spans, failed \
     FROM trace WHERE trace_id IN (SELECT unhex(value) FROM json_each(?1))";

/// The row of a trace, or the changes that a batch makes to it.
struct Summary {
    name: String,
    /// Start, end and id of the first span, which gives the trace its name. Of two spans that began in the same
    /// microsecond the longer one counts as first, because it may be the other's parent.
    first: (i64, Reverse<i64>, SpanId),
    ended_us: i64,
    spans: i64,
    failed: bool,
}

type Summaries = HashMap<TraceId, Summary>;

impl Summary {
    fn merge(&mut self, other: Self) {
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

/// Inserts the spans that aren't stored yet, and returns the changes to their traces.
fn insert_in_tx(db: &mut Connection, spans: &[Span]) -> Result<Summaries, StoreError> {
    let rows: Vec<Value> = spans.iter().map(row).collect();
    let mut traces = Summaries::new();
    let added = db.rows(
        "INSERT INTO span (trace_id, span_id, parent_id, name, began_us, ended_us, problem, attributes, links) \
         SELECT unhex(value ->> 0), unhex(value ->> 1), unhex(value ->> 2), value ->> 3, value ->> 4, value ->> 5, \
         value ->> 6, value -> 7, value -> 8 FROM json_each(?1) WHERE TRUE \
         ON CONFLICT DO NOTHING RETURNING trace_id, span_id, name, began_us, ended_us, problem IS NOT NULL",
        params![Value::Array(rows).to_string()],
        |row| {
            let first = (row.int(3), Reverse(row.int(4)), span_id(row.column(1))?);
            let name = row.text(2)?.to_owned();
            Ok((trace_id(row.column(0))?, Summary { name, first, ended_us: row.int(4), spans: 1, failed: row.bool(5) }))
        },
    )?;
    for (trace, summary) in added {
        merge(&mut traces, trace, summary);
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

fn merge(traces: &mut Summaries, trace: TraceId, summary: Summary) {
    match traces.entry(trace) {
        Entry::Occupied(mut there) => there.get_mut().merge(summary),
        Entry::Vacant(place) => {
            place.insert(summary);
        }
    }
}

/// Updates the rows of the traces that got spans.
fn count_in_tx(db: &mut Connection, mut traces: Summaries) -> Result<(), StoreError> {
    let added: i64 = traces.values().map(|summary| summary.spans).sum();
    let ids: Vec<String> = traces.keys().map(ToString::to_string).collect();
    let stored =
        db.rows(STORED, params![json!(ids).to_string()], |row| Ok((trace_id(row.column(0))?, summary(row)?)))?;
    for (trace, summary) in stored {
        merge(&mut traces, trace, summary);
    }
    let rows: Vec<Value> = traces
        .iter()
        .map(|(trace, summary)| {
            let (began_us, Reverse(first_ended_us), first) = summary.first;
            let first = first.to_string();
            let Summary { name, ended_us, spans, failed, .. } = summary;
            json!([trace.to_string(), name, began_us, first_ended_us, first, ended_us, spans, i64::from(*failed)])
        })
        .collect();
    db.execute(
        "INSERT OR REPLACE INTO trace \
         (trace_id, name, began_us, first_ended_us, first_span_id, ended_us, spans, failed) \
         SELECT unhex(value ->> 0), value ->> 1, value ->> 2, value ->> 3, unhex(value ->> 4), value ->> 5, \
         value ->> 6, value ->> 7 FROM json_each(?1)",
        params![Value::Array(rows).to_string()],
    )?;
    db.execute("UPDATE kept SET spans = spans + ?1", params![added]).map(|_| ())
}

fn summary(row: &Row<'_>) -> Result<Summary, StoreError> {
    Ok(Summary {
        name: row.text(1)?.to_owned(),
        first: (row.int(2), Reverse(row.int(3)), span_id(row.column(4))?),
        ended_us: row.int(5),
        spans: row.int(6),
        failed: row.bool(7),
    })
}
