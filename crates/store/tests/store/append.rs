use std::collections::BTreeSet;

use nosmoke_domain::fact::{Hash, Novelty, decode};
use nosmoke_store::{ChainCursor, Flaw};
use sqlx::{Connection, SqliteConnection};

use crate::support::{about, append, customer, draft, id, journal, look, open, origin, run};

#[tokio::test]
async fn facts_are_read_back_as_they_were_answered() {
    let (_folder, journal) = journal().await;
    let facts = append(&journal, vec![draft(21), draft(22)]).await.unwrap();
    assert_eq!(facts.iter().map(|fact| fact.seq).collect::<Vec<_>>(), [1, 2]);

    let changes = look(&journal, |tx| tx.changes(0, 10)).await;
    assert_eq!(changes.iter().map(|change| change.change_seq).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(changes.iter().map(|change| change.recorded.fact.clone()).collect::<Vec<_>>(), facts);
    assert_eq!(changes.iter().map(|change| change.received_at).collect::<Vec<_>>(), [crate::support::at(0); 2]);
    assert_eq!(look(&journal, |tx| tx.last_change()).await, 2);
    assert_eq!(journal.count_facts().await, Ok(2));
}

#[tokio::test]
async fn bytes_stay_as_first_written_and_chain_over_a_restart() {
    let (folder, journal) = journal().await;
    append(&journal, vec![draft(21)]).await.unwrap();
    journal.close().await;
    drop(journal);
    let journal = open(folder.path()).await.unwrap();
    append(&journal, vec![draft(22)]).await.unwrap();
    journal.close().await;

    let file = folder.path().join("journal.db");
    let mut file = SqliteConnection::connect(file.to_str().unwrap()).await.unwrap();
    let rows: Vec<(Vec<u8>, Vec<u8>, Vec<u8>)> =
        sqlx::query_as("SELECT prev_hash, hash, bytes FROM fact ORDER BY seq").fetch_all(&mut file).await.unwrap();
    assert_eq!(rows[0].0, Hash::ZERO.0);
    assert_eq!(rows[1].0, rows[0].1);
    for ((previous, hash, bytes), n) in rows.iter().zip([21, 22]) {
        let previous = Hash(previous[..].try_into().unwrap());
        assert_eq!(nosmoke_domain::fact::chain_hash(previous, bytes).0, hash[..]);
        assert_eq!(decode(bytes).unwrap().event_id.0, id(n));
    }
}

#[tokio::test]
async fn a_fact_knows_whether_its_ids_were_there_before() {
    let (_folder, journal) = journal().await;
    let drafts = vec![
        about(21, 50, 7),
        about(22, 50, 7), // its subject was there
        about(22, 51, 7), // its event id was there
        about(23, 50, 8), // another customer's
        about(22, 52, 8), // another customer's
    ];
    append(&journal, drafts).await.unwrap();
    let changes = look(&journal, |tx| tx.changes(0, 10)).await;
    let novelty: Vec<_> = changes.iter().map(|change| change.recorded.novelty).collect();
    assert_eq!(novelty, [Novelty::New, Novelty::Repeats, Novelty::Collides, Novelty::New, Novelty::New]);
}

#[tokio::test]
async fn facts_are_found_by_customer_and_by_subject() {
    let (_folder, journal) = journal().await;
    append(&journal, vec![about(21, 50, 7), about(22, 51, 8), about(23, 50, 7), about(24, 52, 7)]).await.unwrap();
    let seqs = |changes: Vec<nosmoke_ports::Change>| changes.iter().map(|change| change.change_seq).collect::<Vec<_>>();
    assert_eq!(seqs(look(&journal, |tx| tx.facts_after(customer(7), 1)).await), [3, 4]);
    let subjects: BTreeSet<_> = [id(50), id(51), id(99)].into();
    assert_eq!(seqs(look(&journal, move |tx| tx.facts_about(&subjects)).await), [1, 2, 3]);
    assert_eq!(seqs(look(&journal, |tx| tx.recent(Some(customer(7)), 2)).await), [4, 3]);
    assert_eq!(seqs(look(&journal, |tx| tx.recent(None, 3)).await), [4, 3, 2]);
    assert_eq!(seqs(look(&journal, |tx| tx.penalty_facts(customer(7))).await), Vec::<i64>::new());
}

#[tokio::test]
async fn another_life_begins_another_chain_and_knows_the_one_before() {
    let (_folder, journal) = journal().await;
    append(&journal, vec![draft(21), draft(22)]).await.unwrap();
    let facts = run(&journal, |tx| {
        tx.put_origin(origin(11))?;
        tx.append(vec![draft(23)])
    });
    let fact = facts.await.unwrap().remove(0);
    assert_eq!((fact.origin, fact.seq), (origin(11), 1));
    assert_eq!(fact.seen, [(origin(10).incarnation, 2)].into());
    assert_eq!(look(&journal, |tx| tx.origin()).await, Some(origin(11)));
    assert_eq!(look(&journal, |tx| tx.recent(None, 10)).await.len(), 1);
}

#[tokio::test]
async fn a_changed_byte_and_a_missing_fact_are_found() {
    let (folder, journal) = journal().await;
    append(&journal, (21..31).map(draft).collect()).await.unwrap();
    let whole = journal.verify_chain(None, 100).await.unwrap();
    assert_eq!((whole.checked, whole.broken, whole.next), (10, Vec::new(), None));

    // In blocks, each beginning where the one before ended.
    let (mut from, mut checked) = (None, 0);
    loop {
        let block = journal.verify_chain(from, 3).await.unwrap();
        checked += block.checked;
        assert_eq!(block.broken, []);
        from = block.next;
        if from.is_none() {
            break;
        }
    }
    assert_eq!(checked, 10);

    let file = folder.path().join("journal.db");
    let mut file = SqliteConnection::connect(file.to_str().unwrap()).await.unwrap();
    sqlx::query("UPDATE fact SET bytes = CAST(replace(bytes, 'manager', 'mAnager') AS BLOB) WHERE seq = 3")
        .execute(&mut file)
        .await
        .unwrap();
    sqlx::query("DELETE FROM fact WHERE seq = 7").execute(&mut file).await.unwrap();
    let block = journal.verify_chain(None, 100).await.unwrap();
    let found: Vec<_> = block.broken.iter().map(|broken| (broken.seq, broken.flaw)).collect();
    assert_eq!(found, [(3, Flaw::Hash), (8, Flaw::Gap)]);
    let cursor = ChainCursor { incarnation: origin(10).incarnation, seq: 6, change_seq: 6 };
    assert_eq!(journal.verify_chain(Some(cursor), 100).await.unwrap().broken.len(), 1);
}
