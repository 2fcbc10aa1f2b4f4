//! A journal without a thread of its own: every unit runs at once on the thread that asks, one after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use nosmoke_ports::{Clock, Journal, Priority, ReadUnit, StoreError, Unit, Written};

use super::chain::tally;
use super::tx::begin_reading;
use super::writing::writer::{Commits, Writer};
use crate::migrate::{self, Precaution, migrate};
use crate::open::{Database, Durability, close};
use crate::pool::panicked;
use crate::raw::{Raw, binds};

/// For simulations: the same facts and projections as [`super::SqliteJournal`], but what is answered survives nothing but
/// the process. Between two units the file is whole, so that a copy of it is another terminal's journal, and dropping this
/// is a crash.
pub struct InlineJournal {
    /// `None` once closed.
    writer: Mutex<Option<Writer<'static>>>,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for InlineJournal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InlineJournal").finish_non_exhaustive()
    }
}

impl InlineJournal {
    /// Opens a journal's file, made where it is missing, and brings it to the newest schema.
    ///
    /// # Errors
    /// `Newer`, `EngineTooOld`, `Corrupt`, `DiskFull`, `Failed`.
    pub async fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let database = Database::at(path, Durability::Nothing)?;
        let mut connection = database.connect_to_write().await?;
        let migrated = migrate(&database, &mut connection, migrate::JOURNAL, Precaution::None).await;
        close(connection).await?;
        migrated?;
        let mut raw = Raw::open(path)?;
        raw.row("PRAGMA journal_mode = MEMORY", binds![], |_| Ok(()))?;
        for setting in ["PRAGMA synchronous = OFF", "PRAGMA foreign_keys = ON", "PRAGMA temp_store = MEMORY"] {
            raw.execute(setting, binds![])?;
        }
        tally::complete(&mut raw)?;
        let writer = Mutex::new(Some(Writer::new(raw, clock.clone(), Commits::default(), Arc::default())));
        Ok(Self { writer, clock })
    }

    /// Closes the file; every later unit is `Closed`.
    pub fn close(&self) {
        self.lock().take();
    }

    fn lock(&self) -> MutexGuard<'_, Option<Writer<'static>>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Journal for InlineJournal {
    async fn write_unit(&self, _: Priority, mut unit: Unit) -> Result<Option<Written>, StoreError> {
        self.lock().as_mut().ok_or(StoreError::Closed)?.run_alone(&mut unit)
    }

    async fn read_unit(&self, unit: ReadUnit) -> Result<(), StoreError> {
        let mut writer = self.lock();
        let raw = writer.as_mut().ok_or(StoreError::Closed)?.raw();
        let read = catch_unwind(AssertUnwindSafe(|| begin_reading(raw, unit, &*self.clock)));
        if raw.in_transaction() {
            raw.execute("ROLLBACK", binds![])?;
        }
        read.unwrap_or_else(|panic| Err(panicked(&*panic)))
    }
}
