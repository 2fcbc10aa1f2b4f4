//! Checks the bearer token of a request. The gateway has no roles yet: whoever has the token may do everything.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

use crate::connections::Connection;
use crate::open_paths::needs_token;
use crate::problem::{Problem, Refused};

pub(crate) async fn need_token(State(token): State<Arc<str>>, request: Request, next: Next) -> Response {
    let is_known = has_token(request.headers(), &token);
    if let Some(connection) = request.extensions().get::<Arc<Connection>>()
        && is_known
    {
        connection.is_known();
    }
    if is_known || !needs_token(request.uri().path()) {
        return next.run(request).await;
    }
    // Closed, so that a stranger pays for a new connection with each attempt.
    let mut refused = Problem::from(Refused::TokenNeeded).into_response();
    refused.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    refused
}

/// Compares the token in constant time, so that the time taken doesn't reveal how many of its characters were right.
fn has_token(headers: &HeaderMap, token: &str) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let given =
        given.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    given.is_some_and(|(_, given)| bool::from(given.trim().as_bytes().ct_eq(token.as_bytes())))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    #[test]
    fn only_the_right_token_is_accepted() {
        let of = |value: &str| HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]);
        assert!(has_token(&of("Bearer abc"), "abc"));
        assert!(has_token(&of("bearer abc"), "abc"));
        for wrong in ["Bearer abd", "Bearer ab", "Bearer abcd", "Bearer ", "Basic abc", "abc"] {
            assert!(!has_token(&of(wrong), "abc"), "{wrong}");
        }
        assert!(!has_token(&HeaderMap::new(), "abc"));
    }
}
