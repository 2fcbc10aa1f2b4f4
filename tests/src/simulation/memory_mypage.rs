//! Mypage's store in memory. Like a file, it survives a crash of its terminal's program.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId};
use nosmoke_ports::contract::{EntryKind, MypageCounts};
use nosmoke_ports::{
    EntryRow, ExportBlock, ExportCursor, ForkProgress, MypageStore, MypageTotals, PageCursor, PageQuery, PeriodQuery,
    PeriodRows, ProjectionBatch, SeriesPoint, StoreError,
};
use parking_lot::Mutex;
use uuid::Uuid;

use super::faults::Fault;

#[derive(Debug, Clone, Default)]
struct ReadModel {
    /// The rows of each subject.
    rows: BTreeMap<Uuid, Vec<EntryRow>>,
    checkpoint: i64,
    forks: BTreeMap<IncarnationId, ForkProgress>,
}

#[derive(Debug)]
pub(super) struct MemoryMypage {
    model: Mutex<ReadModel>,
    fault: Option<Fault>,
}

impl MemoryMypage {
    pub(super) fn new(fault: Option<Fault>) -> Self {
        Self { model: Mutex::default(), fault }
    }

    /// Forgets everything, as a store does that belongs to another journal.
    pub(super) fn forget(&self) {
        *self.model.lock() = ReadModel::default();
    }

    pub(super) fn go_back(&self, change_seq: i64) {
        let mut model = self.model.lock();
        model.checkpoint = model.checkpoint.min(change_seq);
    }

    /// All rows, by customer and id.
    pub(super) fn rows(&self) -> BTreeMap<CustomerId, BTreeMap<Uuid, EntryRow>> {
        let mut rows: BTreeMap<CustomerId, BTreeMap<Uuid, EntryRow>> = BTreeMap::new();
        for row in self.model.lock().rows.values().flatten() {
            rows.entry(row.customer_id).or_default().insert(row.entry_id, row.clone());
        }
        rows
    }
}

#[async_trait]
impl MypageStore for MemoryMypage {
    async fn checkpoint(&self) -> Result<i64, StoreError> {
        Ok(self.model.lock().checkpoint)
    }

    async fn fork_progress(&self) -> Result<BTreeMap<IncarnationId, ForkProgress>, StoreError> {
        Ok(self.model.lock().forks.clone())
    }

    async fn apply(&self, batch: ProjectionBatch) -> Result<bool, StoreError> {
        let mut model = self.model.lock();
        if model.checkpoint != batch.after {
            return Ok(false);
        }
        let before: Vec<EntryRow> =
            batch.subjects.iter().filter_map(|subject| model.rows.remove(subject)).flatten().collect();
        for mut row in batch.rows {
            match self.fault {
                Some(Fault::WritesNothingOff) if row.kind == EntryKind::WriteOff => continue,
                Some(Fault::KeepsTheFirstStatus) => {
                    let first = before.iter().find(|first| first.entry_id == row.entry_id);
                    row.status = first.map_or(row.status, |first| first.status.clone());
                }
                _ => {}
            }
            model.rows.entry(row.subject).or_default().push(row);
        }
        model.checkpoint = batch.checkpoint;
        model.forks.extend(batch.forks);
        Ok(true)
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.forget();
        Ok(())
    }

    // No screen reads Mypage in a simulation.

    async fn page(&self, _: PageQuery) -> Result<Vec<EntryRow>, StoreError> {
        Err(StoreError::Closed)
    }

    async fn counts(
        &self,
        _: CustomerId,
        _: Option<DateTime<Utc>>,
        _: Option<DateTime<Utc>>,
    ) -> Result<MypageCounts, StoreError> {
        Err(StoreError::Closed)
    }

    async fn totals_at(&self, _: CustomerId, _: &[PageCursor]) -> Result<Vec<MypageTotals>, StoreError> {
        Err(StoreError::Closed)
    }

    async fn totals_before(&self, _: CustomerId, _: DateTime<Utc>) -> Result<MypageTotals, StoreError> {
        Err(StoreError::Closed)
    }

    async fn series(
        &self,
        _: CustomerId,
        _: Option<DateTime<Utc>>,
        _: Option<DateTime<Utc>>,
        _: usize,
    ) -> Result<Vec<SeriesPoint>, StoreError> {
        Err(StoreError::Closed)
    }

    async fn visits_since(&self, _: CustomerId, _: DateTime<Utc>) -> Result<u32, StoreError> {
        Err(StoreError::Closed)
    }

    async fn penalties_by_area(&self, _: DateTime<Utc>) -> Result<Vec<(AreaId, u32)>, StoreError> {
        Err(StoreError::Closed)
    }

    async fn count_for_export(
        &self,
        _: Option<CustomerId>,
        _: Option<DateTime<Utc>>,
        _: Option<DateTime<Utc>>,
    ) -> Result<u64, StoreError> {
        Err(StoreError::Closed)
    }

    async fn export_block(
        &self,
        _: Option<CustomerId>,
        _: Option<DateTime<Utc>>,
        _: Option<DateTime<Utc>>,
        _: Option<ExportCursor>,
        _: usize,
    ) -> Result<ExportBlock, StoreError> {
        Err(StoreError::Closed)
    }

    async fn period(&self, _: PeriodQuery) -> Result<PeriodRows, StoreError> {
        Err(StoreError::Closed)
    }
}
