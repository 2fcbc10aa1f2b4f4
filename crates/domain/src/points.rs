//! Amounts of points: whole numbers, checked when they are made.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// The largest amount in one fact: the largest integer that every JSON reader holds exactly.
pub const MAX_AMOUNT: u64 = (1 << 53) - 1;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a valid number of points: 1 to {MAX_AMOUNT} are allowed")]
pub struct NotAnAmount(i128);

/// An amount of points (P) or penalty points (점): 1 to 2^53-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Points(u64);

impl Points {
    pub const ONE: Self = Self(1);

    /// Checks an amount.
    ///
    /// # Errors
    /// Returns `NotAnAmount` if `amount` is 0 or above 2^53-1.
    pub const fn new(amount: u64) -> Result<Self, NotAnAmount> {
        if amount == 0 || amount > MAX_AMOUNT { Err(NotAnAmount(amount as i128)) } else { Ok(Self(amount)) }
    }

    pub const fn get(self) -> u64 {
        self.0
    }

    pub fn sum(self) -> i128 {
        i128::from(self.0)
    }

    /// Half, rounded down, at least 1.
    #[must_use]
    pub fn half(self) -> Self {
        Self((self.0 / 2).max(1))
    }
}

impl TryFrom<u64> for Points {
    type Error = NotAnAmount;

    fn try_from(amount: u64) -> Result<Self, NotAnAmount> {
        Self::new(amount)
    }
}

impl TryFrom<i128> for Points {
    type Error = NotAnAmount;

    fn try_from(amount: i128) -> Result<Self, NotAnAmount> {
        u64::try_from(amount).map_err(|_| NotAnAmount(amount)).and_then(Self::new)
    }
}

impl From<Points> for u64 {
    fn from(points: Points) -> u64 {
        points.0
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl JsonSchema for Points {
    fn schema_name() -> Cow<'static, str> {
        "Points".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": 1, "maximum": MAX_AMOUNT })
    }
}

/// The signed points of a correction: not 0, from -(2^53-1) to 2^53-1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Delta(i64);

impl Delta {
    /// Checks a correction.
    ///
    /// # Errors
    /// Returns `NotAnAmount` if `amount` is 0, above 2^53-1 or below -(2^53-1).
    pub const fn new(amount: i64) -> Result<Self, NotAnAmount> {
        if amount == 0 || amount.unsigned_abs() > MAX_AMOUNT {
            Err(NotAnAmount(amount as i128))
        } else {
            Ok(Self(amount))
        }
    }

    pub const fn get(self) -> i64 {
        self.0
    }

    pub fn sum(self) -> i128 {
        i128::from(self.0)
    }
}

impl Delta {
    /// The points without the sign.
    pub const fn size(self) -> Points {
        Points(self.0.unsigned_abs())
    }

    /// The points that a negative correction takes; `None` for a positive one.
    pub const fn taken(self) -> Option<Points> {
        if self.0 < 0 { Some(self.size()) } else { None }
    }
}

impl From<Points> for Delta {
    fn from(points: Points) -> Self {
        Self(points.0.cast_signed())
    }
}

impl std::ops::Neg for Delta {
    type Output = Self;

    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl TryFrom<i64> for Delta {
    type Error = NotAnAmount;

    fn try_from(amount: i64) -> Result<Self, NotAnAmount> {
        Self::new(amount)
    }
}

impl From<Delta> for i64 {
    fn from(delta: Delta) -> i64 {
        delta.0
    }
}

impl JsonSchema for Delta {
    fn schema_name() -> Cow<'static, str> {
        "Delta".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "minimum": -(MAX_AMOUNT as i64), "maximum": MAX_AMOUNT, "not": { "const": 0 } })
    }
}

/// A sum of amounts. It may be too large for a JSON number, so it is written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct Sum(pub i128);

impl Serialize for Sum {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Sum {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map(Self).map_err(serde::de::Error::custom)
    }
}

/// Clamps a sum to `i64`, the type that the screens receive.
pub fn to_i64(sum: i128) -> i64 {
    i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_from_1_to_the_largest_exact_json_integer() {
        assert!(Points::new(0).is_err());
        assert!(Points::new(MAX_AMOUNT).is_ok());
        assert!(Points::new(MAX_AMOUNT + 1).is_err());
        for text in ["0", "-1", "1.5", "9007199254740992", "1e3", "\"1\"", "null"] {
            assert!(serde_json::from_str::<Points>(text).is_err(), "{text}");
        }
        for text in ["0", "9007199254740992", "-9007199254740992", "0.5"] {
            assert!(serde_json::from_str::<Delta>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn half_is_rounded_down_and_at_least_1() {
        let half = |n| Points::new(n).map(|p| p.half().get());
        assert_eq!((half(1), half(2), half(3), half(30)), (Ok(1), Ok(1), Ok(1), Ok(15)));
    }
}
