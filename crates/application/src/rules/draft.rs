//! This terminal's draft of the next rules, kept in the journal's settings.

use chrono::{DateTime, Utc};
use nosmoke_ports::contract::RulesForm;
use nosmoke_ports::{ReadSettings, StoreError, WriteSettings, setting};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

const KEY: &str = "rules_draft";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Draft {
    pub(crate) form: RulesForm,
    /// The set in force when the draft was begun.
    pub(crate) base: Option<Uuid>,
    pub(crate) saved_at: DateTime<Utc>,
}

impl Draft {
    /// Reads the draft; `None` if there is none, or one that this program can't read any more.
    ///
    /// # Errors
    /// An error of the store.
    pub(crate) fn read(tx: &mut dyn ReadSettings) -> Result<Option<Self>, StoreError> {
        Ok(tx.setting(KEY)?.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Keeps a draft, or removes the present one.
    ///
    /// # Errors
    /// An error of the store.
    pub(crate) fn put(tx: &mut dyn WriteSettings, draft: Option<&Self>) -> Result<(), StoreError> {
        setting::put(tx, KEY, &draft)
    }
}
