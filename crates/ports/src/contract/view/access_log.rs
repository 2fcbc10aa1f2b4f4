//! The access log: who did what with personal data at this terminal, for a manager to look through.

use nosmoke_domain::ids::{CustomerId, StaffId, TerminalId, TokenId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::CustomerName;
use crate::contract::{AccessReason, AppError, UtcMs};

/// What was done. Each is one row of the access log, except those that are counted by the minute.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    TS,
    strum::EnumIter,
    strum::IntoStaticStr,
    strum::EnumString,
)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
#[strum(serialize_all = "camelCase")]
pub enum AccessAct {
    /// Somebody signed in or tried to: refused with `wrong_pin` or `pin_wait`.
    SignIn,
    /// A supervisor's PIN was typed over somebody else's screen.
    Approve,
    /// The recovery code was entered.
    Recover,
    /// The first manager of a folder without staff was made.
    FirstManager,
    StaffChanged,
    PinChanged,
    CardOpened,
    MypageOpened,
    /// Lists with names were shown: at most one row a minute, with the number of people.
    ListShown,
    EvacuationList,
    /// A token read a person's data: at most one row for each token, person and minute.
    PersonRead,
    Exported,
    Printed,
    Imported,
    ImportTakenBack,
    BackedUp,
    Restored,
    /// The pairing code was shown or written to a file; it contains the facility key.
    PairingShown,
    /// The facility key was replaced.
    KeyChanged,
    Erased,
    /// A check-in was refused because of the person's prohibition.
    EntryRefused,
    TokenMade,
    TokenRotated,
    TokenRevoked,
    ContextStopped,
    ContextStarted,
    /// The access log, or who did what, was looked at.
    LogSeen,
    /// A manager confirmed having looked through the access log.
    LogConfirmed,
    /// Rows that couldn't be written, because the file couldn't; `count` says how many.
    NotLogged,
    /// A permission that isn't in this list was refused.
    Refused,
}

#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    TS,
    strum::EnumIter,
    strum::IntoStaticStr,
    strum::EnumString,
)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
#[strum(serialize_all = "camelCase")]
pub enum AccessOutcome {
    Done,
    /// Not permitted, or a wrong PIN; `code` says which.
    Refused,
    Failed,
    Cancelled,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Actor {
    Staff {
        staff_id: StaffId,
        /// Null if the person isn't known here.
        name: Option<String>,
    },
    Token {
        token_id: TokenId,
        /// Null for the owner's token, and for one that isn't known here.
        name: Option<String>,
    },
    /// This program itself.
    Program,
    /// Nobody was signed in.
    Nobody,
}

/// Who did something, as a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum ActorRef {
    Staff { staff_id: StaffId },
    Token { token_id: TokenId },
    Program,
    Nobody,
}

/// A row matches if it matches every filter that is given. Dates are days in Seoul, both included.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessFilter {
    #[ts(optional)]
    pub by: Option<ActorRef>,
    #[ts(optional)]
    pub act: Option<AccessAct>,
    #[ts(optional)]
    pub customer_id: Option<CustomerId>,
    #[ts(optional)]
    pub outcome: Option<AccessOutcome>,
    #[ts(optional)]
    pub from: Option<String>,
    #[ts(optional)]
    pub to: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessLogInput {
    #[serde(default)]
    pub filter: AccessFilter,
    /// The `next` of the previous page.
    #[ts(optional)]
    pub cursor: Option<String>,
    /// 1 to 200.
    pub limit: u32,
}

/// A page of the access log, newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct AccessLogPage {
    pub rows: Vec<AccessRowView>,
    pub next: Option<String>,
    pub status: AccessLogStatus,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct AccessRowView {
    /// The row's number, without gaps.
    pub number: i64,
    pub at: UtcMs,
    pub by: Actor,
    pub terminal_id: Option<TerminalId>,
    pub terminal_name: Option<String>,
    pub act: AccessAct,
    /// Whose data it was; null if it wasn't one person's. The file has only the id, the name is read from the profile.
    pub customer: Option<CustomerName>,
    pub outcome: AccessOutcome,
    /// The code of the error, unless it was done.
    pub code: Option<String>,
    pub reason: Option<AccessReason>,
    /// How many people, lines or rows it was about; 1 for one act on one person or none.
    pub count: u32,
}

/// The state of the access log's file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct AccessLogStatus {
    /// Why rows can't be written; null if they can. The desk goes on meanwhile.
    pub problem: Option<AccessLogProblem>,
    /// The first row of the file that was changed by something else than this program, as a check at the start and before
    /// each export found; null if none was.
    pub changed_at: Option<i64>,
    pub rows: i64,
    pub oldest_at: Option<UtcMs>,
    /// Rows are deleted when they are this old.
    pub kept_years: u32,
    pub last_confirmed: Option<Confirmed>,
    /// Whether a manager is to be asked to look: the last confirmation is 30 days old, or there is none and the oldest row is.
    pub confirmation_due: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct AccessLogProblem {
    pub since: UtcMs,
    pub error: AppError,
    /// The rows that wait to be written.
    pub waiting: u32,
    /// The rows that were lost, because too many waited.
    pub lost: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct Confirmed {
    pub at: UtcMs,
    pub by: Actor,
}

/// What a screen has sent to the printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Printed {
    #[ts(optional)]
    pub customer_id: Option<CustomerId>,
    /// How many people the paper names.
    pub count: u32,
}

/// The export of all customers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExportCustomersInput {
    #[ts(optional)]
    pub reason: Option<AccessReason>,
}
