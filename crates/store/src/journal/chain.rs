//! Where this terminal's own chain stands: kept in memory by the writer, taken over only after a commit.

use std::sync::Arc;

use nosmoke_application::ports::StoreError;
use nosmoke_domain::fact::{Hash, Origin, Seen};
use nosmoke_domain::ids::{FacilityId, IncarnationId, TerminalId};

use crate::error::corrupt;
use crate::raw::{Raw, Row, binds};
use crate::words::unsigned;

#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub(super) origin: Option<Origin>,
    /// Of the last own fact, 0 before the first.
    pub(super) seq: u64,
    pub(super) hash: Hash,
    /// Of the change feed.
    pub(super) last_change: i64,
    /// How far the other incarnations are known.
    pub(super) seen: Arc<Seen>,
}

impl Default for Chain {
    fn default() -> Self {
        Self { origin: None, seq: 0, hash: Hash::ZERO, last_change: 0, seen: Arc::default() }
    }
}

impl Chain {
    pub(super) fn load(raw: &mut Raw<'_>) -> Result<Self, StoreError> {
        let origin = origin(raw)?;
        let mut chain = Self { origin, last_change: last_change(raw)?, ..Self::default() };
        let Some(Origin { incarnation, .. }) = origin else { return Ok(chain) };
        let last = raw.row(
            "SELECT seq, hash FROM fact WHERE incarnation = ?1 ORDER BY seq DESC, change_seq DESC LIMIT 1",
            binds![incarnation.0],
            |row| Ok((unsigned(row.int(0))?, hash(row, 1)?)),
        )?;
        (chain.seq, chain.hash) = last.unwrap_or((0, Hash::ZERO));
        let seen =
            raw.rows("SELECT incarnation, seq FROM head WHERE incarnation <> ?1", binds![incarnation.0], |row| {
                Ok((IncarnationId(row.id(0)?), unsigned(row.int(1))?))
            })?;
        chain.seen = Arc::new(seen.into_iter().collect());
        Ok(chain)
    }
}

pub(super) fn origin(raw: &mut Raw<'_>) -> Result<Option<Origin>, StoreError> {
    raw.row("SELECT facility_id, terminal_id, incarnation FROM origin ORDER BY life DESC LIMIT 1", binds![], life)
}

pub(super) fn lives(raw: &mut Raw<'_>) -> Result<Vec<Origin>, StoreError> {
    raw.rows("SELECT facility_id, terminal_id, incarnation FROM origin ORDER BY life", binds![], life)
}

fn life(row: &Row<'_>) -> Result<Origin, StoreError> {
    Ok(Origin {
        facility_id: FacilityId(row.id(0)?),
        terminal_id: TerminalId(row.id(1)?),
        incarnation: IncarnationId(row.id(2)?),
    })
}

pub(super) fn put_origin(raw: &mut Raw<'_>, origin: Origin) -> Result<(), StoreError> {
    raw.execute(
        "INSERT INTO origin (incarnation, facility_id, terminal_id) VALUES (?1, ?2, ?3)",
        binds![origin.incarnation.0, origin.facility_id.0, origin.terminal_id.0],
    )?;
    Ok(())
}

pub(super) fn last_change(raw: &mut Raw<'_>) -> Result<i64, StoreError> {
    let last = raw.row("SELECT max(change_seq) FROM fact", binds![], |row| Ok(row.int(0)))?;
    Ok(last.unwrap_or_default())
}

pub(super) fn hash(row: &Row<'_>, column: i32) -> Result<Hash, StoreError> {
    row.blob(column).try_into().map(Hash).map_err(|_| corrupt("a hash isn't 32 bytes"))
}
