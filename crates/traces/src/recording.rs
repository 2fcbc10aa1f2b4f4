//! A terminal's spans from the first to the last: what makes them, and where they end up.

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

use crate::kept::Kept;
use crate::receiver::BadUrl;
use crate::service::{SERVICE, resource};
use crate::switchboard::{Forwarding, Switchboard};

/// The last spans are written and sent within this time when it ends.
const ENDING: Duration = Duration::from_millis(500);

/// One terminal's spans on their way; ends with [`Recording::end`].
#[derive(Debug)]
pub struct Recording {
    provider: SdkTracerProvider,
    switchboard: Arc<Switchboard>,
    version: String,
}

impl Recording {
    /// Keeps spans in this store; `version` is the program's. On the current tokio runtime.
    pub fn begin(store: Arc<dyn SpanStore>, version: &str) -> Self {
        let resource = resource(version);
        let switchboard = Arc::new(Switchboard::new(Kept::new(store), resource.clone()));
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            // Whatever whoever asked wants kept of it elsewhere: what is done here is kept here.
            .with_sampler(Sampler::AlwaysOn)
            .with_span_processor(Forwarding(switchboard.clone()))
            .build();
        Self { provider, switchboard, version: version.to_owned() }
    }

    /// What makes the spans.
    pub fn traces(&self) -> Traces {
        let scope = InstrumentationScope::builder(SERVICE).with_version(self.version.clone()).build();
        let tracer = BoxedTracer::new(Box::new(self.provider.tracer_with_scope(scope)));
        Traces::new(tracer, Box::new(TraceContextPropagator::new()))
    }

    /// Names the terminal in every span from now on.
    pub fn name_terminal(&self, terminal: String) {
        self.switchboard.name_terminal(terminal);
    }

    /// Sends spans there from now on, and to no other receiver. What waited for the earlier ones may be lost.
    ///
    /// # Errors
    /// Where one isn't a URL that spans can be sent to; nothing is changed then.
    pub fn send_to(&self, setting: &TracingSetting) -> Result<(), BadUrl> {
        self.switchboard.send_to(setting)
    }

    /// Where spans go, and what became of them.
    pub fn view(&self) -> TracingView {
        self.switchboard.view()
    }

    /// Spans that couldn't be kept.
    pub fn lost(&self) -> u64 {
        self.switchboard.lost()
    }

    /// Writes and sends what has ended, a moment at most; later spans go nowhere.
    pub async fn end(self) {
        let ended = tokio::task::spawn_blocking(move || self.provider.shutdown_with_timeout(ENDING)).await;
        if let Ok(Err(error)) = ended {
            tracing::debug!(%error, "spans weren't all kept and sent");
        }
    }
}
