//! While the context point is stopped, fails or hangs: the answers of pay and penalty, and the work that goes on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use nosmoke_domain::ids::{CustomerId, VisitId};
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{
    AppError, BreakerState, BreakerView, ContextName, ContextState, ErrorCode, MypageFilter, Outcome,
};
use nosmoke_runtime::measures::Node;
use nosmoke_tests::doubles::{Behaviour, FaultSwitch, FaultyJournal, FaultyPoint, start_with_journals, with_point};
use serde_json::{Value, json};

use super::{start, stop, until, until_passed, until_state, view};
use crate::inspection::dump_all;
use crate::support::Desk;

const VISITS: usize = 1_000;
const CUSTOMERS: usize = 20;

/// Returns commands that call point. With a working point, each would succeed.
async fn calls(desk: &Desk, customer: CustomerId) -> Vec<Value> {
    let Outcome::Paid { payment_id, .. } = desk.pay(customer, 10).await.unwrap() else { panic!() };
    let penalty = desk.penalty(customer, 5).await;
    vec![
        json!({ "type": "pay", "customerId": customer, "points": 20 }),
        json!({ "type": "voidPayment", "paymentId": payment_id, "reason": "mistaken" }),
        json!({ "type": "imposePenalty", "customerId": customer, "points": 5 }),
        json!({ "type": "deductPenalty", "penaltyId": penalty, "ground": "appeal", "points": 1 }),
        json!({ "type": "voidPenalty", "penaltyId": penalty, "reason": "mistaken" }),
        json!({ "type": "adjustPoints", "customerId": customer, "points": 7, "reason": "goodwill" }),
    ]
}

fn is_unavailable(error: &AppError, reason: &str) {
    assert_eq!((error.code, error.params["reason"].as_str()), (ErrorCode::PointUnavailable, Some(reason)));
    assert!(error.params["retryAfterMs"].as_i64().is_some_and(|wait| wait >= 0), "{error:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s03_while_point_is_stopped_payments_and_penalties_record_nothing() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let running = desk.terminal.start(|_| ());
    let (paid, pay) = ("a key", json!({ "type": "pay", "customerId": customer, "points": 1 }));
    let before = desk.give_with_key(paid, pay.clone()).await.unwrap();
    let calls = calls(&desk, customer).await;
    until_passed(&desk.terminal, &[]).await;
    stop(&desk.terminal, ContextName::Point).await;
    let untouched = dump_all(desk.folder.path()).await;
    assert!(untouched.len() > 20 && untouched.values().any(|rows| rows.len() > 5), "{untouched:?}");
    for command in &calls {
        let begun = Instant::now();
        is_unavailable(&desk.give(command.clone()).await.unwrap_err(), "stopped");
        assert!(begun.elapsed() < Duration::from_millis(200), "{:?}", begun.elapsed());
        assert_eq!(dump_all(desk.folder.path()).await, untouched, "{command}");
    }
    // A repeated command gets its remembered answer although point is stopped.
    assert_eq!(desk.give_with_key(paid, pay).await.unwrap(), before);
    let reused = desk.give_with_key(paid, calls[0].clone()).await.unwrap_err();
    assert_eq!(reused.code, ErrorCode::KeyReused);
    start(&desk.terminal, ContextName::Point).await;
    for command in calls {
        desk.give(command.clone()).await.unwrap_or_else(|error| panic!("{command}: {error}"));
    }
    running.stop().await;
}

/// Records 1,000 visits, none of which has earned points yet.
async fn visits(desk: &Desk) -> (Vec<CustomerId>, Vec<VisitId>) {
    let (mut customers, mut visits) = (Vec::new(), Vec::new());
    for number in 0..CUSTOMERS {
        customers.push(desk.customer(&format!("고객 {number}")).await);
    }
    for number in 0..VISITS {
        let visit = desk.check_in(customers[number % CUSTOMERS]).await;
        let Outcome::CheckedOut { .. } = desk.check_out(visit).await else { panic!() };
        visits.push(visit);
    }
    (customers, visits)
}

async fn statuses(desk: &Desk, customers: &[CustomerId]) -> Vec<String> {
    let mut statuses = Vec::new();
    for customer in customers {
        statuses.extend(desk.lines(*customer, MypageFilter::Visits).await.into_iter().map(|line| line.1));
    }
    statuses
}

async fn all_earn_once(desk: &Desk, customers: &[CustomerId], visits: &[VisitId]) {
    until("all have earned", || async { desk.earnings().await.len() == VISITS }).await;
    until_passed(&desk.terminal, &[]).await;
    assert_eq!(statuses(desk, customers).await, vec!["EARNED"; VISITS]);
    let earnings = desk.earnings().await;
    assert!(visits.iter().all(|visit| earnings[visit] == 1), "{earnings:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s04_a_thousand_visits_succeed_while_point_is_stopped_and_earn_after_its_start() {
    let desk = Desk::new().await;
    let running = desk.terminal.start(|_| ());
    stop(&desk.terminal, ContextName::Point).await;
    let (customers, visits) = visits(&desk).await;
    assert_eq!(statuses(&desk, &customers).await, vec!["CHECKED_OUT"; VISITS]);
    assert_eq!(desk.earnings().await.len(), 0);
    let waiting = view(&desk.terminal, ContextName::Point).await;
    assert!(waiting.lag >= 2 * VISITS as u64, "{waiting:?}");
    // After another stop of point half-way and a restart of the program, earning continues from point's checkpoint.
    start(&desk.terminal, ContextName::Point).await;
    until("some have earned", || async { desk.earnings().await.len() > 100 }).await;
    stop(&desk.terminal, ContextName::Point).await;
    running.stop().await;
    let desk = desk.restart().await;
    let running = desk.terminal.start(|_| ());
    all_earn_once(&desk, &customers, &visits).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s04_a_thousand_visits_succeed_while_point_hangs_and_earn_after_its_restart() {
    let mut desk = Desk::new().await;
    let (journal, port) = (FaultSwitch::default(), FaultSwitch::default());
    let own = Arc::new(FaultyJournal(desk.terminal.core.journal.clone(), journal.clone()));
    desk.terminal = with_point(desk.terminal.clone(), Arc::new(FaultyPoint(port.clone())));
    let running = start_with_journals(&desk.terminal, &[(ContextName::Point, own as _)].into());
    [&journal, &port].into_iter().for_each(|switch| switch.set(Behaviour::Hangs));
    let (customers, visits) = visits(&desk).await;
    let begun = Instant::now();
    is_unavailable(&desk.pay(customers[0], 10).await.unwrap_err(), "timeout");
    assert!((250..900).contains(&begun.elapsed().as_millis()), "{:?}", begun.elapsed());
    // Once point's hanging step counts as failed, pages of Mypage no longer wait for point.
    until_state(&desk.terminal, ContextName::Point, ContextState::Failing).await;
    let begun = Instant::now();
    assert_eq!(statuses(&desk, &customers).await, vec!["CHECKED_OUT"; VISITS]);
    assert!(begun.elapsed() < Duration::from_secs(CUSTOMERS as u64 / 2), "{:?}", begun.elapsed());
    assert_eq!(desk.earnings().await.len(), 0);
    stop(&desk.terminal, ContextName::Point).await;
    [&journal, &port].into_iter().for_each(|switch| switch.set(Behaviour::Normal));
    start(&desk.terminal, ContextName::Point).await;
    all_earn_once(&desk, &customers, &visits).await;
    desk.pay(customers[0], 10).await.unwrap();
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s03_the_breaker_of_each_caller_opens_half_opens_and_closes() {
    for (behaviour, reason) in
        [(Behaviour::Fails, "failing"), (Behaviour::Panics, "failing"), (Behaviour::Hangs, "timeout")]
    {
        let mut desk = Desk::new().await;
        let customer = desk.customer("홍길동").await;
        desk.visit(customer).await;
        let point = FaultSwitch::default();
        desk.terminal = with_point(desk.terminal.clone(), Arc::new(FaultyPoint(point.clone())));
        let breaker = async |name| -> BreakerView { view(&desk.terminal, name).await.breaker.unwrap() };
        let state = async |name| breaker(name).await.state;
        point.set(behaviour);
        desk.clock.stop_at(nosmoke_ports::Clock::now(&*desk.clock));
        for failures in 1..=3 {
            assert_eq!(state(ContextName::Pay).await, BreakerState::Closed);
            is_unavailable(&desk.pay(customer, 1).await.unwrap_err(), reason);
            assert_eq!((breaker(ContextName::Pay).await.failures, point.calls()), (failures, failures));
        }
        // Pay's breaker is open, so it answers at once without calling point. Penalty's calls have their own breaker.
        assert_eq!(
            [state(ContextName::Pay).await, state(ContextName::Penalty).await],
            [BreakerState::Open, BreakerState::Closed]
        );
        let begun = Instant::now();
        let refusal = desk.pay(customer, 1).await.unwrap_err();
        is_unavailable(&refusal, "open");
        assert_eq!(refusal.params["retryAfterMs"], 1_000);
        assert!(begun.elapsed() < Duration::from_millis(200) && point.calls() == 3);
        // A failed trial call doubles the breaker's pause; the next trial call succeeds.
        desk.clock.pass(TimeDelta::seconds(1));
        is_unavailable(&desk.pay(customer, 1).await.unwrap_err(), reason);
        assert_eq!((point.calls(), state(ContextName::Pay).await), (4, BreakerState::Open));
        desk.clock.pass(TimeDelta::milliseconds(1_999));
        assert_eq!(desk.pay(customer, 1).await.unwrap_err().params["retryAfterMs"], 1);
        point.set(Behaviour::Normal);
        desk.clock.pass(TimeDelta::milliseconds(1));
        desk.pay(customer, 1).await.unwrap();
        assert_eq!((point.calls(), breaker(ContextName::Pay).await.failures), (5, 0));
        assert_eq!(state(ContextName::Pay).await, BreakerState::Closed);
        desk.pay(customer, 1).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s03_a_failing_point_refuses_calls() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let switch = FaultSwitch::default();
    let own = Arc::new(FaultyJournal(desk.terminal.core.journal.clone(), switch.clone()));
    let running = start_with_journals(&desk.terminal, &[(ContextName::Point, own as _)].into());
    desk.pay(customer, 1).await.unwrap();
    switch.set(Behaviour::Fails);
    desk.check_in(customer).await;
    until_state(&desk.terminal, ContextName::Point, ContextState::Failing).await;
    is_unavailable(&desk.pay(customer, 1).await.unwrap_err(), "failing");
    let failing = view(&desk.terminal, ContextName::Point).await;
    assert!(failing.errors >= 3 && failing.retries >= 2 && failing.lag > 0, "{failing:?}");
    assert!(failing.last_errors.iter().all(|it| it.detail.contains("a double fails")), "{failing:?}");
    assert!(failing.last_errors.len() <= 10);
    // Once the fault is over, point recovers by itself.
    switch.set(Behaviour::Normal);
    until_state(&desk.terminal, ContextName::Point, ContextState::Running).await;
    until("it takes calls again", || async { desk.pay(customer, 1).await.is_ok() }).await;
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s04_a_stopped_context_refuses_only_its_own_commands_and_queries() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let penalty = desk.penalty(customer, 30).await;
    let running = desk.terminal.start(|_| ());
    let all = async || {
        let page = desk.try_page(customer, MypageFilter::All).await.map(drop);
        let visit = desk.give(json!({ "type": "checkIn", "customerId": customer, "areaId": desk.area.area_id })).await;
        let left = match &visit {
            Ok(Outcome::CheckedIn { visit_id, .. }) => {
                desk.give(json!({ "type": "checkOut", "visitId": visit_id })).await
            }
            _ => visit.clone(),
        };
        let paid = desk.pay(customer, 1).await;
        let deducted = desk.deduct(penalty, "appeal", Some(1)).await;
        let refused =
            |answer: Result<Outcome, AppError>| answer.err().map(|it| (it.code, it.params["context"].clone()));
        let page = page.err().map(|it| (it.code, it.params["context"].clone()));
        [page, refused(visit), refused(left), refused(paid), refused(deducted)]
    };
    let nothing: [Option<(ErrorCode, Value)>; 5] = Default::default();
    assert_eq!(all().await, nothing);
    for (name, context, own) in [
        (ContextName::Mypage, "mypage", &[0][..]),
        (ContextName::CheckIn, "check_in", &[1, 2]),
        (ContextName::Pay, "pay", &[3]),
        (ContextName::Penalty, "penalty", &[4]),
        (ContextName::Publisher, "", &[]),
        (ContextName::Consumer, "", &[]),
    ] {
        stop(&desk.terminal, name).await;
        let mut expected = nothing.clone();
        for number in own {
            expected[*number] = Some((ErrorCode::ContextStopped, json!(context)));
        }
        assert_eq!(all().await, expected, "{name:?}");
        start(&desk.terminal, name).await;
        assert_eq!(all().await, nothing, "{name:?}");
    }
    // Only a manager may stop and start contexts.
    for role in [Role::Staff, Role::Supervisor] {
        let authority = desk.terminal.queries.authority_of(desk.staff(role).await).await.unwrap();
        for refused in [
            desk.terminal.stop_context(authority, Node::Screen, ContextName::Pay, None).await,
            desk.terminal.start_context(&authority, ContextName::Pay).await,
        ] {
            assert_eq!(refused.unwrap_err().code, ErrorCode::NotAuthorised);
        }
    }
    assert_eq!(view(&desk.terminal, ContextName::Pay).await.state, ContextState::Running);
    running.stop().await;
}
