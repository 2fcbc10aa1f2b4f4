//! The terminal's spans: reads the stored ones, and configures the receivers to which new ones are sent.

use std::sync::Arc;

use nosmoke_application::queries::traces;
use nosmoke_application::settings;
use nosmoke_ports::contract::{AppError, ErrorCode, TracePage, TraceView, TracesInput, TracingSetting, TracingView};
use nosmoke_ports::{SpanStore, StoreError, read};
use nosmoke_traces::{BadUrl, Field};
use serde_json::json;

use super::OpenFolder;

/// The spans in this terminal's own store.
#[derive(Debug, Clone)]
pub struct KeptSpans {
    store: Arc<dyn SpanStore>,
    lost: u64,
}

impl KeptSpans {
    /// Returns a page of the traces in which this terminal recorded spans, newest first.
    ///
    /// # Errors
    /// `invalid_input`, or an error of the store.
    pub async fn traces(&self, input: TracesInput) -> Result<TracePage, AppError> {
        traces::page(&*self.store, input, self.lost).await
    }

    /// Returns one trace with its spans.
    ///
    /// # Errors
    /// `unknown_trace`, `invalid_input`, or an error of the store.
    pub async fn trace(&self, trace_id: &str) -> Result<TraceView, AppError> {
        traces::view(&*self.store, trace_id).await
    }
}

impl OpenFolder {
    /// Returns the receivers of spans, with the number of spans sent and lost.
    pub fn tracing(&self) -> TracingView {
        self.recording.view()
    }

    /// Saves the receivers of spans and sends spans to them from now on. If the folder doesn't replicate, only saves
    /// them.
    ///
    /// # Errors
    /// `invalid_url` with its `field`, or an error of the store.
    pub async fn save_tracing(&self, setting: &TracingSetting) -> Result<TracingView, AppError> {
        nosmoke_traces::check(setting).map_err(invalid)?;
        if !self.options.replicates {
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

    /// Returns the stored spans, so that they can be read without borrowing the folder.
    pub fn kept_spans(&self) -> KeptSpans {
        KeptSpans { store: self.store().spans(), lost: self.recording.lost() }
    }

    /// Starts sending spans to the receivers that are saved. If the saved setting is invalid, logs that and sends none.
    pub(super) async fn begin_tracing(&self) -> Result<(), AppError> {
        self.name_terminal().await?;
        if !self.options.replicates {
            return Ok(());
        }
        // A setting that is invalid, or that another version saved, must not prevent opening the folder.
        let kept = read::<_, StoreError>(&*self.terminal().core.journal, |tx| settings::tracing::kept(tx)).await;
        let sending = kept.map_err(AppError::from).and_then(|kept| self.recording.send_to(&kept).map_err(invalid));
        if let Err(error) = sending {
            tracing::warn!(%error, "spans aren't sent");
        }
        Ok(())
    }

    /// Adds the terminal's id to all later spans, if the folder is set up.
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
