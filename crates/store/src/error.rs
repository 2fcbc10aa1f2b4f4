//! Maps errors of SQLite, sqlx and the file system to the port's errors.

use std::io;

use nosmoke_ports::StoreError;
use rusqlite::ffi;

/// Maps an extended result code of SQLite; `os_error` is the operating system's error that may have caused it.
fn from_code(code: i32, os_error: Option<&io::Error>, message: &str) -> StoreError {
    match code & 0xff {
        ffi::SQLITE_FULL => StoreError::DiskFull,
        ffi::SQLITE_IOERR | ffi::SQLITE_CANTOPEN if os_error.is_some_and(is_full) => StoreError::DiskFull,
        ffi::SQLITE_IOERR | ffi::SQLITE_CANTOPEN if os_error.is_some_and(is_denied) => {
            StoreError::Unwritable(message.to_owned())
        }
        ffi::SQLITE_READONLY | ffi::SQLITE_PERM | ffi::SQLITE_AUTH => StoreError::Unwritable(message.to_owned()),
        ffi::SQLITE_CORRUPT | ffi::SQLITE_NOTADB => StoreError::Corrupt(message.to_owned()),
        _ => StoreError::Failed(format!("{message} (SQLite {code})")),
    }
}

/// Must be called right after the failure, on the same thread, because it reads the operating system's last error.
pub(crate) fn from_rusqlite(error: rusqlite::Error) -> StoreError {
    // SQLite reports a full disk with SQLITE_FULL, but an exhausted quota, or a full disk in another call than a write,
    // with SQLITE_IOERR. rusqlite doesn't pass on `sqlite3_system_errno`.
    let os_error = io::Error::last_os_error();
    match error {
        rusqlite::Error::SqliteFailure(inner, message) => {
            let message = message.unwrap_or_else(|| inner.to_string());
            from_code(inner.extended_code, Some(&os_error), &message)
        }
        other => StoreError::Failed(other.to_string()),
    }
}

pub(crate) fn from_sqlx(error: &sqlx::Error) -> StoreError {
    match error {
        sqlx::Error::Database(inner) => {
            let code = inner.code().and_then(|code| code.parse().ok()).unwrap_or(ffi::SQLITE_ERROR);
            from_code(code, None, inner.message())
        }
        sqlx::Error::Io(inner) => from_io("SQLite", inner),
        sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => StoreError::Closed,
        other => StoreError::Failed(other.to_string()),
    }
}

/// Maps an error of the file system; `what` names the file or folder.
pub(crate) fn from_io(what: impl std::fmt::Display, error: &io::Error) -> StoreError {
    match error {
        error if is_full(error) => StoreError::DiskFull,
        error if is_denied(error) => StoreError::Unwritable(format!("{what}: {error}")),
        error => StoreError::Failed(format!("{what}: {error}")),
    }
}

pub(crate) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Whether this user may not use the file or folder, or nobody may write it.
fn is_denied(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}

/// Returns the error for content that this program can't have written.
pub(crate) fn corrupt(what: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(what.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_and_an_exhausted_quota_are_told_from_other_faults() {
        let full = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded].map(io::Error::from);
        let other = io::Error::from(io::ErrorKind::TimedOut);
        for code in [ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_IOERR_FSYNC, ffi::SQLITE_IOERR_SHMSIZE, ffi::SQLITE_CANTOPEN]
        {
            for full in &full {
                assert_eq!(from_code(code, Some(full), "no"), StoreError::DiskFull);
            }
            for other in [Some(&other), None] {
                assert_eq!(from_code(code, other, "no"), StoreError::Failed(format!("no (SQLite {code})")));
            }
        }
        assert_eq!(from_code(ffi::SQLITE_FULL, None, "no"), StoreError::DiskFull);
        assert_eq!(from_code(ffi::SQLITE_BUSY, Some(&full[0]), "no"), StoreError::Failed("no (SQLite 5)".into()));
    }

    #[test]
    fn a_folder_that_may_not_be_written_is_told_from_other_faults() {
        for kind in [io::ErrorKind::PermissionDenied, io::ErrorKind::ReadOnlyFilesystem] {
            let denied = io::Error::from(kind);
            assert_eq!(from_code(ffi::SQLITE_CANTOPEN, Some(&denied), "no"), StoreError::Unwritable("no".into()));
            assert!(
                matches!(from_io("folder", &denied), StoreError::Unwritable(detail) if detail.starts_with("folder: "))
            );
        }
        assert_eq!(from_code(ffi::SQLITE_READONLY_DIRECTORY, None, "no"), StoreError::Unwritable("no".into()));
        assert!(matches!(from_io("folder", &io::ErrorKind::NotFound.into()), StoreError::Failed(_)));
    }

    #[test]
    fn a_damaged_file_is_corrupt_whatever_the_extended_code() {
        for code in [ffi::SQLITE_CORRUPT, ffi::SQLITE_CORRUPT_INDEX, ffi::SQLITE_NOTADB] {
            assert_eq!(from_code(code, None, "no"), StoreError::Corrupt("no".into()));
        }
    }
}
