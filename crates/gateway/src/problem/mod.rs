//! Errors as `application/problem+json` (RFC 9457): a stable code with its parameters, and the HTTP status for the
//! code.

mod description;
mod detail;
mod refused;
mod status;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use nosmoke_ports::contract::{AppError, ErrorCode};
use serde_json::{Map, Value, json};

pub(crate) use description::{ProblemBody, Problems};
pub(crate) use refused::Refused;
use status::status_of;

/// Names of parameters that are times in milliseconds, which are converted to RFC 3339.
const TIME_PARAMS: [&str; 3] = ["asOf", "since", "lastHeardAt"];
/// Default of the `Retry-After` header, in seconds.
const DEFAULT_RETRY_AFTER: u32 = 5;

/// An error response.
#[derive(Debug)]
pub(crate) struct Problem {
    code: String,
    status: StatusCode,
    /// What people can do about the error. Omitted if the parameters have a `detail`.
    detail: Option<&'static str>,
    params: Map<String, Value>,
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let (code, status) = refused.code_and_status();
        Self { code: code.to_owned(), status, detail: detail::of_refused(refused), params: Map::new() }
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        if error.code == ErrorCode::Internal {
            tracing::error!(%error, "a request failed");
        }
        let detail = detail::of_code(error.code, &error.params);
        let params = match outward(error.params) {
            // Of another person: its id is enough.
            Value::Object(mut params) if error.code == ErrorCode::CardTaken => {
                params.remove("name");
                params
            }
            Value::Object(params) => params,
            _ => Map::new(),
        };
        Self { code: error.code.word(), status: status_of(error.code), detail, params }
    }
}

impl Problem {
    pub(crate) fn of(code: ErrorCode) -> Self {
        AppError::new(code).into()
    }

    pub(crate) fn invalid(detail: impl Into<String>) -> Self {
        AppError::with(ErrorCode::InvalidInput, json!({ "detail": detail.into() })).into()
    }

    /// The error if a command returned the outcome of another command, which would be a bug.
    pub(crate) fn unexpected() -> Self {
        AppError::with(ErrorCode::Internal, json!({ "detail": "the command returned the outcome of another command" }))
            .into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let wait_ms = self.params.get("retryAfterMs").and_then(Value::as_u64);
        let in_seconds = |ms: u64| u32::try_from(ms.div_ceil(1_000)).unwrap_or(DEFAULT_RETRY_AFTER).max(1);
        let wait = wait_ms.map_or(DEFAULT_RETRY_AFTER, in_seconds);
        let mut body = self.params;
        if let Some(detail) = self.detail {
            body.entry("detail").or_insert_with(|| detail.into());
        }
        body.insert("type".into(), format!("urn:nosmoke:problem:{}", self.code).into());
        body.insert("title".into(), self.code.replace('_', " ").into());
        body.insert("status".into(), self.status.as_u16().into());
        body.insert("code".into(), self.code.into());
        let mut response = (self.status, Json(Value::Object(body))).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self.status {
            StatusCode::SERVICE_UNAVAILABLE => drop(headers.insert(header::RETRY_AFTER, wait.into())),
            StatusCode::TOO_MANY_REQUESTS => drop(headers.insert(header::RETRY_AFTER, 1.into())),
            StatusCode::UNAUTHORIZED => {
                drop(headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")));
            }
            _ => {}
        }
        response
    }
}

/// Converts parameters to the names and formats of this API: `points` is called `point`, times are RFC 3339.
fn outward(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let rename = |(key, value): (String, Value)| {
                let value = match (key.as_str(), &value) {
                    (time, Value::Number(ms)) if TIME_PARAMS.contains(&time) => {
                        ms.as_i64().and_then(time_text).map_or(value, Value::String)
                    }
                    ("field", Value::String(field)) if field == "points" => "point".into(),
                    ("field", Value::String(field)) if field == "areaId" => "smokingAreaId".into(),
                    _ => outward(value),
                };
                (if key == "points" { "point".into() } else { key }, value)
            };
            Value::Object(map.into_iter().map(rename).collect())
        }
        Value::Array(values) => Value::Array(values.into_iter().map(outward).collect()),
        other => other,
    }
}

fn time_text(ms: i64) -> Option<String> {
    DateTime::from_timestamp_millis(ms).map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    #[test]
    fn parameters_have_the_names_and_formats_of_the_routes() {
        let holders = json!([{ "terminalName": "단말 2", "points": 320, "lastHeardAt": 0 }]);
        let params = json!({ "balance": 320, "payableHere": 0, "holders": holders, "field": "points" });
        assert_eq!(
            outward(params),
            json!({
                "balance": 320, "payableHere": 0, "field": "point",
                "holders": [{ "terminalName": "단말 2", "point": 320, "lastHeardAt": "1970-01-01T00:00:00.000Z" }],
            })
        );
    }

    #[test]
    fn an_unavailable_context_gives_503_with_retry_after() {
        let response = Problem::of(ErrorCode::PointUnavailable).into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers().get(header::RETRY_AFTER).unwrap(), "5");
        assert_eq!(response.headers().get(header::CONTENT_TYPE).unwrap(), "application/problem+json");
    }
}
