//! The payloads of facts that move points, version 1. Each names its lots.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{AdjustmentId, DeductionId, EarningId, IncarnationId, NoteId, PaymentId, RequestId, VisitId};
use crate::lots::{LastDay, Lots};
use crate::points::{Delta, Points};
use crate::words::{AdjustReason, VoidReason};

/// Points were earned for a check-out (F3). Only the incarnation that recorded the check-out records this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Earned {
    pub earning_id: EarningId,
    pub visit_id: VisitId,
    pub points: Points,
    pub expires_on: LastDay,
}

/// The deduction of points inside a payment, from the holding of the recording incarnation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "DeductionParts")]
pub struct Deduction {
    deduction_id: DeductionId,
    points: Points,
    lots: Lots,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "Deduction")]
struct DeductionParts {
    deduction_id: DeductionId,
    points: Points,
    lots: Lots,
}

impl Deduction {
    pub fn new(deduction_id: DeductionId, lots: Lots) -> Self {
        Self { deduction_id, points: lots.points(), lots }
    }

    pub fn deduction_id(&self) -> DeductionId {
        self.deduction_id
    }

    pub fn points(&self) -> Points {
        self.points
    }

    pub fn lots(&self) -> &Lots {
        &self.lots
    }
}

impl TryFrom<DeductionParts> for Deduction {
    type Error = &'static str;

    fn try_from(parts: DeductionParts) -> Result<Self, Self::Error> {
        let DeductionParts { deduction_id, points, lots } = parts;
        if lots.points() == points { Ok(Self::new(deduction_id, lots)) } else { Err(OTHER_SUM) }
    }
}

const OTHER_SUM: &str = "the sum of the lots is another number of points";

/// A customer paid (F4) and the points were deducted (F5), in one fact, so that neither exists without the other (N1).
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
    /// Makes a payment whose deduction has the same points.
    ///
    /// ```
    /// use nosmoke_domain::{fact::Paid, lots::Lots, points::Points};
    /// # let id = uuid::Uuid::nil();
    /// let paid = Paid::new(id.into(), id.into(), Lots::never(Points::ONE), None);
    /// assert_eq!(paid.points(), Points::ONE);
    /// ```
    /// It can't be built field by field:
    /// ```compile_fail
    /// use nosmoke_domain::{fact::{Deduction, Paid}, lots::Lots, points::Points};
    /// # let id = uuid::Uuid::nil();
    /// let deduction = Deduction::new(id.into(), Lots::never(Points::ONE));
    /// let paid = Paid { payment_id: id.into(), points: Points::ONE, deduction, note_id: None };
    /// ```
    /// nor can a field be changed:
    /// ```compile_fail
    /// use nosmoke_domain::{fact::Paid, lots::Lots, points::Points};
    /// # let id = uuid::Uuid::nil();
    /// let mut paid = Paid::new(id.into(), id.into(), Lots::never(Points::ONE), None);
    /// paid.deduction.points = Points::ONE;
    /// ```
    pub fn new(payment_id: PaymentId, deduction_id: DeductionId, lots: Lots, note_id: Option<NoteId>) -> Self {
        Self { payment_id, points: lots.points(), deduction: Deduction::new(deduction_id, lots), note_id }
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

    pub fn lots(&self) -> &Lots {
        &self.deduction.lots
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
            return Err("a payment and its deduction have different points");
        }
        Ok(Self { payment_id, points, deduction, note_id })
    }
}

/// A payment was voided. Counts only if the incarnation that recorded the payment recorded this too.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PaymentVoided {
    pub payment_id: PaymentId,
    pub reason: VoidReason,
}

/// A manager corrected a balance, by the holding of the recording incarnation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "PointsAdjustedParts")]
pub struct PointsAdjusted {
    adjustment_id: AdjustmentId,
    /// Negative if points were taken.
    points: Delta,
    lots: Lots,
    pub reason: AdjustReason,
    /// The payment that is corrected, if its terminal can't void it any more.
    pub payment_id: Option<PaymentId>,
    pub note_id: Option<NoteId>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "PointsAdjusted")]
struct PointsAdjustedParts {
    adjustment_id: AdjustmentId,
    points: Delta,
    lots: Lots,
    reason: AdjustReason,
    payment_id: Option<PaymentId>,
    note_id: Option<NoteId>,
}

impl PointsAdjusted {
    /// Adds these lots to the holding.
    pub fn given(adjustment_id: AdjustmentId, lots: Lots, reason: AdjustReason) -> Self {
        let points = Delta::from(lots.points());
        Self { adjustment_id, points, lots, reason, payment_id: None, note_id: None }
    }

    /// Takes these lots from the holding.
    pub fn taken(adjustment_id: AdjustmentId, lots: Lots, reason: AdjustReason) -> Self {
        let points = -Delta::from(lots.points());
        Self { adjustment_id, points, lots, reason, payment_id: None, note_id: None }
    }

    pub fn adjustment_id(&self) -> AdjustmentId {
        self.adjustment_id
    }

    pub fn points(&self) -> Delta {
        self.points
    }

    pub fn lots(&self) -> &Lots {
        &self.lots
    }
}

impl TryFrom<PointsAdjustedParts> for PointsAdjusted {
    type Error = &'static str;

    fn try_from(parts: PointsAdjustedParts) -> Result<Self, Self::Error> {
        let PointsAdjustedParts { adjustment_id, points, lots, reason, payment_id, note_id } = parts;
        if lots.points().get() != points.get().unsigned_abs() {
            return Err(OTHER_SUM);
        }
        Ok(Self { adjustment_id, points, lots, reason, payment_id, note_id })
    }
}

/// An incarnation gave points to another one. The giver's holding falls at once; the receiver's holding rises when the
/// receiver reads this fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Given {
    pub to: IncarnationId,
    pub lots: Lots,
    /// The request that this answers; null for points handed to the hub without a request.
    pub request: Option<RequestId>,
}

/// A manager gave up a lost terminal's incarnation for this customer, and took over the points that it held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reclaimed {
    pub from: IncarnationId,
    /// Null if it held nothing: then this only says that its check-outs won't earn any more.
    pub lots: Option<Lots>,
}
