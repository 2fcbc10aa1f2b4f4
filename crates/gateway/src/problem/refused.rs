//! The reasons to refuse a request before it reaches the application, each with its code and status.

use axum::http::StatusCode;

/// Why a request is refused before it reaches the application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refused {
    /// The token is missing or wrong.
    TokenNeeded,
    UnknownRoute,
    UnknownContext,
    MethodNotAllowed,
    MalformedJson,
    BodyTooLarge,
    UnsupportedMediaType,
    /// Too many requests per second.
    TooManyRequests,
    /// Too many concurrent requests.
    Overloaded,
    /// The body didn't arrive in time.
    TooSlow,
}

impl Refused {
    pub(super) const fn code_and_status(self) -> (&'static str, StatusCode) {
        match self {
            Self::TokenNeeded => ("token_needed", StatusCode::UNAUTHORIZED),
            Self::UnknownRoute => ("unknown_route", StatusCode::NOT_FOUND),
            Self::UnknownContext => ("unknown_context", StatusCode::NOT_FOUND),
            Self::MethodNotAllowed => ("method_not_allowed", StatusCode::METHOD_NOT_ALLOWED),
            Self::MalformedJson => ("malformed_json", StatusCode::BAD_REQUEST),
            Self::BodyTooLarge => ("body_too_large", StatusCode::PAYLOAD_TOO_LARGE),
            Self::UnsupportedMediaType => ("unsupported_media_type", StatusCode::UNSUPPORTED_MEDIA_TYPE),
            Self::TooManyRequests => ("too_many_requests", StatusCode::TOO_MANY_REQUESTS),
            Self::Overloaded => ("overloaded", StatusCode::SERVICE_UNAVAILABLE),
            Self::TooSlow => ("too_slow", StatusCode::REQUEST_TIMEOUT),
        }
    }
}
