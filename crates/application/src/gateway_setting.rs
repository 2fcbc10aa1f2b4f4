//! Whether the window serves the REST gateway: this terminal's own choice, off at first.

use serde_json::json;

use crate::contract::{AppError, ErrorCode, GatewaySetting};
use crate::ports::{Journal, Priority, Read, StoreError, Write, write};

const SETTING: &str = "gateway";
/// Below it, only a system's administrator may listen.
const PORT_MIN: u16 = 1_024;

/// What is kept; off where nothing is.
///
/// # Errors
/// The store's.
pub fn kept(tx: &mut dyn Read) -> Result<GatewaySetting, StoreError> {
    let corrupt = |error: serde_json::Error| StoreError::Corrupt(format!("setting {SETTING}: {error}"));
    Ok(tx.setting(SETTING)?.map(|text| serde_json::from_str(&text).map_err(corrupt)).transpose()?.unwrap_or_default())
}

/// Keeps a choice.
///
/// # Errors
/// `out_of_range` for a port below 1,024; the store's.
pub async fn keep(journal: &dyn Journal, setting: GatewaySetting) -> Result<(), AppError> {
    if setting.port < PORT_MIN {
        let params = json!({ "field": "port", "min": PORT_MIN, "max": u16::MAX });
        return Err(AppError::with(ErrorCode::OutOfRange, params));
    }
    let text = serde_json::to_string(&setting).map_err(|error| StoreError::Failed(error.to_string()))?;
    write::<(), AppError>(journal, Priority::Command, move |tx: &mut dyn Write| Ok(tx.put_setting(SETTING, &text)?))
        .await?;
    Ok(())
}
