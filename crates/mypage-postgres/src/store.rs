//! Implements the port `MypageStore`: runs each query on the open connections, with a timeout.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{AreaId, CustomerId, IncarnationId};
use nosmoke_ports::contract::MypageCounts;
use nosmoke_ports::{
    EntryRow, ExportBlock, ExportCursor, ForkProgress, MypageSource, MypageStore, MypageTotals, PageCursor, PageQuery,
    PeriodQuery, PeriodRows, ProjectionBatch, SeriesPoint, StoreError,
};

use crate::bounds::{end_ms, start_ms};
use crate::connections::Connector;
use crate::server::Settings;
use crate::{apply, export, page, period, sums};

/// Timeout of a query.
const QUERY_TIMEOUT: Duration = Duration::from_secs(5);
/// Timeout of a batch of an export, of which the first may read far into an index, and of a period, which reads all of one.
const EXPORT_TIMEOUT: Duration = Duration::from_secs(70);
/// Timeout of a step of the projector.
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// Mypage's store on PostgreSQL. Dropping it closes its connections.
#[derive(Debug)]
pub struct PostgresMypage {
    connector: Connector,
}

impl PostgresMypage {
    /// Creates a store that connects at the first query. `source` returns the journal from which the read model must be
    /// derived.
    pub fn new(settings: Settings, source: Arc<dyn MypageSource>) -> Self {
        Self { connector: Connector::new(settings, source, true) }
    }

    /// Creates a store that only reads, beside the program that has the read model in use.
    pub fn beside(settings: Settings, source: Arc<dyn MypageSource>) -> Self {
        Self { connector: Connector::new(settings, source, false) }
    }
}

/// Runs a query on one of the readers.
macro_rules! ask {
    ($self:ident, |$reader:ident| $question:expr) => {
        ask!($self, QUERY_TIMEOUT, |$reader| $question)
    };
    ($self:ident, $timeout:expr, |$reader:ident| $question:expr) => {{
        let connections = $self.connector.connections().await?;
        let answer = async {
            let $reader = &mut *connections.readers.acquire().await?;
            $question.await
        };
        $self.connector.within($timeout, &connections, answer).await
    }};
}

#[async_trait]
impl MypageStore for PostgresMypage {
    async fn checkpoint(&self) -> Result<i64, StoreError> {
        self.connector.check_source().await?;
        ask!(self, |reader| apply::checkpoint(reader))
    }

    async fn fork_progress(&self) -> Result<BTreeMap<IncarnationId, ForkProgress>, StoreError> {
        ask!(self, |reader| apply::fork_progress(reader))
    }

    async fn apply(&self, batch: ProjectionBatch) -> Result<bool, StoreError> {
        let connections = self.connector.connections().await?;
        let applied = async { apply::apply(&mut *connections.writer.lock().await, &batch).await };
        self.connector.within(WRITE_TIMEOUT, &connections, applied).await
    }

    async fn page(&self, query: PageQuery) -> Result<Vec<EntryRow>, StoreError> {
        ask!(self, |reader| page::page(reader, &query))
    }

    async fn counts(
        &self,
        customer: CustomerId,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
    ) -> Result<MypageCounts, StoreError> {
        ask!(self, |reader| page::counts(reader, customer, start_ms(from), end_ms(until)))
    }

    async fn totals_at(&self, customer: CustomerId, positions: &[PageCursor]) -> Result<Vec<MypageTotals>, StoreError> {
        ask!(self, |reader| sums::totals_at(reader, customer, positions))
    }

    async fn totals_before(&self, customer: CustomerId, before: DateTime<Utc>) -> Result<MypageTotals, StoreError> {
        ask!(self, |reader| sums::totals_before(reader, customer, before))
    }

    async fn series(
        &self,
        customer: CustomerId,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        limit: usize,
    ) -> Result<Vec<SeriesPoint>, StoreError> {
        ask!(self, |reader| sums::series(reader, customer, (start_ms(from), end_ms(until)), limit))
    }

    async fn visits_since(&self, customer: CustomerId, since: DateTime<Utc>) -> Result<u32, StoreError> {
        ask!(self, |reader| page::visits_since(reader, customer, since.timestamp_millis()))
    }

    async fn penalties_by_area(&self, since: DateTime<Utc>) -> Result<Vec<(AreaId, u32)>, StoreError> {
        ask!(self, |reader| page::penalties_by_area(reader, since.timestamp_millis()))
    }

    async fn count_for_export(
        &self,
        customer: Option<CustomerId>,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
    ) -> Result<u64, StoreError> {
        ask!(self, |reader| export::count(reader, customer, start_ms(from), end_ms(until)))
    }

    async fn export_block(
        &self,
        customer: Option<CustomerId>,
        from: Option<DateTime<Utc>>,
        until: Option<DateTime<Utc>>,
        after: Option<ExportCursor>,
        limit: usize,
    ) -> Result<ExportBlock, StoreError> {
        let range = (start_ms(from), end_ms(until));
        ask!(self, EXPORT_TIMEOUT, |reader| export::batch(reader, customer, range, after, limit))
    }

    async fn period(&self, query: PeriodQuery) -> Result<PeriodRows, StoreError> {
        ask!(self, EXPORT_TIMEOUT, |reader| period::period(reader, &query))
    }

    async fn clear(&self) -> Result<(), StoreError> {
        let connections = self.connector.connections().await?;
        let cleared = async { apply::clear(&mut *connections.writer.lock().await).await };
        self.connector.within(WRITE_TIMEOUT, &connections, cleared).await
    }
}
