//! Disk faults at a terminal that receives payments and penalties of another terminal from the log.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use nosmoke_domain::fact::Hash;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::Account;
use nosmoke_ports::{EntryRow, Pace, StoreError, read};
use nosmoke_reading::state::load;
use nosmoke_replication::Replicator;
use nosmoke_runtime::Step;
use nosmoke_tests::disk::{self, Fault};
use nosmoke_tests::doubles::MemoryLog;
use serde_json::Value;

use super::{Engine, MAX_DISK_CALLS, STARTING_POINTS, Totals, customer, give, impose, pay, recorded, shown};
use crate::support::Desk;

/// A desk and its replicator, which the test steps by hand.
struct Terminal {
    desk: Desk,
    replicator: Replicator,
}

impl Terminal {
    async fn new(desk: Desk, log: MemoryLog) -> Self {
        let replicator = Replicator::new(&desk.terminal.core, Arc::new(log), "test".into());
        replicator.connect().await.unwrap();
        Self { desk, replicator }
    }

    async fn pending(&self) -> u64 {
        let journal = &*self.desk.terminal.core.journal;
        read::<_, StoreError>(journal, |tx| tx.pending_totals()).await.unwrap().facts
    }

    /// Publishes all pending facts and documents, and reads them back from the log.
    async fn publish(&self) {
        while self.pending().await > 0 {
            self.replicator.publish(Pace::Free).await.unwrap();
            self.consume().await.unwrap();
        }
    }

    /// Reads the log to its end.
    async fn consume(&self) -> Result<(), String> {
        while self.replicator.consume(Duration::ZERO, Pace::Free).await.map_err(|it| it.to_string())? == Step::More {}
        Ok(())
    }

    /// Returns a customer's spent points and outstanding penalty points. Loads them as a decision does: from the
    /// snapshot and the newer facts.
    async fn accounts(&self, customer: CustomerId) -> (i128, i128) {
        let (journal, now) = (&*self.desk.terminal.core.journal, self.desk.terminal.core.clock.now());
        let account = read::<_, StoreError>(journal, move |tx| Ok(load::<Account>(tx, customer)?.state)).await.unwrap();
        (i128::from(STARTING_POINTS) - account.balance(now), account.outstanding(now))
    }

    /// Returns the hashes of all facts, and Mypage's rows without the fields that differ between terminals.
    async fn everything(&self) -> (BTreeSet<Hash>, Vec<EntryRow>) {
        let facts = self.desk.changes().await.into_iter().map(|change| change.recorded.hash);
        let rows = self.desk.rows().await.into_iter().map(|row| EntryRow { accrued_after: None, ..row });
        (facts.collect(), rows.collect())
    }
}

/// Receives the facts of two commands, again and again, each time with a fault at the next call to the disk.
async fn received_at_every_call(commands: impl Fn(CustomerId) -> [Value; 2], each: (usize, usize)) {
    for fault in [Fault::Once, Fault::Full, Fault::Broken] {
        let log = MemoryLog::default();
        let sender = Terminal::new(Engine::Sqlite.desk().await, log.beside()).await;
        let receiver = Terminal::new(sender.desk.beside().await, log).await;
        let customer = customer(&sender.desk).await;
        sender.publish().await;
        receiver.consume().await.unwrap();
        receiver.desk.settle().await;
        let mut before = Totals::default();
        for step in 0..MAX_DISK_CALLS {
            let expected = before.with(each.0, each.1);
            for (place, command) in commands(customer).iter().enumerate() {
                give(&sender.desk, &format!("{step} {place}"), command).await.unwrap();
            }
            sender.publish().await;
            let fails = disk::fail(receiver.desk.folder.path(), fault, step);
            let taken = receiver.consume().await;
            let failed = fails.count();
            drop(fails);
            assert!(taken.is_ok() || failed > 0, "{taken:?}");
            // A received batch is stored as a whole or not at all, both in the facts and in the projections.
            let found = recorded(&receiver.desk).await;
            assert!(found == before || found == expected, "{fault:?} at call {step}: {found:?}");
            assert_eq!(receiver.accounts(customer).await, (found.deducted, found.accrued), "{fault:?} at call {step}");
            receiver.desk.settle().await;
            assert_eq!(receiver.accounts(customer).await, (found.deducted, found.accrued), "{fault:?} at call {step}");
            // A fault ends the connection. With a new one, the same messages are read again.
            receiver.replicator.connect().await.unwrap();
            receiver.consume().await.unwrap();
            assert_eq!(recorded(&receiver.desk).await, expected, "{fault:?} at call {step}, read again");
            assert_eq!(receiver.accounts(customer).await, (expected.deducted, expected.accrued));
            before = expected;
            if failed == 0 {
                assert!(step >= 8, "the fault has made no call fail");
                break;
            }
            assert!(step + 1 < MAX_DISK_CALLS, "more than {MAX_DISK_CALLS} calls");
        }
        for terminal in [&sender, &receiver] {
            assert_eq!(shown(&terminal.desk, &[customer]).await, before);
        }
        assert!(sender.everything().await == receiver.everything().await, "{fault:?}: the two differ");
        let digest = async |terminal: &Terminal| terminal.desk.terminal.queries.sync_view().await.unwrap().digest;
        assert_eq!(digest(&sender).await, digest(&receiver).await);
    }
}

#[tokio::test]
async fn n01_a_disk_fault_at_the_receiver_leaves_a_payment_whole_or_absent() {
    received_at_every_call(|customer| [pay(customer), impose(customer)], (1, 1)).await;
}

#[tokio::test]
async fn n02_a_disk_fault_at_the_receiver_leaves_a_penalty_whole_or_absent() {
    received_at_every_call(|customer| [impose(customer), impose(customer)], (0, 2)).await;
}
