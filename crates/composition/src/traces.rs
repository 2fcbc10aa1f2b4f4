//! Where the terminal's spans go.

use nosmoke_application::contract::{
    AppError, ErrorCode, TracePage, TraceView, TracesInput, TracingSetting, TracingView,
};
use nosmoke_application::ports::{StoreError, read};
use nosmoke_application::queries::traces;
use nosmoke_application::tracing_setting;
use nosmoke_traces::{BadUrl, Field};
use serde_json::json;

use crate::OpenFolder;

impl OpenFolder {
    /// Where spans go, and what became of them.
    pub fn tracing(&self) -> TracingView {
        self.recording.view()
    }

    /// Sends spans to other receivers from now on, and keeps that.
    ///
    /// # Errors
    /// `invalid_url` with its `field`; the store's.
    pub async fn save_tracing(&self, setting: &TracingSetting) -> Result<TracingView, AppError> {
        self.recording.send_to(setting).map_err(invalid)?;
        tracing_setting::keep(&*self.terminal().ports.journal, setting).await?;
        Ok(self.tracing())
    }

    /// Traces that this terminal recorded spans of, the newest first.
    ///
    /// # Errors
    /// `invalid_input`; the store's.
    pub async fn traces(&self, input: TracesInput) -> Result<TracePage, AppError> {
        traces::page(&*self.store().spans(), input, self.recording.lost()).await
    }

    /// One of them.
    ///
    /// # Errors
    /// `unknown_trace`, `invalid_input`; the store's.
    pub async fn trace(&self, trace_id: &str) -> Result<TraceView, AppError> {
        traces::view(&*self.store().spans(), trace_id).await
    }

    /// Begins as the setting says. A receiver that was set is no reason not to work.
    pub(crate) async fn begin_tracing(&self) -> Result<(), AppError> {
        self.name_terminal().await?;
        let setting = read::<_, StoreError>(&*self.terminal().ports.journal, tracing_setting::kept).await?;
        if let Err(error) = self.recording.send_to(&setting) {
            tracing::warn!(%error, "spans aren't sent");
        }
        Ok(())
    }

    /// Spans name the terminal once there is one.
    pub(crate) async fn name_terminal(&self) -> Result<(), AppError> {
        let origin = read::<_, StoreError>(&*self.terminal().ports.journal, |tx| tx.origin()).await?;
        if let Some(origin) = origin {
            self.recording.name_terminal(origin.terminal_id.to_string());
        }
        Ok(())
    }
}

fn invalid(BadUrl(field, detail): BadUrl) -> AppError {
    let field = match field {
        Field::Otlp => "otlp",
        Field::Zipkin => "zipkin",
    };
    AppError::with(ErrorCode::InvalidUrl, json!({ "field": field, "detail": detail }))
}
