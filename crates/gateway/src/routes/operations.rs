//! Operations: health, metrics, and rebuilding the read model.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use nosmoke_application::permission::Act;

use crate::asked::Asked;
use crate::health::Health;
use crate::idempotency_key::{IdempotencyKey, WithKey};
use crate::problem::{Problem, Problems};
use crate::request::{Body, EmptyBody};
use crate::served::Served;

/// Reports whether the program works, as of at most a few seconds ago; needs no token.
#[utoipa::path(get, path = "/health", tag = "operation", security(()),
    responses((status = 200, body = Health), Problems))]
pub(crate) async fn health(State(served): State<Served>) -> Result<Json<Health>, Problem> {
    Ok(Json(served.health.get()?))
}

/// Returns metrics of requests, contexts and replication, in Prometheus' text format.
#[utoipa::path(get, path = "/metrics", tag = "operation",
    responses((status = 200, content_type = "application/openmetrics-text", body = String), Problems))]
pub(crate) async fn metrics(asked: Asked) -> Result<Response, Problem> {
    let text = asked.metrics().text(asked.may(Act::SeeMetrics)?.terminal).await?;
    const FORM: HeaderValue = HeaderValue::from_static("application/openmetrics-text; version=1.0.0; charset=utf-8");
    Ok(([(header::CONTENT_TYPE, FORM)], text).into_response())
}

/// Empties Mypage's read model; the projector then builds it again from the journal. Repeating the request with its
/// idempotency key doesn't empty it again.
#[utoipa::path(post, path = "/mypages/rebuild", tag = "operation", params(WithKey),
    responses((status = 202, description = "The rebuild has started."), Problems))]
pub(crate) async fn rebuild(
    asked: Asked,
    key: IdempotencyKey,
    Body(EmptyBody {}): Body<EmptyBody>,
) -> Result<StatusCode, Problem> {
    let workers = asked.may(Act::RebuildMypage)?.terminal.workers.clone();
    let act = async move { Ok(workers.rebuild_mypage().await?) };
    asked.once(key, "rebuildMypage", act).await?;
    Ok(StatusCode::ACCEPTED)
}
