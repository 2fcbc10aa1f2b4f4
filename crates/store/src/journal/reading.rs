//! A journal opened read-only, while another process may have it open.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use nosmoke_ports::{Clock, Journal, Priority, ReadUnit, StoreError, WriteUnit, Written};
use uuid::Uuid;

use super::chain::verify::{self, ChainBlock, ChainCursor};
use super::store_id;
use super::tx::begin_reading;
use crate::check::integrity;
use crate::migrate::{self, open_beside};
use crate::pool::{Pool, blocking, joined};

/// Number of connections for concurrent reads.
const READERS: usize = 2;

/// The journal opened read-only: takes no lock, creates no file and refuses units of work that write. Each reading unit
/// sees one state of the journal, even while the writer continues.
pub struct ReadingJournal {
    readers: Pool,
    clock: Arc<dyn Clock>,
    path: PathBuf,
    store_id: Uuid,
}

impl std::fmt::Debug for ReadingJournal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReadingJournal").field("path", &self.path).finish_non_exhaustive()
    }
}

impl ReadingJournal {
    pub(crate) async fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let readers = Pool::default();
        for _ in 0..READERS {
            let file = path.to_owned();
            let connection = blocking(move || open_beside(&file, migrate::JOURNAL)).await?;
            readers.add("journal reader", (), connection)?;
        }
        let store_id = readers.run(store_id::read).await?;
        Ok(Self { readers, clock, path: path.to_owned(), store_id })
    }

    pub(crate) const fn store_id(&self) -> Uuid {
        self.store_id
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads every page and index of the file, and checks them.
    ///
    /// # Errors
    /// `Corrupt` with the first fault.
    pub async fn check_file(&self) -> Result<(), StoreError> {
        integrity(&self.path, || true).await
    }

    /// Verifies the next block of the hash chains, at most `facts` facts.
    ///
    /// # Errors
    /// An error of the store. A chain's flaws aren't errors: they are in the returned block.
    pub async fn verify_chain(&self, from: Option<ChainCursor>, facts: usize) -> Result<ChainBlock, StoreError> {
        self.readers.run(move |db| verify::block(db, from, facts)).await
    }

    pub(crate) async fn close(&self) {
        joined(self.readers.stop()).await;
    }
}

#[async_trait]
impl Journal for ReadingJournal {
    async fn write_unit(&self, _: Priority, _: WriteUnit) -> Result<Option<Written>, StoreError> {
        Err(StoreError::Closed)
    }

    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError> {
        let clock = self.clock.clone();
        self.readers.run(move |db| begin_reading(db, unit, &*clock)).await
    }
}
