//! Why a customer's balance and standing are what they are, now or at another moment.

use nosmoke_domain::ids::{AreaId, CustomerId};
use nosmoke_domain::words::{Ground, PenaltyCode, Standing};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::UtcMs;

/// A moment at which a customer is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Moment {
    pub at: UtcMs,
    pub view: MomentView,
}

/// Which facts count at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum MomentView {
    /// Those that had occurred, whenever this terminal learned of them.
    AsItWas,
    /// Those that this terminal had recorded or received.
    AsKnownHere,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhyInput {
    pub customer_id: CustomerId,
    /// Without it, now.
    #[ts(optional)]
    pub moment: Option<Moment>,
}

/// The reasons of a customer's balance and standing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Why {
    pub at: UtcMs,
    pub verdict: Verdict,
    pub points: PointsWhy,
    /// When this terminal's folder was restored or recognised as a copy; null if it never was. What it knew before then
    /// is only what the backup or the original had.
    pub known_since: Option<UtcMs>,
}

/// The standing as check-in reads it, with its age (N4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    pub standing: Standing,
    pub outstanding: i64,
    pub warn_at: u64,
    /// The lowest level of prohibition.
    pub prohibit_at: u64,
    /// The levels of prohibition, the lowest first.
    pub levels: Vec<BanLevel>,
    /// The generation of the rule set that the levels are of.
    pub generation: u64,
    pub as_of: UtcMs,
    /// Whether this terminal has facts of the customer that the standing doesn't include yet.
    pub behind: bool,
    /// The penalty points to deduct before the ban is lifted; null unless the customer is prohibited.
    pub to_lift: Option<u64>,
    /// The first day (Asia/Seoul) without a ban, if nothing else happens; null unless the customer is prohibited by
    /// levels that all end by themselves.
    pub lifted_on: Option<String>,
    /// What adds up to `outstanding`, oldest first.
    pub lines: Vec<VerdictLine>,
}

/// A level of prohibition, and how it applies to the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct BanLevel {
    pub at: u64,
    /// How many days its ban lasts; null if it doesn't end by itself.
    pub days: Option<u32>,
    /// Whether the outstanding points have reached it.
    pub reached: bool,
    /// The last day (Asia/Seoul) of its days, counted from the latest penalty with points outstanding; null if it has
    /// none.
    pub last_day: Option<String>,
    /// Whether its days are over.
    pub over: bool,
}

/// What changed a balance or outstanding points: a fact, or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum LineKind {
    Earned,
    Paid,
    PaymentVoided,
    PointsAdjusted,
    CheckOutTakenBack,
    PenaltyImposed,
    PenaltyDeducted,
    PenaltyVoided,
    PenaltyDeductionVoided,
    LevelsRevised,
    Given,
    Reclaimed,
    /// A penalty lapsed; no fact.
    Lapsed,
    /// Points expired; no fact.
    Expired,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct VerdictLine {
    pub at: UtcMs,
    pub kind: LineKind,
    pub code: Option<PenaltyCode>,
    pub ground: Option<Ground>,
    pub area_id: Option<AreaId>,
    /// The change of the outstanding points: positive if imposed, negative if deducted, voided or lapsed.
    pub points: i64,
    /// The outstanding points after this line.
    pub outstanding: i64,
    /// The generation of the rules when the fact was recorded; null for what lapsed.
    pub generation: Option<u64>,
    pub by: Option<String>,
    pub terminal_name: Option<String>,
}

/// What adds up to a balance.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PointsWhy {
    pub balance: i64,
    /// The number of lines that are left out, the oldest ones, and the balance after them.
    pub earlier: u32,
    pub earlier_balance: i64,
    /// Oldest first.
    pub lines: Vec<PointsLine>,
    /// What the balance consists of, the soonest to expire first.
    pub lots: Vec<LotView>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PointsLine {
    pub at: UtcMs,
    pub kind: LineKind,
    /// The change of the balance.
    pub points: i64,
    /// The balance after this line.
    pub balance: i64,
    /// The lots that the fact names, or the one that expired.
    pub lots: Vec<LotView>,
    /// The generation of the rules when the fact was recorded; null for what expired.
    pub generation: Option<u64>,
    pub by: Option<String>,
    pub terminal_name: Option<String>,
}

/// Points with one last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct LotView {
    /// Asia/Seoul, `YYYY-MM-DD`; null if they don't expire.
    pub last_day: Option<String>,
    pub points: i64,
}

/// What to tell a customer before time changes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum CustomerNotice {
    /// Points count up to and including a day (Asia/Seoul).
    PointsExpire {
        last_day: String,
        /// 0 on the last day itself.
        days_left: u32,
        /// Which notice it is: the one of 60, of 30 or of 3 days before.
        before_days: u32,
        points: i64,
    },
    /// This is the last day of a ban; `on` is the next one (Asia/Seoul).
    BanEnds { on: String },
}
