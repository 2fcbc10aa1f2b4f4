//! The setting of the REST gateway that the window's program can run.

use nosmoke_ports::contract::{AppError, ErrorCode, GatewaySetting};
use nosmoke_ports::setting;
use nosmoke_ports::{Journal, Priority, ReadSettings, StoreError, Write, write};
use serde_json::json;

const SETTING: &str = nosmoke_ports::setting::outward::GATEWAY;
/// The lowest allowed port: lower ports need an administrator's rights.
const PORT_MIN: u16 = 1_024;

/// Reads the saved setting; by default the gateway is off.
///
/// # Errors
/// An error of the store.
pub fn kept(tx: &mut dyn ReadSettings) -> Result<GatewaySetting, StoreError> {
    Ok(setting::read(tx, SETTING)?.unwrap_or_default())
}

/// Saves the setting of the gateway.
///
/// # Errors
/// `out_of_range` for a port below 1,024, or an error of the store.
pub async fn keep(journal: &dyn Journal, chosen: GatewaySetting) -> Result<(), AppError> {
    if chosen.port < PORT_MIN {
        let params = json!({ "field": "port", "min": PORT_MIN, "max": u16::MAX });
        return Err(AppError::with(ErrorCode::OutOfRange, params));
    }
    let unit = move |tx: &mut dyn Write| Ok(setting::put(tx, SETTING, &chosen)?);
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}
