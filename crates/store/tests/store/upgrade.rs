//! Tests that journals of earlier schemas can be opened, and get the data that later schemas add.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::DateTime;
use nosmoke_domain::fact::{CustomersLinked, Draft, FactType};
use nosmoke_domain::ids::{EventId, LinkId, NoteId};
use nosmoke_ports::{
    Digest, DocumentKey, Note, Profile, RecordedQuery, Reference, ReferenceKind, Remembered, SearchKeys,
};
use nosmoke_store::Store;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Connection, SqlSafeStr, SqliteConnection};
use tempfile::TempDir;

use crate::support::{
    FixedClock, append, at, chain, customer, draft, file, id, journal, open, origin, other, read_journal, receive, run,
};

const FIRST: &str = include_str!("../../migrations/journal/20261123060000_first.sql");

/// A journal with the first schema, and facts of two incarnations, of which one is another terminal's.
async fn of_the_first_schema() -> TempDir {
    let (newest, journal) = journal().await;
    append(&journal, vec![draft(1), draft(2)]).await.unwrap();
    receive(&journal, &chain(other(20), (11..=13).map(draft))).await;
    run(&journal, |tx| {
        let (event_id, base_revision) = (EventId(id(1)), 0);
        let profile = Profile {
            customer_id: customer(7),
            revision: 1,
            event_id,
            base_revision,
            bases: Vec::new(),
            name: None,
            phone: None,
            card: None,
            registered_at: at(0),
            consent_on: None,
            erased: false,
        };
        let body = serde_json::json!({});
        tx.put_profile(&profile, &SearchKeys::default())?;
        tx.put_note(&Note { note_id: NoteId(id(3)), customer_id: customer(7), text: "하나".into() })?;
        tx.put_reference(&Reference {
            kind: ReferenceKind::Area,
            id: id(50),
            revision: 1,
            event_id,
            base_revision,
            bases: Vec::new(),
            body,
        })
    })
    .await
    .unwrap();
    journal.close().await;

    let first = tempfile::tempdir().unwrap();
    std::fs::write(first.path().join("journal.db"), "").unwrap();
    let mut file = file(first.path()).await;
    let sql = FIRST.into_sql_str();
    let migration = Migration::new(20_261_123_060_000, "first".into(), MigrationType::Simple, sql, false);
    Migrator::with_migrations(vec![migration]).run_direct(None, &mut file, false).await.unwrap();
    sqlx::query("ATTACH ? AS newest")
        .bind(newest.path().join("journal.db").to_str().unwrap())
        .execute(&mut file)
        .await
        .unwrap();
    for sql in [
        "INSERT INTO fact SELECT * FROM newest.fact",
        "INSERT INTO head SELECT incarnation, seq FROM newest.head",
        "INSERT INTO origin SELECT life, incarnation, facility_id, terminal_id FROM newest.origin",
        "INSERT INTO setting SELECT * FROM newest.setting",
        "INSERT INTO profile SELECT customer_id, revision, event_id, base_revision, name, phone, card, registered_at_ms, erased, \
         name_key, initials_key, phone_key, card_key, seen_at_ms FROM newest.profile WHERE revision > 0",
        "INSERT INTO note SELECT * FROM newest.note",
        "INSERT INTO reference SELECT kind, id, revision, event_id, base_revision, body FROM newest.reference",
    ] {
        sqlx::query(sql).execute(&mut file).await.unwrap();
    }
    for (key, at_ms) in [("later", 2), ("earlier", 1)] {
        let answer = "INSERT INTO idempotency (key, body, outcome, at_ms) VALUES (?, zeroblob(32), '{}', ?)";
        sqlx::query(answer).bind(key).bind(at_ms).execute(&mut file).await.unwrap();
    }
    file.close().await.unwrap();
    first
}

async fn rows_of_totals(folder: &TempDir) -> i64 {
    let mut file: SqliteConnection = file(folder.path()).await;
    sqlx::query_scalar("SELECT count(*) FROM tally").fetch_one(&mut file).await.unwrap()
}

#[tokio::test]
async fn an_upgraded_journal_has_all_facts_and_documents_pending() {
    let folder = of_the_first_schema().await;
    let journal = open(folder.path()).await.unwrap();
    assert!(folder.path().join("journal.before-upgrade-from-20261123060000.db").exists());
    let pending = |own| read_journal(&journal, move |tx| tx.pending_facts(own, 0, 100));
    assert_eq!((pending(true).await.len(), pending(false).await.len()), (2, 3));
    let records = read_journal(&journal, |tx| tx.pending_documents(10)).await;
    let expected = [
        DocumentKey::Profile(customer(7)),
        DocumentKey::Note(customer(7), NoteId(id(3))),
        DocumentKey::Reference(ReferenceKind::Area, id(50)),
    ];
    assert_eq!(records.into_iter().collect::<BTreeSet<_>>(), expected.into());

    let mut digest = Digest::default();
    read_journal(&journal, |tx| tx.changes(0, 100)).await.iter().for_each(|change| digest.add(change.recorded.hash));
    let extent = read_journal(&journal, |tx| tx.extent()).await;
    assert_eq!((extent.facts, extent.digest), (5, digest));
    let everybody = RecordedQuery { limit: 100, ..RecordedQuery::default() };
    let recorders = read_journal(&journal, move |tx| tx.recorded_by(&everybody)).await;
    let by = recorders[0].recorded.fact.recorded_by.id();
    let of_one = RecordedQuery { by: Some(by), ..everybody };
    assert_eq!((recorders.len(), read_journal(&journal, move |tx| tx.recorded_by(&of_one)).await.len()), (5, 5));
    assert_eq!(extent.heads, [(origin(10).incarnation, 2), (other(20).incarnation, 3)].into());
    // The terminal of another incarnation becomes known with its next fact. Released programs with this schema had
    // none.
    let incarnations = [(origin(10).incarnation, origin(10).terminal_id)];
    assert_eq!(read_journal(&journal, |tx| tx.terminals()).await, incarnations.into());

    // Appending works as usual.
    append(&journal, vec![draft(3)]).await.unwrap();
    digest.add(read_journal(&journal, |tx| tx.recent(None, 1)).await[0].recorded.hash);
    assert_eq!(read_journal(&journal, |tx| tx.extent()).await.digest, digest);
    journal.close().await;
    assert_eq!(rows_of_totals(&folder).await, 1);
}

#[tokio::test]
async fn an_upgraded_journal_still_knows_the_answers_to_commands() {
    let folder = of_the_first_schema().await;
    let journal = open(folder.path()).await.unwrap();
    let answer = Some(Remembered { body: [0; 32], outcome: "{}".into() });
    for key in ["earlier", "later"] {
        assert_eq!(read_journal(&journal, move |tx| tx.remembered(key)).await, answer, "{key}");
    }
    run(&journal, |tx| tx.forget_before(DateTime::from_timestamp_millis(2).unwrap())).await.unwrap();
    assert_eq!(read_journal(&journal, |tx| tx.remembered("earlier")).await, None);
    assert_eq!(read_journal(&journal, |tx| tx.remembered("later")).await, answer);
    journal.close().await;
}

#[tokio::test]
async fn an_empty_journal_of_the_first_schema_can_be_opened() {
    let folder = of_the_first_schema().await;
    let mut emptied = file(folder.path()).await;
    for sql in ["DELETE FROM fact", "DELETE FROM head", "DELETE FROM origin"] {
        sqlx::query(sql).execute(&mut emptied).await.unwrap();
    }
    emptied.close().await.unwrap();
    let journal = open(folder.path()).await.unwrap();
    assert_eq!(read_journal(&journal, |tx| tx.extent()).await, nosmoke_ports::Extent::default());
    run(&journal, |tx| tx.put_origin(origin(11))).await.unwrap();
    append(&journal, vec![draft(1)]).await.unwrap();
    assert_eq!(read_journal(&journal, |tx| tx.extent()).await.facts, 1);
}

/// With the first schema, a link between two customers was found only from the customer at whom it was recorded.
#[tokio::test]
async fn links_of_the_first_schema_are_found_from_both_sides() {
    let folder = of_the_first_schema().await;
    let mut file = file(folder.path()).await;
    let other_id = customer(9);
    let link = Draft { payload: CustomersLinked { link_id: LinkId(id(77)), other_id }.into(), ..draft(21) };
    let link = chain(other(20), [draft(11), draft(12), draft(13), link]).remove(3);
    sqlx::query(
        "INSERT INTO fact SELECT 6, ?, ?, event_id, incarnation, 4, customer_id, NULL, NULL, 0, \
         occurred_at_ms, received_at_ms, 'CustomersLinked', 1, ? FROM fact WHERE change_seq = 5",
    )
    .bind(link.hash.0.to_vec())
    .bind(link.previous.0.to_vec())
    .bind(link.bytes)
    .execute(&mut file)
    .await
    .unwrap();
    file.close().await.unwrap();
    let store = Store::open(folder.path(), Arc::new(FixedClock)).await.unwrap();
    let found = read_journal(&*store.journal(), move |tx| tx.facts_about(&[other_id.0].into())).await;
    assert_eq!(found.iter().map(|change| change.change_seq).collect::<Vec<_>>(), [6]);
    assert_eq!(found[0].recorded.fact.payload.fact_type(), Some(FactType::CustomersLinked));
}
