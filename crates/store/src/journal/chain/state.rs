//! Where this terminal's own chain and the others stand: kept in memory by the writer, taken over only after a commit.

use std::ops::ControlFlow;
use std::sync::Arc;

use nosmoke_domain::fact::{Hash, Origin, Sealed, Seen};
use nosmoke_domain::ids::{FacilityId, IncarnationId, TerminalId};
use nosmoke_ports::StoreError;

use super::tally::Tally;
use crate::raw::{Raw, Row, binds};
use crate::words::{hash, unsigned};

#[derive(Debug, Clone)]
pub(crate) struct Chain {
    pub(crate) origin: Option<Origin>,
    /// Of the last own fact, 0 before the first.
    pub(crate) seq: u64,
    pub(crate) hash: Hash,
    /// Of the change feed.
    pub(crate) last_change: i64,
    /// How far the other incarnations are known.
    pub(crate) seen: Arc<Seen>,
    pub(crate) tally: Tally,
}

impl Default for Chain {
    fn default() -> Self {
        Self { origin: None, seq: 0, hash: Hash::ZERO, last_change: 0, seen: Arc::default(), tally: Tally::default() }
    }
}

impl Chain {
    pub(crate) fn load(raw: &mut Raw<'_>) -> Result<Self, StoreError> {
        let origin = origin(raw)?;
        let tally = Tally::load(raw)?;
        let mut chain = Self { origin, last_change: last_change(raw)?, tally, ..Self::default() };
        let Some(Origin { incarnation, .. }) = origin else { return Ok(chain) };
        let last = raw.row(
            "SELECT seq, hash FROM fact WHERE incarnation = ?1 ORDER BY seq DESC, change_seq LIMIT 1",
            binds![incarnation.0],
            |row| Ok((unsigned(row.int(0))?, hash(row, 1)?)),
        )?;
        (chain.seq, chain.hash) = last.unwrap_or((0, Hash::ZERO));
        let mut seen = heads(raw)?;
        seen.remove(&incarnation);
        chain.seen = Arc::new(seen);
        Ok(chain)
    }

    pub(crate) fn is_own(&self, incarnation: IncarnationId) -> bool {
        self.origin.is_some_and(|origin| origin.incarnation == incarnation)
    }

    /// Counts a fact that was added to the journal.
    pub(crate) fn count(&mut self, added: &Sealed) {
        self.last_change += 1;
        self.tally.add(added.hash);
        if self.is_own(added.fact.origin.incarnation) && added.fact.seq > self.seq {
            (self.seq, self.hash) = (added.fact.seq, added.hash);
        }
    }
}

/// How far each incarnation is known without a gap; not those of which the first fact is missing.
pub(crate) fn heads(raw: &mut Raw<'_>) -> Result<Seen, StoreError> {
    let heads = raw.rows("SELECT incarnation, seq FROM head WHERE seq > 0", binds![], |row| {
        Ok((IncarnationId(row.id(0)?), unsigned(row.int(1))?))
    })?;
    Ok(heads.into_iter().collect())
}

/// Moves an incarnation's head over what follows it without a gap, which may have arrived earlier. Gives where it is now.
pub(crate) fn advance(raw: &mut Raw<'_>, incarnation: IncarnationId, terminal: TerminalId) -> Result<u64, StoreError> {
    let known = raw.row("SELECT seq FROM head WHERE incarnation = ?1", binds![incarnation.0], |row| Ok(row.int(0)))?;
    let mut head = known.unwrap_or_default();
    raw.each(
        "SELECT seq FROM fact WHERE incarnation = ?1 AND seq > ?2 ORDER BY seq",
        binds![incarnation.0, head],
        |row| {
            // A fork's facts have one seq.
            if row.int(0) > head + 1 {
                return Ok(ControlFlow::Break(()));
            }
            head = row.int(0);
            Ok(ControlFlow::Continue(()))
        },
    )?;
    if known != Some(head) {
        raw.execute(
            "INSERT INTO head (incarnation, seq, terminal_id) VALUES (?1, ?2, ?3) \
             ON CONFLICT (incarnation) DO UPDATE SET seq = excluded.seq, terminal_id = excluded.terminal_id",
            binds![incarnation.0, head, terminal.0],
        )?;
    }
    unsigned(head)
}

pub(crate) fn origin(raw: &mut Raw<'_>) -> Result<Option<Origin>, StoreError> {
    raw.row("SELECT facility_id, terminal_id, incarnation FROM origin ORDER BY life DESC LIMIT 1", binds![], life)
}

/// A row of `facility_id`, `terminal_id`, `incarnation`.
pub(crate) fn life(row: &Row<'_>) -> Result<Origin, StoreError> {
    Ok(Origin {
        facility_id: FacilityId(row.id(0)?),
        terminal_id: TerminalId(row.id(1)?),
        incarnation: IncarnationId(row.id(2)?),
    })
}

pub(crate) fn last_change(raw: &mut Raw<'_>) -> Result<i64, StoreError> {
    let last = raw.row("SELECT max(change_seq) FROM fact", binds![], |row| Ok(row.int(0)))?;
    Ok(last.unwrap_or_default())
}
