//! What is remembered of the log from one start of the program to the next, in the journal's settings: of which cluster the
//! positions are, and what was found out about it.

use chrono::{DateTime, Utc};
use nosmoke_ports::{ReadSettings, StoreError, WriteSettings, setting};
use serde::{Deserialize, Serialize};

/// What the journal's settings remember of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogMemory {
    /// The cluster that the positions are of.
    pub cluster_id: Option<String>,
    /// A new log was found, and hasn't been read to its end: nothing is published until then.
    pub reading_new: bool,
    /// When a new log was last found.
    pub new_log_at: Option<DateTime<Utc>>,
    /// When this terminal last began another life because its journal was older than its log, or a copy.
    pub new_life_at: Option<DateTime<Utc>>,
    /// Records that another facility key has sealed.
    pub sealed_records: u64,
}

impl LogMemory {
    const SETTING: &str = "log";

    /// # Errors
    /// The store's.
    pub fn read(tx: &mut dyn ReadSettings) -> Result<Self, StoreError> {
        Ok(setting::read(tx, Self::SETTING)?.unwrap_or_default())
    }

    /// Changes what is remembered.
    ///
    /// # Errors
    /// The store's.
    pub fn change(tx: &mut dyn WriteSettings, change: impl FnOnce(&mut Self)) -> Result<(), StoreError> {
        let before = Self::read(tx)?;
        let mut memory = before.clone();
        change(&mut memory);
        if memory == before {
            return Ok(());
        }
        setting::put(tx, Self::SETTING, &memory)
    }
}
