//! Views: what the screens show. Each carries `as_of`, the time up to which it is known to be right.

use nosmoke_domain::ids::{
    AreaId, CustomerId, EventId, FacilityId, PaymentId, PenaltyId, StaffId, TerminalId, VisitId,
};
use nosmoke_domain::words::{Ground, PenaltyCode, Role, Standing};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AppError, UtcMs};

/// What the program found when it started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Start {
    /// A new data folder: the short set-up comes first.
    SetUp {
        preferences: Preferences,
        version: String,
    },
    Ready {
        session: Box<Session>,
    },
    Failed {
        error: AppError,
        preferences: Preferences,
        version: String,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    #[default]
    Ko,
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    #[default]
    Light,
    Dark,
    Auto,
}

/// This terminal's own choices; never sent to another.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Preferences {
    pub language: Language,
    pub theme: Theme,
    pub sound: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    pub facility: Named<FacilityId>,
    pub terminal: Named<TerminalId>,
    pub staff: Staff,
    pub areas: Vec<Area>,
    /// Areas out of use, for the names of earlier records.
    pub retired_areas: Vec<Area>,
    pub rules: RulesView,
    pub preferences: Preferences,
    /// True in the demonstration facility, which lives in a data folder of its own.
    pub demonstration: bool,
    pub version: String,
    pub data_folder: String,
    pub last_backup: Option<LastBackup>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Named<Id> {
    pub id: Id,
    pub name: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct Staff {
    pub staff_id: StaffId,
    pub name: String,
    pub role: Role,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct Area {
    pub area_id: AreaId,
    pub name: String,
    /// People; null where there is no limit.
    pub capacity: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct RulesView {
    pub generation: u64,
    pub points_per_visit: u64,
    pub warn_at: u64,
    pub prohibit_at: u64,
    pub codes: Vec<PenaltyCodeView>,
    pub void_window_minutes: u32,
    pub forgotten_after_hours: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct PenaltyCodeView {
    pub code: PenaltyCode,
    pub points: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct LastBackup {
    pub at: UtcMs,
    pub path: String,
}

/// The short set-up at the first start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SetUpInput {
    pub facility_name: String,
    pub terminal_name: String,
    pub areas: Vec<AreaInput>,
    pub manager_name: String,
    /// 4 to 8 digits, stored as an argon2id hash.
    pub pin: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AreaInput {
    pub name: String,
    #[ts(optional)]
    pub capacity: Option<super::Numeral>,
}

/// How a customer is named on screen. `name` is null for a walk-in who hasn't been named yet; `tag` (four
/// letters and digits of the id) then tells two of them apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct CustomerName {
    pub customer_id: CustomerId,
    pub name: Option<String>,
    pub tag: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
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
#[ts(export)]
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
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct CustomerPage {
    pub hits: Vec<CustomerHit>,
    /// The text was exactly one customer's card number.
    pub by_card: bool,
    pub next: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
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
#[ts(export)]
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
#[ts(export)]
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
#[ts(export)]
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
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct PointsView {
    pub balance: i64,
    pub payable_here: i64,
    pub holders: Vec<HolderView>,
}

/// Points another terminal holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct HolderView {
    pub terminal_name: Option<String>,
    pub points: i64,
    pub last_heard_at: Option<UtcMs>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct LastVisit {
    pub at: UtcMs,
    pub area_id: AreaId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
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

/// Who is inside now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct Occupancy {
    pub areas: Vec<AreaOccupancy>,
    pub total: u32,
    pub as_of: UtcMs,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct AreaOccupancy {
    pub area: Area,
    pub present: u32,
    /// Longest inside first.
    pub inside: Vec<Occupant>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct Occupant {
    pub customer: CustomerName,
    pub phone: Option<String>,
    pub visit_id: VisitId,
    pub since: UtcMs,
    pub forgotten: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub enum RecordState {
    /// In the journal; there is no cluster to send it to.
    Saved,
    /// Waiting to be read back from the cluster.
    Pending,
    /// Read back from the cluster.
    Confirmed,
    /// A contradiction that staff should look at.
    Review,
}

/// One line of the desk's last records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct RecentRecord {
    pub event_id: EventId,
    pub at: UtcMs,
    pub customer: CustomerName,
    pub kind: RecordKind,
    /// Of the visit, payment, correction or penalty; what an undo names.
    pub subject_id: Option<String>,
    pub area_id: Option<AreaId>,
    pub code: Option<PenaltyCode>,
    pub ground: Option<Ground>,
    pub points: Option<i64>,
    pub penalty_points: Option<i64>,
    pub by: Option<String>,
    pub state: RecordState,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct RecentInput {
    #[ts(optional)]
    pub customer_id: Option<CustomerId>,
    pub limit: u32,
}

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

/// The permanent chip: whether facts leave this terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(tag = "state", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum SyncChip {
    /// No cluster is configured: a complete single-terminal program.
    Alone {
        last_record_at: Option<UtcMs>,
    },
    Online {
        since: UtcMs,
        pending: u32,
    },
    Offline {
        since: UtcMs,
        pending: u32,
    },
}

/// The event `changed`, sent after facts or records became visible in the views.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct Changed {
    pub change_seq: i64,
    /// Empty means: anything may have changed.
    pub customers: Vec<CustomerId>,
}
