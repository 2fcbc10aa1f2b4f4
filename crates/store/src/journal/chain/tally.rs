//! All facts in a few numbers, kept with every fact.

use std::ops::ControlFlow;

use nosmoke_domain::fact::{Hash, chain_hash};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::{Digest, Extent, Rehashed, StoreError};

use super::state::{hash, heads};
use crate::error::corrupt;
use crate::raw::{Raw, binds};
use crate::words::{amount, limit, unsigned};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    facts: u64,
    digest: Digest,
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

pub(crate) fn extent(raw: &mut Raw<'_>) -> Result<Extent, StoreError> {
    let Tally { facts, digest } = Tally::load(raw)?;
    Ok(Extent { facts, digest, heads: heads(raw)? })
}

/// What the facts that are there give, whatever was once counted.
pub(crate) fn rehashed(
    raw: &mut Raw<'_>,
    (customer, change): (CustomerId, i64),
    (last, as_of): (CustomerId, i64),
    rows: usize,
) -> Result<Vec<Rehashed>, StoreError> {
    raw.rows(
        "SELECT customer_id, change_seq, prev_hash, bytes FROM fact \
         WHERE (customer_id, change_seq) > (?1, ?2) AND customer_id <= ?3 AND change_seq <= ?4 \
         ORDER BY customer_id, change_seq LIMIT ?5",
        binds![customer.0, change, last.0, as_of, limit(rows)],
        |row| {
            let customer_id = CustomerId(row.id(0)?);
            Ok(Rehashed { customer_id, change_seq: row.int(1), hash: chain_hash(hash(row, 2)?, row.blob(3)) })
        },
    )
}

fn stored(raw: &mut Raw<'_>) -> Result<Option<Tally>, StoreError> {
    raw.row("SELECT facts, digest FROM tally", binds![], |row| {
        let digest = row.blob(1).try_into().map_err(|_| corrupt("a digest isn't 32 bytes"))?;
        Ok(Tally { facts: unsigned(row.int(0))?, digest: Digest(digest) })
    })
}
