//! What is entered after it happened: how far back, what it earns, which cases it makes, and that it is marked.

use chrono::{DateTime, TimeDelta, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::words::{CaseReason, Role};
use nosmoke_ports::Clock;
use nosmoke_ports::contract::{ErrorCode, MypageFilter, Outcome, RecentInput, ReviewInput};
use serde_json::{Value, json};

use crate::rules::publish;
use crate::support::Desk;

fn visit(desk: &Desk, customer: CustomerId, began: DateTime<Utc>, minutes: i64) -> Value {
    let ended = began + TimeDelta::minutes(minutes);
    json!({
        "type": "enterVisit", "customerId": customer, "areaId": desk.area.area_id,
        "beganAt": began.timestamp_millis(), "endedAt": ended.timestamp_millis(),
    })
}

fn impose(customer: CustomerId, at: DateTime<Utc>) -> Value {
    json!({ "type": "imposePenalty", "customerId": customer, "points": 40, "happenedAt": at.timestamp_millis() })
}

fn moment(ms: &Value) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(ms.as_i64().unwrap()).unwrap()
}

async fn earned(desk: &Desk, command: Value) -> Option<u64> {
    match desk.give(command).await.unwrap() {
        Outcome::CheckedOut { points, .. } => points,
        other => panic!("{other:?}"),
    }
}

async fn reasons(desk: &Desk) -> Vec<CaseReason> {
    desk.settle().await;
    let page = desk.terminal.queries.review(ReviewInput::default()).await.unwrap();
    page.cases.into_iter().map(|case| case.reason).collect()
}

#[tokio::test]
async fn what_happened_at_most_14_days_ago_can_be_entered_by_a_supervisor() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let now = desk.clock.now();
    for days in [0, 1, 13] {
        assert_eq!(
            earned(&desk, visit(&desk, customer, now - TimeDelta::days(days) - TimeDelta::hours(1), 30)).await,
            Some(100)
        );
    }
    let ahead = now + TimeDelta::minutes(1);
    for (began, minutes) in [(now - TimeDelta::days(16), 30), (ahead, 0)] {
        let refused = desk.refusal(visit(&desk, customer, began, minutes)).await;
        assert_eq!(refused.code, ErrorCode::OutsideEntryDays);
        assert!((now..ahead).contains(&moment(&refused.params["until"])), "{refused:?}");
    }
    for minutes in [-1, 61] {
        let began = now - TimeDelta::hours(1);
        assert_eq!(desk.refused(visit(&desk, customer, began, minutes)).await, ErrorCode::NotDuringVisit);
    }
    desk.hand_to(desk.staff(Role::Staff).await);
    for command in [visit(&desk, customer, now - TimeDelta::hours(1), 5), impose(customer, now)] {
        let refused = desk.refusal(command).await;
        assert_eq!((refused.code, &refused.params["needed"]), (ErrorCode::NotAuthorised, &json!("supervisor")));
    }
    desk.hand_to(desk.staff(Role::Supervisor).await);
    desk.give(impose(customer, now)).await.unwrap();
}

#[tokio::test]
async fn a_line_entered_twice_with_one_key_is_recorded_once() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let line = visit(&desk, customer, desk.clock.now() - TimeDelta::days(2), 10);
    let first = desk.give_with_key("line 1", line.clone()).await.unwrap();
    let facts = desk.facts().await;
    let desk = desk.restart().await;
    assert_eq!(desk.give_with_key("line 1", line).await, Ok(first));
    desk.settle().await;
    assert_eq!(desk.facts().await, facts + 1, "only the earning is new");
}

#[tokio::test]
async fn a_visit_entered_afterwards_earns_nothing_where_its_ban_was_known_by_then() {
    let desk = Desk::new().await;
    let (known, late) = (desk.customer("가").await, desk.customer("나").await);
    let before = desk.clock.now() - TimeDelta::minutes(30);
    desk.penalty(known, 40).await;
    desk.clock.pass(TimeDelta::days(2));
    // The ban of the second customer is entered only now.
    desk.give(impose(late, before)).await.unwrap();
    let during = desk.clock.now() - TimeDelta::days(1);
    assert_eq!(earned(&desk, visit(&desk, known, during, 10)).await, None);
    assert_eq!(earned(&desk, visit(&desk, late, during, 10)).await, Some(100));
    assert_eq!(earned(&desk, visit(&desk, known, before, 10)).await, Some(100), "before the ban");
    assert_eq!(reasons(&desk).await, [CaseReason::ADMITTED_IN_BAN, CaseReason::ADMITTED_IN_BAN]);
}

#[tokio::test]
async fn another_visit_at_that_time_and_a_full_area_refuse_nothing() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let began = desk.clock.now();
    desk.check_in(customer).await;
    desk.clock.pass(TimeDelta::hours(1));
    let roof = desk.areas().await.into_iter().find(|area| area.capacity == Some(2)).unwrap();
    for name in ["가", "나"] {
        let enter = json!({ "type": "checkIn", "customerId": desk.customer(name).await, "areaId": roof.area_id });
        desk.give(enter).await.unwrap();
    }
    let mut command = visit(&desk, customer, began + TimeDelta::minutes(20), 10);
    command["areaId"] = json!(roof.area_id);
    assert_eq!(earned(&desk, command).await, Some(100));
    assert_eq!(reasons(&desk).await, [CaseReason::OVERLAPPING_VISITS]);
    desk.settle().await;
    assert_eq!(desk.terminal.queries.occupancy().await.unwrap().total, 3, "nobody more is inside");
}

#[tokio::test]
async fn the_cap_and_the_rules_are_those_of_the_day_of_the_visit() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let long_ago = desk.clock.now() + TimeDelta::hours(1);
    desk.clock.pass(TimeDelta::days(3));
    let changed = publish(&desk, false, |form| {
        (form.points_per_visit, form.daily_cap) = ("70".into(), Some("150".into()));
    });
    changed.await.unwrap();
    desk.clock.pass(TimeDelta::days(9));
    assert_eq!(earned(&desk, visit(&desk, customer, long_ago, 10)).await, Some(100), "by the rules of then");
    // Ten days of visits, so that no snapshot has the first of them any more.
    let begin = desk.clock.now() - TimeDelta::days(8);
    for day in 0..8 {
        assert_eq!(earned(&desk, visit(&desk, customer, begin + TimeDelta::days(day), 10)).await, Some(70));
    }
    let again = |minutes| visit(&desk, customer, begin + TimeDelta::minutes(minutes), 10);
    assert_eq!(earned(&desk, again(20)).await, Some(70));
    assert_eq!(earned(&desk, again(40)).await, Some(10), "up to the cap of that day");
    assert_eq!(earned(&desk, again(60)).await, None);
    assert_eq!(reasons(&desk).await, []);
}

#[tokio::test]
async fn a_payment_entered_afterwards_needs_its_points_here_now() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let at = (desk.clock.now() - TimeDelta::days(1)).timestamp_millis();
    let pay = |points: u64| json!({ "type": "pay", "customerId": customer, "points": points, "happenedAt": at });
    assert_eq!(desk.refused(pay(50)).await, ErrorCode::InsufficientPoints);
    desk.visit(customer).await;
    desk.give(pay(50)).await.unwrap();
    desk.settle().await;
    let entries = desk.page(customer, MypageFilter::Payments).await.entries;
    assert_eq!(entries[0].at, at);
    assert!(entries[0].entered_at.unwrap() > at);
    assert_eq!(desk.balance(customer).await, 50);
}

#[tokio::test]
async fn a_deduction_entered_afterwards_comes_after_its_penalty() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let imposed = desk.clock.now() - TimeDelta::days(3);
    let Outcome::PenaltyImposed { penalty_id, .. } = desk.give(impose(customer, imposed)).await.unwrap() else {
        panic!()
    };
    let deduct = |at: DateTime<Utc>| {
        json!({
            "type": "deductPenalty", "penaltyId": penalty_id, "ground": "service", "points": 5,
            "happenedAt": at.timestamp_millis(),
        })
    };
    let refused = desk.refusal(deduct(imposed - TimeDelta::minutes(1))).await;
    assert_eq!(
        (refused.code, &refused.params["from"]),
        (ErrorCode::OutsideEntryDays, &json!(imposed.timestamp_millis()))
    );
    desk.give(deduct(imposed + TimeDelta::minutes(1))).await.unwrap();
    desk.settle().await;
    assert_eq!(desk.card(customer).await.verdict.outstanding, 35);
}

#[tokio::test]
async fn lists_mark_what_was_entered_afterwards() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.give(visit(&desk, customer, desk.clock.now() - TimeDelta::days(1), 10)).await.unwrap();
    desk.visit(customer).await;
    let entries = desk.page(customer, MypageFilter::All).await.entries;
    let marked: Vec<_> = entries.iter().map(|entry| entry.entered_at.is_some()).collect();
    assert_eq!(marked, [false, true]);
    let input = RecentInput { customer_id: Some(customer), limit: 10 };
    let recent = desk.terminal.queries.recent_entries(input).await.unwrap();
    let marked: Vec<_> = recent.iter().map(|entry| entry.entered_at.is_some()).collect();
    assert_eq!(marked, [false, false, true, true]);
}
