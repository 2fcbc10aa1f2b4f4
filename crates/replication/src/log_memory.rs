//! State of the log that must survive a restart, stored as a setting in the journal.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use nosmoke_domain::ids::{CustomerId, TerminalId};
use nosmoke_ports::authentication::KeyId;
use nosmoke_ports::{ReadSettings, StoreError, WriteSettings, setting};
use serde::{Deserialize, Serialize};

/// Which cluster was read, and when the log was last replaced.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LogMemory {
    /// The cluster that the saved log positions belong to.
    pub cluster_id: Option<String>,
    /// The facility key under which it was read. With another key the log is a new one (ADR 0030); `None` before the
    /// program authenticated messages.
    pub key_id: Option<KeyId>,
    /// A new log was found and hasn't been read to its end yet; nothing is published until then.
    pub reading_new: bool,
    /// When a new log was last found.
    pub new_log_at: Option<DateTime<Utc>>,
    /// When this terminal last began another incarnation because its journal was older than its mark or the log showed,
    /// or was a copy.
    pub new_incarnation_at: Option<DateTime<Utc>>,
    /// When points of this terminal were last reclaimed by another one, so that its incarnation ended.
    pub taken_over: Option<TakenOver>,
    /// Customers whose profiles have a tombstone in the log, but whom no known fact erases, since when; at most
    /// [`Self::MAX_TOMBSTONES`].
    pub tombstones: BTreeMap<CustomerId, DateTime<Utc>>,
}

/// The terminal that reclaimed points of this one, and when this one learned of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenOver {
    pub by: TerminalId,
    pub at: DateTime<Utc>,
}

impl LogMemory {
    const SETTING: &str = "log";
    /// Further tombstones without a fact are passed over.
    pub const MAX_TOMBSTONES: usize = 1_000;

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
