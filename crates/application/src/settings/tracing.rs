//! The setting of the receivers to which this terminal sends its spans, in addition to storing them (S9).

use nosmoke_ports::contract::{AppError, TracingSetting};
use nosmoke_ports::setting;
use nosmoke_ports::{Journal, Priority, ReadSettings, StoreError, Write, write};

const SETTING: &str = nosmoke_ports::setting::outward::TRACING;

/// Reads the saved setting; by default there are no receivers.
///
/// # Errors
/// An error of the store.
pub fn kept(tx: &mut dyn ReadSettings) -> Result<TracingSetting, StoreError> {
    Ok(setting::read(tx, SETTING)?.unwrap_or_default())
}

/// Saves the setting of the receivers.
///
/// # Errors
/// An error of the store.
pub async fn keep(journal: &dyn Journal, chosen: TracingSetting) -> Result<(), AppError> {
    let unit = move |tx: &mut dyn Write| Ok(setting::put(tx, SETTING, &chosen)?);
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}
