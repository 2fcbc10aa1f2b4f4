//! The program shows how much work waits for a stopped context, and since when.

use std::sync::Arc;

use chrono::TimeDelta;
use nosmoke_domain::fact::{Draft, Payload};
use nosmoke_domain::ids::EventId;
use nosmoke_ports::contract::ContextName;
use nosmoke_ports::{Clock, Priority, StoreError, read, write};
use nosmoke_tests::doubles::MemoryLog;
use uuid::Uuid;

use super::{start, stop, until, until_passed, view};
use crate::support::Desk;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s08_waiting_work_is_shown_with_its_count_and_oldest_time() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let log = Arc::new(MemoryLog::default());
    let running = desk.terminal.start(|_| ());
    let replication = desk.terminal.start_replication(log.clone(), "test".into());
    desk.visit(customer).await;
    until_passed(&desk.terminal, &[]).await;
    until("all is read back", || async { view(&desk.terminal, ContextName::Publisher).await.lag == 0 }).await;
    for name in ContextName::ALL {
        let view = view(&desk.terminal, name).await;
        assert_eq!((view.lag, view.oldest_waiting_at, view.visits_waiting), (0, None, None), "{name:?}");
    }
    for name in [ContextName::Point, ContextName::Penalty, ContextName::Publisher] {
        stop(&desk.terminal, name).await;
    }
    desk.clock.stop_at(desk.clock.now());
    let first = desk.clock.now().timestamp_millis();
    let visit = desk.check_in(customer).await;
    desk.clock.pass(TimeDelta::minutes(3));
    desk.check_out(visit).await;
    desk.clock.pass(TimeDelta::minutes(2));
    let (second, minutes) = (desk.check_in(customer).await, |count: i64| first + count * 60_000);
    desk.check_out(second).await;
    until_passed(&desk.terminal, &[ContextName::Point, ContextName::Penalty]).await;
    let point = view(&desk.terminal, ContextName::Point).await;
    assert_eq!(point.oldest_waiting_at, Some(first));
    let visits = point.visits_waiting.unwrap();
    assert_eq!((visits.count, visits.more, visits.oldest_at), (2, false, minutes(3)));
    let penalty = view(&desk.terminal, ContextName::Penalty).await;
    assert_eq!((penalty.oldest_waiting_at, penalty.visits_waiting), (Some(first), None));
    assert_eq!(view(&desk.terminal, ContextName::Publisher).await.oldest_waiting_at, Some(first));
    let passed = view(&desk.terminal, ContextName::CheckIn).await;
    assert_eq!((passed.lag, passed.oldest_waiting_at), (0, None));
    // The service graph shows the same numbers.
    let services = desk.terminal.services().await.unwrap();
    let shown: Vec<_> = services.contexts.iter().map(|it| it.name).collect();
    assert_eq!(shown, ContextName::ALL);
    assert_eq!(services.contexts[ContextName::Point as usize].visits_waiting, Some(visits));
    for name in [ContextName::Point, ContextName::Penalty, ContextName::Publisher] {
        start(&desk.terminal, name).await;
    }
    until("nothing waits", || async {
        let point = view(&desk.terminal, ContextName::Point).await;
        point.visits_waiting.is_none() && point.oldest_waiting_at.is_none()
    })
    .await;
    replication.stop().await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s08_waiting_visits_are_counted_up_to_a_thousand() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    stop(&desk.terminal, ContextName::Point).await;
    let visit = desk.check_in(customer).await;
    desk.check_out(visit).await;
    let changes = desk.changes().await;
    let one = changes.into_iter().find(|it| matches!(it.recorded.fact.payload, Payload::CheckedOut(_))).unwrap();
    write::<_, StoreError>(&*desk.terminal.core.journal, Priority::Background, move |tx| {
        let fact = one.recorded.fact.clone();
        let (customer_id, occurred_at, rules) = (fact.customer_id, fact.occurred_at, fact.rules);
        let draft = |number: u128| Draft {
            event_id: EventId(Uuid::from_u128(number)),
            customer_id,
            occurred_at,
            recorded_at: occurred_at,
            recorded_by: fact.recorded_by,
            approved_by: None,
            causation_id: None,
            traceparent: None,
            rules,
            payload: fact.payload.clone(),
        };
        tx.append((1..=1_000).map(draft).collect()).map(drop)
    })
    .await
    .unwrap();
    let visits = view(&desk.terminal, ContextName::Point).await.visits_waiting.unwrap();
    assert_eq!((visits.count, visits.more), (1_000, true));
    let counted = read::<_, StoreError>(&*desk.terminal.core.journal, |tx| {
        let here = tx.origin()?.unwrap().incarnation;
        let last = tx.last_change()?;
        Ok((tx.check_outs_after(here, last - 1, 10)?.map(|it| it.0), tx.check_outs_after(here, last, 10)?))
    });
    assert_eq!(counted.await.unwrap(), (Some(1), None));
}
