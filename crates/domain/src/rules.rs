//! Rules: immutable sets, numbered by generation. A new set doesn't apply to earlier facts (ADR 0006): a penalty fact
//! carries the levels that were in force, so that a fold reads no rules.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::days::{Days, end_of_month, seoul_date};
use crate::lapse::Lapse;
use crate::lots::LastDay;
use crate::points::Points;
use crate::words::{Ground, PenaltyCode, Role};

/// The levels of outstanding penalty points from which a customer is warned and prohibited.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Levels {
    pub warn_at: Points,
    pub prohibit: Prohibit,
}

/// A level from which smoking is prohibited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Level {
    pub at: Points,
    /// How long the ban lasts, from the day of the latest penalty with points outstanding; null if it doesn't end by
    /// itself.
    pub days: Option<Days>,
}

/// 1 to 4 levels of prohibition, the lowest first.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "Vec<Level>", into = "Vec<Level>")]
pub struct Prohibit(Vec<Level>);

impl Prohibit {
    /// The most levels.
    pub const MOST: usize = 4;

    pub fn iter(&self) -> impl Iterator<Item = &Level> {
        self.0.iter()
    }

    /// The points of the lowest level.
    pub fn lowest(&self) -> Points {
        self.0.first().map_or(Points::ONE, |level| level.at)
    }
}

impl TryFrom<Vec<Level>> for Prohibit {
    type Error = &'static str;

    fn try_from(levels: Vec<Level>) -> Result<Self, Self::Error> {
        if levels.is_empty() || levels.len() > Self::MOST {
            return Err("there must be 1 to 4 levels of prohibition");
        }
        if !levels.is_sorted_by(|one, next| one.at < next.at) {
            return Err("each level of prohibition must be above the one before it");
        }
        Ok(Self(levels))
    }
}

impl From<Prohibit> for Vec<Level> {
    fn from(levels: Prohibit) -> Self {
        levels.0
    }
}

impl JsonSchema for Prohibit {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Prohibit".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let level = generator.subschema_for::<Level>();
        schemars::json_schema!({ "type": "array", "minItems": 1, "maxItems": Self::MOST, "items": level })
    }
}

impl Levels {
    /// Warns from `warn_at`, and prohibits from `prohibit_at` without an end.
    pub fn without_end(warn_at: Points, prohibit_at: Points) -> Self {
        Self { warn_at, prohibit: Prohibit(vec![Level { at: prohibit_at, days: None }]) }
    }

    /// The outstanding points from which smoking is prohibited at all.
    pub fn prohibit_at(&self) -> Points {
        self.prohibit.lowest()
    }

    /// The outstanding points from which smoking is prohibited on a day; `None` if the bans of all levels are over.
    /// `latest` is the day of the latest penalty with points outstanding; without one no ban with an end lasts.
    pub fn prohibit_at_on(&self, today: NaiveDate, latest: Option<NaiveDate>) -> Option<Points> {
        let lasts = |level: &&Level| match (level.days, latest) {
            (None, _) => true,
            (Some(days), Some(latest)) => today <= days.last_from(latest),
            (Some(_), None) => false,
        };
        self.prohibit.iter().find(lasts).map(|level| level.at)
    }
}

/// Names in the languages of the screens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labels {
    pub ko: String,
    pub en: String,
    /// Fields of newer programs, which are kept.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

/// What a penalty of a code weighs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeRule {
    pub code: PenaltyCode,
    pub points: Points,
    /// `None` for the codes that the screens know by themselves.
    #[serde(default)]
    pub labels: Option<Labels>,
    /// A retired code stays in the set for the penalties that have it; no new ones get it.
    #[serde(default)]
    pub retired: bool,
    /// Fields of newer programs, which are kept.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

/// How many points a ground takes off a penalty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Takes {
    /// Half of the imposed points, but no more than is outstanding.
    Half,
    /// As many as staff say, but no more than is outstanding.
    AsSaid,
}

/// How a ground deducts from a penalty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroundRule {
    pub ground: Ground,
    pub takes: Takes,
    /// Whether it deducts only once from a penalty.
    #[serde(default)]
    pub once: bool,
    /// The most points that one deduction takes; `None` means no limit.
    #[serde(default)]
    pub most: Option<Points>,
    /// The lowest role that may deduct on this ground.
    pub role: Role,
    /// `None` for the grounds that the screens know by themselves.
    #[serde(default)]
    pub labels: Option<Labels>,
    /// A retired ground stays in the set for the deductions that have it; no new ones get it.
    #[serde(default)]
    pub retired: bool,
    /// Fields of newer programs, which are kept.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

/// A rule set. Amounts in points (P) and penalty points (점), times in minutes and hours. A stored set that lacks a field
/// has its default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    pub generation: u64,
    pub points_per_visit: Points,
    /// The points that one customer can earn in one day (Asia/Seoul); `None` means no cap.
    pub daily_cap: Option<Points>,
    /// Visits shorter than this earn nothing; `None` means no minimum.
    pub minimum_stay_minutes: Option<u32>,
    pub forgotten_after_hours: u32,
    /// At most [`MAX_CODES`].
    pub codes: Vec<CodeRule>,
    pub grounds: Vec<GroundRule>,
    pub levels: Levels,
    /// When penalties lapse; `None` means never.
    pub lapse: Option<Lapse>,
    /// Points expire at the end of the month that comes this many months after they were earned, at most
    /// [`MAX_EXPIRY_MONTHS`]; `None` means never.
    pub expiry_months: Option<u32>,
    pub void_window_minutes: u32,
    pub stale_after_hours: u32,
    /// The price of one penalty point in points (P), if a deduction is paid for; `None` means that deductions can't be
    /// paid for.
    pub price_per_penalty_point: Option<Points>,
    /// Whether a check-in may name an area that isn't known yet.
    pub unknown_areas_allowed: bool,
    /// Fields of newer programs, which are kept.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, serde_json::Value>,
}

/// The most penalty codes of a set, retired ones included.
pub const MAX_CODES: usize = 50;
/// The longest life of points in months. Their lots end with a month, so a holding has at most one more lot than this
/// that isn't over, besides the one of points that never expire.
pub const MAX_EXPIRY_MONTHS: u32 = 60;
/// Upper bound for the points that staff give at a check-out instead of the points of the rules.
pub const MAX_VISIT_POINTS: u64 = 1_000_000;
/// Upper bound for the points that staff give a penalty instead of the points of its code.
pub const MAX_PENALTY_POINTS: u64 = 1_000;

const fn points(amount: u64) -> Points {
    match Points::new(amount) {
        Ok(points) => points,
        Err(_) => Points::ONE,
    }
}

impl Default for Rules {
    fn default() -> Self {
        let code = |code, amount| CodeRule {
            code,
            points: points(amount),
            labels: None,
            retired: false,
            unknown: BTreeMap::new(),
        };
        let ground = |ground, takes, role| {
            let (once, unknown) = (takes == Takes::Half, BTreeMap::new());
            GroundRule { ground, takes, once, most: None, role, labels: None, retired: false, unknown }
        };
        Self {
            generation: 1,
            points_per_visit: points(100),
            daily_cap: None,
            minimum_stay_minutes: None,
            forgotten_after_hours: 12,
            codes: vec![code(PenaltyCode::BASIC, 10), code(PenaltyCode::REPEAT, 20), code(PenaltyCode::AGGRAVATED, 30)],
            grounds: vec![
                ground(Ground::EDUCATION, Takes::Half, Role::Staff),
                ground(Ground::SERVICE, Takes::AsSaid, Role::Staff),
                ground(Ground::APPEAL, Takes::AsSaid, Role::Staff),
                ground(Ground::WAIVER, Takes::AsSaid, Role::Supervisor),
            ],
            levels: Levels::without_end(points(20), points(40)),
            lapse: None,
            expiry_months: None,
            void_window_minutes: 15,
            stale_after_hours: 24,
            price_per_penalty_point: None,
            unknown_areas_allowed: true,
            unknown: BTreeMap::new(),
        }
    }
}

impl Rules {
    /// The points of a code; `None` if the set has no such code, or has retired it.
    pub fn points_of(&self, code: PenaltyCode) -> Option<Points> {
        self.codes_in_use().find(|rule| rule.code == code).map(|rule| rule.points)
    }

    pub fn codes_in_use(&self) -> impl Iterator<Item = &CodeRule> {
        self.codes.iter().filter(|rule| !rule.retired)
    }

    /// How a ground deducts; `None` if the set has no such ground, or has retired it.
    pub fn ground(&self, ground: Ground) -> Option<&GroundRule> {
        self.grounds.iter().find(|rule| rule.ground == ground && !rule.retired)
    }

    /// The last day of points that are earned now.
    pub fn last_day(&self, now: DateTime<Utc>) -> LastDay {
        match self.expiry_months {
            Some(months) => LastDay::On(end_of_month(seoul_date(now), months.min(MAX_EXPIRY_MONTHS))),
            None => LastDay::Never,
        }
    }

    pub fn forgotten(&self, since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        now.signed_duration_since(since) > TimeDelta::hours(i64::from(self.forgotten_after_hours))
    }

    pub fn void_window_passed(&self, recorded: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        now.signed_duration_since(recorded) > TimeDelta::minutes(i64::from(self.void_window_minutes))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_stored_set_has_defaults_for_what_it_lacks_and_keeps_what_it_doesn_t_know() {
        let stored = json!({
            "generation": 7,
            "holidays": ["2027-01-01"],
            "codes": [{ "code": "LITTER", "points": 5, "colour": "red", "labels": { "ko": "꽁초", "en": "Litter", "ja": "" } }],
        });
        let rules: Rules = serde_json::from_value(stored.clone()).unwrap();
        assert_eq!((rules.generation, rules.levels.clone()), (7, Rules::default().levels));
        assert_eq!(rules.points_of("LITTER".parse().unwrap()), Some(points(5)));
        assert_eq!(rules.points_of(PenaltyCode::BASIC), None, "the set has other codes");
        let written = serde_json::to_value(&rules).unwrap();
        assert_eq!(written["holidays"], stored["holidays"]);
        assert_eq!(written["codes"][0]["colour"], stored["codes"][0]["colour"]);
        assert_eq!(written["codes"][0]["labels"], stored["codes"][0]["labels"]);
        assert_eq!(serde_json::from_value::<Rules>(json!({})).unwrap(), Rules::default());
        let default = serde_json::to_value(Rules::default()).unwrap();
        assert_eq!(serde_json::from_value::<Rules>(default).unwrap(), Rules::default());
    }

    #[test]
    fn a_retired_code_or_ground_isn_t_in_use() {
        let mut rules = Rules::default();
        rules.codes[1].retired = true;
        rules.grounds[0].retired = true;
        assert_eq!((rules.points_of(PenaltyCode::REPEAT), rules.ground(Ground::EDUCATION)), (None, None));
        assert_eq!(rules.codes_in_use().count(), 2);
    }

    #[test]
    fn levels_of_prohibition_are_1_to_4_and_ascend() {
        let read = |json: &str| serde_json::from_str::<Prohibit>(json);
        assert!(read(r#"[{"at":40,"days":7},{"at":80,"days":null}]"#).is_ok());
        assert!(read(r#"[{"at":1},{"at":2},{"at":3},{"at":4}]"#).is_ok());
        for json in [
            "[]",
            r#"[{"at":40},{"at":40}]"#,
            r#"[{"at":40},{"at":39}]"#,
            r#"[{"at":0}]"#,
            r#"[{"at":1,"days":0}]"#,
            r#"[{"at":1},{"at":2},{"at":3},{"at":4},{"at":5}]"#,
        ] {
            assert!(read(json).is_err(), "{json}");
        }
    }

    #[test]
    fn points_last_until_the_end_of_a_month() {
        let now = "2026-11-30T15:00:00Z".parse().unwrap();
        let of = |expiry_months| Rules { expiry_months, ..Rules::default() }.last_day(now).to_string();
        assert_eq!(of(None), "never");
        assert_eq!(of(Some(12)), "2027-12-31", "in Seoul it is December already");
        assert_eq!(of(Some(600)), "2031-12-31", "at most 60 months");
    }
}
