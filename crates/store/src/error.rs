//! What SQLite, sqlx and the file system answer, as the port's errors.

use std::io;

use libsqlite3_sys as ffi;
use nosmoke_ports::StoreError;

/// An extended result code with the operating system's own error, if any.
pub(crate) fn from_code(code: i32, os_error: i32, message: &str) -> StoreError {
    match code & 0xff {
        ffi::SQLITE_FULL => StoreError::DiskFull,
        ffi::SQLITE_IOERR | ffi::SQLITE_CANTOPEN if is_full(&io::Error::from_raw_os_error(os_error)) => {
            StoreError::DiskFull
        }
        ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB => StoreError::Corrupt(message.to_owned()),
        _ => StoreError::Failed(format!("{message} (SQLite {code})")),
    }
}

pub(crate) fn from_sqlx(error: &sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(inner) => {
            let code = inner.code().and_then(|code| code.parse().ok()).unwrap_or(ffi::SQLITE_ERROR);
            from_code(code, 0, inner.message())
        }
        sqlx::Error::Io(inner) => from_io("SQLite", inner),
        sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => StoreError::Closed,
        other => StoreError::Failed(other.to_string()),
    }
}

/// `what` names the file or folder.
pub(crate) fn from_io(what: impl std::fmt::Display, error: &io::Error) -> StoreError {
    if is_full(error) { StoreError::DiskFull } else { StoreError::Failed(format!("{what}: {error}")) }
}

pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// A row that only another program can have written.
pub(crate) fn corrupt(what: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(what.to_string())
}
