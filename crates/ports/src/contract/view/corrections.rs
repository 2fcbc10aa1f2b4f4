//! What can be corrected of an entry, by whom and where.

use nosmoke_domain::ids::{AdjustmentId, EventId, PaymentId, PenaltyDeductionId, PenaltyId, VisitId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::{AppError, UtcMs};

/// What was recorded and may be corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Correctable {
    Visit {
        visit_id: VisitId,
    },
    /// The check-outs of one `checkOutArea`, named by the first fact that it recorded.
    CheckOuts {
        act: EventId,
    },
    Payment {
        payment_id: PaymentId,
    },
    Adjustment {
        adjustment_id: AdjustmentId,
    },
    Penalty {
        penalty_id: PenaltyId,
    },
    PenaltyDeduction {
        penalty_id: PenaltyId,
        deduction_id: PenaltyDeductionId,
    },
}

/// A way to correct something: the command that does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum CorrectionKind {
    VoidVisit,
    TakeBackCheckOut,
    CloseVisit,
    VoidPayment,
    AdjustPoints,
    VoidPenalty,
    VoidPenaltyDeduction,
}

/// A correction that whoever is signed in can record now, or why not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Correction {
    pub kind: CorrectionKind,
    /// With this error the command would be refused; it says who could record it, and where. Null if it is possible.
    pub refused: Option<AppError>,
    /// When it stops being possible for this role; null if it doesn't, or isn't possible.
    pub until: Option<UtcMs>,
}
