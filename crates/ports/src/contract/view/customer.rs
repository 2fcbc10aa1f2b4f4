//! Customers: found, and shown one at a time.

use nosmoke_domain::ids::{AreaId, CustomerId, PenaltyId, VisitId};
use nosmoke_domain::words::{Ground, PenaltyCode, Standing};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::RecordKind;
use crate::contract::UtcMs;

/// How a customer is named on screen. `name` is null for a walk-in who hasn't been named yet; `tag` (four
/// letters and digits of the id) then tells two of them apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct CustomerName {
    pub customer_id: CustomerId,
    pub name: Option<String>,
    pub tag: String,
    /// Only facts of this customer are here: the profile hasn't come, or can't be opened.
    pub unknown_here: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct CustomerHit {
    pub customer: CustomerName,
    pub phone: Option<String>,
    pub card: Option<String>,
    pub standing: Standing,
    pub outstanding: i64,
    pub inside: Option<Inside>,
    pub last_visit_at: Option<UtcMs>,
    pub registered_at: UtcMs,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct CustomerSearch {
    /// A name or part of one, initial consonants (초성), phone digits or a card number; empty lists all,
    /// those seen last first.
    pub text: String,
    pub limit: u32,
    #[ts(optional)]
    pub cursor: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct CustomerPage {
    pub hits: Vec<CustomerHit>,
    /// The text was exactly one customer's card number.
    pub by_card: bool,
    pub next: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Inside {
    pub visit_id: VisitId,
    pub area_id: AreaId,
    pub since: UtcMs,
    /// Inside for longer than the rules call forgotten.
    pub forgotten: bool,
}

/// One customer as the desk and the head of Mypage show them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct CustomerCard {
    pub customer: CustomerName,
    pub phone: Option<String>,
    pub card: Option<String>,
    pub registered_at: UtcMs,
    pub revision: i64,
    pub erased: bool,
    pub verdict: Verdict,
    pub points: PointsView,
    pub inside: Option<Inside>,
    /// Null while the customer center's store can't be read.
    pub visits_this_month: Option<u32>,
    pub last_visit: Option<LastVisit>,
    /// Penalties with something outstanding, newest first.
    pub penalties: Vec<OpenPenalty>,
    /// Some of this customer's facts can only be read by a newer version.
    pub needs_update: bool,
}

/// The standing as check-in reads it, with its age (N4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    pub standing: Standing,
    pub outstanding: i64,
    pub warn_at: u64,
    pub prohibit_at: u64,
    pub as_of: UtcMs,
    /// Facts are recorded here that this verdict doesn't count yet.
    pub behind: bool,
    /// Points to deduct before the ban is lifted; null when not prohibited.
    pub to_lift: Option<u64>,
    /// What made the sum, oldest first.
    pub lines: Vec<VerdictLine>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct VerdictLine {
    pub at: UtcMs,
    /// `penaltyImposed`, `penaltyDeducted` or `penaltyVoided`.
    pub kind: RecordKind,
    pub code: Option<PenaltyCode>,
    pub ground: Option<Ground>,
    pub area_id: Option<AreaId>,
    /// What it changed: positive when imposed, negative when deducted.
    pub points: i64,
    /// The sum after it.
    pub outstanding: i64,
    pub generation: u64,
    pub by: Option<String>,
    pub terminal_name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PointsView {
    pub balance: i64,
    pub payable_here: i64,
    pub holders: Vec<HolderView>,
}

/// Points another terminal holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct HolderView {
    pub terminal_name: Option<String>,
    pub points: i64,
    pub last_heard_at: Option<UtcMs>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct LastVisit {
    pub at: UtcMs,
    pub area_id: AreaId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct OpenPenalty {
    pub penalty_id: PenaltyId,
    pub at: UtcMs,
    pub code: Option<PenaltyCode>,
    pub points: u64,
    pub outstanding: u64,
    /// What an education would deduct; null when it was already done.
    pub education_points: Option<u64>,
    pub area_id: Option<AreaId>,
}
