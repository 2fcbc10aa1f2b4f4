//! Publishing and reading back a long backlog, step by step.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use nosmoke_ports::{Pace, PendingTotals, StoreError, Topic, read};
use nosmoke_replication::Replicator;
use nosmoke_runtime::Step;
use nosmoke_tests::doubles::MemoryLog;
use serde_json::json;

use crate::support::Desk;

/// The number of facts that one publishing step takes while commands arrive.
const PUBLISH_BATCH: usize = 250;
const FETCH_TIMEOUT: Duration = Duration::from_millis(1);

async fn alone_for_long(facts: usize) -> (Desk, Arc<MemoryLog>, Replicator) {
    let desk = Desk::new().await;
    let customer = desk.customer("김민수").await;
    while desk.facts().await < facts as u64 {
        desk.visit(customer).await;
    }
    let log = Arc::new(MemoryLog::default());
    let replicator = Replicator::new(&desk.terminal.core, log.clone(), "test".into());
    replicator.connect().await.unwrap();
    (desk, log, replicator)
}

async fn pending(desk: &Desk) -> PendingTotals {
    read::<_, StoreError>(&*desk.terminal.core.journal, |tx| tx.pending_totals()).await.unwrap()
}

#[tokio::test]
async fn a_document_that_changes_is_sent_before_the_backlog_of_facts_ends() {
    let (desk, log, replicator) = alone_for_long(PUBLISH_BATCH * 4).await;
    desk.clock.stop_at(desk.terminal.core.clock.now());
    let profiles = || log.count(Topic::Profiles);

    assert_eq!(replicator.publish(Pace::Busy).await.unwrap(), Step::More);
    assert_eq!((log.facts(), profiles()), (PUBLISH_BATCH, 1));
    let customer = desk.customer("오재현").await;
    assert_eq!(replicator.publish(Pace::Busy).await.unwrap(), Step::More);
    assert_eq!((log.facts(), profiles()), (PUBLISH_BATCH * 2, 1), "a moment later it waits");
    desk.clock.pass(TimeDelta::milliseconds(250));
    assert_eq!(replicator.publish(Pace::Busy).await.unwrap(), Step::More);
    assert_eq!((log.facts(), profiles()), (PUBLISH_BATCH * 3, 2));

    let profile = json!({ "name": "오재현", "phone": "010-0000-3917" });
    let revise = json!({ "type": "reviseCustomer", "customerId": customer, "baseRevision": 1, "profile": profile });
    desk.give(revise).await.unwrap();
    while replicator.publish(Pace::Busy).await.unwrap() == Step::More {}
    assert_eq!(profiles(), 3, "at the end of the facts nothing waits for its turn");
}

#[tokio::test]
async fn a_fact_read_back_is_no_longer_pending_also_when_read_twice() {
    let (desk, log, replicator) = alone_for_long(PUBLISH_BATCH * 2).await;
    while replicator.publish(Pace::Free).await.unwrap() == Step::More {}
    assert_ne!(pending(&desk).await, PendingTotals::default());
    while replicator.consume(FETCH_TIMEOUT, Pace::Free).await.unwrap() == Step::More {}
    assert_eq!(pending(&desk).await, PendingTotals::default());

    let facts = desk.facts().await;
    let again = Replicator::new(&desk.terminal.core, Arc::new(log.beside()), "test".into());
    again.begin_new_log("a test".into()).await.unwrap();
    again.connect().await.unwrap();
    while !again.has_read_all() {
        again.consume(FETCH_TIMEOUT, Pace::Free).await.unwrap();
    }
    assert_eq!((pending(&desk).await, desk.facts().await), (PendingTotals::default(), facts));
}
