//! Reads and writes settings of this terminal as JSON. The code that uses a setting defines its key and type.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{ReadSettings, StoreError, WriteSettings};

/// Reads the setting with a key.
///
/// # Errors
/// Returns `Corrupt` if the stored value isn't of this type, or an error of the store.
pub fn read<T: DeserializeOwned>(tx: &mut dyn ReadSettings, key: &str) -> Result<Option<T>, StoreError> {
    let corrupt = |error: serde_json::Error| StoreError::Corrupt(format!("the setting {key} is unreadable: {error}"));
    tx.setting(key)?.map(|text| serde_json::from_str(&text).map_err(corrupt)).transpose()
}

/// Writes a setting.
///
/// # Errors
/// An error of the store.
pub fn put<T: Serialize>(tx: &mut dyn WriteSettings, key: &str, value: &T) -> Result<(), StoreError> {
    let text = serde_json::to_string(value).map_err(|error| StoreError::Failed(error.to_string()))?;
    tx.put_setting(key, &text)
}
