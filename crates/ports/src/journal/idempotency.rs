//! Idempotency keys: what commands were answered, so that one that comes again is answered alike.

use chrono::{DateTime, Utc};

use crate::StoreError;

/// A command that was answered before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remembered {
    /// BLAKE3 of the command's canonical JSON.
    pub body: [u8; 32],
    /// JSON of the outcome.
    pub outcome: String,
}

/// Looks a key up.
pub trait ReadIdempotency {
    fn remembered(&mut self, key: &str) -> Result<Option<Remembered>, StoreError>;
}

/// Remembers and forgets keys.
pub trait WriteIdempotency: ReadIdempotency {
    fn remember(&mut self, key: &str, remembered: &Remembered, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// Deletes idempotency keys remembered before a time.
    fn forget_before(&mut self, at: DateTime<Utc>) -> Result<(), StoreError>;
}
