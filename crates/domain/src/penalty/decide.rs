//! Decisions of penalty.

use chrono::{DateTime, Utc};

use super::Penalty;
use crate::fact::{Deduction, PenaltyDeducted, PenaltyImposed, PenaltyVoided};
use crate::ids::{AccrualId, AreaId, DeductionId, NoteId, PenaltyDeductionId, PenaltyId};
use crate::points::Points;
use crate::published::AccountSummary;
use crate::refusal::Refusal;
use crate::rules::Rules;
use crate::words::{Ground, PenaltyCode, Role, VoidReason};

/// Imposes a penalty (F8) with its accrual. Given points replace the code's.
///
/// # Errors
/// `CustomerErased`.
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
    let points = points.unwrap_or_else(|| rules.points_of(code));
    let mut imposed = PenaltyImposed::new(ids.0, ids.1, points, code, rules.levels);
    (imposed.area_id, imposed.note_id) = about;
    Ok(imposed)
}

/// What an education deducts now: half of what was imposed, never more than is outstanding, once a penalty.
pub fn education_points(penalty: &Penalty) -> Option<Points> {
    let imposed = penalty.imposed.as_ref().filter(|_| !penalty.educated())?;
    education_of(imposed.points, penalty.outstanding())
}

/// What an education deducts of a penalty that has had none.
pub fn education_of(imposed: Points, outstanding: i128) -> Option<Points> {
    Points::try_from(imposed.half().sum().min(outstanding)).ok()
}

#[derive(Debug, Clone, Copy)]
pub struct Deduct {
    pub deduction_id: PenaltyDeductionId,
    pub penalty_id: PenaltyId,
    pub ground: Ground,
    /// Left out for an education.
    pub points: Option<Points>,
    pub note_id: Option<NoteId>,
    /// Pay for it with points from what is held here.
    pub pay: Option<DeductionId>,
}

/// Deducts from a penalty (F10, F11). Corrections stay possible for an erased customer.
///
/// # Errors
/// `Unknown`, `AlreadyVoided`, `NothingOutstanding`, `MoreThanOutstanding`, `EducationAlreadyDeducted`,
/// `PointsNotAllowed`, `PointsNeeded`; paying: `CustomerErased`, `PriceIsOff`, `InsufficientPoints`, `HeldElsewhere`.
pub fn deduct(
    input: Deduct,
    penalty: &Penalty,
    account: &AccountSummary,
    rules: &Rules,
) -> Result<PenaltyDeducted, Refusal> {
    let Deduct { deduction_id, penalty_id, ground, points, note_id, pay } = input;
    if penalty.imposed.is_none() {
        return Err(Refusal::Unknown);
    }
    if penalty.voided.is_some() {
        return Err(Refusal::AlreadyVoided);
    }
    let outstanding = penalty.outstanding();
    let points = match (ground, points) {
        (Ground::Education, Some(_)) => return Err(Refusal::PointsNotAllowed),
        (Ground::Education, None) if penalty.educated() => return Err(Refusal::EducationAlreadyDeducted),
        (Ground::Education, None) => education_points(penalty).ok_or(Refusal::NothingOutstanding)?,
        (_, None) => return Err(Refusal::PointsNeeded),
        (_, Some(_)) if outstanding == 0 => return Err(Refusal::NothingOutstanding),
        (_, Some(points)) if points.sum() > outstanding => return Err(Refusal::MoreThanOutstanding { outstanding }),
        (_, Some(points)) => points,
    };
    let price = match pay {
        None => None,
        Some(_) if account.erased => return Err(Refusal::CustomerErased),
        Some(deduction_id) => {
            let each = rules.price_per_penalty_point.ok_or(Refusal::PriceIsOff)?;
            let balance = account.balance;
            let price =
                Points::try_from(each.sum() * points.sum()).map_err(|_| Refusal::InsufficientPoints { balance })?;
            account.expect_held(price)?;
            Some(Deduction { deduction_id, points: price })
        }
    };
    Ok(PenaltyDeducted { deduction_id, penalty_id, points, ground, price, note_id, levels: rules.levels })
}

/// Takes a penalty back that was imposed by mistake; by staff only for a while.
///
/// # Errors
/// `Unknown`, `AlreadyVoided`, `VoidWindowPassed`.
pub fn void(
    penalty_id: PenaltyId,
    penalty: &Penalty,
    role: Role,
    reason: VoidReason,
    now: DateTime<Utc>,
    rules: &Rules,
) -> Result<PenaltyVoided, Refusal> {
    let imposed = penalty.imposed.as_ref().ok_or(Refusal::Unknown)?;
    if penalty.voided.is_some() {
        return Err(Refusal::AlreadyVoided);
    }
    if role == Role::Staff && rules.void_window_passed(imposed.key.occurred_at, now) {
        return Err(Refusal::VoidWindowPassed { minutes: rules.void_window_minutes });
    }
    Ok(PenaltyVoided { penalty_id, reason, levels: rules.levels })
}
