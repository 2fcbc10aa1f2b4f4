//! Response bodies that several routes share.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, SecondsFormat};
use nosmoke_ports::contract::{Page, UtcMs};
use serde::Serialize;
use utoipa::ToSchema;

/// A JSON response, byte for byte the same as the first response to this idempotency key.
pub(crate) struct Answered(pub(crate) String);

impl IntoResponse for Answered {
    fn into_response(self) -> Response {
        const JSON: HeaderValue = HeaderValue::from_static("application/json");
        ([(header::CONTENT_TYPE, JSON)], self.0).into_response()
    }
}

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Listed<T> {
    pub(crate) items: Vec<T>,
    /// Cursor of the next page; null on the last page.
    pub(crate) next: Option<String>,
}

impl<T> Listed<T> {
    pub(crate) fn of<V>(page: Page<V>, shape: impl FnMut(V) -> T) -> Self {
        Self { items: page.items.into_iter().map(shape).collect(), next: page.next }
    }
}

/// Formats a time as RFC 3339, in UTC with milliseconds.
pub fn time(ms: UtcMs) -> String {
    let at = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
