//! Edits that two terminals made without each other: the one that lost keeps its texts where it was typed, until somebody
//! takes or drops it.

use chrono::TimeDelta;
use nosmoke_domain::ids::CustomerId;
use nosmoke_domain::words::Role;
use nosmoke_ports::contract::{ErrorCode, Outcome, OvertakenEditView};
use nosmoke_ports::{
    Document, DocumentKey, Merged, Priority, Profile, Reference, ReferenceKind, StoreError, Write, read, search_keys,
    write,
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::Desk;

async fn profile(desk: &Desk, customer: CustomerId) -> Profile {
    let found = read::<_, StoreError>(&*desk.terminal.core.journal, move |tx| tx.profile(customer)).await;
    found.unwrap().unwrap()
}

async fn receive(desk: &Desk, document: Document) -> Merged {
    let unit = move |tx: &mut dyn Write| tx.receive_document(&document);
    write::<_, StoreError>(&*desk.terminal.core.journal, Priority::Background, unit).await.unwrap().0
}

/// Lets a terminal read what another one has of a customer.
async fn send(from: &Desk, to: &Desk, customer: CustomerId) -> Merged {
    let sent = profile(from, customer).await;
    let keys = search_keys::keys(sent.name.as_deref(), sent.phone.as_deref(), sent.card.as_deref());
    receive(to, Document::Profile(sent, keys)).await
}

/// Lets both read what the other one has, until both have the same.
async fn exchange(one: &Desk, other: &Desk, customer: CustomerId) {
    for _ in 0..2 {
        send(one, other, customer).await;
        send(other, one, customer).await;
    }
    assert_eq!(profile(one, customer).await, profile(other, customer).await);
}

async fn revise(desk: &Desk, customer: CustomerId, change: Value) {
    let now = profile(desk, customer).await;
    let mut texts = json!({ "name": now.name, "phone": now.phone, "card": now.card });
    texts.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
    let command = json!({
        "type": "reviseCustomer", "customerId": customer, "baseRevision": now.revision, "profile": texts,
    });
    desk.give(command).await.unwrap();
}

async fn edits(desk: &Desk) -> Vec<OvertakenEditView> {
    let edits = desk.terminal.queries.overtaken_edits().await.unwrap();
    assert_eq!(desk.terminal.queries.review_count().await.unwrap() as usize, edits.len());
    edits
}

fn fields(edit: &OvertakenEditView) -> Vec<(&str, Option<&str>, Option<&str>)> {
    edit.fields.iter().map(|it| (it.field.as_str(), it.mine.as_deref(), it.now.as_deref())).collect()
}

/// Two terminals that know one customer, whose phone and card are changed without each other. Returns who lost.
async fn both_edit() -> (Desk, Desk, CustomerId) {
    let one = Desk::new().await;
    let other = one.beside().await;
    let customer = one.customer("김민수").await;
    exchange(&one, &other, customer).await;
    revise(&one, customer, json!({ "phone": "010-1111-1111" })).await;
    // The later event id wins: that of the other one.
    other.clock.pass(TimeDelta::seconds(1));
    revise(&other, customer, json!({ "card": "NS-7" })).await;
    exchange(&one, &other, customer).await;
    (one, other, customer)
}

fn take(edit: &OvertakenEditView) -> Value {
    json!({ "type": "takeEdit", "kind": edit.kind, "editId": edit.edit_id })
}

#[tokio::test]
async fn an_edit_that_lost_is_shown_only_where_it_was_made_and_taken_as_the_next_revision() {
    let (one, other, customer) = both_edit().await;
    assert_eq!(edits(&other).await, []);
    let lost = edits(&one).await.remove(0);
    assert_eq!(fields(&lost), [("phone", Some("010-1111-1111"), None)]);
    assert!(lost.can_take && lost.edited_at < lost.overtaken_at, "{lost:?}");
    assert_eq!(lost.customer.as_ref().unwrap().name.as_deref(), Some("김민수"));
    let before = profile(&one, customer).await;
    let facts = one.facts().await;
    assert_eq!(one.give(take(&lost)).await, Ok(Outcome::Done));
    assert_eq!(one.facts().await, facts, "an edit is no fact");
    let after = profile(&one, customer).await;
    assert_eq!(
        (after.phone.as_deref(), after.card, after.revision),
        (Some("010-1111-1111"), before.card, before.revision + 1)
    );
    assert_eq!(edits(&one).await, []);
    assert_eq!(one.refused(take(&lost)).await, ErrorCode::UnknownCase);
    // The other terminal knows its own edit in it, and has lost nothing.
    exchange(&one, &other, customer).await;
    assert_eq!((edits(&one).await, edits(&other).await), (vec![], vec![]));
}

#[tokio::test]
async fn an_edit_that_lost_is_dropped_by_those_who_may_edit() {
    let (one, _, customer) = both_edit().await;
    let lost = edits(&one).await.remove(0);
    let drop = json!({ "type": "dropEdit", "kind": lost.kind, "editId": lost.edit_id });
    // The kind decides who may: another one doesn't find it.
    let as_area = json!({ "type": "dropEdit", "kind": "area", "editId": lost.edit_id });
    assert_eq!(one.refused(as_area.clone()).await, ErrorCode::UnknownCase);
    let manager = one.caller().await;
    one.hand_to(one.staff(Role::Staff).await);
    assert_eq!(one.refused(as_area).await, ErrorCode::NotAuthorised);
    one.hand_to(manager);
    let before = profile(&one, customer).await;
    assert_eq!(one.give(drop).await, Ok(Outcome::Done));
    assert_eq!((edits(&one).await, profile(&one, customer).await), (vec![], before));
}

#[tokio::test]
async fn what_was_made_in_knowledge_of_an_edit_overtakes_nothing() {
    let one = Desk::new().await;
    let other = one.beside().await;
    let customer = one.customer("김민수").await;
    exchange(&one, &other, customer).await;
    for phone in ["010-1", "010-2", "010-3"] {
        revise(&one, customer, json!({ "phone": phone })).await;
        exchange(&one, &other, customer).await;
        revise(&other, customer, json!({ "phone": format!("{phone}-0") })).await;
        exchange(&one, &other, customer).await;
        assert_eq!(edits(&one).await, []);
    }
    // Many revisions in a row, of which one terminal sees only the last.
    revise(&one, customer, json!({ "phone": "010-4" })).await;
    exchange(&one, &other, customer).await;
    for number in 0..20 {
        revise(&other, customer, json!({ "phone": format!("010-{number}") })).await;
    }
    exchange(&one, &other, customer).await;
    assert_eq!((edits(&one).await, edits(&other).await), (vec![], vec![]));
}

#[tokio::test]
async fn several_edits_of_an_offline_terminal_overtake_one_that_they_did_not_know() {
    let one = Desk::new().await;
    let other = one.beside().await;
    let customer = one.customer("김민수").await;
    exchange(&one, &other, customer).await;
    revise(&other, customer, json!({ "card": "NS-1" })).await;
    revise(&one, customer, json!({ "phone": "010-1111-1111" })).await;
    // Others may have read it, but this one hadn't.
    let unit = move |tx: &mut dyn Write| tx.mark_document_pending(DocumentKey::Profile(customer), false);
    write::<_, StoreError>(&*one.terminal.core.journal, Priority::Background, unit).await.unwrap();
    for card in ["NS-2", "NS-3"] {
        revise(&other, customer, json!({ "card": card })).await;
    }
    exchange(&one, &other, customer).await;
    let lost = edits(&one).await.remove(0);
    assert_eq!(fields(&lost), [("phone", Some("010-1111-1111"), None)]);
    // Somebody types it again without knowing of the inbox: nothing is lost any more.
    revise(&other, customer, json!({ "phone": "010-1111-1111" })).await;
    exchange(&one, &other, customer).await;
    assert_eq!(edits(&one).await, []);
}

#[tokio::test]
async fn the_next_revision_here_resolves_it_and_an_erasure_removes_it() {
    let (one, _, customer) = both_edit().await;
    revise(&one, customer, json!({ "name": "김민수2" })).await;
    assert_eq!(edits(&one).await, []);

    let (one, _, customer) = both_edit().await;
    assert_eq!(edits(&one).await.len(), 1);
    one.give(json!({ "type": "eraseCustomer", "customerId": customer })).await.unwrap();
    assert_eq!(edits(&one).await, []);
    let (one, _, customer) = both_edit().await;
    receive(&one, Document::Erased(customer)).await;
    assert_eq!(edits(&one).await, []);
    // The names are nowhere in the file.
    let folder = one.close().await;
    for file in ["journal.db", "journal.db-wal"] {
        let bytes = std::fs::read(folder.path().join(file)).unwrap_or_default();
        let has = bytes.windows(13).any(|it| it == b"010-1111-1111");
        assert!(!has, "{file}");
    }
}

#[tokio::test]
async fn an_edit_survives_a_restart() {
    let (one, _, _) = both_edit().await;
    let before = edits(&one).await;
    assert_eq!(edits(&one.restart().await).await, before);
}

#[tokio::test]
async fn an_area_that_two_terminals_renamed_is_taken_with_its_other_fields_as_they_are() {
    let desk = Desk::new().await;
    let area = desk.areas().await.remove(1).area_id;
    let save = json!({ "type": "saveArea", "areaId": area, "name": "옥상 정원", "capacity": 2 });
    desk.give(save).await.unwrap();
    let unit = move |tx: &mut dyn Write| {
        let now = tx.reference(ReferenceKind::Area, area.0)?.unwrap();
        let mut body = now.body.clone();
        (body["name"], body["capacity"]) = ("옥상".into(), 9.into());
        // Of the same revision, with a later event id, and based on the one before.
        let event_id = nosmoke_domain::ids::EventId(Uuid::max());
        tx.receive_document(&Document::Reference(Reference { event_id, body, ..now }))
    };
    write::<_, StoreError>(&*desk.terminal.core.journal, Priority::Background, unit).await.unwrap();
    let lost = edits(&desk).await.remove(0);
    assert_eq!((fields(&lost), lost.name.as_deref()), (vec![("name", Some("옥상 정원"), Some("옥상"))], Some("옥상")));
    desk.give(take(&lost)).await.unwrap();
    let taken = desk.areas().await.into_iter().find(|it| it.area_id == area).unwrap();
    assert_eq!((taken.name.as_str(), taken.capacity), ("옥상 정원", Some(9)));
    assert_eq!(edits(&desk).await, []);
}
