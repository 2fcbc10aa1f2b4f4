//! Runs the checkpoints of the write-ahead log on a thread and a connection of their own. SQLite would run a checkpoint
//! inside the commit that makes the log too long, and that commit's commands would wait for it (ADR 0005).

use std::time::Duration;

use nosmoke_ports::StoreError;
use parking_lot::{Condvar, Mutex};

use crate::sqlite::{Connection, params};
use crate::words::unsigned;

/// A checkpoint is run when the log has this many pages that aren't in the file.
const CHECKPOINT_PAGES_MIN: u64 = 512;
/// Most checkpoints in a row, while the writer keeps adding pages.
const CHECKPOINT_PASSES_MAX: usize = 8;
/// Delay after a commit, so that one checkpoint covers several commits.
const CHECKPOINT_DELAY: Duration = Duration::from_millis(50);

#[derive(Default)]
struct Signal {
    committed: bool,
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

    pub(crate) fn close(&self) {
        self.set(|signal| signal.closed = true);
    }

    fn set(&self, set: impl FnOnce(&mut Signal)) {
        set(&mut self.signal.lock());
        self.changed.notify_one();
    }

    /// Runs checkpoints until it is closed. If one fails, the pages stay in the log until the next.
    pub(crate) fn run(&self, db: &mut Connection) {
        while self.wait() {
            if let Err(error) = checkpoint(db) {
                tracing::debug!(%error, "a WAL checkpoint failed");
            }
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
            scope.spawn(|| mover.run(&mut other));
            let start = Instant::now();
            while pages_left(&mut writer).unwrap() > 0 && start.elapsed() < Duration::from_secs(20) {
                std::thread::sleep(Duration::from_millis(5));
            }
            mover.close();
        });
        assert_eq!(pages_left(&mut writer), Ok(0));
    }
}
