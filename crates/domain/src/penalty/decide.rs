//! Decisions of the context penalty: imposing, deducting from and voiding a penalty, and voiding a deduction.

use super::Penalty;
use crate::corrector::Corrector;
use crate::fact::{Deduction, PenaltyDeducted, PenaltyDeductionVoided, PenaltyImposed, PenaltyVoided};
use crate::ids::{AccrualId, AreaId, DeductionId, IncarnationId, NoteId, PenaltyDeductionId, PenaltyId};
use crate::points::Points;
use crate::published::AccountSummary;
use crate::refusal::Refusal;
use crate::rules::{GroundRule, Rules, Takes};
use crate::words::{Ground, PenaltyCode, VoidReason};

/// Decides to impose a penalty (F8) with its accrual. `points`, if given, replaces the points of the penalty's code.
///
/// # Errors
/// `CustomerErased`, `UnknownCode`.
pub fn impose(
    account: &AccountSummary,
    ids: (PenaltyId, AccrualId),
    code: PenaltyCode,
    points: Option<Points>,
    about: (Option<AreaId>, Option<NoteId>),
    rules: &Rules,
) -> Result<PenaltyImposed, Refusal> {
    if account.erased {
        return Err(Refusal::CustomerErased);
    }
    let of_code = rules.points_of(code).ok_or(Refusal::UnknownCode)?;
    let mut imposed = PenaltyImposed::new(ids.0, ids.1, points.unwrap_or(of_code), code, rules.levels.clone());
    (imposed.area_id, imposed.note_id) = about;
    imposed.lapse = rules.lapse;
    Ok(imposed)
}

/// The points that an education deducts from a penalty that had none before: half of the imposed points, but at most the
/// outstanding ones. `None` if nothing is outstanding.
pub fn education_of(imposed: Points, outstanding: i128) -> Option<Points> {
    Points::try_from(imposed.half().sum().min(outstanding)).ok()
}

#[derive(Debug, Clone, Copy)]
pub struct Deduct {
    pub deduction_id: PenaltyDeductionId,
    pub penalty_id: PenaltyId,
    pub ground: Ground,
    /// `None` for an education and other grounds whose points follow from the rules.
    pub points: Option<Points>,
    pub note_id: Option<NoteId>,
    /// Set if the customer pays for the deduction with points (P) that this incarnation holds.
    pub pay: Option<DeductionId>,
}

impl Deduct {
    /// The points (P) that the customer has to pay. `None` if nothing is paid, or if the deduction is refused whatever
    /// the customer holds.
    pub fn price(&self, penalty: &Penalty, account: &AccountSummary, rules: &Rules) -> Option<Points> {
        self.pay?;
        let (points, _) = self.points_of(penalty, account, rules).ok()?;
        price_of(points, rules).ok().flatten()
    }

    /// The points that are deducted, with the rule of the ground.
    fn points_of<'a>(
        &self,
        penalty: &Penalty,
        account: &AccountSummary,
        rules: &'a Rules,
    ) -> Result<(Points, &'a GroundRule), Refusal> {
        let imposed = penalty.imposed.as_ref().ok_or(Refusal::Unknown)?;
        if penalty.voided.is_some() {
            return Err(Refusal::AlreadyVoided);
        }
        let rule = rules.ground(self.ground).ok_or(Refusal::UnknownGround)?;
        match (rule.takes, self.points) {
            (Takes::Half, Some(_)) => return Err(Refusal::PointsNotAllowed),
            (Takes::AsSaid, None) => return Err(Refusal::PointsNeeded),
            _ => {}
        }
        if rule.once && penalty.deducted_for(self.ground) {
            return Err(Refusal::EducationAlreadyDeducted);
        }
        let outstanding = penalty.outstanding(&account.penalty_days, account.at);
        let points = match self.points {
            None => {
                let half = education_of(imposed.points, outstanding).ok_or(Refusal::NothingOutstanding)?;
                rule.most.map_or(half, |most| half.min(most))
            }
            Some(_) if outstanding == 0 => return Err(Refusal::NothingOutstanding),
            Some(points) if points.sum() > outstanding => return Err(Refusal::MoreThanOutstanding { outstanding }),
            Some(points) => points,
        };
        match rule.most.filter(|most| points > *most) {
            Some(most) => Err(Refusal::MoreThanGroundAllows { most }),
            None => Ok((points, rule)),
        }
    }
}

/// The price of a deduction of these points; `None` if it is more than one payment can be.
fn price_of(points: Points, rules: &Rules) -> Result<Option<Points>, Refusal> {
    let each = rules.price_per_penalty_point.ok_or(Refusal::PriceIsOff)?;
    Ok(Points::try_from(each.sum() * points.sum()).ok())
}

/// Decides a deduction from a penalty (F10, F11). An erased customer's penalty can be deducted from too, but not for
/// payment.
///
/// # Errors
/// `Unknown`, `AlreadyVoided`, `UnknownGround`, `NothingOutstanding`, `MoreThanOutstanding`, `MoreThanGroundAllows`,
/// `EducationAlreadyDeducted`, `PointsNotAllowed`, `PointsNeeded`; with `pay` also `CustomerErased`, `PriceIsOff`, `InsufficientPoints`,
/// `HeldElsewhere`.
pub fn deduct(
    input: Deduct,
    penalty: &Penalty,
    account: &AccountSummary,
    rules: &Rules,
) -> Result<PenaltyDeducted, Refusal> {
    let (points, rule) = input.points_of(penalty, account, rules)?;
    let Deduct { deduction_id, penalty_id, ground, note_id, pay, .. } = input;
    let price = match pay {
        None => None,
        Some(_) if account.erased => return Err(Refusal::CustomerErased),
        Some(deduction_id) => {
            let balance = account.balance;
            let price = price_of(points, rules)?.ok_or(Refusal::InsufficientPoints { balance })?;
            Some(Deduction::new(deduction_id, account.take(price)?))
        }
    };
    let (once, levels) = (rule.once, rules.levels.clone());
    Ok(PenaltyDeducted { deduction_id, penalty_id, points, ground, once, price, note_id, levels })
}

/// Voids a penalty imposed by mistake. A deduction that was paid for must be voided first, or its price would be lost.
///
/// # Errors
/// `Unknown`, `AlreadyVoided`, `PaidDeductionStands`, and those of [`Corrector::check`].
pub fn void(
    penalty_id: PenaltyId,
    penalty: &Penalty,
    reason: VoidReason,
    by: &Corrector<'_>,
) -> Result<PenaltyVoided, Refusal> {
    let imposed = penalty.imposed.as_ref().ok_or(Refusal::Unknown)?;
    if penalty.voided.is_some() {
        return Err(Refusal::AlreadyVoided);
    }
    by.check(imposed.recorder_id, imposed.recorded_at)?;
    if penalty.has_paid_deduction() {
        return Err(Refusal::PaidDeductionStands);
    }
    Ok(PenaltyVoided { penalty_id, reason, levels: by.rules.levels.clone() })
}

/// Voids a deduction recorded by mistake. If it was paid for, only the incarnation that recorded it can, and the price
/// goes back to that incarnation's holding. Also returns the incarnation that records it.
///
/// # Errors
/// `Unknown`, `AlreadyVoided`, `RecordedElsewhere`, and those of [`Corrector::check`].
pub fn void_deduction(
    (penalty_id, deduction_id): (PenaltyId, PenaltyDeductionId),
    penalty: &Penalty,
    reason: VoidReason,
    by: &Corrector<'_>,
) -> Result<(PenaltyDeductionVoided, IncarnationId), Refusal> {
    let deducted = penalty.deductions.get(&deduction_id).ok_or(Refusal::Unknown)?;
    let is_paid = deducted.price.is_some();
    if penalty.is_deduction_voided(deduction_id) {
        return Err(Refusal::AlreadyVoided);
    }
    if is_paid {
        by.check_own(deducted.incarnation)?;
    }
    by.check(deducted.recorder_id, deducted.recorded_at)?;
    let recorder = if is_paid { deducted.incarnation } else { by.here };
    let levels = by.rules.levels.clone();
    Ok((PenaltyDeductionVoided { penalty_id, deduction_id, reason, levels }, recorder))
}
