//! The payload of each type of fact, version 1. No personal data and no free text: notes and areas are named by ids.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{
    AccrualId, AdjustmentId, AreaId, AskId, CustomerId, DeductionId, EarningId, EventId, IncarnationId, NoteId,
    PaymentId, PenaltyDeductionId, PenaltyId, VisitId,
};
use crate::points::{Delta, Points};
use crate::rules::Levels;
use crate::words::{
    AdjustReason, CaseReason, CaseResolution, CloseReason, Ground, OverrideReason, PenaltyCode, Standing, VoidReason,
};

/// A customer checked in (F1), with the standing as the desk knew it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckedIn {
    pub visit_id: VisitId,
    pub area_id: AreaId,
    pub standing: Standing,
    /// Penalty points outstanding as check-in read them.
    pub outstanding: u64,
    /// When that standing was made.
    pub standing_as_of: DateTime<Utc>,
    /// Set where a prohibited customer was admitted; the visit then earns nothing.
    pub admission: Option<OverrideReason>,
}

/// What a check-out will earn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Earning {
    pub earning_id: EarningId,
    pub points: Points,
}

/// A customer checked out (F2). Without an earning the visit is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CheckedOut {
    pub visit_id: VisitId,
    pub earning: Option<Earning>,
    /// The day's cap that the earning keeps to; none where it is off or the points were given.
    pub daily_cap: Option<Points>,
}

/// A visit ended without a check-out and without points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VisitClosed {
    pub visit_id: VisitId,
    pub reason: CloseReason,
}

/// A visit recorded by mistake. Takes no points back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct VisitVoided {
    pub visit_id: VisitId,
    pub reason: VoidReason,
}

/// Points were earned for a check-out (F3), recorded by the incarnation that recorded the check-out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Earned {
    pub earning_id: EarningId,
    pub visit_id: VisitId,
    pub points: Points,
}

/// The deduction inside a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Deduction {
    pub deduction_id: DeductionId,
    pub points: Points,
}

/// A customer paid (F4), and what was paid was deducted (F5), in one fact: neither stands without the other (N1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "PaidParts")]
pub struct Paid {
    payment_id: PaymentId,
    points: Points,
    deduction: Deduction,
    note_id: Option<NoteId>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Paid")]
struct PaidParts {
    payment_id: PaymentId,
    points: Points,
    deduction: Deduction,
    note_id: Option<NoteId>,
}

impl Paid {
    /// A payment with its deduction of as many points.
    ///
    /// ```
    /// use nosmoke_domain::{fact::Paid, points::Points};
    /// # let id = uuid::Uuid::nil();
    /// let paid = Paid::new(id.into(), id.into(), Points::ONE, None);
    /// assert_eq!(paid.points(), Points::ONE);
    /// ```
    /// It can't be made in parts:
    /// ```compile_fail
    /// use nosmoke_domain::{fact::{Deduction, Paid}, points::Points};
    /// # let id = uuid::Uuid::nil();
    /// let deduction = Deduction { deduction_id: id.into(), points: Points::ONE };
    /// let paid = Paid { payment_id: id.into(), points: Points::ONE, deduction, note_id: None };
    /// ```
    /// nor changed in part:
    /// ```compile_fail
    /// use nosmoke_domain::{fact::Paid, points::Points};
    /// # let id = uuid::Uuid::nil();
    /// let mut paid = Paid::new(id.into(), id.into(), Points::ONE, None);
    /// paid.deduction.points = Points::ONE;
    /// ```
    pub fn new(payment_id: PaymentId, deduction_id: DeductionId, points: Points, note_id: Option<NoteId>) -> Self {
        Self { payment_id, points, deduction: Deduction { deduction_id, points }, note_id }
    }

    pub fn payment_id(&self) -> PaymentId {
        self.payment_id
    }

    pub fn points(&self) -> Points {
        self.points
    }

    pub fn deduction_id(&self) -> DeductionId {
        self.deduction.deduction_id
    }

    pub fn note_id(&self) -> Option<NoteId> {
        self.note_id
    }
}

impl TryFrom<PaidParts> for Paid {
    type Error = &'static str;

    fn try_from(parts: PaidParts) -> Result<Self, Self::Error> {
        let PaidParts { payment_id, points, deduction, note_id } = parts;
        if deduction.points != points {
            return Err("a payment and its deduction differ");
        }
        Ok(Self { payment_id, points, deduction, note_id })
    }
}

/// A payment was taken back. Counts only from the incarnation that recorded the payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentVoided {
    pub payment_id: PaymentId,
    pub reason: VoidReason,
}

/// A manager corrected a balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PointsAdjusted {
    pub adjustment_id: AdjustmentId,
    pub points: Delta,
    pub reason: AdjustReason,
    pub note_id: Option<NoteId>,
}

/// The accrual inside a penalty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Accrual {
    pub accrual_id: AccrualId,
    pub points: Points,
}

/// A penalty was imposed (F8) and accrued (N2), in one fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "PenaltyImposedParts")]
pub struct PenaltyImposed {
    penalty_id: PenaltyId,
    points: Points,
    accrual: Accrual,
    pub code: PenaltyCode,
    pub area_id: Option<AreaId>,
    pub note_id: Option<NoteId>,
    pub levels: Levels,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "PenaltyImposed")]
struct PenaltyImposedParts {
    penalty_id: PenaltyId,
    points: Points,
    accrual: Accrual,
    code: PenaltyCode,
    area_id: Option<AreaId>,
    note_id: Option<NoteId>,
    levels: Levels,
}

impl PenaltyImposed {
    /// A penalty with its accrual of as many points.
    ///
    /// ```
    /// use nosmoke_domain::{fact::PenaltyImposed, points::Points, rules::Rules, words::PenaltyCode};
    /// # let id = uuid::Uuid::nil();
    /// let imposed = PenaltyImposed::new(id.into(), id.into(), Points::ONE, PenaltyCode::Basic, Rules::default().levels);
    /// assert_eq!(imposed.points(), Points::ONE);
    /// ```
    /// It can't be made in parts:
    /// ```compile_fail
    /// use nosmoke_domain::{fact::{Accrual, PenaltyImposed}, points::Points, rules::Rules, words::PenaltyCode};
    /// # let id = uuid::Uuid::nil();
    /// let accrual = Accrual { accrual_id: id.into(), points: Points::ONE };
    /// let (code, levels) = (PenaltyCode::Basic, Rules::default().levels);
    /// let imposed = PenaltyImposed {
    ///     penalty_id: id.into(), points: Points::ONE, accrual, code, area_id: None, note_id: None, levels,
    /// };
    /// ```
    /// nor changed in part:
    /// ```compile_fail
    /// use nosmoke_domain::{fact::PenaltyImposed, points::Points, rules::Rules, words::PenaltyCode};
    /// # let id = uuid::Uuid::nil();
    /// let mut imposed = PenaltyImposed::new(id.into(), id.into(), Points::ONE, PenaltyCode::Basic, Rules::default().levels);
    /// imposed.accrual.points = Points::ONE;
    /// ```
    pub fn new(
        penalty_id: PenaltyId,
        accrual_id: AccrualId,
        points: Points,
        code: PenaltyCode,
        levels: Levels,
    ) -> Self {
        Self { penalty_id, points, accrual: Accrual { accrual_id, points }, code, area_id: None, note_id: None, levels }
    }

    pub fn penalty_id(&self) -> PenaltyId {
        self.penalty_id
    }

    pub fn points(&self) -> Points {
        self.points
    }

    pub fn accrual_id(&self) -> AccrualId {
        self.accrual.accrual_id
    }
}

impl TryFrom<PenaltyImposedParts> for PenaltyImposed {
    type Error = &'static str;

    fn try_from(parts: PenaltyImposedParts) -> Result<Self, Self::Error> {
        let PenaltyImposedParts { penalty_id, points, accrual, code, area_id, note_id, levels } = parts;
        if accrual.points != points {
            return Err("a penalty and its accrual differ");
        }
        Ok(Self { penalty_id, points, accrual, code, area_id, note_id, levels })
    }
}

/// A penalty was deducted from (F10, F11).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PenaltyDeducted {
    pub deduction_id: PenaltyDeductionId,
    pub penalty_id: PenaltyId,
    pub points: Points,
    pub ground: Ground,
    /// Points (P) paid for it, from what the recorder holds; off by default.
    pub price: Option<Deduction>,
    pub note_id: Option<NoteId>,
    pub levels: Levels,
}

/// A penalty imposed by mistake; nothing of it is outstanding any more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PenaltyVoided {
    pub penalty_id: PenaltyId,
    pub reason: VoidReason,
    pub levels: Levels,
}

/// A terminal asks the others for points they hold. Changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    pub ask_id: AskId,
    pub points: Points,
}

/// A holder hands points over: it holds less at once, the receiver more when it has read this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Given {
    pub to: IncarnationId,
    pub points: Points,
    /// The question it answers; none for what goes to the hub by itself.
    pub ask_id: Option<AskId>,
}

/// A manager takes over what a lost terminal held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reclaimed {
    pub from: IncarnationId,
    pub points: Points,
}

/// A customer's personal data is erased. Outranks every profile record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CustomerErased {}

/// Two ids are one person; recorded once under each id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CustomersLinked {
    pub other_id: CustomerId,
}

/// Staff settled a contradiction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseResolved {
    pub case: CaseId,
    pub resolution: CaseResolution,
}

/// A case, named by the later of the contradicting facts and the reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct CaseId {
    pub event_id: EventId,
    pub reason: CaseReason,
}
