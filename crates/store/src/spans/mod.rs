//! `spans.db`: what this terminal recorded of traces (S9), in a file of its own that never holds up the journal.
//!
//! It is disposable: a damaged file, a newer one or one that can't be read is thrown away and begun anew, also while the
//! program runs, and a file that can't be made fails its callers but no start.

mod add;
mod leave;
mod page;

use std::sync::Arc;

use async_trait::async_trait;
use nosmoke_ports::{Span, SpanStore, StoreError, Trace, TraceCursor};
use opentelemetry::trace::TraceId;
use tokio::sync::RwLock;

use crate::folder::{Folder, remove_database};
use crate::migrate::{self, Precaution, migrate};
use crate::open::{Database, Durability, close};
use crate::pool::{Pool, joined};
use crate::raw::Raw;

/// Spans kept at most: some 20 MB.
pub const SPANS_MAX: u64 = 50_000;

/// The store of spans on SQLite. Its threads hold the folder's lock until [`SqliteSpans::close`] or until it is dropped.
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
    /// One connection: SQLite has one writer.
    writing: Pool,
    reading: Pool,
}

impl SqliteSpans {
    /// Opens the folder's file, made where it is missing or can't be used. Where it can't be made either, every call
    /// answers why not. `spans_max` is [`SPANS_MAX`] but in tests.
    pub async fn open(folder: Arc<Folder>, spans_max: u64) -> Self {
        Self { opened: RwLock::new(open_or_begin(folder).await), spans_max }
    }

    /// Ends after what waits; every later call is `Closed`. The file is closed then.
    pub async fn close(&self) {
        let mut opened = self.opened.write().await;
        if let Ok(Opened { file, .. }) = std::mem::replace(&mut *opened, Err(StoreError::Closed)) {
            file.close().await;
        }
    }

    async fn run<T: Send + 'static>(
        &self,
        on: fn(&File) -> &Pool,
        work: impl FnOnce(&mut Raw<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let file = match &*self.opened.read().await {
            Ok(opened) => opened.file.clone(),
            Err(error) => return Err(error.clone()),
        };
        let result = on(&file).run(work).await;
        if let Err(error @ StoreError::Corrupt(_)) = &result {
            self.begin_anew(&file, error).await;
        }
        result
    }

    /// Throws a file away that was found damaged, unless another call has done so.
    async fn begin_anew(&self, damaged: &Arc<File>, error: &StoreError) {
        let mut opened = self.opened.write().await;
        let folder = match &*opened {
            Ok(now) if Arc::ptr_eq(&now.file, damaged) => now.folder.clone(),
            _ => return,
        };
        tracing::warn!(%error, "the spans can't be used and are begun anew");
        damaged.close().await;
        *opened = match remove_database(&folder.spans()) {
            Ok(()) => open_or_begin(folder).await,
            Err(error) => Err(error),
        };
    }
}

async fn open_or_begin(folder: Arc<Folder>) -> Result<Opened, StoreError> {
    let opened = match File::open(&folder).await {
        // What is there may be sound.
        Err(error @ (StoreError::DiskFull | StoreError::EngineTooOld(_))) => Err(error),
        Err(error) => {
            tracing::warn!(%error, "the spans can't be used and are begun anew");
            match remove_database(&folder.spans()) {
                Ok(()) => File::open(&folder).await,
                Err(error) => Err(error),
            }
        }
        opened => opened,
    };
    if let Err(error) = &opened {
        tracing::warn!(%error, "spans can't be kept");
    }
    opened.map(|file| Opened { folder, file: Arc::new(file) })
}

impl File {
    async fn open(folder: &Arc<Folder>) -> Result<Self, StoreError> {
        let database = Database::at(&folder.spans(), Durability::Disposable)?;
        let mut connection = database.connect_to_write().await?;
        if let Err(error) = migrate(&database, &mut connection, migrate::SPANS, Precaution::None).await {
            close(connection).await?;
            return Err(error);
        }
        let file = Self::default();
        file.writing.add("spans writer", folder.clone(), connection)?;
        file.reading.add("spans reader", folder.clone(), database.connect_to_read().await?)?;
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
        self.run(|file| &file.writing, move |raw| add::add(raw, &spans, spans_max)).await
    }

    async fn traces(&self, before: Option<TraceCursor>, failed: bool, limit: usize) -> Result<Vec<Trace>, StoreError> {
        self.run(|file| &file.reading, move |raw| page::traces(raw, before, failed, limit)).await
    }

    async fn trace(&self, trace: TraceId) -> Result<Option<Trace>, StoreError> {
        self.run(|file| &file.reading, move |raw| page::trace(raw, trace)).await
    }

    async fn spans(&self, trace: TraceId, limit: usize) -> Result<Vec<Span>, StoreError> {
        self.run(|file| &file.reading, move |raw| page::spans(raw, trace, limit)).await
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
    async fn a_full_disk_leaves_nothing_half_written() {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteSpans::open(Arc::new(Folder::open(folder.path()).unwrap()), SPANS_MAX).await;
        store.add(vec![span(1)]).await.unwrap();
        let limited =
            |sql: &'static str| store.run(|file| &file.writing, move |raw| raw.execute(sql, crate::raw::binds![]));
        limited("PRAGMA max_page_count = 20").await.unwrap();
        assert_eq!(store.add((2..2_000).map(span).collect()).await, Err(StoreError::DiskFull));
        let kept = async || store.traces(None, false, 3_000).await.unwrap().len();
        assert_eq!(kept().await, 1);
        limited("PRAGMA max_page_count = 4294967294").await.unwrap();
        store.add((2..2_000).map(span).collect()).await.unwrap();
        assert_eq!(kept().await, 1_999);
    }

    #[tokio::test]
    async fn no_statement_reads_a_table_from_end_to_end() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::at(&folder.path().join("spans.db"), Durability::Rebuildable).unwrap();
        let mut connection = database.connect_to_write().await.unwrap();
        migrate(&database, &mut connection, migrate::SPANS, Precaution::None).await.unwrap();
        let statements = [page::TRACES, page::FAILED, page::TRACE, page::SPANS, add::KEPT, leave::OLDEST, leave::CUT];
        for sql in statements.into_iter().chain(leave::LEAVE) {
            let plan = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
            let steps: Vec<(i64, i64, i64, String)> = sqlx::query_as(plan).fetch_all(&mut connection).await.unwrap();
            assert!(!steps.is_empty());
            for (.., step) in steps {
                let is_scan = step.starts_with("SCAN") && !step.contains("json_each") && !step.contains("USING");
                assert!(!is_scan, "{sql}: {step}");
                // But for spans of one trace that began and ended together, which go by their ids.
                let sorts = step.contains("TEMP B-TREE") && !step.contains("LAST TERM");
                assert!(!sorts, "{sql}: {step}");
            }
        }
    }
}
