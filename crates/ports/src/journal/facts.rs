//! Facts with their original bytes, and the change feed: the order in which facts arrived at this terminal.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Draft, Fact, Recorded};
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId, RecorderId};
use uuid::Uuid;

use super::{ReadCheckpoints, ReadOrigins};
use crate::StoreError;

/// A fact with its position in the change feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The position in the order of arrival at this terminal, from 1; gaps have no meaning.
    pub change_seq: i64,
    pub received_at: DateTime<Utc>,
    pub recorded: Recorded,
}

/// The kinds of facts about points of which a customer's list can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// Check-outs, each with its earning, if any.
    CheckOuts,
    /// Payments, each with its deduction.
    Payments,
}

/// The facts to read by who recorded or approved them, newest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RecordedQuery {
    /// `None` for everybody.
    pub by: Option<RecorderId>,
    pub from: Option<DateTime<Utc>>,
    /// Not included.
    pub until: Option<DateTime<Utc>>,
    /// The time (ms) and the change of the last fact of the previous page.
    pub before: Option<(i64, i64)>,
    pub limit: usize,
}

/// Reads facts, origins and checkpoints: everything that folding a customer's state needs. No method reads a
/// projection.
pub trait ReadFacts: ReadOrigins + ReadCheckpoints {
    /// The last change of the feed, 0 if there is none.
    fn last_change(&mut self) -> Result<i64, StoreError>;

    /// The last change about a customer, 0 if there is none.
    fn last_change_of(&mut self, customer: CustomerId) -> Result<i64, StoreError>;

    /// Returns at most `limit` changes after the change `after`, in the feed's order.
    fn changes(&mut self, after: i64, limit: usize) -> Result<Vec<Change>, StoreError>;

    /// Returns when the first change after the change `after` arrived at this terminal. Reads only one row.
    fn arrived_after(&mut self, after: i64) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// Returns when a customer's first change after the change `after` arrived at this terminal. Reads only one row.
    fn arrived_after_of(&mut self, customer: CustomerId, after: i64) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// Returns how many check-outs of an incarnation come after a change and weren't taken back, counted up to `limit`,
    /// and when the first one arrived.
    fn check_outs_after(
        &mut self,
        incarnation: IncarnationId,
        after: i64,
        limit: usize,
    ) -> Result<Option<(u64, DateTime<Utc>)>, StoreError>;

    /// Returns the facts with these event ids, in the order of their changes.
    fn facts_by_event(&mut self, events: &BTreeSet<EventId>) -> Result<Vec<Change>, StoreError>;

    /// Whether every other known fact of the customer is named, directly or through others, by this one, and nothing is
    /// awaited: its recorder knew them all.
    fn is_only_tip(&mut self, customer: CustomerId, event_id: EventId) -> Result<bool, StoreError>;

    /// A customer's facts after a change, in the feed's order.
    fn facts_after(&mut self, customer: CustomerId, after: i64) -> Result<Vec<Change>, StoreError>;

    /// Returns the facts that have one of these ids as their subject, or as the second id of [`Fact::also_about`].
    fn facts_about(&mut self, subjects: &BTreeSet<Uuid>) -> Result<Vec<Change>, StoreError>;

    /// Returns the fact that this incarnation recorded with this event id, and those that it recorded next.
    fn facts_from(&mut self, event_id: EventId, limit: usize) -> Result<Vec<Change>, StoreError>;

    /// Returns a customer's facts about one item (subject, or second id) that arrived before a change; `None` if another
    /// fact of the customer has the event id of one of them.
    fn earlier_facts(
        &mut self,
        customer: CustomerId,
        item: Uuid,
        before: i64,
    ) -> Result<Option<Vec<Change>>, StoreError>;

    /// A customer's facts about penalties, in the feed's order.
    fn penalty_facts(&mut self, customer: CustomerId) -> Result<Vec<Change>, StoreError>;

    /// A customer's check-outs or payments before a change, newest first.
    fn movements(
        &mut self,
        customer: CustomerId,
        of: Movement,
        before: Option<i64>,
        limit: usize,
    ) -> Result<Vec<Change>, StoreError>;

    /// Returns the latest facts, newest first: of `customer`, or if it is `None`, those that staff recorded in this
    /// incarnation, without the earnings and gifts that policies record.
    fn recent(&mut self, customer: Option<CustomerId>, limit: usize) -> Result<Vec<Change>, StoreError>;

    /// Returns facts by who recorded or approved them, newest first, by their time and then by the feed's order.
    fn recorded_by(&mut self, query: &RecordedQuery) -> Result<Vec<Change>, StoreError>;

    /// Everybody who recorded or approved a fact, sorted by id. There are few, and the number of facts doesn't matter.
    fn recorders(&mut self) -> Result<Vec<RecorderId>, StoreError>;

    /// Customers that have facts, sorted by id, after the customer `after`.
    fn customers_with_facts(&mut self, after: Option<CustomerId>, limit: usize) -> Result<Vec<CustomerId>, StoreError>;

    /// Returns which of these customers have a fact that gave an incarnation up (`Reclaimed`).
    fn with_reclaims(&mut self, customers: &BTreeSet<CustomerId>) -> Result<BTreeSet<CustomerId>, StoreError>;

    /// Returns whether a fact erases this customer.
    fn is_erased(&mut self, customer: CustomerId) -> Result<bool, StoreError>;

    /// Returns the latest facts that erased a customer, newest first.
    fn erasures(&mut self, limit: usize) -> Result<Vec<Change>, StoreError>;
}

/// Adds facts. A fact is never changed.
pub trait WriteFacts: ReadFacts {
    /// Seals drafts with this incarnation's next seqs and adds them to the journal. They are pending until they are
    /// read back from the log.
    fn append(&mut self, drafts: Vec<Draft>) -> Result<Vec<Fact>, StoreError>;

    /// Like [`Self::append`], with the seqs of an incarnation of this folder that has ended.
    fn append_as(&mut self, incarnation: IncarnationId, drafts: Vec<Draft>) -> Result<Vec<Fact>, StoreError>;
}
