//! A writer over a file that nothing makes durable.
//!
//! For the simulator (ADR 0020), which plays whole terminals on one thread and copies a terminal's file between two units: it
//! must run the writer and the SQL of this program, without threads that would make its order depend on the machine, and
//! without syncs, which would be most of its time. This is all of it that belongs here; the journal that it makes of such
//! a writer is the simulator's own.

use std::path::Path;
use std::sync::Arc;

use nosmoke_ports::{Clock, StoreError};

use super::writer::{Commits, Writer};
use crate::journal::chain::tally;
use crate::migrate::{self, Precaution, migrate};
use crate::open::{Database, Durability, close};
use crate::raw::{Raw, binds};

impl Writer<'static> {
    /// Opens a journal's file, made where it is missing, and brings it to the newest schema. What is answered survives nothing
    /// but the process. Between two units the file is whole, so that a copy of it is another terminal's journal, and dropping
    /// the writer is a crash.
    ///
    /// # Errors
    /// `Newer`, `EngineTooOld`, `Corrupt`, `DiskFull`, `Failed`.
    pub async fn open_unsynced(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
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
        Ok(Self::new(raw, clock, Commits::default(), Arc::default()))
    }
}
