//! Which commits wait until the disk has them (ADR 0005).

use nosmoke_ports::StoreError;

use crate::sqlite::Connection;

/// Whether the commits of the writer's connection are synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Synced {
    Yes,
    /// Commits of projections aren't. The write-ahead log keeps the order of commits, so a power cut undoes the newest
    /// ones, back to the last synced one at most.
    No,
    /// Those of a simulated file never are.
    Never,
}

impl Synced {
    /// Sets whether the next commit is synced. Must not be called inside a transaction.
    pub(super) fn choose(&mut self, synced: bool, db: &mut Connection) -> Result<(), StoreError> {
        let wanted = if synced { Self::Yes } else { Self::No };
        if *self != Self::Never && *self != wanted {
            db.set("synchronous", if synced { "FULL" } else { "NORMAL" })?;
            *self = wanted;
        }
        Ok(())
    }
}
