//! A safe face on SQLite's own interface, over a connection that sqlx opened and has locked for us, or one opened here.
//!
//! sqlx pays a thread change for every statement, which the writer can't afford (ADR 0005). The only `unsafe` of the
//! store is here.

mod opened;
mod row;

use std::borrow::Cow;
use std::collections::HashMap;
use std::ffi::{CStr, c_char, c_int, c_uchar};
use std::ops::ControlFlow;
use std::path::Path;
use std::ptr::{self, NonNull};

use libsqlite3_sys as ffi;
use nosmoke_ports::StoreError;
use sqlx::sqlite::LockedSqliteHandle;
use uuid::Uuid;

use crate::error::from_code;
use opened::Opened;
pub(crate) use row::Row;

#[expect(clippy::cast_possible_truncation, reason = "it is 1")]
const UTF8: c_uchar = ffi::SQLITE_UTF8 as c_uchar;

/// SQLite's version as a number, such as 3051003 for 3.51.3.
pub(crate) fn engine_version() -> i32 {
    // SAFETY: takes no argument, reads a constant.
    unsafe { ffi::sqlite3_libversion_number() }
}

/// A value to bind.
#[derive(Debug, Clone)]
pub(crate) enum Bind<'a> {
    Null,
    Int(i64),
    Text(Cow<'a, str>),
    Blob(&'a [u8]),
    Id(Uuid),
}

impl From<i64> for Bind<'_> {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Bind<'_> {
    fn from(value: bool) -> Self {
        Self::Int(value.into())
    }
}

impl<'a> From<&'a str> for Bind<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value.into())
    }
}

impl From<String> for Bind<'_> {
    fn from(value: String) -> Self {
        Self::Text(value.into())
    }
}

impl<'a> From<&'a [u8]> for Bind<'a> {
    fn from(value: &'a [u8]) -> Self {
        Self::Blob(value)
    }
}

impl From<Uuid> for Bind<'_> {
    fn from(value: Uuid) -> Self {
        Self::Id(value)
    }
}

impl<'a, T: Into<Bind<'a>>> From<Option<T>> for Bind<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Binds of different types, in the order of `?1`, `?2` ….
macro_rules! binds {
    ($($value:expr),* $(,)?) => { &[$($crate::raw::Bind::from($value)),*] };
}
pub(crate) use binds;

/// A connection used directly, with its prepared statements.
pub(crate) struct Raw<'c> {
    /// Declared before the handle: statements are finalized while the connection is still locked.
    statements: HashMap<&'static str, Statement>,
    db: NonNull<ffi::sqlite3>,
    _held: Held<'c>,
}

/// What keeps the connection open, and others away from it.
#[expect(dead_code, reason = "held, never read")]
enum Held<'c> {
    Locked(LockedSqliteHandle<'c>),
    Opened(Opened),
}

/// Both kinds of connection may go from one thread to another.
const fn goes_between_threads<T: Send>() {}
const _: () = goes_between_threads::<Held<'_>>();

// SAFETY: SQLite is built for threads (SQLITE_THREADSAFE=1): a connection and its statements may be used by one thread
// after another; `&mut self` keeps them from being used by two at a time, and nothing is read through `&self`
// but the transaction's state, for which `Raw` isn't `Sync`.
unsafe impl Send for Raw<'_> {}

impl<'c> Raw<'c> {
    pub(crate) fn new(mut locked: LockedSqliteHandle<'c>) -> Self {
        Self { statements: HashMap::new(), db: locked.as_raw_handle(), _held: Held::Locked(locked) }
    }

    /// Runs a statement that gives no rows. Answers how many rows it changed.
    pub(crate) fn execute(&mut self, sql: &'static str, binds: &[Bind<'_>]) -> Result<u64, StoreError> {
        self.each(sql, binds, |_| Ok(ControlFlow::Continue(())))?;
        // SAFETY: the handle is open and ours alone while it is locked.
        let changes = unsafe { ffi::sqlite3_changes64(self.db.as_ptr()) };
        Ok(u64::try_from(changes).unwrap_or_default())
    }

    /// All rows of a statement.
    pub(crate) fn rows<T>(
        &mut self,
        sql: &'static str,
        binds: &[Bind<'_>],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut rows = Vec::new();
        self.each(sql, binds, |row| {
            rows.push(read(row)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(rows)
    }

    /// The first row of a statement.
    pub(crate) fn row<T>(
        &mut self,
        sql: &'static str,
        binds: &[Bind<'_>],
        read: impl FnOnce(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut read = Some(read);
        let mut first = None;
        self.each(sql, binds, |row| {
            if let Some(read) = read.take() {
                first = Some(read(row)?);
            }
            Ok(ControlFlow::Break(()))
        })?;
        Ok(first)
    }

    /// Steps through a statement's rows until `visit` breaks off.
    pub(crate) fn each(
        &mut self,
        sql: &'static str,
        binds: &[Bind<'_>],
        mut visit: impl FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        let db = self.db;
        let statement = match self.statements.entry(sql) {
            std::collections::hash_map::Entry::Occupied(prepared) => prepared.into_mut(),
            std::collections::hash_map::Entry::Vacant(place) => place.insert(Statement::prepare(db, sql)?),
        };
        let run = Run { db, statement: statement.0 };
        for (position, bind) in (1..).zip(binds) {
            run.bind(position, bind)?;
        }
        while run.step()? {
            if visit(&Row::of(&run))?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Whether a transaction is open. After an error SQLite may have rolled it back by itself.
    pub(crate) fn in_transaction(&self) -> bool {
        // SAFETY: the handle is open and ours alone while it is locked.
        unsafe { ffi::sqlite3_get_autocommit(self.db.as_ptr()) == 0 }
    }
}

impl Raw<'static> {
    /// A connection of its own to a file that exists, without any thread beside the caller's.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        let opened = Opened::at(path)?;
        Ok(Self { statements: HashMap::new(), db: opened.0, _held: Held::Opened(opened) })
    }
}

struct Statement(NonNull<ffi::sqlite3_stmt>);

impl Statement {
    fn prepare(db: NonNull<ffi::sqlite3>, sql: &str) -> Result<Self, StoreError> {
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
struct Run {
    db: NonNull<ffi::sqlite3>,
    statement: NonNull<ffi::sqlite3_stmt>,
}

impl Run {
    fn bind(&self, position: c_int, bind: &Bind<'_>) -> Result<(), StoreError> {
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
    fn step(&self) -> Result<bool, StoreError> {
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

fn error(db: NonNull<ffi::sqlite3>, code: c_int) -> StoreError {
    // SAFETY: the handle is open and locked for us; the message is a NUL-terminated text that stays valid until the
    // next call on the handle, and is copied before.
    let (extended, os, message) = unsafe {
        let text = ffi::sqlite3_errmsg(db.as_ptr());
        let message = if text.is_null() { Cow::Borrowed("") } else { CStr::from_ptr(text).to_string_lossy() };
        (ffi::sqlite3_extended_errcode(db.as_ptr()), ffi::sqlite3_system_errno(db.as_ptr()), message.into_owned())
    };
    // API misuse sets no error on the handle; then the call's own code tells.
    from_code(if extended & 0xff == code & 0xff { extended } else { code }, os, &message)
}
