//! Tests which facts continue their trace, which are linked to it, and which share a span.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_ports::traces::MAX_PROMPT_AGE;
use nosmoke_ports::{Priority, ReadUnit, WriteUnit, Written};
use opentelemetry::global::BoxedTracer;
use opentelemetry::trace::{Status, TracerProvider as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracerProvider, Span, SpanData, SpanProcessor};

use super::*;

#[derive(Debug, Default, Clone)]
struct Collected(Arc<Mutex<Vec<SpanData>>>);

impl SpanProcessor for Collected {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        self.0.lock().push(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn set_resource(&mut self, _: &Resource) {}
}

/// A log that accepts up to `takes` messages at once, and whose fetches always return `gives`.
#[derive(Debug, Default)]
struct ScriptedLog {
    takes: usize,
    gives: Vec<Incoming>,
    published: Mutex<Vec<Outgoing>>,
}

#[async_trait]
impl Log for ScriptedLog {
    async fn open(&self, _: &Arc<dyn Authenticator>) -> Result<LogView, LogError> {
        Ok(LogView::default())
    }

    async fn read_from(&self, _: &[(Partition, i64)]) -> Result<(), LogError> {
        Ok(())
    }

    async fn fetch(&self, _: usize, _: Duration) -> Result<Fetched, LogError> {
        Ok(Fetched { messages: self.gives.clone(), ..Fetched::default() })
    }

    async fn publish(&self, messages: Vec<Outgoing>) -> Result<usize, LogError> {
        let taken = self.takes.min(messages.len());
        self.published.lock().extend(messages);
        Ok(taken)
    }

    async fn close(&self) {}
}

#[derive(Debug)]
struct NoJournal;

#[async_trait]
impl Journal for NoJournal {
    async fn write_unit(&self, _: Priority, _: WriteUnit) -> Result<Option<Written>, StoreError> {
        Err(StoreError::Closed)
    }

    async fn read_unit(&self, _: ReadUnit) -> Result<(), StoreError> {
        Err(StoreError::Closed)
    }
}

fn now() -> DateTime<Utc> {
    "2026-11-26T01:00:00Z".parse().unwrap()
}

#[derive(Debug)]
struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        now()
    }
}

const HERE: &str = "/terminals/here";

fn traced(log: ScriptedLog) -> (Collected, Arc<ScriptedLog>, TracedLog) {
    let (collected, log) = (Collected::default(), Arc::new(log));
    let provider = SdkTracerProvider::builder().with_span_processor(collected.clone()).build();
    let traces = Traces::new(BoxedTracer::new(Box::new(provider.tracer("t"))), Box::new(TraceContextPropagator::new()));
    let traced = TracedLog::new(log.clone(), Arc::new(NoJournal), Arc::new(FixedClock), traces);
    traced.state().source = Some(HERE.into());
    (collected, log, traced)
}

fn traceparent(n: usize) -> String {
    format!("00-{:032x}-{:016x}-01", n + 1, n + 1)
}

fn headers(n: usize, source: &str, occurred_at: DateTime<Utc>) -> Headers {
    [
        ("ce_type", format!("{TYPES}.Paid.v1")),
        ("ce_source", source.to_owned()),
        ("ce_time", occurred_at.to_rfc3339()),
        (TRACEPARENT, traceparent(n)),
    ]
    .map(|(name, value)| (Cow::Borrowed(name), value.into_bytes()))
    .into()
}

fn outgoing(n: usize, occurred_at: DateTime<Utc>) -> Outgoing {
    Outgoing { topic: Topic::Facts, key: String::new(), value: None, headers: headers(n, HERE, occurred_at) }
}

fn incoming(n: usize, source: &str, appended_at: DateTime<Utc>) -> Incoming {
    Incoming {
        partition: Partition { topic: Topic::Facts, number: 0 },
        offset: 0,
        key: None,
        value: None,
        headers: headers(n, source, appended_at),
        appended_at,
    }
}

fn spans(collected: &Collected) -> Vec<SpanData> {
    collected.0.lock().clone()
}

/// The trace id and span id in a published message's `traceparent`.
fn header(message: &Outgoing) -> (String, String) {
    assert_eq!(message.headers.iter().filter(|(name, _)| name == TRACEPARENT).count(), 1);
    let parts: Vec<_> = text(&message.headers, TRACEPARENT).unwrap().split('-').collect();
    (parts[1].to_owned(), parts[2].to_owned())
}

#[tokio::test]
async fn s09_prompt_facts_continue_their_trace() {
    let (collected, log, traced) = traced(ScriptedLog { takes: 9, ..ScriptedLog::default() });
    let untraced = Outgoing { headers: Headers::new(), ..outgoing(9, now()) };
    traced.publish(vec![outgoing(0, now()), untraced, outgoing(1, now() - MAX_PROMPT_AGE)]).await.unwrap();
    let spans = spans(&collected);
    assert_eq!(spans.iter().map(|span| &*span.name).collect::<Vec<_>>(), ["publish Paid", "publish Paid"]);
    let published = log.published.lock().clone();
    for (n, (span, message)) in spans.iter().zip([&published[0], &published[2]]).enumerate() {
        let from = format!("00-{}-{}-01", span.span_context.trace_id(), span.parent_span_id);
        assert_eq!((from, span.links.len()), (traceparent(n), 0));
        assert_eq!(
            header(message),
            (span.span_context.trace_id().to_string(), span.span_context.span_id().to_string())
        );
    }
    assert!(published[1].headers.is_empty());
}

#[tokio::test]
async fn s09_late_facts_get_a_new_trace_that_links_to_their_own() {
    let (collected, log, traced) = traced(ScriptedLog { takes: 9, ..ScriptedLog::default() });
    let late = now() - MAX_PROMPT_AGE - TimeDelta::milliseconds(1);
    traced.publish(vec![outgoing(0, late), outgoing(1, late), outgoing(2, now())]).await.unwrap();
    let spans = spans(&collected);
    let [prompt, together] = &spans[..] else { panic!("{spans:?}") };
    assert_eq!((&*prompt.name, &*together.name), ("publish Paid", "publish backlog"));
    let linked: Vec<_> = together.links.iter().map(|link| link.span_context.trace_id()).collect();
    assert_eq!(linked, [1_u128.into(), 2_u128.into()]);
    let own = together.span_context.trace_id();
    assert!(own != 1_u128.into() && own != 2_u128.into() && own != 3_u128.into());
    let traces: Vec<_> = log.published.lock().iter().map(|message| header(message).0).collect();
    assert_eq!(traces, [own.to_string(), own.to_string(), format!("{:032x}", 3)]);
}

#[tokio::test]
async fn s09_a_backlog_of_facts_shares_one_span() {
    let (collected, log, traced) = traced(ScriptedLog { takes: 999, ..ScriptedLog::default() });
    traced.publish((0..MAX_OWN_SPANS).map(|n| outgoing(n, now())).collect()).await.unwrap();
    assert_eq!(spans(&collected).len(), MAX_OWN_SPANS);
    traced.publish((0..=MAX_OWN_SPANS).map(|n| outgoing(n, now())).collect()).await.unwrap();
    let spans = spans(&collected);
    let backlog = &spans[MAX_OWN_SPANS..];
    assert_eq!((backlog.len(), &*backlog[0].name, backlog[0].links.len()), (1, "publish backlog", MAX_LINKS));
    let counted = backlog[0].attributes.iter().find(|it| it.key.as_str() == "nosmoke.facts").unwrap();
    assert_eq!(counted.value, 33_i64.into());
    let published = log.published.lock().clone();
    let handed_over = (backlog[0].span_context.trace_id().to_string(), backlog[0].span_context.span_id().to_string());
    assert!(published[MAX_OWN_SPANS..].iter().all(|message| header(message) == handed_over));
}

#[tokio::test]
async fn s09_a_publish_span_notes_how_many_facts_were_accepted() {
    let (collected, _, traced) = traced(ScriptedLog { takes: 1, ..ScriptedLog::default() });
    traced.publish(vec![outgoing(0, now()), outgoing(1, now())]).await.unwrap();
    let taken = |span: &SpanData| span.attributes.iter().find(|it| it.key.as_str() == "nosmoke.taken").cloned();
    let taken: Vec<_> = spans(&collected).iter().map(|span| taken(span).unwrap().value).collect();
    assert_eq!(taken, [1_i64.into(), 0_i64.into()]);
}

#[tokio::test]
async fn s09_read_back_and_apply_spans_end_when_the_journal_has_the_facts() {
    let late = now() - MAX_PROMPT_AGE - TimeDelta::milliseconds(1);
    let gives = vec![
        incoming(0, HERE, now()),
        incoming(1, "/terminals/there", now()),
        incoming(2, "/terminals/there", late),
        Incoming { headers: Headers::new(), ..incoming(3, HERE, now()) },
        Incoming { headers: vec![(TRACEPARENT.into(), b"00-nonsense".to_vec())], ..incoming(4, HERE, now()) },
    ];
    let (collected, _, traced) = traced(ScriptedLog { gives, ..ScriptedLog::default() });
    traced.fetch(9, Duration::ZERO).await.unwrap();
    assert_eq!(spans(&collected).len(), 0);
    traced.taken(None);
    let names: Vec<_> = spans(&collected).iter().map(|span| span.name.clone()).collect();
    assert_eq!(names, ["read_back Paid", "apply Paid", "apply backlog"]);
    let of = |at: usize| spans(&collected)[at].clone();
    assert_eq!((of(0).parent_span_id, of(1).parent_span_id), (1_u64.into(), 2_u64.into()));
    assert_eq!(of(2).links.iter().next().unwrap().span_context.trace_id(), 3_u128.into());
    traced.fetch(9, Duration::ZERO).await.unwrap();
    traced.taken(Some("disk_full".into()));
    assert_eq!(of(3).status, Status::error("disk_full"));
}
