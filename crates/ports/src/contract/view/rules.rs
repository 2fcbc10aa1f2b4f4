//! The rules: the editor's state, the stored sets, and what a set would change.

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::CustomerName;
use crate::contract::{RuleProblem, RulesForm, UtcMs};

/// A value in which two sets differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct RuleChangeView {
    /// The value's path in the stored set, such as `codes.LITTER.points`.
    pub field: String,
    /// A number, a text or a boolean; null if the earlier set has no value there.
    #[ts(type = "number | string | boolean | null")]
    pub before: Option<serde_json::Value>,
    #[ts(type = "number | string | boolean | null")]
    pub after: Option<serde_json::Value>,
}

/// A stored set of rules.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct RuleSetView {
    /// Null for the defaults, which are in force without a stored set.
    pub id: Option<Uuid>,
    pub generation: u64,
    pub state: RuleSetState,
    /// Null for the set with which the facility was founded.
    pub publication: Option<PublicationView>,
    /// What the set changed in the one that was in force before.
    pub changes: Vec<RuleChangeView>,
    /// The fields that only a newer program understands.
    pub needs_update: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum RuleSetState {
    InForce,
    Earlier,
    /// Another set of the same generation is or was in force instead: two managers published without hearing of each
    /// other.
    Beaten,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PublicationView {
    pub at: UtcMs,
    pub by: Option<String>,
    pub terminal_name: Option<String>,
    pub reason: String,
    pub to_present: bool,
}

/// The rules for the manager who edits them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct RulesEditor {
    pub in_force: RuleSetView,
    /// Other sets of the same generation; publishing another set ends the conflict.
    pub rivals: Vec<RuleSetView>,
    /// The codes and grounds of the set in force: they can be retired, but not removed.
    pub known_codes: Vec<String>,
    pub known_grounds: Vec<String>,
    /// This terminal's draft; the set in force if there is none.
    pub form: RulesForm,
    pub draft: Option<DraftView>,
    pub problems: Vec<RuleProblem>,
    /// What the draft would change in the set in force. Empty while there are problems.
    pub changes: Vec<RuleChangeView>,
    /// The latest set for present standings, if one was published.
    pub revision: Option<RevisionView>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct DraftView {
    pub saved_at: UtcMs,
    /// Whether another set has been published since the draft was begun.
    pub outdated: bool,
}

/// How far the levels of a set have been brought to present standings, as this terminal knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct RevisionView {
    pub generation: u64,
    /// Whether this terminal does it: it published the set, or a manager started it here.
    pub here: bool,
    /// Whether this terminal has looked at all customers whom it knows; those whose penalties arrive later follow.
    pub complete: bool,
    /// Customers whose levels this terminal has revised.
    pub revised: u64,
}

/// The stored sets, the newest first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct RuleSetsPage {
    pub sets: Vec<RuleSetView>,
    /// The input for the next page; null at the end.
    pub next: Option<u32>,
}

/// What the draft would change, from this terminal's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct RulesPreview {
    pub as_of: UtcMs,
    /// Customers with penalty points outstanding, who were looked at.
    pub customers: u64,
    /// If the draft's levels counted for present standings.
    pub now: PreviewedStandings,
    /// At the next penalty of each, with the points of the first code: under the draft, against the set in force.
    pub next: PreviewedStandings,
    pub points: PreviewedPoints,
}

/// The customers whose standing would differ.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PreviewedStandings {
    pub prohibited: PreviewedGroup,
    /// No longer prohibited.
    pub released: PreviewedGroup,
    /// Warned instead of allowed.
    pub warned: PreviewedGroup,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PreviewedGroup {
    pub count: u64,
    /// The first 200 by name.
    pub customers: Vec<CustomerName>,
}

/// The points that visits of last month earned, and would have earned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct PreviewedPoints {
    pub from: UtcMs,
    /// Not included.
    pub until: UtcMs,
    pub visits: u64,
    pub earned: u64,
    pub under_draft: u64,
}
