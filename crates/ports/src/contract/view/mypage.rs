//! Mypage: the lines, the chart.

use nosmoke_domain::ids::{AreaId, CustomerId, PaymentId, PenaltyId};
use nosmoke_domain::words::{Ground, PenaltyCode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Transport;
use crate::contract::{AppError, UtcMs};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum MypageFilter {
    All,
    Visits,
    Payments,
    Penalties,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
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
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct MypagePage {
    pub entries: Vec<MypageEntry>,
    pub next: Option<String>,
    pub counts: MypageCounts,
    pub as_of: UtcMs,
}

/// Entries between the two dates, per filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct MypageCounts {
    pub all: u32,
    pub visits: u32,
    pub payments: u32,
    pub penalties: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
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
#[ts(export, export_to = "contract.ts")]
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
#[ts(export, export_to = "contract.ts")]
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
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ChartPoint {
    pub at: UtcMs,
    pub kind: EntryKind,
    pub balance: i64,
    pub outstanding: i64,
    pub points: i64,
    pub penalty_points: i64,
}

/// Where the customer center keeps its read model.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "engine", rename_all = "camelCase")]
pub enum MypageEngine {
    /// In the data folder.
    #[default]
    Sqlite,
    Postgres(PostgresServer),
}

/// A PostgreSQL server as it is shown and given. The password goes in and never comes out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PostgresServer {
    /// A name or an address; a path that begins with `/` is the folder of a local socket.
    pub host: String,
    pub port: u16,
    pub database: String,
    pub user: String,
    /// With TLS the server's certificate and its name are checked.
    pub transport: Transport,
    /// Path of a PEM file with the authority to trust besides the system's; empty is none.
    pub ca_file: String,
    /// Whether a password is kept; the password itself is never shown.
    #[serde(default)]
    pub password_kept: bool,
}

/// An engine to try or to keep.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MypageEngineInput {
    pub engine: MypageEngine,
    /// Replaces the one that is kept; left out, that one stays.
    #[ts(optional)]
    pub password: Option<String>,
}

/// Without the password.
impl std::fmt::Debug for MypageEngineInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MypageEngineInput").field("engine", &self.engine).finish_non_exhaustive()
    }
}

/// What a trial of a database server found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct MypageEngineTrial {
    /// The server's version, such as `15.8`; null where it can't be used.
    pub version: Option<String>,
    pub took_ms: u64,
    pub error: Option<AppError>,
}
