//! Slips with facts of other terminals: one that lies, one that comes back late, and many newer facts.

use chrono::TimeDelta;
use nosmoke_domain::fact::{Paid, Payload, PointsAdjusted};
use nosmoke_domain::ids::{AdjustmentId, CustomerId, PaymentId};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::points::Points;
use nosmoke_domain::words::AdjustReason;
use nosmoke_ports::contract::{Outcome, RecentEntry, SlipEntriesInput, SlipInput};
use nosmoke_ports::slips::{Receipt, SlipContent, Whose};
use nosmoke_ports::{Priority, StoreError, Write, write};
use serde_json::json;
use uuid::Uuid;

use crate::other_terminal::Other;
use crate::support::Desk;

fn paid(payment: PaymentId, points: u64) -> Payload {
    Paid::new(payment, Uuid::new_v4().into(), Lots::never(Points::new(points).unwrap()), None).into()
}

fn given(points: u64) -> Payload {
    let lots = Lots::never(Points::new(points).unwrap());
    PointsAdjusted::given(AdjustmentId(Uuid::new_v4()), lots, AdjustReason::GOODWILL).into()
}

async fn give(desk: &Desk, customer: CustomerId, points: u64) {
    let command = json!({ "type": "adjustPoints", "customerId": customer, "points": points, "reason": "goodwill" });
    desk.give(command).await.unwrap();
}

async fn pay(desk: &Desk, customer: CustomerId, points: u64) -> PaymentId {
    match desk.pay(customer, points).await.unwrap() {
        Outcome::Paid { payment_id, .. } => payment_id,
        other => panic!("{other:?}"),
    }
}

/// All entries, read in pages of `limit`.
async fn listed(desk: &Desk, customer_id: Option<CustomerId>, limit: u32) -> Vec<RecentEntry> {
    let mut entries = Vec::new();
    let mut cursor = None;
    loop {
        let input = SlipEntriesInput { customer_id, cursor, limit };
        let page = desk.terminal.queries.slip_entries(input).await.unwrap();
        entries.extend(page.entries);
        cursor = page.next;
        if cursor.is_none() {
            return entries;
        }
    }
}

async fn receipt(desk: &Desk, payment_id: PaymentId) -> Receipt {
    let (content, of) = desk.terminal.queries.slip(SlipInput::Receipt { payment_id }, false).await.unwrap();
    let SlipContent::Receipt(receipt) = content else { panic!("{content:?}") };
    assert!(of.is_some());
    receipt
}

#[tokio::test]
async fn a_payment_id_of_two_customers_is_listed_and_printed_as_the_one_that_counts() {
    let desk = Desk::new().await;
    let (honest, victim) = (desk.customer("추가람").await, desk.customer("오재현").await);
    give(&desk, honest, 1_000).await;
    let payment = pay(&desk, honest, 300).await;
    let mut liar = Other::of(&desk).await;
    // Later than the payment: it doesn't count.
    liar.entered_late = TimeDelta::minutes(-1);
    liar.record(&desk, victim, paid(payment, 999)).await;
    let of = |entries: Vec<RecentEntry>| entries.into_iter().map(|it| it.customer.customer_id).collect::<Vec<_>>();
    assert_eq!(of(listed(&desk, None, 1).await), [honest]);
    assert_eq!(of(listed(&desk, Some(victim), 1).await), []);
    let slip = receipt(&desk, payment).await;
    assert_eq!((slip.heading.customer, slip.points.sum()), (Whose::Named("추○람".into()), 300));

    // Dated before the payment: it counts everywhere, and the receipt is no longer that of the honest customer.
    liar.entered_late = TimeDelta::days(1);
    liar.record(&desk, victim, paid(payment, 77)).await;
    assert_eq!(of(listed(&desk, None, 1).await), [victim]);
    assert_eq!(of(listed(&desk, Some(honest), 1).await), []);
    let slip = receipt(&desk, payment).await;
    assert_eq!((slip.heading.customer, slip.points.sum()), (Whose::Named("오○현".into()), 77));
}

#[tokio::test]
async fn a_terminal_that_comes_back_late_adds_entries_at_their_time() {
    let desk = Desk::new().await;
    let customer = desk.customer("추가람").await;
    give(&desk, customer, 1_000).await;
    let first = pay(&desk, customer, 100).await;
    desk.clock.pass(TimeDelta::hours(2));
    let last = pay(&desk, customer, 200).await;
    assert_eq!(receipt(&desk, last).await.balance, 700);
    // It recorded a payment between them, and points before both.
    let mut late = Other::of(&desk).await;
    let between = PaymentId(Uuid::new_v4());
    late.entered_late = TimeDelta::hours(3);
    late.record(&desk, customer, given(50)).await;
    late.entered_late = TimeDelta::hours(1);
    late.record(&desk, customer, paid(between, 30)).await;
    for customer_id in [None, Some(customer)] {
        let entries = listed(&desk, customer_id, 1).await;
        let payments: Vec<String> = entries.into_iter().map(|entry| entry.subject_id.unwrap()).collect();
        assert_eq!(payments, [last, between, first].map(|payment| payment.0.to_string()));
    }
    // Printed again, a receipt has what is known of its moment now.
    let balances = [receipt(&desk, first).await, receipt(&desk, between).await, receipt(&desk, last).await];
    assert_eq!(balances.map(|receipt| receipt.balance), [950, 920, 720]);
}

#[tokio::test]
async fn an_old_payment_is_listed_behind_any_number_of_newer_facts() {
    let desk = Desk::new().await;
    let customer = desk.customer("추가람").await;
    give(&desk, customer, 1_000).await;
    let payment = pay(&desk, customer, 300).await;
    let mut other = Other::of(&desk).await;
    other.entered_late = TimeDelta::minutes(-1);
    let facts: Vec<_> = (0..5_100).map(|_| other.fact(&desk, customer, given(1))).collect();
    let unit = move |tx: &mut dyn Write| tx.receive(&facts).map(drop);
    write::<_, StoreError>(&*desk.terminal.core.journal, Priority::Background, unit).await.unwrap();
    for customer_id in [None, Some(customer)] {
        let entries = listed(&desk, customer_id, 100).await;
        let subjects: Vec<_> = entries.into_iter().map(|entry| entry.subject_id).collect();
        assert_eq!(subjects, [Some(payment.0.to_string())]);
    }
}
