//! What several routes answer with.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat};
use nosmoke_ports::contract::{Page, UtcMs};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};

use crate::problem::Problem;

const KEY: &str = "idempotency-key";

/// What makes a repeated request safe, where the caller gives it.
#[derive(Debug, Clone)]
pub(crate) struct IdempotencyKey(pub(crate) Option<String>);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(key) = parts.headers.get(KEY) else { return Ok(Self(None)) };
        match std::str::from_utf8(key.as_bytes()) {
            Ok(key) => Ok(Self(Some(key.to_owned()))),
            Err(_) => Err(Problem::invalid("Idempotency-Key: not UTF-8")),
        }
    }
}

/// JSON as it was answered first.
pub(crate) struct Answered(pub(crate) String);

impl IntoResponse for Answered {
    fn into_response(self) -> Response {
        const JSON: HeaderValue = HeaderValue::from_static("application/json");
        ([(header::CONTENT_TYPE, JSON)], self.0).into_response()
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listed<T> {
    pub(crate) items: Vec<T>,
    /// The cursor of the next page; null on the last one.
    pub(crate) next: Option<String>,
}

impl<T> Listed<T> {
    pub(crate) fn of<V>(page: Page<V>, shape: impl FnMut(V) -> T) -> Self {
        Self { items: page.items.into_iter().map(shape).collect(), next: page.next }
    }
}

/// A time as RFC 3339 text, in UTC to the millisecond.
pub(crate) fn time(ms: UtcMs) -> String {
    let at = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A whole number, or its text: `"100"` is what HTTPie's `point=100` sends.
pub(crate) fn whole_number() -> RefOr<Schema> {
    RefOr::T(Schema::OneOf(numeral().build()))
}

/// [`whole_number`] where null is as good as nothing.
pub(crate) fn maybe_whole_number() -> RefOr<Schema> {
    RefOr::T(Schema::OneOf(numeral().item(ObjectBuilder::new().schema_type(Type::Null)).build()))
}

fn numeral() -> OneOfBuilder {
    let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1));
    let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[1-9][0-9]*$"));
    OneOfBuilder::new().item(number).item(text)
}
