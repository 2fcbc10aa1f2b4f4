//! Spans as they end, to whoever gets them; receivers change while spans are made.

use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::Duration;

use nosmoke_ports::contract::{SpansSent, TracingSetting, TracingView};
use opentelemetry::trace::Span as _;
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, Span, SpanData, SpanExporter, SpanProcessor};

use crate::kept::Kept;
use crate::receiver::{BadUrl, Field, Receiver, otlp, zipkin};

/// Spans that wait for one who takes them; beyond these they are lost.
const WAITING: usize = 8_192;
/// A span is seen within this time.
const SOON: Duration = Duration::from_millis(300);

#[derive(Debug)]
pub(crate) struct Switchboard {
    kept: Kept,
    keeping: BatchSpanProcessor,
    resource: Resource,
    terminal: RwLock<Option<String>>,
    receivers: RwLock<Receivers>,
}

#[derive(Debug, Default)]
struct Receivers {
    setting: TracingSetting,
    otlp: Option<Sending>,
    zipkin: Option<Sending>,
}

#[derive(Debug)]
struct Sending {
    processor: BatchSpanProcessor,
    sent: Arc<RwLock<SpansSent>>,
}

impl Sending {
    fn new<E: SpanExporter + 'static>(mut receiver: Receiver<E>, resource: &Resource) -> Self {
        let sent = receiver.sent.clone();
        receiver.set_resource(resource);
        Self { processor: processor(receiver), sent }
    }

    fn view(&self) -> SpansSent {
        self.sent.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Receivers {
    fn each(&self) -> impl Iterator<Item = &BatchSpanProcessor> {
        [&self.otlp, &self.zipkin].into_iter().flatten().map(|sending| &sending.processor)
    }
}

fn processor<E: SpanExporter + 'static>(exporter: E) -> BatchSpanProcessor {
    let config = BatchConfigBuilder::default().with_max_queue_size(WAITING).with_scheduled_delay(SOON).build();
    BatchSpanProcessor::builder(exporter).with_batch_config(config).build()
}

impl Switchboard {
    pub(crate) fn new(kept: Kept, resource: Resource) -> Self {
        let keeping = processor(kept.clone());
        Self { kept, keeping, resource, terminal: RwLock::default(), receivers: RwLock::default() }
    }

    pub(crate) fn name_terminal(&self, terminal: String) {
        *self.terminal.write().unwrap_or_else(PoisonError::into_inner) = Some(terminal);
    }

    pub(crate) fn send_to(&self, setting: &TracingSetting) -> Result<(), BadUrl> {
        let otlp = setting.otlp.as_deref().map(|url| otlp(url).map_err(|why| BadUrl(Field::Otlp, why))).transpose()?;
        let zipkin =
            setting.zipkin.as_deref().map(|url| zipkin(url).map_err(|why| BadUrl(Field::Zipkin, why))).transpose()?;
        let receivers = Receivers {
            setting: setting.clone(),
            otlp: otlp.map(|receiver| Sending::new(receiver, &self.resource)),
            zipkin: zipkin.map(|receiver| Sending::new(receiver, &self.resource)),
        };
        let before = std::mem::replace(&mut *self.receivers.write().unwrap_or_else(PoisonError::into_inner), receivers);
        // A receiver that doesn't answer holds up nobody.
        std::thread::spawn(move || before.each().for_each(|processor| drop(processor.shutdown())));
        Ok(())
    }

    pub(crate) fn view(&self) -> TracingView {
        let receivers = self.receivers();
        let view = |sending: &Option<Sending>| sending.as_ref().map(Sending::view);
        TracingView { setting: receivers.setting.clone(), otlp: view(&receivers.otlp), zipkin: view(&receivers.zipkin) }
    }

    pub(crate) fn lost(&self) -> u64 {
        self.kept.lost()
    }

    fn receivers(&self) -> RwLockReadGuard<'_, Receivers> {
        self.receivers.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The switchboard as the provider's only processor.
#[derive(Debug)]
pub(crate) struct Forwarding(pub(crate) Arc<Switchboard>);

impl SpanProcessor for Forwarding {
    fn on_start(&self, span: &mut Span, _: &Context) {
        if let Some(terminal) = &*self.0.terminal.read().unwrap_or_else(PoisonError::into_inner) {
            span.set_attribute(KeyValue::new("nosmoke.terminal", terminal.clone()));
        }
    }

    fn on_end(&self, span: SpanData) {
        for processor in self.0.receivers().each() {
            processor.on_end(span.clone());
        }
        self.0.keeping.on_end(span);
    }

    /// Nobody asks for it: what has ended is on its way within [`SOON`].
    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    /// All at once: one that hangs takes no time from the others.
    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        let receivers = std::mem::take(&mut *self.0.receivers.write().unwrap_or_else(PoisonError::into_inner));
        std::thread::scope(|scope| {
            for processor in receivers.each() {
                scope.spawn(move || drop(processor.shutdown_with_timeout(timeout)));
            }
            self.0.keeping.shutdown_with_timeout(timeout)
        })
    }

    fn set_resource(&mut self, _: &Resource) {}
}
