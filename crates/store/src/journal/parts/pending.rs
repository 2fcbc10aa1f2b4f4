//! The facts and documents that are pending: not yet read back from the log.

use std::collections::BTreeSet;

use nosmoke_domain::fact::{Hash, recorded_where};
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId, NoteId};
use nosmoke_ports::{DocumentKey, PendingFact, PendingTotals, ReadOrigins, ReadPending, StoreError, WritePending};
use uuid::Uuid;

use crate::error::corrupt;
use crate::journal::tx::Tx;
use crate::sqlite::{Connection, Row, params};
use crate::words::{self, amount, hash, limit, time, unsigned};

const PROFILE: &str = "profile";
const NOTE: &str = "note";

impl ReadPending for Tx<'_> {
    fn pending_facts(&mut self, own: bool, after: i64, rows: usize) -> Result<Vec<PendingFact>, StoreError> {
        self.db.rows(
            "SELECT f.change_seq, f.type, f.version, f.prev_hash, f.hash, f.bytes, f.event_id, f.incarnation, \
             f.customer_id, f.occurred_at_ms \
             FROM pending p JOIN fact f ON f.change_seq = p.change_seq \
             WHERE p.own = ?1 AND p.change_seq > ?2 ORDER BY p.change_seq LIMIT ?3",
            params![own, after, limit(rows)],
            pending_fact,
        )
    }

    fn pending_documents(&mut self, rows: usize) -> Result<Vec<DocumentKey>, StoreError> {
        self.db.rows("SELECT kind, id, customer_id FROM pending_document LIMIT ?1", params![limit(rows)], |row| {
            Ok(match row.text(0)? {
                PROFILE => DocumentKey::Profile(CustomerId(row.id(1)?)),
                NOTE => DocumentKey::Note(CustomerId(row.id(2)?), NoteId(row.id(1)?)),
                kind => DocumentKey::Reference(words::reference_kind(kind)?, row.id(1)?),
            })
        })
    }

    fn pending_totals(&mut self) -> Result<PendingTotals, StoreError> {
        let totals = self.db.row(
            "SELECT (SELECT count(*) FROM pending), (SELECT count(*) FROM pending_document), \
             (SELECT min(change_seq) FROM ( SELECT min(change_seq) AS change_seq FROM pending WHERE own = 0 \
             UNION ALL SELECT min(change_seq) FROM pending WHERE own = 1))",
            params![],
            |row| {
                Ok(PendingTotals {
                    facts: unsigned(row.int(0))?,
                    documents: unsigned(row.int(1))?,
                    oldest: row.optional(2, |column| Ok(column.int()))?,
                })
            },
        )?;
        Ok(totals.unwrap_or_default())
    }

    fn pending_among(&mut self, changes: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
        let list = serde_json::to_string(changes).map_err(corrupt)?;
        let pending = self.db.rows(
            "SELECT change_seq FROM pending WHERE own IN (0, 1) AND change_seq IN (SELECT value FROM json_each(?1))",
            params![list],
            |row| Ok(row.int(0)),
        )?;
        Ok(pending.into_iter().collect())
    }
}

impl WritePending for Tx<'_> {
    /// Marks a customer's own fact as read back from the log. Returns whether it was pending.
    fn read_back(&mut self, hash: Hash, customer: CustomerId) -> Result<bool, StoreError> {
        self.write(|tx| {
            let deleted = tx.db.execute(
                "DELETE FROM pending WHERE own = 1 AND change_seq = \
                 (SELECT change_seq FROM fact WHERE hash = ?1 AND customer_id = ?2)",
                params![&hash.0[..], customer.0],
            )?;
            Ok(deleted > 0)
        })
    }

    /// Marks own facts as read back from the log, by their changes.
    fn read_back_changes(&mut self, changes: &[i64]) -> Result<(), StoreError> {
        self.write(|tx| {
            for change_seq in changes {
                tx.db.execute("DELETE FROM pending WHERE own = 1 AND change_seq = ?1", params![*change_seq])?;
            }
            Ok(())
        })
    }

    /// Marks all facts and documents as pending.
    fn mark_all_pending(&mut self) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.db.execute(
                "INSERT OR IGNORE INTO pending (own, change_seq) \
                 SELECT incarnation IN (SELECT incarnation FROM origin WHERE left_behind = 0), change_seq FROM fact",
                params![],
            )?;
            tx.db.execute(
                "INSERT OR IGNORE INTO pending_document (kind, id) SELECT kind, id FROM reference",
                params![],
            )?;
            tx.mark_profiles_pending()
        })
    }

    fn mark_pending_between(
        &mut self,
        incarnation: IncarnationId,
        after: u64,
        before: Option<u64>,
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            let own = tx.own_incarnations()?.contains(&incarnation);
            tx.db.execute(
                "INSERT OR IGNORE INTO pending (own, change_seq) \
                 SELECT ?1, change_seq FROM fact WHERE incarnation = ?2 AND seq > ?3 AND seq < ?4",
                params![own, incarnation.0, amount(after)?, before.map_or(Ok(i64::MAX), amount)?],
            )?;
            Ok(())
        })
    }

    /// Marks all profiles and notes as pending. Includes erased profiles, whose tombstones are published; skips
    /// placeholders.
    fn mark_profiles_pending(&mut self) -> Result<(), StoreError> {
        self.write(|tx| {
            tx.db.execute(
                "INSERT OR IGNORE INTO pending_document (kind, id, customer_id) \
                 SELECT 'profile', customer_id, NULL FROM profile WHERE revision > 0 OR erased = 1 \
                 UNION ALL SELECT 'note', note_id, customer_id FROM note",
                params![],
            )?;
            Ok(())
        })
    }

    fn mark_document_pending(&mut self, key: DocumentKey, pending: bool) -> Result<(), StoreError> {
        self.write(|tx| {
            let (kind, id, customer): (&str, Uuid, Option<Uuid>) = match key {
                DocumentKey::Profile(customer) => (PROFILE, customer.0, None),
                DocumentKey::Note(customer, note) => (NOTE, note.0, Some(customer.0)),
                DocumentKey::Reference(kind, id) => (words::reference(kind), id, None),
            };
            if pending {
                tx.db.execute(
                    "INSERT OR IGNORE INTO pending_document (kind, id, customer_id) VALUES (?1, ?2, ?3)",
                    params![kind, id, customer],
                )?;
            } else {
                tx.db.execute("DELETE FROM pending_document WHERE kind = ?1 AND id = ?2", params![kind, id])?;
            }
            Ok(())
        })
    }
}

pub(super) fn add_own(db: &mut Connection, change_seq: i64) -> Result<(), StoreError> {
    db.execute("INSERT INTO pending (own, change_seq) VALUES (1, ?1)", params![change_seq])?;
    Ok(())
}

/// Marks a fact as read back from the log, by its hash. Returns whether it was pending.
pub(super) fn read_back(db: &mut Connection, own: bool, hash: Hash) -> Result<bool, StoreError> {
    let deleted = db.execute(
        "DELETE FROM pending WHERE own = ?1 AND change_seq = (SELECT change_seq FROM fact WHERE hash = ?2)",
        params![own, &hash.0[..]],
    )?;
    Ok(deleted > 0)
}

/// Marks the notes of a customer as pending before they are deleted, so that each is published as erased.
pub(super) fn mark_notes(db: &mut Connection, customer: CustomerId) -> Result<(), StoreError> {
    db.execute(
        "INSERT OR IGNORE INTO pending_document (kind, id, customer_id) \
         SELECT 'note', note_id, customer_id FROM note WHERE customer_id = ?1",
        params![customer.0],
    )?;
    Ok(())
}

fn pending_fact(row: &Row<'_>) -> Result<PendingFact, StoreError> {
    let change_seq = row.int(0);
    let bytes = row.blob(5);
    let (terminal_id, traceparent) = recorded_where(bytes)
        .map_err(|error| corrupt(format!("the fact of change {change_seq} is unreadable: {error}")))?;
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
        bytes: bytes.to_vec(),
        previous: hash(row.column(3))?,
        hash: hash(row.column(4))?,
    })
}
