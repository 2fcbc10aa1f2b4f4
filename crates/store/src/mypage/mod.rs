//! `mypage.db`: the customer center's own read model (S5). It can be built again from the journal at any time, so a file
//! of another journal, a damaged one or a newer one is thrown away.

mod apply;
mod export;
mod page;
mod row;
mod sums;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::MypageCounts;
use nosmoke_ports::{
    EntryRow, ExportCursor, MypageStore, MypageTotals, PageCursor, PageQuery, ProjectionBatch, SeriesPoint, StoreError,
};
use uuid::Uuid;

use crate::folder::{Folder, remove_database};
use crate::migrate::{self, Precaution, connect_to_read, migrate};
use crate::open::{Database, Durability, close};
use crate::pool::{Pool, joined};
use crate::raw::{Raw, binds};

const READERS: usize = 4;

/// The customer center's store on SQLite. Dropping it, or [`SqliteMypage::close`], ends its threads after what waits; they
/// hold the folder's lock until then.
#[derive(Debug)]
pub struct SqliteMypage {
    /// One connection: SQLite has one writer.
    writing: Pool,
    reading: Pool,
}

impl SqliteMypage {
    /// Opens the folder's read model of the journal `store_id`, which holds changes up to `last_change`. It begins empty
    /// (checkpoint 0) where it is missing, isn't that journal's, is ahead of it, or can't be read.
    ///
    /// # Errors
    /// `EngineTooOld`, `DiskFull`, `Failed`.
    pub async fn open(folder: Arc<Folder>, store_id: Uuid, last_change: i64) -> Result<Self, StoreError> {
        match Self::try_open(&folder, store_id, last_change).await {
            Err(error @ (StoreError::Corrupt(_) | StoreError::Newer(_))) => {
                tracing::warn!(%error, "the read model can't be used and is built again");
                remove_database(&folder.mypage())?;
                Self::try_open(&folder, store_id, last_change).await
            }
            opened => opened,
        }
    }

    async fn try_open(folder: &Arc<Folder>, store_id: Uuid, last_change: i64) -> Result<Self, StoreError> {
        let database = Database::at(&folder.mypage(), Durability::Rebuildable)?;
        let mut connection = database.connect_to_write().await?;
        if let Err(error) = migrate(&database, &mut connection, migrate::MYPAGE, Precaution::None).await {
            close(connection).await?;
            return Err(error);
        }
        let store = Self { writing: Pool::default(), reading: Pool::default() };
        store.writing.add("mypage writer", folder.clone(), connection)?;
        let claimed = store.writing.run(move |raw| apply::claim(raw, store_id, last_change)).await;
        if let Err(error) = claimed {
            store.close().await;
            return Err(error);
        }
        for _ in 0..READERS {
            store.reading.add("mypage reader", folder.clone(), database.connect_to_read().await?)?;
        }
        Ok(store)
    }

    /// Opens a read model that another process may have open, to read it only. Nothing is made or brought to a newer schema.
    ///
    /// # Errors
    /// `Corrupt` where it is missing, damaged or of another journal, `Newer`, `Failed`.
    pub(crate) async fn open_to_read(file: &Path, store_id: Uuid) -> Result<Self, StoreError> {
        let store = Self { writing: Pool::closed(), reading: Pool::default() };
        for _ in 0..2 {
            store.reading.add("mypage reader", (), connect_to_read(file, migrate::MYPAGE).await?)?;
        }
        match store.reading.run(apply::source).await? {
            Some(of) if of == store_id => Ok(store),
            _ => Err(StoreError::Corrupt(format!("{} is of another journal", file.display()))),
        }
    }

    /// Counts as having followed the journal up to `change_seq` at most: what came later has another meaning now. Lines of
    /// a subject are made anew from all its facts, so none is lost or doubled.
    pub(crate) async fn go_back(&self, change_seq: i64) -> Result<(), StoreError> {
        self.writing.run(move |raw| apply::go_back(raw, change_seq)).await
    }

    /// Ends after what waits; every later call is `Closed`. The file is closed then.
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

    async fn apply(&self, batch: ProjectionBatch) -> Result<bool, StoreError> {
        self.writing.run(move |raw| apply::apply(raw, batch)).await
    }

    async fn page(&self, query: PageQuery) -> Result<Vec<EntryRow>, StoreError> {
        self.reading.run(move |raw| page::page(raw, &query)).await
    }

    async fn counts(
        &self,
        customer: CustomerId,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
    ) -> Result<MypageCounts, StoreError> {
        self.reading.run(move |raw| page::counts(raw, customer, from, until)).await
    }

    async fn totals_at(&self, customer: CustomerId, positions: &[PageCursor]) -> Result<Vec<MypageTotals>, StoreError> {
        let positions = positions.to_vec();
        let sums = move |raw: &mut Raw<'_>| {
            // The stretches are of one state.
            raw.execute("BEGIN", binds![])?;
            sums::totals_at(raw, customer, &positions)
        };
        self.reading.run(sums).await
    }

    async fn totals_before(&self, customer: CustomerId, before: DateTime<Utc>) -> Result<MypageTotals, StoreError> {
        self.reading.run(move |raw| sums::totals_before(raw, customer, before)).await
    }

    async fn series(
        &self,
        customer: CustomerId,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        limit: usize,
    ) -> Result<Vec<SeriesPoint>, StoreError> {
        self.reading.run(move |raw| sums::series(raw, customer, (from, until), limit)).await
    }

    async fn visits_since(&self, customer: CustomerId, since: DateTime<Utc>) -> Result<u32, StoreError> {
        self.reading.run(move |raw| page::visits_since(raw, customer, since)).await
    }

    async fn count_for_export(
        &self,
        customer: Option<CustomerId>,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
    ) -> Result<u64, StoreError> {
        self.reading.run(move |raw| export::count(raw, customer, from, until)).await
    }

    async fn export_block(
        &self,
        customer: Option<CustomerId>,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        after: Option<ExportCursor>,
        limit: usize,
    ) -> Result<Vec<EntryRow>, StoreError> {
        self.reading.run(move |raw| export::block(raw, customer, (from, until), after, limit)).await
    }

    async fn clear(&self) -> Result<(), StoreError> {
        self.writing.run(apply::clear).await
    }
}
