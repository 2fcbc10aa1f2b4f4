//! Finds the caller whose bearer token a request has, and checks that its scopes permit the route.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use nosmoke_application::permission::Caller;
use nosmoke_ports::Access;
use nosmoke_ports::contract::AccessAct;
use nosmoke_ports::contract::{AppError, ErrorCode};

use crate::connections::Connection;
use crate::open_paths::needs_token;
use crate::problem::{Problem, Refused};
use crate::proof;
use crate::route_acts::act_of;
use crate::served::Served;

/// Routes that aren't in the document and reveal nothing: the document itself, and the proof for command lines.
const UNDESCRIBED: [&str; 2] = ["/openapi.json", proof::ROUTE];

/// Lets requests with a known token pass, and those for which none is needed.
pub(crate) async fn need_token(State(served): State<Served>, mut request: Request, next: Next) -> Response {
    let caller = secret(request.headers()).and_then(|secret| served.tokens.caller(secret));
    if let Some(caller) = caller {
        if let Some(connection) = request.extensions().get::<Arc<Connection>>() {
            connection.is_known();
        }
        served.tokens.used(caller);
        request.extensions_mut().insert(caller);
    }
    if caller.is_some() || !needs_token(request.uri().path()) {
        return next.run(request).await;
    }
    // Closed, so that a stranger pays for a new connection with each attempt.
    let mut refused = Problem::from(Refused::TokenNeeded).into_response();
    refused.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    refused
}

/// Refuses a named token that has none of the scopes of the route's act, before the route reads anything of the request.
pub(crate) async fn need_scope(
    State(served): State<Served>,
    path: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let caller = request.extensions().get::<Caller>().copied();
    let Some((caller, scopes)) = caller.and_then(|caller| Some((caller, caller.scopes?))) else {
        return Ok(next.run(request).await);
    };
    // A path without a route is answered by the fallback.
    let Some(path) = path else { return Ok(next.run(request).await) };
    let refused = match act_of(request.method(), path.as_str()) {
        Some(act) => act.expect_scope(&scopes.list()),
        None if UNDESCRIBED.contains(&path.as_str()) => Ok(()),
        None => Err(AppError::new(ErrorCode::NotAuthorised)),
    };
    if refused.is_err() {
        let by = caller.by.into();
        served.terminal().core.access.note(Access::done(by, AccessAct::Refused).ended(&refused));
    }
    refused?;
    Ok(next.run(request).await)
}

/// Returns the secret of a bearer token.
fn secret(headers: &HeaderMap) -> Option<&str> {
    let given = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, secret) = given.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(secret.trim())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may")]

    use super::*;

    #[test]
    fn only_a_bearer_token_is_a_secret() {
        let of = |value: &str| HeaderMap::from_iter([(header::AUTHORIZATION, value.parse().unwrap())]);
        assert_eq!(secret(&of("Bearer abc")), Some("abc"));
        assert_eq!(secret(&of("bearer  abc ")), Some("abc"));
        for wrong in ["Basic abc", "abc"] {
            assert_eq!(secret(&of(wrong)), None, "{wrong}");
        }
        assert_eq!(secret(&HeaderMap::new()), None);
    }
}
