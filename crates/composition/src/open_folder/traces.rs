//! Where the terminal's spans go.

use std::sync::Arc;

use nosmoke_application::queries::traces;
use nosmoke_application::settings;
use nosmoke_ports::contract::{AppError, ErrorCode, TracePage, TraceView, TracesInput, TracingSetting, TracingView};
use nosmoke_ports::{SpanStore, StoreError, read};
use nosmoke_traces::{BadUrl, Field};
use serde_json::json;

use super::OpenFolder;

/// What is kept of traces here.
#[derive(Debug, Clone)]
pub struct KeptSpans {
    store: Arc<dyn SpanStore>,
    lost: u64,
}

impl KeptSpans {
    /// Traces that this terminal recorded spans of, the newest first.
    ///
    /// # Errors
    /// `invalid_input`; the store's.
    pub async fn traces(&self, input: TracesInput) -> Result<TracePage, AppError> {
        traces::page(&*self.store, input, self.lost).await
    }

    /// One of them.
    ///
    /// # Errors
    /// `unknown_trace`, `invalid_input`; the store's.
    pub async fn trace(&self, trace_id: &str) -> Result<TraceView, AppError> {
        traces::view(&*self.store, trace_id).await
    }
}

impl OpenFolder {
    /// Where spans go, and what became of them.
    pub fn tracing(&self) -> TracingView {
        self.recording.view()
    }

    /// Sends spans to other receivers from now on, and keeps that; a folder that exchanges with nobody sends none.
    ///
    /// # Errors
    /// `invalid_url` with its `field`; the store's.
    pub async fn save_tracing(&self, setting: &TracingSetting) -> Result<TracingView, AppError> {
        nosmoke_traces::check(setting).map_err(invalid)?;
        if !self.place.linked {
            settings::tracing::keep(&*self.terminal().core.journal, setting.clone()).await?;
            return Ok(TracingView { setting: setting.clone(), otlp: None, zipkin: None });
        }
        let before = self.tracing().setting;
        self.recording.send_to(setting).map_err(invalid)?;
        if let Err(error) = settings::tracing::keep(&*self.terminal().core.journal, setting.clone()).await {
            self.recording.send_to(&before).map_err(invalid)?;
            return Err(error);
        }
        Ok(self.tracing())
    }

    /// The spans that are kept, to be asked without holding the folder.
    pub fn kept_spans(&self) -> KeptSpans {
        KeptSpans { store: self.store().spans(), lost: self.recording.lost() }
    }

    /// Begins as the setting says. A receiver that was set is no reason not to work.
    pub(super) async fn begin_tracing(&self) -> Result<(), AppError> {
        self.name_terminal().await?;
        if !self.place.linked {
            return Ok(());
        }
        // One that another version kept, or that can't be used, keeps nobody from working.
        let kept = read::<_, StoreError>(&*self.terminal().core.journal, |tx| settings::tracing::kept(tx)).await;
        let sending = kept.map_err(AppError::from).and_then(|kept| self.recording.send_to(&kept).map_err(invalid));
        if let Err(error) = sending {
            tracing::warn!(%error, "spans aren't sent");
        }
        Ok(())
    }

    /// Spans name the terminal once there is one.
    pub(super) async fn name_terminal(&self) -> Result<(), AppError> {
        let origin = read::<_, StoreError>(&*self.terminal().core.journal, |tx| tx.origin()).await?;
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
