//! Cases of the whole facility, at two terminals: a shared card, a forked terminal, rule sets of one generation, and facts
//! that need an update.

use chrono::TimeDelta;
use nosmoke_domain::fact::{Payload, Sealed, VisitClosed, VisitVoided, decode_kept};
use nosmoke_domain::ids::{CustomerId, VisitId};
use nosmoke_domain::words::{CaseReason, CloseReason, VoidReason, Word};
use nosmoke_ports::contract::{CaseView, ErrorCode, Outcome, ReviewInput};
use nosmoke_ports::{
    CaseRow, Document, PendingFact, Priority, ReferenceKind, StoreError, Write, read, search_keys, write,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::other_terminal::{Other, receive};
use crate::rules::publish;
use crate::support::Desk;

async fn cases_of(desk: &Desk, input: ReviewInput) -> Vec<CaseView> {
    desk.settle().await;
    desk.terminal.queries.review(input).await.unwrap().cases
}

async fn inbox(desk: &Desk) -> Vec<CaseView> {
    let cases = cases_of(desk, ReviewInput::default()).await;
    assert_eq!(cases.len(), desk.terminal.queries.review_count().await.unwrap() as usize);
    cases
}

async fn reasons(desk: &Desk) -> Vec<CaseReason> {
    inbox(desk).await.into_iter().map(|case| case.reason).collect()
}

pub fn resolve(case: &CaseView) -> Value {
    let facts: Vec<_> = case.facts.iter().map(|fact| fact.entry.event_id).collect();
    json!({
        "type": "resolveCase", "reason": case.reason, "about": case.about, "resolution": "accepted", "facts": facts,
    })
}

fn sealed(PendingFact { bytes, previous, hash, .. }: PendingFact) -> Sealed {
    Sealed { fact: decode_kept(&bytes).unwrap(), bytes, previous, hash }
}

/// Sends a terminal's own facts, profiles and rule sets to another, as replication does.
pub async fn send(from: &Desk, to: &Desk) {
    let (facts, documents) = read::<_, StoreError>(&*from.terminal.core.journal, |tx| {
        let facts: Vec<Sealed> = tx.pending_facts(true, 0, 1_000)?.into_iter().map(sealed).collect();
        let mut documents: Vec<Document> =
            tx.references(ReferenceKind::Rules)?.into_iter().map(Document::Reference).collect();
        for profile in tx.profiles_after(None, 1_000)? {
            let keys = search_keys::keys(profile.name.as_deref(), profile.phone.as_deref(), profile.card.as_deref());
            documents.push(Document::Profile(profile, keys));
        }
        Ok((facts, documents))
    })
    .await
    .unwrap();
    let unit = move |tx: &mut dyn Write| {
        tx.receive(&facts)?;
        for document in &documents {
            tx.receive_document(document)?;
        }
        tx.last_change()
    };
    let (last, _) = write::<_, StoreError>(&*to.terminal.core.journal, Priority::Background, unit).await.unwrap();
    to.terminal.core.feed.wrote(last);
    to.settle().await;
}

pub async fn exchange(one: &Desk, other: &Desk) {
    send(one, other).await;
    send(other, one).await;
}

async fn register(desk: &Desk, name: &str, card: &str) -> CustomerId {
    let profile = json!({ "name": name, "card": card });
    match desk.give(json!({ "type": "registerCustomer", "profile": profile })).await.unwrap() {
        Outcome::CustomerSaved { customer_id, .. } => customer_id,
        other => panic!("{other:?}"),
    }
}

/// Two terminals that gave one card to two people without each other.
async fn shared_card() -> (Desk, Desk, [CustomerId; 2]) {
    let one = Desk::new().await;
    let other = one.beside().await;
    let first = register(&one, "홍길동", "NS-100").await;
    other.clock.pass(TimeDelta::minutes(1));
    let people = [first, register(&other, "김민수", "NS-100").await];
    assert_eq!(reasons(&one).await, []);
    exchange(&one, &other).await;
    (one, other, people)
}

#[tokio::test]
async fn a_card_of_two_people_is_a_case_at_both_terminals_until_one_resolves_it() {
    let (one, other, people) = shared_card().await;
    let (here, there) = (inbox(&one).await, inbox(&other).await);
    assert_eq!(here, there);
    let [case] = here.as_slice() else { panic!("{here:?}") };
    assert_eq!((case.reason, case.facts.len(), case.settled_by_act), (CaseReason::SHARED_CARD, 0, false));
    let mut names: Vec<_> = case.customers.iter().map(|it| it.name.as_deref().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["김민수", "홍길동"]);
    assert!(!case.about.contains("100"), "neither a card nor a name");
    for customer in people {
        let of = ReviewInput { customer_id: Some(customer), ..ReviewInput::default() };
        assert_eq!(cases_of(&one, of).await, here);
    }
    let nobody = one.customer("다른 사람").await;
    let of_nobody = ReviewInput { customer_id: Some(nobody), ..ReviewInput::default() };
    assert_eq!(cases_of(&one, of_nobody).await, []);
    // Both resolve it without each other, with one key twice.
    let (first, second) = (one.give_with_key("once", resolve(case)).await, other.give(resolve(case)).await);
    assert_eq!((&first, &second), (&Ok(Outcome::Done), &Ok(Outcome::Done)));
    assert_eq!(one.give_with_key("once", resolve(case)).await, first);
    exchange(&one, &other).await;
    assert_eq!((reasons(&one).await, reasons(&other).await), (vec![], vec![]));
    assert_eq!(one.refused(resolve(case)).await, ErrorCode::UnknownCase);
    // Another change of a profile doesn't bring it back.
    revise(&one, people[0], "홍길동", Some("NS-100")).await;
    assert_eq!(reasons(&one).await, []);
}

async fn revise(desk: &Desk, customer: CustomerId, name: &str, card: Option<&str>) {
    let revision = desk.card(customer).await.revision;
    let profile = json!({ "name": name, "card": card, "phone": "010-1234-5678" });
    let revised =
        json!({ "type": "reviseCustomer", "customerId": customer, "baseRevision": revision, "profile": profile });
    desk.give(revised).await.unwrap();
}

#[tokio::test]
async fn a_shared_card_is_settled_by_another_card_by_joining_and_by_erasing() {
    let (one, other, people) = shared_card().await;
    revise(&one, people[0], "홍길동", None).await;
    assert_eq!(reasons(&one).await, []);
    revise(&one, people[1], "김민수", Some("NS-7")).await;
    exchange(&one, &other).await;
    assert_eq!((reasons(&one).await, reasons(&other).await), (vec![], vec![]));

    let (one, other, people) = shared_card().await;
    let link = |kind: &str| json!({ "type": kind, "customerId": people[0], "otherId": people[1] });
    one.give(link("linkCustomers")).await.unwrap();
    exchange(&one, &other).await;
    assert_eq!((reasons(&one).await, reasons(&other).await), (vec![], vec![]), "they are one person");
    other.give(link("partCustomers")).await.unwrap();
    exchange(&one, &other).await;
    assert_eq!(reasons(&one).await, [CaseReason::SHARED_CARD]);
    one.give(json!({ "type": "eraseCustomer", "customerId": people[1] })).await.unwrap();
    assert_eq!(reasons(&one).await, []);
}

#[tokio::test]
async fn a_forked_terminal_is_a_case_that_a_further_fork_opens_again() {
    let desk = Desk::new().await;
    let [first, second] = [desk.customer("홍길동").await, desk.customer("김민수").await];
    let mut other = Other::of(&desk).await;
    let closed = || VisitClosed { visit_id: VisitId(Uuid::new_v4()), reason: CloseReason::FORGOTTEN };
    let twice = async |other: &mut Other| {
        other.record(&desk, first, closed()).await;
        other.seq -= 1;
        other.record(&desk, second, closed()).await;
    };
    twice(&mut other).await;
    let case = inbox(&desk).await.remove(0);
    assert_eq!((case.reason, case.customers.len(), case.settled_by_act), (CaseReason::FORKED, 0, false));
    let names: Vec<_> = case.facts.iter().map(|fact| fact.entry.customer.name.as_deref().unwrap()).collect();
    assert_eq!(names, ["홍길동", "김민수"]);
    desk.give(resolve(&case)).await.unwrap();
    assert_eq!(inbox(&desk).await, []);
    other.record(&desk, first, closed()).await;
    assert_eq!(inbox(&desk).await, [], "its next fact is no fork");
    twice(&mut other).await;
    let again = inbox(&desk).await.remove(0);
    assert_eq!((&again.about, again.facts.len()), (&case.about, 4));
    assert_eq!(desk.give(resolve(&again)).await, Ok(Outcome::Done));
    assert_eq!(inbox(&desk.restart().await).await, []);
}

#[tokio::test]
async fn rule_sets_of_one_generation_are_a_case_that_only_publishing_settles() {
    let one = Desk::new().await;
    let other = one.beside().await;
    send(&one, &other).await;
    publish(&one, false, |form| form.points_per_visit = "90".into()).await.unwrap();
    publish(&other, false, |form| form.points_per_visit = "80".into()).await.unwrap();
    assert_eq!(reasons(&one).await, []);
    exchange(&one, &other).await;
    let cases = inbox(&one).await;
    assert_eq!(cases, inbox(&other).await);
    let [case] = cases.as_slice() else { panic!("{cases:?}") };
    assert_eq!((case.reason, case.about.as_str(), case.settled_by_act), (CaseReason::RIVAL_RULES, "rules/2", true));
    let seen = json!({
        "type": "resolveCase", "reason": case.reason, "about": case.about, "resolution": "accepted",
        "facts": [Uuid::new_v4()],
    });
    assert_eq!(one.refused(seen).await, ErrorCode::UnknownCase);
    publish(&one, false, |_| ()).await.unwrap();
    exchange(&one, &other).await;
    assert_eq!((reasons(&one).await, reasons(&other).await), (vec![], vec![]));
}

#[tokio::test]
async fn a_fact_that_needs_an_update_is_a_case_of_its_customer() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let mut other = Other::of(&desk).await;
    let fact = other.fact(&desk, customer, Payload::Unknown { name: "Suspended".into(), version: 1 });
    let event = fact.fact.event_id;
    receive(&desk, vec![fact]).await;
    let visit_id = desk.visit(customer).await;
    let reason = VoidReason::from(Word::new("from_a_newer_program").unwrap());
    other.record(&desk, customer, VisitVoided { visit_id, reason }).await;
    let cases = inbox(&desk).await;
    let expected = [CaseReason::NEEDS_UPDATE; 2];
    assert_eq!(cases.iter().map(|case| case.reason).collect::<Vec<_>>(), expected);
    assert_eq!(cases[0].about, format!("fact/{event}"));
    assert_eq!(cases[0].facts.len(), 1);
    desk.give(resolve(&cases[0])).await.unwrap();
    assert_eq!(inbox(&desk).await, cases[1..]);
}

/// After an update of the program that knows the word, the case is gone without anybody.
#[tokio::test]
async fn a_word_that_is_known_after_an_update_is_no_case_any_more() {
    let desk = Desk::new().await;
    let customer = desk.customer("홍길동").await;
    let visit = desk.visit(customer).await;
    desk.give(json!({ "type": "voidVisit", "visitId": visit, "reason": "mistaken" })).await.unwrap();
    desk.settle().await;
    // What an earlier program stored, for which the reason of the void was an unknown word.
    let unit = move |tx: &mut dyn Write| {
        let about = tx.facts_about(&[visit.0].into())?;
        let mut facts = about.iter().map(|change| &change.recorded.fact);
        let void = facts.find(|fact| matches!(fact.payload, Payload::VisitVoided(_))).unwrap();
        let about = format!("fact/{}", void.event_id).parse().unwrap();
        let case = nosmoke_domain::fact::CaseId { reason: CaseReason::NEEDS_UPDATE, about };
        let (began_at, facts) = (void.occurred_at, vec![void.event_id]);
        tx.put_open_cases(customer, &[CaseRow { case, customer_id: customer, began_at, facts, points: None }])
    };
    write::<_, StoreError>(&*desk.terminal.core.journal, Priority::Background, unit).await.unwrap();
    assert_eq!(reasons(&desk).await, [CaseReason::NEEDS_UPDATE]);
    assert_eq!(reasons(&desk.restart().await).await, []);
}
