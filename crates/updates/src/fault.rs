//! The errors of this adapter, as the screens receive them.

use nosmoke_ports::contract::{AppError, ErrorCode};
use serde_json::json;

/// What was offered isn't what its publisher signed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Untrusted {
    /// The file was changed, or is signed with another key.
    Signature,
    /// The signature is of another version than the one that was announced.
    Version,
}

pub(crate) fn untrusted(why: Untrusted) -> AppError {
    let reason = match why {
        Untrusted::Signature => "signature",
        Untrusted::Version => "version",
    };
    AppError::with(ErrorCode::UpdateUntrusted, json!({ "reason": reason }))
}

pub(crate) fn unavailable(detail: impl ToString) -> AppError {
    AppError::with(ErrorCode::UpdateUnavailable, json!({ "detail": detail.to_string() }))
}

/// An error of the HTTP client, with its causes: its own message names none.
pub(crate) fn unreachable(error: &reqwest::Error) -> AppError {
    let mut detail = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        detail = format!("{detail}: {error}");
        cause = error.source();
    }
    unavailable(detail)
}
