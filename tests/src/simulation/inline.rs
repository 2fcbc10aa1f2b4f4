//! A journal without a writer thread: every unit of work runs at once on the calling thread.

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use nosmoke_ports::{Clock, Journal, Priority, ReadUnit, StoreError, WriteUnit, Written};
use nosmoke_store::Writer;
use parking_lot::{MappedMutexGuard, Mutex, MutexGuard};

/// Writes the same file as the program's own journal, but without syncs. Between two units of work the file is
/// consistent: a copy of the file is a valid journal, and dropping this value imitates a crash of the process.
#[derive(Debug)]
pub(super) struct InlineJournal {
    /// `None` once closed.
    writer: Mutex<Option<Writer>>,
}

impl InlineJournal {
    /// Opens a journal's file, creates it if missing, and migrates it to the newest schema.
    pub(super) async fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        Ok(Self { writer: Mutex::new(Some(Writer::open_unsynced(path, clock).await?)) })
    }

    /// Closes the file, so that it can be opened again while parts of the crashed terminal still hold this journal.
    pub(super) fn close(&self) {
        *self.writer.lock() = None;
    }

    fn lock(&self) -> Result<MappedMutexGuard<'_, Writer>, StoreError> {
        MutexGuard::try_map(self.writer.lock(), Option::as_mut).map_err(|_| StoreError::Closed)
    }
}

#[async_trait]
impl Journal for InlineJournal {
    async fn write_unit(&self, _: Priority, mut unit: WriteUnit) -> Result<Option<Written>, StoreError> {
        self.lock()?.write_unit(&mut unit)
    }

    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError> {
        self.lock()?.read_unit(unit)
    }
}
