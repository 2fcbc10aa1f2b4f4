//! Where this terminal's spans are kept: bounded, the oldest leave first. Losing them harms nothing but the view of them.

use std::collections::BTreeMap;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use opentelemetry::trace::{SpanId, TraceId};

use super::StoreError;

/// A span as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub trace_id: TraceId,
    pub span_id: SpanId,
    pub parent_id: Option<SpanId>,
    /// The step, a blank, and its subject.
    pub name: String,
    /// To the microsecond.
    pub began_at: DateTime<Utc>,
    pub ended_at: DateTime<Utc>,
    /// What went wrong.
    pub problem: Option<String>,
    pub attributes: BTreeMap<String, String>,
    pub links: Vec<TraceId>,
}

/// What is kept of one trace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    pub trace_id: TraceId,
    /// Of the span that began first.
    pub name: String,
    pub began_at: DateTime<Utc>,
    pub ended_at: DateTime<Utc>,
    pub spans: u32,
    pub failed: bool,
}

/// Before which traces a page begins: by their beginnings, then by their ids.
pub type TraceCursor = (DateTime<Utc>, TraceId);

#[async_trait]
pub trait SpanStore: Send + Sync + std::fmt::Debug {
    /// Adds spans of any traces, in any order.
    ///
    /// # Errors
    /// The store's.
    async fn add(&self, spans: Vec<Span>) -> Result<(), StoreError>;

    /// Traces, the newest first.
    ///
    /// # Errors
    /// The store's.
    async fn traces(&self, before: Option<TraceCursor>, failed: bool, limit: usize) -> Result<Vec<Trace>, StoreError>;

    /// One of them, while it is kept.
    ///
    /// # Errors
    /// The store's.
    async fn trace(&self, trace: TraceId) -> Result<Option<Trace>, StoreError>;

    /// The first spans of one trace in the order in which they began, so many at most.
    ///
    /// # Errors
    /// The store's.
    async fn spans(&self, trace: TraceId, limit: usize) -> Result<Vec<Span>, StoreError>;
}
