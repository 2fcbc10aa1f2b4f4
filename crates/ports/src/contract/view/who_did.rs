//! Who did what: the facts, by who recorded them.

use nosmoke_domain::ids::{AreaId, EventId, TerminalId};
use nosmoke_domain::words::{Ground, PenaltyCode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Actor, ActorRef, CustomerName, FactKind};
use crate::contract::UtcMs;

/// A fact matches if it matches every filter that is given. Dates are days in Seoul, both included.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhoFilter {
    /// Who recorded or approved it.
    #[ts(optional)]
    pub by: Option<ActorRef>,
    #[ts(optional)]
    pub terminal_id: Option<TerminalId>,
    #[ts(optional)]
    pub kind: Option<FactKind>,
    #[ts(optional)]
    pub from: Option<String>,
    #[ts(optional)]
    pub to: Option<String>,
    /// Only facts with at least one mark.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[ts(optional, as = "Option<bool>")]
    pub marked: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WhoInput {
    #[serde(default)]
    pub filter: WhoFilter,
    /// The `next` of the previous page.
    #[ts(optional)]
    pub cursor: Option<String>,
    /// 1 to 200.
    pub limit: u32,
}

/// A page of facts, newest first. It may have fewer than `limit` entries, or none, and still a next page: for one page a bounded
/// number of facts is read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct WhoPage {
    pub entries: Vec<WhoEntry>,
    pub next: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct WhoEntry {
    pub event_id: EventId,
    pub at: UtcMs,
    pub kind: FactKind,
    pub by: Actor,
    pub approved_by: Option<Actor>,
    pub terminal_id: TerminalId,
    pub terminal_name: Option<String>,
    pub customer: CustomerName,
    /// The id of the visit, payment, correction or penalty.
    pub subject_id: Option<String>,
    pub area_id: Option<AreaId>,
    pub code: Option<PenaltyCode>,
    pub ground: Option<Ground>,
    pub points: Option<i64>,
    pub penalty_points: Option<i64>,
    pub marks: Vec<WhoMark>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum WhoMark {
    /// It voids, takes back or corrects something recorded before.
    Correction,
    /// It departs from the rules: a prohibited customer was admitted, or points were given that the rules don't.
    Override,
    /// A supervisor or manager approved it over somebody else's screen.
    Approval,
    /// A clock that was over 10 minutes ahead stamped it.
    ClockAhead,
}
