//! A file of the store, opened to be filled at once: without a rollback journal, without syncs, without its indexes.

use std::path::Path;

use rusqlite::Connection;

/// Rows between two commits.
const ROWS_PER_COMMIT: u64 = 200_000;

/// A file that is being filled. If the process ends before [`Self::end`], the file is unusable.
#[derive(Debug)]
pub(super) struct Bulk {
    db: Connection,
    /// The statements that make the file's indexes, as the schema has them.
    indexes: Vec<String>,
    rows: u64,
}

impl Bulk {
    /// `cache_kib` is the memory for pages: enough for the indexes that can't be left for the end.
    pub(super) fn open(file: &Path, cache_kib: u32) -> rusqlite::Result<Self> {
        let db = Connection::open(file)?;
        db.set_prepared_statement_cache_capacity(64);
        // Only from another mode than WAL may the journal be switched off.
        db.execute_batch(&format!(
            "PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = DELETE; PRAGMA journal_mode = OFF; \
             PRAGMA synchronous = OFF; PRAGMA cache_size = -{cache_kib};"
        ))?;
        let list = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY rowid";
        let indexes: Vec<(String, String)> =
            db.prepare(list)?.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<Result<_, _>>()?;
        for (name, _) in &indexes {
            db.execute_batch(&format!("DROP INDEX {name}"))?;
        }
        db.execute_batch("BEGIN")?;
        Ok(Self { db, indexes: indexes.into_iter().map(|(_, sql)| sql).collect(), rows: 0 })
    }

    /// Runs a statement that adds or changes rows.
    pub(super) fn put(&mut self, sql: &str, params: impl rusqlite::Params) -> rusqlite::Result<()> {
        self.db.prepare_cached(sql)?.execute(params)?;
        self.rows += 1;
        if self.rows.is_multiple_of(ROWS_PER_COMMIT) {
            self.db.execute_batch("COMMIT; BEGIN")?;
        }
        Ok(())
    }

    /// Makes the indexes, and leaves the file as the store does when it closes it.
    pub(super) fn end(self) -> rusqlite::Result<()> {
        for sql in &self.indexes {
            self.db.execute_batch(sql)?;
        }
        self.db.execute_batch(
            "COMMIT; PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA journal_mode = WAL;",
        )?;
        self.db.close().map_err(|(_, error)| error)
    }
}
