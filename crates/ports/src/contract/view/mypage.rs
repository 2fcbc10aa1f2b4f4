//! Mypage, a customer's history: its entries, its chart, and the database engine that stores its read model.

use nosmoke_domain::ids::{AreaId, CustomerId};
use nosmoke_domain::words::{Ground, PenaltyCode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Moment, Transport};
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
    /// Another moment than now.
    #[serde(default)]
    #[ts(optional)]
    pub moment: Option<Moment>,
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

/// The number of entries between the two dates, for each filter.
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
    /// The voiding of a payment. The payment itself stays an entry, with the status `VOIDED`.
    PaymentVoid,
    Adjustment,
    Penalty,
    PenaltyDeduction,
    /// The voiding of a penalty. The penalty itself stays an entry, with the status `VOIDED`.
    PenaltyVoid,
    /// Points written off: what a lost terminal paid beyond its holding. Derived, so that the entries add up to the
    /// balance.
    WriteOff,
    /// The voiding of a penalty's deduction. The deduction itself stays an entry, with the status `VOIDED`.
    PenaltyDeductionVoid,
    /// Points whose last day is over. Derived when it is read, so that the entries add up to the balance.
    Expired,
    /// A penalty whose last day is over. Derived when it is read, so that the entries add up to the outstanding points.
    Lapsed,
}

/// An entry of Mypage and a row of its CSV export: a visit with its earning, a payment with its deduction, a
/// correction, a penalty with its accrual, a deduction from a penalty (N5 to N8), or points written off.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct MypageEntry {
    pub kind: EntryKind,
    /// The id of the visit, payment, correction, penalty or deduction; for points written off, an id made of the
    /// customer and the lost incarnation; for what expired or lapsed one made of that and of the day.
    pub id: String,
    /// A second id: for a visit its earning, for a payment its deduction, for a penalty its accrual, for a deduction
    /// its penalty, for a
    /// void what it voids.
    pub other_id: Option<String>,
    pub at: UtcMs,
    /// When the visit began; null for other kinds.
    pub started_at: Option<UtcMs>,
    pub ended_at: Option<UtcMs>,
    pub area_id: Option<AreaId>,
    /// `CHECKED_IN` `CHECKED_OUT` `EARNED` `CLOSED` `PAID` `IMPOSED` `ACCRUED` `DEDUCTED` `ADJUSTED` `VOIDED`
    /// `WRITTEN_OFF` `EXPIRED` `LAPSED`; an entry for a voiding has `RECORDED`.
    pub status: String,
    /// The change of the balance by this entry.
    pub points: Option<i64>,
    pub balance: i64,
    /// The change of the outstanding penalty points by this entry.
    pub penalty_points: Option<i64>,
    pub outstanding: i64,
    pub code: Option<PenaltyCode>,
    pub ground: Option<Ground>,
    pub note: Option<String>,
    pub by: Option<String>,
    pub terminal_name: Option<String>,
    /// When it was entered, if that was after it happened; else null.
    pub entered_at: Option<UtcMs>,
    /// Whether it is over 10 minutes ahead of the present moment, so that a wrong clock has stamped it.
    pub ahead: bool,
}

/// The balance and the outstanding penalty points over time; if there are many changes, only one point a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Chart {
    pub from: UtcMs,
    pub to: UtcMs,
    /// The values before the first point.
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

/// The database engine that stores Mypage's read model.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "engine", rename_all = "camelCase")]
pub enum MypageEngine {
    /// A SQLite file in the data folder.
    #[default]
    Sqlite,
    Postgres(PostgresServer),
}

/// The settings of a PostgreSQL server, both shown and as input. The password is kept separately.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PostgresServer {
    /// A host name or an IP address; or, if it begins with `/`, the folder of a local socket.
    pub host: String,
    pub port: u16,
    pub database: String,
    pub user: String,
    /// Whether TLS is used. With TLS, the server's certificate and host name are checked.
    pub transport: Transport,
    /// Path of a PEM file with a certificate authority to trust in addition to the system's; empty for none.
    pub ca_file: String,
    /// Whether a password is saved; the password itself is never shown.
    #[serde(default)]
    pub password_kept: bool,
}

/// The input of trying or saving a database engine.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MypageEngineInput {
    pub engine: MypageEngine,
    /// The new password; null keeps the saved one.
    #[ts(optional)]
    pub password: Option<String>,
}

/// Leaves the password out of debug output.
impl std::fmt::Debug for MypageEngineInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MypageEngineInput").field("engine", &self.engine).finish_non_exhaustive()
    }
}

/// The result of trying a database server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct MypageEngineTrial {
    /// The server's version, such as `15.8`; null if the server can't be used.
    pub version: Option<String>,
    pub took_ms: u64,
    pub error: Option<AppError>,
}
