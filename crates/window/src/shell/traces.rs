//! The stored spans of the open data folder, and the receivers that spans are sent to.

use nosmoke_composition::KeptSpans;
use nosmoke_ports::contract::{AppError, TracePage, TraceView, TracesInput, TracingSetting, TracingView};

use super::{Shell, not_set_up};

impl Shell {
    pub(crate) async fn traces(&self, input: TracesInput) -> Result<TracePage, AppError> {
        self.kept_spans().await?.traces(input).await
    }

    pub(crate) async fn trace(&self, trace_id: &str) -> Result<TraceView, AppError> {
        self.kept_spans().await?.trace(trace_id).await
    }

    /// Returns the stored spans, which can be read after the lock on the open folder is released.
    async fn kept_spans(&self) -> Result<KeptSpans, AppError> {
        Ok(self.open.lock().await.as_ref().ok_or_else(not_set_up)?.kept_spans())
    }

    pub(crate) async fn tracing(&self) -> Result<TracingView, AppError> {
        Ok(self.open.lock().await.as_ref().ok_or_else(not_set_up)?.tracing())
    }

    pub(crate) async fn save_tracing(&self, setting: TracingSetting) -> Result<TracingView, AppError> {
        self.open.lock().await.as_ref().ok_or_else(not_set_up)?.save_tracing(&setting).await
    }
}
