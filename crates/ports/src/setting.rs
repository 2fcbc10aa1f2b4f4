//! Settings of this terminal as JSON: each has its key and its type where it is decided what it means.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{ReadSettings, StoreError, WriteSettings};

/// What is kept under a key.
///
/// # Errors
/// `Corrupt` where it isn't of this type; the store's.
pub fn read<T: DeserializeOwned>(tx: &mut dyn ReadSettings, key: &str) -> Result<Option<T>, StoreError> {
    let corrupt = |error: serde_json::Error| StoreError::Corrupt(format!("setting {key}: {error}"));
    tx.setting(key)?.map(|text| serde_json::from_str(&text).map_err(corrupt)).transpose()
}

/// Keeps it.
///
/// # Errors
/// The store's.
pub fn put<T: Serialize>(tx: &mut dyn WriteSettings, key: &str, value: &T) -> Result<(), StoreError> {
    let text = serde_json::to_string(value).map_err(|error| StoreError::Failed(error.to_string()))?;
    tx.put_setting(key, &text)
}
