//! The program as a window of a desktop: closing it, and folders that the system's file manager shows.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::JobKind;

/// The user wants to close the window while something would be lost. The screen asks, and answers with [`CloseChoice`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Closing {
    /// The job that is running; null if none is.
    pub job: Option<JobKind>,
    /// Whether a screen has typed settings that aren't saved.
    pub unsaved: bool,
    /// How many slips aren't on paper yet. They are in memory only.
    pub slips: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum CloseChoice {
    /// The window stays open.
    Stay,
    /// The window closes once the job has ended. It stays open if the job fails, to show why.
    WhenDone,
    /// The job is cancelled, and the window closes as soon as it has ended.
    Now,
}

/// A folder that the system's file manager can show. A screen never names a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "folder", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ShownFolder {
    /// The folder in which a job of this window has written its file.
    Written { job_id: Uuid },
    /// The folder of the last backup.
    Backup,
    /// The folder of the log files.
    Logs,
}
