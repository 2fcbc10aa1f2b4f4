//! State of the log that must survive a restart, stored as a setting in the journal.

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::TerminalId;
use nosmoke_ports::{ReadSettings, StoreError, WriteSettings, setting};
use serde::{Deserialize, Serialize};

/// Which cluster was read, and when the log was last replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogMemory {
    /// The cluster that the saved log positions belong to.
    pub cluster_id: Option<String>,
    /// A new log was found and hasn't been read to its end yet; nothing is published until then.
    pub reading_new: bool,
    /// When a new log was last found.
    pub new_log_at: Option<DateTime<Utc>>,
    /// When this terminal last began another incarnation because its journal was older than its mark or the log showed,
    /// or was a copy.
    pub new_incarnation_at: Option<DateTime<Utc>>,
    /// When points of this terminal were last reclaimed by another one, so that its incarnation ended.
    pub taken_over: Option<TakenOver>,
    /// Number of messages that couldn't be decrypted because they were sealed with another facility key.
    pub sealed_records: u64,
}

/// The terminal that reclaimed points of this one, and when this one learned of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenOver {
    pub by: TerminalId,
    pub at: DateTime<Utc>,
}

impl LogMemory {
    const SETTING: &str = "log";

    /// # Errors
    /// An error of the store.
    pub fn read(tx: &mut dyn ReadSettings) -> Result<Self, StoreError> {
        Ok(setting::read(tx, Self::SETTING)?.unwrap_or_default())
    }

    /// Changes the saved state; writes it only if it differs.
    ///
    /// # Errors
    /// An error of the store.
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
