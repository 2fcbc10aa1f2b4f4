//! `journal.db`: facts as first written, projections of facts, documents, and data of this terminal alone.

mod chain;
mod parts;
mod reading;
mod search_form;
mod store_id;
mod tx;
mod writing;

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::Instant;

use async_trait::async_trait;
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{Clock, Journal, Pace, Priority, ReadUnit, StoreError, WriteUnit, Written};
use parking_lot::Mutex;
use uuid::Uuid;

use crate::erased;
use crate::folder::Folder;
use crate::journal_key;
use crate::migrate::{self, Precaution, open_migrated};
use crate::open::{Database, Durability};
use crate::pool::{Pool, blocking, join, joined, spawn};
use crate::sqlite::Connection;
use crate::staged;
use chain::{totals, verify};
use tx::begin_reading;
use writing::pace::Turn;
use writing::queue::Queue;
use writing::synced::Synced;
use writing::wal::WalMover;
use writing::writer::Commits;

pub use chain::verify::{Broken, ChainBlock, ChainCursor, Flaw, Head};
pub(crate) use chain::verify::{count_facts, heads, verify_all};
pub use reading::ReadingJournal;
pub(crate) use store_id::STORE_ID;
pub use writing::writer::Writer;

/// Number of connections for concurrent reads.
const READERS: usize = 4;

/// The journal on SQLite. Its threads hold the folder's lock. Dropping the journal, or [`SqliteJournal::close`],
/// finishes queued work and ends the threads.
pub struct SqliteJournal {
    queue: Arc<Queue>,
    mover: Arc<WalMover>,
    writer_thread: Mutex<Option<JoinHandle<()>>>,
    mover_thread: Mutex<Option<JoinHandle<()>>>,
    readers: Pool,
    clock: Arc<dyn Clock>,
    commits: Commits,
    database: Database,
    store_id: Uuid,
    brought_back: Vec<CustomerId>,
}

impl std::fmt::Debug for SqliteJournal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteJournal").field("database", &self.database).finish_non_exhaustive()
    }
}

impl SqliteJournal {
    /// Opens the folder's journal, created if it is missing, and migrates it to the newest schema. Before that, it
    /// completes a restore that a crash interrupted.
    ///
    /// # Errors
    /// `Newer`, `EngineTooOld`, `Corrupt`, `DiskFull`, `Failed`.
    pub async fn open(folder: Arc<Folder>, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        staged::finish(&folder).await?;
        let database = Database::at(&folder.journal(), Durability::Full)?;
        let mut db = open_migrated(&database, migrate::JOURNAL, Precaution::Copy).await?;
        let (opening, path) = (database.clone(), folder.path().to_owned());
        let (db, mut moving, store_id, reading, brought_back) = blocking(move || {
            if let Err(error) = WalMover::limit_autocheckpoint(&mut db) {
                tracing::warn!(%error, "the writer runs checkpoints itself");
            }
            journal_key::move_out(&path, &mut db)?;
            totals::backfill(&mut db)?;
            search_form::ensure(&mut db)?;
            let store_id = store_id::ensure(&mut db)?;
            let brought_back = erased::keep(&path, &mut db)?;
            let reading = (0..READERS).map(|_| opening.open_to_read()).collect::<Result<Vec<_>, _>>()?;
            Ok((db, opening.open_to_write()?, store_id, reading, brought_back))
        })
        .await?;
        let readers = Pool::default();
        for connection in reading {
            readers.add("journal reader", folder.clone(), connection)?;
        }
        let (queue, commits, mover) = (Arc::<Queue>::default(), Commits::default(), Arc::<WalMover>::default());
        let mut writer = Writer::new(db, Synced::Yes, clock.clone(), commits.clone(), mover.clone());
        let (jobs, moves) = (queue.clone(), mover.clone());
        let writer = spawn("journal writer", folder.clone(), move || writer.run(&jobs))?;
        let path = folder.path().to_owned();
        let after_erasure = move |db: &mut Connection| {
            if let Err(error) = erased::keep(&path, db).and_then(|_| erased::leave_the_copies(&path)) {
                tracing::warn!(%error, "the erased customers can't be kept outside the journal");
            }
        };
        let mover_thread = spawn("journal mover", folder.clone(), move || moves.run(&mut moving, after_erasure))?;
        let (writer_thread, mover_thread) = (Mutex::new(Some(writer)), Mutex::new(Some(mover_thread)));
        Ok(Self {
            queue,
            mover,
            writer_thread,
            mover_thread,
            readers,
            clock,
            commits,
            database,
            store_id,
            brought_back,
        })
    }

    /// Identifies this journal's content; created with the file.
    pub const fn store_id(&self) -> Uuid {
        self.store_id
    }

    /// The customers who were erased in this folder, and whom a backup from before that has brought back.
    pub fn brought_back(&self) -> &[CustomerId] {
        &self.brought_back
    }

    /// Counts the transactions that recorded something since the journal was opened; several commands may share one.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// # Errors
    /// An error of the store.
    pub async fn count_facts(&self) -> Result<u64, StoreError> {
        self.readers.run(count_facts).await
    }

    /// Verifies the next block of the hash chains, at most `facts` facts. A small block uses a reader's connection only
    /// briefly.
    ///
    /// # Errors
    /// An error of the store. A chain's flaws aren't errors: they are in the returned block.
    pub async fn verify_chain(&self, from: Option<ChainCursor>, facts: usize) -> Result<ChainBlock, StoreError> {
        self.readers.run(move |db| verify::block(db, from, facts)).await
    }

    /// Finishes queued units, then closes the files and unlocks the folder. Later units fail with `Closed`.
    pub async fn close(&self) {
        joined(self.stop()).await;
        joined(self.stop_moving()).await;
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// Stops all threads but the mover's, so that its connection is closed last. Closing the last connection moves the
    /// write-ahead log into the file, and if several close at once, none may notice that it is the last.
    fn stop(&self) -> Vec<JoinHandle<()>> {
        self.queue.close();
        let mut threads = self.readers.stop();
        threads.extend(taken(&self.writer_thread));
        threads
    }

    fn stop_moving(&self) -> Vec<JoinHandle<()>> {
        self.mover.close();
        taken(&self.mover_thread).into_iter().collect()
    }
}

impl Drop for SqliteJournal {
    fn drop(&mut self) {
        join(self.stop());
        join(self.stop_moving());
    }
}

fn taken(thread: &Mutex<Option<JoinHandle<()>>>) -> Option<JoinHandle<()>> {
    thread.lock().take()
}

#[async_trait]
impl Journal for SqliteJournal {
    async fn write_unit(&self, priority: Priority, unit: WriteUnit) -> Result<Option<Written>, StoreError> {
        self.queue.add(priority, unit)?.await.unwrap_or(Err(StoreError::Closed))
    }

    async fn turn(&self) -> Pace {
        let began = Instant::now();
        loop {
            match self.queue.turn(began, Instant::now()) {
                Turn::Now(pace) => return pace,
                Turn::In(pause) => tokio::time::sleep(pause).await,
            }
        }
    }

    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError> {
        let clock = self.clock.clone();
        self.readers.run(move |db| begin_reading(db, unit, &*clock)).await
    }
}
