//! Looks up the request stored under the same idempotency key: the same request gets the stored answer, another one is
//! refused.

use nosmoke_domain::fact::{Hash, chain_hash};
use nosmoke_ports::Remembered;
use nosmoke_ports::contract::{AppError, ErrorCode, Outcome};
use serde::Serialize;
use serde_json::json;

pub(super) fn digest(request: &impl Serialize) -> Result<[u8; 32], AppError> {
    Ok(chain_hash(Hash::ZERO, to_json(request)?.as_bytes()).0)
}

pub(super) fn first_answer(remembered: Remembered, body: [u8; 32]) -> Result<Outcome, AppError> {
    serde_json::from_str(&same_body(remembered, body)?)
        .map_err(|error| AppError::with(ErrorCode::StorageCorrupt, json!({ "detail": error.to_string() })))
}

/// Returns the stored answer if the stored request has the same digest `body`.
pub(super) fn same_body(remembered: Remembered, body: [u8; 32]) -> Result<String, AppError> {
    if remembered.body == body { Ok(remembered.outcome) } else { Err(AppError::new(ErrorCode::KeyReused)) }
}

pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String, AppError> {
    serde_json::to_string(value)
        .map_err(|error| AppError::with(ErrorCode::Internal, json!({ "detail": error.to_string() })))
}
