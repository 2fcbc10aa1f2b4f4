//! The last fact of this terminal's own chain, and the totals. The writer caches them, and replaces them only after a
//! commit. The heads of all chains.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use nosmoke_domain::fact::{Hash, Origin, Sealed};
use nosmoke_domain::ids::{FacilityId, IncarnationId, TerminalId};
use nosmoke_ports::StoreError;

use super::totals::Totals;
use crate::sqlite::{Connection, Row, params};
use crate::words::{hash, unsigned};

#[derive(Debug, Clone)]
pub(crate) struct Chain {
    pub(crate) origin: Option<Origin>,
    /// Earlier incarnations of this folder that still record what they owe.
    pub(crate) ended: BTreeSet<IncarnationId>,
    /// Seq of the last own fact; 0 before the first.
    pub(crate) seq: u64,
    pub(crate) hash: Hash,
    /// The newest change of the feed.
    pub(crate) last_change: i64,
    /// How many customers were erased since the journal was opened.
    pub(crate) erasures: u64,
    pub(crate) totals: Totals,
}

impl Default for Chain {
    fn default() -> Self {
        Self {
            origin: None,
            ended: BTreeSet::new(),
            seq: 0,
            hash: Hash::ZERO,
            last_change: 0,
            erasures: 0,
            totals: Totals::default(),
        }
    }
}

impl Chain {
    pub(crate) fn load(db: &mut Connection) -> Result<Self, StoreError> {
        let origin = origin(db)?;
        let totals = Totals::load(db)?;
        let mut chain = Self { origin, last_change: last_change(db)?, totals, ..Self::default() };
        let Some(Origin { incarnation, .. }) = origin else { return Ok(chain) };
        chain.ended = own_incarnations(db)?.into_iter().filter(|own| *own != incarnation).collect();
        (chain.seq, chain.hash) = last_of(db, incarnation)?;
        Ok(chain)
    }

    /// Whether this is the incarnation that records here now.
    pub(crate) fn is_current(&self, incarnation: IncarnationId) -> bool {
        self.origin.is_some_and(|origin| origin.incarnation == incarnation)
    }

    /// Whether only this folder records for this incarnation: the current one or one that ended.
    pub(crate) fn is_own(&self, incarnation: IncarnationId) -> bool {
        self.is_current(incarnation) || self.ended.contains(&incarnation)
    }

    /// Updates the state for a fact that was added to the journal.
    pub(crate) fn count(&mut self, added: &Sealed) {
        self.last_change += 1;
        self.totals.add(added.hash);
        if self.is_current(added.fact.origin.incarnation) && added.fact.seq > self.seq {
            (self.seq, self.hash) = (added.fact.seq, added.hash);
        }
    }
}

/// Reads the head of each incarnation that has one: an incarnation whose first fact is missing has none.
pub(crate) fn heads(db: &mut Connection) -> Result<BTreeMap<IncarnationId, u64>, StoreError> {
    let heads = db.rows("SELECT incarnation, seq FROM head WHERE seq > 0", params![], |row| {
        Ok((IncarnationId(row.id(0)?), unsigned(row.int(1))?))
    })?;
    Ok(heads.into_iter().collect())
}

/// Advances an incarnation's head over contiguous facts. Facts after a gap may have arrived before the fact that fills
/// it. Returns the head.
pub(crate) fn advance(
    db: &mut Connection,
    incarnation: IncarnationId,
    terminal: TerminalId,
) -> Result<u64, StoreError> {
    let known = db.row("SELECT seq FROM head WHERE incarnation = ?1", params![incarnation.0], |row| Ok(row.int(0)))?;
    let before = known.unwrap_or_default();
    let mut head = before;
    db.each(
        "SELECT seq FROM fact WHERE incarnation = ?1 AND seq > ?2 ORDER BY seq",
        params![incarnation.0, before],
        |row| {
            // Not equal: where the chain is forked, several facts have the same seq.
            if row.int(0) > head + 1 {
                return Ok(ControlFlow::Break(()));
            }
            head = row.int(0);
            Ok(ControlFlow::Continue(()))
        },
    )?;
    if known != Some(head) {
        db.execute(
            "INSERT INTO head (incarnation, seq, terminal_id) VALUES (?1, ?2, ?3) \
             ON CONFLICT (incarnation) DO UPDATE SET seq = excluded.seq, terminal_id = excluded.terminal_id",
            params![incarnation.0, head, terminal.0],
        )?;
    }
    unsigned(head)
}

pub(crate) fn origin(db: &mut Connection) -> Result<Option<Origin>, StoreError> {
    db.row(
        "SELECT facility_id, terminal_id, incarnation FROM origin ORDER BY life DESC LIMIT 1",
        params![],
        read_origin,
    )
}

/// Returns the incarnations that ended, oldest first, and the current one last.
pub(crate) fn own_incarnations(db: &mut Connection) -> Result<Vec<IncarnationId>, StoreError> {
    let sql = "SELECT incarnation FROM origin WHERE left_behind = 0 ORDER BY life";
    db.rows(sql, params![], |row| row.id(0).map(IncarnationId))
}

/// Returns the seq and the hash of an incarnation's last fact.
pub(crate) fn last_of(db: &mut Connection, incarnation: IncarnationId) -> Result<(u64, Hash), StoreError> {
    let last = db.row(
        "SELECT seq, hash FROM fact WHERE incarnation = ?1 ORDER BY seq DESC, change_seq LIMIT 1",
        params![incarnation.0],
        |row| Ok((unsigned(row.int(0))?, hash(row.column(1))?)),
    )?;
    Ok(last.unwrap_or((0, Hash::ZERO)))
}

/// Reads a row of `facility_id`, `terminal_id`, `incarnation`.
pub(crate) fn read_origin(row: &Row<'_>) -> Result<Origin, StoreError> {
    Ok(Origin {
        facility_id: FacilityId(row.id(0)?),
        terminal_id: TerminalId(row.id(1)?),
        incarnation: IncarnationId(row.id(2)?),
    })
}

pub(crate) fn last_change(db: &mut Connection) -> Result<i64, StoreError> {
    let last = db.row("SELECT max(change_seq) FROM fact", params![], |row| Ok(row.int(0)))?;
    Ok(last.unwrap_or_default())
}
