//! Queries of traces for the screens; they contain only the spans that this terminal recorded.

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_ports::contract::{AppError, ErrorCode, SpanStep, TracePage, TraceRow, TraceSpan, TraceView, TracesInput};
use nosmoke_ports::{Span, SpanStore, Trace, TraceCursor};
use opentelemetry::trace::TraceId;
use serde::Deserialize;
use serde::de::value::{Error, StrDeserializer};
use serde_json::json;

use super::paging::{PAGE_MAX, limit_of, not_a_cursor};

/// The prefix of this list's cursors. Other lists have other prefixes, so that a cursor passed to the wrong list is
/// refused.
const CURSOR: &str = "traces.";
/// Upper bound for the spans of one timeline. A trace can be very long, because a caller of the gateway may send the
/// same trace id with every request.
const MAX_SPANS: usize = 2_000;
/// The number of hexadecimal digits of a trace id.
const ID_DIGITS: usize = 32;

/// Returns a page of traces, newest first. If the input has a trace id, returns only that trace, or an empty page if it
/// isn't stored. `lost`, the number of lost spans, is only copied to the page.
///
/// # Errors
/// `invalid_input` for a cursor of another list (field `cursor`) or an invalid trace id (field `traceId`), or an error
/// of the store.
pub async fn page(store: &dyn SpanStore, input: TracesInput, lost: u64) -> Result<TracePage, AppError> {
    if let Some(id) = &input.trace_id {
        let found = store.trace(parse_id(id)?).await?;
        return Ok(TracePage { traces: found.map(row).into_iter().collect(), cursor: None, lost });
    }
    let before = input.cursor.as_deref().map(parse_cursor).transpose()?;
    let limit = limit_of(input.limit, PAGE_MAX);
    let mut traces = store.traces(before, input.failed, limit + 1).await?;
    let more = traces.len() > limit;
    traces.truncate(limit);
    let cursor = traces.last().filter(|_| more).map(cursor);
    Ok(TracePage { traces: traces.into_iter().map(row).collect(), cursor, lost })
}

/// Returns one trace as a timeline.
///
/// # Errors
/// `unknown_trace` if no span of the trace is stored (any more); `invalid_input` for an invalid trace id, or an error
/// of the store.
pub async fn view(store: &dyn SpanStore, trace_id: &str) -> Result<TraceView, AppError> {
    let id = parse_id(trace_id)?;
    let Some(trace) = store.trace(id).await? else { return Err(AppError::new(ErrorCode::UnknownTrace)) };
    let spans = store.spans(id, MAX_SPANS).await?;
    let Some(first) = spans.first() else { return Err(AppError::new(ErrorCode::UnknownTrace)) };
    let omitted = usize::try_from(trace.spans).unwrap_or(usize::MAX).saturating_sub(spans.len());
    let began_at = first.began_at;
    let ended_at = spans.iter().map(|span| span.ended_at).max().unwrap_or(began_at);
    Ok(TraceView {
        trace_id: id.to_string(),
        began_at: began_at.timestamp_millis(),
        took_ms: ms_between(began_at, ended_at),
        spans: spans.into_iter().map(|span| line(span, began_at)).collect(),
        omitted: u32::try_from(omitted).unwrap_or(u32::MAX),
    })
}

fn row(trace: Trace) -> TraceRow {
    let (step, subject) = step_of(&trace.name);
    TraceRow {
        trace_id: trace.trace_id.to_string(),
        step,
        subject,
        began_at: trace.began_at.timestamp_millis(),
        took_ms: ms_between(trace.began_at, trace.ended_at),
        spans: trace.spans,
        failed: trace.failed,
    }
}

fn line(span: Span, began_at: DateTime<Utc>) -> TraceSpan {
    let (step, subject) = step_of(&span.name);
    TraceSpan {
        span_id: span.span_id.to_string(),
        parent_id: span.parent_id.map(|id| id.to_string()),
        step,
        subject,
        offset_ms: ms_between(began_at, span.began_at),
        took_ms: ms_between(span.began_at, span.ended_at),
        problem: span.problem,
        attributes: span.attributes,
        links: span.links.iter().map(ToString::to_string).collect(),
    }
}

/// Splits a span's name into its step and subject. If the step is unknown (from another version), the subject is the
/// whole name.
fn step_of(name: &str) -> (SpanStep, String) {
    let (word, subject) = name.split_once(' ').unwrap_or((name, ""));
    match SpanStep::deserialize(StrDeserializer::<Error>::new(word)) {
        Ok(SpanStep::Other) | Err(_) => (SpanStep::Other, name.to_owned()),
        Ok(step) => (step, subject.to_owned()),
    }
}

/// Returns the difference in ms, to the microsecond; never negative, even if a clock was set back.
fn ms_between(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    let us = (to - from).max(TimeDelta::zero()).num_microseconds().unwrap_or(i64::MAX);
    #[expect(clippy::cast_precision_loss, reason = "exact for 285 years")]
    let us = us as f64;
    us / 1_000.0
}

fn cursor(last: &Trace) -> String {
    format!("{CURSOR}{}.{}", last.began_at.timestamp_micros(), last.trace_id)
}

fn parse_cursor(text: &str) -> Result<TraceCursor, AppError> {
    let parsed = text.strip_prefix(CURSOR).and_then(|rest| {
        let (began_us, id) = rest.split_once('.')?;
        Some((DateTime::from_timestamp_micros(began_us.parse().ok()?)?, digits_of(id)?))
    });
    parsed.ok_or_else(not_a_cursor)
}

fn parse_id(text: &str) -> Result<TraceId, AppError> {
    digits_of(text).ok_or_else(|| {
        AppError::with(ErrorCode::InvalidInput, json!({ "detail": "traceId must be 32 hexadecimal digits" }))
    })
}

fn digits_of(text: &str) -> Option<TraceId> {
    // `from_hex` also accepts fewer digits, and a sign.
    let whole = text.len() == ID_DIGITS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if whole { TraceId::from_hex(text).ok() } else { None }
}

#[cfg(test)]
mod tests;
