//! Moves the write-ahead log into the file, on a thread and a connection of its own: SQLite would do it inside whichever
//! commit makes the log long, and a command would wait for it (ADR 0005).

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

use nosmoke_ports::StoreError;

use crate::raw::{Raw, binds};
use crate::words::unsigned;

/// Pages in the log that are worth moving.
const WORTH_MOVING: u64 = 512;
/// Of moving, in one go.
const PASSES: usize = 8;
/// Commits within this time are moved together.
const GATHERING: Duration = Duration::from_millis(50);

#[derive(Default)]
struct Heard {
    committed: bool,
    closed: bool,
}

/// Tells the mover of commits.
#[derive(Default)]
pub(crate) struct Mover {
    heard: Mutex<Heard>,
    told: Condvar,
}

impl Mover {
    /// Has the writer's connection move pages only where it never pauses, and the log would grow for ever. Most of them
    /// have been moved by then.
    pub(crate) fn relieve(raw: &mut Raw<'_>) -> Result<(), StoreError> {
        raw.row("PRAGMA wal_autocheckpoint = 16384", binds![], |_| Ok(()))?;
        Ok(())
    }

    pub(crate) fn committed(&self) {
        self.tell(|heard| heard.committed = true);
    }

    pub(crate) fn close(&self) {
        self.tell(|heard| heard.closed = true);
    }

    fn tell(&self, what: impl FnOnce(&mut Heard)) {
        what(&mut self.heard.lock().unwrap_or_else(PoisonError::into_inner));
        self.told.notify_one();
    }

    /// Works until it is closed. A failure leaves the log as it is, for the next time or for the writer.
    pub(crate) fn run(&self, raw: &mut Raw<'_>) {
        while self.wait() {
            if let Err(error) = move_pages(raw) {
                tracing::debug!(%error, "the write-ahead log wasn't moved");
            }
        }
    }

    /// Until something was committed and a little later; false once closed.
    fn wait(&self) -> bool {
        let locked = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = |heard: &mut Heard| !heard.committed && !heard.closed;
        let locked = self.told.wait_while(locked, waits).unwrap_or_else(PoisonError::into_inner);
        let open = |heard: &mut Heard| !heard.closed;
        let gathered = self.told.wait_timeout_while(locked, GATHERING, open);
        let (mut heard, _) = gathered.unwrap_or_else(PoisonError::into_inner);
        heard.committed = false;
        !heard.closed
    }
}

/// Again and again, since the writer goes on meanwhile: when it once finds everything moved, it begins the log anew.
fn move_pages(raw: &mut Raw<'_>) -> Result<(), StoreError> {
    if waiting(raw)? < WORTH_MOVING {
        return Ok(());
    }
    for _ in 0..PASSES {
        raw.row("PRAGMA wal_checkpoint(PASSIVE)", binds![], |_| Ok(()))?;
        if waiting(raw)? == 0 {
            break;
        }
    }
    Ok(())
}

/// Pages of the log that aren't in the file.
fn waiting(raw: &mut Raw<'_>) -> Result<u64, StoreError> {
    let pages = raw.row("PRAGMA wal_checkpoint(NOOP)", binds![], |row| {
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

    /// A page each.
    const WRITE: &str = "WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1000) \
                         INSERT INTO t SELECT randomblob(3500) FROM n";

    #[tokio::test]
    async fn the_log_is_moved_beside_the_writer_and_not_by_it() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::at(&folder.path().join("some.db"), Durability::Full).unwrap();
        let (mut writing, mut moving) =
            (database.connect_to_write().await.unwrap(), database.connect_to_write().await.unwrap());
        let mut writer = Raw::new(writing.lock_handle().await.unwrap());
        let mut other = Raw::new(moving.lock_handle().await.unwrap());
        Mover::relieve(&mut writer).unwrap();
        writer.execute("CREATE TABLE t (a BLOB)", binds![]).unwrap();
        for _ in 0..3 {
            writer.execute(WRITE, binds![]).unwrap();
        }
        assert!(waiting(&mut writer).unwrap() > 3_000, "the writer moved them");

        let mover = Arc::new(Mover::default());
        mover.committed();
        std::thread::scope(|scope| {
            scope.spawn(|| mover.run(&mut other));
            let begun = Instant::now();
            while waiting(&mut writer).unwrap() > 0 && begun.elapsed() < Duration::from_secs(20) {
                std::thread::sleep(Duration::from_millis(5));
            }
            mover.close();
        });
        assert_eq!(waiting(&mut writer), Ok(0));
    }
}
