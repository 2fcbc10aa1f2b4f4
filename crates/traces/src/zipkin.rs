//! Exports spans as Zipkin's JSON, version 2 (https://zipkin.io/zipkin-api). OpenTelemetry's own exporter is deprecated
//! and omits the service's name. Zipkin has no links between spans, so links are written as a tag.

use std::collections::BTreeMap;
use std::time::{Duration, UNIX_EPOCH};

use opentelemetry::trace::{SpanId, SpanKind, Status};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use reqwest::Url;
use reqwest::blocking::Client;
use serde::Serialize;

use crate::service::SERVICE;

#[derive(Debug)]
pub(crate) struct Zipkin {
    client: Client,
    url: Url,
    /// Attributes of the resource, added to every span as tags.
    resource: BTreeMap<String, String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ZipkinSpan {
    trace_id: String,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent_id: Option<String>,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    /// In µs since 1970.
    timestamp: u64,
    /// In µs; at least 1.
    duration: u64,
    local_endpoint: Endpoint,
    tags: BTreeMap<String, String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Endpoint {
    service_name: &'static str,
}

impl Zipkin {
    pub(crate) fn new(client: Client, url: Url) -> Self {
        Self { client, url, resource: BTreeMap::new() }
    }

    fn span(&self, data: SpanData) -> ZipkinSpan {
        let mut tags = self.resource.clone();
        tags.extend(data.attributes.into_iter().map(|it| (it.key.to_string(), it.value.to_string())));
        if let Status::Error { description } = data.status {
            tags.insert("error".into(), description.into_owned());
        }
        let links: Vec<_> = data.links.iter().map(|link| link.span_context.trace_id().to_string()).collect();
        if !links.is_empty() {
            tags.insert("links".into(), links.join(" "));
        }
        ZipkinSpan {
            trace_id: data.span_context.trace_id().to_string(),
            id: data.span_context.span_id().to_string(),
            parent_id: (data.parent_span_id != SpanId::INVALID).then(|| data.parent_span_id.to_string()),
            name: data.name.into_owned(),
            kind: match data.span_kind {
                SpanKind::Client => Some("CLIENT"),
                SpanKind::Server => Some("SERVER"),
                SpanKind::Producer => Some("PRODUCER"),
                SpanKind::Consumer => Some("CONSUMER"),
                SpanKind::Internal => None,
            },
            timestamp: micros(data.start_time.duration_since(UNIX_EPOCH)),
            duration: micros(data.end_time.duration_since(data.start_time)).max(1),
            local_endpoint: Endpoint { service_name: SERVICE },
            tags,
        }
    }
}

/// Returns a duration in µs; 0 if it is negative because the clock was set back.
fn micros(duration: Result<Duration, std::time::SystemTimeError>) -> u64 {
    duration.map_or(0, |it| u64::try_from(it.as_micros()).unwrap_or(u64::MAX))
}

impl SpanExporter for Zipkin {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let spans: Vec<_> = batch.into_iter().map(|data| self.span(data)).collect();
        let answer = self.client.post(self.url.clone()).json(&spans).send();
        match answer.and_then(reqwest::blocking::Response::error_for_status) {
            Ok(_) => Ok(()),
            Err(error) => Err(OTelSdkError::InternalFailure(error.to_string())),
        }
    }

    fn set_resource(&mut self, resource: &Resource) {
        let tags = resource.iter().filter(|(key, _)| key.as_str() != "service.name");
        self.resource = tags.map(|(key, value)| (key.to_string(), value.to_string())).collect();
    }
}
