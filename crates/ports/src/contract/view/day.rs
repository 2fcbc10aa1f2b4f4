//! The figures of a day, and its closes.

use nosmoke_domain::ids::TerminalId;
use nosmoke_domain::words::{Ground, PenaltyCode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::CaseFact;
use crate::contract::UtcMs;

/// A figure of a day. The figures of what Mypage has lines for are the sums of those lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS, strum::EnumIter)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum DayItem {
    /// Visits that weren't voided; a visit counts on the day of its end, and before it has ended on that of its beginning.
    Visits,
    VisitsVoided,
    /// Check-ins that were refused because of a prohibition, at this terminal.
    Refusals,
    /// Departures from the rules, such as an admission of a prohibited customer, on the day of the visit or penalty.
    Overrides,
    /// Points (P) that check-outs earned.
    Earned,
    /// Payments, also those that were voided later.
    Paid,
    PaymentsVoided,
    /// Prices (P) of deducted penalties, without those that a void gave back.
    DeductionPrices,
    Adjusted,
    Expired,
    WrittenOff,
    /// Points (P) that terminals gave to others. They change no balance.
    Given,
    /// Penalties (penalty points) by code, also those that were voided later.
    Penalties,
    PenaltiesVoided,
    /// Deducted penalty points by ground, also those that were voided later.
    Deductions,
    DeductionsVoided,
    Lapsed,
    /// Visits, payments, penalties and deductions that were entered later than they happened.
    EnteredAfterwards,
}

/// How often something happened, and the sum of its points, signed as on Mypage.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct DayFigure {
    pub count: i64,
    pub points: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct DayLine {
    pub item: DayItem,
    /// Of penalties.
    pub code: Option<PenaltyCode>,
    /// Of deductions.
    pub ground: Option<Ground>,
    /// What this terminal recorded.
    pub here: DayFigure,
    /// What is known here of the whole facility; null for what only the terminal itself knows.
    pub facility: Option<DayFigure>,
}

/// The figures of a day as they are known at this terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct DayReport {
    /// A date in Seoul, such as `2026-11-23`.
    pub day: String,
    pub as_of: UtcMs,
    pub lines: Vec<DayLine>,
    /// Facts of this terminal that haven't reached the cluster.
    pub pending: u64,
    /// Cases that wait for somebody; at most 1,000.
    pub open_cases: u32,
    /// Customers who are inside now.
    pub inside: u32,
    /// The other terminals of the facility: what they recorded since they were last heard may be missing.
    pub others: Vec<OtherTerminal>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct OtherTerminal {
    pub terminal_id: TerminalId,
    pub name: Option<String>,
    /// When it was last heard; null if never.
    pub heard_at: Option<UtcMs>,
}

/// A close of a day: its figures at that moment. It is kept at the terminal that closed, and never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct DayClose {
    /// 1 for the first close of the day.
    pub number: u32,
    pub closed_at: UtcMs,
    /// Null if the name isn't known here any more.
    pub by: Option<String>,
    pub report: DayReport,
}

/// What came for a day after it was closed last.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct SinceClose {
    /// The figures that differ, with the differences.
    pub lines: Vec<DayLine>,
    /// The facts of the day that were recorded or arrived since then, the newest first; at most 100.
    pub facts: Vec<CaseFact>,
    /// Whether there are more such facts.
    pub more: bool,
}

/// A day with its closes, the latest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct DayView {
    pub report: DayReport,
    pub closes: Vec<DayClose>,
    /// Null if the day wasn't closed at this terminal.
    pub since: Option<SinceClose>,
}
