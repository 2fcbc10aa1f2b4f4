//! Facts as first written, and the change feed: their order of arrival here.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{Draft, Fact, Recorded};
use nosmoke_domain::ids::{CustomerId, IncarnationId};
use uuid::Uuid;

use super::{ReadCheckpoints, ReadOrigins};
use crate::StoreError;

/// A fact with its place in the change feed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Order of arrival at this terminal, from 1, without a gap that would matter.
    pub change_seq: i64,
    pub received_at: DateTime<Utc>,
    pub recorded: Recorded,
}

/// What moves a customer's points, as lists of it are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// Check-outs, each with what it earns, if anything.
    CheckOuts,
    /// Payments, each with its deduction.
    Payments,
}

/// Reads facts, and with them who recorded them and how far they were followed: all that folding needs, and no projection.
pub trait ReadFacts: ReadOrigins + ReadCheckpoints {
    /// The last change of the feed, 0 when there is none.
    fn last_change(&mut self) -> Result<i64, StoreError>;

    /// At most `limit` changes after one, in the feed's order.
    fn changes(&mut self, after: i64, limit: usize) -> Result<Vec<Change>, StoreError>;

    /// When the first change after one arrived here: one row of the feed.
    fn arrived_after(&mut self, after: i64) -> Result<Option<DateTime<Utc>>, StoreError>;

    /// How many check-outs of an incarnation come after a change, counted up to `limit`, and when the first of them arrived.
    fn check_outs_after(
        &mut self,
        incarnation: IncarnationId,
        after: i64,
        limit: usize,
    ) -> Result<Option<(u64, DateTime<Utc>)>, StoreError>;

    /// A customer's facts after a change, in the feed's order.
    fn facts_after(&mut self, customer: CustomerId, after: i64) -> Result<Vec<Change>, StoreError>;

    /// The facts whose subject is one of these, or that are also about one of them.
    fn facts_about(&mut self, subjects: &BTreeSet<Uuid>) -> Result<Vec<Change>, StoreError>;

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

    /// The last facts, newest first: this incarnation's, or a customer's.
    fn recent(&mut self, customer: Option<CustomerId>, limit: usize) -> Result<Vec<Change>, StoreError>;

    /// Customers that have facts, by id, after one.
    fn customers_with_facts(&mut self, after: Option<CustomerId>, limit: usize) -> Result<Vec<CustomerId>, StoreError>;

    /// The last erasures of persons, newest first.
    fn erasures(&mut self, limit: usize) -> Result<Vec<Change>, StoreError>;
}

/// Adds facts. None is ever changed.
pub trait WriteFacts: ReadFacts {
    /// Seals drafts with this incarnation's next seqs and adds them to the journal. They are pending until read back.
    fn append(&mut self, drafts: Vec<Draft>) -> Result<Vec<Fact>, StoreError>;
}
