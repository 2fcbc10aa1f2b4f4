//! The writer on the caller's own thread.

use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use nosmoke_domain::ids::EventId;
use nosmoke_ports::{
    Change, Context, Extent, Journal, PendingFact, PendingTotals, Priority, Profile, ReadUnit, Record, RecordKey,
    Saved, SearchKeys, StoreError, Unit, Worker, Write, Written,
};
use nosmoke_store::Writer;

use crate::support::{FixedClock, about, append, at, chain, customer, draft, id, journal, look, origin, other, run};

/// A journal of nothing but the writer.
#[derive(Debug)]
struct Alone(Mutex<Writer<'static>>);

#[async_trait]
impl Journal for Alone {
    async fn write_unit(&self, _: Priority, mut unit: Unit) -> Result<Option<Written>, StoreError> {
        self.0.lock().unwrap().write_unit(&mut unit)
    }

    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError> {
        self.0.lock().unwrap().read_unit(unit)
    }
}

async fn alone(path: &Path) -> Alone {
    Alone(Mutex::new(Writer::open_unsynced(path, Arc::new(FixedClock)).await.unwrap()))
}

type Step = fn(&mut dyn Write) -> Result<u64, StoreError>;

#[expect(clippy::panic, reason = "it is what is tested")]
fn fault() -> Result<u64, StoreError> {
    panic!("a fault in a unit")
}

/// Units that are kept, give up, fail, and panic.
const STEPS: [Step; 8] = [
    |tx| Ok(tx.append(vec![draft(1), about(2, 1, 1)])?.len() as u64),
    |tx| tx.receive(&chain(other(20), (11..=14).map(draft))[1..]).map(|received| received.added),
    |tx| {
        tx.append(vec![draft(3)])?;
        Err(StoreError::Failed("given up".into()))
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
            name: Some("김민수".into()),
            phone: None,
            card: None,
            registered_at: at(0),
            erased: false,
        };
        tx.put_profile(&profile, &SearchKeys::default())?;
        tx.receive_record(&Record::Erased(customer(1)))?;
        tx.mark_pending_after(other(20).incarnation, 2)?;
        Ok(0)
    },
    |tx| {
        // The second origin fails; a unit that goes on as if nothing had happened isn't kept.
        let _ = tx.put_origin(origin(10));
        let _ = tx.append(vec![draft(5)]);
        Ok(0)
    },
    |tx| Ok(tx.append(vec![draft(6)])?.len() as u64),
];

type State = (Vec<Change>, Extent, Vec<PendingFact>, Vec<PendingFact>, PendingTotals, Vec<RecordKey>, i64);

async fn state(journal: &dyn Journal) -> State {
    look(journal, |tx| {
        Ok((
            tx.changes(0, 100)?,
            tx.extent()?,
            tx.pending_facts(true, 0, 100)?,
            tx.pending_facts(false, 0, 100)?,
            tx.pending_totals()?,
            tx.pending_records(100)?,
            tx.checkpoint(Worker::Giving)?,
        ))
    })
    .await
}

#[tokio::test]
async fn it_answers_and_keeps_what_the_journal_with_threads_does() {
    let (_folder, threaded) = journal().await;
    let folder = tempfile::tempdir().unwrap();
    let single = alone(&folder.path().join("a.db")).await;
    run(&single, |tx| tx.put_origin(origin(10))).await.unwrap();
    for step in STEPS {
        let answers = (run(&threaded, step).await, run(&single, step).await);
        assert_eq!(answers.0, answers.1);
        assert_eq!(state(&single).await, state(&threaded).await);
    }
    assert_eq!(state(&single).await.1.facts, 7);
}

#[tokio::test]
async fn a_copy_of_its_file_is_another_terminals_and_dropping_it_is_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let (path, copy) = (folder.path().join("a.db"), folder.path().join("b.db"));
    let first = alone(&path).await;
    run(&first, |tx| tx.put_origin(origin(10))).await.unwrap();
    append(&first, vec![draft(1), draft(2)]).await.unwrap();
    std::fs::copy(&path, &copy).unwrap();
    let clone = alone(&copy).await;
    assert_eq!(state(&clone).await, state(&first).await);
    append(&first, vec![draft(3)]).await.unwrap();
    append(&clone, vec![draft(4)]).await.unwrap();
    let before = state(&first).await;
    drop(first);
    let again = alone(&path).await;
    assert_eq!(state(&again).await, before);
    assert_eq!(append(&again, vec![draft(5)]).await.unwrap()[0].seq, 4);
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, 2, "nothing stands beside them");
}

#[tokio::test]
async fn a_read_that_panics_harms_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let journal = alone(&folder.path().join("a.db")).await;
    let panicked = journal.read_unit(Box::new(|_| panic!("a fault in a unit"))).await;
    assert!(matches!(panicked, Err(StoreError::Panicked(said)) if said.contains("a fault in a unit")));
    run(&journal, |tx| tx.put_origin(origin(10))).await.unwrap();
    assert_eq!(append(&journal, vec![draft(1)]).await.unwrap().len(), 1);
}
