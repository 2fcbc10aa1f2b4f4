//! Whose messages count: the facility and the key, with terminals stepped by hand on a log in memory.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_application::commands::Membership;
use nosmoke_domain::ids::FacilityId;
use nosmoke_ports::contract::{ErrorCode, SyncView};
use nosmoke_ports::{Ids, Pace, RandomIds, StoreError, read};
use nosmoke_replication::joining::pairing::{self, Carried};
use nosmoke_replication::{FacilityKey, KeyNumber, Replicator};
use nosmoke_runtime::Step;
use nosmoke_tests::doubles::MemoryLog;
use nosmoke_tests::membership_of;

use crate::support::Desk;

struct Exchanging {
    desk: Desk,
    replicator: Replicator,
}

impl Exchanging {
    async fn new(desk: Desk, log: MemoryLog) -> Self {
        let replicator = Replicator::new(&desk.terminal.core, Arc::new(log), "test".into());
        replicator.connect().await.unwrap();
        Self { desk, replicator }
    }

    /// Reads the log to its end, publishes what is pending, and reads that back.
    async fn exchange(&self) {
        let journal = &*self.desk.terminal.core.journal;
        loop {
            while self.replicator.consume(Duration::ZERO, Pace::Free).await.unwrap() == Step::More {}
            let pending = read::<_, StoreError>(journal, |tx| tx.pending_totals()).await.unwrap();
            if pending.facts == 0 && pending.documents == 0 {
                return;
            }
            self.replicator.publish(Pace::Free).await.unwrap();
        }
    }

    async fn reconnect(&self) {
        self.replicator.connect().await.unwrap();
    }

    async fn view(&self) -> SyncView {
        self.desk.terminal.queries.sync_view().await.unwrap()
    }

    async fn strangers(&self) -> u64 {
        self.view().await.strangers.map_or(0, |strangers| strangers.messages)
    }

    async fn accept(&self, code: &Carried) -> Result<(), ErrorCode> {
        let journal = &*self.desk.terminal.core.journal;
        pairing::accept(journal, &pairing::write_code(code)).await.map_err(|error| error.code)
    }
}

#[tokio::test]
async fn a_fact_of_another_facility_is_a_strangers_even_with_our_key() {
    let log = MemoryLog::default();
    let here = Exchanging::new(Desk::new().await, log.beside()).await;
    let ours = membership_of(&*here.desk.terminal.core.journal).await;
    let other = Membership { facility_id: FacilityId(RandomIds.random()), ..ours };
    let there = Exchanging::new(Desk::of(other).await, log).await;
    let customer = there.desk.customer("김민수").await;
    there.desk.visit(customer).await;
    let facts = there.desk.facts().await;
    there.exchange().await;
    here.exchange().await;
    assert_eq!((here.desk.facts().await, here.strangers().await), (0, facts));
    let view = here.view().await;
    assert_eq!((view.quarantined, view.alarms.len()), (0, 0));
}

/// The log is the same, but what lies there under the old key is strangers' from then on. Nothing is lost, and nobody is
/// alarmed.
#[tokio::test]
async fn a_newer_key_makes_the_log_a_new_one_and_an_older_key_is_never_taken() {
    let log = MemoryLog::default();
    let first = Exchanging::new(Desk::new().await, log.beside()).await;
    let second = Exchanging::new(first.desk.beside().await, log.beside()).await;
    let old = carried(&first).await;
    let customer = first.desk.customer("김민수").await;
    first.desk.visit(customer).await;
    first.exchange().await;
    second.exchange().await;
    let facts = first.desk.facts().await;
    assert_eq!((second.desk.facts().await, second.strangers().await), (facts, 0));

    let secret = FacilityKey::new(&RandomIds).bytes();
    let new = Carried { key: FacilityKey::from_parts(secret, KeyNumber(2)), ..old.clone() };
    first.accept(&new).await.unwrap();
    first.reconnect().await;
    first.exchange().await;
    // The terminal without the new key works on, and hears nothing of the other.
    first.desk.visit(customer).await;
    first.exchange().await;
    second.exchange().await;
    assert_eq!(second.desk.facts().await, facts);
    let strangers = second.view().await.strangers.unwrap();
    assert!(strangers.messages > facts);
    assert_eq!(strangers.keys.len(), 1, "since when messages come under the other key");
    assert!(strangers.keys[0].first_at <= strangers.keys[0].last_at);
    second.accept(&new).await.unwrap();
    second.reconnect().await;
    second.exchange().await;
    first.exchange().await;
    for terminal in [&first, &second] {
        assert_eq!(terminal.view().await.digest, first.view().await.digest);
        assert!(terminal.view().await.alarms.is_empty());
        assert!(terminal.strangers().await > 0, "what lies there under the old key");
        assert_eq!(terminal.accept(&old).await, Err(ErrorCode::OutdatedKey));
        assert_eq!(terminal.accept(&new).await, Ok(()));
    }
    let card = second.desk.card(customer).await;
    assert_eq!(card.customer.name.as_deref(), Some("김민수"));
}

async fn carried(of: &Exchanging) -> Carried {
    let Membership { facility_id, key, .. } = membership_of(&*of.desk.terminal.core.journal).await;
    Carried { facility_id, key, connection: None }
}
