//! Each kind of case, made by terminals that don't know of each other: read at both, resolved at one, gone at both.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use nosmoke_domain::fact::{
    CheckedIn, CheckedOut, Earning, Payload, PaymentVoided, PointsAdjusted, Reclaimed, Sealed, VisitClosed,
};
use nosmoke_domain::ids::{CustomerId, EarningId, IncarnationId, VisitId};
use nosmoke_domain::lots::{LastDay, Lots};
use nosmoke_domain::points::Points;
use nosmoke_domain::words::{AdjustReason, CaseReason, CloseReason, OpenWord, Standing, VoidReason};
use nosmoke_ports::contract::{CaseView, Outcome, ReviewInput};
use nosmoke_ports::{Clock, StoreError, read};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::facility_cases::{exchange, resolve};
use crate::other_terminal::{Other, receive};
use crate::rules::publish;
use crate::support::Desk;

/// The kinds that other tests of the suites make at two terminals: one by time alone, the others of the facility.
const ELSEWHERE: [CaseReason; 5] = [
    CaseReason::FORGOTTEN_VISIT,
    CaseReason::SHARED_CARD,
    CaseReason::FORKED,
    CaseReason::RIVAL_RULES,
    CaseReason::NEEDS_UPDATE,
];

fn points(number: u64) -> Points {
    Points::new(number).unwrap()
}

async fn inbox(desk: &Desk) -> Vec<CaseView> {
    desk.settle().await;
    desk.terminal.queries.review(ReviewInput::default()).await.unwrap().cases
}

/// What must be the same at both terminals: their names may not be known everywhere.
fn matters(cases: &[CaseView]) -> Vec<(CaseReason, String, usize)> {
    cases.iter().map(|case| (case.reason, case.about.clone(), case.facts.len())).collect()
}

fn checked_in(desk: &Desk, visit_id: VisitId) -> CheckedIn {
    let (area_id, standing_as_of) = (desk.area.area_id, desk.clock.now());
    CheckedIn { visit_id, area_id, standing: Standing::Allowed, outstanding: 0, standing_as_of, admission: None }
}

async fn incarnation(desk: &Desk) -> IncarnationId {
    let origin = read::<_, StoreError>(&*desk.terminal.core.journal, |tx| tx.origin()).await;
    origin.unwrap().unwrap().incarnation
}

/// A customer for each kind of case, registered at a terminal.
async fn registered<const N: usize>(desk: &Desk, reasons: [CaseReason; N]) -> [CustomerId; N] {
    let mut customers = [CustomerId(Uuid::nil()); N];
    for (customer, reason) in customers.iter_mut().zip(reasons) {
        *customer = desk.customer(reason.as_str()).await;
    }
    customers
}

/// Makes a case of each kind that a customer's facts show, of customers with the names of the kinds.
async fn make_each(one: &Desk, other: &Desk) {
    use CaseReason as R;
    let [overlapping, ended_twice, too_much, ground_twice] =
        registered(one, [R::OVERLAPPING_VISITS, R::DOUBLE_CHECK_OUT, R::DEDUCTED_TOO_MUCH, R::GROUND_TWICE]).await;
    let [banned, erased, capped, taken_back] =
        registered(one, [R::ADMITTED_IN_BAN, R::ERASED, R::CAP_BROKEN, R::TAKEN_BACK_SHORT]).await;
    let [voided, corrected, spent, unearned, late] = registered(
        one,
        [R::VOIDED_ELSEWHERE, R::CORRECTED_TWICE, R::WRITTEN_OFF, R::NEVER_EARNED, R::ENTERED_OUT_OF_ORDER],
    )
    .await;
    let ended = one.check_in(ended_twice).await;
    let (deducted, educated) = (one.penalty(too_much, 20).await, one.penalty(ground_twice, 20).await);
    let mut payments = Vec::new();
    for customer in [voided, corrected] {
        one.visit(customer).await;
        let Ok(Outcome::Paid { payment_id, .. }) = one.pay(customer, 40).await else { panic!() };
        payments.push(payment_id);
    }
    one.visit(spent).await;
    exchange(one, other).await;

    // From here on neither knows what the other does.
    one.check_in(overlapping).await;
    one.penalty(banned, 60).await;
    one.give(json!({ "type": "eraseCustomer", "customerId": erased })).await.unwrap();
    one.visit(capped).await;
    other.clock.pass(TimeDelta::minutes(1));
    other.check_in(overlapping).await;
    other.check_in(banned).await;
    other.penalty(erased, 5).await;
    other.visit(capped).await;
    for desk in [one, other] {
        desk.check_out(ended).await;
        desk.deduct(deducted, "service", Some(15)).await.unwrap();
        desk.deduct(educated, "education", None).await.unwrap();
    }
    let back = one.visit(taken_back).await;
    one.pay(taken_back, 60).await.unwrap();
    one.give(json!({ "type": "takeBackCheckOut", "visitId": back })).await.unwrap();
    one.pay(spent, 50).await.unwrap();

    // What the program refuses where it knows better came from terminals that are lost since.
    let (mut lost, mut third) = (Other::of(one).await, Other::of(one).await);
    let [lost_visit, odd_visit] = [(); 2].map(|()| VisitId(Uuid::new_v4()));
    let void = PaymentVoided { payment_id: payments[0], reason: VoidReason::MISTAKEN };
    let correction = || {
        let mut given = PointsAdjusted::given(Uuid::new_v4().into(), Lots::never(points(30)), AdjustReason::CORRECTION);
        given.payment_id = Some(payments[1]);
        given
    };
    let earning =
        Some(Earning { earning_id: EarningId(Uuid::new_v4()), points: points(100), expires_on: LastDay::Never });
    let left = CheckedOut { visit_id: lost_visit, earning, daily_cap: None };
    let reclaimed = |from, lots| Reclaimed { from, lots };
    let of_one = reclaimed(incarnation(one).await, Some(Lots::never(points(100))));
    let mut facts: Vec<Sealed> = vec![
        lost.fact(one, voided, void),
        lost.fact(one, corrected, correction()),
        third.fact(one, corrected, correction()),
        third.fact(one, spent, of_one),
        lost.fact(one, unearned, checked_in(one, lost_visit)),
        lost.fact(one, unearned, left),
        third.fact(one, unearned, reclaimed(lost.origin.incarnation, None)),
        third.fact(one, late, checked_in(one, odd_visit)),
    ];
    lost.entered_late = TimeDelta::hours(1);
    let closed = VisitClosed { visit_id: odd_visit, reason: CloseReason::FORGOTTEN };
    facts.push(lost.fact(one, late, Payload::from(closed)));
    for desk in [one, other] {
        receive(desk, facts.clone()).await;
    }
    exchange(one, other).await;
}

#[tokio::test]
async fn a_case_of_each_kind_is_read_at_two_terminals_resolved_at_one_and_gone_at_both() {
    let one = Desk::new().await;
    publish(&one, false, |form| form.daily_cap = Some("150".into())).await.unwrap();
    let other = one.beside().await;
    exchange(&one, &other).await;
    make_each(&one, &other).await;
    let (here, there) = (inbox(&one).await, inbox(&other).await);
    assert_eq!(matters(&here), matters(&there));
    for case in &here {
        // The check-outs of one visit at two terminals earn twice, too. An erased customer has no name any more.
        let of = case.customers[0].name.as_deref();
        let expected = match case.reason {
            CaseReason::EARNED_TWICE => Some(CaseReason::DOUBLE_CHECK_OUT.as_str()),
            CaseReason::ERASED => None,
            _ => Some(case.reason.as_str()).filter(|_| of.is_some()),
        };
        assert_eq!(of, expected, "{case:?}");
    }
    let made: BTreeSet<CaseReason> = here.iter().map(|case| case.reason).collect();
    let elsewhere = BTreeSet::from(ELSEWHERE);
    assert_eq!(made.len(), here.len(), "one of each: {:?}", matters(&here));
    assert_eq!(&made | &elsewhere, CaseReason::KNOWN.iter().copied().collect());
    for (at, case) in here.iter().enumerate() {
        let desk = if at.is_multiple_of(2) { &one } else { &other };
        assert_eq!(desk.give(resolve(case)).await, Ok(Outcome::Done), "{case:?}");
    }
    exchange(&one, &other).await;
    assert_eq!((matters(&inbox(&one).await), matters(&inbox(&other).await)), (vec![], vec![]));
}

#[test]
fn each_kind_of_case_has_a_title_and_a_story_in_both_languages() {
    for texts in [include_str!("../../ui/src/i18n/ko/review.json"), include_str!("../../ui/src/i18n/en/review.json")] {
        let texts: Value = serde_json::from_str(texts).unwrap();
        let has = |reason: &CaseReason, text: &str| texts["reason"][reason.as_str()][text].is_string();
        for reason in CaseReason::KNOWN {
            assert!(has(reason, "title") && has(reason, "story"), "{reason}");
        }
    }
}
