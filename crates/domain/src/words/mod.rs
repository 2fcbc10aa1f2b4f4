//! The words of the domain that appear in facts, on the screens and in exports. Codes, grounds and reasons are open:
//! besides those that this program knows, any [`Word`] is read, because a newer program or another facility's rules may
//! use it. The others are closed.

mod open;

use open::open_word;
pub use open::{NotAWord, OpenWord, Word, known, maybe_known};
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

open_word!(/// The kind of an offence; the rules set the points of each.
PenaltyCode, "\"BASIC\" | \"REPEAT\" | \"AGGRAVATED\" | (string & {})" {
    BASIC = "BASIC",
    REPEAT = "REPEAT",
    AGGRAVATED = "AGGRAVATED",
});

open_word!(/// Why points are deducted from a penalty; the rules set what each ground takes.
Ground, "\"education\" | \"service\" | \"appeal\" | \"waiver\" | (string & {})" {
    /// Half of what was imposed, once a penalty.
    EDUCATION = "education",
    SERVICE = "service",
    /// The customer's objection was upheld.
    APPEAL = "appeal",
    /// Waived, which only a supervisor may.
    WAIVER = "waiver",
});

open_word!(/// Why a visit ended without a check-out.
CloseReason, "\"forgotten\" | \"day_close\" | \"next_check_in\"" {
    FORGOTTEN = "forgotten",
    DAY_CLOSE = "day_close",
    /// Ended because the customer checked in again.
    NEXT_CHECK_IN = "next_check_in",
});

open_word!(/// Why something was voided.
VoidReason, "\"mistaken\" | \"wrong_customer\" | \"wrong_amount\" | \"other\"" {
    MISTAKEN = "mistaken",
    WRONG_CUSTOMER = "wrong_customer",
    WRONG_AMOUNT = "wrong_amount",
    OTHER = "other",
});

open_word!(/// Why a prohibited customer was admitted.
OverrideReason, "\"medical\" | \"emergency\" | \"facility_order\" | \"other\"" {
    MEDICAL = "medical",
    EMERGENCY = "emergency",
    FACILITY_ORDER = "facility_order",
    OTHER = "other",
});

open_word!(/// Why a balance was corrected.
AdjustReason, "\"correction\" | \"goodwill\" | \"migration\" | \"other\"" {
    CORRECTION = "correction",
    GOODWILL = "goodwill",
    MIGRATION = "migration",
    OTHER = "other",
});

open_word!(/// Why facts contradict each other.
CaseReason, "string" {
    OVERLAPPING_VISITS = "overlapping_visits",
    /// One visit has two check-outs, or a check-out and a closing.
    DOUBLE_CHECK_OUT = "double_check_out",
    DEDUCTED_TOO_MUCH = "deducted_too_much",
    ADMITTED_IN_BAN = "admitted_in_ban",
    EARNED_TWICE = "earned_twice",
    WRITTEN_OFF = "written_off",
    VOIDED_ELSEWHERE = "voided_elsewhere",
    ERASED = "erased",
    /// Terminals without each other's facts let a day's earnings exceed the cap.
    CAP_BROKEN = "cap_broken",
    /// A check-out whose terminal was lost before it recorded the earning.
    NEVER_EARNED = "never_earned",
    /// A check-out was taken back, but not all that it had earned was still held where it was recorded.
    TAKEN_BACK_SHORT = "taken_back_short",
    /// Two corrections name the same payment.
    CORRECTED_TWICE = "corrected_twice",
    /// A ground that counts once was used twice for one penalty.
    GROUND_TWICE = "ground_twice",
    /// What was entered afterwards ends before it begins.
    ENTERED_OUT_OF_ORDER = "entered_out_of_order",
    /// A visit that nobody ended.
    FORGOTTEN_VISIT = "forgotten_visit",
    /// Two people have the same card.
    SHARED_CARD = "shared_card",
    /// An incarnation recorded two facts with one seq.
    FORKED = "forked",
    /// Terminals that didn't hear each other published rule sets with one generation.
    RIVAL_RULES = "rival_rules",
    /// A fact with a type, a version or a word that this program doesn't know yet.
    NEEDS_UPDATE = "needs_update",
});

open_word!(/// How staff resolved a case.
CaseResolution, "string" {
    ACCEPTED = "accepted",
    CORRECTED = "corrected",
    DISMISSED = "dismissed",
});
