//! The words of the domain that appear in facts, on the screens and in exports.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! word {
    ($(#[$meta:meta])* $name:ident, $case:literal { $($(#[$doc:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[cfg_attr(feature = "ts", derive(ts_rs::TS), ts(export_to = "contract.ts"))]
        #[serde(rename_all = $case)]
        pub enum $name { $($(#[$doc])* $variant),+ }
    };
}

word!(/// Whether a customer may smoke here (F9, F10). Ordered from best to worst.
    Standing, "SCREAMING_SNAKE_CASE" { Allowed, Warned, Prohibited });

word!(/// How far a visit has come. Of several, the furthest counts; a void shows above all.
VisitStatus, "SCREAMING_SNAKE_CASE" {
    CheckedIn,
    CheckedOut,
    /// Ended without points.
    Closed,
    Earned,
    Voided,
});

word!(PaymentStatus, "SCREAMING_SNAKE_CASE" { Paid, Voided });

word!(/// `Accrued` is local: point's projector has passed the penalty (N10).
    PenaltyStatus, "SCREAMING_SNAKE_CASE" { Imposed, Accrued, Voided });

word!(PenaltyCode, "SCREAMING_SNAKE_CASE" { Basic, Repeat, Aggravated });

word!(/// Why a penalty is deducted from.
Ground, "snake_case" {
    /// Half of what was imposed, once a penalty.
    Education,
    Service,
    /// The customer's objection was upheld.
    Appeal,
    /// Let off; a supervisor's.
    Waiver,
});

word!(Role, "snake_case" { Staff, Supervisor, Manager });

word!(CloseReason, "snake_case" {
    Forgotten,
    DayClose,
    /// Ended because the customer checked in again.
    NextCheckIn,
});

word!(VoidReason, "snake_case" { Mistaken, WrongCustomer, WrongAmount, Other });

word!(/// Why a prohibited customer was admitted.
    OverrideReason, "snake_case" { Medical, Emergency, FacilityOrder, Other });

word!(AdjustReason, "snake_case" { Correction, Goodwill, Migration, Other });

word!(/// Why two facts contradict each other.
CaseReason, "snake_case" {
    OverlappingVisits,
    // Of one visit: two check-outs, or one beside a closing.
    DoubleCheckOut,
    DeductedTooMuch,
    AdmittedWhileProhibited,
    EarnedTwice,
    WrittenOff,
    VoidedElsewhere,
    Erased,
    /// More was earned in a day than its cap, at terminals that didn't know of each other.
    CapBroken,
    /// A check-out of a terminal that is lost before it earned.
    NeverEarned,
});

word!(CaseResolution, "snake_case" { Accepted, Corrected, Dismissed });
