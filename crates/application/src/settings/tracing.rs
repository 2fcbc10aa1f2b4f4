//! Where this terminal sends its spans besides keeping them: its own choice, nowhere at first (S9).

use nosmoke_ports::contract::{AppError, TracingSetting};
use nosmoke_ports::setting;
use nosmoke_ports::{Journal, Priority, ReadSettings, StoreError, Write, write};

const SETTING: &str = "tracing";

/// What is kept; nowhere where nothing is.
///
/// # Errors
/// The store's.
pub fn kept(tx: &mut dyn ReadSettings) -> Result<TracingSetting, StoreError> {
    Ok(setting::read(tx, SETTING)?.unwrap_or_default())
}

/// Keeps a choice.
///
/// # Errors
/// The store's.
pub async fn keep(journal: &dyn Journal, chosen: TracingSetting) -> Result<(), AppError> {
    let unit = move |tx: &mut dyn Write| Ok(setting::put(tx, SETTING, &chosen)?);
    write::<(), AppError>(journal, Priority::Command, unit).await?;
    Ok(())
}
