//! The hash chain of every incarnation: each fact's hash is that of its bytes and of the hash before it.

use nosmoke_domain::fact::{Hash, chain_hash, decode_kept};
use nosmoke_domain::ids::{EventId, IncarnationId};
use nosmoke_ports::StoreError;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::state::{self, origin};
use crate::error::corrupt;
use crate::raw::{Raw, binds};
use crate::words::{amount, hash, limit, unsigned};

/// Facts that one block holds where nothing else is said.
const BLOCK: usize = 2_000;

/// The last fact that was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainCursor {
    pub incarnation: IncarnationId,
    pub seq: u64,
    pub change_seq: i64,
}

/// What was found in a block.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChainBlock {
    /// Facts checked.
    pub checked: u64,
    pub broken: Vec<Broken>,
    /// Where the next block begins; `None` at the end.
    pub next: Option<ChainCursor>,
}

/// A fact with something wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub incarnation: IncarnationId,
    pub seq: u64,
    pub flaw: Flaw,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// The hash isn't that of the bytes.
    Hash,
    /// It doesn't follow the fact before it: another one does, which may not have arrived yet, in a chain that forked.
    Link,
    /// Facts before it were here and are missing. Those that haven't arrived yet aren't.
    Gap,
    /// The bytes aren't those of the fact that the row says.
    Bytes,
}

/// The last fact of a chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub incarnation: IncarnationId,
    pub seq: u64,
    pub hash: Hash,
}

struct Link {
    change_seq: i64,
    incarnation: IncarnationId,
    seq: u64,
    event_id: EventId,
    previous: Hash,
    hash: Hash,
    bytes: Vec<u8>,
}

/// Hashes at one seq of an incarnation: more than one where it forked.
struct Place {
    incarnation: IncarnationId,
    seq: u64,
    hashes: Vec<Hash>,
}

pub(crate) fn block(raw: &mut Raw<'_>, from: Option<ChainCursor>, facts: usize) -> Result<ChainBlock, StoreError> {
    let links = links(raw, from, facts)?;
    let mut result = ChainBlock { checked: links.len() as u64, ..ChainBlock::default() };
    let Some(first) = links.first() else { return Ok(result) };
    let heads = state::heads(raw)?;
    let mut before = place(raw, first.incarnation, first.seq - 1)?;
    let mut current = Place { incarnation: first.incarnation, seq: first.seq, hashes: Vec::new() };
    if from.is_some_and(|from| (from.incarnation, from.seq) == (first.incarnation, first.seq)) {
        current = place(raw, first.incarnation, first.seq)?;
    }
    for link in &links {
        if (link.incarnation, link.seq) != (current.incarnation, current.seq) {
            before = std::mem::replace(
                &mut current,
                Place { incarnation: link.incarnation, seq: link.seq, hashes: Vec::new() },
            );
        }
        current.hashes.push(link.hash);
        let flaw = flaw(link, &before, heads.get(&link.incarnation).copied().unwrap_or_default());
        result.broken.extend(flaw.map(|flaw| Broken { incarnation: link.incarnation, seq: link.seq, flaw }));
    }
    if links.len() == facts {
        result.next = links.last().map(|link| ChainCursor {
            incarnation: link.incarnation,
            seq: link.seq,
            change_seq: link.change_seq,
        });
    }
    Ok(result)
}

/// Checks all chains. `tick` hears how many facts were checked, and says to go on.
pub(crate) fn verify_all(
    raw: &mut Raw<'_>,
    mut tick: impl FnMut(u64) -> Result<(), StoreError>,
) -> Result<u64, StoreError> {
    let (mut from, mut checked) = (None, 0);
    let own = origin(raw)?.map(|origin| origin.incarnation);
    loop {
        let block = block(raw, from, BLOCK)?;
        // Where another terminal's chain forked, a part of it may be elsewhere still.
        let harmless = |broken: &Broken| broken.flaw == Flaw::Link && Some(broken.incarnation) != own;
        if let Some(broken) = block.broken.iter().find(|broken| !harmless(broken)) {
            return Err(corrupt(format!("the chain is broken: {broken:?}")));
        }
        checked += block.checked;
        tick(checked)?;
        from = block.next;
        if from.is_none() {
            return Ok(checked);
        }
    }
}

pub(crate) fn count_facts(raw: &mut Raw<'_>) -> Result<u64, StoreError> {
    let count = raw.row("SELECT count(*) FROM fact", binds![], |row| unsigned(row.int(0)))?;
    Ok(count.unwrap_or_default())
}

/// The last fact of every chain.
pub(crate) fn heads(raw: &mut Raw<'_>) -> Result<Vec<Head>, StoreError> {
    raw.rows(
        "SELECT incarnation, seq, (SELECT hash FROM fact WHERE fact.incarnation = head.incarnation \
         AND fact.seq = head.seq ORDER BY change_seq LIMIT 1) FROM head WHERE seq > 0 ORDER BY incarnation",
        binds![],
        |row| {
            let incarnation = IncarnationId(row.id(0)?);
            Ok(Head { incarnation, seq: unsigned(row.int(1))?, hash: hash(row, 2)? })
        },
    )
}

/// `head` is how far the chain was here without a gap.
fn flaw(link: &Link, before: &Place, head: u64) -> Option<Flaw> {
    if chain_hash(link.previous, &link.bytes) != link.hash {
        return Some(Flaw::Hash);
    }
    let says = decode_kept(&link.bytes).map(|fact| (fact.event_id, fact.origin.incarnation, fact.seq));
    if !matches!(says, Ok(says) if says == (link.event_id, link.incarnation, link.seq)) {
        return Some(Flaw::Bytes);
    }
    let follows = (before.incarnation, before.seq) == (link.incarnation, link.seq - 1);
    match link.seq {
        1 if link.previous == Hash::ZERO => None,
        1 => Some(Flaw::Link),
        _ if !follows || before.hashes.is_empty() => Some(Flaw::Gap).filter(|_| link.seq <= head + 1),
        _ if before.hashes.contains(&link.previous) => None,
        _ => Some(Flaw::Link),
    }
}

fn links(raw: &mut Raw<'_>, from: Option<ChainCursor>, facts: usize) -> Result<Vec<Link>, StoreError> {
    let (incarnation, seq, change_seq) =
        from.map_or((Uuid::nil(), 0, 0), |from| (from.incarnation.0, from.seq, from.change_seq));
    raw.rows(
        "SELECT change_seq, incarnation, seq, event_id, prev_hash, hash, bytes FROM fact \
         WHERE (incarnation, seq, change_seq) > (?1, ?2, ?3) ORDER BY incarnation, seq, change_seq LIMIT ?4",
        binds![incarnation, amount(seq)?, change_seq, limit(facts)],
        |row| {
            Ok(Link {
                change_seq: row.int(0),
                incarnation: IncarnationId(row.id(1)?),
                seq: unsigned(row.int(2))?,
                event_id: EventId(row.id(3)?),
                previous: hash(row, 4)?,
                hash: hash(row, 5)?,
                bytes: row.blob(6).to_vec(),
            })
        },
    )
}

fn place(raw: &mut Raw<'_>, incarnation: IncarnationId, seq: u64) -> Result<Place, StoreError> {
    let hashes = raw.rows(
        "SELECT hash FROM fact WHERE incarnation = ?1 AND seq = ?2",
        binds![incarnation.0, amount(seq)?],
        |row| hash(row, 0),
    )?;
    Ok(Place { incarnation, seq, hashes })
}
