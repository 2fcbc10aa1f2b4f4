//! The HTTP routes. Each request needs the token; from a browser, only pages of one origin may call.

use std::error::Error;
use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use nosmoke_window::{Shell, answer};
use serde::Deserialize;
use serde_json::Value;
use subtle::ConstantTimeEq;
use tower_http::cors::CorsLayer;

use crate::clock::SetClock;
use crate::events::Events;

#[derive(Clone)]
pub(crate) struct Served {
    pub(crate) shell: Shell,
    pub(crate) events: Arc<Events>,
    /// The clock, if it can be set.
    pub(crate) clock: Option<Arc<SetClock>>,
    pub(crate) token: Arc<str>,
}

pub(crate) fn router(served: Served, origin: Option<&str>) -> Result<Router, Box<dyn Error>> {
    let mut cors = CorsLayer::new().allow_methods([Method::GET, Method::POST]);
    cors = cors.allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE]);
    if let Some(origin) = origin {
        cors = cors.allow_origin(origin.parse::<HeaderValue>()?);
    }
    Ok(Router::new()
        .route("/calls/{name}", post(call))
        .route("/events", get(events))
        .route("/clock", post(set_clock))
        .layer(from_fn_with_state(served.token.clone(), need_token))
        // Outside the check of the token: a browser's CORS preflight request has no token.
        .layer(cors)
        .with_state(served))
}

async fn need_token(State(token): State<Arc<str>>, request: Request, next: Next) -> Response {
    if has_token(request.headers(), &token) {
        next.run(request).await
    } else {
        StatusCode::UNAUTHORIZED.into_response()
    }
}

/// Compares the token in constant time, against timing attacks.
fn has_token(headers: &HeaderMap, token: &str) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given = given.and_then(|value| value.strip_prefix("Bearer "));
    given.is_some_and(|given| bool::from(given.as_bytes().ct_eq(token.as_bytes())))
}

/// The arguments that a screen passes to Tauri's `invoke('call', …)`, without the call's name, which is in the path.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct CallBody {
    input: Value,
    clicked_at: Option<f64>,
}

/// Answers a call with 200 and its result, or with 422 and its error.
async fn call(State(served): State<Served>, Path(name): Path<String>, Json(body): Json<CallBody>) -> Response {
    match answer(&served.shell, &name, body.input, body.clicked_at).await {
        Ok(json) => ([(header::CONTENT_TYPE, "application/json")], json).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response(),
    }
}

#[derive(Deserialize)]
struct Poll {
    after: Option<u64>,
}

async fn events(State(served): State<Served>, Query(Poll { after }): Query<Poll>) -> Json<Value> {
    Json(served.events.after(after).await)
}

/// Sets the clock to a time in ms since 1970. Answers 404 if the program uses the system's clock.
async fn set_clock(State(served): State<Served>, Json(ms): Json<i64>) -> StatusCode {
    match served.clock {
        Some(clock) => {
            clock.set(ms);
            StatusCode::NO_CONTENT
        }
        None => StatusCode::NOT_FOUND,
    }
}
