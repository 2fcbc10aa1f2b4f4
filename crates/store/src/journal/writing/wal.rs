//! Runs the checkpoints of the write-ahead log on a thread and a connection of their own. SQLite would run a checkpoint
//! inside the commit that makes the log too long, and that commit's commands would wait for it (ADR 0005).

use std::time::Duration;

use nosmoke_ports::StoreError;
use parking_lot::{Condvar, Mutex};

use crate::sqlite::{Connection, params};
use crate::words::unsigned;

/// A checkpoint is run when the log has this many pages that aren't in the file, 8 MB. Each pass syncs both files, so
/// with SQLite's own default of 1,000 pages one command in eight would pay for a second sync.
const CHECKPOINT_PAGES_MIN: u64 = 2_000;
/// Most checkpoints in a row, while the writer keeps adding pages.
const CHECKPOINT_PASSES_MAX: usize = 8;
/// Delay after a commit, so that one checkpoint covers several commits.
const CHECKPOINT_DELAY: Duration = Duration::from_millis(50);

#[derive(Default)]
struct Signal {
    committed: bool,
    /// A customer was erased, and the log may still have the name.
    erased: bool,
    closed: bool,
}

/// Moves pages from the write-ahead log to the file after commits.
#[derive(Default)]
pub(crate) struct WalMover {
    signal: Mutex<Signal>,
    changed: Condvar,
}

impl WalMover {
    /// Raises the log size at which the writer's own commits run a checkpoint to 64 MB. That is a last resort for a
    /// writer that never pauses: meanwhile the mover's checkpoints can't reset the log.
    pub(crate) fn limit_autocheckpoint(db: &mut Connection) -> Result<(), StoreError> {
        db.execute("PRAGMA wal_autocheckpoint = 16384", params![]).map(|_| ())
    }

    /// Called after each commit of the writer.
    pub(crate) fn committed(&self) {
        self.set(|signal| signal.committed = true);
    }

    /// Called after a commit that erased a customer.
    pub(crate) fn erased(&self) {
        self.set(|signal| signal.erased = true);
    }

    pub(crate) fn close(&self) {
        self.set(|signal| signal.closed = true);
    }

    fn set(&self, set: impl FnOnce(&mut Signal)) {
        set(&mut self.signal.lock());
        self.changed.notify_one();
    }

    /// Runs checkpoints until it is closed. If one fails, the pages stay in the log until the next. Calls `after_erasure`
    /// after each commit that erased a customer.
    pub(crate) fn run(&self, db: &mut Connection, after_erasure: impl Fn(&mut Connection)) {
        let mut holds_erased = false;
        while self.wait() {
            if let Err(error) = checkpoint(db) {
                tracing::debug!(%error, "a WAL checkpoint failed");
            }
            if std::mem::take(&mut self.signal.lock().erased) {
                after_erasure(db);
                holds_erased = true;
            }
            if holds_erased {
                holds_erased = !truncate(db).unwrap_or(false);
                if holds_erased {
                    // A reader still needs the log. It is tried again after a pause.
                    self.committed();
                }
            }
        }
        if self.signal.lock().erased {
            after_erasure(db);
        }
    }

    /// Waits for a commit, and then for [`CHECKPOINT_DELAY`]. Returns false once the mover is closed.
    fn wait(&self) -> bool {
        let mut signal = self.signal.lock();
        self.changed.wait_while(&mut signal, |signal| !signal.committed && !signal.closed);
        self.changed.wait_while_for(&mut signal, |signal| !signal.closed, CHECKPOINT_DELAY);
        signal.committed = false;
        !signal.closed
    }
}

/// Repeats checkpoints until no page is left: only then the writer can reuse the log from its beginning.
fn checkpoint(db: &mut Connection) -> Result<(), StoreError> {
    if pages_left(db)? < CHECKPOINT_PAGES_MIN {
        return Ok(());
    }
    for _ in 0..CHECKPOINT_PASSES_MAX {
        db.execute("PRAGMA wal_checkpoint(PASSIVE)", params![])?;
        if pages_left(db)? == 0 {
            break;
        }
    }
    Ok(())
}

/// Empties the log file, so that nothing of an erased customer is left in it. Returns false while a reader needs the log.
fn truncate(db: &mut Connection) -> Result<bool, StoreError> {
    let busy = db.row("PRAGMA wal_checkpoint(TRUNCATE)", params![], |row| Ok(row.int(0)))?;
    Ok(busy == Some(0))
}

/// Counts the pages of the log that aren't in the file yet.
fn pages_left(db: &mut Connection) -> Result<u64, StoreError> {
    let pages = db.row("PRAGMA wal_checkpoint(NOOP)", params![], |row| {
        let [all, moved] = [1, 2].map(|column| unsigned(row.int(column).max(0)));
        Ok(all?.saturating_sub(moved?))
    })?;
    Ok(pages.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Instant;

    use super::*;
    use crate::open::{Database, Durability};

    /// Inserts 1000 rows, each about a page long.
    const WRITE: &str = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1000) \
                         INSERT INTO t SELECT randomblob(3500) FROM n";

    #[test]
    fn the_mover_checkpoints_the_log_and_the_writer_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::at(&folder.path().join("some.db"), Durability::Full).unwrap();
        let (mut writer, mut other) = (database.open_to_write().unwrap(), database.open_to_write().unwrap());
        WalMover::limit_autocheckpoint(&mut writer).unwrap();
        writer.execute("CREATE TABLE t (a BLOB)", params![]).unwrap();
        for _ in 0..3 {
            writer.execute(WRITE, params![]).unwrap();
        }
        assert!(pages_left(&mut writer).unwrap() > 3_000, "the writer ran a checkpoint");

        let mover = Arc::new(WalMover::default());
        mover.committed();
        std::thread::scope(|scope| {
            scope.spawn(|| mover.run(&mut other, |_| ()));
            let start = Instant::now();
            while pages_left(&mut writer).unwrap() > 0 && start.elapsed() < Duration::from_secs(20) {
                std::thread::sleep(Duration::from_millis(5));
            }
            mover.close();
        });
        assert_eq!(pages_left(&mut writer), Ok(0));
    }

    #[test]
    fn after_an_erasure_the_log_is_emptied_as_soon_as_no_reader_needs_it() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::at(&folder.path().join("some.db"), Durability::Full).unwrap();
        let (mut writer, mut other) = (database.open_to_write().unwrap(), database.open_to_write().unwrap());
        let mut reader = database.open_to_write().unwrap();
        writer.execute("CREATE TABLE t (a TEXT)", params![]).unwrap();
        writer.execute("INSERT INTO t VALUES ('홍길동')", params![]).unwrap();
        reader.execute("BEGIN", params![]).unwrap();
        reader.row("SELECT count(*) FROM t", params![], |row| Ok(row.int(0))).unwrap();
        writer.execute("DELETE FROM t", params![]).unwrap();
        let wal = folder.path().join("some.db-wal");
        let holds = || std::fs::read(&wal).is_ok_and(|bytes| bytes.windows(9).any(|it| it == "홍길동".as_bytes()));
        assert!(holds());
        let mover = WalMover::default();
        mover.erased();
        mover.committed();
        std::thread::scope(|scope| {
            scope.spawn(|| mover.run(&mut other, |_| ()));
            std::thread::sleep(Duration::from_millis(300));
            reader.execute("COMMIT", params![]).unwrap();
            let start = Instant::now();
            while holds() && start.elapsed() < Duration::from_secs(20) {
                std::thread::sleep(Duration::from_millis(5));
            }
            mover.close();
        });
        assert!(!holds());
        let whole = std::fs::read(folder.path().join("some.db")).unwrap();
        assert!(!whole.windows(9).any(|it| it == "홍길동".as_bytes()), "nor in the file");
    }
}
