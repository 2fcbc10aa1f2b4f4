//! The setting of where this terminal looks for newer versions of the program.

use nosmoke_ports::contract::{AppError, UpdateSetting};
use nosmoke_ports::setting;
use nosmoke_ports::{Journal, Priority, ReadSettings, StoreError, Write, write};

const SETTING: &str = nosmoke_ports::setting::outward::UPDATES;

/// Reads the saved setting; off by default.
///
/// # Errors
/// An error of the store.
pub fn kept(tx: &mut dyn ReadSettings) -> Result<UpdateSetting, StoreError> {
    Ok(setting::read(tx, SETTING)?.unwrap_or_default())
}

/// Saves the setting.
///
/// # Errors
/// An error of the store.
pub async fn keep(journal: &dyn Journal, chosen: UpdateSetting) -> Result<(), AppError> {
    let unit = move |tx: &mut dyn Write| Ok(setting::put(tx, SETTING, &chosen)?);
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}
