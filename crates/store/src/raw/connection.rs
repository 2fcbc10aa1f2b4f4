//! A connection and what is run on it.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::ptr::NonNull;

use libsqlite3_sys as ffi;
use nosmoke_ports::StoreError;
use sqlx::sqlite::LockedSqliteHandle;

use super::bind::Bind;
use super::opened::Opened;
use super::row::Row;
use super::statement::{Run, Statement};

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
        let run = Run::of(db, statement);
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
