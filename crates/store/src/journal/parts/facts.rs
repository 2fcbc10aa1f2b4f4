//! Facts and the change feed.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{
    Draft, Fact, FactType, Hash, MAX_WRITTEN_BYTES, Novelty, Origin, Payload, Recorded, Sealed, seal,
};
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId, RecorderId};
use nosmoke_ports::{Change, Movement, ReadFacts, ReadOrigins, RecordedQuery, StoreError, WriteFacts};
use uuid::Uuid;

use super::decoded::{decoded, remember};
use super::{pending, recorders, tips};
use crate::error::corrupt;
use crate::journal::chain::state::{self, Chain};
use crate::journal::tx::Tx;
use crate::sqlite::{Connection, Row, params};
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

pub(super) use changes;

impl ReadFacts for Tx<'_> {
    fn last_change(&mut self) -> Result<i64, StoreError> {
        state::last_change(self.db)
    }

    fn last_change_of(&mut self, customer: CustomerId) -> Result<i64, StoreError> {
        let sql = "SELECT coalesce(max(change_seq), 0) FROM fact WHERE customer_id = ?1";
        Ok(self.db.row(sql, params![customer.0], |row| Ok(row.int(0)))?.unwrap_or(0))
    }

    fn changes(&mut self, after: i64, rows: usize) -> Result<Vec<Change>, StoreError> {
        self.db.rows(
            changes!("WHERE change_seq > ?1 ORDER BY change_seq LIMIT ?2"),
            params![after, limit(rows)],
            change,
        )
    }

    fn arrived_after(&mut self, after: i64) -> Result<Option<DateTime<Utc>>, StoreError> {
        let sql = "SELECT received_at_ms FROM fact WHERE change_seq > ?1 ORDER BY change_seq LIMIT 1";
        self.db.row(sql, params![after], |row| time(row.int(0)))
    }

    fn arrived_after_of(&mut self, customer: CustomerId, after: i64) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.db.row(
            "SELECT received_at_ms FROM fact WHERE customer_id = ?1 AND change_seq > ?2 ORDER BY change_seq LIMIT 1",
            params![customer.0, after],
            |row| time(row.int(0)),
        )
    }

    fn check_outs_after(
        &mut self,
        incarnation: IncarnationId,
        after: i64,
        rows: usize,
    ) -> Result<Option<(u64, DateTime<Utc>)>, StoreError> {
        self.db.row(
            "SELECT waiting.count, received_at_ms FROM ( \
             SELECT count(*) AS count, min(change_seq) AS first FROM ( \
             SELECT change_seq FROM fact INDEXED BY fact_checked_out_here \
             WHERE type = 'CheckedOut' AND incarnation = ?1 AND change_seq > ?2 \
             AND NOT EXISTS (SELECT 1 FROM fact AS back WHERE back.subject = fact.subject \
             AND back.type = 'CheckOutTakenBack' AND back.change_seq > fact.change_seq) \
             ORDER BY change_seq LIMIT ?3)) AS waiting JOIN fact ON fact.change_seq = waiting.first",
            params![incarnation.0, after, limit(rows)],
            |row| Ok((unsigned(row.int(0))?, time(row.int(1))?)),
        )
    }

    fn facts_after(&mut self, customer: CustomerId, after: i64) -> Result<Vec<Change>, StoreError> {
        self.db.rows(
            changes!("WHERE customer_id = ?1 AND change_seq > ?2 ORDER BY change_seq"),
            params![customer.0, after],
            change,
        )
    }

    fn facts_by_event(&mut self, events: &BTreeSet<EventId>) -> Result<Vec<Change>, StoreError> {
        self.db.rows(
            changes!("WHERE event_id IN (SELECT unhex(value) FROM json_each(?1)) ORDER BY change_seq"),
            params![id_list(events.iter().map(|event| event.0))],
            change,
        )
    }

    fn is_only_tip(&mut self, customer: CustomerId, event_id: EventId) -> Result<bool, StoreError> {
        tips::is_only(self.db, customer, event_id)
    }

    fn facts_about(&mut self, subjects: &BTreeSet<Uuid>) -> Result<Vec<Change>, StoreError> {
        self.db.rows(
            changes!(
                "WHERE change_seq IN ( \
                 SELECT change_seq FROM fact WHERE subject IN (SELECT unhex(value) FROM json_each(?1)) \
                 UNION SELECT change_seq FROM fact WHERE related IN (SELECT unhex(value) FROM json_each(?1)) \
                 ) ORDER BY change_seq"
            ),
            params![id_list(subjects.iter().copied())],
            change,
        )
    }

    fn facts_from(&mut self, event_id: EventId, rows: usize) -> Result<Vec<Change>, StoreError> {
        let Some(origin) = self.origin()? else { return Ok(Vec::new()) };
        self.db.rows(
            changes!(
                "WHERE incarnation = ?1 AND seq >= (SELECT min(seq) FROM fact WHERE event_id = ?2 AND incarnation = ?1) \
                 ORDER BY seq LIMIT ?3"
            ),
            params![origin.incarnation.0, event_id.0, limit(rows)],
            change,
        )
    }

    fn earlier_facts(
        &mut self,
        customer: CustomerId,
        item: Uuid,
        before: i64,
    ) -> Result<Option<Vec<Change>>, StoreError> {
        let collisions = self.db.row(
            "SELECT count(*) FROM ( \
             SELECT event_id, change_seq FROM fact WHERE subject = ?2 AND customer_id = ?1 AND change_seq < ?3 \
             UNION SELECT event_id, change_seq FROM fact WHERE related = ?2 AND customer_id = ?1 AND change_seq < ?3 \
             ) AS about JOIN fact AS other ON other.event_id = about.event_id \
             WHERE other.customer_id = ?1 AND other.change_seq < ?3 AND other.change_seq <> about.change_seq",
            params![customer.0, item, before],
            |row| Ok(row.int(0)),
        )?;
        if collisions != Some(0) {
            return Ok(None);
        }
        self.db
            .rows(
                changes!(
                    "WHERE change_seq IN ( \
                     SELECT change_seq FROM fact WHERE subject = ?2 AND customer_id = ?1 AND change_seq < ?3 \
                     UNION SELECT change_seq FROM fact WHERE related = ?2 AND customer_id = ?1 AND change_seq < ?3 \
                     ) ORDER BY change_seq"
                ),
                params![customer.0, item, before],
                change,
            )
            .map(Some)
    }

    fn penalty_facts(&mut self, customer: CustomerId) -> Result<Vec<Change>, StoreError> {
        self.db.rows(
            changes!(
                "WHERE customer_id = ?1 AND type IN ('PenaltyImposed', 'PenaltyDeducted', 'PenaltyVoided', \
                 'PenaltyDeductionVoided', 'LevelsRevised') \
                 ORDER BY change_seq"
            ),
            params![customer.0],
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
        // One statement for each case: SQLite uses a partial index only if the statement contains its condition
        // literally.
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
        self.db.rows(sql, params![customer.0, before.unwrap_or(i64::MAX), limit(rows)], change)
    }

    fn recent(&mut self, customer: Option<CustomerId>, rows: usize) -> Result<Vec<Change>, StoreError> {
        if let Some(customer) = customer {
            return self.db.rows(
                changes!("WHERE customer_id = ?1 ORDER BY change_seq DESC LIMIT ?2"),
                params![customer.0, limit(rows)],
                change,
            );
        }
        let mut recent: Vec<Change> = Vec::new();
        for incarnation in self.own_incarnations()?.into_iter().rev() {
            if recent.len() >= rows {
                break;
            }
            recent.extend(self.db.rows(
                changes!(
                    "WHERE incarnation = ?1 AND type NOT IN ('Earned', 'Given') \
                     ORDER BY seq DESC, change_seq DESC LIMIT ?2"
                ),
                params![incarnation.0, limit(rows - recent.len())],
                change,
            )?);
        }
        recent.sort_by_key(|change| std::cmp::Reverse(change.change_seq));
        Ok(recent)
    }

    fn recorded_by(&mut self, query: &RecordedQuery) -> Result<Vec<Change>, StoreError> {
        let mut changes = Vec::new();
        for change_seq in recorders::newest(self.db, query)? {
            changes.extend(self.db.rows(changes!("WHERE change_seq = ?1"), params![change_seq], change)?);
        }
        Ok(changes)
    }

    fn recorders(&mut self) -> Result<Vec<RecorderId>, StoreError> {
        Ok(recorders::all(self.db)?.into_iter().map(RecorderId).collect())
    }

    /// Skips through the index from customer to customer, so the cost doesn't depend on the number of facts per
    /// customer.
    fn customers_with_facts(&mut self, after: Option<CustomerId>, rows: usize) -> Result<Vec<CustomerId>, StoreError> {
        let after = after.map(|customer| customer.0);
        self.db.rows(
            "WITH RECURSIVE known (customer_id) AS ( \
             SELECT min(customer_id) FROM fact WHERE customer_id > coalesce(?1, x'') \
             UNION ALL SELECT (SELECT min(customer_id) FROM fact WHERE customer_id > known.customer_id) FROM known \
             WHERE customer_id IS NOT NULL LIMIT ?2) SELECT customer_id FROM known WHERE customer_id IS NOT NULL",
            params![after, limit(rows)],
            |row| row.id(0).map(CustomerId),
        )
    }

    fn with_reclaims(&mut self, customers: &BTreeSet<CustomerId>) -> Result<BTreeSet<CustomerId>, StoreError> {
        let found = self.db.rows(
            "SELECT DISTINCT customer_id FROM fact \
             WHERE type = 'Reclaimed' AND customer_id IN (SELECT unhex(value) FROM json_each(?1))",
            params![id_list(customers.iter().map(|customer| customer.0))],
            |row| row.id(0).map(CustomerId),
        )?;
        Ok(found.into_iter().collect())
    }

    fn is_erased(&mut self, customer: CustomerId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM fact WHERE customer_id = ?1 AND type = 'CustomerErased' LIMIT 1";
        Ok(self.db.row(sql, params![customer.0], |_| Ok(()))?.is_some())
    }

    fn erasures(&mut self, rows: usize) -> Result<Vec<Change>, StoreError> {
        self.db.rows(
            changes!("WHERE type = 'CustomerErased' ORDER BY change_seq DESC LIMIT ?1"),
            params![limit(rows)],
            change,
        )
    }
}

impl WriteFacts for Tx<'_> {
    fn append(&mut self, drafts: Vec<Draft>) -> Result<Vec<Fact>, StoreError> {
        let now = self.clock.now();
        self.write(|tx| {
            let origin = current(tx.chain)?;
            let last = (tx.chain.seq, tx.chain.hash);
            append_to(tx, (origin, last), drafts, now)
        })
    }

    fn append_as(&mut self, incarnation: IncarnationId, drafts: Vec<Draft>) -> Result<Vec<Fact>, StoreError> {
        let now = self.clock.now();
        self.write(|tx| {
            let origin = current(tx.chain)?;
            if !tx.chain.ended.contains(&incarnation) {
                return Err(StoreError::Failed(format!("{incarnation} isn't an ended incarnation of this folder")));
            }
            let last = state::last_of(tx.db, incarnation)?;
            append_to(tx, (Origin { incarnation, ..origin }, last), drafts, now)
        })
    }
}

fn current(chain: &Chain) -> Result<Origin, StoreError> {
    chain
        .origin
        .ok_or_else(|| StoreError::Failed("the journal has no origin, because the terminal isn't set up".into()))
}

/// Turns drafts into facts with the next seqs of one chain, whose last fact is given, and adds them as pending.
fn append_to(
    tx: &mut Tx<'_>,
    (origin, last): (Origin, (u64, Hash)),
    drafts: Vec<Draft>,
    now: DateTime<Utc>,
) -> Result<Vec<Fact>, StoreError> {
    let (db, chain) = (&mut *tx.db, &mut *tx.chain);
    let (before, (mut seq, mut hash)) = (last.0, last);
    let mut facts = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let after = tips::newest(db, draft.customer_id)?;
        let sealed = seal(draft, origin, seq + 1, hash, after);
        if sealed.bytes.len() > MAX_WRITTEN_BYTES {
            return Err(StoreError::FactTooLarge(sealed.bytes.len()));
        }
        if !insert(db, chain, &sealed, now)? {
            return Err(StoreError::Failed(format!("the journal already has the fact with the hash {}", sealed.hash)));
        }
        pending::add_own(db, chain.last_change)?;
        (seq, hash) = (sealed.fact.seq, sealed.hash);
        facts.push(sealed.fact);
    }
    if !facts.is_empty() {
        // After a restore, own facts before these may be missing; then the head stays at the last fact before the gap.
        db.execute(
            "INSERT INTO head (incarnation, seq, terminal_id) VALUES (?1, ?2, ?3) \
             ON CONFLICT (incarnation) DO UPDATE SET seq = excluded.seq WHERE head.seq = ?4",
            params![origin.incarnation.0, amount(seq)?, origin.terminal_id.0, amount(before)?],
        )?;
        chain.totals.store(db)?;
    }
    Ok(facts)
}

/// Adds a fact as the feed's next change, with its novelty. Returns false if the journal has the fact already.
pub(super) fn insert(
    db: &mut Connection,
    chain: &mut Chain,
    sealed: &Sealed,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let (change_seq, fact) = (chain.last_change + 1, &sealed.fact);
    let (name, version) = match &fact.payload {
        Payload::Unknown { name, version } => (name.as_str(), *version),
        known => (known.fact_type().map_or("", FactType::name), 1),
    };
    let added = db.execute(
        "INSERT INTO fact (change_seq, hash, prev_hash, event_id, incarnation, seq, customer_id, subject, related, \
         occurred_at_ms, received_at_ms, type, version, bytes, novelty) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, CASE \
         WHEN EXISTS (SELECT 1 FROM fact WHERE event_id = ?4 AND customer_id = ?7) THEN 2 \
         WHEN EXISTS (SELECT 1 FROM fact WHERE subject = ?8 AND customer_id = ?7) THEN 1 ELSE 0 END) \
         ON CONFLICT (hash) DO NOTHING",
        params![
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
        db.execute("INSERT INTO not_understood (change_seq) VALUES (?1)", params![change_seq])?;
    }
    if let Payload::Given(given) = &fact.payload {
        db.execute(
            "INSERT INTO receiver (incarnation, terminal_id) VALUES (?1, ?2) ON CONFLICT (incarnation) DO NOTHING",
            params![given.to.0, fact.origin.terminal_id.0],
        )?;
    }
    recorders::add(db, fact, change_seq)?;
    tips::add(db, fact)?;
    remember(sealed);
    chain.count(sealed);
    Ok(true)
}

pub(super) fn change(row: &Row<'_>) -> Result<Change, StoreError> {
    let change_seq = row.int(0);
    let hash = hash(row.column(2))?;
    let mut fact = decoded(hash, row.blob(4))
        .map_err(|error| corrupt(format!("the fact of change {change_seq} is unreadable: {error}")))?;
    // Until `understand` has updated its row, the fact is read as unknown: otherwise one reader would fold it while
    // another uses a snapshot without it.
    if row.int(7) > 0 {
        fact.payload =
            Payload::Unknown { name: row.text(5)?.to_owned(), version: u32::try_from(row.int(6)).map_err(corrupt)? };
    }
    let novelty = match row.int(3) {
        0 => Novelty::New,
        1 => Novelty::Repeats,
        _ => Novelty::Collides,
    };
    let recorded = Recorded { fact, hash, novelty };
    Ok(Change { change_seq, received_at: time(row.int(1))?, recorded })
}
