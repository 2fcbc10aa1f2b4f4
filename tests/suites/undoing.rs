//! What staff take back: a deduction, the check-outs of a whole area, and what a check-in closed.

use chrono::TimeDelta;
use nosmoke_domain::ids::{CustomerId, EventId, VisitId};
use nosmoke_domain::words::Standing;
use nosmoke_ports::contract::{ErrorCode, MypageFilter, Outcome, RecentInput};
use serde_json::{Value, json};

use crate::support::Desk;

fn void(penalty: impl serde::Serialize, deduction: impl serde::Serialize) -> Value {
    json!({
        "type": "voidPenaltyDeduction", "penaltyId": penalty, "deductionId": deduction, "reason": "wrong_customer",
    })
}

#[tokio::test]
async fn f11_a_voided_deduction_bans_again_and_stays_in_the_history() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let penalty = desk.penalty(customer, 40).await;
    let Outcome::PenaltyDeducted { deduction_id, .. } = desk.deduct(penalty, "education", None).await.unwrap() else {
        panic!("no deduction")
    };
    desk.settle().await;
    assert_eq!(desk.card(customer).await.verdict.standing, Standing::Warned);
    let page = desk.page(customer, MypageFilter::Penalties).await;
    assert_eq!(page.entries[0].id, deduction_id.to_string());
    let outcome = desk.give(void(penalty, deduction_id)).await.unwrap();
    let expected = Outcome::PenaltyDeductionVoided {
        penalty_id: penalty,
        deduction_id,
        points: 20,
        outstanding: 40,
        standing: Standing::Prohibited,
        price: None,
        balance: None,
    };
    assert_eq!(outcome, expected);
    desk.settle().await;
    let verdict = desk.card(customer).await.verdict;
    assert_eq!((verdict.standing, verdict.outstanding), (Standing::Prohibited, 40));
    let line = |kind: &str, status: &str, penalty_points: i64| (kind.to_owned(), status.to_owned(), 0, penalty_points);
    let lines = desk.lines(customer, MypageFilter::Penalties).await;
    let [imposed, deducted, voided] = lines.as_slice() else { panic!("{lines:?}") };
    assert_eq!(*imposed, line("penalty", "ACCRUED", 40));
    assert_eq!(*deducted, line("penaltyDeduction", "VOIDED", -20));
    assert_eq!(*voided, line("penaltyDeductionVoid", "RECORDED", 20));
    assert!(desk.deduct(penalty, "education", None).await.is_ok(), "it may be repeated");
    let passed = desk.refused(void(penalty, deduction_id)).await;
    assert_eq!(passed, ErrorCode::AlreadyVoided);
}

async fn inside(desk: &Desk) -> u32 {
    desk.settle().await;
    desk.terminal.queries.occupancy().await.unwrap().total
}

/// Checks three customers in, the last one too long ago, and everyone out. Returns the customers and the act.
async fn everyone_out(desk: &Desk) -> ([CustomerId; 3], [VisitId; 3], EventId) {
    let customers = [desk.customer("가").await, desk.customer("나").await, desk.customer("다").await];
    let forgotten = desk.check_in(customers[2]).await;
    desk.clock.pass(TimeDelta::hours(13));
    let visits = [desk.check_in(customers[0]).await, desk.check_in(customers[1]).await, forgotten];
    desk.settle().await;
    let out = desk.give(json!({ "type": "checkOutArea", "areaId": desk.area.area_id })).await.unwrap();
    let Outcome::AreaCheckedOut { act: Some(act), count: 2, closed: 1, .. } = out else { panic!("{out:?}") };
    desk.settle().await;
    (customers, visits, act)
}

fn take_back(act: EventId) -> Value {
    json!({ "type": "takeBackAreaCheckOut", "act": act })
}

#[tokio::test]
async fn f02_everyone_who_left_together_is_taken_back_together() {
    let desk = Desk::new().await;
    let (customers, _, act) = everyone_out(&desk).await;
    assert_eq!((inside(&desk).await, desk.balance(customers[0]).await), (0, 100));
    let recent = desk.terminal.queries.recent_entries(RecentInput { customer_id: None, limit: 3 }).await.unwrap();
    let of_act = recent.iter().filter(|entry| entry.act == Some(act) && entry.together == 2).count();
    assert_eq!(of_act, 2, "{recent:?}");

    let outcome = desk.give(take_back(act)).await.unwrap();
    let area_id = desk.area.area_id;
    assert_eq!(outcome, Outcome::AreaCheckOutTakenBack { area_id, count: 2, left: 0, points: 200 });
    assert_eq!((inside(&desk).await, desk.balance(customers[0]).await), (2, 0), "the forgotten visit stays closed");
    assert_eq!(desk.refused(take_back(act)).await, ErrorCode::NotCheckedOut);
    assert_eq!(desk.refused(take_back(EventId(uuid::Uuid::now_v7()))).await, ErrorCode::NotCheckedOut);
}

#[tokio::test]
async fn f02_who_cannot_be_taken_back_is_left_out_and_counted() {
    let desk = Desk::new().await;
    let (customers, visits, act) = everyone_out(&desk).await;
    // The first one is inside again, and a later check-out of the second one isn't of the act.
    desk.check_in(customers[0]).await;
    desk.give(json!({ "type": "takeBackCheckOut", "visitId": visits[1] })).await.unwrap();
    desk.check_out(visits[1]).await;
    desk.settle().await;
    assert_eq!(desk.refused(take_back(act)).await, ErrorCode::AlreadyInside);
    let alone = desk.terminal.queries.recent_entries(RecentInput { customer_id: None, limit: 1 }).await.unwrap();
    assert_eq!((alone[0].act, alone[0].together), (Some(alone[0].event_id), 1));
    desk.give(json!({ "type": "takeBackCheckOut", "visitId": visits[1] })).await.unwrap();
    assert_eq!(inside(&desk).await, 2);
}

#[tokio::test]
async fn f02_one_of_an_area_stays_out_where_the_customer_came_again() {
    let desk = Desk::new().await;
    let (customers, _, act) = everyone_out(&desk).await;
    desk.check_in(customers[0]).await;
    let outcome = desk.give(take_back(act)).await.unwrap();
    let area_id = desk.area.area_id;
    assert_eq!(outcome, Outcome::AreaCheckOutTakenBack { area_id, count: 1, left: 1, points: 100 });
    assert_eq!(inside(&desk).await, 2);
}

#[tokio::test]
async fn f01_a_check_in_says_which_forgotten_visit_it_closed() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let earliest = nosmoke_ports::Clock::now(&*desk.clock).timestamp_millis();
    let forgotten = desk.check_in(customer).await;
    let latest = nosmoke_ports::Clock::now(&*desk.clock).timestamp_millis();
    desk.clock.pass(TimeDelta::hours(13));
    let roof = desk.areas().await[1].area_id;
    let enter = json!({ "type": "checkIn", "customerId": customer, "areaId": roof });
    let Outcome::CheckedIn { closed, visit_id, .. } = desk.give(enter.clone()).await.unwrap() else { panic!() };
    let [closed] = closed.as_slice() else { panic!("{closed:?}") };
    assert_eq!((closed.visit_id, closed.area_id), (forgotten, desk.area.area_id));
    assert!((earliest..=latest).contains(&closed.since), "{closed:?}");
    desk.check_out(visit_id).await;
    let Outcome::CheckedIn { closed, .. } = desk.give(enter).await.unwrap() else { panic!() };
    assert_eq!(closed, []);
}

#[tokio::test]
async fn f02_a_check_out_of_a_forgotten_visit_must_be_confirmed() {
    let desk = Desk::new().await;
    let visit = desk.check_in(desk.customer("홍길동").await).await;
    desk.clock.pass(TimeDelta::hours(13));
    let error = desk.refusal(json!({ "type": "checkOut", "visitId": visit })).await;
    assert_eq!((error.code, &error.params["hours"]), (ErrorCode::VisitForgotten, &json!(12)));
    let confirmed = json!({ "type": "checkOut", "visitId": visit, "confirmForgotten": true });
    assert!(matches!(desk.give(confirmed).await, Ok(Outcome::CheckedOut { points: Some(100), .. })));
}
