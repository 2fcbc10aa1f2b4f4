use std::collections::BTreeSet;

use nosmoke_domain::fact::{Draft, Fact, Hash, Novelty, Sealed, decode, seal};
use nosmoke_domain::ids::EventId;
use nosmoke_ports::StoreError;
use nosmoke_store::{ChainCursor, Flaw};
use sqlx::{Connection, SqliteConnection};

use crate::support::{
    about, append, chain, customer, draft, id, journal, open, origin, other, read_journal, receive, recorded_here, run,
};

#[tokio::test]
async fn appended_facts_are_read_back_unchanged() {
    let (_folder, journal) = journal().await;
    let facts = append(&journal, vec![draft(21), draft(22)]).await.unwrap();
    assert_eq!(facts.iter().map(|fact| fact.seq).collect::<Vec<_>>(), [1, 2]);

    let changes = read_journal(&journal, |tx| tx.changes(0, 10)).await;
    assert_eq!(changes.iter().map(|change| change.change_seq).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(changes.iter().map(|change| change.recorded.fact.clone()).collect::<Vec<_>>(), facts);
    assert_eq!(changes.iter().map(|change| change.received_at).collect::<Vec<_>>(), [crate::support::at(0); 2]);
    assert_eq!(read_journal(&journal, |tx| tx.last_change()).await, 2);
    assert_eq!(journal.count_facts().await, Ok(2));
}

#[tokio::test]
async fn bytes_never_change_and_the_chain_continues_after_a_restart() {
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
async fn an_appended_fact_s_novelty_depends_on_earlier_ids() {
    let (_folder, journal) = journal().await;
    let drafts = vec![
        about(21, 50, 7),
        about(22, 50, 7), // an earlier subject
        about(22, 51, 7), // an earlier event id
        about(23, 50, 8), // of another customer
        about(22, 52, 8), // of another customer
    ];
    append(&journal, drafts).await.unwrap();
    let changes = read_journal(&journal, |tx| tx.changes(0, 10)).await;
    let novelty: Vec<_> = changes.iter().map(|change| change.recorded.novelty).collect();
    assert_eq!(novelty, [Novelty::New, Novelty::Repeats, Novelty::Collides, Novelty::New, Novelty::New]);
}

#[tokio::test]
async fn facts_are_found_by_customer_and_by_subject() {
    let (_folder, journal) = journal().await;
    append(&journal, vec![about(21, 50, 7), about(22, 51, 8), about(23, 50, 7), about(24, 52, 7)]).await.unwrap();
    let seqs = |changes: Vec<nosmoke_ports::Change>| changes.iter().map(|change| change.change_seq).collect::<Vec<_>>();
    assert_eq!(seqs(read_journal(&journal, |tx| tx.facts_after(customer(7), 1)).await), [3, 4]);
    let subjects: BTreeSet<_> = [id(50), id(51), id(99)].into();
    assert_eq!(seqs(read_journal(&journal, move |tx| tx.facts_about(&subjects)).await), [1, 2, 3]);
    assert_eq!(seqs(read_journal(&journal, |tx| tx.recent(Some(customer(7)), 2)).await), [4, 3]);
    assert_eq!(seqs(read_journal(&journal, |tx| tx.recent(None, 3)).await), [4, 3, 2]);
    assert_eq!(seqs(read_journal(&journal, |tx| tx.penalty_facts(customer(7))).await), Vec::<i64>::new());
}

#[tokio::test]
async fn facts_from_one_on_are_those_that_this_incarnation_recorded_next() {
    let (_folder, journal) = journal().await;
    append(&journal, vec![draft(21), draft(22)]).await.unwrap();
    receive(&journal, &chain(other(20), [draft(23), draft(31)])).await;
    append(&journal, vec![draft(23), draft(24)]).await.unwrap();
    let from = async |n: u128, rows: usize| {
        let found = read_journal(&journal, move |tx| tx.facts_from(EventId(id(n)), rows)).await;
        found.iter().map(|change| change.recorded.fact.event_id.0.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(from(22, 10).await, [22, 23, 24]);
    assert_eq!(from(22, 2).await, [22, 23]);
    assert_eq!(from(24, 10).await, [24]);
    assert_eq!((from(31, 10).await, from(99, 10).await), (vec![], vec![]), "of others, or unknown");
}

#[tokio::test]
async fn a_new_incarnation_begins_a_chain_that_has_seen_the_previous_one() {
    let (_folder, journal) = journal().await;
    append(&journal, vec![draft(21), draft(22)]).await.unwrap();
    let facts = run(&journal, |tx| {
        tx.put_origin(origin(11))?;
        tx.append(vec![draft(23)])
    });
    let fact = facts.await.unwrap().remove(0);
    assert_eq!((fact.origin, fact.seq), (origin(11), 1));
    assert_eq!(fact.after, [EventId(id(22))]);
    assert_eq!(read_journal(&journal, |tx| tx.origin()).await, Some(origin(11)));
    assert_eq!(read_journal(&journal, |tx| tx.recent(None, 10)).await.len(), 1);
}

#[tokio::test]
async fn an_ended_incarnation_still_records_in_its_own_chain() {
    let (_folder, journal) = journal().await;
    let (ended, next) = (origin(10).incarnation, origin(11).incarnation);
    append(&journal, vec![draft(21), draft(22)]).await.unwrap();
    let facts = run(&journal, move |tx| {
        tx.end_incarnation(next)?;
        let mut facts = tx.append(vec![draft(23)])?;
        facts.extend(tx.append_as(ended, vec![draft(24), draft(25)])?);
        facts.extend(tx.append(vec![draft(26)])?);
        Ok(facts)
    });
    let facts = facts.await.unwrap();
    let chain: Vec<_> = facts.iter().map(|fact| (fact.origin.incarnation, fact.seq)).collect();
    assert_eq!(chain, [(next, 1), (ended, 3), (ended, 4), (next, 2)]);
    assert_eq!((&facts[1].after, &facts[3].after), (&vec![EventId(id(23))], &vec![EventId(id(25))]));
    assert_eq!(journal.verify_chain(None, 100).await.unwrap().broken, []);
    let (own, heads) = read_journal(&journal, |tx| Ok((tx.own_incarnations()?, tx.extent()?.heads))).await;
    assert_eq!((own, heads), (vec![ended, next], [(ended, 4), (next, 2)].into()));
    // All are published as this folder's own, in the journal's order, and the desk lists them all.
    let pending = recorded_here(&journal).await;
    assert_eq!(pending.iter().map(|it| it.fact.event_id.0.as_u128()).collect::<Vec<_>>(), [21, 22, 23, 24, 25, 26]);
    assert_eq!(read_journal(&journal, |tx| tx.recent(None, 10)).await.len(), 6);
    // What is read back later with a higher seq was recorded by a copy of the folder, also if the incarnation ended.
    let copied = sealed_after(&pending[4], draft(27));
    assert!(receive(&journal, &[copied]).await.own_ahead);
    // Once the folder is known to be a copy, nothing is recorded for any of them.
    run(&journal, |tx| tx.put_origin(origin(12))).await.unwrap();
    assert_eq!(read_journal(&journal, |tx| tx.own_incarnations()).await, [origin(12).incarnation]);
    assert!(run(&journal, move |tx| tx.append_as(ended, vec![draft(28)])).await.is_err());
    assert_eq!(recorded_here(&journal).await, []);
}

/// The fact that follows another one in its chain, as another terminal would have sealed it.
fn sealed_after(last: &Sealed, next: Draft) -> Sealed {
    let Fact { origin, seq, event_id, .. } = last.fact;
    seal(next, origin, seq + 1, last.hash, vec![event_id])
}

#[tokio::test]
async fn verification_finds_a_changed_byte_and_a_missing_fact() {
    let (folder, journal) = journal().await;
    append(&journal, (21..31).map(draft).collect()).await.unwrap();
    let whole = journal.verify_chain(None, 100).await.unwrap();
    assert_eq!((whole.checked, whole.broken, whole.next), (10, Vec::new(), None));

    // Verifying in blocks of three facts gives the same result.
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

#[tokio::test]
async fn a_fact_names_the_newest_four_that_no_other_names() {
    let (_folder, journal) = journal().await;
    // Six terminals that knew nothing of each other.
    for n in 1..=6 {
        receive(&journal, &chain(other(20 + n), [draft(n)])).await;
    }
    let named = async |n: u128, of: u128| {
        let fact = append(&journal, vec![about(n, n, of)]).await.unwrap().remove(0);
        fact.after.into_iter().map(|event_id| event_id.0.as_u128()).collect::<Vec<_>>()
    };
    assert_eq!(named(30, 7).await, [3, 4, 5, 6]);
    assert_eq!(named(31, 7).await, [1, 2, 30]);
    assert_eq!(named(32, 8).await, [0_u128; 0], "only facts of the same customer");
    assert_eq!(named(33, 7).await, [31]);
}

#[tokio::test]
async fn a_fact_over_4_kib_is_refused_and_one_in_the_journal_is_read_whatever_its_size() {
    let (folder, journal) = journal().await;
    append(&journal, vec![draft(21)]).await.unwrap();
    let with_trace = |n: u128, length: usize| Draft { traceparent: Some("0".repeat(length)), ..draft(n) };
    let refused = append(&journal, vec![draft(22), with_trace(23, 4 * 1024)]).await;
    assert!(matches!(refused, Err(StoreError::FactTooLarge(bytes)) if bytes > 4 * 1024), "{refused:?}");
    assert_eq!(read_journal(&journal, |tx| tx.last_change()).await, 1, "nothing of it was recorded");
    append(&journal, vec![with_trace(24, 3 * 1024)]).await.unwrap();
    // As a version without this limit could have written it.
    journal.close().await;
    let mut file = SqliteConnection::connect(folder.path().join("journal.db").to_str().unwrap()).await.unwrap();
    let longer = "UPDATE fact SET bytes = CAST(replace(bytes, '\"traceparent\":\"', '\"traceparent\":\"' || \
                  hex(zeroblob(40000))) AS BLOB)";
    sqlx::query(longer).execute(&mut file).await.unwrap();
    file.close().await.unwrap();
    drop(journal);
    let journal = open(folder.path()).await.unwrap();
    let changes = read_journal(&journal, |tx| tx.changes(0, 10)).await;
    assert!(changes[1].recorded.fact.traceparent.as_ref().is_some_and(|trace| trace.len() > 64 * 1024));
    append(&journal, vec![draft(25)]).await.unwrap();
}
