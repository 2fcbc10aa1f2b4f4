//! Number and digest of all facts, updated with every fact.

use std::ops::ControlFlow;

use nosmoke_domain::fact::Hash;
use nosmoke_ports::{Digest, StoreError};

use crate::error::corrupt;
use crate::sqlite::{Connection, params};
use crate::words::{amount, hash, unsigned};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Totals {
    pub(crate) facts: u64,
    pub(crate) digest: Digest,
}

impl Totals {
    pub(crate) fn load(db: &mut Connection) -> Result<Self, StoreError> {
        Ok(stored(db)?.unwrap_or_default())
    }

    pub(crate) fn add(&mut self, hash: Hash) {
        self.facts += 1;
        self.digest.add(hash);
    }

    pub(crate) fn store(&self, db: &mut Connection) -> Result<(), StoreError> {
        db.execute(
            "INSERT INTO tally (only, facts, digest) VALUES (1, ?1, ?2) \
             ON CONFLICT (only) DO UPDATE SET facts = excluded.facts, digest = excluded.digest",
            params![amount(self.facts)?, &self.digest.0[..]],
        )?;
        Ok(())
    }
}

/// Computes the totals if the journal was upgraded from a schema without them; otherwise costs one query.
pub(crate) fn backfill(db: &mut Connection) -> Result<(), StoreError> {
    if stored(db)?.is_some() {
        return Ok(());
    }
    let mut totals = Totals::default();
    db.each("SELECT hash FROM fact", params![], |row| {
        totals.add(hash(row.column(0))?);
        Ok(ControlFlow::Continue(()))
    })?;
    totals.store(db)
}

fn stored(db: &mut Connection) -> Result<Option<Totals>, StoreError> {
    db.row("SELECT facts, digest FROM tally", params![], |row| {
        let digest = row.blob(1).try_into().map_err(|_| corrupt("a digest isn't 32 bytes"))?;
        Ok(Totals { facts: unsigned(row.int(0))?, digest: Digest(digest) })
    })
}
