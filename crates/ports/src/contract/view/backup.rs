//! The scheduled backups of this terminal.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::LastBackup;
use crate::contract::{AppError, UtcMs};

/// When this terminal backs itself up. The folder isn't part of it, because a screen can't choose a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BackupSchedule {
    pub enabled: bool,
    /// The hour of the day in Seoul, 0 to 23. A backup that was missed is made when the program starts.
    pub hour: u8,
    /// How many of these backups are kept, 1 to 365. Others are never deleted.
    pub keep: u32,
}

impl Default for BackupSchedule {
    fn default() -> Self {
        Self { enabled: false, hour: 3, keep: 7 }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct BackupScheduleView {
    pub schedule: BackupSchedule,
    /// The folder that was chosen; null if none was.
    pub folder: Option<String>,
    /// The last of these backups.
    pub last: Option<LastBackup>,
    /// When the next one is made; null while they are off.
    pub next_at: Option<UtcMs>,
    /// Why the last try failed; null if it succeeded. It is tried again every ten minutes.
    pub problem: Option<BackupProblem>,
    /// Backups of any kind that were made before somebody was erased, the first one first, at most 100.
    pub outdated: Vec<OutdatedBackup>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct BackupProblem {
    /// When it failed in this way first.
    pub since: UtcMs,
    pub error: AppError,
}

/// A backup that was made before a person was erased and so still names them. It is removed after 30 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct OutdatedBackup {
    pub path: String,
    pub made_at: UtcMs,
    /// 30 days after the first erasure since it was made.
    pub remove_at: UtcMs,
    pub waits_for: BackupWaitsFor,
}

/// Why an outdated backup is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum BackupWaitsFor {
    /// The 30 days aren't over.
    Day,
    /// Its disk isn't connected; it is removed when it is.
    Medium,
    /// There is no backup from after the erasure yet, and the last one is never removed.
    NewerBackup,
    /// It can't be removed: the disk or the folder is read-only.
    Permission,
}
