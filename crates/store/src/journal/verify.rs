//! The hash chain of every incarnation: each fact's hash is that of its bytes and of the hash before it.

use std::path::Path;

use nosmoke_application::ports::StoreError;
use nosmoke_domain::fact::{Hash, chain_hash, decode};
use nosmoke_domain::ids::{EventId, IncarnationId};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{ConnectOptions, Row as _};
use uuid::Uuid;

use crate::backup::Head;
use crate::error::{corrupt, from_sqlx};
use crate::migrate::close;
use crate::open::read_only;
use crate::words::{limit, unsigned};

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
    /// It doesn't follow the fact before it.
    Link,
    /// Facts before it are missing.
    Gap,
    /// The bytes aren't those of the fact that the row says.
    Bytes,
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

pub(super) async fn block(
    connection: &mut SqliteConnection,
    from: Option<ChainCursor>,
    facts: usize,
) -> Result<ChainBlock, StoreError> {
    let links = links(connection, from, facts).await?;
    let mut result = ChainBlock { checked: links.len() as u64, ..ChainBlock::default() };
    let Some(first) = links.first() else { return Ok(result) };
    let mut before = place(connection, first.incarnation, first.seq - 1).await?;
    let mut current = Place { incarnation: first.incarnation, seq: first.seq, hashes: Vec::new() };
    if from.is_some_and(|from| (from.incarnation, from.seq) == (first.incarnation, first.seq)) {
        current = place(connection, first.incarnation, first.seq).await?;
    }
    for link in &links {
        if (link.incarnation, link.seq) != (current.incarnation, current.seq) {
            before = std::mem::replace(
                &mut current,
                Place { incarnation: link.incarnation, seq: link.seq, hashes: Vec::new() },
            );
        }
        current.hashes.push(link.hash);
        let flaw = flaw(link, &before);
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

/// Checks all chains of a file that nothing may change. `tick` hears how many facts were checked, and says to go on.
pub(crate) async fn verify_file(
    path: &Path,
    mut tick: impl FnMut(u64) -> Result<(), StoreError>,
) -> Result<u64, StoreError> {
    let mut connection = read_only(path).connect().await.map_err(|error| from_sqlx(&error))?;
    let (mut from, mut checked) = (None, 0);
    loop {
        let block = block(&mut connection, from, BLOCK).await?;
        if let Some(broken) = block.broken.first() {
            return Err(corrupt(format!("the chain is broken: {broken:?}")));
        }
        checked += block.checked;
        tick(checked)?;
        from = block.next;
        if from.is_none() {
            close(connection).await?;
            return Ok(checked);
        }
    }
}

/// The last fact of every chain.
pub(crate) async fn heads(connection: &mut SqliteConnection) -> Result<Vec<Head>, StoreError> {
    let rows = sqlx::query(
        "SELECT incarnation, seq, (SELECT hash FROM fact WHERE fact.incarnation = head.incarnation \
         AND fact.seq = head.seq ORDER BY change_seq LIMIT 1) FROM head ORDER BY incarnation",
    )
    .fetch_all(connection)
    .await
    .map_err(|error| from_sqlx(&error))?;
    let head = |row: &SqliteRow| {
        let seq: i64 = row.try_get(1).map_err(|error| from_sqlx(&error))?;
        let incarnation = IncarnationId(Uuid::from_bytes(fixed(row, 0)?));
        Ok(Head { incarnation, seq: unsigned(seq)?, hash: hash(row, 2)? })
    };
    rows.iter().map(head).collect()
}

fn flaw(link: &Link, before: &Place) -> Option<Flaw> {
    if chain_hash(link.previous, &link.bytes) != link.hash {
        return Some(Flaw::Hash);
    }
    let says = decode(&link.bytes).map(|fact| (fact.event_id, fact.origin.incarnation, fact.seq));
    if !matches!(says, Ok(says) if says == (link.event_id, link.incarnation, link.seq)) {
        return Some(Flaw::Bytes);
    }
    let follows = (before.incarnation, before.seq) == (link.incarnation, link.seq - 1);
    match link.seq {
        1 if link.previous == Hash::ZERO => None,
        1 => Some(Flaw::Link),
        _ if !follows || before.hashes.is_empty() => Some(Flaw::Gap),
        _ if before.hashes.contains(&link.previous) => None,
        _ => Some(Flaw::Link),
    }
}

async fn links(
    connection: &mut SqliteConnection,
    from: Option<ChainCursor>,
    facts: usize,
) -> Result<Vec<Link>, StoreError> {
    let (incarnation, seq, change_seq) =
        from.map_or((Uuid::nil(), 0, 0), |from| (from.incarnation.0, from.seq, from.change_seq));
    let rows = sqlx::query(
        "SELECT change_seq, incarnation, seq, event_id, prev_hash, hash, bytes FROM fact \
         WHERE (incarnation, seq, change_seq) > (?, ?, ?) ORDER BY incarnation, seq, change_seq LIMIT ?",
    )
    .bind(incarnation.as_bytes().as_slice())
    .bind(i64::try_from(seq).map_err(corrupt)?)
    .bind(change_seq)
    .bind(limit(facts))
    .fetch_all(connection)
    .await
    .map_err(|error| from_sqlx(&error))?;
    rows.iter().map(link).collect()
}

async fn place(connection: &mut SqliteConnection, incarnation: IncarnationId, seq: u64) -> Result<Place, StoreError> {
    let rows = sqlx::query("SELECT hash FROM fact WHERE incarnation = ? AND seq = ?")
        .bind(incarnation.0.as_bytes().as_slice())
        .bind(i64::try_from(seq).map_err(corrupt)?)
        .fetch_all(connection)
        .await
        .map_err(|error| from_sqlx(&error))?;
    let hashes = rows.iter().map(|row| hash(row, 0)).collect::<Result<_, _>>()?;
    Ok(Place { incarnation, seq, hashes })
}

fn link(row: &SqliteRow) -> Result<Link, StoreError> {
    let int = |column: usize| row.try_get::<i64, _>(column).map_err(|error| from_sqlx(&error));
    Ok(Link {
        change_seq: int(0)?,
        incarnation: IncarnationId(Uuid::from_bytes(fixed(row, 1)?)),
        seq: unsigned(int(2)?)?,
        event_id: EventId(Uuid::from_bytes(fixed(row, 3)?)),
        previous: hash(row, 4)?,
        hash: hash(row, 5)?,
        bytes: row.try_get(6).map_err(|error| from_sqlx(&error))?,
    })
}

fn hash(row: &SqliteRow, column: usize) -> Result<Hash, StoreError> {
    fixed(row, column).map(Hash)
}

fn fixed<const N: usize>(row: &SqliteRow, column: usize) -> Result<[u8; N], StoreError> {
    let bytes: &[u8] = row.try_get(column).map_err(|error| from_sqlx(&error))?;
    bytes.try_into().map_err(|_| corrupt(format!("column {column} isn't {N} bytes")))
}
