//! Reads and writes settings of this terminal as JSON. The code that uses a setting defines its key and type.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{ReadSettings, StoreError, WriteSettings};

/// The keys of settings that let data out of this PC, or other programs in. A restored backup's are never obeyed: whoever
/// made the backup would choose where the names go.
pub mod outward {
    /// The connection to the Kafka cluster.
    pub const CONNECTION: &str = "connection";
    /// The server of Mypage's read model.
    pub const MYPAGE_ENGINE: &str = "mypage_engine";
    /// The receivers of spans.
    pub const TRACING: &str = "tracing";
    pub const GATEWAY: &str = "gateway";
    /// Where newer versions of the program come from.
    pub const UPDATES: &str = "updates";
    pub const BACKUP_SCHEDULE: &str = "backup_schedule";
    pub const BACKUP_STATE: &str = "backup_schedule_state";
    /// The receipt printer, which gets names.
    pub const PRINTER: &str = "printer";

    pub const ALL: [&str; 8] =
        [CONNECTION, MYPAGE_ENGINE, TRACING, GATEWAY, UPDATES, BACKUP_SCHEDULE, BACKUP_STATE, PRINTER];
}

/// The key of the setting with the waits after wrong PINs and how many there were.
pub const PIN_LOCK: &str = "pin_lock";

/// The keys of the settings of which a restored journal has this PC's: those that open something outwards, and the waits
/// after wrong PINs, which a restore must not end.
pub fn of_this_pc() -> impl Iterator<Item = &'static str> {
    outward::ALL.into_iter().chain([PIN_LOCK])
}

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
