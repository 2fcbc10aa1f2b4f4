//! Columns of the row that a statement has stepped to.

use std::ffi::c_int;

use libsqlite3_sys as ffi;
use nosmoke_ports::StoreError;
use uuid::Uuid;

use super::statement::Run;

/// The current row.
pub(crate) struct Row<'r> {
    run: &'r Run,
}

impl<'r> Row<'r> {
    /// Of a run that has stepped to one.
    pub(super) const fn of(run: &'r Run) -> Self {
        Self { run }
    }

    pub(crate) fn is_null(&self, column: c_int) -> bool {
        // SAFETY: a row is current; SQLite answers NULL for a column out of range.
        unsafe { ffi::sqlite3_column_type(self.run.statement.as_ptr(), column) == ffi::SQLITE_NULL }
    }

    pub(crate) fn int(&self, column: c_int) -> i64 {
        // SAFETY: a row is current; SQLite answers 0 for a column out of range.
        unsafe { ffi::sqlite3_column_int64(self.run.statement.as_ptr(), column) }
    }

    pub(crate) fn bool(&self, column: c_int) -> bool {
        self.int(column) != 0
    }

    /// Empty for NULL.
    pub(crate) fn blob(&self, column: c_int) -> &[u8] {
        let statement = self.run.statement.as_ptr();
        // SAFETY: a row is current. The pointer stays valid until the next step, which needs the loop in `each` that lent
        // `self`, or until a conversion of the column: none of the calls of `Row` converts one that has been read here.
        unsafe {
            let start = ffi::sqlite3_column_blob(statement, column).cast::<u8>();
            let length = usize::try_from(ffi::sqlite3_column_bytes(statement, column)).unwrap_or_default();
            if start.is_null() { &[] } else { std::slice::from_raw_parts(start, length) }
        }
    }

    /// Empty for NULL. The databases are UTF-8, so no conversion takes place.
    pub(crate) fn text(&self, column: c_int) -> Result<&str, StoreError> {
        std::str::from_utf8(self.blob(column)).map_err(|_| StoreError::Corrupt(format!("column {column} isn't UTF-8")))
    }

    pub(crate) fn id(&self, column: c_int) -> Result<Uuid, StoreError> {
        Uuid::from_slice(self.blob(column)).map_err(|_| StoreError::Corrupt(format!("column {column} is no id")))
    }

    pub(crate) fn optional<T>(
        &self,
        column: c_int,
        read: impl FnOnce(&Self, c_int) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        if self.is_null(column) { Ok(None) } else { read(self, column).map(Some) }
    }
}
