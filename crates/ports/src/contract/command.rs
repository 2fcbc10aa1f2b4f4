//! Every command a screen, a script or a kiosk may give, and what each answers.

use nosmoke_domain::ids::{
    AreaId, CustomerId, DeductionId, EarningId, PaymentId, PenaltyDeductionId, PenaltyId, TerminalId, VisitId,
};
use nosmoke_domain::words::{
    AdjustReason, CloseReason, Ground, OverrideReason, PenaltyCode, Standing, VisitStatus, VoidReason,
};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::UtcMs;

/// A command with the key that makes it safe to repeat: the same key and body give the first answer again,
/// the same key with another body is refused (`key_reused`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// Chosen by the caller, 1 to 128 characters; the screens send a UUID made at the first key press.
    pub idempotency_key: String,
    pub command: Command,
}

/// A number as it arrives from outside, not yet known to be whole, positive or in range.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(transparent)]
pub struct Numeral(#[ts(type = "number")] pub serde_json::Value);

/// An area by its id, or by its name as a kiosk or a turnstile knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(export)]
pub struct AreaRef(pub String);

impl From<AreaId> for AreaRef {
    fn from(id: AreaId) -> Self {
        Self(id.to_string())
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS, strum::IntoStaticStr)]
#[ts(export)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
#[strum(serialize_all = "camelCase")]
pub enum Command {
    /// Checks a customer in (F1). Without `customer_id` a walk-in customer is made, to be named later. An area whose name
    /// isn't known is added where the rules allow it.
    CheckIn {
        #[ts(optional)]
        customer_id: Option<CustomerId>,
        area_id: AreaRef,
        /// Admits a prohibited customer; such a visit earns nothing.
        #[ts(optional)]
        admission: Option<OverrideReason>,
    },
    /// Checks a visit out (F2). `points` replaces what the rules give, 1 to 1,000,000.
    CheckOut {
        visit_id: VisitId,
        #[ts(optional)]
        points: Option<Numeral>,
    },
    /// Checks out everyone who is inside an area, as at closing time.
    CheckOutArea {
        area_id: AreaId,
    },
    /// Ends a visit without points.
    CloseVisit {
        visit_id: VisitId,
        reason: CloseReason,
    },
    /// Takes back a visit that was recorded by mistake. Points it earned stay.
    VoidVisit {
        visit_id: VisitId,
        reason: VoidReason,
    },
    /// Pays with points; payment and deduction are one fact (F4, F5, N1).
    Pay {
        customer_id: CustomerId,
        points: Numeral,
        #[ts(optional)]
        note: Option<String>,
    },
    VoidPayment {
        payment_id: PaymentId,
        reason: VoidReason,
    },
    /// Corrects a balance, up or down.
    AdjustPoints {
        customer_id: CustomerId,
        points: Numeral,
        reason: AdjustReason,
        #[ts(optional)]
        note: Option<String>,
    },
    /// Imposes a penalty (F8, N2). Without `code` it is `BASIC`; given `points` (1 to 1,000) replace the code's.
    ImposePenalty {
        customer_id: CustomerId,
        #[ts(optional)]
        code: Option<PenaltyCode>,
        #[ts(optional)]
        points: Option<Numeral>,
        #[ts(optional)]
        area_id: Option<AreaRef>,
        #[ts(optional)]
        note: Option<String>,
    },
    /// Deducts from a penalty (F10, F11). For `education` the rules say how much and `points` is left out.
    DeductPenalty {
        penalty_id: PenaltyId,
        ground: Ground,
        #[ts(optional)]
        points: Option<Numeral>,
        #[ts(optional)]
        note: Option<String>,
    },
    VoidPenalty {
        penalty_id: PenaltyId,
        reason: VoidReason,
    },
    /// Says that two ids are one person: standing is then the worse of both, balances stay apart.
    LinkCustomers {
        customer_id: CustomerId,
        other_id: CustomerId,
    },
    EraseCustomer {
        customer_id: CustomerId,
    },

    RegisterCustomer {
        profile: ProfileInput,
    },
    /// Replaces a profile; also names a walk-in customer and replaces a lost card.
    ReviseCustomer {
        customer_id: CustomerId,
        /// The revision the edit began from; another one since then is `revised_meanwhile`.
        base_revision: i64,
        profile: ProfileInput,
    },
    /// Adds an area, or changes one when `area_id` is given.
    SaveArea {
        #[ts(optional)]
        area_id: Option<AreaId>,
        name: String,
        #[ts(optional)]
        capacity: Option<Numeral>,
    },
    /// Takes an area out of use; refused while someone is inside.
    RetireArea {
        area_id: AreaId,
    },
    SaveFacility {
        name: String,
    },
    SaveTerminal {
        name: String,
    },
    /// Names the terminal that holds the points of visits that have ended; null is none.
    SaveHub {
        terminal_id: Option<TerminalId>,
    },
}

impl Command {
    /// Its type, as it crosses.
    pub fn name(&self) -> &'static str {
        self.into()
    }
}

/// A person's details. Text is kept exactly as given; nothing is trimmed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProfileInput {
    pub name: String,
    #[ts(optional)]
    pub phone: Option<String>,
    #[ts(optional)]
    pub card: Option<String>,
}

/// What a recorded command answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(tag = "type", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Outcome {
    CheckedIn {
        visit_id: VisitId,
        customer_id: CustomerId,
        area_id: AreaId,
        at: UtcMs,
    },
    /// `points` is what will be earned; null where the visit earns nothing.
    CheckedOut {
        visit_id: VisitId,
        customer_id: CustomerId,
        status: VisitStatus,
        earning_id: Option<EarningId>,
        points: Option<u64>,
    },
    AreaCheckedOut {
        area_id: AreaId,
        count: u32,
    },
    VisitEnded {
        visit_id: VisitId,
        status: VisitStatus,
    },
    Paid {
        payment_id: PaymentId,
        deduction_id: DeductionId,
        points: u64,
        balance: i64,
    },
    PaymentVoided {
        payment_id: PaymentId,
        points: u64,
        balance: i64,
    },
    PointsAdjusted {
        customer_id: CustomerId,
        points: i64,
        balance: i64,
    },
    PenaltyImposed {
        penalty_id: PenaltyId,
        points: u64,
        outstanding: i64,
        standing: Standing,
    },
    PenaltyDeducted {
        penalty_id: PenaltyId,
        deduction_id: PenaltyDeductionId,
        points: u64,
        /// What is left of this penalty.
        #[serde(default)]
        remaining: i64,
        outstanding: i64,
        standing: Standing,
    },
    PenaltyVoided {
        penalty_id: PenaltyId,
        outstanding: i64,
        standing: Standing,
    },
    CustomerSaved {
        customer_id: CustomerId,
        revision: i64,
    },
    AreaSaved {
        area_id: AreaId,
    },
    /// Done, with nothing more to say.
    Done,
}
