//! What leaves of a terminal that was alone for long, step by step.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use nosmoke_ports::{Pace, PendingTotals, StoreError, Topic, read};
use nosmoke_replication::Exchange;
use nosmoke_runtime::Step;
use nosmoke_tests::doubles::MemoryLog;
use serde_json::json;

use crate::support::Desk;

/// Facts of a step beside a desk at work.
const STEP: usize = 250;
const LOOK: Duration = Duration::from_millis(1);

async fn alone_for_long(facts: usize) -> (Desk, Arc<MemoryLog>, Exchange) {
    let desk = Desk::new().await;
    let customer = desk.customer("김민수").await;
    while desk.facts().await < facts as u64 {
        desk.visit(customer).await;
    }
    let log = Arc::new(MemoryLog::default());
    let exchange = Exchange::new(&desk.terminal.core, log.clone(), "test".into());
    exchange.connect().await.unwrap();
    (desk, log, exchange)
}

async fn pending(desk: &Desk) -> PendingTotals {
    read::<_, StoreError>(&*desk.terminal.core.journal, |tx| tx.pending_totals()).await.unwrap()
}

#[tokio::test]
async fn a_record_that_changes_within_a_backlog_has_its_turn() {
    let (desk, log, exchange) = alone_for_long(STEP * 4).await;
    desk.clock.stop_at(desk.terminal.core.clock.now());
    let profiles = || log.count(Topic::Profiles);

    assert_eq!(exchange.publish(Pace::Busy).await.unwrap(), Step::More);
    assert_eq!((log.facts(), profiles()), (STEP, 1));
    let customer = desk.customer("오재현").await;
    assert_eq!(exchange.publish(Pace::Busy).await.unwrap(), Step::More);
    assert_eq!((log.facts(), profiles()), (STEP * 2, 1), "a moment later it waits");
    desk.clock.pass(TimeDelta::milliseconds(250));
    assert_eq!(exchange.publish(Pace::Busy).await.unwrap(), Step::More);
    assert_eq!((log.facts(), profiles()), (STEP * 3, 2));

    let profile = json!({ "name": "오재현", "phone": "010-0000-3917" });
    let revise = json!({ "type": "reviseCustomer", "customerId": customer, "baseRevision": 1, "profile": profile });
    desk.give(revise).await.unwrap();
    while exchange.publish(Pace::Busy).await.unwrap() == Step::More {}
    assert_eq!(profiles(), 3, "at the end of the facts nothing waits for its turn");
}

#[tokio::test]
async fn what_comes_back_waits_no_longer_also_when_it_comes_twice() {
    let (desk, log, exchange) = alone_for_long(STEP * 2).await;
    while exchange.publish(Pace::Free).await.unwrap() == Step::More {}
    assert_ne!(pending(&desk).await, PendingTotals::default());
    while exchange.consume(LOOK, Pace::Free).await.unwrap() == Step::More {}
    assert_eq!(pending(&desk).await, PendingTotals::default());

    let facts = desk.facts().await;
    let again = Exchange::new(&desk.terminal.core, Arc::new(log.beside()), "test".into());
    again.begin_new_log("a test".into()).await.unwrap();
    again.connect().await.unwrap();
    while !again.has_read_all() {
        again.consume(LOOK, Pace::Free).await.unwrap();
    }
    assert_eq!((pending(&desk).await, desk.facts().await), (PendingTotals::default(), facts));
}
