//! Newer versions of the program: where this terminal looks for them, and what it has found.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::{AppError, UtcMs};

/// Where this terminal looks for newer versions; off by default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateSetting {
    pub enabled: bool,
    /// The URL of the file that names the newest version.
    pub address: String,
    /// The public key with which versions are signed, as `tauri signer generate` or `minisign` writes it.
    pub key: String,
}

/// Why this installation can't update itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum NoUpdates {
    /// The administrator of this PC has switched updates off; versions come from a package server.
    Administrator,
    /// The program wasn't installed from a package that it could replace.
    NotPackaged,
    /// The demonstration is open.
    Demonstration,
}

/// A verified package of a newer version, on this PC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ReadyUpdate {
    pub version: String,
    /// What its publisher says about it.
    pub notes: String,
    pub size_bytes: u64,
    pub path: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct UpdatesView {
    pub setting: UpdateSetting,
    /// Why this installation can't update itself; null if it can.
    pub unavailable: Option<NoUpdates>,
    /// The running version.
    pub version: String,
    /// When the address last answered, since the program started.
    pub looked_at: Option<UtcMs>,
    /// Why the last look or download failed.
    pub problem: Option<AppError>,
    pub ready: Option<ReadyUpdate>,
    /// The version that was installed; it runs from the next start on.
    pub installed: Option<String>,
}

/// What an address offers now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct UpdateTrial {
    pub version: String,
    /// Whether that is newer than the running version.
    pub is_newer: bool,
}
