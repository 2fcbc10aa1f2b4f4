//! The state in which the program started, and the answer to a set-up.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{LockScreen, Preferences, Session};
use crate::contract::AppError;

/// The state in which the program started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Start {
    /// The data folder is new: the user must set it up first.
    SetUp {
        preferences: Preferences,
        version: String,
    },
    /// Nobody is signed in.
    Locked {
        lock: Box<LockScreen>,
    },
    Ready {
        session: Box<Session>,
    },
    Failed {
        error: AppError,
        preferences: Preferences,
        version: String,
    },
}

impl Start {
    /// The preferences with which the screens begin.
    pub fn preferences(&self) -> &Preferences {
        match self {
            Self::Locked { lock } => &lock.preferences,
            Self::Ready { session } => &session.preferences,
            Self::SetUp { preferences, .. } | Self::Failed { preferences, .. } => preferences,
        }
    }
}

/// The answer to the set-up of the first manager, who is signed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Founded {
    pub session: Box<Session>,
    /// Shown and printed this once; only its hash is stored.
    pub recovery_code: String,
}
