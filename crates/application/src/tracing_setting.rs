//! Where this terminal sends its spans besides keeping them: its own choice, nowhere at first (S9).

use crate::contract::{AppError, TracingSetting};
use crate::ports::{Journal, Priority, Read, StoreError, Write, write};

const SETTING: &str = "tracing";

/// What is kept; nowhere where nothing is.
///
/// # Errors
/// The store's.
pub fn kept(tx: &mut dyn Read) -> Result<TracingSetting, StoreError> {
    let corrupt = |error: serde_json::Error| StoreError::Corrupt(format!("setting {SETTING}: {error}"));
    Ok(tx.setting(SETTING)?.map(|text| serde_json::from_str(&text).map_err(corrupt)).transpose()?.unwrap_or_default())
}

/// Keeps a choice.
///
/// # Errors
/// The store's.
pub async fn keep(journal: &dyn Journal, setting: &TracingSetting) -> Result<(), AppError> {
    let text = serde_json::to_string(setting).map_err(|error| StoreError::Failed(error.to_string()))?;
    write::<(), AppError>(journal, Priority::Command, move |tx: &mut dyn Write| Ok(tx.put_setting(SETTING, &text)?))
        .await?;
    Ok(())
}
