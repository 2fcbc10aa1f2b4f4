//! All facts in a few numbers, kept with every fact.

use std::ops::ControlFlow;

use nosmoke_domain::fact::Hash;
use nosmoke_ports::{Digest, StoreError};

use crate::error::corrupt;
use crate::raw::{Raw, binds};
use crate::words::{amount, hash, unsigned};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    pub(crate) facts: u64,
    pub(crate) digest: Digest,
}

impl Tally {
    pub(crate) fn load(raw: &mut Raw<'_>) -> Result<Self, StoreError> {
        Ok(stored(raw)?.unwrap_or_default())
    }

    pub(crate) fn add(&mut self, hash: Hash) {
        self.facts += 1;
        self.digest.add(hash);
    }

    pub(crate) fn store(&self, raw: &mut Raw<'_>) -> Result<(), StoreError> {
        raw.execute(
            "INSERT INTO tally (only, facts, digest) VALUES (1, ?1, ?2) \
             ON CONFLICT (only) DO UPDATE SET facts = excluded.facts, digest = excluded.digest",
            binds![amount(self.facts)?, &self.digest.0[..]],
        )?;
        Ok(())
    }
}

/// Counts what a journal of an earlier schema holds. One look where that is done.
pub(crate) fn complete(raw: &mut Raw<'_>) -> Result<(), StoreError> {
    if stored(raw)?.is_some() {
        return Ok(());
    }
    let mut tally = Tally::default();
    raw.each("SELECT hash FROM fact", binds![], |row| {
        tally.add(hash(row, 0)?);
        Ok(ControlFlow::Continue(()))
    })?;
    tally.store(raw)
}

fn stored(raw: &mut Raw<'_>) -> Result<Option<Tally>, StoreError> {
    raw.row("SELECT facts, digest FROM tally", binds![], |row| {
        let digest = row.blob(1).try_into().map_err(|_| corrupt("a digest isn't 32 bytes"))?;
        Ok(Tally { facts: unsigned(row.int(0))?, digest: Digest(digest) })
    })
}
