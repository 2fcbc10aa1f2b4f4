//! Idempotency keys: the outcomes of commands, so that a repeated command gets the same answer.

use chrono::{DateTime, Utc};

use crate::StoreError;

/// The stored outcome of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// BLAKE3 of the command's canonical JSON.
    pub body: [u8; 32],
    /// JSON of the outcome.
    pub outcome: String,
}

/// Looks up a key.
pub trait ReadIdempotency {
    fn remembered(&mut self, key: &str) -> Result<Option<Remembered>, StoreError>;
}

/// Stores and deletes keys.
pub trait WriteIdempotency: ReadIdempotency {
    fn remember(&mut self, key: &str, remembered: &Remembered, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// Deletes the keys stored before a time.
    fn forget_before(&mut self, at: DateTime<Utc>) -> Result<(), StoreError>;
}
