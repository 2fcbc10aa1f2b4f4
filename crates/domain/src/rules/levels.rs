//! The levels of outstanding penalty points from which a customer is warned and prohibited.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::days::Days;
use crate::points::Points;

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
