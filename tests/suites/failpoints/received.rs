//! The same at another terminal, which takes payments and penalties over from the log.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use nosmoke_domain::fact::Hash;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::point::Account;
use nosmoke_ports::{EntryRow, Pace, RandomIds, StoreError, read};
use nosmoke_reading::state::load;
use nosmoke_replication::Exchange;
use nosmoke_replication::joining::pairing;
use nosmoke_runtime::Step;
use nosmoke_tests::disk::{self, Fault};
use nosmoke_tests::doubles::MemoryLog;
use serde_json::Value;

use super::{Counted, Engine, GIVEN, STEPS, customer, give, impose, pay, recorded, shown};
use crate::support::Desk;

/// A desk and its side of the exchange, moved by hand.
struct Terminal {
    desk: Desk,
    exchange: Exchange,
}

impl Terminal {
    async fn new(log: MemoryLog) -> Self {
        let desk = Engine::Sqlite.desk().await;
        pairing::ensure_key(&*desk.terminal.core.journal, Arc::new(RandomIds)).await.unwrap();
        let exchange = Exchange::new(&desk.terminal.core, Arc::new(log), "test".into());
        exchange.connect().await.unwrap();
        Self { desk, exchange }
    }

    async fn pending(&self) -> u64 {
        let journal = &*self.desk.terminal.core.journal;
        read::<_, StoreError>(journal, |tx| tx.pending_totals()).await.unwrap().facts
    }

    /// Publishes everything and reads it back.
    async fn publish(&self) {
        while self.pending().await > 0 {
            self.exchange.publish(Pace::Free).await.unwrap();
            self.consume().await.unwrap();
        }
    }

    /// Takes over whatever the log holds.
    async fn consume(&self) -> Result<(), String> {
        while self.exchange.consume(Duration::ZERO, Pace::Free).await.map_err(|it| it.to_string())? == Step::More {}
        Ok(())
    }

    /// What accounts say, folded from snapshots and newer facts as for a decision.
    async fn accounts(&self, customer: CustomerId) -> (i128, i128) {
        let journal = &*self.desk.terminal.core.journal;
        let account = read::<_, StoreError>(journal, move |tx| Ok(load::<Account>(tx, customer)?.state)).await.unwrap();
        (i128::from(GIVEN) - account.balance(), account.outstanding())
    }

    /// The hash of every fact, and each line of Mypage as far as it is the same everywhere.
    async fn everything(&self) -> (BTreeSet<Hash>, Vec<EntryRow>) {
        let facts = self.desk.changes().await.into_iter().map(|change| change.recorded.hash);
        let rows = self.desk.rows().await.into_iter().map(|row| EntryRow { accrued_after: None, ..row });
        (facts.collect(), rows.collect())
    }
}

/// Lets every call fail in turn while what two commands recorded at another terminal is taken over.
async fn received_at_every_call(commands: impl Fn(CustomerId) -> [Value; 2], each: (usize, usize)) {
    for fault in [Fault::Once, Fault::Full, Fault::Broken] {
        let log = MemoryLog::default();
        let (sender, receiver) = (Terminal::new(log.beside()).await, Terminal::new(log).await);
        let code = pairing::pairing(&*sender.desk.terminal.core.journal).await.unwrap().code;
        pairing::accept(&*receiver.desk.terminal.core.journal, &code).await.unwrap();
        let customer = customer(&sender.desk).await;
        sender.publish().await;
        receiver.consume().await.unwrap();
        receiver.desk.settle().await;
        let mut before = Counted::default();
        for step in 0..STEPS {
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
            // All of the batch or nothing of it, in the facts and in what is made of them.
            let found = recorded(&receiver.desk).await;
            assert!(found == before || found == expected, "{fault:?} at call {step}: {found:?}");
            assert_eq!(receiver.accounts(customer).await, (found.deducted, found.accrued), "{fault:?} at call {step}");
            receiver.desk.settle().await;
            assert_eq!(receiver.accounts(customer).await, (found.deducted, found.accrued), "{fault:?} at call {step}");
            // Where that failed, what was fetched is lost with the connection.
            receiver.exchange.connect().await.unwrap();
            receiver.consume().await.unwrap();
            assert_eq!(recorded(&receiver.desk).await, expected, "{fault:?} at call {step}, once more");
            assert_eq!(receiver.accounts(customer).await, (expected.deducted, expected.accrued));
            before = expected;
            if failed == 0 {
                assert!(step >= 8, "nothing was made to fail");
                break;
            }
            assert!(step + 1 < STEPS, "more than {STEPS} calls");
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
async fn n01_whatever_call_fails_where_it_is_received_a_payment_is_there_with_its_deduction_or_not_at_all() {
    received_at_every_call(|customer| [pay(customer), impose(customer)], (1, 1)).await;
}

#[tokio::test]
async fn n02_whatever_call_fails_where_it_is_received_a_penalty_is_there_with_its_accrual_or_not_at_all() {
    received_at_every_call(|customer| [impose(customer), impose(customer)], (0, 2)).await;
}
