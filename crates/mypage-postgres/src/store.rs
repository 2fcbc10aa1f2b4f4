//! The port's implementation: each question is asked of the session that is open, within its time.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use nosmoke_domain::ids::CustomerId;
use nosmoke_ports::contract::MypageCounts;
use nosmoke_ports::{
    EntryRow, ExportCursor, MypageSource, MypageStore, MypageTotals, PageCursor, PageQuery, ProjectionBatch,
    SeriesPoint, StoreError,
};

use crate::bounds::{end_ms, start_ms};
use crate::server::Settings;
use crate::session::Sessions;
use crate::{apply, export, page, sums};

/// A question is answered within this time or not at all.
const ANSWER: Duration = Duration::from_secs(5);
/// The same for a step of the projector.
const STEP: Duration = Duration::from_secs(30);

/// The customer center's store on PostgreSQL. Dropping it closes its connections.
#[derive(Debug)]
pub struct PostgresMypage {
    sessions: Sessions,
}

impl PostgresMypage {
    /// Connects with the first question. `source` is asked each time what the read model must have been made from.
    pub fn new(settings: Settings, source: Arc<dyn MypageSource>) -> Self {
        Self { sessions: Sessions::new(settings, source) }
    }
}

/// Asks one of the readers.
macro_rules! ask {
    ($self:ident, |$reader:ident| $question:expr) => {{
        let session = $self.sessions.session().await?;
        let answer = async {
            let $reader = &mut *session.readers.acquire().await?;
            $question.await
        };
        $self.sessions.within(ANSWER, &session, answer).await
    }};
}

#[async_trait]
impl MypageStore for PostgresMypage {
    async fn checkpoint(&self) -> Result<i64, StoreError> {
        self.sessions.follow_the_source().await?;
        ask!(self, |reader| apply::checkpoint(reader))
    }

    async fn apply(&self, batch: ProjectionBatch) -> Result<bool, StoreError> {
        let session = self.sessions.session().await?;
        let applied = async { apply::apply(&mut *session.writer.lock().await, &batch).await };
        self.sessions.within(STEP, &session, applied).await
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
    ) -> Result<Vec<EntryRow>, StoreError> {
        ask!(self, |reader| export::block(reader, customer, (start_ms(from), end_ms(until)), after, limit))
    }

    async fn clear(&self) -> Result<(), StoreError> {
        let session = self.sessions.session().await?;
        let cleared = async { apply::clear(&mut *session.writer.lock().await).await };
        self.sessions.within(STEP, &session, cleared).await
    }
}
