use std::collections::{BTreeMap, BTreeSet};

use nosmoke_domain::ids::{EventId, NoteId};
use nosmoke_ports::{
    DocumentKey, Journal, Note, PendingFact, PendingTotals, Profile, Reference, ReferenceKind, SearchKeys,
};

use crate::support::{
    append, at, chain, customer, draft, id, journal, open, origin, other, read_journal, receive, recorded_here, run,
    sealed,
};

async fn pending(journal: &dyn Journal, own: bool) -> Vec<i64> {
    let facts = read_journal(journal, move |tx| tx.pending_facts(own, 0, 100)).await;
    facts.iter().map(|fact| fact.change_seq).collect()
}

async fn totals(journal: &dyn Journal) -> PendingTotals {
    read_journal(journal, |tx| tx.pending_totals()).await
}

#[tokio::test]
async fn a_fact_is_pending_until_it_is_read_back_even_after_a_restart() {
    let (folder, journal) = journal().await;
    append(&journal, vec![draft(21), draft(22), draft(23)]).await.unwrap();
    assert_eq!(pending(&journal, true).await, [1, 2, 3]);
    let facts = recorded_here(&journal).await;
    receive(&journal, &facts[1..2]).await;
    journal.close().await;
    drop(journal);

    let journal = open(folder.path()).await.unwrap();
    assert_eq!(pending(&journal, true).await, [1, 3]);
    assert_eq!(totals(&journal).await, PendingTotals { facts: 2, documents: 0, oldest: Some(1) });
    assert_eq!(read_journal(&journal, |tx| tx.pending_among(&[1, 2, 3, 9])).await, BTreeSet::from([1, 3]));
    receive(&journal, &facts).await;
    assert_eq!(totals(&journal).await, PendingTotals::default());
}

#[tokio::test]
async fn read_back_unmarks_an_own_fact_of_that_customer_once() {
    let (_folder, journal) = journal().await;
    append(&journal, vec![draft(21), draft(22)]).await.unwrap();
    let theirs = chain(other(20), [draft(31)]);
    receive(&journal, &theirs).await;
    run(&journal, |tx| tx.mark_all_pending()).await.unwrap();
    let (own, theirs) = (recorded_here(&journal).await[0].hash, theirs[0].hash);
    for (hash, customer, waited) in
        [(own, customer(1), false), (theirs, customer(7), false), (own, customer(7), true), (own, customer(7), false)]
    {
        assert_eq!(run(&journal, move |tx| tx.read_back(hash, customer)).await, Ok(waited));
    }
    assert_eq!((pending(&journal, true).await, pending(&journal, false).await), (vec![2], vec![3]));
}

#[tokio::test]
async fn a_pending_fact_has_all_fields_of_its_message() {
    let (_folder, journal) = journal().await;
    append(&journal, vec![draft(21), draft(22)]).await.unwrap();
    let page = read_journal(&journal, |tx| tx.pending_facts(true, 1, 10)).await;
    let [fact]: [PendingFact; 1] = page.try_into().unwrap();
    let written = sealed(fact.clone());
    assert_eq!(nosmoke_domain::fact::chain_hash(fact.previous, &fact.bytes), fact.hash);
    let expected = PendingFact {
        change_seq: 2,
        event_id: EventId(id(22)),
        incarnation: origin(10).incarnation,
        terminal_id: origin(10).terminal_id,
        customer_id: customer(7),
        fact_type: "PointsAdjusted".into(),
        version: 1,
        occurred_at: at(22),
        traceparent: None,
        bytes: written.bytes,
        previous: written.previous,
        hash: written.hash,
    };
    assert_eq!(fact, expected);
    assert_eq!(read_journal(&journal, |tx| tx.pending_facts(true, 0, 1)).await.len(), 1);
}

#[tokio::test]
async fn facts_of_other_terminals_are_pending_only_after_all_are_marked() {
    let (_folder, journal) = journal().await;
    append(&journal, vec![draft(21)]).await.unwrap();
    let own = recorded_here(&journal).await;
    let theirs = chain(other(20), (31..=34).map(draft));
    receive(&journal, &own).await;
    receive(&journal, &theirs).await;
    assert_eq!(totals(&journal).await.facts, 0);

    run(&journal, |tx| tx.mark_all_pending()).await.unwrap();
    assert_eq!((pending(&journal, true).await, pending(&journal, false).await), (vec![1], vec![2, 3, 4, 5]));
    assert_eq!(totals(&journal).await, PendingTotals { facts: 5, documents: 0, oldest: Some(1) });
    assert_eq!(read_journal(&journal, |tx| tx.pending_among(&[1, 2, 9])).await, BTreeSet::from([1, 2]));
    receive(&journal, &theirs).await;
    receive(&journal, &own).await;
    assert_eq!(totals(&journal).await.oldest, None);

    run(&journal, |tx| tx.mark_pending_between(other(20).incarnation, 2, None)).await.unwrap();
    run(&journal, |tx| tx.mark_pending_between(origin(10).incarnation, 0, None)).await.unwrap();
    assert_eq!((pending(&journal, true).await, pending(&journal, false).await), (vec![1], vec![4, 5]));
}

#[tokio::test]
async fn only_the_facts_of_a_gap_are_marked() {
    let (_folder, journal) = journal().await;
    let theirs = chain(other(20), (31..=35).map(draft));
    receive(&journal, &[&theirs[..1], &theirs[4..]].concat()).await;
    let last = read_journal(&journal, |tx| tx.above_gaps()).await;
    assert_eq!(last, BTreeMap::from([(other(20).incarnation, 5)]));
    receive(&journal, &theirs[2..3]).await;
    let last = read_journal(&journal, |tx| tx.above_gaps()).await;
    assert_eq!(last, BTreeMap::from([(other(20).incarnation, 5)]), "above the last of two gaps");
    receive(&journal, &theirs[3..4]).await;
    let above = read_journal(&journal, |tx| tx.above_gaps()).await;
    assert_eq!(above, BTreeMap::from([(other(20).incarnation, 3)]));

    receive(&journal, &theirs).await;
    assert!(read_journal(&journal, |tx| tx.above_gaps()).await.is_empty());
    run(&journal, |tx| tx.mark_pending_between(other(20).incarnation, 1, Some(3))).await.unwrap();
    // The second fact, which arrived last.
    assert_eq!(pending(&journal, false).await, vec![5]);
}

#[tokio::test]
async fn pending_facts_of_the_previous_incarnation_count_as_foreign() {
    let (_folder, journal) = journal().await;
    append(&journal, vec![draft(21), draft(22)]).await.unwrap();
    let before = recorded_here(&journal).await;
    run(&journal, |tx| tx.put_origin(origin(11))).await.unwrap();
    append(&journal, vec![draft(23)]).await.unwrap();
    assert_eq!((pending(&journal, true).await, pending(&journal, false).await), (vec![3], vec![1, 2]));
    receive(&journal, &before).await;
    assert_eq!((pending(&journal, true).await, pending(&journal, false).await), (vec![3], vec![]));
}

#[tokio::test]
async fn a_document_is_pending_until_it_is_read_back_and_a_lower_one_never_is() {
    let (folder, journal) = journal().await;
    let profile = |revision| Profile {
        customer_id: customer(7),
        revision,
        event_id: EventId(id(1)),
        base_revision: 0,
        bases: Vec::new(),
        name: None,
        phone: None,
        card: None,
        registered_at: at(0),
        consent_on: None,
        erased: false,
    };
    let area = |revision| Reference {
        kind: ReferenceKind::Area,
        id: id(50),
        revision,
        event_id: EventId(id(1)),
        base_revision: 0,
        bases: Vec::new(),
        body: serde_json::json!({}),
    };
    let hub = Reference { kind: ReferenceKind::Hub, ..area(1) };
    let put = hub.clone();
    run(&journal, move |tx| {
        tx.put_profile(&profile(2), &SearchKeys::default())?;
        tx.put_note(&Note { note_id: NoteId(id(3)), customer_id: customer(7), text: "하나".into() })?;
        tx.put_reference(&area(2))?;
        tx.put_reference(&put)
    })
    .await
    .unwrap();
    let keys = [
        DocumentKey::Profile(customer(7)),
        DocumentKey::Note(customer(7), NoteId(id(3))),
        DocumentKey::Reference(ReferenceKind::Area, id(50)),
        DocumentKey::Reference(ReferenceKind::Hub, id(50)),
    ];
    journal.close().await;
    drop(journal);
    let journal = open(folder.path()).await.unwrap();
    let waiting = read_journal(&journal, |tx| tx.pending_documents(10)).await;
    assert_eq!(waiting.iter().copied().collect::<BTreeSet<_>>(), keys.into());
    assert_eq!(totals(&journal).await, PendingTotals { facts: 0, documents: 4, oldest: None });
    assert_eq!(read_journal(&journal, |tx| tx.pending_documents(3)).await.len(), 3);
    assert_eq!(read_journal(&journal, |tx| tx.references(ReferenceKind::Hub)).await, [hub]);

    run(&journal, move |tx| {
        keys.iter().try_for_each(|key| tx.mark_document_pending(*key, false))?;
        tx.put_profile(&profile(1), &SearchKeys::default())?;
        tx.put_reference(&area(1))
    })
    .await
    .unwrap();
    assert_eq!(totals(&journal).await.documents, 0);
    run(&journal, |tx| tx.mark_all_pending()).await.unwrap();
    assert_eq!(totals(&journal).await.documents, 4);
    run(&journal, move |tx| tx.mark_document_pending(keys[0], true)).await.unwrap();
    assert_eq!(totals(&journal).await.documents, 4);
}

#[tokio::test]
async fn deleted_notes_are_pending_as_erased() {
    let (_folder, journal) = journal().await;
    let note = |n| Note { note_id: NoteId(id(n)), customer_id: customer(7), text: "하나".into() };
    run(&journal, move |tx| {
        for n in [1, 2] {
            tx.put_note(&note(n))?;
            tx.mark_document_pending(DocumentKey::Note(customer(7), NoteId(id(n))), false)?;
        }
        tx.remove_notes_and_quarantined(customer(7))
    })
    .await
    .unwrap();
    let keys = [1, 2].map(|n| DocumentKey::Note(customer(7), NoteId(id(n))));
    assert_eq!(read_journal(&journal, |tx| tx.pending_documents(10)).await, keys);
}
