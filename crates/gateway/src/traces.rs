//! Begins a span for each POST and PUT request (S9). If the request has a `traceparent`, the span belongs to the
//! caller's trace.

use axum::extract::{MatchedPath, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use nosmoke_ports::contract::SpanStep;
use nosmoke_ports::traces::{TRACEPARENT, Traces};
use opentelemetry::context::FutureExt as _;

pub(crate) async fn trace(
    State(traces): State<Traces>,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let Some(route) = matched.filter(|_| matches!(*request.method(), Method::POST | Method::PUT)) else {
        return next.run(request).await;
    };
    let came_with = request.headers().get(TRACEPARENT).and_then(|value| value.to_str().ok());
    let from = traces.remote(came_with).unwrap_or_default();
    let span = traces.begin(SpanStep::Request, &format!("{} {}", request.method(), route.as_str()), &from);
    let response = next.run(request).with_context(span.context()).await;
    let status = response.status();
    span.note("http.response.status_code", i64::from(status.as_u16()));
    if status.is_client_error() || status.is_server_error() {
        span.end_with(status.as_u16().to_string());
    } else {
        span.end();
    }
    response
}
