//! A receiver of trace spans by OTLP over HTTP, with OpenTelemetry's protobuf types.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

/// A receiver that decodes and keeps every request. It ends with the tokio runtime that runs it.
#[derive(Debug)]
pub struct Otlp {
    pub url: String,
    received: Arc<Mutex<Vec<ExportTraceServiceRequest>>>,
}

impl Otlp {
    /// Starts a receiver on a free loopback port.
    ///
    /// # Panics
    /// When no port is free.
    pub async fn listen() -> Self {
        let received = Arc::<Mutex<Vec<ExportTraceServiceRequest>>>::default();
        let router = Router::new().route("/v1/traces", post(receive)).with_state(received.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { url, received }
    }

    /// Returns all spans received so far.
    ///
    /// # Panics
    /// When a handler has panicked.
    pub fn spans(&self) -> Vec<Span> {
        let received = self.received.lock().unwrap();
        let resources = received.iter().flat_map(|request| &request.resource_spans);
        resources.flat_map(|it| &it.scope_spans).flat_map(|it| &it.spans).cloned().collect()
    }

    /// Returns the resource attributes of the first request.
    ///
    /// # Panics
    /// When no request was received yet.
    pub fn resource(&self) -> BTreeMap<String, Value> {
        let received = self.received.lock().unwrap();
        let resource = received[0].resource_spans[0].resource.clone().unwrap();
        resource.attributes.into_iter().map(|it| (it.key, it.value.unwrap().value.unwrap())).collect()
    }
}

async fn receive(
    State(received): State<Arc<Mutex<Vec<ExportTraceServiceRequest>>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Vec<u8> {
    assert_eq!(headers[header::CONTENT_TYPE], "application/x-protobuf");
    received.lock().unwrap().push(ExportTraceServiceRequest::decode(body).unwrap());
    Vec::new()
}
