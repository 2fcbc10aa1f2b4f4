//! Projections that contexts derive from facts: standings, customers inside, open penalties.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{AreaId, CustomerId, PenaltyId, VisitId};
use nosmoke_domain::point::StandingCopy;
use nosmoke_domain::words::PenaltyCode;

use super::WriteCheckpoints;
use crate::StoreError;

/// A visit that hasn't ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsideRow {
    pub visit_id: VisitId,
    pub customer_id: CustomerId,
    pub area_id: AreaId,
    pub since: DateTime<Utc>,
}

/// A customer's published standing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingRow {
    pub customer_id: CustomerId,
    pub copy: StandingCopy,
}

/// A penalty with points left by deductions, as penalty's projector stored it. It may have lapsed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PenaltyRow {
    pub penalty_id: PenaltyId,
    pub customer_id: CustomerId,
    pub imposed_at: DateTime<Utc>,
    pub code: PenaltyCode,
    pub points: u64,
    pub outstanding: u64,
    pub educated: bool,
    pub area_id: Option<AreaId>,
    /// The change that imposed the penalty; the penalty is shown as ACCRUED once point's projector has passed that
    /// change (N10).
    pub imposed_change_seq: i64,
}

/// Reads projections, which lag behind the facts. Who is inside includes what this terminal recorded.
pub trait ReadProjections {
    fn standing(&mut self, customer: CustomerId) -> Result<Option<StandingRow>, StoreError>;

    /// Published standings that aren't ALLOWED, before time changes them, sorted by customer, after the customer
    /// `after`.
    fn not_allowed(&mut self, after: Option<CustomerId>, limit: usize) -> Result<Vec<StandingRow>, StoreError>;

    fn inside_of(&mut self, customer: CustomerId) -> Result<Vec<InsideRow>, StoreError>;

    /// Returns all customers inside, the one inside longest first; only those in `area` if it is given.
    fn inside(&mut self, area: Option<AreaId>) -> Result<Vec<InsideRow>, StoreError>;

    /// Returns at most `limit` visits in an area, the longest first.
    fn longest_inside(&mut self, area: AreaId, limit: usize) -> Result<Vec<InsideRow>, StoreError>;

    /// Counts the visits in an area, up to `limit`, leaving out those of the customer `except`.
    fn count_inside(&mut self, area: AreaId, except: Option<CustomerId>, limit: u32) -> Result<u32, StoreError>;

    fn open_penalties(&mut self, customer: CustomerId) -> Result<Vec<PenaltyRow>, StoreError>;

    /// Customers who have open penalties, sorted by id, after the customer `after`.
    fn with_open_penalties(&mut self, after: Option<CustomerId>, limit: usize) -> Result<Vec<CustomerId>, StoreError>;
}

/// Writes projections. Projectors use this; they write the rows and their checkpoint in the same unit of work. A command
/// stores the visits that it changed itself ([`Self::put_inside`]).
pub trait WriteProjections: ReadProjections + WriteCheckpoints {
    fn put_standing(&mut self, row: &StandingRow) -> Result<(), StoreError>;

    /// Replaces the rows of a customer's visits that haven't ended, and updates the customer's last visit.
    fn put_inside(&mut self, customer: CustomerId, rows: &[InsideRow]) -> Result<(), StoreError>;

    /// Stores a customer's last visit, unless a later one is stored.
    fn put_last_visit(&mut self, customer: CustomerId, at: DateTime<Utc>, area: AreaId) -> Result<(), StoreError>;

    fn put_penalty(&mut self, row: &PenaltyRow) -> Result<(), StoreError>;

    /// Removes a penalty that has nothing outstanding any more.
    fn remove_penalty(&mut self, penalty: PenaltyId) -> Result<(), StoreError>;
}
