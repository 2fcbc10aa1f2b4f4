//! Mypage's read model, in a store of its own (S5). All rows about one subject (such as a visit) are derived from all
//! facts about it and are replaced together, so that an incremental projection and a rebuild give equal rows.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId, NoteId, RecorderId};
use nosmoke_domain::words::{Ground, PenaltyCode};
use uuid::Uuid;

use super::StoreError;
use crate::contract::{EntryKind, MypageCounts, MypageFilter};
use crate::period::{Decided, PeriodQuery, PeriodRows};

/// A stored entry of Mypage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryRow {
    /// The id of the visit, payment, correction, penalty or deduction; for points written off the same as `subject`.
    pub entry_id: Uuid,
    pub customer_id: CustomerId,
    /// The visit, payment, correction or penalty from whose facts this row was derived; for points written off, an id
    /// made of the customer and the lost incarnation.
    pub subject: Uuid,
    pub kind: EntryKind,
    pub other_id: Option<Uuid>,
    /// The sort key. For a visit its end, or its beginning if it hasn't ended; for other kinds the time of recording.
    pub at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub ended_at: Option<DateTime<Utc>>,
    pub area_id: Option<AreaId>,
    /// The status as in `contract::MypageEntry`, except that a penalty is stored as `IMPOSED`; `accrued_after` decides
    /// when it is shown as `ACCRUED`.
    pub status: String,
    pub points: i64,
    pub penalty_points: i64,
    pub code: Option<PenaltyCode>,
    pub ground: Option<Ground>,
    pub note_id: Option<NoteId>,
    pub incarnation: IncarnationId,
    pub recorder_id: RecorderId,
    /// For a penalty, the change that imposed it: it is shown as `ACCRUED` once point's projector has passed that
    /// change.
    pub accrued_after: Option<i64>,
    /// When it was entered, if that was after it happened.
    pub entered_at: Option<DateTime<Utc>>,
    /// For a visit and a penalty, how their points were decided.
    pub decided: Option<Decided>,
}

/// Converts kinds to and from the codes stored in the database, which never change their meaning.
impl EntryKind {
    const ALL: [Self; 11] = [
        Self::Visit,
        Self::Payment,
        Self::PaymentVoid,
        Self::Adjustment,
        Self::Penalty,
        Self::PenaltyDeduction,
        Self::PenaltyVoid,
        Self::WriteOff,
        Self::PenaltyDeductionVoid,
        Self::Expired,
        Self::Lapsed,
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
            Self::WriteOff => 7,
            Self::PenaltyDeductionVoid => 8,
            Self::Expired => 9,
            Self::Lapsed => 10,
        }
    }

    pub fn from_code(code: i16) -> Option<Self> {
        usize::try_from(code).ok().and_then(|code| Self::ALL.get(code)).copied()
    }

    /// The filter under which Mypage shows this kind.
    pub const fn history(self) -> MypageFilter {
        match self {
            Self::Visit => MypageFilter::Visits,
            Self::Payment | Self::PaymentVoid | Self::Adjustment | Self::WriteOff | Self::Expired => {
                MypageFilter::Payments
            }
            Self::Penalty | Self::PenaltyDeduction | Self::PenaltyVoid | Self::PenaltyDeductionVoid | Self::Lapsed => {
                MypageFilter::Penalties
            }
        }
    }
}

impl MypageFilter {
    /// The code of a filter in queries; 0 means that all kinds are returned.
    pub const fn code(self) -> i16 {
        match self {
            Self::All => 0,
            Self::Visits => 1,
            Self::Payments => 2,
            Self::Penalties => 3,
        }
    }
}

/// How far the projector has looked through the customers for points that a forked incarnation overspent. A fork shows
/// in the facts of any customer, so those of whom nothing new is recorded are looked at too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ForkProgress {
    /// Up to this customer, by id.
    UpTo(CustomerId),
    All,
}

/// One step of Mypage's projector: in one transaction, all rows of these subjects are replaced by `rows`, and the
/// checkpoint and the progress of forks are moved.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProjectionBatch {
    pub subjects: Vec<Uuid>,
    pub rows: Vec<EntryRow>,
    /// The checkpoint before this step. If the stored one differs, nothing is written, because the read model was
    /// cleared meanwhile.
    pub after: i64,
    pub checkpoint: i64,
    pub forks: Vec<(IncarnationId, ForkProgress)>,
}

/// The cursor of a page (keyset pagination): the last entry of the previous page. The page has only entries that are
/// strictly older.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageCursor {
    pub at_ms: i64,
    pub entry_id: Uuid,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageQuery {
    pub customer_id: CustomerId,
    pub filter: MypageFilter,
    /// The range of time is half-open: `from <= at < until`.
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
    pub after: Option<PageCursor>,
    pub limit: usize,
}

/// The sums of a customer's entries up to a position.
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

/// The cursor of an export: the last entry exported. The export continues with the entries that began later. When an
/// entry began doesn't change, unlike [`EntryRow::at`], so that an export has each entry once, whatever is recorded
/// meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportCursor {
    pub began_ms: i64,
    pub entry_id: Uuid,
}

impl ExportCursor {
    /// The cursor that continues after an entry.
    pub fn after(row: &EntryRow) -> Self {
        Self { began_ms: row.started_at.unwrap_or(row.at).timestamp_millis(), entry_id: row.entry_id }
    }
}

/// A batch of an export.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportBlock {
    pub rows: Vec<EntryRow>,
    /// The read model's checkpoint at the same moment: the rows include the changes up to it.
    pub checkpoint: i64,
}

/// The state of the journal that the read model must match. The read model is rebuilt if it was derived from a journal
/// with another id, incarnation or generation, or if its checkpoint is beyond `last_change`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MypageClaim {
    /// The id of the journal; a restored journal has a new id.
    pub store_id: Uuid,
    /// The first incarnation that the folder records for; a copied or restored folder leaves it behind. `None` before the
    /// set-up.
    pub incarnation: Option<IncarnationId>,
    /// Incremented when a newer program can read facts that the older one skipped, so that the read model must be
    /// rebuilt.
    pub generation: u64,
    pub last_change: i64,
}

/// Tells a read model on a server, at each connect, which state of the journal it must match.
#[async_trait]
pub trait MypageSource: Send + Sync + std::fmt::Debug {
    /// Returns the current state of the journal.
    ///
    /// # Errors
    /// An error of the journal.
    async fn claim(&self) -> Result<MypageClaim, StoreError>;
}

#[async_trait]
pub trait MypageStore: Send + Sync + std::fmt::Debug {
    async fn checkpoint(&self) -> Result<i64, StoreError>;
    /// Returns the progress for each forked incarnation; none for one that hasn't been begun.
    async fn fork_progress(&self) -> Result<BTreeMap<IncarnationId, ForkProgress>, StoreError>;
    /// Writes a batch. Returns false and writes nothing if the checkpoint isn't the one at which the batch begins.
    async fn apply(&self, batch: ProjectionBatch) -> Result<bool, StoreError>;
    /// Returns a page of entries, newest first.
    async fn page(&self, query: PageQuery) -> Result<Vec<EntryRow>, StoreError>;
    /// Returns the number of entries between the dates, for each filter.
    async fn counts(
        &self,
        customer: CustomerId,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
    ) -> Result<MypageCounts, StoreError>;
    /// Returns for each position (newest first) the sums of all entries up to and including it. Sums the entries up to
    /// the oldest position once, and adds the entries between the positions to that.
    async fn totals_at(&self, customer: CustomerId, positions: &[PageCursor]) -> Result<Vec<MypageTotals>, StoreError>;
    /// Returns the sums of all entries strictly before a time.
    async fn totals_before(&self, customer: CustomerId, before: DateTime<Utc>) -> Result<MypageTotals, StoreError>;
    /// Returns the changes of the sums between two times, oldest first. If there are more than `limit`, returns one
    /// point for each day (Asia/Seoul), with the time and the kind of the day's last entry.
    async fn series(
        &self,
        customer: CustomerId,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        limit: usize,
    ) -> Result<Vec<SeriesPoint>, StoreError>;
    /// Returns the number of visits that began at or after a time.
    async fn visits_since(&self, customer: CustomerId, since: DateTime<Utc>) -> Result<u32, StoreError>;
    /// Returns the number of penalties of each area since a time, the area with the most first; voided ones don't count.
    async fn penalties_by_area(&self, since: DateTime<Utc>) -> Result<Vec<(AreaId, u32)>, StoreError>;
    async fn count_for_export(
        &self,
        customer: Option<CustomerId>,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
    ) -> Result<u64, StoreError>;
    /// Returns a batch of the entries between the dates, those that began first first.
    async fn export_block(
        &self,
        customer: Option<CustomerId>,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        after: Option<ExportCursor>,
        limit: usize,
    ) -> Result<ExportBlock, StoreError>;
    /// Returns the figures of some days: sums that are kept with the entries, read from one state.
    async fn period(&self, query: PeriodQuery) -> Result<PeriodRows, StoreError>;
    /// Empties the read model; the projector fills it again from the journal.
    async fn clear(&self) -> Result<(), StoreError>;
}
