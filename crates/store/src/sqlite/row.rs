//! The rows of a statement and their columns. The tables are STRICT, so a column has its declared type or is NULL.

use nosmoke_ports::StoreError;
use rusqlite::types::ValueRef;
use uuid::Uuid;

use crate::error::corrupt;

/// The current row of a running statement.
pub(crate) struct Row<'r> {
    inner: &'r rusqlite::Row<'r>,
}

impl<'r> Row<'r> {
    pub(super) const fn of(inner: &'r rusqlite::Row<'r>) -> Self {
        Self { inner }
    }

    /// Returns a column; NULL if the index is out of range, as SQLite itself does.
    pub(crate) fn column(&self, index: usize) -> Column<'_> {
        Column { index, value: self.inner.get_ref(index).unwrap_or(ValueRef::Null) }
    }

    pub(crate) fn int(&self, index: usize) -> i64 {
        self.column(index).int()
    }

    pub(crate) fn bool(&self, index: usize) -> bool {
        self.int(index) != 0
    }

    pub(crate) fn blob(&self, index: usize) -> &[u8] {
        self.column(index).blob()
    }

    pub(crate) fn text(&self, index: usize) -> Result<&str, StoreError> {
        self.column(index).text()
    }

    pub(crate) fn id(&self, index: usize) -> Result<Uuid, StoreError> {
        self.column(index).id()
    }

    /// Reads a column with `read`; `None` for NULL.
    pub(crate) fn optional<'c, T>(
        &'c self,
        index: usize,
        read: impl FnOnce(Column<'c>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        match self.column(index) {
            Column { value: ValueRef::Null, .. } => Ok(None),
            column => read(column).map(Some),
        }
    }
}

/// One column of a row.
pub(crate) struct Column<'r> {
    index: usize,
    value: ValueRef<'r>,
}

impl<'r> Column<'r> {
    /// Returns an integer column; 0 for NULL.
    pub(crate) fn int(self) -> i64 {
        if let ValueRef::Integer(value) = self.value { value } else { 0 }
    }

    /// Returns a blob or text column as bytes; no bytes for NULL.
    pub(crate) fn blob(self) -> &'r [u8] {
        if let ValueRef::Blob(bytes) | ValueRef::Text(bytes) = self.value { bytes } else { &[] }
    }

    /// Returns a text column; empty for NULL.
    pub(crate) fn text(self) -> Result<&'r str, StoreError> {
        let index = self.index;
        std::str::from_utf8(self.blob())
            .map_err(|_| corrupt(format!("the text in column {index} of the result isn't UTF-8")))
    }

    pub(crate) fn id(self) -> Result<Uuid, StoreError> {
        let index = self.index;
        Uuid::from_slice(self.blob())
            .map_err(|_| corrupt(format!("the id in column {index} of the result isn't 16 bytes")))
    }
}
