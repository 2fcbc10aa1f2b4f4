//! Pending facts and documents: those that haven't been read back from the log yet.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::Hash;
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId, NoteId, TerminalId};
use uuid::Uuid;

use super::ReferenceKind;
use crate::StoreError;

/// A fact that hasn't been read back from the log yet.
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

/// How many facts and documents are pending, and the oldest pending change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PendingTotals {
    /// Facts not read back from the log yet.
    pub facts: u64,
    /// Profiles, notes and reference documents not read back from the log yet.
    pub documents: u64,
    /// The change that has been pending longest.
    pub oldest: Option<i64>,
}

/// Identifies a document by its key in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DocumentKey {
    Profile(CustomerId),
    Note(CustomerId, NoteId),
    Reference(ReferenceKind, Uuid),
}

/// Reads which facts and documents are pending.
pub trait ReadPending {
    /// Returns pending facts after a change of the feed: those of this incarnation (`own`), or those of all others.
    fn pending_facts(&mut self, own: bool, after: i64, limit: usize) -> Result<Vec<PendingFact>, StoreError>;

    fn pending_documents(&mut self, limit: usize) -> Result<Vec<DocumentKey>, StoreError>;

    fn pending_totals(&mut self) -> Result<PendingTotals, StoreError>;

    /// Returns which of these changes are pending.
    fn pending_among(&mut self, changes: &[i64]) -> Result<BTreeSet<i64>, StoreError>;
}

/// Marks facts and documents as read back from the log, or as pending again.
pub trait WritePending: ReadPending {
    /// Marks one of this incarnation's facts as read back from the log; returns false if no fact with that hash is
    /// pending.
    fn read_back(&mut self, hash: Hash, customer: CustomerId) -> Result<bool, StoreError>;

    /// Marks the facts of these changes as read back from the log; ignores facts that aren't pending.
    fn read_back_changes(&mut self, changes: &[i64]) -> Result<(), StoreError>;

    /// Marks all facts and documents as pending, also those of other terminals, because the log was lost and must be
    /// filled again.
    fn mark_all_pending(&mut self) -> Result<(), StoreError>;

    /// Marks an incarnation's facts as pending: those after a seq, and before another one if there is one.
    fn mark_pending_between(
        &mut self,
        incarnation: IncarnationId,
        after: u64,
        before: Option<u64>,
    ) -> Result<(), StoreError>;

    /// Marks all profiles and notes as pending.
    fn mark_profiles_pending(&mut self) -> Result<(), StoreError>;

    /// Marks a document as still to be published (`true`) or as read back from the log (`false`).
    fn mark_document_pending(&mut self, key: DocumentKey, pending: bool) -> Result<(), StoreError>;
}
