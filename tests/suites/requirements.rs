//! The requirements F1 to F12 and N1 to N10 (docs/requirements.md), tested on one terminal with real files.

use chrono::TimeDelta;
use nosmoke_domain::words::{Standing, VisitStatus};
use nosmoke_ports::Worker;
use nosmoke_ports::contract::{ContextName, ErrorCode, MypageFilter, Outcome};
use serde_json::json;

use crate::support::Desk;

fn entry(kind: &str, status: &str, points: i64, penalty_points: i64) -> (String, String, i64, i64) {
    (kind.into(), status.into(), points, penalty_points)
}

#[tokio::test]
async fn f01_a_customer_checks_in() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let visit = desk.check_in(customer).await;
    desk.settle().await;
    let inside = desk.card(customer).await.inside.unwrap();
    assert_eq!((inside.visit_id, inside.area_id, inside.forgotten), (visit, desk.area.area_id, false));
    let occupancy = desk.terminal.queries.occupancy().await.unwrap();
    assert_eq!((occupancy.total, occupancy.areas[0].present, occupancy.areas[1].present), (1, 1, 0));
}

#[tokio::test]
async fn f01_a_walk_in_is_named_later() {
    let desk = Desk::new().await;
    let entered = desk.give(json!({ "type": "checkIn", "areaId": desk.area.area_id })).await.unwrap();
    let Outcome::CheckedIn { customer_id, .. } = entered else { panic!("{entered:?}") };
    let card = desk.card(customer_id).await;
    assert_eq!((card.customer.name, card.revision), (None, 1));
    let named = json!({ "type": "reviseCustomer", "customerId": customer_id, "baseRevision": 1, "profile": { "name": " 홍길동 " } });
    desk.give(named).await.unwrap();
    assert_eq!(desk.card(customer_id).await.customer.name.as_deref(), Some(" 홍길동 "));
}

#[tokio::test]
async fn f02_a_customer_checks_out() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let visit = desk.check_in(customer).await;
    let out = desk.check_out(visit).await;
    assert!(matches!(out, Outcome::CheckedOut { status: VisitStatus::CheckedOut, points: Some(100), .. }), "{out:?}");
    desk.settle().await;
    assert!(desk.card(customer).await.inside.is_none());
    assert_eq!(desk.refused(json!({ "type": "checkOut", "visitId": visit })).await, ErrorCode::AlreadyCheckedOut);
}

#[tokio::test]
async fn f02_everyone_of_an_area_is_checked_out_at_closing() {
    let desk = Desk::new().await;
    for name in ["가", "나", "다"] {
        let customer = desk.customer(name).await;
        desk.check_in(customer).await;
    }
    desk.settle().await;
    let out = desk.give(json!({ "type": "checkOutArea", "areaId": desk.area.area_id })).await.unwrap();
    let Outcome::AreaCheckedOut { area_id, act: Some(_), count: 3, closed: 0, left: 0 } = out else {
        panic!("{out:?}")
    };
    assert_eq!(area_id, desk.area.area_id);
    desk.settle().await;
    assert_eq!(desk.terminal.queries.occupancy().await.unwrap().total, 0);
}

#[tokio::test]
async fn f03_a_check_out_earns_points_once() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    assert_eq!(desk.balance(customer).await, 100);
    let facts = desk.facts().await;
    let desk = desk.restart().await;
    desk.settle().await;
    assert_eq!((desk.balance(customer).await, desk.facts().await), (100, facts));
}

#[tokio::test]
async fn f03_a_forgotten_visit_ends_with_the_next_check_in_and_earns_nothing() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.check_in(customer).await;
    desk.settle().await;
    desk.clock.pass(TimeDelta::hours(13));
    assert!(desk.card(customer).await.inside.unwrap().forgotten);
    desk.check_in(customer).await;
    desk.settle().await;
    let lines = desk.lines(customer, MypageFilter::Visits).await;
    assert_eq!(lines, [entry("visit", "CLOSED", 0, 0), entry("visit", "CHECKED_IN", 0, 0)]);
}

#[tokio::test]
async fn f04_a_customer_pays_with_points() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let paid = desk.pay(customer, 60).await.unwrap();
    assert!(matches!(paid, Outcome::Paid { points: 60, balance: 40, .. }), "{paid:?}");
    let refused = desk.refusal(json!({ "type": "pay", "customerId": customer, "points": 60 })).await;
    assert_eq!((refused.code, &refused.params["balance"]), (ErrorCode::InsufficientPoints, &json!(40)));
}

#[tokio::test]
async fn f05_a_payment_is_deducted_from_the_balance() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    desk.pay(customer, 60).await.unwrap();
    assert_eq!(desk.balance(customer).await, 40);
    desk.settle().await;
    assert_eq!(desk.balance(customer).await, 40);
}

#[tokio::test]
async fn f06_a_deduction_updates_the_point_history() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let Outcome::Paid { payment_id, .. } = desk.pay(customer, 60).await.unwrap() else { panic!() };
    desk.settle().await;
    assert_eq!(desk.lines(customer, MypageFilter::Payments).await, [entry("payment", "PAID", -60, 0)]);
    desk.give(json!({ "type": "voidPayment", "paymentId": payment_id, "reason": "mistaken" })).await.unwrap();
    desk.settle().await;
    let lines = desk.lines(customer, MypageFilter::Payments).await;
    assert_eq!(lines, [entry("payment", "VOIDED", -60, 0), entry("paymentVoid", "RECORDED", 60, 0)]);
    assert_eq!(desk.balance(customer).await, 100);
}

#[tokio::test]
async fn f07_the_customer_can_see_the_point_history() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    desk.pay(customer, 60).await.unwrap();
    desk.settle().await;
    let page = desk.page(customer, MypageFilter::All).await;
    let balances: Vec<i64> = page.entries.iter().map(|entry| entry.balance).collect();
    assert_eq!((balances, page.counts.all, page.counts.payments), (vec![40, 100], 2, 1));
}

#[tokio::test]
async fn f08_smoking_in_a_non_smoking_area_brings_a_penalty() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let basic = desk.give(json!({ "type": "imposePenalty", "customerId": customer })).await.unwrap();
    assert!(matches!(basic, Outcome::PenaltyImposed { points: 10, outstanding: 10, .. }), "{basic:?}");
    let repeat = desk.give(json!({ "type": "imposePenalty", "customerId": customer, "code": "REPEAT" })).await.unwrap();
    assert!(
        matches!(repeat, Outcome::PenaltyImposed { points: 20, outstanding: 30, standing: Standing::Warned, .. }),
        "{repeat:?}"
    );
}

#[tokio::test]
async fn f09_accumulated_penalties_prohibit() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    for points in [30, 10] {
        desk.penalty(customer, points).await;
    }
    desk.settle().await;
    let verdict = desk.card(customer).await.verdict;
    assert_eq!((verdict.standing, verdict.outstanding, verdict.to_lift), (Standing::Prohibited, 40, Some(1)));
    let check_in = json!({ "type": "checkIn", "customerId": customer, "areaId": desk.area.area_id });
    let refused = desk.refusal(check_in).await;
    assert_eq!(refused.code, ErrorCode::Prohibited);
    assert_eq!((&refused.params["outstanding"], &refused.params["threshold"]), (&json!(40), &json!(40)));
}

#[tokio::test]
async fn f09_a_visit_admitted_by_override_earns_nothing() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.penalty(customer, 40).await;
    desk.settle().await;
    let command =
        json!({ "type": "checkIn", "customerId": customer, "areaId": desk.area.area_id, "admission": "medical" });
    let Outcome::CheckedIn { visit_id, .. } = desk.give(command).await.unwrap() else { panic!() };
    let out = desk.check_out(visit_id).await;
    assert!(matches!(out, Outcome::CheckedOut { status: VisitStatus::Closed, points: None, .. }), "{out:?}");
    desk.settle().await;
    assert_eq!(desk.balance(customer).await, 0);
}

#[tokio::test]
async fn f10_a_deduction_allows_smoking_again() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let penalty = desk.penalty(customer, 40).await;
    desk.settle().await;
    let deducted = desk.deduct(penalty, "education", None).await.unwrap();
    assert!(
        matches!(deducted, Outcome::PenaltyDeducted { points: 20, outstanding: 20, standing: Standing::Warned, .. }),
        "{deducted:?}"
    );
    desk.settle().await;
    desk.check_in(customer).await;
}

#[tokio::test]
async fn f11_a_penalty_deduction_updates_the_penalty_history() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let penalty = desk.penalty(customer, 30).await;
    desk.deduct(penalty, "service", Some(12)).await.unwrap();
    desk.settle().await;
    let lines = desk.lines(customer, MypageFilter::Penalties).await;
    assert_eq!(lines, [entry("penalty", "ACCRUED", 0, 30), entry("penaltyDeduction", "DEDUCTED", 0, -12)]);
}

#[tokio::test]
async fn f12_the_customer_can_see_the_penalty_history() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let penalty = desk.penalty(customer, 30).await;
    desk.deduct(penalty, "service", Some(12)).await.unwrap();
    desk.give(json!({ "type": "voidPenalty", "penaltyId": penalty, "reason": "mistaken" })).await.unwrap();
    desk.settle().await;
    let page = desk.page(customer, MypageFilter::Penalties).await;
    let outstanding: Vec<i64> = page.entries.iter().map(|entry| entry.outstanding).collect();
    assert_eq!((outstanding, page.counts.penalties), (vec![0, 18, 30], 3));
    let lines = desk.card(customer).await.verdict.lines;
    assert_eq!(lines.iter().map(|line| line.outstanding).collect::<Vec<_>>(), [30, 18, 0]);
}

#[tokio::test]
async fn n01_a_payment_without_its_deduction_does_not_stand() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    desk.terminal.core.contexts.close(ContextName::Point);
    let pay = json!({ "type": "pay", "customerId": customer, "points": 60 });
    assert_eq!(desk.refused(pay).await, ErrorCode::PointUnavailable);
    desk.terminal.core.contexts.open(ContextName::Point);
    let facts = desk.facts().await;
    desk.pay(customer, 60).await.unwrap();
    // Payment and deduction are one fact, so neither can exist alone.
    assert_eq!(desk.facts().await, facts + 1);
}

#[tokio::test]
async fn n02_a_penalty_is_always_accrued() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.terminal.core.contexts.close(ContextName::Point);
    let impose = json!({ "type": "imposePenalty", "customerId": customer });
    assert_eq!(desk.refused(impose).await, ErrorCode::PointUnavailable);
    desk.terminal.core.contexts.open(ContextName::Point);
    let facts = desk.facts().await;
    desk.penalty(customer, 10).await;
    assert_eq!(desk.facts().await, facts + 1);
}

#[tokio::test]
async fn n03_check_in_and_out_work_while_point_is_down() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.terminal.core.contexts.close(ContextName::Point);
    for _ in 0..3 {
        let visit = desk.check_in(customer).await;
        desk.check_out(visit).await;
        desk.settle().await;
    }
    let waiting = entry("visit", "CHECKED_OUT", 0, 0);
    assert_eq!(desk.lines(customer, MypageFilter::Visits).await, vec![waiting; 3]);
    desk.terminal.core.contexts.open(ContextName::Point);
    desk.settle().await;
    assert_eq!(desk.lines(customer, MypageFilter::Visits).await, vec![entry("visit", "EARNED", 100, 0); 3]);
    assert_eq!(desk.balance(customer).await, 300);
}

#[tokio::test]
async fn n04_whether_smoking_is_allowed_may_follow_later() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.penalty(customer, 40).await;
    desk.settle_but(&[Worker::Point]).await;
    let verdict = desk.card(customer).await.verdict;
    assert_eq!((verdict.standing, verdict.behind), (Standing::Allowed, true));
    // The customer is admitted by the standing that check-in knew at that time, which the fact records.
    desk.check_in(customer).await;
    desk.settle().await;
    let verdict = desk.card(customer).await.verdict;
    assert_eq!((verdict.standing, verdict.behind), (Standing::Prohibited, false));
}

#[tokio::test]
async fn n05_mypage_shows_visits_and_earnings() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let page = desk.page(customer, MypageFilter::Visits).await;
    let [visit] = page.entries.as_slice() else { panic!("{page:?}") };
    assert_eq!((visit.status.as_str(), visit.points, visit.area_id), ("EARNED", Some(100), Some(desk.area.area_id)));
    assert!(visit.other_id.is_some() && visit.started_at < visit.ended_at);
    assert_eq!((visit.by.as_deref(), visit.terminal_name.as_deref()), (Some("박서연"), Some("단말 1")));
}

#[tokio::test]
async fn n06_mypage_shows_payments_and_deductions() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let pay = json!({ "type": "pay", "customerId": customer, "points": 60, "note": "무인매점" });
    let Outcome::Paid { payment_id, deduction_id, .. } = desk.give(pay).await.unwrap() else { panic!() };
    desk.settle().await;
    let page = desk.page(customer, MypageFilter::Payments).await;
    let [payment] = page.entries.as_slice() else { panic!("{page:?}") };
    assert_eq!(
        (payment.id.clone(), payment.other_id.clone()),
        (payment_id.to_string(), Some(deduction_id.to_string()))
    );
    assert_eq!(payment.note.as_deref(), Some("무인매점"));
}

#[tokio::test]
async fn n07_mypage_shows_penalties_received() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let penalty = desk.penalty(customer, 20).await;
    desk.settle().await;
    let page = desk.page(customer, MypageFilter::Penalties).await;
    let [received] = page.entries.as_slice() else { panic!("{page:?}") };
    assert_eq!(
        (received.id.clone(), received.penalty_points, received.outstanding),
        (penalty.to_string(), Some(20), 20)
    );
}

#[tokio::test]
async fn n08_mypage_shows_penalties_deducted() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let penalty = desk.penalty(customer, 20).await;
    desk.deduct(penalty, "appeal", Some(20)).await.unwrap();
    desk.settle().await;
    let page = desk.page(customer, MypageFilter::Penalties).await;
    let deduction = &page.entries[0];
    assert_eq!((deduction.penalty_points, deduction.outstanding), (Some(-20), 0));
    assert_eq!(deduction.other_id, Some(penalty.to_string()));
    assert!(desk.card(customer).await.penalties.is_empty());
}

#[tokio::test]
async fn n09_when_earning_completes_the_visit_becomes_earned() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let visit = desk.check_in(customer).await;
    desk.check_out(visit).await;
    desk.settle_but(&[Worker::Earning]).await;
    assert_eq!(desk.lines(customer, MypageFilter::Visits).await, [entry("visit", "CHECKED_OUT", 0, 0)]);
    desk.settle().await;
    assert_eq!(desk.lines(customer, MypageFilter::Visits).await, [entry("visit", "EARNED", 100, 0)]);
}

#[tokio::test]
async fn n10_when_accrual_completes_the_penalty_becomes_accrued() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    desk.penalty(customer, 10).await;
    desk.settle_but(&[Worker::Point]).await;
    assert_eq!(desk.lines(customer, MypageFilter::Penalties).await, [entry("penalty", "IMPOSED", 0, 10)]);
    desk.settle().await;
    assert_eq!(desk.lines(customer, MypageFilter::Penalties).await, [entry("penalty", "ACCRUED", 0, 10)]);
}
