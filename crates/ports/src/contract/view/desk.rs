//! Views of the desk screen other than the customer: occupancy, recent entries, the sync chip.

use nosmoke_domain::ids::{AreaId, CustomerId, EventId, PenaltyDeductionId, VisitId};
use nosmoke_domain::words::{Ground, PenaltyCode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Area, CustomerName, FactKind};
use crate::contract::UtcMs;

/// The customers who are inside now.
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
    /// The customers inside, the one who has been there longest first.
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
pub enum EntryState {
    /// The fact is in this terminal's journal; no cluster is configured to which it could be sent.
    Saved,
    /// The fact hasn't been read back from the cluster yet.
    Pending,
    /// The fact was read back from the cluster, so it is stored there.
    Confirmed,
    /// The fact contradicts another one; staff must review it.
    Review,
}

/// One of the desk's recent entries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct RecentEntry {
    pub event_id: EventId,
    pub at: UtcMs,
    pub customer: CustomerName,
    pub kind: FactKind,
    /// The id of the visit, payment, correction or penalty; a command that undoes the entry needs it.
    pub subject_id: Option<String>,
    /// The deduction from a penalty that was recorded or voided.
    pub deduction_id: Option<PenaltyDeductionId>,
    /// For a check-out, the first fact of the act that recorded it: the same one for all who were checked out together.
    pub act: Option<EventId>,
    /// How many check-outs that act recorded; 1 for other entries.
    pub together: u32,
    pub area_id: Option<AreaId>,
    pub code: Option<PenaltyCode>,
    pub ground: Option<Ground>,
    pub points: Option<i64>,
    pub penalty_points: Option<i64>,
    pub by: Option<String>,
    pub state: EntryState,
    /// When it was entered, if that was after it happened; else null.
    pub entered_at: Option<UtcMs>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct RecentInput {
    #[ts(optional)]
    pub customer_id: Option<CustomerId>,
    pub limit: u32,
}

/// The sync chip, always visible on the screen: whether this terminal's facts reach the cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SyncChip {
    /// No cluster is configured: the terminal works alone.
    Alone {
        last_record_at: Option<UtcMs>,
    },
    Online {
        since: UtcMs,
        pending: u32,
        /// Whether older messages of the cluster are still being read.
        reading: bool,
        /// No other terminal of this facility is known, so nobody shares what is recorded here.
        hears_nobody: bool,
    },
    Offline {
        since: UtcMs,
        pending: u32,
        hears_nobody: bool,
    },
}

impl SyncChip {
    /// Whether a cluster is configured and no other terminal of this facility is known.
    pub fn hears_nobody(&self) -> bool {
        match self {
            Self::Alone { .. } => false,
            Self::Online { hears_nobody, .. } | Self::Offline { hears_nobody, .. } => *hears_nobody,
        }
    }
}

/// The event `changed`, sent after facts or documents became visible in the views.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Changed {
    pub change_seq: i64,
    /// The customers whose data changed; if empty, anything may have changed.
    pub customers: Vec<CustomerId>,
}
