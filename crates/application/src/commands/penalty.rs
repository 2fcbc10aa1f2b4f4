//! Commands of penalty.

use nosmoke_domain::ids::{AccrualId, CustomerId, PenaltyDeductionId, PenaltyId};
use nosmoke_domain::penalty::{self, Deduct, Penalty};
use nosmoke_domain::point::Account;
use nosmoke_domain::points::to_i64;
use nosmoke_domain::rules::MAX_PENALTY_POINTS;
use nosmoke_domain::words::{Ground, PenaltyCode, VoidReason};
use nosmoke_ports::contract::{AppError, AreaRef, ErrorCode, Numeral, Outcome};

use super::numeral::points;
use super::work::Work;

const UNKNOWN: ErrorCode = ErrorCode::UnknownPenalty;

#[derive(Debug)]
pub(super) struct Impose {
    pub code: Option<PenaltyCode>,
    pub points: Option<Numeral>,
    pub area: Option<AreaRef>,
    pub note: Option<String>,
}

pub(super) fn impose(work: &mut Work<'_>, customer_id: CustomerId, input: Impose) -> Result<Outcome, AppError> {
    let given = input.points.map(|numeral| points("points", &numeral, MAX_PENALTY_POINTS)).transpose()?;
    work.expect_customer(customer_id)?;
    let area = match &input.area {
        Some(area) => Some(work.find_area(area)?.ok_or_else(|| AppError::new(ErrorCode::UnknownArea))?.0),
        None => None,
    };
    let account = work.state::<Account>(customer_id)?.summary(work.here);
    let (penalty_id, accrual_id): (PenaltyId, AccrualId) = (work.id(), work.id());
    let note_id = work.note(customer_id, input.note)?;
    let code = input.code.unwrap_or(PenaltyCode::Basic);
    let imposed = penalty::impose(&account, (penalty_id, accrual_id), code, given, (area, note_id), &work.rules)
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
    let account = work.state::<Account>(customer_id)?.summary(work.here);
    let deduction_id: PenaltyDeductionId = work.id();
    let note_id = work.note(customer_id, note)?;
    let input = Deduct { deduction_id, penalty_id, ground, points: given, note_id, pay: None };
    let penalty = Penalty::of(&facts);
    let deducted =
        penalty::deduct(input, &penalty, &account, &work.rules).map_err(|refusal| work.refuse(refusal, UNKNOWN))?;
    let (points, remaining) = (deducted.points.get(), to_i64(penalty.outstanding() - deducted.points.sum()));
    work.append(customer_id, deducted)?;
    let (outstanding, standing) = work.standing_after(customer_id)?;
    Ok(Outcome::PenaltyDeducted { penalty_id, deduction_id, points, remaining, outstanding, standing })
}

pub(super) fn void(work: &mut Work<'_>, penalty_id: PenaltyId, reason: VoidReason) -> Result<Outcome, AppError> {
    let (customer_id, facts) = work.about(penalty_id.0, UNKNOWN)?;
    let voided = penalty::void(penalty_id, &Penalty::of(&facts), work.recorder.role, reason, work.now, &work.rules)
        .map_err(|refusal| work.refuse(refusal, UNKNOWN))?;
    work.append(customer_id, voided)?;
    let (outstanding, standing) = work.standing_after(customer_id)?;
    Ok(Outcome::PenaltyVoided { penalty_id, outstanding, standing })
}
