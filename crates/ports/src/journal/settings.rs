//! Settings of this terminal, which are never replicated. [`crate::setting`] converts them from and to JSON.

use crate::StoreError;

/// Reads settings.
pub trait ReadSettings {
    /// A setting of this terminal (JSON text).
    fn setting(&mut self, key: &str) -> Result<Option<String>, StoreError>;
}

/// Writes settings.
pub trait WriteSettings: ReadSettings {
    fn put_setting(&mut self, key: &str, value: &str) -> Result<(), StoreError>;
}
