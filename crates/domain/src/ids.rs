//! Identifiers. Every id is a UUID; callers generate them.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string", export_to = "contract.ts"))]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id!(/// The id of a fact (UUIDv7).
    EventId);
id!(/// The facility to which all terminals that share a log belong.
    FacilityId);
id!(/// A terminal: a staff PC with this program.
    TerminalId);
id!(/// One unbroken history of a terminal's data folder: a restored or copied folder begins another incarnation.
    IncarnationId);
id!(/// A customer: a random id that reveals nothing about the person.
    CustomerId);
id!(/// A member of staff.
    StaffId);
id!(/// The party that recorded a fact: a member of staff, a token, or nil for the program itself.
    RecorderId);
id!(/// A smoking or non-smoking area.
    AreaId);
id!(/// The plan of a site.
    PlanId);
id!(/// A piece of a plan's picture: the beginning of its BLAKE3 hash.
    PieceId);
id!(VisitId);
id!(EarningId);
id!(PaymentId);
id!(/// The deduction of points inside a payment.
    DeductionId);
id!(AdjustmentId);
id!(/// The joining of two customer ids of one person.
    LinkId);
id!(PenaltyId);
id!(/// The accrual of penalty points inside a penalty.
    AccrualId);
id!(/// A deduction from a penalty.
    PenaltyDeductionId);
id!(/// A terminal's request for points that other terminals hold.
    RequestId);
id!(/// An erasable note on the customer's profile.
    NoteId);

/// A token with which another program calls the gateway. It is written as `owner` or as a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(type = "string", export_to = "contract.ts"))]
pub enum TokenId {
    /// The token of the terminal's owner, in the file `gateway.token`.
    Owner,
    Named(Uuid),
}

const OWNER: &str = "owner";

impl TokenId {
    /// The id by which lists find the token's name. The owner's token has the same one at every terminal.
    pub const fn recorder_id(self) -> RecorderId {
        match self {
            Self::Owner => RecorderId::OWNER,
            Self::Named(id) => RecorderId(id),
        }
    }
}

impl RecorderId {
    pub const OWNER: Self = Self(Uuid::max());
    pub const PROGRAM: Self = Self(Uuid::nil());
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Owner => f.write_str(OWNER),
            Self::Named(id) => id.fmt(f),
        }
    }
}

impl FromStr for TokenId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == OWNER { Ok(Self::Owner) } else { text.parse().map(Self::Named) }
    }
}

impl Serialize for TokenId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TokenId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for TokenId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TokenId".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A token with which another program calls the gateway: its UUID, or `owner` for the token of the terminal's owner.",
            "anyOf": [{ "type": "string", "format": "uuid" }, { "const": "owner" }]
        })
    }
}
