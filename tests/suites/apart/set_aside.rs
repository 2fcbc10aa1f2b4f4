//! A customer whose changes make one context panic again and again is set aside there, and nowhere else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::{ContextName, ContextState, MypageFilter};
use nosmoke_ports::{Journal, Priority, ReadUnit, StoreError, Unit, Write, Written, read};
use nosmoke_tests::doubles::{Journals, start_apart};

use super::{start, stop, until, until_passed, view};
use crate::support::Desk;

/// Panics, while it does, in whatever would let this customer be inside.
#[derive(Debug)]
struct Allergic {
    journal: Arc<dyn Journal>,
    to: CustomerId,
    panics: Arc<AtomicBool>,
}

#[async_trait]
impl Journal for Allergic {
    async fn write_unit(&self, priority: Priority, mut unit: Unit) -> Result<Option<Written>, StoreError> {
        let (to, panics) = (self.to, self.panics.clone());
        let unit = move |tx: &mut dyn Write| {
            let done = unit(tx);
            let inside = done.is_ok() && tx.inside_of(to).is_ok_and(|rows| !rows.is_empty());
            assert!(!(inside && panics.load(Ordering::SeqCst)), "it can't bear someone");
            done
        };
        self.journal.write_unit(priority, Box::new(unit)).await
    }

    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError> {
        self.journal.read_unit(unit).await
    }
}

fn allergic(desk: &Desk, to: CustomerId, panics: &Arc<AtomicBool>) -> Journals {
    let (journal, panics) = (desk.terminal.core.journal.clone(), panics.clone());
    let own: Arc<dyn Journal> = Arc::new(Allergic { journal, to, panics });
    [(ContextName::CheckIn, own)].into()
}

async fn inside(desk: &Desk) -> Vec<CustomerId> {
    let inside = read::<_, StoreError>(&*desk.terminal.core.journal, |tx| tx.inside(None)).await.unwrap();
    inside.iter().map(|row| row.customer_id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s04_a_customer_who_makes_a_context_panic_is_set_aside_there_alone() {
    let desk = Desk::new().await;
    let mut customers = Vec::new();
    for number in 0..5 {
        customers.push(desk.customer(&format!("고객 {number}")).await);
    }
    let bad = customers[2];
    let without: Vec<_> = customers.iter().copied().filter(|customer| *customer != bad).collect();
    let panics = Arc::new(AtomicBool::new(true));
    let journals = allergic(&desk, bad, &panics);
    for customer in &customers {
        desk.check_in(*customer).await;
    }
    let running = start_apart(&desk.terminal, &journals);
    until_passed(&desk.terminal, &[]).await;
    assert_eq!(inside(&desk).await, without);
    let sick = view(&desk.terminal, ContextName::CheckIn).await;
    assert_eq!((sick.state, sick.set_aside), (ContextState::Running, 1));
    assert!(sick.restarts >= 5 && sick.last_errors.iter().any(|it| it.detail.contains("bear someone")), "{sick:?}");
    // The others know nothing of it, and what comes after is passed over too.
    for other in desk.terminal.contexts().await.unwrap().iter().filter(|it| it.name != ContextName::CheckIn) {
        assert_eq!((other.restarts, other.set_aside), (0, 0), "{other:?}");
    }
    assert_eq!(desk.lines(bad, MypageFilter::Visits).await.len(), 1);
    // Tried again with the next start: in vain, and once it is over with success.
    stop(&desk.terminal, ContextName::CheckIn).await;
    start(&desk.terminal, ContextName::CheckIn).await;
    until("it was tried again", || async { view(&desk.terminal, ContextName::CheckIn).await.restarts > sick.restarts })
        .await;
    assert_eq!((inside(&desk).await, view(&desk.terminal, ContextName::CheckIn).await.set_aside), (without, 1));
    running.stop().await;
    let desk = desk.restart().await;
    panics.store(false, Ordering::SeqCst);
    let running = start_apart(&desk.terminal, &allergic(&desk, bad, &panics));
    until("all are inside", || async { inside(&desk).await == customers }).await;
    assert_eq!(view(&desk.terminal, ContextName::CheckIn).await.set_aside, 0);
    running.stop().await;
    // Nothing is left to do for the start after that.
    let desk = desk.restart().await;
    desk.settle().await;
    assert_eq!(inside(&desk).await, customers);
}
