//! Commands of penalty.

use nosmoke_domain::fact::Deduction;
use nosmoke_domain::ids::{AccrualId, PenaltyDeductionId, PenaltyId};
use nosmoke_domain::penalty::{self, Deduct, Penalty};
use nosmoke_domain::point::Account;
use nosmoke_domain::points::{Points, to_i64};
use nosmoke_domain::refusal::Refusal;
use nosmoke_domain::rules::MAX_PENALTY_POINTS;
use nosmoke_domain::words::{Ground, PenaltyCode};
use nosmoke_ports::contract::{
    AppError, ContextName, DeductPenalty, ErrorCode, ImposePenalty, Outcome, VoidPenalty, VoidPenaltyDeduction,
};

use serde_json::json;

use super::amounts::points;
use super::decide::Decide;
use super::work::Work;
use crate::permission::Act;

const UNKNOWN: ErrorCode = ErrorCode::UnknownPenalty;

impl Decide for ImposePenalty {
    const CONTEXT: Option<ContextName> = Some(ContextName::Penalty);

    fn act(&self) -> Act {
        match self.happened_at {
            Some(_) => Act::EnterAfterwards,
            None if self.points.is_some() => Act::ImposePoints,
            None => Act::ImposePenalty,
        }
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { customer_id, code, points: given, area_id, note, happened_at } = self;
        let given = given.map(|numeral| points("points", &numeral, MAX_PENALTY_POINTS)).transpose()?;
        let at = work.happened(happened_at)?;
        work.expect_customer(customer_id)?;
        let area = match &area_id {
            Some(area) => Some(work.find_area(area)?.ok_or_else(|| AppError::new(ErrorCode::UnknownArea))?.0),
            None => None,
        };
        let account = work.state::<Account>(customer_id)?.summary(work.here, work.moment);
        let (penalty_id, accrual_id): (PenaltyId, AccrualId) = (work.id(), work.id());
        let note_id = work.note(customer_id, note)?;
        let code = code.unwrap_or(PenaltyCode::BASIC);
        let imposed = penalty::impose(&account, (penalty_id, accrual_id), code, given, (area, note_id), &work.rules)
            .map_err(|refusal| work.refuse(refusal, UNKNOWN))?;
        let points = imposed.points().get();
        work.append_at(customer_id, imposed, at)?;
        let (outstanding, standing) = work.standing_after(customer_id)?;
        Ok(Outcome::PenaltyImposed { penalty_id, points, outstanding, standing })
    }
}

impl Decide for DeductPenalty {
    const CONTEXT: Option<ContextName> = Some(ContextName::Penalty);

    fn act(&self) -> Act {
        match self.happened_at {
            Some(_) => Act::EnterAfterwards,
            None if [Ground::APPEAL, Ground::WAIVER].contains(&self.ground) => Act::WaivePenalty,
            None => Act::DeductPenalty,
        }
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { penalty_id, ground, points: given, note, pay, happened_at } = self;
        let given = given.map(|numeral| points("points", &numeral, nosmoke_domain::points::MAX_AMOUNT)).transpose()?;
        if let Some(rule) = work.rules.ground(ground).filter(|rule| work.authority.role() < rule.role) {
            return Err(AppError::with(ErrorCode::NotAuthorised, json!({ "needed": rule.role })));
        }
        let at = work.happened(happened_at)?;
        let (customer_id, facts) = work.about(penalty_id.0, UNKNOWN)?;
        let account = work.account(customer_id)?.summary(work.here, work.moment);
        let deduction_id: PenaltyDeductionId = work.id();
        let pay = pay.then(|| work.id());
        let note_id = work.note(customer_id, note)?;
        let input = Deduct { deduction_id, penalty_id, ground, points: given, note_id, pay };
        let penalty = Penalty::of(&facts);
        let imposed_at = penalty.imposed.as_ref().map(|imposed| imposed.key.occurred_at);
        if let Some(from) = imposed_at.filter(|imposed_at| happened_at.is_some() && at < *imposed_at) {
            return Err(work.refuse(Refusal::OutsideEntryDays { from, until: work.now }, UNKNOWN));
        }
        let outstanding = penalty.outstanding(&account.penalty_days, work.moment);
        let wanted = input.price(&penalty, &account, &work.rules);
        let deducted = penalty::deduct(input, &penalty, &account, &work.rules).map_err(|refusal| match wanted {
            Some(price) => work.refuse_points(customer_id, price, refusal, UNKNOWN),
            None => work.refuse(refusal, UNKNOWN),
        })?;
        let (points, remaining) = (deducted.points.get(), to_i64(outstanding - deducted.points.sum()));
        let price = deducted.price.as_ref().map(Deduction::points);
        work.append_at(customer_id, deducted, at)?;
        let (outstanding, standing) = work.standing_after(customer_id)?;
        Ok(Outcome::PenaltyDeducted {
            penalty_id,
            deduction_id,
            points,
            remaining,
            outstanding,
            standing,
            price: price.map(Points::get),
            balance: price.map(|price| to_i64(account.balance - price.sum())),
        })
    }
}

impl Decide for VoidPenalty {
    const CONTEXT: Option<ContextName> = Some(ContextName::Penalty);

    fn act(&self) -> Act {
        Act::VoidPenalty
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { penalty_id, reason } = self;
        let (customer_id, facts) = work.about(penalty_id.0, UNKNOWN)?;
        let penalty = Penalty::of(&facts);
        let own = work.tx.own_incarnations()?;
        let voided = penalty::void(penalty_id, &penalty, reason, &work.corrector(&own))
            .map_err(|refusal| work.refuse(refusal, UNKNOWN))?;
        work.append(customer_id, voided)?;
        let (outstanding, standing) = work.standing_after(customer_id)?;
        Ok(Outcome::PenaltyVoided { penalty_id, outstanding, standing })
    }
}

impl Decide for VoidPenaltyDeduction {
    const CONTEXT: Option<ContextName> = Some(ContextName::Penalty);

    fn act(&self) -> Act {
        Act::VoidPenaltyDeduction
    }

    fn decide(self, work: &mut Work<'_>) -> Result<Outcome, AppError> {
        let Self { penalty_id, deduction_id, reason } = self;
        let (customer_id, facts) = work.about(penalty_id.0, UNKNOWN)?;
        let penalty = Penalty::of(&facts);
        let own = work.tx.own_incarnations()?;
        let ids = (penalty_id, deduction_id);
        let (voided, by) = penalty::void_deduction(ids, &penalty, reason, &work.corrector(&own))
            .map_err(|refusal| work.refuse(refusal, ErrorCode::UnknownDeduction))?;
        work.append_by(by, customer_id, voided)?;
        let deducted = penalty.deductions.get(&deduction_id);
        let points = deducted.map_or(0, |deducted| deducted.points.get());
        let price = deducted.and_then(|deducted| deducted.price.as_ref()).map(|lots| lots.points().get());
        let balance = match price {
            Some(_) => Some(to_i64(work.account(customer_id)?.balance(work.moment))),
            None => None,
        };
        let (outstanding, standing) = work.standing_after(customer_id)?;
        Ok(Outcome::PenaltyDeductionVoided { penalty_id, deduction_id, points, outstanding, standing, price, balance })
    }
}
