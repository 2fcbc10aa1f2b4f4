//! Penalty deductions that the customer pays for with points: one fact takes the points and deducts the penalty.

use nosmoke_application::commands::Shortage;
use nosmoke_domain::fact::{Draft, Given, Payload, Recorder};
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::points::Points;
use nosmoke_domain::rules::Rules;
use nosmoke_ports::contract::{
    Command, DeductPenalty, EntryKind, ErrorCode, MypageFilter, Outcome, RecentInput, Request,
};
use nosmoke_ports::{Clock, Priority, RandomIds, ReferenceKind, Write, write};
use nosmoke_reading::reference;
use serde_json::json;
use uuid::Uuid;

use crate::support::Desk;

/// The price of a penalty point.
const EACH: u64 = 5;

/// A desk whose rules have a price, and a customer with 100 points and a penalty of 30.
async fn desk() -> (Desk, CustomerId, nosmoke_domain::ids::PenaltyId) {
    let desk = Desk::new().await;
    let (clock, price) = (desk.clock.clone(), Points::new(EACH).ok());
    let unit = move |tx: &mut dyn Write| {
        let rules = Rules { generation: 2, price_per_penalty_point: price, ..reference::rules(tx)? };
        reference::put(tx, &RandomIds, clock.now(), (ReferenceKind::Rules, Uuid::new_v4()), &rules)
    };
    write(&*desk.terminal.core.journal, Priority::Command, unit).await.unwrap();
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    desk.settle().await;
    let penalty = desk.penalty(customer, 30).await;
    (desk, customer, penalty)
}

fn deduction(penalty: nosmoke_domain::ids::PenaltyId, points: u64) -> serde_json::Value {
    json!({ "type": "deductPenalty", "penaltyId": penalty, "ground": "service", "points": points, "pay": true })
}

#[tokio::test]
async fn a_paid_deduction_takes_points_and_penalty_in_one_fact() {
    let (desk, customer, penalty) = desk().await;
    let facts = desk.facts().await;
    let outcome = desk.give(deduction(penalty, 12)).await.unwrap();
    let Outcome::PenaltyDeducted { points, remaining, outstanding, price, balance, .. } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!((points, remaining, outstanding, price, balance), (12, 18, 18, Some(60), Some(40)));
    assert_eq!((desk.facts().await, desk.balance(customer).await), (facts + 1, 40));
    desk.settle().await;
    let page = desk.page(customer, MypageFilter::Penalties).await;
    let entry = &page.entries[0];
    assert_eq!((entry.kind, entry.points, entry.penalty_points), (EntryKind::PenaltyDeduction, Some(-60), Some(-12)));
    assert_eq!((entry.balance, entry.outstanding), (40, 18));
    let recent = desk.terminal.queries.recent_entries(RecentInput { customer_id: None, limit: 1 }).await.unwrap();
    assert_eq!((recent[0].points, recent[0].penalty_points), (Some(-60), Some(-12)));

    let free = json!({ "type": "deductPenalty", "penaltyId": penalty, "ground": "education" });
    let outcome = desk.give(free).await.unwrap();
    assert!(matches!(outcome, Outcome::PenaltyDeducted { points: 15, price: None, balance: None, .. }), "{outcome:?}");
    assert_eq!(desk.balance(customer).await, 40);
}

#[tokio::test]
async fn f10_the_price_of_a_voided_deduction_is_given_back_once() {
    let (desk, customer, penalty) = desk().await;
    let Outcome::PenaltyDeducted { deduction_id, .. } = desk.give(deduction(penalty, 12)).await.unwrap() else {
        panic!("no deduction")
    };
    let void = json!({
        "type": "voidPenaltyDeduction", "penaltyId": penalty, "deductionId": deduction_id, "reason": "mistaken",
    });
    let facts = desk.facts().await;
    let outcome = desk.give(void.clone()).await.unwrap();
    let Outcome::PenaltyDeductionVoided { points, outstanding, price, balance, .. } = outcome else {
        panic!("{outcome:?}")
    };
    assert_eq!((points, outstanding, price, balance), (12, 30, Some(60), Some(100)));
    assert_eq!((desk.facts().await, desk.balance(customer).await), (facts + 1, 100));
    assert_eq!(desk.refused(void).await, ErrorCode::AlreadyVoided);
    desk.settle().await;
    let page = desk.page(customer, MypageFilter::Penalties).await;
    let shown = |at: usize| {
        let entry = &page.entries[at];
        (entry.kind, entry.status.as_str(), entry.points, entry.penalty_points, entry.balance, entry.outstanding)
    };
    assert_eq!(shown(0), (EntryKind::PenaltyDeductionVoid, "RECORDED", Some(60), Some(12), 100, 30));
    assert_eq!(shown(1), (EntryKind::PenaltyDeduction, "VOIDED", Some(-60), Some(-12), 40, 18));
    assert_eq!(page.entries[0].other_id, Some(deduction_id.to_string()));
    let recent = desk.terminal.queries.recent_entries(RecentInput { customer_id: None, limit: 1 }).await.unwrap();
    assert_eq!((recent[0].points, recent[0].penalty_points), (Some(60), Some(12)));
    assert_eq!(recent[0].deduction_id, Some(deduction_id));
}

#[tokio::test]
async fn a_deduction_is_not_paid_for_without_a_price_or_enough_points() {
    let (desk, _, penalty) = desk().await;
    let error = desk.refusal(deduction(penalty, 21)).await;
    assert_eq!((error.code, error.params), (ErrorCode::InsufficientPoints, json!({ "balance": 100 })));
    assert_eq!(desk.refused(deduction(penalty, 31)).await, ErrorCode::MoreThanOutstanding);
    let without_price = Desk::new().await;
    let customer = without_price.customer("김민수").await;
    without_price.visit(customer).await;
    without_price.settle().await;
    let penalty = without_price.penalty(customer, 30).await;
    assert_eq!(without_price.refused(deduction(penalty, 1)).await, ErrorCode::PriceIsOff);
}

/// Only what is missing here is requested of other terminals, as for a payment.
#[tokio::test]
async fn a_price_that_is_held_elsewhere_is_requested_like_a_payment() {
    let (desk, customer_id, penalty_id) = desk().await;
    let caller = desk.caller().await;
    let run = async |points: u64| {
        let ground = nosmoke_domain::words::Ground::SERVICE;
        let points = Some(nosmoke_ports::contract::Numeral(points.into()));
        let command: Command =
            DeductPenalty { penalty_id, ground, points, note: None, pay: true, happened_at: None }.into();
        let request = Request { idempotency_key: Uuid::new_v4().to_string(), command };
        desk.terminal.commands.run_once(caller, request).await.map_err(|(error, shortage)| (error.code, shortage))
    };
    let shortage = |wanted| Some(Shortage { customer: customer_id, wanted: Points::new(wanted).unwrap() });
    assert_eq!(run(21).await, Err((ErrorCode::InsufficientPoints, shortage(105))));
    let given = Given { to: IncarnationId(Uuid::new_v4()), lots: Lots::never(Points::new(70).unwrap()), request: None };
    let draft = Draft {
        event_id: EventId(Uuid::now_v7()),
        customer_id,
        occurred_at: desk.clock.now(),
        recorded_at: desk.clock.now(),
        recorded_by: Recorder::Program,
        approved_by: None,
        causation_id: None,
        rules: 2,
        traceparent: None,
        payload: Payload::from(given),
    };
    let unit = move |tx: &mut dyn Write| tx.append(vec![draft.clone()]);
    write(&*desk.terminal.core.journal, Priority::Command, unit).await.unwrap();
    assert_eq!(run(7).await, Err((ErrorCode::HeldElsewhere, shortage(35))));
    assert_eq!(run(31).await, Err((ErrorCode::MoreThanOutstanding, None)));
    assert!(run(6).await.is_ok(), "30 P are held here");
}
