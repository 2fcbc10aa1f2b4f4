//! Identifiers. Every id is a UUID; callers generate them.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
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
id!(/// A smoking or non-smoking area.
    AreaId);
id!(VisitId);
id!(EarningId);
id!(PaymentId);
id!(/// The deduction of points inside a payment.
    DeductionId);
id!(AdjustmentId);
id!(PenaltyId);
id!(/// The accrual of penalty points inside a penalty.
    AccrualId);
id!(/// A deduction from a penalty.
    PenaltyDeductionId);
id!(/// A terminal's request for points that other terminals hold.
    RequestId);
id!(/// An erasable note on the customer's profile.
    NoteId);
