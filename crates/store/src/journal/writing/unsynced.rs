//! A writer for the simulator (ADR 0020), on a file that is never synced.
//!
//! The simulator plays whole terminals on one thread and copies a terminal's file between two units. It must run this
//! program's writer and SQL, but without threads, which would make the order depend on the machine, and without syncs,
//! which would take most of its time. The simulator wraps this writer in a journal of its own.

use std::path::Path;
use std::sync::Arc;

use nosmoke_ports::{Clock, StoreError};

use super::synced::Synced;
use super::writer::{Commits, Writer};
use crate::journal::chain::totals;
use crate::migrate::{self, Precaution, connect_migrated};
use crate::open::{Database, Durability, close};

impl Writer {
    /// Opens a journal's file, created if it is missing, and migrates it to the newest schema. A copy of the file made
    /// between two units is a valid journal, and dropping the writer is like a crash.
    ///
    /// # Errors
    /// `Newer`, `EngineTooOld`, `Corrupt`, `DiskFull`, `Failed`.
    pub async fn open_unsynced(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let database = Database::at(path, Durability::Nothing)?;
        close(connect_migrated(&database, migrate::JOURNAL, Precaution::None).await?).await?;
        // On this thread: the simulator has no async runtime.
        let mut db = database.open_to_write()?;
        totals::backfill(&mut db)?;
        Ok(Self::new(db, Synced::Never, clock, Commits::default(), Arc::default()))
    }
}
