//! Jobs: long work that reports progress and can be cancelled. A cancelled job leaves nothing half-written.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::{AccessReason, AppError, ImportCounts, UtcMs};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum JobKind {
    Export,
    Import,
    /// Erases the customers that an import added.
    TakeBackImport,
    Backup,
    Restore,
    Demonstration,
    /// Takes over a lost terminal's points.
    Reclaim,
    /// Writes the file that support asks for.
    Diagnostics,
    /// Finds what a draft of the rules would change.
    PreviewRules,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum JobState {
    Running,
    Done,
    Cancelled,
    Failed,
}

/// The state of a job, sent to the screens as the event `job`. The last event of a job is the one whose state isn't
/// `running`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Job {
    pub job_id: Uuid,
    pub kind: JobKind,
    pub state: JobState,
    pub done: u64,
    /// The number of items to process; null while unknown.
    pub total: Option<u64>,
    /// How many seconds the job still waits before it begins; null if it doesn't wait. A reclaim waits until nothing was
    /// heard of the terminal for two minutes.
    pub waits: Option<u64>,
    pub started_at: UtcMs,
    /// The file or folder that was written, once the job is done.
    pub path: Option<String>,
    /// What an import has done so far, also if it is cancelled or fails.
    pub imported: Option<ImportCounts>,
    pub error: Option<AppError>,
}

/// The CSV export to make: of one customer or all, between two Asia/Seoul dates (`YYYY-MM-DD`), both included.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportInput {
    #[ts(optional)]
    pub customer_id: Option<nosmoke_domain::ids::CustomerId>,
    #[ts(optional)]
    pub from: Option<String>,
    #[ts(optional)]
    pub to: Option<String>,
    /// Whether names are masked, and phones and cards left out but for their last digits. A supervisor's export is always
    /// masked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub masked: bool,
    /// Why names are shown; needed unless they are masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub reason: Option<AccessReason>,
}
