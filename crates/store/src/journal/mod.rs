//! `journal.db`: facts as first written, what contexts project from them, and this terminal's records.

mod chain;
mod parts;
mod reading;
mod store_id;
mod tx;
mod writing;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use async_trait::async_trait;
use nosmoke_ports::{Clock, Journal, Pace, Priority, ReadUnit, StoreError, Unit, Written};
use uuid::Uuid;

use crate::folder::Folder;
use crate::migrate::{self, Precaution, migrate};
use crate::open::{Database, Durability};
use crate::pool::{Pool, join, joined, lent, spawn};
use crate::raw::Raw;
use crate::staged;
use chain::{tally, verify};
use tx::begin_reading;
use writing::pace::Turn;
use writing::queue::Queue;
use writing::wal::Mover;
use writing::writer::Commits;

pub use chain::verify::{Broken, ChainBlock, ChainCursor, Flaw, Head};
pub(crate) use chain::verify::{count_facts, heads, verify_all};
pub use reading::ReadingJournal;
pub(crate) use store_id::STORE_ID;
pub use writing::writer::Writer;

/// Connections that read at the same time.
const READERS: usize = 4;

/// The journal on SQLite. Dropping it, or [`SqliteJournal::close`], ends its threads after what waits; they hold the
/// folder's lock until then.
pub struct SqliteJournal {
    queue: Arc<Queue>,
    mover: Arc<Mover>,
    writer_thread: Mutex<Option<JoinHandle<()>>>,
    mover_thread: Mutex<Option<JoinHandle<()>>>,
    readers: Pool,
    clock: Arc<dyn Clock>,
    commits: Commits,
    database: Database,
    store_id: Uuid,
}

impl std::fmt::Debug for SqliteJournal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteJournal").field("database", &self.database).finish_non_exhaustive()
    }
}

impl SqliteJournal {
    /// Opens the folder's journal, made where it is missing, and brings it to the newest schema. A restore that a crash
    /// interrupted is finished first.
    ///
    /// # Errors
    /// `Newer`, `EngineTooOld`, `Corrupt`, `DiskFull`, `Failed`.
    pub async fn open(folder: Arc<Folder>, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        staged::finish(&folder)?;
        let database = Database::at(&folder.journal(), Durability::Full)?;
        let mut writing = database.connect_to_write().await?;
        migrate(&database, &mut writing, migrate::JOURNAL, Precaution::Copy).await?;
        let (mut writing, counted) = lent(writing, tally::complete).await?;
        counted?;
        let store_id = store_id::ensure(&mut writing).await?;
        let readers = Pool::default();
        for _ in 0..READERS {
            readers.add("journal reader", folder.clone(), database.connect_to_read().await?)?;
        }
        let (queue, commits, mover) = (Arc::<Queue>::default(), Commits::default(), Arc::<Mover>::default());
        let write = {
            let (waiting, counted, now, mover) = (queue.clone(), commits.clone(), clock.clone(), mover.clone());
            move |mut raw: Raw<'_>| {
                if let Err(error) = Mover::relieve(&mut raw) {
                    tracing::warn!(%error, "the writer moves the write-ahead log itself");
                }
                Writer::new(raw, now, counted, mover).run(&waiting);
            }
        };
        let writer = spawn("journal writer", folder.clone(), writing, write)?;
        let moves = mover.clone();
        let moving = database.connect_to_write().await?;
        let mover_thread = spawn("journal mover", folder.clone(), moving, move |mut raw| moves.run(&mut raw))?;
        let (writer_thread, mover_thread) = (Mutex::new(Some(writer)), Mutex::new(Some(mover_thread)));
        Ok(Self { queue, mover, writer_thread, mover_thread, readers, clock, commits, database, store_id })
    }

    /// Names this journal's content; made with the file.
    pub const fn store_id(&self) -> Uuid {
        self.store_id
    }

    /// Transactions that recorded something, since the journal was opened: several commands may share one.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// # Errors
    /// The store's.
    pub async fn count_facts(&self) -> Result<u64, StoreError> {
        self.readers.run(count_facts).await
    }

    /// Checks a block of the hash chains, `facts` at most: small blocks keep the readers free for others.
    ///
    /// # Errors
    /// The store's. What is wrong with the chains is no error but in the block.
    pub async fn verify_chain(&self, from: Option<ChainCursor>, facts: usize) -> Result<ChainBlock, StoreError> {
        self.readers.run(move |raw| verify::block(raw, from, facts)).await
    }

    /// Ends after what waits; every later unit is `Closed`. The files are closed then, and the folder is free.
    pub async fn close(&self) {
        joined(self.stop()).await;
        joined(self.stop_moving()).await;
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// Stops all but the mover, whose connection is then the last one: that which closes last moves the write-ahead log
    /// into the file, and of several that close at once each may take another for the last.
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
    thread.lock().unwrap_or_else(PoisonError::into_inner).take()
}

#[async_trait]
impl Journal for SqliteJournal {
    async fn write_unit(&self, priority: Priority, unit: Unit) -> Result<Option<Written>, StoreError> {
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
        self.readers.run(move |raw| begin_reading(raw, unit, &*clock)).await
    }
}
