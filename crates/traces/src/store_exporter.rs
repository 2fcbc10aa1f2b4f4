//! Exports spans to the terminal's own store.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use nosmoke_ports::{Span, SpanStore};
use opentelemetry::trace::{SpanId, Status};
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use tokio::runtime::Handle;

#[derive(Clone)]
pub(crate) struct StoreExporter {
    store: Arc<dyn SpanStore>,
    lost: Arc<AtomicU64>,
    /// The tokio runtime that the store may need: the thread of the processor has none.
    runtime: Handle,
}

impl fmt::Debug for StoreExporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreExporter").field("store", &self.store).finish_non_exhaustive()
    }
}

impl StoreExporter {
    pub(crate) fn new(store: Arc<dyn SpanStore>) -> Self {
        Self { store, lost: Arc::default(), runtime: Handle::current() }
    }

    /// Returns the number of spans that couldn't be stored.
    pub(crate) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }
}

impl SpanExporter for StoreExporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let count = batch.len() as u64;
        let (store, spans) = (self.store.clone(), batch.into_iter().map(span).collect());
        let added = self.runtime.spawn(async move { store.add(spans).await }).await;
        let error = match added {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => error.to_string(),
            Err(error) => error.to_string(),
        };
        self.lost.fetch_add(count, Ordering::Relaxed);
        Err(OTelSdkError::InternalFailure(error))
    }
}

fn span(data: SpanData) -> Span {
    let SpanData { span_context, parent_span_id, name, start_time, end_time, attributes, links, status, .. } = data;
    Span {
        trace_id: span_context.trace_id(),
        span_id: span_context.span_id(),
        parent_id: (parent_span_id != SpanId::INVALID).then_some(parent_span_id),
        name: name.into_owned(),
        began_at: DateTime::<Utc>::from(start_time),
        ended_at: DateTime::<Utc>::from(end_time),
        problem: match status {
            Status::Error { description } => Some(description.into_owned()),
            Status::Ok | Status::Unset => None,
        },
        attributes: attributes.into_iter().map(|it| (it.key.to_string(), it.value.to_string())).collect(),
        links: links.iter().map(|link| link.span_context.trace_id()).collect(),
    }
}
