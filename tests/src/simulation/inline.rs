//! A journal without a thread of its own: every unit runs at once on the thread that asks, one after the other.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use nosmoke_ports::{Clock, Journal, Priority, ReadUnit, StoreError, Unit, Written};
use nosmoke_store::Writer;

/// The same facts and projections as the program's own journal, but what is answered survives nothing but the process.
/// Between two units the file is whole, so that a copy of it is another terminal's journal, and dropping this is a crash.
#[derive(Debug)]
pub(super) struct InlineJournal {
    writer: Mutex<Writer<'static>>,
}

impl InlineJournal {
    /// Opens a journal's file, made where it is missing, and brings it to the newest schema.
    pub(super) async fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        Ok(Self { writer: Mutex::new(Writer::open_unsynced(path, clock).await?) })
    }

    fn lock(&self) -> MutexGuard<'_, Writer<'static>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Journal for InlineJournal {
    async fn write_unit(&self, _: Priority, mut unit: Unit) -> Result<Option<Written>, StoreError> {
        self.lock().write_unit(&mut unit)
    }

    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError> {
        self.lock().read_unit(unit)
    }
}
