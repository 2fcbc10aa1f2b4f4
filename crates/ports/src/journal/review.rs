//! The open cases that review's projector derives from facts.

use chrono::{DateTime, Utc};
use nosmoke_domain::fact::CaseId;
use nosmoke_domain::ids::{CustomerId, EventId};
use nosmoke_domain::words::CaseReason;

use super::WriteCheckpoints;
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

    /// Whether the customer has open cases, or facts that the projector passed over.
    fn has_review(&mut self, customer: CustomerId) -> Result<bool, StoreError>;
}

/// Writes open cases. The projector uses this.
pub trait WriteReview: ReadReview + WriteCheckpoints {
    /// Replaces the open cases of a customer, from all facts up to now.
    fn put_open_cases(&mut self, customer: CustomerId, rows: &[CaseRow]) -> Result<(), StoreError>;

    /// Notes that facts of a customer were passed over.
    fn put_unreviewed(&mut self, customer: CustomerId) -> Result<(), StoreError>;
}
