//! The receivers (OTLP and Zipkin) that spans are sent to, each with the number of spans sent and lost.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use nosmoke_ports::contract::{SpansSent, TracingSetting};
use opentelemetry_otlp::{Protocol, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use parking_lot::RwLock;
use reqwest::Url;
use reqwest::blocking::Client;
use reqwest::redirect::Policy;

use crate::zipkin::Zipkin;

/// Timeout of a request; then its spans are counted as lost.
const SEND_TIMEOUT: Duration = Duration::from_secs(3);

/// The URLs in the setting for tracing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Otlp,
    Zipkin,
}

/// An invalid URL in the setting for tracing, with the reason.
#[derive(Debug, thiserror::Error)]
#[error("the {0:?} URL for sending traces is invalid: {1}")]
pub struct BadUrl(pub Field, pub String);

/// An exporter that counts the spans it has sent and lost.
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
        let mut sent = self.sent.write();
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

/// Validates the receivers' URLs without connecting.
///
/// # Errors
/// `BadUrl` for the first URL that is invalid.
pub fn check(setting: &TracingSetting) -> Result<(), BadUrl> {
    for (field, url) in [(Field::Otlp, &setting.otlp), (Field::Zipkin, &setting.zipkin)] {
        if let Some(url) = url {
            base(url).map_err(|why| BadUrl(field, why))?;
        }
    }
    Ok(())
}

/// Creates an exporter for OTLP over HTTP with protobuf; appends `v1/traces` to the URL.
pub(crate) fn otlp(url: &str) -> Result<Receiver<opentelemetry_otlp::SpanExporter>, String> {
    let url = base(url)?.join("v1/traces").map_err(|error| error.to_string())?;
    let builder = opentelemetry_otlp::SpanExporter::builder()
        .with_http()
        .with_http_client(client()?)
        .with_protocol(Protocol::HttpBinary)
        .with_endpoint(url)
        .with_timeout(SEND_TIMEOUT);
    builder.build().map(Receiver::new).map_err(|error| error.to_string())
}

/// Creates an exporter for Zipkin's JSON, version 2; appends `api/v2/spans` to the URL.
pub(crate) fn zipkin(url: &str) -> Result<Receiver<Zipkin>, String> {
    let url = base(url)?.join("api/v2/spans").map_err(|error| error.to_string())?;
    Ok(Receiver::new(Zipkin::new(client()?, url)))
}

/// Parses a URL and ends its path with a slash. Rejects credentials, query and fragment: they might be secrets, and the
/// setting is stored and shown unprotected.
fn base(url: &str) -> Result<Url, String> {
    let mut url: Url = url.parse().map_err(|error: <Url as std::str::FromStr>::Err| error.to_string())?;
    if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
        return Err("it doesn't begin with http:// or https:// and a host".into());
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err("it has a user name, a password, a query or a fragment, which aren't allowed".into());
    }
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Ok(url)
}

/// Creates a blocking HTTP client on another thread, because reqwest panics if one is created inside an async runtime.
fn client() -> Result<Client, String> {
    let making = std::thread::spawn(|| {
        Client::builder().timeout(SEND_TIMEOUT).redirect(Policy::none()).build().map_err(|error| error.to_string())
    });
    making.join().unwrap_or_else(|_| Err("the HTTP client can't be created".into()))
}
