//! Commands of penalty.

use nosmoke_domain::ids::{AccrualId, AreaId, CustomerId, PenaltyDeductionId, PenaltyId};
use nosmoke_domain::penalty::{self, Deduct, Penalty};
use nosmoke_domain::point::Account;
use nosmoke_domain::rules::MAX_PENALTY_POINTS;
use nosmoke_domain::words::{Ground, PenaltyCode, VoidReason};

use super::numeral::points;
use super::work::Work;
use crate::contract::{AppError, ErrorCode, Numeral, Outcome};
use crate::records;

const UNKNOWN: ErrorCode = ErrorCode::UnknownPenalty;

#[derive(Debug)]
pub(super) struct Impose {
    pub code: Option<PenaltyCode>,
    pub points: Option<Numeral>,
    pub area_id: Option<AreaId>,
    pub note: Option<String>,
}

pub(super) fn impose(work: &mut Work<'_>, customer_id: CustomerId, input: Impose) -> Result<Outcome, AppError> {
    let given = input.points.map(|numeral| points("points", &numeral, MAX_PENALTY_POINTS)).transpose()?;
    work.expect_customer(customer_id)?;
    if let Some(area_id) = input.area_id {
        records::area(work.tx, area_id)?.ok_or_else(|| AppError::new(ErrorCode::UnknownArea))?;
    }
    let account: Account = work.state(customer_id)?;
    let (penalty_id, accrual_id): (PenaltyId, AccrualId) = (work.id(), work.id());
    let note_id = work.note(customer_id, input.note)?;
    let code = input.code.unwrap_or(PenaltyCode::Basic);
    let imposed =
        penalty::impose(&account, (penalty_id, accrual_id), code, given, (input.area_id, note_id), &work.rules)
            .map_err(|refusal| work.refuse(refusal, UNKNOWN))?;
    let points = imposed.points().get();
    work.append(customer_id, imposed)?;
    let (outstanding, standing) = work.standing_after(customer_id)?;
    Ok(Outcome::PenaltyImposed { penalty_id, points, outstanding, standing })
}

pub(super) fn deduct(
    work: &mut Work<'_>,
    penalty_id: PenaltyId,
    ground: Ground,
    given: Option<&Numeral>,
    note: Option<String>,
) -> Result<Outcome, AppError> {
    let given = given.map(|numeral| points("points", numeral, nosmoke_domain::points::MAX_AMOUNT)).transpose()?;
    let (customer_id, facts) = work.about(penalty_id.0, UNKNOWN)?;
    let account: Account = work.state(customer_id)?;
    let deduction_id: PenaltyDeductionId = work.id();
    let note_id = work.note(customer_id, note)?;
    let input = Deduct { deduction_id, penalty_id, ground, points: given, note_id, pay: None };
    let deducted = penalty::deduct(input, &Penalty::of(&facts), &account, &work.rules)
        .map_err(|refusal| work.refuse(refusal, UNKNOWN))?;
    let points = deducted.points.get();
    work.append(customer_id, deducted)?;
    let (outstanding, standing) = work.standing_after(customer_id)?;
    Ok(Outcome::PenaltyDeducted { penalty_id, deduction_id, points, outstanding, standing })
}

pub(super) fn void(work: &mut Work<'_>, penalty_id: PenaltyId, reason: VoidReason) -> Result<Outcome, AppError> {
    let (customer_id, facts) = work.about(penalty_id.0, UNKNOWN)?;
    let voided = penalty::void(penalty_id, &Penalty::of(&facts), work.recorder.role, reason, work.now, &work.rules)
        .map_err(|refusal| work.refuse(refusal, UNKNOWN))?;
    work.append(customer_id, voided)?;
    let (outstanding, standing) = work.standing_after(customer_id)?;
    Ok(Outcome::PenaltyVoided { penalty_id, outstanding, standing })
}
