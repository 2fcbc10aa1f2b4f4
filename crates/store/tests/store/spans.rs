use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use nosmoke_ports::{Span, SpanStore, StoreError, Trace};
use nosmoke_store::{Folder, SPANS_MAX, SqliteSpans, Store, backup};
use opentelemetry::trace::{SpanId, TraceId};
use sqlx::{Connection, SqliteConnection};

use crate::support::{FixedClock, at, manifest_about};

async fn open(folder: &Path, spans_max: u64) -> SqliteSpans {
    SqliteSpans::open(Arc::new(Folder::open(folder).unwrap()), spans_max).await
}

fn trace_id(n: u128) -> TraceId {
    TraceId::from_bytes(n.to_be_bytes())
}

fn span_id(n: u64) -> SpanId {
    SpanId::from_bytes(n.to_be_bytes())
}

/// Span `n` of a trace. It begins `n` ms after minute `trace` and takes 250 µs.
fn span(trace: u128, n: u64) -> Span {
    let began_at = at(i64::try_from(trace).unwrap()) + TimeDelta::milliseconds(i64::try_from(n).unwrap());
    Span {
        trace_id: trace_id(trace),
        span_id: span_id(n),
        parent_id: (n > 1).then(|| span_id(n - 1)),
        name: format!("command step_{n}"),
        began_at,
        ended_at: began_at + TimeDelta::microseconds(250),
        problem: None,
        attributes: BTreeMap::new(),
        links: Vec::new(),
    }
}

fn failed(span: Span) -> Span {
    Span { problem: Some("insufficient_points".into()), ..span }
}

/// The trace ids of a page, each with its number of spans.
fn counted(traces: &[Trace]) -> Vec<(TraceId, u32)> {
    traces.iter().map(|trace| (trace.trace_id, trace.spans)).collect()
}

async fn all(store: &SqliteSpans) -> Vec<(TraceId, u32)> {
    counted(&store.traces(None, false, 1_000).await.unwrap())
}

#[tokio::test]
async fn a_span_is_read_back_as_stored() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), SPANS_MAX).await;
    let whole = Span {
        name: "click 결제 \"1\"".into(),
        attributes: [("http.method".into(), "POST".into()), ("점".into(), "a\\b".into())].into(),
        links: vec![trace_id(7), trace_id(u128::MAX)],
        ..failed(span(1, 1))
    };
    store.add(vec![span(1, 2), whole.clone()]).await.unwrap();
    assert_eq!(store.spans(trace_id(1), 9).await, Ok(vec![whole.clone(), span(1, 2)]));
    let trace = Trace {
        trace_id: trace_id(1),
        name: whole.name,
        began_at: at(1) + TimeDelta::milliseconds(1),
        ended_at: span(1, 2).ended_at,
        spans: 2,
        failed: true,
    };
    assert_eq!(store.trace(trace_id(1)).await, Ok(Some(trace)));
    assert_eq!(store.trace(trace_id(2)).await, Ok(None));
    assert_eq!(store.spans(trace_id(2), 9).await, Ok(Vec::new()));
}

#[tokio::test]
async fn a_repeated_span_counts_once_within_and_across_batches() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), SPANS_MAX).await;
    store.add(vec![span(1, 1), span(1, 2), span(1, 1)]).await.unwrap();
    store.add(vec![failed(span(1, 2)), span(1, 3)]).await.unwrap();
    let kept = store.trace(trace_id(1)).await.unwrap().unwrap();
    assert_eq!((kept.spans, kept.failed), (3, false), "the first version is kept");
    assert_eq!(store.spans(trace_id(1), 9).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_trace_is_named_after_its_first_span_whatever_the_order_of_arrival() {
    let parent = Span { name: "click pay".into(), ended_at: span(1, 5).ended_at, ..span(1, 2) };
    // A child span that began in the same microsecond as its parent, and ended earlier.
    let child = Span { span_id: span_id(1), name: "command pay".into(), ..span(1, 2) };
    let orders = [[child.clone(), parent.clone(), span(1, 4)], [parent.clone(), child.clone(), span(1, 4)]];
    for spans in orders {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path(), SPANS_MAX).await;
        for span in spans {
            store.add(vec![span]).await.unwrap();
        }
        let trace = store.trace(trace_id(1)).await.unwrap().unwrap();
        assert_eq!(
            (trace.name.as_str(), trace.began_at, trace.ended_at),
            ("click pay", parent.began_at, parent.ended_at)
        );
        assert_eq!(store.spans(trace_id(1), 9).await, Ok(vec![parent.clone(), child.clone(), span(1, 4)]));
    }
}

#[tokio::test]
async fn traces_are_paged_newest_first_even_with_equal_times() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), SPANS_MAX).await;
    let mut spans: Vec<Span> = (1..=20).map(|n| span(n, 1)).collect();
    // Four more traces that begin at the same time.
    spans.extend((101..=104).map(|n| Span { trace_id: trace_id(n), ..span(7, 1) }));
    store.add(spans).await.unwrap();
    let (mut before, mut found) = (None, Vec::new());
    loop {
        let page = store.traces(before, false, 3).await.unwrap();
        let Some(last) = page.last() else { break };
        before = Some((last.began_at, last.trace_id));
        found.extend(page.iter().map(|trace| trace.trace_id));
    }
    let newest = (8..=20).rev().chain((101..=104).rev()).chain((1..=7).rev());
    assert_eq!(found, newest.map(trace_id).collect::<Vec<_>>());
}

#[tokio::test]
async fn failed_traces_can_be_listed_separately() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), SPANS_MAX).await;
    store.add((1..=9).map(|n| if n % 3 == 0 { failed(span(n, 1)) } else { span(n, 1) }).collect()).await.unwrap();
    let page = store.traces(None, true, 2).await.unwrap();
    assert_eq!(counted(&page), [(trace_id(9), 1), (trace_id(6), 1)]);
    let last = page.last().unwrap();
    let rest = store.traces(Some((last.began_at, last.trace_id)), true, 2).await.unwrap();
    assert_eq!(counted(&rest), [(trace_id(3), 1)]);
    // A later failed span marks its trace as failed.
    store.add(vec![failed(span(8, 2))]).await.unwrap();
    assert_eq!(counted(&store.traces(None, true, 2).await.unwrap()), [(trace_id(9), 1), (trace_id(8), 2)]);
}

#[tokio::test]
async fn above_the_limit_the_oldest_traces_are_deleted_completely() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), 10).await;
    for trace in 1..=4 {
        store.add((1..=3).map(|n| span(trace, n)).collect()).await.unwrap();
    }
    assert_eq!(all(&store).await, [4, 3, 2].map(|n| (trace_id(n), 3)));
    assert_eq!(store.spans(trace_id(1), 9).await, Ok(Vec::new()));
    // A late span of a trace that was deleted is itself deleted at once, and no other span is.
    store.add((4..=7).map(|n| span(1, n)).collect()).await.unwrap();
    assert_eq!(all(&store).await, [4, 3, 2].map(|n| (trace_id(n), 3)));
    // A batch that has more spans than the limit.
    store.add((10..=22).map(|trace| span(trace, 1)).collect()).await.unwrap();
    assert_eq!(all(&store).await, (13..=22).rev().map(|n| (trace_id(n), 1)).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_long_trace_is_deleted_in_parts_oldest_spans_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), 3_000).await;
    store.add((1..=3_000).map(|n| span(1, n)).collect()).await.unwrap();
    store.add((1..=10).map(|n| span(2, n)).collect()).await.unwrap();
    assert_eq!(all(&store).await, [(trace_id(2), 10), (trace_id(1), 2_990)]);
    let spans = store.spans(trace_id(1), 9_000).await.unwrap();
    assert_eq!((spans.len(), spans.first()), (2_990, Some(&span(1, 11))));
}

#[tokio::test]
async fn spans_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), 10).await;
    store.add((1..=8).map(|n| span(1, n)).collect()).await.unwrap();
    store.close().await;
    assert_eq!(store.add(vec![span(1, 9)]).await, Err(StoreError::Closed));
    assert_eq!(store.trace(trace_id(1)).await, Err(StoreError::Closed));
    // Closing suffices; the closed store needn't be dropped.
    let again = open(folder.path(), 10).await;
    assert_eq!(all(&again).await, [(trace_id(1), 8)]);
    // The number of stored spans survives too.
    again.add((1..=3).map(|n| span(2, n)).collect()).await.unwrap();
    assert_eq!(all(&again).await, [(trace_id(2), 3)]);
}

#[tokio::test]
async fn a_damaged_and_a_newer_file_are_replaced_by_an_empty_one() {
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (99990101000000, 'later', TRUE, x'00', 0)";
    for damage in [None, Some(newer)] {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path(), 10).await;
        store.add(vec![span(1, 1)]).await.unwrap();
        store.close().await;
        match damage {
            None => {
                std::fs::write(folder.path().join("spans.db"), "no database, though long enough ".repeat(40)).unwrap()
            }
            Some(sql) => {
                let mut file = connect(folder.path()).await;
                sqlx::query(sql).execute(&mut file).await.unwrap();
                file.close().await.unwrap();
            }
        }
        let store = open(folder.path(), 10).await;
        assert_eq!(all(&store).await, []);
        store.add(vec![span(2, 1)]).await.unwrap();
        assert_eq!(all(&store).await, [(trace_id(2), 1)]);
    }
}

#[tokio::test]
async fn damage_found_at_run_time_loses_the_stored_spans_only() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path(), SPANS_MAX).await;
    store.add((1..=400).map(|n| span(1, n)).collect()).await.unwrap();
    store.close().await;
    let path = folder.path().join("spans.db");
    let mut bytes = std::fs::read(&path).unwrap();
    // Damages data pages only, so that opening the file succeeds.
    let rest = bytes.get_mut(4 * 4_096..).unwrap();
    rest.fill(0xaa);
    std::fs::write(&path, bytes).unwrap();
    let store = open(folder.path(), SPANS_MAX).await;
    let found = store.spans(trace_id(1), 9).await;
    assert!(matches!(found, Err(StoreError::Corrupt(_))), "{found:?}");
    assert_eq!(all(&store).await, []);
    store.add(vec![span(2, 1)]).await.unwrap();
    assert_eq!(all(&store).await, [(trace_id(2), 1)]);
}

#[tokio::test]
async fn the_program_starts_even_if_the_file_cannot_be_created() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("spans.db/full")).unwrap();
    let store = Store::open(folder.path(), Arc::new(FixedClock)).await.unwrap();
    let spans = store.spans();
    assert!(matches!(spans.add(vec![span(1, 1)]).await, Err(StoreError::Failed(_))));
    assert!(matches!(spans.traces(None, false, 1).await, Err(StoreError::Failed(_))));
    store.close().await;
    assert_eq!(spans.add(vec![span(1, 1)]).await, Err(StoreError::Closed));
}

#[tokio::test]
async fn spans_are_private_and_not_in_backups() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Arc::new(FixedClock)).await.unwrap();
    store.spans().add(vec![span(1, 1)]).await.unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        for file in ["spans.db", "spans.db-wal"] {
            let mode = std::fs::metadata(folder.path().join(file)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{file}");
        }
    }
    let to = tempfile::tempdir().unwrap();
    let (made, ..) =
        backup::back_up(store.sqlite_journal(), to.path(), manifest_about(), Arc::new(|_, _| true)).await.unwrap();
    let files: Vec<_> = std::fs::read_dir(made).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(files.iter().all(|name| !name.to_string_lossy().contains("spans")), "{files:?}");
    store.close().await;
}

async fn connect(folder: &Path) -> SqliteConnection {
    SqliteConnection::connect(folder.join("spans.db").to_str().unwrap()).await.unwrap()
}
