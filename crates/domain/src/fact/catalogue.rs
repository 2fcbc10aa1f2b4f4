//! The catalogue of fact types. To add a type or version, change this file, the golden files and the schemas.

use schemars::{Schema, SchemaGenerator};
use serde::Serialize;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::payloads::{
    CaseResolved, CheckOutTakenBack, CheckedIn, CheckedOut, CustomerErased, CustomersLinked, CustomersParted,
    LevelsRevised, PenaltyDeducted, PenaltyDeductionVoided, PenaltyImposed, PenaltyVoided, VisitClosed, VisitVoided,
};
use super::points_payloads::{Deduction, Earned, Given, Paid, PaymentVoided, PointsAdjusted, Reclaimed};
use crate::lots::LastDay;
use crate::points::Points;
use crate::words::OpenWord;

macro_rules! catalogue {
    ($($name:ident),+ $(,)?) => {
        /// The payload of a fact, by its type.
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[serde(untagged)]
        pub enum Payload {
            $($name($name),)+
            /// A type or version that this program doesn't know. The fact is stored and skipped by folds; a newer
            /// program folds it.
            Unknown { name: String, version: u32 },
        }

        /// A type of fact.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum FactType { $($name),+ }

        /// Every type of fact, in the catalogue's order.
        pub const FACT_TYPES: &[FactType] = &[$(FactType::$name),+];

        impl FactType {
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),+ }
            }

            pub(super) fn payload_schema(self, generator: &mut SchemaGenerator) -> Schema {
                match self { $(Self::$name => generator.subschema_for::<$name>()),+ }
            }
        }

        impl Payload {
            /// The type of the fact; `None` if it is unknown.
            pub fn fact_type(&self) -> Option<FactType> {
                match self {
                    $(Self::$name(_) => Some(FactType::$name),)+
                    Self::Unknown { .. } => None,
                }
            }

            pub(super) fn decode(name: &str, version: u32, json: &RawValue) -> Result<Self, serde_json::Error> {
                match (name, version) {
                    $((stringify!($name), 1) => serde_json::from_str(json.get()).map(Self::$name),)+
                    _ => Ok(Self::Unknown { name: name.to_owned(), version }),
                }
            }
        }

        $(impl From<$name> for Payload {
            fn from(payload: $name) -> Self {
                Self::$name(payload)
            }
        })+
    };
}

catalogue!(
    CheckedIn,
    CheckedOut,
    CheckOutTakenBack,
    VisitClosed,
    VisitVoided,
    Earned,
    Paid,
    PaymentVoided,
    PointsAdjusted,
    PenaltyImposed,
    PenaltyDeducted,
    PenaltyVoided,
    Given,
    Reclaimed,
    CustomerErased,
    CustomersLinked,
    CaseResolved,
    PenaltyDeductionVoided,
    LevelsRevised,
    CustomersParted,
);

/// The fact types that a program knows: all, or in tests those of an older program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Catalogue {
    lacking: &'static [FactType],
}

impl Catalogue {
    /// The catalogue of an older program that doesn't know the types in `lacking`.
    pub const fn before(lacking: &'static [FactType]) -> Self {
        Self { lacking }
    }

    /// Returns whether this catalogue has all types.
    pub const fn is_whole(self) -> bool {
        self.lacking.is_empty()
    }

    pub(super) fn lacks(self, name: &str) -> bool {
        self.lacking.iter().any(|it| it.name() == name)
    }
}

impl Payload {
    /// The lots that the fact names, the soonest to expire first; none if it moves no points.
    pub fn lots(&self) -> Vec<(LastDay, Points)> {
        let named = match self {
            Self::Earned(p) => return vec![(p.expires_on, p.points)],
            Self::PointsAdjusted(p) => Some(p.lots()),
            Self::CheckOutTakenBack(p) => p.lots.as_ref(),
            Self::Paid(p) => Some(p.lots()),
            Self::PenaltyDeducted(p) => p.price.as_ref().map(Deduction::lots),
            Self::Given(p) => Some(&p.lots),
            Self::Reclaimed(p) => p.lots.as_ref(),
            _ => None,
        };
        named.map_or_else(Vec::new, |lots| lots.iter().collect())
    }

    /// Whether only a newer program understands the whole fact: its type, its version, or the word for a reason. Codes and
    /// grounds are words of the facility's rules, and a resolution of a case that isn't known here changes nothing here.
    pub fn needs_update(&self) -> bool {
        match self {
            Self::Unknown { .. } => true,
            Self::CheckedIn(p) => p.admission.is_some_and(|reason| !reason.is_known()),
            Self::VisitClosed(p) => !p.reason.is_known(),
            Self::VisitVoided(p) => !p.reason.is_known(),
            Self::PaymentVoided(p) => !p.reason.is_known(),
            Self::PenaltyVoided(p) => !p.reason.is_known(),
            Self::PenaltyDeductionVoided(p) => !p.reason.is_known(),
            Self::PointsAdjusted(p) => !p.reason.is_known(),
            _ => false,
        }
    }

    /// See [`super::Fact::subject`].
    pub fn subject(&self) -> Option<Uuid> {
        match self {
            Self::CheckedIn(p) => Some(p.visit_id.0),
            Self::CheckedOut(p) => Some(p.visit_id.0),
            Self::CheckOutTakenBack(p) => Some(p.visit_id.0),
            Self::VisitClosed(p) => Some(p.visit_id.0),
            Self::VisitVoided(p) => Some(p.visit_id.0),
            Self::Earned(p) => Some(p.earning_id.0),
            Self::Paid(p) => Some(p.payment_id().0),
            Self::PaymentVoided(p) => Some(p.payment_id.0),
            Self::PointsAdjusted(p) => Some(p.adjustment_id().0),
            Self::PenaltyImposed(p) => Some(p.penalty_id().0),
            Self::PenaltyDeducted(p) => Some(p.penalty_id.0),
            Self::PenaltyVoided(p) => Some(p.penalty_id.0),
            Self::PenaltyDeductionVoided(p) => Some(p.penalty_id.0),
            Self::CustomersLinked(p) => Some(p.link_id.0),
            Self::CustomersParted(p) => Some(p.link_id.0),
            Self::Given(p) => p.request.map(|id| id.0),
            Self::Reclaimed(_)
            | Self::CustomerErased(_)
            | Self::CaseResolved(_)
            | Self::LevelsRevised(_)
            | Self::Unknown { .. } => None,
        }
    }

    /// See [`super::Fact::related`].
    pub fn related(&self) -> Option<Uuid> {
        match self {
            Self::Earned(p) => Some(p.visit_id.0),
            _ => None,
        }
    }

    /// See [`super::Fact::also_about`].
    pub fn also_about(&self) -> Option<Uuid> {
        match self {
            Self::CustomersLinked(p) => Some(p.other_id.0),
            Self::CheckedOut(p) => p.earning.as_ref().map(|earning| earning.earning_id.0),
            Self::Paid(p) => Some(p.deduction_id().0),
            other => other.related(),
        }
    }
}
