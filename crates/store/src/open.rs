//! The one way that a SQLite file is opened, and closed.

use std::path::{Path, PathBuf};
use std::time::Duration;

use nosmoke_ports::StoreError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection};

use crate::error::from_sqlx;
use crate::folder::private_file;
use crate::raw::engine_version;

/// 3.51.3: older ones can lose commits when the write-ahead log is reset.
const OLDEST_ENGINE: i32 = 3_051_003;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes to which the write-ahead log is cut after a checkpoint.
const WAL_KEPT: &str = "16777216";
/// What a writing connection keeps of the file, negative for KiB: hashes and ids are random, so facts that come in bulk touch
/// pages all over the indexes.
const CACHE_KIB: &str = "-32768";

/// Refuses a SQLite that can lose commits; `version` as `sqlite3_libversion_number` gives it.
///
/// # Errors
/// `EngineTooOld` below 3.51.3.
pub fn check_engine(version: i32) -> Result<(), StoreError> {
    if version >= OLDEST_ENGINE {
        return Ok(());
    }
    let (major, minor, patch) = (version / 1_000_000, version / 1_000 % 1_000, version % 1_000);
    Err(StoreError::EngineTooOld(format!("{major}.{minor}.{patch}")))
}

/// What a commit must survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// A power cut: what was answered stays.
    Full,
    /// After a power cut the last commits may be gone, in order; they can be made again from the journal.
    Rebuildable,
    /// The end of the process however it comes; after a power cut it may be damaged, and is begun anew.
    Disposable,
    /// Nothing but the process: the file is another's to keep or throw away.
    Nothing,
}

/// A file with the settings that every connection to it has.
#[derive(Debug, Clone)]
pub(crate) struct Database {
    path: PathBuf,
    options: SqliteConnectOptions,
}

impl Database {
    /// Makes the file where it is missing.
    pub(crate) fn at(path: &Path, durability: Durability) -> Result<Self, StoreError> {
        check_engine(engine_version())?;
        private_file(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(match durability {
                Durability::Full | Durability::Rebuildable | Durability::Disposable => SqliteJournalMode::Wal,
                Durability::Nothing => SqliteJournalMode::Memory,
            })
            .synchronous(match durability {
                Durability::Full => SqliteSynchronous::Full,
                Durability::Rebuildable => SqliteSynchronous::Normal,
                Durability::Disposable | Durability::Nothing => SqliteSynchronous::Off,
            })
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT)
            // What is deleted (notes, profiles) is overwritten.
            .pragma("secure_delete", "ON")
            .pragma("trusted_schema", "OFF")
            // Sorted rows hold personal data: they don't go to files of their own.
            .pragma("temp_store", "MEMORY")
            .pragma("journal_size_limit", WAL_KEPT)
            .pragma("cache_size", CACHE_KIB)
            .disable_statement_logging();
        Ok(Self { path: path.to_owned(), options })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn writing(&self) -> SqliteConnectOptions {
        self.options.clone()
    }

    pub(crate) fn reading(&self) -> SqliteConnectOptions {
        read_only(&self.path).pragma("temp_store", "MEMORY")
    }

    pub(crate) async fn connect_to_write(&self) -> Result<SqliteConnection, StoreError> {
        self.writing().connect().await.map_err(|error| from_sqlx(&error))
    }

    pub(crate) async fn connect_to_read(&self) -> Result<SqliteConnection, StoreError> {
        self.reading().connect().await.map_err(|error| from_sqlx(&error))
    }
}

/// Opens a file that nothing may change.
pub(crate) fn read_only(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("trusted_schema", "OFF")
        .pragma("query_only", "ON")
        .disable_statement_logging()
}

/// Closes a connection and waits for it, so that the file can be moved.
pub(crate) async fn close(connection: SqliteConnection) -> Result<(), StoreError> {
    connection.close().await.map_err(|error| from_sqlx(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_older_than_3_51_3_is_refused() {
        assert_eq!(check_engine(3_051_003), Ok(()));
        assert_eq!(check_engine(3_052_000), Ok(()));
        assert_eq!(check_engine(4_000_000), Ok(()));
        assert_eq!(check_engine(3_051_002), Err(StoreError::EngineTooOld("3.51.2".into())));
        assert_eq!(check_engine(3_009_000), Err(StoreError::EngineTooOld("3.9.0".into())));
    }

    #[test]
    fn the_bundled_sqlite_is_new_enough() {
        assert_eq!(check_engine(engine_version()), Ok(()));
    }
}
