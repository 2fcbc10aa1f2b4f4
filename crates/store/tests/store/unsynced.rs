//! Tests of the simulator's writer, which runs on the calling thread.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use nosmoke_domain::ids::EventId;
use nosmoke_ports::{
    Change, Context, Document, DocumentKey, Extent, Journal, PendingFact, PendingTotals, Priority, Profile, ReadUnit,
    Saved, SearchKeys, StoreError, Worker, Write, WriteUnit, Written,
};
use nosmoke_store::Writer;
use parking_lot::Mutex;

use crate::support::{
    FixedClock, about, append, at, chain, customer, draft, id, journal, origin, other, read_journal, run,
};

/// A journal without threads and without a queue.
#[derive(Debug)]
struct Inline(Mutex<Writer>);

#[async_trait]
impl Journal for Inline {
    async fn write_unit(&self, _: Priority, mut unit: WriteUnit) -> Result<Option<Written>, StoreError> {
        self.0.lock().write_unit(&mut unit)
    }

    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError> {
        self.0.lock().read_unit(unit)
    }
}

async fn inline(path: &Path) -> Inline {
    Inline(Mutex::new(Writer::open_unsynced(path, Arc::new(FixedClock)).await.unwrap()))
}

type Step = fn(&mut dyn Write) -> Result<u64, StoreError>;

#[expect(clippy::panic, reason = "the test needs a panic")]
fn fault() -> Result<u64, StoreError> {
    panic!("a bug in a unit")
}

/// Units of work that are kept, are abandoned, fail, or panic.
const STEPS: [Step; 8] = [
    |tx| Ok(tx.append(vec![draft(1), about(2, 1, 1)])?.len() as u64),
    |tx| tx.receive(&chain(other(20), (11..=14).map(draft))[1..]).map(|received| received.added),
    |tx| {
        tx.append(vec![draft(3)])?;
        Err(StoreError::Failed("abandoned".into()))
    },
    |tx| {
        tx.receive(&chain(other(20), (11..=14).map(draft)))?;
        tx.put_snapshot(Context::Point, customer(1), &Saved { change_seq: 2, state: b"{}".to_vec() })?;
        tx.put_checkpoint(Worker::Giving, 2)?;
        Ok(0)
    },
    |tx| {
        tx.append(vec![draft(4)])?;
        fault()
    },
    |tx| {
        let profile = Profile {
            customer_id: customer(7),
            revision: 1,
            event_id: EventId(id(1)),
            base_revision: 0,
            bases: Vec::new(),
            name: Some("김민수".into()),
            phone: None,
            card: None,
            registered_at: at(0),
            consent_on: None,
            erased: false,
        };
        tx.put_profile(&profile, &SearchKeys::default())?;
        tx.receive_document(&Document::Erased(customer(1)))?;
        tx.mark_pending_between(other(20).incarnation, 2, None)?;
        Ok(0)
    },
    |tx| {
        // The second origin fails. The unit ignores that and returns success, but isn't kept.
        let _ = tx.put_origin(origin(10));
        let _ = tx.append(vec![draft(5)]);
        Ok(0)
    },
    |tx| Ok(tx.append(vec![draft(6)])?.len() as u64),
];

type State = (Vec<Change>, Extent, Vec<PendingFact>, Vec<PendingFact>, PendingTotals, Vec<DocumentKey>, i64);

async fn state(journal: &dyn Journal) -> State {
    read_journal(journal, |tx| {
        Ok((
            tx.changes(0, 100)?,
            tx.extent()?,
            tx.pending_facts(true, 0, 100)?,
            tx.pending_facts(false, 0, 100)?,
            tx.pending_totals()?,
            tx.pending_documents(100)?,
            tx.checkpoint(Worker::Giving)?,
        ))
    })
    .await
}

#[tokio::test]
async fn it_gives_the_same_answers_and_state_as_the_threaded_journal() {
    let (_folder, threaded) = journal().await;
    let folder = tempfile::tempdir().unwrap();
    let single = inline(&folder.path().join("a.db")).await;
    run(&single, |tx| tx.put_origin(origin(10))).await.unwrap();
    for step in STEPS {
        let answers = (run(&threaded, step).await, run(&single, step).await);
        assert_eq!(answers.0, answers.1);
        assert_eq!(state(&single).await, state(&threaded).await);
    }
    assert_eq!(state(&single).await.1.facts, 7);
}

#[tokio::test]
async fn a_copied_file_is_a_valid_journal_and_dropping_the_writer_is_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("a.db"), folder.path().join("b.db"));
    let first = inline(&path).await;
    run(&first, |tx| tx.put_origin(origin(10))).await.unwrap();
    append(&first, vec![draft(1), draft(2)]).await.unwrap();
    std::fs::copy(&path, &copy).unwrap();
    let clone = inline(&copy).await;
    assert_eq!(state(&clone).await, state(&first).await);
    append(&first, vec![draft(3)]).await.unwrap();
    append(&clone, vec![draft(4)]).await.unwrap();
    let before = state(&first).await;
    drop(first);
    let again = inline(&path).await;
    assert_eq!(state(&again).await, before);
    assert_eq!(append(&again, vec![draft(5)]).await.unwrap()[0].seq, 4);
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 2, "no -wal, -shm or -journal");
}

#[tokio::test]
async fn after_a_read_that_panics_the_writer_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let journal = inline(&folder.path().join("a.db")).await;
    let panicked = journal.read_unit(Box::new(|_| panic!("a bug in a unit"))).await;
    assert!(matches!(panicked, Err(StoreError::Panicked(said)) if said.contains("a bug in a unit")));
    run(&journal, |tx| tx.put_origin(origin(10))).await.unwrap();
    assert_eq!(append(&journal, vec![draft(1)]).await.unwrap().len(), 1);
}
