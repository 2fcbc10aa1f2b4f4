use nosmoke_domain::ids::{EventId, NoteId};
use nosmoke_ports::{Document, DocumentKey, Journal, Merged, Note, Profile, Reference, ReferenceKind, SearchKeys};
use serde_json::json;
use uuid::Uuid;

use crate::support::{about, at, chain, id, journal, other, read_journal, receive, run};

const KEY: DocumentKey = DocumentKey::Profile(customer_7());

const fn customer_7() -> nosmoke_domain::ids::CustomerId {
    nosmoke_domain::ids::CustomerId(Uuid::from_u128(7))
}

fn profile(revision: i64, event: u128) -> Profile {
    Profile {
        customer_id: customer_7(),
        revision,
        event_id: EventId(id(event)),
        base_revision: revision - 1,
        bases: Vec::new(),
        name: Some(format!("김민수 {revision}.{event}")),
        phone: None,
        card: Some("NS-0391".into()),
        registered_at: at(0),
        consent_on: None,
        erased: false,
    }
}

fn note(n: u128, text: &str) -> Note {
    Note { note_id: NoteId(id(n)), customer_id: customer_7(), text: text.into() }
}

async fn merge(journal: &dyn Journal, document: Document) -> Merged {
    run(journal, move |tx| tx.receive_document(&document)).await.unwrap()
}

async fn merge_profile(journal: &dyn Journal, profile: Profile) -> Merged {
    merge(journal, Document::Profile(profile, SearchKeys { card: "NS0391".into(), ..SearchKeys::default() })).await
}

async fn put(journal: &dyn Journal, profile: Profile) {
    run(journal, move |tx| tx.put_profile(&profile, &SearchKeys::default())).await.unwrap();
}

async fn pending(journal: &dyn Journal) -> Vec<DocumentKey> {
    read_journal(journal, |tx| tx.pending_documents(10)).await
}

async fn stored(journal: &dyn Journal) -> Profile {
    read_journal(journal, |tx| tx.profile(customer_7())).await.unwrap()
}

#[tokio::test]
async fn the_higher_profile_wins_and_is_published_if_the_log_has_a_lower_one() {
    let cases = [
        (profile(2, 4), profile(3, 1), Merged::Taken, profile(3, 1)),
        (profile(2, 4), profile(2, 5), Merged::Taken, profile(2, 5)),
        (profile(2, 4), profile(2, 4), Merged::Same, profile(2, 4)),
        (profile(2, 4), profile(2, 3), Merged::Lower, profile(2, 4)),
        (profile(2, 4), profile(1, 9), Merged::Lower, profile(2, 4)),
    ];
    for (mine, theirs, expected, stays) in cases {
        let (_folder, journal) = journal().await;
        put(&journal, mine).await;
        assert_eq!(merge_profile(&journal, theirs).await, expected, "{stays:?}");
        assert_eq!(stored(&journal).await, stays);
        let again: &[DocumentKey] = if expected == Merged::Lower { &[KEY] } else { &[] };
        assert_eq!(pending(&journal).await, again, "{stays:?}");
    }
}

#[tokio::test]
async fn a_lower_profile_from_the_log_makes_the_stored_one_pending_again() {
    let (_folder, journal) = journal().await;
    assert_eq!(merge_profile(&journal, profile(2, 4)).await, Merged::Taken);
    assert_eq!(pending(&journal).await, []);
    assert_eq!(merge_profile(&journal, profile(1, 4)).await, Merged::Lower);
    assert_eq!(pending(&journal).await, [KEY]);
    assert_eq!(read_journal(&journal, |tx| tx.profile_by_card("NS0391")).await, Some(profile(2, 4)));
}

#[tokio::test]
async fn a_profile_replaces_the_placeholder_of_a_customer_known_by_facts() {
    let (_folder, journal) = journal().await;
    receive(&journal, &chain(other(20), [about(1, 1, 7)])).await;
    assert_eq!(merge_profile(&journal, profile(1, 1)).await, Merged::Taken);
    assert_eq!(stored(&journal).await, profile(1, 1));
}

#[tokio::test]
async fn an_erased_customer_stays_erased_and_is_published_as_erased_again() {
    let (_folder, journal) = journal().await;
    put(&journal, profile(2, 4)).await;
    run(&journal, move |tx| {
        tx.put_note(&note(1, "하나"))?;
        tx.mark_document_pending(DocumentKey::Note(customer_7(), NoteId(id(1))), false)
    })
    .await
    .unwrap();
    assert_eq!(merge(&journal, Document::Erased(customer_7())).await, Merged::Taken);
    let blank = Profile { name: None, card: None, erased: true, ..profile(2, 4) };
    assert_eq!(stored(&journal).await, blank);
    assert_eq!(read_journal(&journal, |tx| tx.notes(&[NoteId(id(1))])).await, []);
    let tombstone = DocumentKey::Note(customer_7(), NoteId(id(1)));
    assert_eq!(pending(&journal).await, [tombstone], "the note is published as erased");

    assert_eq!(merge(&journal, Document::Erased(customer_7())).await, Merged::Same);
    assert_eq!(merge_profile(&journal, profile(9, 9)).await, Merged::Lower);
    assert_eq!(stored(&journal).await, blank);
    assert_eq!(pending(&journal).await, [tombstone, KEY]);
    assert_eq!(merge(&journal, Document::Erased(customer_7())).await, Merged::Same);
    assert_eq!(pending(&journal).await, [tombstone]);

    run(&journal, move |tx| tx.mark_document_pending(tombstone, false)).await.unwrap();
    assert_eq!(merge(&journal, Document::Note(note(2, "둘"))).await, Merged::Lower);
    assert_eq!(read_journal(&journal, |tx| tx.notes(&[NoteId(id(2))])).await, []);
    assert_eq!(pending(&journal).await, [DocumentKey::Note(customer_7(), NoteId(id(2)))]);
}

#[tokio::test]
async fn an_erasure_of_an_unknown_customer_is_stored() {
    let (_folder, journal) = journal().await;
    assert_eq!(merge(&journal, Document::Erased(customer_7())).await, Merged::Taken);
    assert!(stored(&journal).await.erased);
    assert_eq!(pending(&journal).await, []);
    assert_eq!(merge_profile(&journal, profile(1, 1)).await, Merged::Lower);
    run(&journal, |tx| tx.mark_document_pending(KEY, false)).await.unwrap();
    run(&journal, |tx| tx.mark_all_pending()).await.unwrap();
    assert_eq!(pending(&journal).await, [KEY], "all documents are published to a new log, tombstones too");
}

#[tokio::test]
async fn a_profile_erased_here_is_read_back_as_its_tombstone() {
    let (_folder, journal) = journal().await;
    put(&journal, Profile { erased: true, ..profile(2, 4) }).await;
    assert_eq!(pending(&journal).await, [KEY]);
    assert_eq!(merge(&journal, Document::Erased(customer_7())).await, Merged::Same);
    assert_eq!(pending(&journal).await, []);
}

#[tokio::test]
async fn receiving_a_note_is_idempotent() {
    let (_folder, journal) = journal().await;
    run(&journal, |tx| tx.put_note(&note(1, "하나"))).await.unwrap();
    assert_eq!(merge(&journal, Document::Note(note(1, "하나"))).await, Merged::Same);
    assert_eq!(pending(&journal).await, []);
    assert_eq!(merge(&journal, Document::Note(note(2, "둘"))).await, Merged::Taken);
    let ids = [NoteId(id(1)), NoteId(id(2))];
    assert_eq!(read_journal(&journal, move |tx| tx.notes(&ids)).await, [note(1, "하나"), note(2, "둘")]);
    assert_eq!(pending(&journal).await, []);
}

#[tokio::test]
async fn the_higher_reference_document_wins_in_any_order() {
    let area = |revision, event| Reference {
        kind: ReferenceKind::Area,
        id: id(50),
        revision,
        event_id: EventId(id(event)),
        base_revision: 0,
        bases: Vec::new(),
        body: json!({ "name": format!("정문 {revision}.{event}") }),
    };
    let cases = [
        (area(2, 3), Merged::Taken, area(2, 3)),
        (area(1, 9), Merged::Taken, area(1, 9)),
        (area(1, 5), Merged::Same, area(1, 5)),
        (area(1, 4), Merged::Lower, area(1, 5)),
        (area(0, 9), Merged::Lower, area(1, 5)),
    ];
    for (theirs, expected, stays) in cases {
        let (_folder, journal) = journal().await;
        run(&journal, move |tx| tx.put_reference(&area(1, 5))).await.unwrap();
        assert_eq!(merge(&journal, Document::Reference(theirs)).await, expected);
        assert_eq!(read_journal(&journal, |tx| tx.references(ReferenceKind::Area)).await, [stays]);
        let key = DocumentKey::Reference(ReferenceKind::Area, id(50));
        assert_eq!(pending(&journal).await.contains(&key), expected == Merged::Lower);
    }
    let (_folder, journal) = journal().await;
    assert_eq!(merge(&journal, Document::Reference(area(1, 5))).await, Merged::Taken);
    assert_eq!(read_journal(&journal, |tx| tx.references(ReferenceKind::Area)).await, [area(1, 5)]);
}
