//! The review inbox: open cases, oldest first.

use nosmoke_domain::ids::{CustomerId, VisitId};
use nosmoke_domain::words::CaseReason;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{CustomerName, RecentEntry};
use crate::contract::UtcMs;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ReviewInput {
    #[serde(default)]
    #[ts(optional)]
    pub reason: Option<CaseReason>,
    #[serde(default)]
    #[ts(optional)]
    pub customer_id: Option<CustomerId>,
}

/// The first cases that wait for somebody. `more` says that there are others behind them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct ReviewPage {
    pub cases: Vec<CaseView>,
    pub more: bool,
}

/// A case: what contradicts each other, or a visit that nobody ended.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct CaseView {
    pub reason: CaseReason,
    /// What it is about, such as `visit/<id>`. With the reason it identifies the case.
    pub about: String,
    /// Whom it is about: two people for a shared card, nobody for a forked terminal or rules of one generation.
    pub customers: Vec<CustomerName>,
    pub began_at: UtcMs,
    /// For points written off, how many there are.
    pub points: Option<u64>,
    /// Its facts in the order in which they happened; at most 8, the newest.
    pub facts: Vec<CaseFact>,
    /// For a forgotten visit, the visit: its end settles the case, and nothing else does.
    pub visit_id: Option<VisitId>,
    /// Whether only an act settles the case, so that it can't be resolved otherwise.
    pub settled_by_act: bool,
}

/// A fact of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct CaseFact {
    pub entry: RecentEntry,
    /// When it was entered; later than the entry's time if it was entered afterwards.
    pub recorded_at: UtcMs,
    /// The terminal that recorded it; null if its name isn't known.
    pub terminal: Option<String>,
    /// Whether it was voided since.
    pub voided: bool,
}
