//! What hasn't been read back from the log: facts, and records that aren't facts.

use std::collections::BTreeSet;

use nosmoke_domain::fact::{Hash, recorded_where};
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId, NoteId};
use nosmoke_ports::{PendingFact, PendingTotals, ReadOrigins, ReadPending, RecordKey, StoreError, WritePending};
use uuid::Uuid;

use crate::error::corrupt;
use crate::journal::tx::Tx;
use crate::raw::{Raw, Row, binds};
use crate::words::{self, amount, hash, limit, time, unsigned};

const PROFILE: &str = "profile";
const NOTE: &str = "note";

impl ReadPending for Tx<'_, '_> {
    fn pending_facts(&mut self, own: bool, after: i64, rows: usize) -> Result<Vec<PendingFact>, StoreError> {
        self.raw.rows(
            "SELECT f.change_seq, f.type, f.version, f.prev_hash, f.hash, f.bytes, f.event_id, f.incarnation, \
             f.customer_id, f.occurred_at_ms \
             FROM pending p JOIN fact f ON f.change_seq = p.change_seq \
             WHERE p.own = ?1 AND p.change_seq > ?2 ORDER BY p.change_seq LIMIT ?3",
            binds![own, after, limit(rows)],
            pending_fact,
        )
    }

    fn pending_records(&mut self, rows: usize) -> Result<Vec<RecordKey>, StoreError> {
        self.raw.rows("SELECT kind, id, customer_id FROM pending_record LIMIT ?1", binds![limit(rows)], |row| {
            Ok(match row.text(0)? {
                PROFILE => RecordKey::Profile(CustomerId(row.id(1)?)),
                NOTE => RecordKey::Note(CustomerId(row.id(2)?), NoteId(row.id(1)?)),
                kind => RecordKey::Reference(words::reference_kind(kind)?, row.id(1)?),
            })
        })
    }

    fn pending_totals(&mut self) -> Result<PendingTotals, StoreError> {
        let totals = self.raw.row(
            "SELECT (SELECT count(*) FROM pending), (SELECT count(*) FROM pending_record), \
             (SELECT min(change_seq) FROM ( SELECT min(change_seq) AS change_seq FROM pending WHERE own = 0 \
             UNION ALL SELECT min(change_seq) FROM pending WHERE own = 1))",
            binds![],
            |row| {
                Ok(PendingTotals {
                    facts: unsigned(row.int(0))?,
                    records: unsigned(row.int(1))?,
                    oldest: row.optional(2, |row, column| Ok(row.int(column)))?,
                })
            },
        )?;
        Ok(totals.unwrap_or_default())
    }

    fn pending_among(&mut self, changes: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
        let list = serde_json::to_string(changes).map_err(corrupt)?;
        let pending = self.raw.rows(
            "SELECT change_seq FROM pending WHERE own IN (0, 1) AND change_seq IN (SELECT value FROM json_each(?1))",
            binds![list],
            |row| Ok(row.int(0)),
        )?;
        Ok(pending.into_iter().collect())
    }
}

impl WritePending for Tx<'_, '_> {
    /// An own fact of a customer; gives whether it waited for that.
    fn read_back(&mut self, hash: Hash, customer: CustomerId) -> Result<bool, StoreError> {
        self.write(|tx| {
            let deleted = tx.raw.execute(
                "DELETE FROM pending WHERE own = 1 AND change_seq = \
                 (SELECT change_seq FROM fact WHERE hash = ?1 AND customer_id = ?2)",
                binds![&hash.0[..], customer.0],
            )?;
            Ok(deleted > 0)
        })
    }

    /// Own facts, by their changes.
    fn read_back_changes(&mut self, changes: &[i64]) -> Result<(), StoreError> {
        self.write(|tx| {
            for change_seq in changes {
                tx.raw.execute("DELETE FROM pending WHERE own = 1 AND change_seq = ?1", binds![*change_seq])?;
            }
            Ok(())
        })
    }

    /// Facts and records alike.
    fn mark_all_pending(&mut self) -> Result<(), StoreError> {
        self.write(|tx| {
            let own = tx.origin()?.map(|origin| origin.incarnation.0);
            tx.raw.execute(
                "INSERT OR IGNORE INTO pending (own, change_seq) SELECT incarnation IS ?1, change_seq FROM fact",
                binds![own],
            )?;
            tx.raw
                .execute("INSERT OR IGNORE INTO pending_record (kind, id) SELECT kind, id FROM reference", binds![])?;
            tx.mark_profiles_pending()
        })
    }

    fn mark_pending_after(&mut self, incarnation: IncarnationId, seq: u64) -> Result<(), StoreError> {
        self.write(|tx| {
            let own = tx.origin()?.is_some_and(|origin| origin.incarnation == incarnation);
            tx.raw.execute(
                "INSERT OR IGNORE INTO pending (own, change_seq) \
                 SELECT ?1, change_seq FROM fact WHERE incarnation = ?2 AND seq > ?3",
                binds![own, incarnation.0, amount(seq)?],
            )?;
            Ok(())
        })
    }

    /// A customer known by facts alone has no profile to publish, an erased one a tombstone.
    fn mark_profiles_pending(&mut self) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.raw.execute(
                "INSERT OR IGNORE INTO pending_record (kind, id, customer_id) \
                 SELECT 'profile', customer_id, NULL FROM profile WHERE revision > 0 OR erased = 1 \
                 UNION ALL SELECT 'note', note_id, customer_id FROM note",
                binds![],
            )?;
            Ok(())
        })
    }

    fn mark_record_pending(&mut self, key: RecordKey, pending: bool) -> Result<(), StoreError> {
        self.write(|tx| {
            let (kind, id, customer): (&str, Uuid, Option<Uuid>) = match key {
                RecordKey::Profile(customer) => (PROFILE, customer.0, None),
                RecordKey::Note(customer, note) => (NOTE, note.0, Some(customer.0)),
                RecordKey::Reference(kind, id) => (words::reference(kind), id, None),
            };
            if pending {
                tx.raw.execute(
                    "INSERT OR IGNORE INTO pending_record (kind, id, customer_id) VALUES (?1, ?2, ?3)",
                    binds![kind, id, customer],
                )?;
            } else {
                tx.raw.execute("DELETE FROM pending_record WHERE kind = ?1 AND id = ?2", binds![kind, id])?;
            }
            Ok(())
        })
    }
}

pub(super) fn add_own(raw: &mut Raw<'_>, change_seq: i64) -> Result<(), StoreError> {
    raw.execute("INSERT INTO pending (own, change_seq) VALUES (1, ?1)", binds![change_seq])?;
    Ok(())
}

/// Gives whether it waited for that.
pub(super) fn read_back(raw: &mut Raw<'_>, own: bool, hash: Hash) -> Result<bool, StoreError> {
    let deleted = raw.execute(
        "DELETE FROM pending WHERE own = ?1 AND change_seq = (SELECT change_seq FROM fact WHERE hash = ?2)",
        binds![own, &hash.0[..]],
    )?;
    Ok(deleted > 0)
}

/// The notes about a customer are about to be deleted: each is to be published as erased.
pub(super) fn mark_notes(raw: &mut Raw<'_>, customer: CustomerId) -> Result<(), StoreError> {
    raw.execute(
        "INSERT OR IGNORE INTO pending_record (kind, id, customer_id) \
         SELECT 'note', note_id, customer_id FROM note WHERE customer_id = ?1",
        binds![customer.0],
    )?;
    Ok(())
}

fn pending_fact(row: &Row<'_>) -> Result<PendingFact, StoreError> {
    let change_seq = row.int(0);
    let (terminal_id, traceparent) =
        recorded_where(row.blob(5)).map_err(|error| corrupt(format!("change {change_seq}: {error}")))?;
    Ok(PendingFact {
        change_seq,
        event_id: EventId(row.id(6)?),
        incarnation: IncarnationId(row.id(7)?),
        terminal_id,
        customer_id: CustomerId(row.id(8)?),
        fact_type: row.text(1)?.to_owned(),
        version: u32::try_from(row.int(2)).map_err(corrupt)?,
        occurred_at: time(row.int(9))?,
        traceparent,
        bytes: row.blob(5).to_vec(),
        previous: hash(row, 3)?,
        hash: hash(row, 4)?,
    })
}
