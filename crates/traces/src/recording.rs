//! What becomes of a terminal's spans (S9, ADR 0023): they are kept in its own bounded store, and sent to the receivers that are
//! set. Nobody who works at a desk waits for either.

mod kept;
mod receiver;
mod switchboard;
mod zipkin;

use std::sync::Arc;
use std::time::Duration;

use nosmoke_ports::SpanStore;
use nosmoke_ports::contract::{TracingSetting, TracingView};
use nosmoke_ports::traces::Traces;
use opentelemetry::global::BoxedTracer;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use uuid::Uuid;

use kept::Kept;
use switchboard::Switchboard;

pub use receiver::{BadUrl, Field, check};

/// The name under which receivers show what comes from a terminal.
pub const SERVICE: &str = "nosmoke-desk";
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
        // A terminal may not be set up yet, so the resource is this run of the program; spans name the terminal.
        let resource = Resource::builder_empty().with_attributes([
            KeyValue::new("service.name", SERVICE),
            KeyValue::new("service.version", version.to_owned()),
            KeyValue::new("service.instance.id", Uuid::new_v4().to_string()),
        ]);
        let resource = resource.build();
        let switchboard = Arc::new(Switchboard::new(Kept::new(store), resource.clone()));
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            // Whatever whoever asked wants kept of it elsewhere: what is done here is kept here.
            .with_sampler(Sampler::AlwaysOn)
            .with_span_processor(switchboard::Forwarding(switchboard.clone()))
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
