//! A customer whose changes make a context panic repeatedly is set aside in that context only.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{ContextName, ContextState, MypageFilter};
use nosmoke_ports::{Context, Journal, Priority, ReadUnit, StoreError, Write, WriteUnit, Written, read};
use nosmoke_tests::doubles::{Journals, start_with_journals};

use super::{start, stop, until, until_passed, view};
use crate::support::Desk;

/// A journal that panics in a unit of work that would store a snapshot of this customer's visits, while the fault is
/// switched on. Only check_in's projector stores one.
#[derive(Debug)]
struct PanicsForCustomer {
    journal: Arc<dyn Journal>,
    to: CustomerId,
    panics: Arc<AtomicBool>,
}

#[async_trait]
impl Journal for PanicsForCustomer {
    async fn write_unit(&self, priority: Priority, mut unit: WriteUnit) -> Result<Option<Written>, StoreError> {
        let (to, panics) = (self.to, self.panics.clone());
        let unit = move |tx: &mut dyn Write| {
            let done = unit(tx);
            let projected = done.is_ok() && tx.snapshot(Context::CheckIn, to).is_ok_and(|saved| saved.is_some());
            assert!(!(projected && panics.load(Ordering::SeqCst)), "panics for this customer");
            done
        };
        self.journal.write_unit(priority, Box::new(unit)).await
    }

    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError> {
        self.journal.read_unit(unit).await
    }
}

fn journals_panicking_for(desk: &Desk, to: CustomerId, panics: &Arc<AtomicBool>) -> Journals {
    let (journal, panics) = (desk.terminal.core.journal.clone(), panics.clone());
    let own: Arc<dyn Journal> = Arc::new(PanicsForCustomer { journal, to, panics });
    [(ContextName::CheckIn, own)].into()
}

/// Returns those of some customers whom check_in's projector has projected.
async fn projected(desk: &Desk, customers: &[CustomerId]) -> Vec<CustomerId> {
    let mut projected = customers.to_vec();
    read::<_, StoreError>(&*desk.terminal.core.journal, move |tx| {
        let mut found = Vec::new();
        for customer in std::mem::take(&mut projected) {
            if tx.snapshot(Context::CheckIn, customer)?.is_some() {
                found.push(customer);
            }
        }
        Ok(found)
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s04_a_customer_who_makes_a_context_panic_is_set_aside_only_there() {
    let desk = Desk::new().await;
    let mut customers = Vec::new();
    for number in 0..5 {
        customers.push(desk.customer(&format!("고객 {number}")).await);
    }
    let bad = customers[2];
    let without: Vec<_> = customers.iter().copied().filter(|customer| *customer != bad).collect();
    let panics = Arc::new(AtomicBool::new(true));
    let journals = journals_panicking_for(&desk, bad, &panics);
    for customer in &customers {
        desk.check_in(*customer).await;
    }
    let running = start_with_journals(&desk.terminal, &journals);
    until_passed(&desk.terminal, &[]).await;
    assert_eq!(projected(&desk, &customers).await, without);
    let faulty = view(&desk.terminal, ContextName::CheckIn).await;
    assert_eq!((faulty.state, faulty.set_aside), (ContextState::Running, 1));
    assert!(
        faulty.restarts >= 5 && faulty.last_errors.iter().any(|it| it.detail.contains("panics for this customer")),
        "{faulty:?}"
    );
    // The other contexts are unaffected, and later changes of the customer are skipped too.
    for other in desk.terminal.contexts().await.unwrap().iter().filter(|it| it.name != ContextName::CheckIn) {
        assert_eq!((other.restarts, other.set_aside), (0, 0), "{other:?}");
    }
    assert_eq!(desk.lines(bad, MypageFilter::Visits).await.len(), 1);
    // Each start of the context tries the customer again: first in vain, then, once the panics have stopped, with
    // success.
    stop(&desk.terminal, ContextName::CheckIn).await;
    start(&desk.terminal, ContextName::CheckIn).await;
    until("the customer was tried again", || async {
        view(&desk.terminal, ContextName::CheckIn).await.restarts > faulty.restarts
    })
    .await;
    assert_eq!(
        (projected(&desk, &customers).await, view(&desk.terminal, ContextName::CheckIn).await.set_aside),
        (without, 1)
    );
    running.stop().await;
    let desk = desk.restart().await;
    panics.store(false, Ordering::SeqCst);
    let running = start_with_journals(&desk.terminal, &journals_panicking_for(&desk, bad, &panics));
    until("all are projected", || async { projected(&desk, &customers).await == customers }).await;
    assert_eq!(view(&desk.terminal, ContextName::CheckIn).await.set_aside, 0);
    running.stop().await;
    // After the next start, the worker has no work left.
    let desk = desk.restart().await;
    desk.settle().await;
    assert_eq!(projected(&desk, &customers).await, customers);
}
