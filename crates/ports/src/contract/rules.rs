//! The rules: a set as a manager edits it, the stored sets, and what a set would change.

use nosmoke_domain::lapse::How;
use nosmoke_domain::rules::Takes;
use nosmoke_domain::words::Role;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use super::{CustomerName, UtcMs};

/// A rule set as it is typed. Numbers are texts, so that a draft keeps what isn't a number yet; null means off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RulesForm {
    /// Points (P).
    pub points_per_visit: String,
    /// Points (P) that one customer can earn in one day (Asia/Seoul).
    pub daily_cap: Option<String>,
    pub minimum_stay_minutes: Option<String>,
    pub forgotten_after_hours: String,
    pub codes: Vec<CodeForm>,
    pub grounds: Vec<GroundForm>,
    /// Penalty points.
    pub warn_at: String,
    /// 1 to 4 levels of prohibition, the lowest first.
    pub levels: Vec<LevelForm>,
    pub lapse: Option<LapseForm>,
    pub expiry_months: Option<String>,
    /// How long the role staff may void.
    pub void_window_minutes: String,
    /// How long the role supervisor may void; null for no limit.
    pub supervisor_void_window_minutes: Option<String>,
    pub enter_afterwards_days: String,
    pub stale_after_hours: String,
    /// Points (P) that a customer pays for each penalty point.
    pub price_per_penalty_point: Option<String>,
    pub unknown_areas_allowed: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodeForm {
    pub code: String,
    /// Penalty points.
    pub points: String,
    /// The name in Korean; both names are empty for a code that the screens know by themselves.
    pub ko: String,
    pub en: String,
    pub retired: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroundForm {
    pub ground: String,
    pub takes: Takes,
    /// Whether it deducts only once from a penalty.
    pub once: bool,
    /// The most penalty points that one deduction takes.
    pub most: Option<String>,
    pub role: Role,
    pub ko: String,
    pub en: String,
    pub retired: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LevelForm {
    /// Outstanding penalty points.
    pub at: String,
    /// How long the ban lasts in days; null if it doesn't end by itself.
    pub days: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LapseForm {
    pub days: String,
    pub how: How,
}

/// Publishes a set of rules, for everything that is recorded from then on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublishRules {
    /// The set in force that the manager saw. The command is refused (`rules_changed`) if another one is by now.
    pub base: Option<Uuid>,
    pub form: Box<RulesForm>,
    /// 1 to 200 characters.
    pub reason: String,
    /// Whether the levels shall count for the present standings of customers too.
    pub to_present: bool,
}

/// Brings the levels of the latest set that was published for present standings to all customers, at this terminal too.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReviseLevels {}

/// What is wrong with a field of a [`RulesForm`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub struct RuleProblem {
    /// The field's path in the form, such as `codes.2.points`.
    pub field: String,
    pub kind: RuleProblemKind,
    /// The bounds, where the kind has some.
    pub min: Option<u64>,
    pub max: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export, export_to = "contract.ts")]
#[serde(rename_all = "camelCase")]
pub enum RuleProblemKind {
    Empty,
    TooLong,
    InvalidText,
    NotWhole,
    OutOfRange,
    /// Not 1 to 24 letters, digits and underscores.
    NotAWord,
    /// Another code or ground has the same word.
    Taken,
    /// A level isn't above the one before it.
    NotAbove,
    /// More entries than `max`, or fewer than `min`.
    Count,
    /// The code `BASIC` stands for a penalty without a code, so it can't be retired.
    Needed,
}

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
