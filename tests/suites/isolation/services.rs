//! The service graph counts requests and events on its edges.

use std::sync::Arc;

use nosmoke_ports::contract::{ContextName, ContextState, MypageFilter, NodeKind, ServicesView};
use nosmoke_runtime::measures::Node;
use nosmoke_tests::doubles::MemoryLog;
use serde_json::json;
use uuid::Uuid;

use super::{stop, until, until_passed};
use crate::support::Desk;

fn counts(view: &ServicesView, from: &str, to: &str) -> (u64, u64) {
    let edge = view.edges.iter().find(|edge| edge.from == from && edge.to == to).unwrap();
    assert!(edge.recent.count == 0 || edge.recent.p50_ms.unwrap() <= edge.recent.p99_ms.unwrap());
    for longer in [&edge.hours, &edge.day] {
        assert_eq!((edge.recent.count, edge.recent.errors), (longer.count, longer.errors));
    }
    (edge.recent.count, edge.recent.errors)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_service_graph_counts_requests_and_events_on_every_edge() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let (running, log) = (desk.terminal.start(|_| ()), Arc::new(MemoryLog::default()));
    let replication = desk.terminal.start_replication(log.clone(), "test".into());
    desk.pay(customer, 1).await.unwrap();
    desk.penalty(customer, 5).await;
    desk.page(customer, MypageFilter::All).await;
    let rest = desk.terminal.commands.called_by(Node::Rest);
    let pay = json!({ "type": "pay", "customerId": customer, "points": 2 });
    let request = json!({ "idempotencyKey": Uuid::new_v4(), "command": pay });
    rest.record(desk.caller().await, request).await.unwrap();
    // A refused command counts as a request, not as an error.
    desk.pay(customer, 1_000_000).await.unwrap_err();
    until_passed(&desk.terminal, &[]).await;
    until("all is published", || async { log.facts() as u64 == desk.facts().await }).await;
    let read_back = |view: ServicesView| counts(&view, "consumer", "sqlite").0 >= log.facts() as u64;
    until("all is read back", || async { read_back(desk.terminal.services().await.unwrap()) }).await;
    let facts = desk.facts().await;
    let view = desk.terminal.services().await.unwrap();
    for (from, to, count) in [
        ("screen", "check_in", 2),
        ("screen", "pay", 2),
        ("screen", "penalty", 1),
        ("screen", "mypage", 1),
        ("screen", "sqlite", 1),
        ("screen", "point", 0),
        ("rest", "pay", 1),
        ("rest", "check_in", 0),
        ("pay", "point", 3),
        ("penalty", "point", 1),
        ("check_in", "sqlite", 2),
        ("pay", "sqlite", 2),
        ("penalty", "sqlite", 1),
    ] {
        assert_eq!(counts(&view, from, to), (count, 0), "{from} -> {to}");
    }
    // The first three facts aren't counted: `settle` has stepped the workers by hand.
    for (context, workers) in [("check_in", 1), ("penalty", 2), ("mypage", 2)] {
        assert_eq!(counts(&view, "sqlite", context), (workers * (facts - 3), 0), "{context}");
    }
    assert!(counts(&view, "publisher", "kafka").0 >= facts);
    assert_eq!(counts(&view, "sqlite", "publisher"), (facts, 0));
    // Mypage writes batches to its database, at least one and at most one per fact.
    assert!((1..=facts).contains(&counts(&view, "mypage", "mypage_db").0));
    // The consumer may have read a heartbeat from Kafka but not written it to SQLite yet.
    assert!(counts(&view, "kafka", "consumer").0 >= counts(&view, "consumer", "sqlite").0);
    let state = |view: &ServicesView, id: &str| view.nodes.iter().find(|node| node.id == id).unwrap().state;
    assert_eq!(state(&view, "kafka"), Some(ContextState::Running));
    stop(&desk.terminal, ContextName::Point).await;
    desk.pay(customer, 1).await.unwrap_err();
    let view = desk.terminal.services().await.unwrap();
    assert_eq!((counts(&view, "screen", "pay"), counts(&view, "pay", "point")), ((3, 1), (4, 1)));
    assert_eq!(state(&view, "point"), Some(ContextState::Stopped));
    let contexts = view.nodes.iter().filter(|node| node.kind == NodeKind::Context).count();
    assert_eq!(contexts, ContextName::ALL.len());
    // Both ends of every edge are nodes of the graph.
    for edge in &view.edges {
        assert!([&edge.from, &edge.to].iter().all(|id| view.nodes.iter().any(|node| node.id == **id)), "{edge:?}");
    }
    replication.stop().await;
    running.stop().await;
}
