//! The baseline for storing received facts: a prepared insert statement, called through SQLite's C interface.

use std::ffi::{CStr, CString, c_int};
use std::path::Path;
use std::ptr;
use std::time::{Duration, Instant};

use libsqlite3_sys as ffi;

/// Rows per transaction, as many as replication stores in one.
const BATCH: usize = 500;

/// The rows of a table in memory, as values of SQLite's C interface.
pub(super) struct Rows(Vec<Vec<*mut ffi::sqlite3_value>>);

impl Drop for Rows {
    fn drop(&mut self) {
        for value in self.0.iter().flatten() {
            // SAFETY: each value was made by `sqlite3_value_dup` and is freed once.
            unsafe { ffi::sqlite3_value_free(*value) };
        }
    }
}

/// Reads every fact of a journal, in the order of the change feed.
pub(super) fn rows(journal: &Path) -> Rows {
    let database = Database::open(journal);
    let select = database.prepare(c"SELECT * FROM fact ORDER BY change_seq");
    let mut rows = Vec::new();
    while select.step() == ffi::SQLITE_ROW {
        // SAFETY: the statement has just returned a row; a duplicate of a value stays valid after the statement.
        let value = |column| unsafe { ffi::sqlite3_value_dup(ffi::sqlite3_column_value(select.0, column)) };
        // SAFETY: the statement is prepared.
        rows.push((0..unsafe { ffi::sqlite3_column_count(select.0) }).map(value).collect());
    }
    Rows(rows)
}

/// Empties the journal, then returns how long it takes to insert the rows durably.
pub(super) fn insert(journal: &Path, rows: &Rows) -> Duration {
    let database = Database::open(journal);
    for sql in [c"DELETE FROM fact", c"VACUUM", c"PRAGMA journal_mode = WAL", c"PRAGMA synchronous = FULL"] {
        database.prepare(sql).step();
    }
    let [begin, commit] = [c"BEGIN IMMEDIATE", c"COMMIT"].map(|sql| database.prepare(sql));
    let places = vec!["?"; rows.0[0].len()].join(", ");
    let insert = database.prepare(&CString::new(format!("INSERT INTO fact VALUES ({places})")).unwrap());
    let began = Instant::now();
    for batch in rows.0.chunks(BATCH) {
        begin.run();
        for row in batch {
            for (place, value) in (1..).zip(row) {
                // SAFETY: the statement is prepared, and the value outlives the call.
                assert_eq!(unsafe { ffi::sqlite3_bind_value(insert.0, place, *value) }, ffi::SQLITE_OK);
            }
            insert.run();
        }
        commit.run();
    }
    began.elapsed()
}

struct Database(*mut ffi::sqlite3);

impl Database {
    fn open(file: &Path) -> Self {
        let name = CString::new(file.to_str().unwrap()).unwrap();
        let mut handle = ptr::null_mut();
        // SAFETY: both pointers are valid, and the handle is closed when this is dropped.
        assert_eq!(unsafe { ffi::sqlite3_open(name.as_ptr(), &raw mut handle) }, ffi::SQLITE_OK);
        Self(handle)
    }

    fn prepare(&self, sql: &CStr) -> Statement<'_> {
        let mut statement = ptr::null_mut();
        // SAFETY: all pointers are valid; the statement doesn't outlive the database.
        let code = unsafe { ffi::sqlite3_prepare_v2(self.0, sql.as_ptr(), -1, &raw mut statement, ptr::null_mut()) };
        assert_eq!(code, ffi::SQLITE_OK, "{sql:?}");
        Statement(statement, self)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // SAFETY: the database is open, and its statements are finalised.
        unsafe { ffi::sqlite3_close(self.0) };
    }
}

struct Statement<'a>(*mut ffi::sqlite3_stmt, #[allow(dead_code, reason = "keeps it open")] &'a Database);

impl Statement<'_> {
    fn step(&self) -> c_int {
        // SAFETY: the statement is prepared.
        unsafe { ffi::sqlite3_step(self.0) }
    }

    fn run(&self) {
        assert_eq!(self.step(), ffi::SQLITE_DONE);
        // SAFETY: the statement is prepared.
        unsafe { ffi::sqlite3_reset(self.0) };
    }
}

impl Drop for Statement<'_> {
    fn drop(&mut self) {
        // SAFETY: the statement is prepared, and is finalised once.
        unsafe { ffi::sqlite3_finalize(self.0) };
    }
}
