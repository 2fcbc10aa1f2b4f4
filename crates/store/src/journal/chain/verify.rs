//! Verifies the hash chain of every incarnation: each hash covers the fact's bytes and the previous hash.

use nosmoke_domain::fact::{Hash, chain_hash, decode_kept};
use nosmoke_domain::ids::{EventId, IncarnationId};
use nosmoke_ports::StoreError;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::state::{self, origin};
use crate::error::corrupt;
use crate::sqlite::{Connection, params};
use crate::words::{amount, hash, limit, unsigned};

/// Facts per block in [`verify_all`].
const VERIFY_BATCH: usize = 2_000;

/// The last fact that was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainCursor {
    pub incarnation: IncarnationId,
    pub seq: u64,
    pub change_seq: i64,
}

/// The result for one block of facts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChainBlock {
    /// Number of facts verified.
    pub checked: u64,
    pub broken: Vec<Broken>,
    /// The cursor for the next block; `None` at the end.
    pub next: Option<ChainCursor>,
}

/// A fact that fails verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub incarnation: IncarnationId,
    pub seq: u64,
    pub flaw: Flaw,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The hash doesn't match the fact's bytes.
    Hash,
    /// Its previous hash matches no fact with the previous seq. In a forked chain that fact may not have arrived yet.
    Link,
    /// The fact with the previous seq was deleted. Facts that haven't arrived yet aren't reported.
    Gap,
    /// The bytes hold another fact than the columns of the row say.
    Bytes,
}

/// The last fact of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub incarnation: IncarnationId,
    pub seq: u64,
    pub hash: Hash,
}

struct StoredFact {
    change_seq: i64,
    incarnation: IncarnationId,
    seq: u64,
    event_id: EventId,
    previous: Hash,
    hash: Hash,
    bytes: Vec<u8>,
}

/// The hashes of the facts with one seq of an incarnation: several where the chain is forked.
struct HashesAtSeq {
    incarnation: IncarnationId,
    seq: u64,
    hashes: Vec<Hash>,
}

/// Verifies the next `facts` facts after a cursor.
pub(crate) fn block(db: &mut Connection, from: Option<ChainCursor>, facts: usize) -> Result<ChainBlock, StoreError> {
    let found = facts_after(db, from, facts)?;
    let mut result = ChainBlock { checked: found.len() as u64, ..ChainBlock::default() };
    let Some(first) = found.first() else { return Ok(result) };
    let heads = state::heads(db)?;
    let mut before = hashes_at(db, first.incarnation, first.seq - 1)?;
    let mut current = HashesAtSeq { incarnation: first.incarnation, seq: first.seq, hashes: Vec::new() };
    if from.is_some_and(|from| (from.incarnation, from.seq) == (first.incarnation, first.seq)) {
        current = hashes_at(db, first.incarnation, first.seq)?;
    }
    for fact in &found {
        if (fact.incarnation, fact.seq) != (current.incarnation, current.seq) {
            before = std::mem::replace(
                &mut current,
                HashesAtSeq { incarnation: fact.incarnation, seq: fact.seq, hashes: Vec::new() },
            );
        }
        current.hashes.push(fact.hash);
        let flaw = flaw(fact, &before, heads.get(&fact.incarnation).copied().unwrap_or_default());
        result.broken.extend(flaw.map(|flaw| Broken { incarnation: fact.incarnation, seq: fact.seq, flaw }));
    }
    if found.len() == facts {
        result.next = found.last().map(|fact| ChainCursor {
            incarnation: fact.incarnation,
            seq: fact.seq,
            change_seq: fact.change_seq,
        });
    }
    Ok(result)
}

/// Verifies all chains. Calls `progress` after each block with the number of facts verified so far; if it returns an
/// error, verification ends with that error.
pub(crate) fn verify_all(
    db: &mut Connection,
    mut progress: impl FnMut(u64) -> Result<(), StoreError>,
) -> Result<u64, StoreError> {
    let (mut from, mut checked) = (None, 0);
    let own = origin(db)?.map(|origin| origin.incarnation);
    loop {
        let block = block(db, from, VERIFY_BATCH)?;
        // Part of another terminal's forked chain may not have arrived yet, so that a link is missing.
        let harmless = |broken: &Broken| broken.flaw == Flaw::Link && Some(broken.incarnation) != own;
        if let Some(broken) = block.broken.iter().find(|broken| !harmless(broken)) {
            return Err(corrupt(format!("the hash chain is broken: {broken:?}")));
        }
        checked += block.checked;
        progress(checked)?;
        from = block.next;
        if from.is_none() {
            return Ok(checked);
        }
    }
}

pub(crate) fn count_facts(db: &mut Connection) -> Result<u64, StoreError> {
    let count = db.row("SELECT count(*) FROM fact", params![], |row| unsigned(row.int(0)))?;
    Ok(count.unwrap_or_default())
}

/// Reads the last fact of every chain.
pub(crate) fn heads(db: &mut Connection) -> Result<Vec<Head>, StoreError> {
    db.rows(
        "SELECT incarnation, seq, (SELECT hash FROM fact WHERE fact.incarnation = head.incarnation \
         AND fact.seq = head.seq ORDER BY change_seq LIMIT 1) FROM head WHERE seq > 0 ORDER BY incarnation",
        params![],
        |row| {
            let incarnation = IncarnationId(row.id(0)?);
            Ok(Head { incarnation, seq: unsigned(row.int(1))?, hash: hash(row.column(2))? })
        },
    )
}

/// Returns what is wrong with a fact. `head` is the incarnation's stored head: all facts up to it must be in the
/// journal.
fn flaw(fact: &StoredFact, before: &HashesAtSeq, head: u64) -> Option<Flaw> {
    if chain_hash(fact.previous, &fact.bytes) != fact.hash {
        return Some(Flaw::Hash);
    }
    let ids = decode_kept(&fact.bytes).map(|decoded| (decoded.event_id, decoded.origin.incarnation, decoded.seq));
    if !matches!(ids, Ok(ids) if ids == (fact.event_id, fact.incarnation, fact.seq)) {
        return Some(Flaw::Bytes);
    }
    let follows = (before.incarnation, before.seq) == (fact.incarnation, fact.seq - 1);
    match fact.seq {
        1 if fact.previous == Hash::ZERO => None,
        1 => Some(Flaw::Link),
        _ if !follows || before.hashes.is_empty() => Some(Flaw::Gap).filter(|_| fact.seq <= head + 1),
        _ if before.hashes.contains(&fact.previous) => None,
        _ => Some(Flaw::Link),
    }
}

fn facts_after(db: &mut Connection, from: Option<ChainCursor>, facts: usize) -> Result<Vec<StoredFact>, StoreError> {
    let (incarnation, seq, change_seq) =
        from.map_or((Uuid::nil(), 0, 0), |from| (from.incarnation.0, from.seq, from.change_seq));
    db.rows(
        "SELECT change_seq, incarnation, seq, event_id, prev_hash, hash, bytes FROM fact \
         WHERE (incarnation, seq, change_seq) > (?1, ?2, ?3) ORDER BY incarnation, seq, change_seq LIMIT ?4",
        params![incarnation, amount(seq)?, change_seq, limit(facts)],
        |row| {
            Ok(StoredFact {
                change_seq: row.int(0),
                incarnation: IncarnationId(row.id(1)?),
                seq: unsigned(row.int(2))?,
                event_id: EventId(row.id(3)?),
                previous: hash(row.column(4))?,
                hash: hash(row.column(5))?,
                bytes: row.blob(6).to_vec(),
            })
        },
    )
}

fn hashes_at(db: &mut Connection, incarnation: IncarnationId, seq: u64) -> Result<HashesAtSeq, StoreError> {
    let hashes = db.rows(
        "SELECT hash FROM fact WHERE incarnation = ?1 AND seq = ?2",
        params![incarnation.0, amount(seq)?],
        |row| hash(row.column(0)),
    )?;
    Ok(HashesAtSeq { incarnation, seq, hashes })
}
