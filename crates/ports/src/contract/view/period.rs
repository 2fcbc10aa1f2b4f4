//! The figures of a period of days.

use nosmoke_domain::ids::AreaId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CustomerName, DayLine, OtherTerminal};
use crate::contract::UtcMs;

/// The unit into which a period is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum PeriodUnit {
    Day,
    /// Weeks begin on Monday.
    Week,
    Month,
}

/// By what the first customers of a period are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum TopBy {
    Visits,
    Earned,
    Paid,
    PenaltyPoints,
}

/// Dates in Seoul such as `2026-11-23`, both included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PeriodInput {
    pub from: String,
    pub to: String,
    pub unit: PeriodUnit,
    pub top_by: TopBy,
}

/// A table of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum PeriodTable {
    /// The figures of the parts.
    Figures,
    Occupancy,
    Customers,
    Terminals,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportPeriodInput {
    pub period: PeriodInput,
    pub table: PeriodTable,
}

/// A part of a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PeriodPart {
    /// Its first and last day, both in the period: the first week or month may be shorter than others.
    pub from: String,
    pub to: String,
    /// Only figures that aren't 0.
    pub lines: Vec<DayLine>,
}

/// An area in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PeriodArea {
    pub area_id: AreaId,
    /// Null if the area isn't known here.
    pub name: Option<String>,
    /// Visits that weren't voided.
    pub visits: i64,
    /// For each hour of the day in Seoul the time that visitors were inside, in ms, over all days. Divided by the days and
    /// an hour it is how many were inside on average.
    pub inside_ms: [i64; 24],
}

/// A customer in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PeriodCustomer {
    pub customer: CustomerName,
    pub visits: i64,
    pub earned: i64,
    /// Payments less those that were voided.
    pub paid: i64,
    /// Imposed penalty points less those of voided penalties.
    pub penalty_points: i64,
}

/// A terminal in a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PeriodTerminal {
    pub terminal: OtherTerminal,
    /// Whether it is this terminal, which is never late.
    pub is_here: bool,
    /// Mypage's lines of the period that it recorded, as far as they are known here.
    pub lines: i64,
}

/// The figures of a period as they are known at this terminal. They are the sums of Mypage's lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PeriodReport {
    pub from: String,
    pub to: String,
    pub as_of: UtcMs,
    /// The days up to today, by which averages are divided; at least 1.
    pub days: u32,
    pub lines: Vec<DayLine>,
    pub parts: Vec<PeriodPart>,
    /// The areas in use and those that were visited, by name.
    pub areas: Vec<PeriodArea>,
    /// At most 20, those with the most first.
    pub top: Vec<PeriodCustomer>,
    /// This terminal first.
    pub terminals: Vec<PeriodTerminal>,
    /// Facts of this terminal that haven't reached the cluster.
    pub pending: u64,
}
