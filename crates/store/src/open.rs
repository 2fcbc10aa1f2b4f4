//! Opens SQLite files through sqlx (migrations, checks, backups) and through rusqlite (all other work), with the same
//! settings.

use std::path::{Path, PathBuf};
use std::time::Duration;

use nosmoke_ports::StoreError;
use rusqlite::OpenFlags;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::error::from_sqlx;
use crate::folder::private_file;
use crate::sqlite::Connection;

/// Oldest version accepted: earlier ones can lose commits when the write-ahead log is reset.
const OLDEST_ENGINE: i32 = 3_051_003;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// `PRAGMA name = value`.
type Setting = (&'static str, &'static str);

/// Without `query_only`, which would also forbid `VACUUM INTO` to write its copy.
const COPYING: &[Setting] = &[("trusted_schema", "OFF"), ("temp_store", "MEMORY")];
const READING: &[Setting] = &[("query_only", "ON"), ("trusted_schema", "OFF"), ("temp_store", "MEMORY")];

/// Returns the version of the SQLite in this program as a number, such as 3051003 for 3.51.3.
fn engine_version() -> i32 {
    rusqlite::version_number()
}

/// Returns the version of the SQLite in this program as text.
pub fn sqlite_version() -> &'static str {
    rusqlite::version()
}

/// Refuses a version of SQLite that can lose commits; `version` is a number as `sqlite3_libversion_number` returns it.
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

/// What a commit survives, in a file with this durability.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// A power cut.
    Full,
    /// A killed process. A power cut may undo the last commits, newest first; the journal has what is needed to repeat
    /// them.
    Rebuildable,
    /// A killed process. A power cut may damage the file; then it is replaced by an empty one.
    Disposable,
    /// Nothing: a killed process may damage the file.
    Nothing,
}

impl Durability {
    fn settings(self) -> [Setting; 9] {
        let (journal_mode, synchronous) = match self {
            Self::Full => ("WAL", "FULL"),
            Self::Rebuildable => ("WAL", "NORMAL"),
            Self::Disposable => ("WAL", "OFF"),
            Self::Nothing => ("MEMORY", "OFF"),
        };
        [
            ("journal_mode", journal_mode),
            ("synchronous", synchronous),
            ("foreign_keys", "ON"),
            // Simulated files have one connection. Exclusive locking saves three system calls per transaction.
            ("locking_mode", if self == Self::Nothing { "EXCLUSIVE" } else { "NORMAL" }),
            // Overwrites deleted notes and profiles. Files with durability `Nothing` hold only simulated data.
            ("secure_delete", if self == Self::Nothing { "OFF" } else { "ON" }),
            ("trusted_schema", "OFF"),
            // Sorting puts personal data into temporary tables, so these are kept in memory.
            ("temp_store", "MEMORY"),
            // Cuts the write-ahead log to 16 MiB after a checkpoint.
            ("journal_size_limit", "16777216"),
            // 32 MiB. Hashes and ids are random, so adding many facts touches pages all over the indexes.
            ("cache_size", "-32768"),
        ]
    }
}

/// A file, with the durability that its connections ensure.
#[derive(Debug, Clone)]
pub(crate) struct Database {
    path: PathBuf,
    durability: Durability,
}

impl Database {
    /// Creates the file if it is missing.
    pub(crate) fn at(path: &Path, durability: Durability) -> Result<Self, StoreError> {
        check_engine(engine_version())?;
        private_file(path)?;
        Ok(Self { path: path.to_owned(), durability })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn open_to_write(&self) -> Result<Connection, StoreError> {
        let access = OpenFlags::SQLITE_OPEN_READ_WRITE;
        Connection::open(&self.path, access, BUSY_TIMEOUT, &self.durability.settings())
    }

    pub(crate) fn open_to_read(&self) -> Result<Connection, StoreError> {
        open_read_only(&self.path)
    }

    /// Opens the file for writing, through sqlx.
    pub(crate) async fn connect(&self) -> Result<SqliteConnection, StoreError> {
        connect(SqliteConnectOptions::new().filename(&self.path), &self.durability.settings()).await
    }
}

/// Opens a file read-only.
pub(crate) fn open_read_only(path: &Path) -> Result<Connection, StoreError> {
    check_engine(engine_version())?;
    Connection::open(path, OpenFlags::SQLITE_OPEN_READ_ONLY, BUSY_TIMEOUT, READING)
}

/// Opens a file read-only through sqlx.
pub(crate) async fn connect_read_only(path: &Path) -> Result<SqliteConnection, StoreError> {
    connect(SqliteConnectOptions::new().filename(path).read_only(true), READING).await
}

/// Opens a file read-only through sqlx, for `VACUUM INTO`.
pub(crate) async fn connect_to_copy(path: &Path) -> Result<SqliteConnection, StoreError> {
    connect(SqliteConnectOptions::new().filename(path).read_only(true), COPYING).await
}

async fn connect(options: SqliteConnectOptions, settings: &[Setting]) -> Result<SqliteConnection, StoreError> {
    let options = options.busy_timeout(BUSY_TIMEOUT).disable_statement_logging();
    let options = settings.iter().fold(options, |options, (name, value)| options.pragma(*name, *value));
    options.connect().await.map_err(|error| from_sqlx(&error))
}

/// Closes a connection of sqlx and waits until it is closed, so that the file can be moved.
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
