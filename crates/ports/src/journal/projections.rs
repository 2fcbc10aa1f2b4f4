//! What contexts project from facts, for each other and for lists: standings, who is inside, open penalties.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{AreaId, CustomerId, PenaltyId, VisitId};
use nosmoke_domain::point::StandingCopy;
use nosmoke_domain::words::PenaltyCode;

use super::WriteCheckpoints;
use crate::StoreError;

/// Someone inside, as check_in projects it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InsideRow {
    pub visit_id: VisitId,
    pub customer_id: CustomerId,
    pub area_id: AreaId,
    pub since: DateTime<Utc>,
}

/// A customer's published standing, and up to which change of the feed it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingRow {
    pub customer_id: CustomerId,
    pub copy: StandingCopy,
}

/// A penalty with something outstanding, as penalty projects it.
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
    /// The change that imposed it; it reads ACCRUED once point's projector has passed it (N10).
    pub imposed_change_seq: i64,
}

/// Reads projections, which lag behind the facts.
pub trait ReadProjections {
    fn standing(&mut self, customer: CustomerId) -> Result<Option<StandingRow>, StoreError>;

    /// Published standings that aren't ALLOWED, by customer, after one.
    fn not_allowed(&mut self, after: Option<CustomerId>, limit: usize) -> Result<Vec<CustomerId>, StoreError>;

    fn inside_of(&mut self, customer: CustomerId) -> Result<Vec<InsideRow>, StoreError>;

    /// Everyone inside, longest first; of one area when given.
    fn inside(&mut self, area: Option<AreaId>) -> Result<Vec<InsideRow>, StoreError>;

    fn open_penalties(&mut self, customer: CustomerId) -> Result<Vec<PenaltyRow>, StoreError>;
}

/// Projects: for the projectors alone, which note in the same unit how far they have come.
pub trait WriteProjections: ReadProjections + WriteCheckpoints {
    fn put_standing(&mut self, row: &StandingRow) -> Result<(), StoreError>;

    /// Replaces the rows of who is inside of one customer, and notes the customer's last visit.
    fn put_inside(&mut self, customer: CustomerId, rows: &[InsideRow]) -> Result<(), StoreError>;

    /// When a customer was last seen, kept at its greatest.
    fn put_last_visit(&mut self, customer: CustomerId, at: DateTime<Utc>, area: AreaId) -> Result<(), StoreError>;

    fn put_penalty(&mut self, row: &PenaltyRow) -> Result<(), StoreError>;

    /// Takes a penalty with nothing outstanding out of the open ones.
    fn remove_penalty(&mut self, penalty: PenaltyId) -> Result<(), StoreError>;
}
