//! Facts and the change feed.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Draft, Fact, FactType, Novelty, Payload, Recorded, Sealed, decode_kept, seal};
use nosmoke_domain::ids::{CustomerId, IncarnationId};
use nosmoke_ports::{Change, Movement, ReadFacts, ReadOrigins, StoreError, WriteFacts};
use uuid::Uuid;

use super::pending;
use crate::error::corrupt;
use crate::journal::chain::state::{self, Chain};
use crate::journal::tx::Tx;
use crate::raw::{Raw, Row, binds};
use crate::words::{amount, hash, id_list, limit, time, unsigned};

macro_rules! changes {
    ($rest:literal) => {
        concat!(
            "SELECT change_seq, received_at_ms, hash, novelty, bytes, type, version, \
             change_seq IN (SELECT change_seq FROM not_understood) FROM fact ",
            $rest
        )
    };
}

impl ReadFacts for Tx<'_, '_> {
    fn last_change(&mut self) -> Result<i64, StoreError> {
        state::last_change(self.raw)
    }

    fn changes(&mut self, after: i64, rows: usize) -> Result<Vec<Change>, StoreError> {
        self.raw.rows(
            changes!("WHERE change_seq > ?1 ORDER BY change_seq LIMIT ?2"),
            binds![after, limit(rows)],
            change,
        )
    }

    fn arrived_after(&mut self, after: i64) -> Result<Option<DateTime<Utc>>, StoreError> {
        let sql = "SELECT received_at_ms FROM fact WHERE change_seq > ?1 ORDER BY change_seq LIMIT 1";
        self.raw.row(sql, binds![after], |row| time(row.int(0)))
    }

    fn check_outs_after(
        &mut self,
        incarnation: IncarnationId,
        after: i64,
        rows: usize,
    ) -> Result<Option<(u64, DateTime<Utc>)>, StoreError> {
        self.raw.row(
            "SELECT waiting.count, received_at_ms FROM ( \
             SELECT count(*) AS count, min(change_seq) AS first FROM ( \
             SELECT change_seq FROM fact INDEXED BY fact_checked_out_here \
             WHERE type = 'CheckedOut' AND incarnation = ?1 AND change_seq > ?2 \
             ORDER BY change_seq LIMIT ?3)) AS waiting JOIN fact ON fact.change_seq = waiting.first",
            binds![incarnation.0, after, limit(rows)],
            |row| Ok((unsigned(row.int(0))?, time(row.int(1))?)),
        )
    }

    fn facts_after(&mut self, customer: CustomerId, after: i64) -> Result<Vec<Change>, StoreError> {
        self.raw.rows(
            changes!("WHERE customer_id = ?1 AND change_seq > ?2 ORDER BY change_seq"),
            binds![customer.0, after],
            change,
        )
    }

    fn facts_about(&mut self, subjects: &BTreeSet<Uuid>) -> Result<Vec<Change>, StoreError> {
        self.raw.rows(
            changes!(
                "WHERE change_seq IN ( \
                 SELECT change_seq FROM fact WHERE subject IN (SELECT unhex(value) FROM json_each(?1)) \
                 UNION SELECT change_seq FROM fact WHERE related IN (SELECT unhex(value) FROM json_each(?1)) \
                 ) ORDER BY change_seq"
            ),
            binds![id_list(subjects.iter().copied())],
            change,
        )
    }

    fn penalty_facts(&mut self, customer: CustomerId) -> Result<Vec<Change>, StoreError> {
        self.raw.rows(
            changes!(
                "WHERE customer_id = ?1 AND type IN ('PenaltyImposed', 'PenaltyDeducted', 'PenaltyVoided') \
                 ORDER BY change_seq"
            ),
            binds![customer.0],
            change,
        )
    }

    fn movements(
        &mut self,
        customer: CustomerId,
        of: Movement,
        before: Option<i64>,
        rows: usize,
    ) -> Result<Vec<Change>, StoreError> {
        // A statement each: a partial index is used only where its condition stands as it is.
        let sql = match of {
            Movement::CheckOuts => {
                changes!(
                    "WHERE customer_id = ?1 AND change_seq < ?2 AND type = 'CheckedOut' \
                     ORDER BY change_seq DESC LIMIT ?3"
                )
            }
            Movement::Payments => {
                changes!(
                    "WHERE customer_id = ?1 AND change_seq < ?2 AND type = 'Paid' \
                     ORDER BY change_seq DESC LIMIT ?3"
                )
            }
        };
        self.raw.rows(sql, binds![customer.0, before.unwrap_or(i64::MAX), limit(rows)], change)
    }

    fn recent(&mut self, customer: Option<CustomerId>, rows: usize) -> Result<Vec<Change>, StoreError> {
        if let Some(customer) = customer {
            return self.raw.rows(
                changes!("WHERE customer_id = ?1 ORDER BY change_seq DESC LIMIT ?2"),
                binds![customer.0, limit(rows)],
                change,
            );
        }
        let Some(origin) = self.origin()? else { return Ok(Vec::new()) };
        self.raw.rows(
            changes!("WHERE incarnation = ?1 ORDER BY seq DESC, change_seq DESC LIMIT ?2"),
            binds![origin.incarnation.0, limit(rows)],
            change,
        )
    }

    /// Reads one customer after the other off the index, whatever number of facts each has.
    fn customers_with_facts(&mut self, after: Option<CustomerId>, rows: usize) -> Result<Vec<CustomerId>, StoreError> {
        let after = after.map(|customer| customer.0);
        self.raw.rows(
            "WITH RECURSIVE known (customer_id) AS ( \
             SELECT min(customer_id) FROM fact WHERE customer_id > coalesce(?1, x'') \
             UNION ALL SELECT (SELECT min(customer_id) FROM fact WHERE customer_id > known.customer_id) FROM known \
             WHERE customer_id IS NOT NULL LIMIT ?2) SELECT customer_id FROM known WHERE customer_id IS NOT NULL",
            binds![after, limit(rows)],
            |row| row.id(0).map(CustomerId),
        )
    }

    fn erasures(&mut self, rows: usize) -> Result<Vec<Change>, StoreError> {
        self.raw.rows(
            changes!("WHERE type = 'CustomerErased' ORDER BY change_seq DESC LIMIT ?1"),
            binds![limit(rows)],
            change,
        )
    }
}

impl WriteFacts for Tx<'_, '_> {
    /// Seals drafts with the next seqs of the own chain and adds them, pending.
    fn append(&mut self, drafts: Vec<Draft>) -> Result<Vec<Fact>, StoreError> {
        let now = self.clock.now();
        self.write(|tx| {
            let (raw, chain) = (&mut *tx.raw, &mut *tx.chain);
            let origin = chain.origin.ok_or_else(|| StoreError::Failed("nothing records here yet".into()))?;
            let before = chain.seq;
            let mut facts = Vec::with_capacity(drafts.len());
            for draft in drafts {
                let sealed = seal(draft, origin, chain.seq + 1, chain.hash, (*chain.seen).clone());
                if !insert(raw, chain, &sealed, now)? {
                    return Err(StoreError::Failed(format!("fact {} is here already", sealed.hash)));
                }
                pending::add_own(raw, chain.last_change)?;
                facts.push(sealed.fact);
            }
            if !facts.is_empty() {
                // Where facts read back were ahead of the journal, what is missing before them holds the head.
                raw.execute(
                    "INSERT INTO head (incarnation, seq, terminal_id) VALUES (?1, ?2, ?3) \
                     ON CONFLICT (incarnation) DO UPDATE SET seq = excluded.seq WHERE head.seq = ?4",
                    binds![origin.incarnation.0, amount(chain.seq)?, origin.terminal_id.0, amount(before)?],
                )?;
                chain.tally.store(raw)?;
            }
            Ok(facts)
        })
    }
}

/// Adds a fact as the feed's next change, with what is known of its ids now. False when it is here.
pub(super) fn insert(
    raw: &mut Raw<'_>,
    chain: &mut Chain,
    sealed: &Sealed,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (change_seq, fact) = (chain.last_change + 1, &sealed.fact);
    let (name, version) = match &fact.payload {
        Payload::Unknown { name, version } => (name.as_str(), *version),
        known => (known.fact_type().map_or("", FactType::name), 1),
    };
    let added = raw.execute(
        "INSERT INTO fact (change_seq, hash, prev_hash, event_id, incarnation, seq, customer_id, subject, related, \
         occurred_at_ms, received_at_ms, type, version, bytes, novelty) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, CASE \
         WHEN EXISTS (SELECT 1 FROM fact WHERE event_id = ?4 AND customer_id = ?7) THEN 2 \
         WHEN EXISTS (SELECT 1 FROM fact WHERE subject = ?8 AND customer_id = ?7) THEN 1 ELSE 0 END) \
         ON CONFLICT (hash) DO NOTHING",
        binds![
            change_seq,
            &sealed.hash.0[..],
            &sealed.previous.0[..],
            fact.event_id.0,
            fact.origin.incarnation.0,
            amount(fact.seq)?,
            fact.customer_id.0,
            fact.subject(),
            fact.also_about(),
            fact.occurred_at.timestamp_millis(),
            now.timestamp_millis(),
            name,
            i64::from(version),
            &sealed.bytes[..],
        ],
    )?;
    if added == 0 {
        return Ok(false);
    }
    if fact.payload.fact_type().is_none() {
        raw.execute("INSERT INTO not_understood (change_seq) VALUES (?1)", binds![change_seq])?;
    }
    chain.count(sealed);
    Ok(true)
}

fn change(row: &Row<'_>) -> Result<Change, StoreError> {
    let change_seq = row.int(0);
    let mut fact = decode_kept(row.blob(4)).map_err(|error| corrupt(format!("change {change_seq}: {error}")))?;
    // Until what was noted of it is put right (`understand`), it is read as it was when it came: folded by one reader and
    // not by the snapshot of another, it would count by halves.
    if row.int(7) > 0 {
        fact.payload =
            Payload::Unknown { name: row.text(5)?.to_owned(), version: u32::try_from(row.int(6)).map_err(corrupt)? };
    }
    let novelty = match row.int(3) {
        0 => Novelty::New,
        1 => Novelty::Repeats,
        _ => Novelty::Collides,
    };
    let recorded = Recorded { fact, hash: hash(row, 2)?, novelty };
    Ok(Change { change_seq, received_at: time(row.int(1))?, recorded })
}
