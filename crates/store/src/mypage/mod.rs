//! `mypage.db`: Mypage's read model (S5). It can be derived from the journal again at any time, so a file that is
//! damaged, newer or of another journal is replaced by an empty one.

mod apply;
mod day_sums;
mod export;
mod page;
mod period;
mod row;
mod sums;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId};
use nosmoke_ports::contract::MypageCounts;
use nosmoke_ports::{
    EntryRow, ExportBlock, ExportCursor, ForkProgress, MypageStore, MypageTotals, PageCursor, PageQuery, PeriodQuery,
    PeriodRows, ProjectionBatch, SeriesPoint, StoreError,
};
use uuid::Uuid;

use crate::folder::{Folder, remove_database};
use crate::migrate::{self, Precaution, open_beside, open_migrated};
use crate::open::{Database, Durability};
use crate::pool::{Pool, blocking, joined};
use crate::sqlite::{Connection, params};

/// Number of connections for concurrent reads.
const READERS: usize = 4;
/// The same for a read-only store beside a program that has the folder open.
const READERS_BESIDE: usize = 2;

/// Mypage's store on SQLite. Its threads hold the folder's lock. Dropping the store, or [`SqliteMypage::close`],
/// finishes queued work and ends the threads.
#[derive(Debug)]
pub struct SqliteMypage {
    /// A single connection, because SQLite allows only one writer.
    writing: Pool,
    reading: Pool,
}

impl SqliteMypage {
    /// Opens the folder's read model of the journal with this `store_id`, whose newest change is `last_change`. The
    /// read model starts empty (checkpoint 0) if its file is missing, unusable, of another journal or ahead of this
    /// journal.
    ///
    /// # Errors
    /// `EngineTooOld`, `DiskFull`, `Failed`.
    pub async fn open(folder: Arc<Folder>, store_id: Uuid, last_change: i64) -> Result<Self, StoreError> {
        match Self::try_open(&folder, store_id, last_change).await {
            Err(error @ (StoreError::Corrupt(_) | StoreError::Newer(_))) => {
                tracing::warn!(%error, "mypage.db is unusable and is rebuilt from the journal");
                remove_database(&folder.mypage())?;
                Self::try_open(&folder, store_id, last_change).await
            }
            opened => opened,
        }
    }

    async fn try_open(folder: &Arc<Folder>, store_id: Uuid, last_change: i64) -> Result<Self, StoreError> {
        let database = Database::at(&folder.mypage(), Durability::Rebuildable)?;
        let connection = open_migrated(&database, migrate::MYPAGE, Precaution::None).await?;
        let store = Self { writing: Pool::default(), reading: Pool::default() };
        store.writing.add("mypage writer", folder.clone(), connection)?;
        let claimed = store.writing.run(move |db| apply::claim(db, store_id, last_change)).await;
        if let Err(error) = claimed {
            store.close().await;
            return Err(error);
        }
        for _ in 0..READERS {
            let opening = database.clone();
            let connection = blocking(move || opening.open_to_read()).await?;
            store.reading.add("mypage reader", folder.clone(), connection)?;
        }
        Ok(store)
    }

    /// Opens a read model read-only; another process may have it open. Creates and migrates nothing.
    ///
    /// # Errors
    /// `Corrupt` if the file is missing, damaged or of another journal, `Newer`, `Failed`.
    pub(crate) async fn open_to_read(file: &Path, store_id: Uuid) -> Result<Self, StoreError> {
        let store = Self { writing: Pool::closed(), reading: Pool::default() };
        for _ in 0..READERS_BESIDE {
            let path = file.to_owned();
            let connection = blocking(move || open_beside(&path, migrate::MYPAGE)).await?;
            store.reading.add("mypage reader", (), connection)?;
        }
        match store.reading.run(apply::source).await? {
            Some(of) if of == store_id => Ok(store),
            _ => Err(StoreError::Corrupt(format!("{} belongs to another journal", file.display()))),
        }
    }

    /// Sets the checkpoint back to `change_seq` at most, because the facts after it are understood only now. Projecting
    /// them again is idempotent: the entries of a subject are always derived from all its facts.
    pub(crate) async fn go_back(&self, change_seq: i64) -> Result<(), StoreError> {
        self.writing.run(move |db| apply::go_back(db, change_seq)).await
    }

    /// Finishes queued calls, then closes the file. Later calls fail with `Closed`.
    pub async fn close(&self) {
        joined(self.reading.stop()).await;
        joined(self.writing.stop()).await;
    }
}

#[async_trait]
impl MypageStore for SqliteMypage {
    async fn checkpoint(&self) -> Result<i64, StoreError> {
        self.reading.run(apply::checkpoint).await
    }

    async fn fork_progress(&self) -> Result<BTreeMap<IncarnationId, ForkProgress>, StoreError> {
        self.reading.run(apply::fork_progress).await
    }

    async fn apply(&self, batch: ProjectionBatch) -> Result<bool, StoreError> {
        self.writing.run(move |db| apply::apply(db, batch)).await
    }

    async fn page(&self, query: PageQuery) -> Result<Vec<EntryRow>, StoreError> {
        self.reading.run(move |db| page::page(db, &query)).await
    }

    async fn counts(
        &self,
        customer: CustomerId,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
    ) -> Result<MypageCounts, StoreError> {
        self.reading.run(move |db| page::counts(db, customer, from, until)).await
    }

    async fn totals_at(&self, customer: CustomerId, positions: &[PageCursor]) -> Result<Vec<MypageTotals>, StoreError> {
        let positions = positions.to_vec();
        let sums = move |db: &mut Connection| {
            // In one transaction, so that all sums are read from the same state.
            db.execute("BEGIN", params![])?;
            sums::totals_at(db, customer, &positions)
        };
        self.reading.run(sums).await
    }

    async fn totals_before(&self, customer: CustomerId, before: DateTime<Utc>) -> Result<MypageTotals, StoreError> {
        self.reading.run(move |db| sums::totals_before(db, customer, before)).await
    }

    async fn series(
        &self,
        customer: CustomerId,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        limit: usize,
    ) -> Result<Vec<SeriesPoint>, StoreError> {
        self.reading.run(move |db| sums::series(db, customer, (from, until), limit)).await
    }

    async fn visits_since(&self, customer: CustomerId, since: DateTime<Utc>) -> Result<u32, StoreError> {
        self.reading.run(move |db| page::visits_since(db, customer, since)).await
    }

    async fn penalties_by_area(&self, since: DateTime<Utc>) -> Result<Vec<(AreaId, u32)>, StoreError> {
        self.reading.run(move |db| page::penalties_by_area(db, since)).await
    }

    async fn count_for_export(
        &self,
        customer: Option<CustomerId>,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
    ) -> Result<u64, StoreError> {
        self.reading.run(move |db| export::count(db, customer, from, until)).await
    }

    async fn export_block(
        &self,
        customer: Option<CustomerId>,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        after: Option<ExportCursor>,
        limit: usize,
    ) -> Result<ExportBlock, StoreError> {
        self.reading.run(move |db| export::block(db, customer, (from, until), after, limit)).await
    }

    async fn period(&self, query: PeriodQuery) -> Result<PeriodRows, StoreError> {
        self.reading.run(move |db| period::period(db, &query)).await
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.writing.run(apply::clear).await
    }
}
