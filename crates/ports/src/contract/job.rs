//! Long work: it shows progress, can be cancelled, and leaves nothing half-written.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::{AppError, UtcMs};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum JobKind {
    Export,
    Import,
    Backup,
    Restore,
    Demonstration,
    /// A lost terminal's points are taken over.
    Reclaim,
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

/// A long work as the event `job` tells it; the last event of a job is the one that isn't `running`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Job {
    pub job_id: Uuid,
    pub kind: JobKind,
    pub state: JobState,
    pub done: u64,
    /// Null while unknown.
    pub total: Option<u64>,
    pub started_at: UtcMs,
    /// The file or folder that was written, once done.
    pub path: Option<String>,
    pub error: Option<AppError>,
}

/// What to export as CSV: one customer or all, between two Asia/Seoul dates (`YYYY-MM-DD`), both included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportInput {
    #[ts(optional)]
    pub customer_id: Option<nosmoke_domain::ids::CustomerId>,
    #[ts(optional)]
    pub from: Option<String>,
    #[ts(optional)]
    pub to: Option<String>,
}

/// A read customer file, before anything is recorded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ImportPreview {
    /// Names this preview when it is run; it expires with the next preview.
    pub preview_id: Uuid,
    pub file_name: String,
    /// `UTF-8` or `CP949`.
    pub encoding: String,
    pub good: u32,
    pub bad: u32,
    /// The first good lines and every bad line, 200 at most, in the file's order.
    pub rows: Vec<ImportRow>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ImportRow {
    /// Line of the file at which the record starts, from 1.
    pub line: u32,
    pub name: String,
    pub phone: Option<String>,
    pub card: Option<String>,
    /// Why this line will be left out.
    pub problem: Option<AppError>,
}
