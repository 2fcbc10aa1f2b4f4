//! The customer center's read model, in a store of its own (S5). Rows are derived from the facts about one subject; a
//! subject's rows are always replaced as a whole, so an incremental projection and a rebuild give equal rows.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId, NoteId, StaffId};
use nosmoke_domain::words::{Ground, PenaltyCode};
use uuid::Uuid;

use super::StoreError;
use crate::contract::{EntryKind, MypageCounts, MypageFilter};

/// One line of Mypage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// Of the visit, payment, correction, penalty or deduction.
    pub entry_id: Uuid,
    pub customer_id: CustomerId,
    /// The visit, payment, correction or penalty whose facts made this row.
    pub subject: Uuid,
    pub kind: EntryKind,
    pub other_id: Option<Uuid>,
    /// Sort key: when a visit ended (or began, while open), else when it was recorded.
    pub at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub area_id: Option<AreaId>,
    /// As in `contract::MypageEntry`, but a penalty is `IMPOSED`: `accrued_after` tells when it reads `ACCRUED`.
    pub status: String,
    pub points: i64,
    pub penalty_points: i64,
    pub code: Option<PenaltyCode>,
    pub ground: Option<Ground>,
    pub note_id: Option<NoteId>,
    pub incarnation: IncarnationId,
    pub staff_id: StaffId,
    /// The change that imposed a penalty.
    pub accrued_after: Option<i64>,
}

/// As stores keep kinds and histories; never given another meaning.
impl EntryKind {
    const ALL: [Self; 7] = [
        Self::Visit,
        Self::Payment,
        Self::PaymentVoid,
        Self::Adjustment,
        Self::Penalty,
        Self::PenaltyDeduction,
        Self::PenaltyVoid,
    ];

    pub const fn code(self) -> i16 {
        match self {
            Self::Visit => 0,
            Self::Payment => 1,
            Self::PaymentVoid => 2,
            Self::Adjustment => 3,
            Self::Penalty => 4,
            Self::PenaltyDeduction => 5,
            Self::PenaltyVoid => 6,
        }
    }

    pub fn from_code(code: i16) -> Option<Self> {
        usize::try_from(code).ok().and_then(|code| Self::ALL.get(code)).copied()
    }

    /// The history that it is shown in.
    pub const fn history(self) -> MypageFilter {
        match self {
            Self::Visit => MypageFilter::Visits,
            Self::Payment | Self::PaymentVoid | Self::Adjustment => MypageFilter::Payments,
            Self::Penalty | Self::PenaltyDeduction | Self::PenaltyVoid => MypageFilter::Penalties,
        }
    }
}

impl MypageFilter {
    /// 0 is no history of its own.
    pub const fn code(self) -> i16 {
        match self {
            Self::All => 0,
            Self::Visits => 1,
            Self::Payments => 2,
            Self::Penalties => 3,
        }
    }
}

/// One step of the projector: the rows of these subjects are replaced by `rows`, and the checkpoint moves, in one
/// transaction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProjectionBatch {
    pub subjects: Vec<Uuid>,
    pub rows: Vec<EntryRow>,
    /// Where the checkpoint must still be, or nothing is written: the read model was emptied or set back meanwhile.
    pub after: i64,
    pub checkpoint: i64,
}

/// Keyset position of an entry; a page holds entries strictly older than it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageCursor {
    pub at_ms: i64,
    pub entry_id: Uuid,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageQuery {
    pub customer_id: CustomerId,
    pub filter: MypageFilter,
    /// Half-open: `from <= at < until`.
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
    pub after: Option<PageCursor>,
    pub limit: usize,
}

/// Sums of every entry of a customer up to a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct MypageTotals {
    pub balance: i64,
    pub outstanding: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesPoint {
    pub at: DateTime<Utc>,
    pub kind: EntryKind,
    pub points: i64,
    pub penalty_points: i64,
}

/// Position of an export: entries strictly newer than this, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportCursor {
    pub at_ms: i64,
    pub entry_id: Uuid,
}

/// What a read model must have been made from to be kept. It begins anew where any of the ids differs, or where it has
/// followed further than `last_change`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MypageClaim {
    /// The journal's; a restored one has another.
    pub store_id: Uuid,
    /// The life that records there; a copied or an older folder begins another one. None before the set-up.
    pub life: Option<IncarnationId>,
    /// Counts how often facts that had been passed were understood anew.
    pub generation: u64,
    pub last_change: i64,
}

/// The journal as a read model on a server asks it, each time it is reached.
#[async_trait]
pub trait MypageSource: Send + Sync + std::fmt::Debug {
    /// # Errors
    /// The journal's.
    async fn claim(&self) -> Result<MypageClaim, StoreError>;
}

#[async_trait]
pub trait MypageStore: Send + Sync + std::fmt::Debug {
    async fn checkpoint(&self) -> Result<i64, StoreError>;
    /// False when the checkpoint wasn't where the batch begins.
    async fn apply(&self, batch: ProjectionBatch) -> Result<bool, StoreError>;
    /// Newest first.
    async fn page(&self, query: PageQuery) -> Result<Vec<EntryRow>, StoreError>;
    /// Entries per filter between the dates.
    async fn counts(
        &self,
        customer: CustomerId,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
    ) -> Result<MypageCounts, StoreError>;
    /// For each position (newest first), the sums of all entries up to and with it. One sum over the customer's
    /// entries, the rest from those between the positions.
    async fn totals_at(&self, customer: CustomerId, positions: &[PageCursor]) -> Result<Vec<MypageTotals>, StoreError>;
    /// Sums of all entries strictly before a time.
    async fn totals_before(&self, customer: CustomerId, before: DateTime<Utc>) -> Result<MypageTotals, StoreError>;
    /// Changes of the sums between two times, oldest first; one a day (Asia/Seoul, its last entry's time and kind) when
    /// there are more than `limit`.
    async fn series(
        &self,
        customer: CustomerId,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        limit: usize,
    ) -> Result<Vec<SeriesPoint>, StoreError>;
    /// Visits that began at or after a time.
    async fn visits_since(&self, customer: CustomerId, since: DateTime<Utc>) -> Result<u32, StoreError>;
    async fn count_for_export(
        &self,
        customer: Option<CustomerId>,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
    ) -> Result<u64, StoreError>;
    /// A block of an export, oldest first.
    async fn export_block(
        &self,
        customer: Option<CustomerId>,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        after: Option<ExportCursor>,
        limit: usize,
    ) -> Result<Vec<EntryRow>, StoreError>;
    /// Empties the read model; the projector fills it again from the journal.
    async fn clear(&self) -> Result<(), StoreError>;
}
