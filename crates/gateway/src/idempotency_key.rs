//! The `Idempotency-Key` header, which makes a request safe to repeat.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use utoipa::IntoParams;

use crate::problem::Problem;

const KEY: &str = "idempotency-key";

/// The idempotency key of a request; `None` if the caller sent none.
#[derive(Debug, Clone)]
pub(crate) struct IdempotencyKey(pub(crate) Option<String>);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(key) = parts.headers.get(KEY) else { return Ok(Self(None)) };
        match std::str::from_utf8(key.as_bytes()) {
            Ok(key) => Ok(Self(Some(key.to_owned()))),
            Err(_) => Err(Problem::invalid("the header Idempotency-Key isn't UTF-8")),
        }
    }
}

/// The header's description in the OpenAPI document.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "described, never made: the extractor reads it")]
pub(crate) struct WithKey {
    /// Repeating a request with the same key and body returns the first response, for 30 days, even after a crash.
    #[param(rename = "Idempotency-Key", min_length = 1, max_length = 128)]
    idempotency_key: Option<String>,
}
