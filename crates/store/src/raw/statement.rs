//! Prepared statements and their runs.

use std::ffi::{c_char, c_int, c_uchar};
use std::ptr::{self, NonNull};

use libsqlite3_sys as ffi;
use nosmoke_ports::StoreError;

use super::bind::Bind;
use super::error::error;

#[expect(clippy::cast_possible_truncation, reason = "it is 1")]
const UTF8: c_uchar = ffi::SQLITE_UTF8 as c_uchar;

/// A prepared statement.
pub(super) struct Statement(NonNull<ffi::sqlite3_stmt>);

impl Statement {
    pub(super) fn prepare(db: NonNull<ffi::sqlite3>, sql: &str) -> Result<Self, StoreError> {
        let mut statement = ptr::null_mut();
        let length = c_int::try_from(sql.len()).map_err(|_| StoreError::Failed("a statement is too long".into()))?;
        // SAFETY: the handle is open and locked for us; `sql` is valid for `length` bytes during the call.
        let code = unsafe {
            ffi::sqlite3_prepare_v3(
                db.as_ptr(),
                sql.as_ptr().cast::<c_char>(),
                length,
                ffi::SQLITE_PREPARE_PERSISTENT,
                &raw mut statement,
                ptr::null_mut(),
            )
        };
        match NonNull::new(statement) {
            Some(statement) if code == ffi::SQLITE_OK => Ok(Self(statement)),
            _ => Err(error(db, code)),
        }
    }
}

impl Drop for Statement {
    fn drop(&mut self) {
        // SAFETY: prepared by `prepare`, finalized once, before the connection closes (field order in `Raw`).
        unsafe { ffi::sqlite3_finalize(self.0.as_ptr()) };
    }
}

/// One run of a statement: reset and unbound at its end, also by a panic.
pub(super) struct Run {
    db: NonNull<ffi::sqlite3>,
    pub(super) statement: NonNull<ffi::sqlite3_stmt>,
}

impl Run {
    pub(super) const fn of(db: NonNull<ffi::sqlite3>, statement: &Statement) -> Self {
        Self { db, statement: statement.0 }
    }

    pub(super) fn bind(&self, position: c_int, bind: &Bind<'_>) -> Result<(), StoreError> {
        let statement = self.statement.as_ptr();
        // SAFETY: the statement is alive and not running. SQLITE_TRANSIENT makes SQLite copy texts and blobs during the
        // call, for which pointer and length come from one live slice.
        let code = unsafe {
            match bind {
                Bind::Null => ffi::sqlite3_bind_null(statement, position),
                Bind::Int(value) => ffi::sqlite3_bind_int64(statement, position, *value),
                Bind::Text(text) => ffi::sqlite3_bind_text64(
                    statement,
                    position,
                    text.as_ptr().cast::<c_char>(),
                    text.len() as u64,
                    ffi::SQLITE_TRANSIENT(),
                    UTF8,
                ),
                Bind::Blob(bytes) => bind_blob(statement, position, bytes),
                Bind::Id(id) => bind_blob(statement, position, id.as_bytes()),
            }
        };
        if code == ffi::SQLITE_OK { Ok(()) } else { Err(error(self.db, code)) }
    }

    /// True at a row, false at the end.
    pub(super) fn step(&self) -> Result<bool, StoreError> {
        // SAFETY: the statement is alive and its connection locked for us.
        match unsafe { ffi::sqlite3_step(self.statement.as_ptr()) } {
            ffi::SQLITE_ROW => Ok(true),
            ffi::SQLITE_DONE => Ok(false),
            code => Err(error(self.db, code)),
        }
    }
}

/// # Safety
/// `statement` must be alive and not running.
unsafe fn bind_blob(statement: *mut ffi::sqlite3_stmt, position: c_int, bytes: &[u8]) -> c_int {
    let (start, length) = (bytes.as_ptr().cast(), bytes.len() as u64);
    // SAFETY: the caller's; an empty slice has a dangling but non-null pointer, of which no byte is read.
    unsafe { ffi::sqlite3_bind_blob64(statement, position, start, length, ffi::SQLITE_TRANSIENT()) }
}

impl Drop for Run {
    fn drop(&mut self) {
        // SAFETY: the statement is alive; both calls are allowed in any state of it.
        unsafe {
            ffi::sqlite3_reset(self.statement.as_ptr());
            ffi::sqlite3_clear_bindings(self.statement.as_ptr());
        }
    }
}
