//! What the desk shows beside the customer.

use nosmoke_domain::ids::{AreaId, CustomerId, EventId, VisitId};
use nosmoke_domain::words::{Ground, PenaltyCode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Area, CustomerName, RecordKind};
use crate::contract::UtcMs;

/// Who is inside now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Occupancy {
    pub areas: Vec<AreaOccupancy>,
    pub total: u32,
    pub as_of: UtcMs,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct AreaOccupancy {
    pub area: Area,
    pub present: u32,
    /// Longest inside first.
    pub inside: Vec<Occupant>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Occupant {
    pub customer: CustomerName,
    pub phone: Option<String>,
    pub visit_id: VisitId,
    pub since: UtcMs,
    pub forgotten: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum RecordState {
    /// In the journal; there is no cluster to send it to.
    Saved,
    /// Waiting to be read back from the cluster.
    Pending,
    /// Read back from the cluster.
    Confirmed,
    /// A contradiction that staff should look at.
    Review,
}

/// One line of the desk's last records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct RecentRecord {
    pub event_id: EventId,
    pub at: UtcMs,
    pub customer: CustomerName,
    pub kind: RecordKind,
    /// Of the visit, payment, correction or penalty; what an undo names.
    pub subject_id: Option<String>,
    pub area_id: Option<AreaId>,
    pub code: Option<PenaltyCode>,
    pub ground: Option<Ground>,
    pub points: Option<i64>,
    pub penalty_points: Option<i64>,
    pub by: Option<String>,
    pub state: RecordState,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct RecentInput {
    #[ts(optional)]
    pub customer_id: Option<CustomerId>,
    pub limit: u32,
}

/// The permanent chip: whether facts leave this terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SyncChip {
    /// No cluster is configured: a complete single-terminal program.
    Alone {
        last_record_at: Option<UtcMs>,
    },
    Online {
        since: UtcMs,
        pending: u32,
        /// Older records are still being read.
        reading: bool,
    },
    Offline {
        since: UtcMs,
        pending: u32,
    },
}

/// The event `changed`, sent after facts or records became visible in the views.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Changed {
    pub change_seq: i64,
    /// Empty means: anything may have changed.
    pub customers: Vec<CustomerId>,
}
