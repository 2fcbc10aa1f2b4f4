//! The port to the store of this terminal's spans. The store is bounded: the oldest spans are deleted first. A lost
//! span only affects the Traces screen.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use opentelemetry::trace::{SpanId, TraceId};

use super::StoreError;

/// A stored span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub trace_id: TraceId,
    pub span_id: SpanId,
    pub parent_id: Option<SpanId>,
    /// The word of the step, a space, and the subject.
    pub name: String,
    /// When the span began, to the microsecond.
    pub began_at: DateTime<Utc>,
    pub ended_at: DateTime<Utc>,
    /// The error, if the step failed.
    pub problem: Option<String>,
    pub attributes: BTreeMap<String, String>,
    pub links: Vec<TraceId>,
}

/// A stored trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    pub trace_id: TraceId,
    /// The name of the span that started first.
    pub name: String,
    pub began_at: DateTime<Utc>,
    pub ended_at: DateTime<Utc>,
    pub spans: u32,
    pub failed: bool,
}

/// The cursor of a page: the start and the id of the last trace on the previous page.
pub type TraceCursor = (DateTime<Utc>, TraceId);

#[async_trait]
pub trait SpanStore: Send + Sync + std::fmt::Debug {
    /// Adds spans, which may belong to different traces and come in any order.
    ///
    /// # Errors
    /// An error of the store.
    async fn add(&self, spans: Vec<Span>) -> Result<(), StoreError>;

    /// Returns traces, the newest first.
    ///
    /// # Errors
    /// An error of the store.
    async fn traces(&self, before: Option<TraceCursor>, failed: bool, limit: usize) -> Result<Vec<Trace>, StoreError>;

    /// Returns one trace, if it is still stored.
    ///
    /// # Errors
    /// An error of the store.
    async fn trace(&self, trace: TraceId) -> Result<Option<Trace>, StoreError>;

    /// Returns the first `limit` spans of a trace, sorted by their start.
    ///
    /// # Errors
    /// An error of the store.
    async fn spans(&self, trace: TraceId, limit: usize) -> Result<Vec<Span>, StoreError>;
}
