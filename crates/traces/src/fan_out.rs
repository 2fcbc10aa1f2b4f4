//! Distributes ended spans to this terminal's store and to the receivers in its settings, which may be replaced at any
//! time.

use std::sync::Arc;
use std::time::Duration;

use nosmoke_ports::contract::{SpansSent, TracingSetting, TracingView};
use opentelemetry::trace::Span as _;
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{BatchConfigBuilder, BatchSpanProcessor, Span, SpanData, SpanExporter, SpanProcessor};
use parking_lot::{RwLock, RwLockReadGuard};

use crate::receiver::{BadUrl, Field, Receiver, otlp, zipkin};
use crate::store_exporter::StoreExporter;

/// Most spans queued per exporter; further spans are lost.
const MAX_QUEUED_SPANS: usize = 8_192;
/// How often queued spans are exported.
const EXPORT_INTERVAL: Duration = Duration::from_millis(300);

#[derive(Debug)]
pub(crate) struct FanOut {
    store: StoreExporter,
    store_processor: BatchSpanProcessor,
    resource: Resource,
    terminal: RwLock<Option<String>>,
    receivers: RwLock<Receivers>,
}

#[derive(Debug, Default)]
struct Receivers {
    setting: TracingSetting,
    otlp: Option<ActiveReceiver>,
    zipkin: Option<ActiveReceiver>,
}

#[derive(Debug)]
struct ActiveReceiver {
    processor: BatchSpanProcessor,
    sent: Arc<RwLock<SpansSent>>,
}

impl ActiveReceiver {
    fn new<E: SpanExporter + 'static>(mut receiver: Receiver<E>, resource: &Resource) -> Self {
        let sent = receiver.sent.clone();
        receiver.set_resource(resource);
        Self { processor: processor(receiver), sent }
    }

    fn view(&self) -> SpansSent {
        self.sent.read().clone()
    }
}

impl Receivers {
    fn each(&self) -> impl Iterator<Item = &BatchSpanProcessor> {
        [&self.otlp, &self.zipkin].into_iter().flatten().map(|receiver| &receiver.processor)
    }
}

fn processor<E: SpanExporter + 'static>(exporter: E) -> BatchSpanProcessor {
    let config = BatchConfigBuilder::default()
        .with_max_queue_size(MAX_QUEUED_SPANS)
        .with_scheduled_delay(EXPORT_INTERVAL)
        .build();
    BatchSpanProcessor::builder(exporter).with_batch_config(config).build()
}

impl FanOut {
    pub(crate) fn new(store: StoreExporter, resource: Resource) -> Self {
        let store_processor = processor(store.clone());
        Self { store, store_processor, resource, terminal: RwLock::default(), receivers: RwLock::default() }
    }

    pub(crate) fn name_terminal(&self, terminal: String) {
        *self.terminal.write() = Some(terminal);
    }

    pub(crate) fn send_to(&self, setting: &TracingSetting) -> Result<(), BadUrl> {
        let otlp = setting.otlp.as_deref().map(|url| otlp(url).map_err(|why| BadUrl(Field::Otlp, why))).transpose()?;
        let zipkin =
            setting.zipkin.as_deref().map(|url| zipkin(url).map_err(|why| BadUrl(Field::Zipkin, why))).transpose()?;
        let receivers = Receivers {
            setting: setting.clone(),
            otlp: otlp.map(|receiver| ActiveReceiver::new(receiver, &self.resource)),
            zipkin: zipkin.map(|receiver| ActiveReceiver::new(receiver, &self.resource)),
        };
        let before = std::mem::replace(&mut *self.receivers.write(), receivers);
        // On another thread, because shutting down blocks while a receiver doesn't answer.
        std::thread::spawn(move || before.each().for_each(|processor| drop(processor.shutdown())));
        Ok(())
    }

    pub(crate) fn view(&self) -> TracingView {
        let receivers = self.receivers();
        let view = |receiver: &Option<ActiveReceiver>| receiver.as_ref().map(ActiveReceiver::view);
        TracingView { setting: receivers.setting.clone(), otlp: view(&receivers.otlp), zipkin: view(&receivers.zipkin) }
    }

    pub(crate) fn lost(&self) -> u64 {
        self.store.lost()
    }

    fn receivers(&self) -> RwLockReadGuard<'_, Receivers> {
        self.receivers.read()
    }
}

/// The span processor that the tracer provider calls.
#[derive(Debug)]
pub(crate) struct FanOutProcessor(pub(crate) Arc<FanOut>);

impl SpanProcessor for FanOutProcessor {
    fn on_start(&self, span: &mut Span, _: &Context) {
        if let Some(terminal) = &*self.0.terminal.read() {
            span.set_attribute(KeyValue::new("nosmoke.terminal", terminal.clone()));
        }
    }

    fn on_end(&self, span: SpanData) {
        for processor in self.0.receivers().each() {
            processor.on_end(span.clone());
        }
        self.0.store_processor.on_end(span);
    }

    /// Does nothing: it isn't called, and spans are exported every [`EXPORT_INTERVAL`].
    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    /// Shuts all exporters down in parallel, so that one that hangs takes no time from the others.
    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        let receivers = std::mem::take(&mut *self.0.receivers.write());
        std::thread::scope(|scope| {
            for processor in receivers.each() {
                scope.spawn(move || drop(processor.shutdown_with_timeout(timeout)));
            }
            self.0.store_processor.shutdown_with_timeout(timeout)
        })
    }

    fn set_resource(&mut self, _: &Resource) {}
}
