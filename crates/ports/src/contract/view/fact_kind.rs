//! The kind of a fact, for lists of entries.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum FactKind {
    CheckedIn,
    CheckedOut,
    CheckOutTakenBack,
    VisitClosed,
    VisitVoided,
    Earned,
    Paid,
    PaymentVoided,
    PointsAdjusted,
    PenaltyImposed,
    PenaltyDeducted,
    PenaltyVoided,
    PenaltyDeductionVoided,
    LevelsRevised,
    Given,
    Reclaimed,
    CustomerErased,
    CustomersLinked,
    CustomersParted,
    CaseResolved,
    /// Of a type or version this program doesn't know.
    Unknown,
}
