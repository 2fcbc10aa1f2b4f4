//! `journal.db`: facts as first written, what contexts project from them, and this terminal's records.

mod chain;
mod facts;
mod profiles;
mod projections;
mod queue;
mod readers;
mod records;
mod tx;
mod verify;
mod writer;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use async_trait::async_trait;
use nosmoke_application::ports::{Clock, Journal, Priority, ReadUnit, StoreError, Unit, Written};
use sqlx::sqlite::SqliteConnection;
use uuid::Uuid;

use crate::backup::{self, BackupError};
use crate::error::{corrupt, from_sqlx};
use crate::folder::Folder;
use crate::migrate::{self, Precaution, close, count_rows, migrate};
use crate::open::{Database, Durability};
use crate::raw::Raw;
use queue::Queue;
use readers::Readers;
use writer::{Commits, Writer};

pub use verify::{Broken, ChainBlock, ChainCursor, Flaw};
pub(crate) use verify::{heads, verify_file};

/// Connections that read at the same time.
const READERS: usize = 4;
/// The setting that names a journal's content.
pub(crate) const STORE_ID: &str = "store_id";

/// The journal on SQLite. Dropping it, or [`SqliteJournal::close`], ends its threads after what waits; they hold the
/// folder's lock until then.
pub struct SqliteJournal {
    queue: Arc<Queue>,
    readers: Arc<Readers>,
    threads: Mutex<Vec<JoinHandle<()>>>,
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
        backup::finish(&folder).map_err(|error| match error {
            BackupError::Store(error) => error,
            other => StoreError::Failed(other.to_string()),
        })?;
        let database = Database::at(&folder.journal(), Durability::Full)?;
        let mut writing = database.connect_to_write().await?;
        migrate(&database, &mut writing, migrate::JOURNAL, Precaution::Copy).await?;
        let store_id = store_id(&mut writing).await?;
        let mut reading = Vec::with_capacity(READERS);
        for _ in 0..READERS {
            reading.push(database.connect_to_read().await?);
        }
        let journal = Self {
            queue: Arc::default(),
            readers: Arc::default(),
            threads: Mutex::default(),
            commits: Arc::new(AtomicU64::new(0)),
            database,
            store_id,
        };
        let (queue, commits, writers_clock) = (journal.queue.clone(), journal.commits.clone(), clock.clone());
        journal.spawn("journal writer", &folder, writing, move |raw| {
            Writer::new(raw, writers_clock, commits).run(&queue)
        })?;
        for connection in reading {
            let (readers, clock) = (journal.readers.clone(), clock.clone());
            journal.spawn("journal reader", &folder, connection, move |mut raw| readers.serve(&mut raw, &*clock))?;
        }
        Ok(journal)
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
        let mut connection = self.database.connect_to_read().await?;
        let count = count_rows(&mut connection, "fact").await?;
        close(connection).await?;
        u64::try_from(count).map_err(corrupt)
    }

    /// Checks a block of the hash chains, `facts` at most: small blocks keep the readers free for others.
    ///
    /// # Errors
    /// The store's. What is wrong with the chains is no error but in the block.
    pub async fn verify_chain(&self, from: Option<ChainCursor>, facts: usize) -> Result<ChainBlock, StoreError> {
        let mut connection = self.database.connect_to_read().await?;
        let block = verify::block(&mut connection, from, facts).await?;
        close(connection).await?;
        Ok(block)
    }

    /// Ends after what waits; every later unit is `Closed`. The files are closed then.
    ///
    /// # Errors
    /// `Failed` when a thread had panicked.
    pub async fn close(&self) -> Result<(), StoreError> {
        let threads = self.stop();
        let joined = tokio::task::spawn_blocking(|| threads.into_iter().try_for_each(JoinHandle::join)).await;
        if matches!(joined, Ok(Ok(()))) { Ok(()) } else { Err(StoreError::Failed("a thread panicked".into())) }
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    fn stop(&self) -> Vec<JoinHandle<()>> {
        self.queue.close();
        self.readers.close();
        std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Gives a connection a thread of its own.
    fn spawn(
        &self,
        name: &str,
        folder: &Arc<Folder>,
        mut connection: SqliteConnection,
        work: impl FnOnce(Raw<'_>) + Send + 'static,
    ) -> Result<(), StoreError> {
        let failed = |error: std::io::Error| StoreError::Failed(error.to_string());
        let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(failed)?;
        let folder = folder.clone();
        let body = move || {
            match runtime.block_on(connection.lock_handle()) {
                Ok(handle) => work(Raw::new(handle)),
                Err(error) => tracing::error!(%error, "a connection was lost"),
            }
            if let Err(error) = runtime.block_on(close(connection)) {
                tracing::error!(%error, "a connection didn't close");
            }
            drop(folder);
        };
        let thread = thread::Builder::new().name(name.to_owned()).spawn(body).map_err(failed)?;
        self.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        Ok(())
    }
}

impl Drop for SqliteJournal {
    fn drop(&mut self) {
        for thread in self.stop() {
            // The last reference may go with a unit, on one of these threads.
            if thread.thread().id() != thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}

#[async_trait]
impl Journal for SqliteJournal {
    async fn write_unit(&self, priority: Priority, unit: Unit) -> Result<Option<Written>, StoreError> {
        self.queue.add(priority, unit)?.await.unwrap_or(Err(StoreError::Closed))
    }

    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError> {
        self.readers.add(unit)?.await.unwrap_or(Err(StoreError::Closed))
    }
}

async fn store_id(connection: &mut SqliteConnection) -> Result<Uuid, StoreError> {
    sqlx::query("INSERT INTO setting (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING")
        .bind(STORE_ID)
        .bind(serde_json::Value::from(Uuid::new_v4().to_string()).to_string())
        .execute(&mut *connection)
        .await
        .map_err(|error| from_sqlx(&error))?;
    let json: String = sqlx::query_scalar("SELECT value FROM setting WHERE key = ?")
        .bind(STORE_ID)
        .fetch_one(connection)
        .await
        .map_err(|error| from_sqlx(&error))?;
    serde_json::from_str(&json).map_err(corrupt)
}
