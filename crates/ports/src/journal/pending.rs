//! What waits to be read back from the log: facts, and records that aren't facts.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Hash;
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId, NoteId, TerminalId};
use uuid::Uuid;

use super::ReferenceKind;
use crate::StoreError;

/// A fact that hasn't been read back from the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingFact {
    pub change_seq: i64,
    pub event_id: EventId,
    pub incarnation: IncarnationId,
    pub terminal_id: TerminalId,
    pub customer_id: CustomerId,
    pub fact_type: String,
    pub version: u32,
    pub occurred_at: DateTime<Utc>,
    pub traceparent: Option<String>,
    pub bytes: Vec<u8>,
    pub previous: Hash,
    pub hash: Hash,
}

/// How much waits, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PendingTotals {
    /// Facts not read back.
    pub facts: u64,
    /// Profiles, notes and reference records not read back.
    pub records: u64,
    /// The change that has waited longest.
    pub oldest: Option<i64>,
}

/// A record that isn't a fact, by its place in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecordKey {
    Profile(CustomerId),
    Note(CustomerId, NoteId),
    Reference(ReferenceKind, Uuid),
}

/// Reads what waits.
pub trait ReadPending {
    /// Facts not read back from the log, after a change of the feed, this incarnation's own or those of others.
    fn pending_facts(&mut self, own: bool, after: i64, limit: usize) -> Result<Vec<PendingFact>, StoreError>;

    fn pending_records(&mut self, limit: usize) -> Result<Vec<RecordKey>, StoreError>;

    fn pending_totals(&mut self) -> Result<PendingTotals, StoreError>;

    /// Which of these changes wait to be read back.
    fn pending_among(&mut self, changes: &[i64]) -> Result<BTreeSet<i64>, StoreError>;
}

/// Notes what was read back, and what is to be published again.
pub trait WritePending: ReadPending {
    /// One of this incarnation's facts, of that customer, was read back; false where none of that hash waits for that.
    fn read_back(&mut self, hash: Hash, customer: CustomerId) -> Result<bool, StoreError>;

    /// The same of facts whose changes are known: they wait no longer, if they did.
    fn read_back_changes(&mut self, changes: &[i64]) -> Result<(), StoreError>;

    /// Nothing counts as read back any more, neither facts nor records, own or foreign.
    fn mark_all_pending(&mut self) -> Result<(), StoreError>;

    /// The facts of an incarnation after a seq don't count as read back any more.
    fn mark_pending_after(&mut self, incarnation: IncarnationId, seq: u64) -> Result<(), StoreError>;

    /// Nor does any profile or note.
    fn mark_profiles_pending(&mut self) -> Result<(), StoreError>;

    /// A record counts as not read back (`true`) or as read back.
    fn mark_record_pending(&mut self, key: RecordKey, pending: bool) -> Result<(), StoreError>;
}
