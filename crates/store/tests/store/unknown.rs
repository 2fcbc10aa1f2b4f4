use std::path::Path;
use std::sync::Arc;

use nosmoke_domain::fact::{
    Draft, FactType, Novelty, Paid, Payload, PaymentVoided, Sealed, chain_hash, decode, decode_kept,
};
use nosmoke_domain::ids::{DeductionId, PaymentId};
use nosmoke_domain::lots::Lots;
use nosmoke_domain::points::Points;
use nosmoke_domain::words::VoidReason;
use nosmoke_ports::mypage_source::JournalSource;
use nosmoke_ports::{Change, Context, MypageSource, PendingTotals, ProjectionBatch, Saved, Worker};
use nosmoke_store::Store;
use sqlx::{Connection, SqliteConnection};

use crate::support::{
    FixedClock, about, append, chain, customer, file, id, journal, open, origin, other, read_journal, receive, run,
};

async fn store(folder: &Path) -> Store {
    Store::open(folder, Arc::new(FixedClock)).await.unwrap()
}

/// Facts of customers 7 and 8, with a payment that is voided.
fn drafts() -> Vec<Draft> {
    let paid = Paid::new(PaymentId(id(60)), DeductionId(id(61)), Lots::never(Points::new(100).unwrap()), None);
    let voided = PaymentVoided { payment_id: PaymentId(id(60)), reason: VoidReason::MISTAKEN };
    vec![
        about(1, 1, 7),
        Draft { payload: paid.into(), ..about(2, 2, 7) },
        about(3, 3, 8),
        Draft { payload: voided.into(), ..about(4, 4, 7) },
    ]
}

/// Changes the rows to those of a program that doesn't know payments.
async fn forget_payments(folder: &Path) {
    let mut file = file(folder).await;
    for sql in [
        "UPDATE fact SET subject = NULL, related = NULL WHERE type = 'Paid'",
        "UPDATE fact SET novelty = 0 WHERE type = 'PaymentVoided'",
        "INSERT INTO not_understood (change_seq) SELECT change_seq FROM fact WHERE type = 'Paid'",
    ] {
        sqlx::query(sql).execute(&mut file).await.unwrap();
    }
    file.close().await.unwrap();
}

async fn unknown_facts(folder: &Path) -> i64 {
    let mut file: SqliteConnection = file(folder).await;
    sqlx::query_scalar("SELECT count(*) FROM not_understood").fetch_one(&mut file).await.unwrap()
}

#[tokio::test]
async fn facts_of_an_unknown_type_are_projected_once_the_type_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let before = store(folder.path()).await;
    let all = [Worker::CheckIn, Worker::Point, Worker::Earning, Worker::Penalty, Worker::Giving, Worker::HandingOver];
    run(&*before.journal(), move |tx| {
        tx.put_origin(origin(10))?;
        tx.append(drafts())?;
        for of in [7, 8] {
            let saved = Saved { change_seq: 4, state: br#"{"not_understood":1}"#.to_vec() };
            tx.put_snapshot(Context::Point, customer(of), &saved)?;
            tx.put_snapshot(Context::CheckIn, customer(of), &saved)?;
        }
        all.iter().try_for_each(|worker| tx.put_checkpoint(*worker, 4))?;
        tx.put_checkpoint(Worker::Earning, 0)
    })
    .await
    .unwrap();
    let followed = |after| ProjectionBatch { after, checkpoint: 4, ..ProjectionBatch::default() };
    before.mypage().apply(followed(0)).await.unwrap();
    before.close().await;
    drop(before);
    forget_payments(folder.path()).await;

    let now = store(folder.path()).await;
    let journal = now.journal();
    let found = read_journal(&*journal, |tx| tx.facts_about(&[id(60)].into())).await;
    assert_eq!(found.iter().map(|change| change.change_seq).collect::<Vec<_>>(), [2, 4]);
    let novelty: Vec<_> = found.iter().map(|change| change.recorded.novelty).collect();
    assert_eq!(novelty, [Novelty::New, Novelty::Repeats]);
    for context in [Context::Point, Context::CheckIn] {
        let of_7 = read_journal(&*journal, move |tx| tx.snapshot(context, customer(7))).await;
        let of_8 = read_journal(&*journal, move |tx| tx.snapshot(context, customer(8))).await;
        assert_eq!((of_7, of_8.is_some()), (None, true));
    }
    for worker in all {
        let expected = if worker == Worker::Earning { 0 } else { 1 };
        assert_eq!(read_journal(&*journal, move |tx| tx.checkpoint(worker)).await, expected, "{worker:?}");
    }
    assert_eq!(now.mypage().checkpoint().await, Ok(1));
    // A Mypage store on a server notices the change by the generation, when it is next connected.
    assert_eq!(JournalSource(now.journal()).claim().await.unwrap().generation, 1);
    assert_eq!(run(&*journal, |tx| tx.understand()).await, Ok(0));

    // Another start changes nothing.
    now.mypage().apply(followed(1)).await.unwrap();
    now.close().await;
    drop((now, journal));
    assert_eq!(unknown_facts(folder.path()).await, 0);
    let last = store(folder.path()).await;
    assert_eq!(last.mypage().checkpoint().await, Ok(4));
    assert_eq!(JournalSource(last.journal()).claim().await.unwrap().generation, 1);
}

#[tokio::test]
async fn mypage_is_set_back_even_if_the_start_that_understood_was_interrupted() {
    let folder = tempfile::tempdir().unwrap();
    let before = store(folder.path()).await;
    run(&*before.journal(), |tx| {
        tx.put_origin(origin(10))?;
        tx.append(drafts())
    })
    .await
    .unwrap();
    let followed = ProjectionBatch { checkpoint: 4, ..ProjectionBatch::default() };
    before.mypage().apply(followed).await.unwrap();
    before.close().await;
    drop(before);
    forget_payments(folder.path()).await;
    let interrupted = open(folder.path()).await.unwrap();
    let known = |changes: Vec<Change>| changes[1].recorded.fact.payload.fact_type();
    assert_eq!(known(read_journal(&interrupted, |tx| tx.changes(0, 4)).await), None, "unknown until `understand` ran");
    assert_eq!(run(&interrupted, |tx| tx.understand()).await, Ok(1));
    assert_eq!(known(read_journal(&interrupted, |tx| tx.changes(0, 4)).await), Some(FactType::Paid));
    interrupted.close().await;
    drop(interrupted);
    assert_eq!(store(folder.path()).await.mypage().checkpoint().await, Ok(1));
}

/// A fact of this type whose payload doesn't match the type.
fn unknown(name: &str, event: u128) -> Sealed {
    let payload = Payload::Unknown { name: name.into(), version: 1 };
    let mut sealed = chain(other(20), [Draft { payload, ..about(event, event, 7) }]).remove(0);
    sealed.fact = decode_kept(&sealed.bytes).unwrap();
    sealed
}

#[tokio::test]
async fn a_fact_of_an_unknown_type_is_stored_and_stays_unknown() {
    let (folder, journal) = journal().await;
    let suspended = unknown("Suspended", 1);
    receive(&journal, std::slice::from_ref(&suspended)).await;
    append(&journal, vec![about(2, 2, 7)]).await.unwrap();
    assert_eq!(unknown_facts(folder.path()).await, 1);
    assert_eq!(run(&journal, |tx| tx.understand()).await, Ok(0));
    assert_eq!(unknown_facts(folder.path()).await, 1);
    run(&journal, |tx| tx.mark_all_pending()).await.unwrap();
    let pending = read_journal(&journal, |tx| tx.pending_facts(false, 0, 10)).await.remove(0);
    assert_eq!((pending.fact_type.as_str(), pending.version, pending.bytes), ("Suspended", 1, suspended.bytes));
}

#[tokio::test]
async fn a_fact_that_does_not_match_its_schema_blocks_nothing() {
    let (_folder, journal) = journal().await;
    // A fact as an older program stored it that didn't know payments.
    let mut odd = unknown("Paid", 1);
    odd.fact.payload = Payload::Unknown { name: "Paid".into(), version: 1 };
    assert!(decode(&odd.bytes).is_err());
    assert_eq!(chain_hash(odd.previous, &odd.bytes), odd.hash);
    receive(&journal, &[odd]).await;
    assert_eq!(run(&journal, |tx| tx.understand()).await, Ok(0));
    let changes = read_journal(&journal, |tx| tx.changes(0, 10)).await;
    assert_eq!(changes[0].recorded.fact.payload.fact_type(), None);
    assert_eq!(journal.verify_chain(None, 10).await.unwrap().broken, []);
    run(&journal, |tx| tx.mark_all_pending()).await.unwrap();
    assert_eq!(
        read_journal(&journal, |tx| tx.pending_totals()).await,
        PendingTotals { facts: 1, documents: 0, oldest: Some(1) }
    );
    assert_eq!(read_journal(&journal, |tx| tx.pending_facts(false, 0, 10)).await.len(), 1);
}
