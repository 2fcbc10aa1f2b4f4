//! The review inbox: cases that terminals make without knowing of each other, what settles them, and joined ids.

use chrono::TimeDelta;
use nosmoke_domain::fact::{CheckedIn, CheckedOut, CustomersParted, Earning, Payload};
use nosmoke_domain::ids::{CustomerId, EarningId, LinkId, VisitId};
use nosmoke_domain::lots::LastDay;
use nosmoke_domain::points::Points;
use nosmoke_domain::words::{CaseReason, Role, Standing};
use nosmoke_ports::contract::{CaseView, ErrorCode, Outcome, ReviewInput};
use nosmoke_ports::{Clock, Pace, Priority, StoreError, Worker, Write, read, write};
use nosmoke_runtime::Step;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::other_terminal::Other;
use crate::rules::publish;
use crate::support::Desk;

fn checked_in(desk: &Desk, visit_id: VisitId) -> CheckedIn {
    let (area_id, standing_as_of) = (desk.area.area_id, desk.clock.now());
    CheckedIn { visit_id, area_id, standing: Standing::Allowed, outstanding: 0, standing_as_of, admission: None }
}

async fn inbox(desk: &Desk) -> Vec<CaseView> {
    desk.settle().await;
    let page = desk.terminal.queries.review(ReviewInput::default()).await.unwrap();
    assert_eq!(page.cases.len(), desk.terminal.queries.review_count().await.unwrap() as usize);
    page.cases
}

async fn reasons(desk: &Desk) -> Vec<CaseReason> {
    inbox(desk).await.into_iter().map(|case| case.reason).collect()
}

fn resolve(case: &CaseView) -> Value {
    let facts: Vec<_> = case.facts.iter().map(|fact| fact.entry.event_id).collect();
    json!({
        "type": "resolveCase", "reason": case.reason, "about": case.about, "resolution": "accepted", "facts": facts,
    })
}

/// Two visits of one customer at two terminals that didn't know of each other.
async fn overlapping(desk: &Desk) -> (CustomerId, Other, VisitId) {
    let customer = desk.customer("홍길동").await;
    let here = desk.check_in(customer).await;
    let (mut other, visit) = (Other::of(desk).await, VisitId(Uuid::new_v4()));
    other.record(desk, customer, checked_in(desk, visit)).await;
    desk.check_out(here).await;
    (customer, other, visit)
}

#[tokio::test]
async fn what_two_terminals_recorded_without_each_other_waits_until_somebody_resolves_it() {
    let desk = Desk::new().await;
    let (customer, mut other, visit) = overlapping(&desk).await;
    let cases = inbox(&desk).await;
    let [case] = cases.as_slice() else { panic!("{cases:?}") };
    assert_eq!((case.reason, case.facts.len()), (CaseReason::OVERLAPPING_VISITS, 2));
    assert_eq!(case.customers[0].name.as_deref(), Some("홍길동"));
    // Ordinary further facts change nothing.
    desk.pay(customer, 10).await.unwrap();
    assert_eq!(inbox(&desk).await, cases);
    assert_eq!(desk.give(resolve(case)).await, Ok(Outcome::Done));
    assert_eq!(inbox(&desk).await, []);
    assert_eq!(desk.refused(resolve(case)).await, ErrorCode::UnknownCase);
    // The end of the other visit is of another matter; a second end isn't.
    let left = || CheckedOut { visit_id: visit, earning: None, daily_cap: None };
    other.record(&desk, customer, left()).await;
    assert_eq!(reasons(&desk).await, []);
    let mut third = Other::of(&desk).await;
    third.record(&desk, customer, left()).await;
    assert_eq!(reasons(&desk).await, [CaseReason::DOUBLE_CHECK_OUT]);
}

#[tokio::test]
async fn the_other_ids_of_a_person_are_listed_and_can_be_parted_where_they_were_joined() {
    let desk = Desk::new().await;
    let ids = [desk.customer("가").await, desk.customer("나").await, desk.customer("다").await];
    let join =
        |one: usize, other: usize| json!({ "type": "linkCustomers", "customerId": ids[one], "otherId": ids[other] });
    desk.give(join(0, 1)).await.unwrap();
    desk.give(join(1, 2)).await.unwrap();
    desk.visit(ids[2]).await;
    let linked = async |id: CustomerId| desk.terminal.queries.linked_customers(id).await.unwrap();
    let mut found: Vec<_> =
        linked(ids[0]).await.into_iter().map(|it| (it.customer.name.unwrap(), it.balance, it.direct)).collect();
    found.sort();
    assert_eq!(found, [("나".to_owned(), 0, true), ("다".to_owned(), 100, false)]);
    desk.give(json!({ "type": "partCustomers", "customerId": ids[1], "otherId": ids[0] })).await.unwrap();
    assert_eq!(linked(ids[0]).await, []);
    assert_eq!(linked(ids[1]).await.len(), 1);
}

#[tokio::test]
async fn a_void_settles_a_case_without_a_resolution() {
    let desk = Desk::new().await;
    let (_, _, visit) = overlapping(&desk).await;
    assert_eq!(reasons(&desk).await, [CaseReason::OVERLAPPING_VISITS]);
    desk.give(json!({ "type": "voidVisit", "visitId": visit, "reason": "mistaken" })).await.unwrap();
    assert_eq!(reasons(&desk).await, []);
}

#[tokio::test]
async fn a_further_fact_of_the_same_matter_opens_a_case_again() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let visit = desk.check_in(customer).await;
    let mut other = Other::of(&desk).await;
    let left = || CheckedOut { visit_id: visit, earning: None, daily_cap: None };
    other.record(&desk, customer, left()).await;
    desk.clock.pass(TimeDelta::minutes(1));
    Other::of(&desk).await.record(&desk, customer, left()).await;
    let case = inbox(&desk).await.remove(0);
    desk.give(resolve(&case)).await.unwrap();
    assert_eq!(inbox(&desk).await, []);
    Other::of(&desk).await.record(&desk, customer, left()).await;
    let again = inbox(&desk).await.remove(0);
    assert_eq!((&again.about, again.facts.len()), (&case.about, 3));
}

/// A rebuild from the first fact gives the same cases as following the facts did.
#[tokio::test]
async fn cases_built_again_are_the_same() {
    let desk = Desk::new().await;
    let (customer, mut other, visit) = overlapping(&desk).await;
    other.record(&desk, customer, CheckedOut { visit_id: visit, earning: None, daily_cap: None }).await;
    let penalty = desk.penalty(customer, 20).await;
    for _ in 0..2 {
        desk.check_out(desk.check_in(customer).await).await;
    }
    let deducted =
        |points: u64| json!({ "type": "deductPenalty", "penaltyId": penalty, "ground": "service", "points": points });
    desk.give(deducted(5)).await.unwrap();
    other.record(&desk, customer, checked_in(&desk, VisitId(Uuid::new_v4()))).await;
    let followed = inbox(&desk).await;
    assert!(!followed.is_empty());
    assert_eq!(rebuilt(&desk).await, followed);
}

/// The inbox after a rebuild from the first fact.
async fn rebuilt(desk: &Desk) -> Vec<CaseView> {
    let unit = |tx: &mut dyn Write| tx.put_checkpoint(Worker::Review, 0);
    write::<_, StoreError>(&*desk.terminal.core.journal, Priority::Background, unit).await.unwrap();
    desk.terminal.core.feed.reset(Worker::Review);
    while desk.terminal.workers.step(Worker::Review, Pace::Free).await.unwrap() == Step::More {}
    inbox(desk).await
}

#[tokio::test]
async fn a_check_out_in_knowledge_of_a_broken_cap_leaves_its_case_resolved() {
    let desk = Desk::new().await;
    publish(&desk, false, |form| form.daily_cap = Some("150".into())).await.unwrap();
    let customer = desk.customer("홍길동").await;
    desk.visit(customer).await;
    let (mut other, visit_id) = (Other::of(&desk).await, VisitId(Uuid::new_v4()));
    other.record(&desk, customer, checked_in(&desk, visit_id)).await;
    let (points, daily_cap) = (Points::new(100).unwrap(), Points::new(150).ok());
    let earning = Some(Earning { earning_id: EarningId(Uuid::new_v4()), points, expires_on: LastDay::Never });
    other.record(&desk, customer, CheckedOut { visit_id, earning, daily_cap }).await;
    let case = inbox(&desk).await.remove(0);
    assert_eq!((case.reason, case.facts.len()), (CaseReason::CAP_BROKEN, 2));
    desk.give(resolve(&case)).await.unwrap();
    // The cap is reached, so a manager chooses the points.
    let visit = desk.check_in(customer).await;
    desk.give(json!({ "type": "checkOut", "visitId": visit, "points": 50 })).await.unwrap();
    assert_eq!(inbox(&desk).await, []);
    assert_eq!(rebuilt(&desk).await, []);
}

#[tokio::test]
async fn f02_a_forgotten_visit_waits_until_it_is_closed_with_the_time_it_ended() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let visit = desk.check_in(customer).await;
    let since = desk.clock.now();
    desk.clock.pass(TimeDelta::hours(11));
    assert_eq!(inbox(&desk).await, []);
    desk.clock.pass(TimeDelta::hours(2));
    let case = inbox(&desk).await.remove(0);
    assert_eq!((case.reason, case.visit_id), (CaseReason::FORGOTTEN_VISIT, Some(visit)));
    assert_eq!(desk.refused(resolve(&case)).await, ErrorCode::UnknownCase, "only its end settles it");
    let close = |at: chrono::DateTime<chrono::Utc>| json!({ "type": "closeVisit", "visitId": visit, "reason": "forgotten", "endedAt": at.timestamp_millis() });
    for wrong in [since - TimeDelta::minutes(1), desk.clock.now() + TimeDelta::minutes(1)] {
        assert_eq!(desk.refused(close(wrong)).await, ErrorCode::NotDuringVisit);
    }
    desk.give(close(since + TimeDelta::minutes(20))).await.unwrap();
    assert_eq!(inbox(&desk).await, []);
    let view = desk.terminal.queries.visit(visit).await.unwrap();
    assert_eq!(view.ended_at, Some((since + TimeDelta::minutes(20)).timestamp_millis()));
}

#[tokio::test]
async fn only_supervisors_review() {
    let desk = Desk::new().await;
    overlapping(&desk).await;
    let case = inbox(&desk).await.remove(0);
    let staff = desk.staff(Role::Staff).await;
    let request = json!({ "idempotencyKey": Uuid::new_v4(), "command": resolve(&case) });
    let refused = desk.terminal.commands.record(staff, request.clone()).await.unwrap_err();
    assert_eq!((refused.code, &refused.params["needed"]), (ErrorCode::NotAuthorised, &json!("supervisor")));
    let supervisor = desk.staff(Role::Supervisor).await;
    assert!(desk.terminal.commands.record(supervisor, request).await.is_ok());
}

/// Joined ids are one person: the worst standing counts, and inside is inside; parted, each is judged alone again.
#[tokio::test]
async fn joined_ids_are_one_person_until_they_are_parted() {
    let desk = Desk::new().await;
    let (one, other) = (desk.customer("홍길동").await, desk.customer("홍길순").await);
    let link = |kind: &str| json!({ "type": kind, "customerId": one, "otherId": other });
    assert_eq!(desk.refused(link("partCustomers")).await, ErrorCode::NotLinked);
    let visit = desk.check_in(one).await;
    desk.penalty(one, 40).await;
    desk.give(link("linkCustomers")).await.unwrap();
    assert_eq!(desk.refused(link("linkCustomers")).await, ErrorCode::AlreadyLinked);
    desk.settle().await;
    assert_eq!(desk.card(other).await.verdict.standing, Standing::Prohibited);
    let enter = json!({ "type": "checkIn", "customerId": other, "areaId": desk.area.area_id });
    assert_eq!(desk.refused(enter.clone()).await, ErrorCode::AlreadyInside);
    desk.check_out(visit).await;
    assert_eq!(desk.refused(enter.clone()).await, ErrorCode::Prohibited);
    desk.give(link("partCustomers")).await.unwrap();
    desk.settle().await;
    assert_eq!(desk.card(other).await.verdict.standing, Standing::Allowed);
    assert_eq!(desk.card(one).await.verdict.standing, Standing::Prohibited);
    assert!(desk.give(enter).await.is_ok());
    // Joining again is a new link.
    desk.give(link("linkCustomers")).await.unwrap();
    desk.settle().await;
    assert_eq!(desk.card(other).await.verdict.standing, Standing::Prohibited);
}

/// One of the two facts of a parting suffices, in whatever order they arrive.
#[tokio::test]
async fn half_a_parting_parts_both() {
    let desk = Desk::new().await;
    let (one, two) = (desk.customer("홍길동").await, desk.customer("홍길순").await);
    desk.penalty(one, 40).await;
    desk.give(json!({ "type": "linkCustomers", "customerId": one, "otherId": two })).await.unwrap();
    desk.settle().await;
    let links = read::<_, StoreError>(&*desk.terminal.core.journal, move |tx| {
        Ok(tx.facts_after(one, 0)?.into_iter().find_map(|change| match change.recorded.fact.payload {
            Payload::CustomersLinked(p) => Some(p.link_id),
            _ => None,
        }))
    });
    let link_id: LinkId = links.await.unwrap().unwrap();
    Other::of(&desk).await.record(&desk, one, CustomersParted { link_id }).await;
    assert_eq!(desk.card(two).await.verdict.standing, Standing::Allowed);
}
