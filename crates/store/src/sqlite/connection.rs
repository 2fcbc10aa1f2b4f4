//! A connection, with its cache of prepared statements.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nosmoke_ports::StoreError;
use rusqlite::config::DbConfig;
use rusqlite::{OpenFlags, ToSql};

use super::row::Row;
use crate::error::from_rusqlite;

/// Capacity of the cache: more than the program has statements, so that none is ever evicted.
const STATEMENT_CACHE_CAPACITY: usize = 512;

/// A connection to a file. Dropping it closes the connection.
pub(crate) struct Connection {
    inner: rusqlite::Connection,
}

impl Connection {
    /// Opens an existing file, and runs `PRAGMA name = value` for each setting.
    pub(crate) fn open(
        path: &Path,
        access: OpenFlags,
        busy_timeout: Duration,
        settings: &[(&str, &str)],
    ) -> Result<Self, StoreError> {
        let open = || {
            // One thread at a time uses a connection (`Connection` isn't `Sync`), so SQLite's own mutex isn't needed.
            let inner = rusqlite::Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
            inner.set_prepared_statement_cache_capacity(STATEMENT_CACHE_CAPACITY);
            inner.busy_timeout(busy_timeout)?;
            // Our schemas have neither; a file that somebody gave us may, and they would run with our rights.
            inner.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
            inner.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
            inner.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
            // A plan then never depends on bound values. Otherwise rusqlite, which clears the bindings after each use, would
            // make SQLite prepare a statement again at each use if it has a bound limit or compares a column that a
            // partial index mentions.
            inner.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
            Ok(Self { inner })
        };
        let mut connection = open().map_err(from_rusqlite)?;
        for (name, value) in settings {
            connection.set(name, value)?;
        }
        Ok(connection)
    }

    /// Runs `PRAGMA name = value`. Such a statement takes effect when it is prepared, so it is never cached.
    pub(crate) fn set(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        self.inner.execute_batch(&format!("PRAGMA {name} = {value}")).map_err(from_rusqlite)
    }

    /// Runs a statement, ignores its rows, and returns how many rows it changed.
    pub(crate) fn execute(&mut self, sql: &str, params: &[&dyn ToSql]) -> Result<u64, StoreError> {
        self.each(sql, params, |_| Ok(ControlFlow::Continue(())))?;
        Ok(self.inner.changes())
    }

    /// Reads all rows of a statement.
    pub(crate) fn rows<T>(
        &mut self,
        sql: &str,
        params: &[&dyn ToSql],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut rows = Vec::new();
        self.each(sql, params, |row| {
            rows.push(read(row)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(rows)
    }

    /// Reads the first row of a statement; `None` if it returns no rows.
    pub(crate) fn row<T>(
        &mut self,
        sql: &str,
        params: &[&dyn ToSql],
        mut read: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut first = None;
        self.each(sql, params, |row| {
            first = Some(read(row)?);
            Ok(ControlFlow::Break(()))
        })?;
        Ok(first)
    }

    /// Calls `visit` for each row of a statement until it breaks.
    pub(crate) fn each(
        &mut self,
        sql: &str,
        params: &[&dyn ToSql],
        mut visit: impl FnMut(&Row<'_>) -> Result<ControlFlow<()>, StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.inner.prepare_cached(sql).map_err(from_rusqlite)?;
        let mut rows = statement.query(params).map_err(from_rusqlite)?;
        while let Some(row) = rows.next().map_err(from_rusqlite)? {
            if visit(&Row::of(row))?.is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Returns the folder of the file.
    pub(crate) fn folder(&self) -> Option<PathBuf> {
        Path::new(self.inner.path()?).parent().map(Path::to_owned)
    }

    /// Returns whether a transaction is open. After some errors SQLite rolls it back by itself.
    pub(crate) fn in_transaction(&self) -> bool {
        !self.inner.is_autocommit()
    }
}
