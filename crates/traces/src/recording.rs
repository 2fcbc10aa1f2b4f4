//! Records a terminal's spans: provides the tracer, and configures where spans are exported to.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_ports::SpanStore;
use nosmoke_ports::contract::{TracingSetting, TracingView};
use nosmoke_ports::traces::Traces;
use opentelemetry::InstrumentationScope;
use opentelemetry::global::BoxedTracer;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};

use crate::fan_out::{FanOut, FanOutProcessor};
use crate::receiver::BadUrl;
use crate::service::{SERVICE, resource};
use crate::store_exporter::StoreExporter;

/// At the end, writing and sending the last spans may take this long.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_millis(500);

/// Records and exports one terminal's spans until [`Recording::end`].
#[derive(Debug)]
pub struct Recording {
    provider: SdkTracerProvider,
    fan_out: Arc<FanOut>,
    version: String,
}

impl Recording {
    /// Starts recording into `store`; `version` is the program's version. Must be called inside a tokio runtime.
    pub fn begin(store: Arc<dyn SpanStore>, version: &str) -> Self {
        let resource = resource(version);
        let fan_out = Arc::new(FanOut::new(StoreExporter::new(store), resource.clone()));
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            // Always sample locally, whatever the caller decided.
            .with_sampler(Sampler::AlwaysOn)
            .with_span_processor(FanOutProcessor(fan_out.clone()))
            .build();
        Self { provider, fan_out, version: version.to_owned() }
    }

    /// Returns the tracer, which begins spans.
    pub fn traces(&self) -> Traces {
        let scope = InstrumentationScope::builder(SERVICE).with_version(self.version.clone()).build();
        let tracer = BoxedTracer::new(Box::new(self.provider.tracer_with_scope(scope)));
        Traces::new(tracer, Box::new(TraceContextPropagator::new()))
    }

    /// Adds the terminal's id to every span from now on.
    pub fn name_terminal(&self, terminal: String) {
        self.fan_out.name_terminal(terminal);
    }

    /// Replaces the receivers. Spans that are still queued for the earlier receivers may be lost.
    ///
    /// # Errors
    /// `BadUrl` for the first URL that is invalid; then nothing is changed.
    pub fn send_to(&self, setting: &TracingSetting) -> Result<(), BadUrl> {
        self.fan_out.send_to(setting)
    }

    /// Returns the receivers, with the number of spans sent and lost.
    pub fn view(&self) -> TracingView {
        self.fan_out.view()
    }

    /// Returns the number of spans that couldn't be stored.
    pub fn lost(&self) -> u64 {
        self.fan_out.lost()
    }

    /// Writes and sends the spans that have ended, waiting for 500 ms at most. Spans that end later are dropped.
    pub async fn end(self) {
        let ended = tokio::task::spawn_blocking(move || self.provider.shutdown_with_timeout(SHUTDOWN_TIMEOUT)).await;
        if let Ok(Err(error)) = ended {
            tracing::debug!(%error, "some of the last spans weren't stored or sent");
        }
    }
}
