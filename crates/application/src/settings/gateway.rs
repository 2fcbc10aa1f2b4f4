//! Whether the window serves the REST gateway: this terminal's own choice, off at first.

use nosmoke_ports::contract::{AppError, ErrorCode, GatewaySetting};
use nosmoke_ports::setting;
use nosmoke_ports::{Journal, Priority, ReadSettings, StoreError, Write, write};
use serde_json::json;

const SETTING: &str = "gateway";
/// Below it, only a system's administrator may listen.
const PORT_MIN: u16 = 1_024;

/// What is kept; off where nothing is.
///
/// # Errors
/// The store's.
pub fn kept(tx: &mut dyn ReadSettings) -> Result<GatewaySetting, StoreError> {
    Ok(setting::read(tx, SETTING)?.unwrap_or_default())
}

/// Keeps a choice.
///
/// # Errors
/// `out_of_range` for a port below 1,024; the store's.
pub async fn keep(journal: &dyn Journal, chosen: GatewaySetting) -> Result<(), AppError> {
    if chosen.port < PORT_MIN {
        let params = json!({ "field": "port", "min": PORT_MIN, "max": u16::MAX });
        return Err(AppError::with(ErrorCode::OutOfRange, params));
    }
    let unit = move |tx: &mut dyn Write| Ok(setting::put(tx, SETTING, &chosen)?);
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}
