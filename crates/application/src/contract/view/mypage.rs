//! Mypage: the lines, the chart.

use nosmoke_domain::ids::{AreaId, CustomerId, PaymentId, PenaltyId};
use nosmoke_domain::words::{Ground, PenaltyCode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contract::UtcMs;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub enum MypageFilter {
    All,
    Visits,
    Payments,
    Penalties,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MypageInput {
    pub customer_id: CustomerId,
    pub filter: MypageFilter,
    /// Asia/Seoul dates, `YYYY-MM-DD`, both included.
    #[ts(optional)]
    pub from: Option<String>,
    #[ts(optional)]
    pub to: Option<String>,
    #[ts(optional)]
    pub cursor: Option<String>,
    pub limit: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct MypagePage {
    pub entries: Vec<MypageEntry>,
    pub next: Option<String>,
    pub counts: MypageCounts,
    pub as_of: UtcMs,
}

/// Entries between the two dates, per filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct MypageCounts {
    pub all: u32,
    pub visits: u32,
    pub payments: u32,
    pub penalties: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub enum EntryKind {
    Visit,
    Payment,
    /// A payment taken back; the payment itself reads `VOIDED`.
    PaymentVoid,
    Adjustment,
    Penalty,
    PenaltyDeduction,
    /// A penalty taken back; the penalty itself reads `VOIDED`.
    PenaltyVoid,
}

/// One line of Mypage and of the CSV: a visit with its earning, a payment with its deduction, a correction,
/// a penalty with its accrual, or a deduction from a penalty (N5 to N8).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct MypageEntry {
    pub kind: EntryKind,
    /// Of the visit, payment, correction, penalty or deduction.
    pub id: String,
    /// Of the earning, the deduction inside the payment, the accrual, or the penalty deducted from.
    pub other_id: Option<String>,
    pub at: UtcMs,
    /// Of a visit.
    pub started_at: Option<UtcMs>,
    pub ended_at: Option<UtcMs>,
    pub area_id: Option<AreaId>,
    /// `CHECKED_IN` `CHECKED_OUT` `EARNED` `CLOSED` `PAID` `IMPOSED` `ACCRUED` `DEDUCTED` `ADJUSTED` `VOIDED`;
    /// a void's own line reads `RECORDED`.
    pub status: String,
    /// What it changed in the balance.
    pub points: Option<i64>,
    pub balance: i64,
    /// What it changed in the outstanding penalty.
    pub penalty_points: Option<i64>,
    pub outstanding: i64,
    pub code: Option<PenaltyCode>,
    pub ground: Option<Ground>,
    pub note: Option<String>,
    pub by: Option<String>,
    pub terminal_name: Option<String>,
    /// Set while this terminal can still void it.
    pub voidable_payment: Option<PaymentId>,
    pub voidable_penalty: Option<PenaltyId>,
}

/// The balance and the outstanding penalty over time, thinned to one point a day when there are many.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct Chart {
    pub from: UtcMs,
    pub to: UtcMs,
    /// Before the first point.
    pub opening_balance: i64,
    pub opening_outstanding: i64,
    pub points: Vec<ChartPoint>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct ChartPoint {
    pub at: UtcMs,
    pub kind: EntryKind,
    pub balance: i64,
    pub outstanding: i64,
    pub points: i64,
    pub penalty_points: i64,
}
