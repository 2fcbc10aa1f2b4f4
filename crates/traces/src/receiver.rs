//! Receivers of spans, each with what became of them.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use nosmoke_ports::contract::{SpansSent, TracingSetting};
use opentelemetry_otlp::{Protocol, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use reqwest::Url;
use reqwest::blocking::Client;
use reqwest::redirect::Policy;

use crate::zipkin::Zipkin;

/// A receiver that doesn't answer in this time has lost what it was sent.
const PATIENCE: Duration = Duration::from_secs(3);

/// Which of the setting's URLs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Otlp,
    Zipkin,
}

/// A URL that spans can't be sent to, and why.
#[derive(Debug, thiserror::Error)]
#[error("{0:?}: {1}")]
pub struct BadUrl(pub Field, pub String);

/// Sends spans, and counts.
pub(crate) struct Receiver<E> {
    exporter: E,
    pub(crate) sent: Arc<RwLock<SpansSent>>,
}

impl<E: fmt::Debug> fmt::Debug for Receiver<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("sent", &self.sent).finish_non_exhaustive()
    }
}

impl<E> Receiver<E> {
    fn new(exporter: E) -> Self {
        Self { exporter, sent: Arc::default() }
    }
}

impl<E: SpanExporter> SpanExporter for Receiver<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let count = batch.len() as u64;
        let outcome = self.exporter.export(batch).await;
        let mut sent = self.sent.write().unwrap_or_else(PoisonError::into_inner);
        match &outcome {
            Ok(()) => {
                sent.sent += count;
                sent.problem = None;
            }
            Err(error) => {
                sent.lost += count;
                sent.problem = Some(error.to_string());
            }
        }
        outcome
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

/// Whether spans can be sent there.
///
/// # Errors
/// Where one isn't a URL for that.
pub fn check(setting: &TracingSetting) -> Result<(), BadUrl> {
    for (field, url) in [(Field::Otlp, &setting.otlp), (Field::Zipkin, &setting.zipkin)] {
        if let Some(url) = url {
            base(url).map_err(|why| BadUrl(field, why))?;
        }
    }
    Ok(())
}

/// OTLP over HTTP, as protobuf; the signal's path is added.
pub(crate) fn otlp(url: &str) -> Result<Receiver<opentelemetry_otlp::SpanExporter>, String> {
    let url = base(url)?.join("v1/traces").map_err(|error| error.to_string())?;
    let builder = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_http_client(client()?)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(url)
        .with_timeout(PATIENCE);
    builder.build().map(Receiver::new).map_err(|error| error.to_string())
}

/// Zipkin's JSON, version 2; the API's path is added.
pub(crate) fn zipkin(url: &str) -> Result<Receiver<Zipkin>, String> {
    let url = base(url)?.join("api/v2/spans").map_err(|error| error.to_string())?;
    Ok(Receiver::new(Zipkin::new(client()?, url)))
}

/// A URL as a folder. Nothing that would be a secret is taken: it would be shown and kept in the open.
fn base(url: &str) -> Result<Url, String> {
    let mut url: Url = url.parse().map_err(|error: <Url as std::str::FromStr>::Err| error.to_string())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("neither http nor https".into());
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err("more than a scheme, a host and a path".into());
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

/// A client of its own thread's making: one that blocks can't be made where others are served.
fn client() -> Result<Client, String> {
    let making = std::thread::spawn(|| {
        Client::builder().timeout(PATIENCE).redirect(Policy::none()).build().map_err(|error| error.to_string())
    });
    making.join().unwrap_or_else(|_| Err("the HTTP client can't be made".into()))
}
