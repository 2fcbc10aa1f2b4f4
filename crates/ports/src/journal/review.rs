//! The open cases that review's projector derives from facts, and what cases of the whole facility are derived from.

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::{CaseAbout, CaseId};
use nosmoke_domain::ids::{CustomerId, EventId, IncarnationId};
use nosmoke_domain::words::CaseReason;

use super::{Change, WriteCheckpoints};
use crate::StoreError;

/// A case that nobody has resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    pub case: CaseId,
    /// The customer under whose id a resolution is recorded.
    pub customer_id: CustomerId,
    pub began_at: DateTime<Utc>,
    /// Its facts, at most 8: the newest.
    pub facts: Vec<EventId>,
    /// For points written off, how many there are.
    pub points: Option<u64>,
}

/// Which open cases to read.
#[derive(Debug, Clone, Default)]
pub struct CaseQuery {
    pub reason: Option<CaseReason>,
    pub customer: Option<CustomerId>,
    pub limit: usize,
}

/// Reads open cases, which lag behind the facts.
pub trait ReadReview {
    /// Returns open cases, those that began first before the others.
    fn open_cases(&mut self, query: &CaseQuery) -> Result<Vec<CaseRow>, StoreError>;

    fn open_case(&mut self, case: &CaseId) -> Result<Option<CaseRow>, StoreError>;

    /// Counts the open cases, up to `limit`.
    fn count_open_cases(&mut self, limit: usize) -> Result<usize, StoreError>;

    /// Returns pairs of customers who have the same card, in the order of their ids: not those whose ids are linked, and not
    /// those of whom somebody resolved the case. With `customer` only the pairs of this one.
    fn shared_cards(
        &mut self,
        customer: Option<CustomerId>,
        limit: usize,
    ) -> Result<Vec<(CustomerId, CustomerId)>, StoreError>;

    /// Returns facts of an incarnation that share their seq with another one: of more than `limit`, the newest by order.
    fn forked_facts(&mut self, incarnation: IncarnationId, limit: usize) -> Result<Vec<Change>, StoreError>;

    /// Returns the resolutions of cases about this, in any order.
    fn resolutions(&mut self, about: &CaseAbout) -> Result<Vec<Change>, StoreError>;

    /// Whether the customer has facts that the projector passed over.
    fn is_unreviewed(&mut self, customer: CustomerId) -> Result<bool, StoreError>;
}

/// Writes open cases. The projector uses this.
pub trait WriteReview: ReadReview + WriteCheckpoints {
    /// Replaces the open cases of a customer, from all facts up to now.
    fn put_open_cases(&mut self, customer: CustomerId, rows: &[CaseRow]) -> Result<(), StoreError>;

    /// Notes that facts of a customer were passed over.
    fn put_unreviewed(&mut self, customer: CustomerId) -> Result<(), StoreError>;
}
