//! The enumerations of the domain that appear in facts, on the screens and in exports.

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

word!(/// The status of a visit: the furthest that any of its facts reached, where a void outranks all.
VisitStatus, "SCREAMING_SNAKE_CASE" {
    CheckedIn,
    CheckedOut,
    /// Ended without points.
    Closed,
    Earned,
    Voided,
});

word!(PaymentStatus, "SCREAMING_SNAKE_CASE" { Paid, Voided });

word!(/// The status of a penalty. `Accrued` is local: this terminal's point projector has passed it (N10).
    PenaltyStatus, "SCREAMING_SNAKE_CASE" { Imposed, Accrued, Voided });

word!(PenaltyCode, "SCREAMING_SNAKE_CASE" { Basic, Repeat, Aggravated });

word!(/// Why points are deducted from a penalty.
Ground, "snake_case" {
    /// Half of what was imposed, once a penalty.
    Education,
    Service,
    /// The customer's objection was upheld.
    Appeal,
    /// Waived, which only a supervisor may.
    Waiver,
});

word!(Role, "snake_case" { Staff, Supervisor, Manager });

word!(/// What a named token may be used for.
Scope, "snake_case" {
    Enter,
    Leave,
    Pay,
    Read,
    /// Everything that staff do through the gateway, with names.
    Operate,
});

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

word!(/// Why facts contradict each other.
CaseReason, "snake_case" {
    OverlappingVisits,
    // One visit has two check-outs, or a check-out and a closing.
    DoubleCheckOut,
    DeductedTooMuch,
    AdmittedWhileProhibited,
    EarnedTwice,
    WrittenOff,
    VoidedElsewhere,
    Erased,
    /// Terminals without each other's facts let a day's earnings exceed the cap.
    CapBroken,
    /// A check-out whose terminal was lost before it recorded the earning.
    NeverEarned,
    /// A check-out was taken back, but not all that it had earned was still held where it was recorded.
    TakenBackShort,
    /// Two corrections name the same payment.
    CorrectedTwice,
});

word!(CaseResolution, "snake_case" { Accepted, Corrected, Dismissed });
