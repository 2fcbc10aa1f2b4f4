//! Tests that spans are exported to the store, and to receivers that decode OTLP and Zipkin's format.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may")]

mod support;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use nosmoke_ports::contract::{SpanStep, TracingSetting};
use nosmoke_receivers::Otlp;
use nosmoke_traces::{Field, Recording};
use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;

use support::{Memory, nobody, silent, until};

/// Records a command and its decision, and returns their trace id. If `refused`, the command ends with a problem.
fn command(recording: &Recording, refused: bool) -> String {
    let traces = recording.traces();
    let command = traces.begin(SpanStep::Command, "pay", &Context::new());
    traces.begin(SpanStep::Decision, "pay", &command.context()).end();
    let trace_id = command.context().span().span_context().trace_id().to_string();
    if refused {
        command.end_with("insufficient_points".into())
    } else {
        command.end()
    }
    trace_id
}

fn to(otlp: Option<&str>, zipkin: Option<&str>) -> TracingSetting {
    TracingSetting { otlp: otlp.map(str::to_owned), zipkin: zipkin.map(str::to_owned) }
}

#[tokio::test(flavor = "multi_thread")]
async fn s09_spans_are_stored_with_their_parents_and_problems() {
    let store = Memory::default();
    let recording = Recording::begin(store.port(), "1.2.3");
    recording.name_terminal("0192-terminal".into());
    let trace_id = command(&recording, true);
    recording.end().await;
    let spans = store.spans();
    let [decision, command] = &spans[..] else { panic!("{spans:?}") };
    assert_eq!((decision.name.as_str(), command.name.as_str()), ("decision pay", "command pay"));
    assert_eq!((decision.parent_id, command.parent_id), (Some(command.span_id), None));
    assert_eq!((decision.problem.as_deref(), command.problem.as_deref()), (None, Some("insufficient_points")));
    assert!(spans.iter().all(|span| span.trace_id.to_string() == trace_id && span.began_at <= span.ended_at));
    assert_eq!(decision.attributes["nosmoke.terminal"], "0192-terminal");
}

#[tokio::test(flavor = "multi_thread")]
async fn s09_requests_with_an_unsampled_or_malformed_traceparent_are_stored_too() {
    let store = Memory::default();
    let recording = Recording::begin(store.port(), "1");
    let traces = recording.traces();
    let unsampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
    let from = traces.remote(Some(unsampled)).unwrap();
    let span = traces.begin(SpanStep::Request, "POST /pays", &from);
    let next = traces.traceparent(&span.context()).unwrap();
    assert!(next.starts_with("00-4bf92f3577b34da6a3ce929d0e0e4736-") && next.ends_with("-01"), "{next}");
    span.end();
    for malformed in ["", "00", "00-0-0-0", &unsampled.replace("4bf", "zzz"), &"0".repeat(70_000), "00-한-글-01"] {
        assert!(traces.remote(Some(malformed)).is_none(), "{malformed}");
    }
    recording.end().await;
    assert_eq!(store.spans()[0].trace_id.to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
}

#[tokio::test(flavor = "multi_thread")]
async fn s09_an_otlp_receiver_decodes_the_official_types() {
    let otlp = Otlp::listen().await;
    let recording = Recording::begin(Memory::default().port(), "1.2.3");
    recording.send_to(&to(Some(&otlp.url), None)).unwrap();
    let trace_id = command(&recording, true);
    let from = recording.traces().remote(Some(&format!("00-{trace_id}-00f067aa0ba902b7-01"))).unwrap();
    recording.traces().begin(SpanStep::Apply, "Paid", &from).end();
    until(|| otlp.spans().len() == 3).await;
    let spans = otlp.spans();
    let named = |name: &str| spans.iter().find(|span| span.name == name).unwrap();
    let (command, decision, apply) = (named("command pay"), named("decision pay"), named("apply Paid"));
    assert!(spans.iter().all(|span| hex(&span.trace_id) == trace_id));
    assert_eq!((decision.parent_span_id.as_slice(), command.parent_span_id.len()), (command.span_id.as_slice(), 0));
    assert_eq!(hex(&apply.parent_span_id), "00f067aa0ba902b7");
    assert_eq!((apply.kind(), command.kind()), (SpanKind::Consumer, SpanKind::Internal));
    let status = command.status.clone().unwrap();
    assert_eq!((status.code(), status.message.as_str()), (StatusCode::Error, "insufficient_points"));
    let resource = otlp.resource();
    assert_eq!(resource["service.name"], Value::StringValue("nosmoke-desk".into()));
    assert_eq!(resource["service.version"], Value::StringValue("1.2.3".into()));
    // Spans are counted as sent once the receiver has answered.
    until(|| recording.view().otlp.unwrap().sent == 3).await;
    let view = recording.view().otlp.unwrap();
    assert_eq!((view.lost, view.problem), (0, None));
    recording.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s09_a_receiver_that_is_down_or_hangs_delays_nothing() {
    let (store, silent) = (Memory::default(), silent());
    let recording = Recording::begin(store.port(), "1");
    recording.send_to(&to(Some(&nobody()), Some(&silent.url()))).unwrap();
    let begun = Instant::now();
    let traces: BTreeSet<_> = (0..1_000).map(|_| command(&recording, false)).collect();
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    until(|| store.spans().len() == 2_000).await;
    assert_eq!(store.spans().iter().map(|span| span.trace_id.to_string()).collect::<BTreeSet<_>>(), traces);
    until(|| recording.view().otlp.is_some_and(|it| it.lost == 2_000 && it.problem.is_some())).await;
    until(|| recording.view().zipkin.is_some_and(|it| it.lost > 0 && it.problem.is_some())).await;
    // A new receiver gets later spans, but none of the lost ones.
    let otlp = Otlp::listen().await;
    recording.send_to(&to(Some(&otlp.url), None)).unwrap();
    let trace_id = command(&recording, false);
    until(|| otlp.spans().len() == 2).await;
    assert!(otlp.spans().iter().all(|span| hex(&span.trace_id) == trace_id));
    let begun = Instant::now();
    recording.end().await;
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn s09_spans_that_cannot_be_stored_are_counted() {
    let recording = Recording::begin(Memory::full().port(), "1");
    command(&recording, false);
    until(|| recording.lost() == 2).await;
    recording.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn s09_invalid_urls_are_refused_and_change_nothing() {
    let recording = Recording::begin(Memory::default().port(), "1");
    let kept = to(Some("http://127.0.0.1:4318"), None);
    recording.send_to(&kept).unwrap();
    for bad in ["", "127.0.0.1:4318", "ftp://127.0.0.1", "http://", "http://who:secret@127.0.0.1", "http://h/?token=1"]
    {
        let refused = recording.send_to(&to(None, Some(bad))).unwrap_err();
        assert_eq!(refused.0, Field::Zipkin, "{bad}");
        assert_eq!(recording.send_to(&to(Some(bad), None)).unwrap_err().0, Field::Otlp, "{bad}");
    }
    assert_eq!(recording.view().setting, kept);
    recording.end().await;
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
