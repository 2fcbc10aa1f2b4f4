//! What a recorded fact says, as lists of records show it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum RecordKind {
    CheckedIn,
    CheckedOut,
    VisitClosed,
    VisitVoided,
    Earned,
    Paid,
    PaymentVoided,
    PointsAdjusted,
    PenaltyImposed,
    PenaltyDeducted,
    PenaltyVoided,
    Asked,
    Given,
    Reclaimed,
    CustomerErased,
    CustomersLinked,
    CaseResolved,
    /// Of a type or version this program doesn't know.
    Unknown,
}
