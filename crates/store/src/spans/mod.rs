//! `spans.db`: this terminal's spans (S9), in a separate file so that the journal never waits for it. The file is
//! disposable. If it is damaged, newer or unreadable, it is replaced by an empty one, even while the program runs. If
//! none can be created, calls fail but the program starts.

mod add;
mod page;
mod prune;

use std::sync::Arc;

use async_trait::async_trait;
use nosmoke_ports::{Span, SpanStore, StoreError, Trace, TraceCursor};
use opentelemetry::trace::TraceId;
use tokio::sync::RwLock;

use crate::folder::{Folder, remove_database};
use crate::migrate::{self, Precaution, open_migrated};
use crate::open::{Database, Durability};
use crate::pool::{Pool, blocking, joined};
use crate::sqlite::Connection;

/// Most spans stored, which take about 20 MB.
pub const SPANS_MAX: u64 = 50_000;

/// The store of spans on SQLite. Its threads hold the folder's lock until it is closed or dropped.
#[derive(Debug)]
pub struct SqliteSpans {
    opened: RwLock<Result<Opened, StoreError>>,
    spans_max: u64,
}

#[derive(Debug)]
struct Opened {
    folder: Arc<Folder>,
    file: Arc<File>,
}

#[derive(Debug, Default)]
struct File {
    /// A single connection, because SQLite allows only one writer.
    writing: Pool,
    reading: Pool,
}

impl SqliteSpans {
    /// Opens the folder's file; creates it if it is missing or unusable. If that fails too, every call returns the
    /// error. `spans_max` is [`SPANS_MAX`] except in tests.
    pub async fn open(folder: Arc<Folder>, spans_max: u64) -> Self {
        Self { opened: RwLock::new(open_or_replace(folder).await), spans_max }
    }

    /// Finishes queued calls, then closes the file. Later calls fail with `Closed`.
    pub async fn close(&self) {
        let mut opened = self.opened.write().await;
        if let Ok(Opened { file, .. }) = std::mem::replace(&mut *opened, Err(StoreError::Closed)) {
            file.close().await;
        }
    }

    async fn run<T: Send + 'static>(
        &self,
        on: fn(&File) -> &Pool,
        work: impl FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let file = match &*self.opened.read().await {
            Ok(opened) => opened.file.clone(),
            Err(error) => return Err(error.clone()),
        };
        let result = on(&file).run(work).await;
        if let Err(error @ StoreError::Corrupt(_)) = &result {
            self.replace(&file, error).await;
        }
        result
    }

    /// Replaces a damaged file by an empty one, unless another call has replaced it already.
    async fn replace(&self, damaged: &Arc<File>, error: &StoreError) {
        let mut opened = self.opened.write().await;
        let folder = match &*opened {
            Ok(now) if Arc::ptr_eq(&now.file, damaged) => now.folder.clone(),
            _ => return,
        };
        tracing::warn!(%error, "spans.db is unusable and is replaced by an empty one");
        damaged.close().await;
        *opened = match remove_database(&folder.spans()) {
            Ok(()) => open_or_replace(folder).await,
            Err(error) => Err(error),
        };
    }
}

async fn open_or_replace(folder: Arc<Folder>) -> Result<Opened, StoreError> {
    let opened = match File::open(&folder).await {
        // These errors don't mean that the file is damaged.
        Err(error @ (StoreError::DiskFull | StoreError::EngineTooOld(_))) => Err(error),
        Err(error) => {
            tracing::warn!(%error, "spans.db is unusable and is replaced by an empty one");
            match remove_database(&folder.spans()) {
                Ok(()) => File::open(&folder).await,
                Err(error) => Err(error),
            }
        }
        opened => opened,
    };
    if let Err(error) = &opened {
        tracing::warn!(%error, "spans can't be stored");
    }
    opened.map(|file| Opened { folder, file: Arc::new(file) })
}

impl File {
    async fn open(folder: &Arc<Folder>) -> Result<Self, StoreError> {
        let database = Database::at(&folder.spans(), Durability::Disposable)?;
        let writing = open_migrated(&database, migrate::SPANS, Precaution::None).await?;
        let reading = blocking(move || database.open_to_read()).await?;
        let file = Self::default();
        file.writing.add("spans writer", folder.clone(), writing)?;
        file.reading.add("spans reader", folder.clone(), reading)?;
        Ok(file)
    }

    async fn close(&self) {
        joined(self.reading.stop()).await;
        joined(self.writing.stop()).await;
    }
}

#[async_trait]
impl SpanStore for SqliteSpans {
    async fn add(&self, spans: Vec<Span>) -> Result<(), StoreError> {
        if spans.is_empty() {
            return Ok(());
        }
        let spans_max = self.spans_max;
        self.run(|file| &file.writing, move |db| add::add(db, &spans, spans_max)).await
    }

    async fn traces(&self, before: Option<TraceCursor>, failed: bool, limit: usize) -> Result<Vec<Trace>, StoreError> {
        self.run(|file| &file.reading, move |db| page::traces(db, before, failed, limit)).await
    }

    async fn trace(&self, trace: TraceId) -> Result<Option<Trace>, StoreError> {
        self.run(|file| &file.reading, move |db| page::trace(db, trace)).await
    }

    async fn spans(&self, trace: TraceId, limit: usize) -> Result<Vec<Span>, StoreError> {
        self.run(|file| &file.reading, move |db| page::spans(db, trace, limit)).await
    }
}

#[cfg(test)]
mod tests {
    use sqlx::AssertSqlSafe;

    use super::*;

    fn span(n: u128) -> Span {
        let at = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        Span {
            trace_id: TraceId::from_bytes(n.to_be_bytes()),
            span_id: opentelemetry::trace::SpanId::from_bytes([1; 8]),
            parent_id: None,
            name: format!("command {}", "x".repeat(500)),
            began_at: at,
            ended_at: at,
            problem: None,
            attributes: std::collections::BTreeMap::new(),
            links: Vec::new(),
        }
    }

    #[tokio::test]
    async fn on_a_full_disk_a_batch_is_stored_completely_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteSpans::open(Arc::new(Folder::open(folder.path()).unwrap()), SPANS_MAX).await;
        store.add(vec![span(1)]).await.unwrap();
        let limited =
            |sql: &'static str| store.run(|file| &file.writing, move |db| db.execute(sql, crate::sqlite::params![]));
        limited("PRAGMA max_page_count = 20").await.unwrap();
        assert_eq!(store.add((2..2_000).map(span).collect()).await, Err(StoreError::DiskFull));
        let stored = async || store.traces(None, false, 3_000).await.unwrap().len();
        assert_eq!(stored().await, 1);
        limited("PRAGMA max_page_count = 4294967294").await.unwrap();
        store.add((2..2_000).map(span).collect()).await.unwrap();
        assert_eq!(stored().await, 1_999);
    }

    #[tokio::test]
    async fn no_statement_scans_a_table() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::at(&folder.path().join("spans.db"), Durability::Rebuildable).unwrap();
        open_migrated(&database, migrate::SPANS, Precaution::None).await.unwrap();
        let mut connection = database.connect().await.unwrap();
        let statements = [
            page::TRACES,
            page::FAILED,
            page::TRACE,
            page::SPANS,
            add::STORED,
            prune::OLDEST_TRACES,
            prune::DELETE_OLDEST_SPANS,
        ];
        for sql in statements.into_iter().chain(prune::DELETE_TRACES) {
            let plan = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
            let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(plan).fetch_all(&mut connection).await.unwrap();
            assert!(!steps.is_empty());
            for (.., step) in steps {
                let is_scan = step.starts_with("SCAN") && !step.contains("json_each") && !step.contains("USING");
                assert!(!is_scan, "{sql}: {step}");
                // A sort by id is allowed, among spans of one trace that began and ended at the same time.
                let sorts = step.contains("TEMP B-TREE") && !step.contains("LAST TERM");
                assert!(!sorts, "{sql}: {step}");
            }
        }
    }
}
