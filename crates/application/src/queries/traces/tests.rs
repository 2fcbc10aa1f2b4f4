use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use async_trait::async_trait;
use nosmoke_ports::StoreError;
use opentelemetry::trace::SpanId;

use super::*;

/// A span store in memory.
#[derive(Debug, Default)]
struct Memory(Mutex<Vec<Span>>);

impl Memory {
    fn of(spans: Vec<Span>) -> Self {
        Self(Mutex::new(spans))
    }

    fn kept(&self) -> Vec<Span> {
        let mut spans = self.0.lock().unwrap().clone();
        spans.sort_by_key(|span| span.began_at);
        spans
    }
}

#[async_trait]
impl SpanStore for Memory {
    async fn add(&self, spans: Vec<Span>) -> Result<(), StoreError> {
        self.0.lock().unwrap().extend(spans);
        Ok(())
    }

    async fn traces(&self, before: Option<TraceCursor>, failed: bool, limit: usize) -> Result<Vec<Trace>, StoreError> {
        let ids: BTreeSet<_> = self.kept().iter().map(|span| span.trace_id.to_bytes()).collect();
        let mut traces = Vec::new();
        for id in ids {
            traces.extend(self.trace(TraceId::from_bytes(id)).await?);
        }
        let place = |(at, id): TraceCursor| (at, id.to_bytes());
        let of = |trace: &Trace| place((trace.began_at, trace.trace_id));
        traces.sort_by_key(|trace| std::cmp::Reverse(of(trace)));
        traces.retain(|trace| (!failed || trace.failed) && before.is_none_or(|before| of(trace) < place(before)));
        traces.truncate(limit);
        Ok(traces)
    }

    async fn trace(&self, trace: TraceId) -> Result<Option<Trace>, StoreError> {
        let spans = self.spans(trace, usize::MAX).await?;
        Ok(spans.first().map(|first| Trace {
            trace_id: trace,
            name: first.name.clone(),
            began_at: first.began_at,
            ended_at: spans.iter().map(|span| span.ended_at).max().unwrap(),
            spans: u32::try_from(spans.len()).unwrap(),
            failed: spans.iter().any(|span| span.problem.is_some()),
        }))
    }

    async fn spans(&self, trace: TraceId, limit: usize) -> Result<Vec<Span>, StoreError> {
        Ok(self.kept().into_iter().filter(|span| span.trace_id == trace).take(limit).collect())
    }
}

fn trace_id(n: u128) -> TraceId {
    TraceId::from_bytes(n.to_be_bytes())
}

fn span(trace: u128, n: u64, name: &str, us: (i64, i64)) -> Span {
    let at = |us| DateTime::from_timestamp(1_800_000_000, 0).unwrap() + TimeDelta::microseconds(us);
    Span {
        trace_id: trace_id(trace),
        span_id: SpanId::from_bytes(n.to_be_bytes()),
        parent_id: (n > 1).then(|| SpanId::from_bytes((n - 1).to_be_bytes())),
        name: name.to_owned(),
        began_at: at(us.0),
        ended_at: at(us.1),
        problem: None,
        attributes: BTreeMap::new(),
        links: Vec::new(),
    }
}

fn asked(limit: u32) -> TracesInput {
    TracesInput { cursor: None, limit, failed: false, trace_id: None }
}

fn refused(error: &AppError) -> (ErrorCode, &str) {
    (error.code, error.params["detail"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn pages_follow_one_another_to_the_end_with_the_number_of_lost_spans() {
    let second = |n: u64| i64::try_from(n).unwrap() * 1_000_000;
    let spans = (1..=5).map(|n| span(n.into(), 1, "command pay", (second(n), second(n) + 10_500)));
    let store = Memory::of(spans.collect());
    let (mut input, mut found) = (asked(2), Vec::new());
    loop {
        let page = page(&store, input.clone(), 3).await.unwrap();
        assert_eq!(page.lost, 3);
        assert!(page.traces.len() <= 2);
        found.extend(page.traces.iter().map(|row| row.trace_id.clone()));
        let Some(cursor) = page.cursor else { break };
        input.cursor = Some(cursor);
    }
    assert_eq!(found, [5, 4, 3, 2, 1].map(|n| trace_id(n).to_string()));
    // A limit of 0 counts as 1; a limit that is too high is lowered.
    assert_eq!(page(&store, asked(0), 0).await.unwrap().traces.len(), 1);
    assert_eq!(page(&store, asked(u32::MAX), 0).await.unwrap().traces.len(), 5);
}

#[tokio::test]
async fn a_row_names_its_first_span() {
    let failed = Span { problem: Some("insufficient_points".into()), ..span(9, 2, "command pay", (1_000, 2_750)) };
    let store = Memory::of(vec![failed, span(9, 1, "click pay", (0, 2_500)), span(8, 1, "apply Paid", (-5, 0))]);
    let page = page(&store, TracesInput { failed: true, ..asked(10) }, 0).await.unwrap();
    let row = TraceRow {
        trace_id: format!("{:032x}", 9),
        step: SpanStep::Click,
        subject: "pay".into(),
        began_at: 1_800_000_000_000,
        took_ms: 2.75,
        spans: 2,
        failed: true,
    };
    assert_eq!((page.traces, page.cursor), (vec![row], None));
}

#[tokio::test]
async fn a_trace_is_found_by_its_id_whatever_the_other_filters() {
    let store = Memory::of(vec![span(0xabc, 1, "click pay", (0, 1)), span(2, 1, "click pay", (5, 6))]);
    let found = |id: &str| TracesInput { failed: true, trace_id: Some(id.into()), ..asked(10) };
    let there = page(&store, found(&format!("{:032X}", 0xabc)), 0).await.unwrap();
    assert_eq!(there.traces.first().map(|row| row.trace_id.clone()), Some(format!("{:032x}", 0xabc)));
    assert_eq!(there.traces.len(), 1);
    assert_eq!(page(&store, found(&"f".repeat(32)), 0).await.unwrap().traces, []);
    for other in ["", "abc", &"g".repeat(32), &format!("+{}", "1".repeat(31)), &"1".repeat(33)] {
        let error = page(&store, found(other), 0).await.unwrap_err();
        assert_eq!(refused(&error), (ErrorCode::InvalidInput, "traceId must be 32 hexadecimal digits"), "{other}");
        assert_eq!(view(&store, other).await.unwrap_err(), error);
    }
}

#[tokio::test]
async fn another_lists_cursor_is_refused() {
    let store = Memory::default();
    let id = "1".repeat(32);
    let far = format!("traces.{}.{id}", i64::MAX);
    for other in ["", "payments.12", "traces.", "traces.5", "traces.x.1", "traces.5.1", &format!("visits.5.{id}"), &far]
    {
        let input = TracesInput { cursor: Some(other.into()), ..asked(10) };
        let error = page(&store, input, 0).await.unwrap_err();
        assert_eq!(refused(&error), (ErrorCode::InvalidInput, "the cursor isn't one of this list"), "{other}");
    }
}

#[tokio::test]
async fn a_timeline_counts_from_its_first_span() {
    let other = Span {
        links: vec![trace_id(77)],
        attributes: [("terminal".into(), "2".into())].into(),
        ..span(1, 3, "apply Paid", (1_500, 1_200))
    };
    let store = Memory::of(vec![other, span(1, 1, "click pay", (0, 4_250)), span(1, 2, "command pay", (1, 4_000))]);
    let view = view(&store, &format!("{:032x}", 1)).await.unwrap();
    let numbers: Vec<_> = view.spans.iter().map(|span| (span.offset_ms, span.took_ms)).collect();
    // The clock was set back within the trace; no time is negative.
    assert_eq!(numbers, [(0.0, 4.25), (0.001, 3.999), (1.5, 0.0)]);
    assert_eq!((view.began_at, view.took_ms), (1_800_000_000_000, 4.25));
    let last = view.spans.last().unwrap();
    assert_eq!(last.parent_id.as_deref(), Some("0000000000000002"));
    assert_eq!((last.links.as_slice(), last.attributes["terminal"].as_str()), (&[format!("{:032x}", 77)][..], "2"));
    assert_eq!((last.step, last.subject.as_str()), (SpanStep::Apply, "Paid"));
}

#[tokio::test]
async fn a_trace_that_is_no_longer_stored_is_unknown() {
    let error = view(&Memory::default(), &"a".repeat(32)).await.unwrap_err();
    assert_eq!(error, AppError::new(ErrorCode::UnknownTrace));
}

#[test]
fn a_name_begins_with_its_step() {
    for (name, step, subject) in [
        ("read_back Paid", SpanStep::ReadBack, "Paid"),
        ("request POST /pays", SpanStep::Request, "POST /pays"),
        ("click", SpanStep::Click, ""),
        // Names that a newer version or another program gave.
        ("archive Paid", SpanStep::Other, "archive Paid"),
        ("other thing", SpanStep::Other, "other thing"),
        ("", SpanStep::Other, ""),
    ] {
        assert_eq!(step_of(name), (step, subject.to_owned()), "{name}");
    }
}

#[tokio::test]
async fn a_very_long_trace_is_cut_and_counts_the_omitted_spans() {
    let count = u64::try_from(MAX_SPANS).unwrap() + 7;
    let store =
        Memory::of((1..=count).map(|n| span(1, n, "command pay", (i64::try_from(n).unwrap(), 5_000))).collect());
    let view = view(&store, &format!("{:032x}", 1)).await.unwrap();
    assert_eq!((view.spans.len(), view.omitted), (MAX_SPANS, 7));
}
