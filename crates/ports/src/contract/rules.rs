//! The rules as a manager edits and publishes them.

use nosmoke_domain::lapse::How;
use nosmoke_domain::rules::Takes;
use nosmoke_domain::words::Role;
use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

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
