//! `mypage.db`: the customer center's own read model (S5). It can be built again from the journal at any time, so a file
//! of another journal, a damaged one or a newer one is thrown away.

mod apply;
mod export;
mod page;
mod row;
mod sums;

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use nosmoke_application::contract::MypageCounts;
use nosmoke_application::ports::{
    EntryRow, ExportCursor, MypageStore, MypageTotals, PageCursor, PageQuery, ProjectionBatch, SeriesPoint, StoreError,
};
use nosmoke_domain::ids::CustomerId;
use sqlx::sqlite::{SqlitePool, SqlitePoolOptions};
use uuid::Uuid;

use crate::error::{from_io, from_sqlx};
use crate::folder::Folder;
use crate::migrate::{self, Precaution, migrate};
use crate::open::{Database, Durability};

const READERS: u32 = 4;

/// The customer center's store on SQLite.
#[derive(Debug)]
pub struct SqliteMypage {
    /// One connection: SQLite has one writer.
    writing: SqlitePool,
    reading: SqlitePool,
    /// Locked until it is closed.
    folder: Mutex<Option<Arc<Folder>>>,
}

impl SqliteMypage {
    /// Opens the folder's read model of the journal `store_id`, which holds changes up to `last_change`. It begins empty
    /// (checkpoint 0) where it is missing, isn't that journal's, is ahead of it, or can't be read.
    ///
    /// # Errors
    /// `EngineTooOld`, `DiskFull`, `Failed`.
    pub async fn open(folder: Arc<Folder>, store_id: Uuid, last_change: i64) -> Result<Self, StoreError> {
        match Self::try_open(folder.clone(), store_id, last_change).await {
            Err(error @ (StoreError::Corrupt(_) | StoreError::Newer(_))) => {
                tracing::warn!(%error, "the read model can't be used and is built again");
                remove(&folder)?;
                Self::try_open(folder, store_id, last_change).await
            }
            opened => opened,
        }
    }

    async fn try_open(folder: Arc<Folder>, store_id: Uuid, last_change: i64) -> Result<Self, StoreError> {
        let database = Database::at(&folder.mypage(), Durability::Rebuildable)?;
        let pool = || SqlitePoolOptions::new().test_before_acquire(false).idle_timeout(None).max_lifetime(None);
        let writing = pool().max_connections(1).connect_with(database.writing()).await.map_err(|e| from_sqlx(&e))?;
        let mut connection = writing.acquire().await.map_err(|e| from_sqlx(&e))?;
        let prepared = match migrate(&database, &mut connection, migrate::MYPAGE, Precaution::None).await {
            Ok(()) => apply::claim(&mut connection, store_id, last_change).await,
            Err(error) => Err(error),
        };
        drop(connection);
        if let Err(error) = prepared {
            writing.close().await;
            return Err(error);
        }
        let reading =
            pool().max_connections(READERS).connect_with(database.reading()).await.map_err(|e| from_sqlx(&e))?;
        Ok(Self { writing, reading, folder: Mutex::new(Some(folder)) })
    }

    /// Closes the file; every later call is `Closed`.
    pub async fn close(&self) {
        self.reading.close().await;
        self.writing.close().await;
        self.folder.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

/// Removes the read model with what SQLite keeps beside it.
pub(crate) fn remove(folder: &Folder) -> Result<(), StoreError> {
    let file = folder.mypage();
    for suffix in ["", "-wal", "-shm"] {
        let mut name = file.clone().into_os_string();
        name.push(suffix);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(from_io(file.display(), &error)),
            _ => {}
        }
    }
    Ok(())
}

#[async_trait]
impl MypageStore for SqliteMypage {
    async fn checkpoint(&self) -> Result<i64, StoreError> {
        apply::checkpoint(&self.reading).await
    }

    async fn apply(&self, batch: ProjectionBatch) -> Result<(), StoreError> {
        apply::apply(&self.writing, batch).await
    }

    async fn page(&self, query: PageQuery) -> Result<Vec<EntryRow>, StoreError> {
        page::page(&self.reading, query).await
    }

    async fn counts(
        &self,
        customer: CustomerId,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
    ) -> Result<MypageCounts, StoreError> {
        page::counts(&self.reading, customer, from, until).await
    }

    async fn totals_at(&self, customer: CustomerId, positions: &[PageCursor]) -> Result<Vec<MypageTotals>, StoreError> {
        sums::totals_at(&self.reading, customer, positions).await
    }

    async fn totals_before(&self, customer: CustomerId, before: DateTime<Utc>) -> Result<MypageTotals, StoreError> {
        sums::totals_before(&self.reading, customer, before).await
    }

    async fn series(
        &self,
        customer: CustomerId,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        limit: usize,
    ) -> Result<Vec<SeriesPoint>, StoreError> {
        sums::series(&self.reading, customer, from, until, limit).await
    }

    async fn visits_since(&self, customer: CustomerId, since: DateTime<Utc>) -> Result<u32, StoreError> {
        page::visits_since(&self.reading, customer, since).await
    }

    async fn count_for_export(
        &self,
        customer: Option<CustomerId>,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
    ) -> Result<u64, StoreError> {
        export::count(&self.reading, customer, from, until).await
    }

    async fn export_block(
        &self,
        customer: Option<CustomerId>,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        after: Option<ExportCursor>,
        limit: usize,
    ) -> Result<Vec<EntryRow>, StoreError> {
        export::block(&self.reading, customer, from, until, after, limit).await
    }

    async fn clear(&self) -> Result<(), StoreError> {
        apply::clear(&self.writing).await
    }
}
