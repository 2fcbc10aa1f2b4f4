//! What a case is about, as one text.

use std::fmt::{self, Display};
use std::str::FromStr;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{CustomerId, EventId, IncarnationId, PaymentId, PenaltyId, VisitId};

/// What a case is about: a kind and one or two names, such as `visit/<id>`, `visits/<id>/<id>` or `day/<id>/2027-03-31`.
/// Like words it is open, so that cases of newer programs are read too; it never holds a card or a person's name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CaseAbout(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a case is about a kind and one or two names, parted by slashes")]
pub struct NotAbout;

impl CaseAbout {
    pub fn visit(id: VisitId) -> Self {
        Self(format!("visit/{id}"))
    }

    /// A pair of visits, in the order of their ids.
    pub fn visits(a: VisitId, b: VisitId) -> Self {
        Self(format!("visits/{}/{}", a.min(b), a.max(b)))
    }

    pub fn penalty(id: PenaltyId) -> Self {
        Self(format!("penalty/{id}"))
    }

    pub fn payment(id: PaymentId) -> Self {
        Self(format!("payment/{id}"))
    }

    /// A customer's day in Seoul.
    pub fn day(id: CustomerId, day: NaiveDate) -> Self {
        Self(format!("day/{id}/{day}"))
    }

    pub fn incarnation(id: IncarnationId) -> Self {
        Self(format!("incarnation/{id}"))
    }

    /// What an incarnation holds of a customer's points.
    pub fn holding(customer: CustomerId, incarnation: IncarnationId) -> Self {
        Self(format!("holding/{customer}/{incarnation}"))
    }

    /// A pair of customers, in the order of their ids.
    pub fn customers(a: CustomerId, b: CustomerId) -> Self {
        Self(format!("customers/{}/{}", a.min(b), a.max(b)))
    }

    /// The rule sets of a generation.
    pub fn rules(generation: u64) -> Self {
        Self(format!("rules/{generation}"))
    }

    pub fn fact(id: EventId) -> Self {
        Self(format!("fact/{id}"))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The kind, such as `visit`.
    pub fn kind(&self) -> &str {
        self.0.split('/').next().unwrap_or_default()
    }

    /// The names after the kind, as far as each is a `T`.
    pub fn names<T: FromStr>(&self) -> impl Iterator<Item = T> {
        self.0.split('/').skip(1).filter_map(|name| name.parse().ok())
    }
}

impl Display for CaseAbout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for CaseAbout {
    type Err = NotAbout;

    fn from_str(text: &str) -> Result<Self, NotAbout> {
        let mut parts = text.split('/');
        let kind = parts.next().unwrap_or_default();
        let is_kind = (1..=24).contains(&kind.len()) && kind.bytes().all(|it| it.is_ascii_lowercase() || it == b'_');
        let is_name = |name: &str| {
            (1..=36).contains(&name.len()) && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'-')
        };
        let names: Vec<&str> = parts.collect();
        let sound = is_kind && (1..=2).contains(&names.len()) && names.into_iter().all(is_name);
        if sound { Ok(Self(text.to_owned())) } else { Err(NotAbout) }
    }
}

impl TryFrom<String> for CaseAbout {
    type Error = NotAbout;

    fn try_from(text: String) -> Result<Self, NotAbout> {
        text.parse()
    }
}

impl From<CaseAbout> for String {
    fn from(about: CaseAbout) -> Self {
        about.0
    }
}

impl JsonSchema for CaseAbout {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CaseAbout".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "What a case is about: a kind and one or two names, parted by slashes.",
            "type": "string",
            "pattern": "^[a-z_]{1,24}(/[A-Za-z0-9-]{1,36}){1,2}$",
            "examples": ["visit/01935a00-0000-7000-8000-000000000010"],
        })
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_pair_is_the_same_whichever_came_first() {
        let (a, b) = (VisitId(Uuid::from_u128(1)), VisitId(Uuid::from_u128(2)));
        assert_eq!(CaseAbout::visits(a, b), CaseAbout::visits(b, a));
        assert_eq!(CaseAbout::visits(b, a).names::<VisitId>().collect::<Vec<_>>(), [a, b]);
        let day = CaseAbout::day(CustomerId(a.0), "2027-03-31".parse().unwrap());
        assert_eq!((day.kind(), day.names::<NaiveDate>().count()), ("day", 1));
    }

    #[test]
    fn only_a_kind_and_one_or_two_names_are_read() {
        let read = |text: &str| text.parse::<CaseAbout>();
        for text in ["rules/7", "a_b/x/2027-03-31"] {
            assert_eq!(read(text).unwrap().as_str(), text);
        }
        for text in ["", "visit", "visit/", "/a", "visit/a/b/c", "Visit/a", "visit/a b", "visit/가", &"a/".repeat(40)]
        {
            assert_eq!(read(text), Err(NotAbout), "{text}");
        }
        assert!(read(&format!("visit/{}", "a".repeat(37))).is_err());
    }
}
