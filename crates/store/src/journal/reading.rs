//! A journal that another process may have open, to read it only.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use nosmoke_ports::{Clock, Journal, Priority, ReadUnit, StoreError, Unit, Written};
use uuid::Uuid;

use super::chain::verify::{self, ChainBlock, ChainCursor};
use super::store_id;
use super::tx::begin_reading;
use crate::check::integrity;
use crate::migrate::{self, connect_to_read};
use crate::pool::{Pool, joined};

const READERS: usize = 2;

/// Takes no lock, makes no file and refuses every writing unit. What it reads is one state of the journal, whatever the
/// writer does meanwhile.
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
            readers.add("journal reader", (), connect_to_read(path, migrate::JOURNAL).await?)?;
        }
        let store_id = readers.run(store_id::read).await?;
        Ok(Self { readers, clock, path: path.to_owned(), store_id })
    }

    pub(crate) const fn store_id(&self) -> Uuid {
        self.store_id
    }

    /// Reads every page and index of the file.
    ///
    /// # Errors
    /// `Corrupt` with what was found first.
    pub async fn check_file(&self) -> Result<(), StoreError> {
        integrity(&self.path, || true).await
    }

    /// Checks a block of the hash chains, `facts` at most.
    ///
    /// # Errors
    /// The store's. What is wrong with the chains is no error but in the block.
    pub async fn verify_chain(&self, from: Option<ChainCursor>, facts: usize) -> Result<ChainBlock, StoreError> {
        self.readers.run(move |raw| verify::block(raw, from, facts)).await
    }

    pub(crate) async fn close(&self) {
        joined(self.readers.stop()).await;
    }
}

#[async_trait]
impl Journal for ReadingJournal {
    async fn write_unit(&self, _: Priority, _: Unit) -> Result<Option<Written>, StoreError> {
        Err(StoreError::Closed)
    }

    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError> {
        let clock = self.clock.clone();
        self.readers.run(move |raw| begin_reading(raw, unit, &*clock)).await
    }
}
